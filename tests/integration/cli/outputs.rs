//! Every output of every command: whole or not there, never in place of an input, whoever else
//! writes the same name.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CROSSROADS, copy_of, edit, names, read, root, rows, runs, said};

/// The words of a `matrix` of the crossroads with an `--out`, and more.
fn matrix<'a>(out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["matrix", "--date", "2026-03-10", "--out", out.to_str().expect("text")];
    words.extend(CROSSROADS.iter().chain(more));
    words
}

#[test]
fn no_command_replaces_an_input_whatever_it_is_called() {
    let (_keep, folder) = copy_of("crossroads");
    let at = |name: &str| folder.join(name).to_str().expect("text").to_owned();
    fs::write(
        folder.join("taxonomy.toml"),
        "[categories.sauna]\nlabel = \"S\"\nosm = [\"leisure=sauna\"]\n",
    )
    .expect("written");
    let text = String::from_utf8(read(folder.join("lastmile.toml"))).expect("text");
    fs::write(folder.join("lastmile.toml"), format!("taxonomy = \"taxonomy.toml\"\n{text}"))
        .expect("written");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("lastmile.toml"), folder.join("link.csv"))
            .expect("linked");
        fs::hard_link(folder.join("origins.csv"), folder.join("hard.csv")).expect("linked");
    }
    let before = all(&folder);
    let (osm, gtfs, origins) = (at("crossroads.osm.pbf"), at("gtfs"), at("origins.csv"));
    let project = at("lastmile.toml");
    let point = ["--from", "-3.0,51.5"];
    let bare = ["--osm", &osm, "--gtfs", &gtfs, "--date", "2026-03-10", "--force"];
    let mut tried = 0;
    let mut refused = |words: &[&str]| {
        let text = said(&runs(words, 2));
        assert!(text.contains("no input is ever replaced"), "{words:?}: {text}");
        tried += 1;
    };
    let mut targets = vec![at("origins.csv"), at("./gtfs/../origins.csv")];
    if cfg!(unix) {
        targets.push(at("hard.csv"));
    }
    for out in &targets {
        refused(&[&["matrix", "--origins", &origins, "--out", out][..], &bare].concat());
        refused(&[&["nearest", "--origins", &origins, "--out", out][..], &bare].concat());
    }
    let places = at("destinations.csv");
    let place = format!("gp={places}");
    refused(
        &[&["nearest", "--origins", &origins, "--place", &place, "--out", &places][..], &bare]
            .concat(),
    );
    let areas = at("neighbourhoods.geojson");
    refused(&[&["isochrone", &project, "--out", &areas, "--force"][..], &point].concat());
    let explained = ["--project", &project, "--from", "-3.0,51.5", "--to", "library"];
    refused(&[&["explain", "--geojson", &areas, "--force"][..], &explained].concat());
    let mut findings = vec![
        project.clone(),
        origins.clone(),
        at("gtfs/stops.txt"),
        at("gtfs/fares.txt"),
        at("taxonomy.toml"),
        at("gtfs/../jobs.csv"),
    ];
    if cfg!(unix) {
        findings.push(at("link.csv"));
    }
    for out in &findings {
        refused(&["check", &project, "--force", "--findings", out]);
    }
    refused(&["check", "--gtfs", &gtfs, "--force", "--findings", &at("gtfs/stops.txt")]);
    assert!(tried > 15);
    assert!(all(&folder) == before, "every byte is as it was");
}

#[test]
fn a_list_of_findings_is_replaced_with_force_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("findings.csv");
    let words =
        ["check", "fixtures/crossroads/lastmile.toml", "--findings", list.to_str().expect("text")];
    fs::write(&list, "mine").expect("written");
    let text = said(&runs(words, 2));
    assert!(text.contains("exists already") && text.contains("--force"), "{text}");
    assert_eq!(read(&list), b"mine");
    runs(words.iter().chain(&["--force"]), 0);
    assert!(read(&list).starts_with(b"severity,code"));
    assert_eq!(names(folder.path()), ["findings.csv"]);
}

#[test]
fn a_folder_that_is_missing_or_forbidden_is_wrong_usage() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = said(&runs(matrix(&folder.path().join("nowhere/times.csv"), &[]), 2));
    assert!(text.contains("nowhere/times.csv"), "{text}");
    assert!(text.contains(&format!("no folder {}", folder.path().join("nowhere").display())));
    assert!(!text.contains(".lastmile-"), "no name that nobody gave: {text}");
    runs(matrix(&folder.path().join("nowhere"), &[]), 2);
    fs::create_dir(folder.path().join("taken.csv")).expect("made");
    let text = said(&runs(matrix(&folder.path().join("taken.csv"), &["--force"]), 2));
    assert!(text.contains("is a folder"), "{text}");
}

#[test]
fn folders_that_were_made_for_a_result_that_fails_are_gone_again() {
    let (_keep, folder) = copy_of("crossroads");
    fs::write(folder.join("jobs.csv"), "a,b\n1,2\n").expect("written");
    let before = names(&folder);
    let out = folder.join("new/deep/out");
    runs(super::run_words(&folder.join("lastmile.toml"), &out, &[]), 2);
    assert_eq!(names(&folder), before);
}

#[cfg(unix)]
mod unix {
    use std::io::Read as _;
    use std::process::{Child, Command, Stdio};
    use std::thread::sleep;
    use std::time::Duration;

    use super::super::{lastmile, run_words};
    use super::*;

    /// A folder with so many origins that a matrix of them takes a while.
    fn many_origins() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let text =
            String::from_utf8(read(root().join("fixtures/crossroads/origins.csv"))).expect("text");
        let mut lines = text.lines();
        let (header, first) = (lines.next().expect("a header"), lines.next().expect("a row"));
        let rest = first.split_once(',').expect("an id").1;
        let rows: String = (0..2500).map(|n| format!("p{n},{rest}\n")).collect();
        let origins = folder.path().join("origins.csv");
        fs::write(&origins, format!("{header}\n{rows}")).expect("written");
        (folder, origins)
    }

    fn long_matrix(origins: &Path, out: &Path, more: &[&str]) -> Command {
        let mut command = Command::new(lastmile().get_program());
        command
            .args(["matrix", "--date", "2026-03-10", "--percentiles", "10,25,50,75,90", "--osm"])
            .args(["fixtures/crossroads/crossroads.osm.pbf", "--gtfs", "fixtures/crossroads/gtfs"])
            .arg("--origins")
            .arg(origins)
            .arg("--out")
            .arg(out)
            .args(more)
            .current_dir(root())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Waits until there is a hidden thing in a folder with something in it.
    fn until_it_writes(folder: &Path, child: &mut Child) {
        let hidden = |name: &String| name.starts_with('.');
        let filled = |name: &String| {
            let path = folder.join(name);
            path.is_dir() || fs::metadata(path).is_ok_and(|meta| meta.len() > 0)
        };
        while !names(folder).iter().any(|name| hidden(name) && filled(name)) {
            assert!(child.try_wait().expect("a child").is_none(), "it ended before it wrote");
            sleep(Duration::from_millis(1));
        }
    }

    fn send(signal: &str, child: &Child) {
        let sent =
            Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }

    fn ends(mut child: Child) -> (Option<i32>, String) {
        let mut said = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
        (child.wait().expect("it ends").code(), said)
    }

    #[test]
    fn a_process_that_was_paused_while_it_wrote_and_another_with_the_same_name_do_no_harm() {
        let (folder, origins) = many_origins();
        let out = folder.path().join("times.csv");
        for force in [false, true] {
            let more: &[&str] = if force { &["--force"] } else { &[] };
            let mut paused = long_matrix(&origins, &out, more).spawn().expect("it starts");
            until_it_writes(folder.path(), &mut paused);
            send("STOP", &paused);
            runs(matrix(&out, more), 0);
            let other = read(&out);
            send("CONT", &paused);
            let (code, said) = ends(paused);
            let left = read(&out);
            if force {
                assert_eq!(code, Some(0), "{said}");
                assert!(left.len() > other.len() && left.ends_with(b"\n") && !left.contains(&0));
            } else {
                assert_eq!(code, Some(2), "{said}");
                assert!(said.contains("exists already"), "{said}");
                assert!(left == other, "the first to end wins whole");
            }
            assert_eq!(names(folder.path()), ["origins.csv", "times.csv"]);
        }
    }

    #[test]
    fn two_runs_into_one_folder_leave_the_whole_result_of_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        let project = root().join("fixtures/crossroads/lastmile.toml");
        let start = |more: &[&str]| {
            Command::new(lastmile().get_program())
                .args(run_words(&project, &out, more))
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("it starts")
        };
        let codes = |children: Vec<Child>| {
            let mut codes: Vec<_> = children.into_iter().map(ends).collect();
            codes.sort();
            codes
        };
        let first = codes((0..3).map(|_| start(&[])).collect());
        let won: Vec<Option<i32>> = first.iter().map(|(code, _)| *code).collect();
        assert_eq!(won, [Some(0), Some(2), Some(2)], "{first:?}");
        let whole = super::super::contents(&out);
        for round in 0..3 {
            let all = codes((0..4).map(|_| start(&["--force"])).collect());
            assert!(all.iter().all(|(code, _)| *code == Some(0)), "round {round}: {all:?}");
            assert!(super::super::contents(&out) == whole, "round {round}");
            assert_eq!(names(folder.path()), ["out"], "round {round}");
        }
    }

    #[test]
    fn a_signal_leaves_nothing_behind_and_the_code_says_which() {
        let (folder, origins) = many_origins();
        let out = folder.path().join("times.csv");
        for (signal, code) in [("HUP", 129), ("INT", 130), ("TERM", 143)] {
            let mut child = long_matrix(&origins, &out, &[]).spawn().expect("it starts");
            until_it_writes(folder.path(), &mut child);
            send(signal, &child);
            assert_eq!(ends(child).0, Some(code), "{signal}");
            assert_eq!(names(folder.path()), ["origins.csv"], "{signal}");
        }
        let deep = folder.path().join("new/deep/out");
        let mut child = Command::new(lastmile().get_program())
            .args(run_words(Path::new("fixtures/town/lastmile.toml"), &deep, &[]))
            .current_dir(root())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let above = folder.path().join("new/deep");
        while !above.is_dir() {
            sleep(Duration::from_millis(1));
        }
        until_it_writes(&above, &mut child);
        send("TERM", &child);
        assert_eq!(ends(child).0, Some(143));
        assert_eq!(names(folder.path()), ["origins.csv"], "the folders above it are gone, too");
    }

    #[test]
    fn a_hang_up_that_was_to_be_ignored_is() {
        if !Path::new("/proc/self/status").exists() {
            #[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
            {
                eprintln!("SKIPPED: the system does not tell which signals are ignored");
            }
            return;
        }
        let (folder, origins) = many_origins();
        let out = folder.path().join("times.csv");
        let inner = long_matrix(&origins, &out, &[]);
        let mut child = Command::new("sh")
            .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(root())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        until_it_writes(folder.path(), &mut child);
        send("HUP", &child);
        send("TERM", &child);
        assert_eq!(ends(child).0, Some(143));
    }

    #[test]
    fn streams_are_written_to_as_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let expected = folder.path().join("times.csv");
        runs(matrix(&expected, &[]), 0);
        let expected = read(&expected);
        for name in ["-", "/dev/stdout"] {
            assert!(runs(matrix(Path::new(name), &[]), 0).stdout == expected, "{name}");
        }
        assert!(runs(matrix(Path::new("/dev/null"), &[]), 0).stdout.is_empty());
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there").success());
        let mut reader =
            Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().expect("it starts");
        runs(matrix(&pipe, &[]), 0);
        let mut through = Vec::new();
        reader.stdout.take().expect("piped").read_to_end(&mut through).expect("read");
        reader.wait().expect("it ends");
        assert!(through == expected, "through the pipe");
        assert_eq!(names(folder.path()), ["pipe", "times.csv"], "the pipe is one still");
        let database = folder.path().join("pipe.gpkg");
        fs::rename(&pipe, &database).expect("renamed");
        let words =
            ["isochrone", "fixtures/crossroads/lastmile.toml", "--from", "0.0,52.0", "--out"];
        let said = said(&runs(words.iter().copied().chain(database.to_str()), 2));
        assert!(said.contains("cannot be written to a stream"), "{said}");
    }

    #[test]
    fn a_full_disk_is_74_and_the_earlier_file_stands() {
        let full = Path::new("/dev/full");
        if full.exists() {
            runs(matrix(full, &[]), 74);
            let to_full =
                || Stdio::from(fs::OpenOptions::new().write(true).open(full).expect("opens"));
            let check = ["check", "fixtures/crossroads/lastmile.toml"];
            for words in [&["completions", "bash"][..], &check, &["--help"], &["run", "--help"]] {
                let mut command = Command::new(lastmile().get_program());
                let status =
                    command.args(words).current_dir(root()).stderr(Stdio::null()).stdout(to_full());
                assert_eq!(status.status().expect("it starts").code(), Some(74), "{words:?}");
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        let disk = folder.path().join("disk");
        fs::create_dir(&disk).expect("made");
        let (_keep, origins) = many_origins();
        let program = lastmile().get_program().to_owned();
        // In a mount namespace of its own: whatever happens, nothing stays mounted.
        let script = r#"
            mount -t tmpfs -o size=256k tmpfs "$DISK" || exit 99
            printf 'earlier' > "$DISK/times.csv"; printf 'earlier' > "$DISK/times.parquet"
            for end in csv parquet; do
              "$PROGRAM" matrix --date 2026-03-10 --osm fixtures/crossroads/crossroads.osm.pbf \
                --gtfs fixtures/crossroads/gtfs --origins "$ORIGINS" --force --out "$DISK/times.$end" >&2
              echo "$end $?"; cat "$DISK/times.$end"; echo
            done
            "$PROGRAM" run fixtures/crossroads/lastmile.toml --out "$DISK/out" >&2
            echo "run $?"; ls -A "$DISK"
            for end in geojson qml gpkg; do printf 'earlier' > "$DISK/areas.$end"; done
            for end in geojson gpkg; do
              "$PROGRAM" isochrone --osm fixtures/crossroads/crossroads.osm.pbf --modes walk \
                --points "$ORIGINS" --cutoffs 5,10 --force --out "$DISK/areas.$end" >&2
              echo "$end $?"; cat "$DISK/areas.$end"; echo
            done
            cat "$DISK/areas.qml"
        "#;
        let output = Command::new("unshare")
            .args(["-rm", "sh", "-c", script])
            .env("DISK", &disk)
            .env("ORIGINS", &origins)
            .env("PROGRAM", program)
            .current_dir(root())
            .output();
        let output = match output {
            Ok(output) if output.status.code() == Some(0) => output,
            _ => {
                #[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
                {
                    eprintln!("SKIPPED: no small disk can be mounted here");
                }
                return;
            }
        };
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let expected = "csv 74\nearlier\nparquet 74\nearlier\nrun 74\ntimes.csv\ntimes.parquet\n\
                        geojson 74\nearlier\ngpkg 74\nearlier\nearlier";
        assert_eq!(told, expected, "{}", said(&output));
    }

    /// Tables that are written at once at the end: what the system said of them is behind another
    /// error.
    #[test]
    fn a_long_table_that_is_written_at_once_ends_as_the_system_said() {
        let (_keep, origins) = many_origins();
        let words = |program: &mut Command| {
            program.args([
                "nearest",
                "--quiet",
                "--modes",
                "walk",
                "--place",
                "a=amenity=library",
                "--osm",
            ]);
            program.arg("fixtures/crossroads/crossroads.osm.pbf").arg("--origins").arg(&origins);
            program.current_dir(root()).stderr(Stdio::piped());
        };
        let mut child = Command::new(lastmile().get_program());
        words(&mut child);
        let mut child = child.stdout(Stdio::piped()).spawn().expect("it starts");
        // The reader goes before a byte is written.
        drop(child.stdout.take());
        assert_eq!(ends(child), (Some(0), String::new()));
        if Path::new("/dev/full").exists() {
            let mut child = Command::new(lastmile().get_program());
            words(&mut child);
            let child = child.args(["--out", "/dev/full"]).spawn().expect("it starts");
            let (code, text) = ends(child);
            assert_eq!(code, Some(74), "{text}");
            let check = ["check", "fixtures/crossroads/lastmile.toml", "--findings", "/dev/full"];
            runs(check, 74);
        }
    }

    #[test]
    fn a_project_file_that_is_a_link_to_an_input_is_not_written() {
        for hard in [false, true] {
            let (_keep, folder) = super::super::copy_of("crossroads");
            let (jobs, project) = (folder.join("jobs.csv"), folder.join("lastmile.toml"));
            fs::remove_file(&project).expect("removed");
            if hard {
                fs::hard_link(&jobs, &project).expect("linked");
            } else {
                std::os::unix::fs::symlink("jobs.csv", &project).expect("linked");
            }
            let before = read(&jobs);
            let words = ["init", "--force", folder.to_str().expect("text")];
            let text = said(&runs(words, 2));
            assert!(text.contains("no input is ever replaced"), "{text}");
            assert!(read(&jobs) == before, "hard: {hard}");
        }
    }

    #[test]
    fn an_input_that_the_device_does_not_give_is_74() {
        // Reading the beginning of a process' own memory fails with EIO.
        let broken = Path::new("/proc/self/mem");
        if !broken.exists() {
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
        for name in ["map.osm.pbf", "origins.csv", "feed.zip"] {
            std::os::unix::fs::symlink(broken, at(name)).expect("linked");
        }
        let good = ["fixtures/crossroads/crossroads.osm.pbf", "fixtures/crossroads/origins.csv"];
        let words = |osm: &str, origins: &str, more: &[&str]| {
            let words = ["matrix", "--osm", osm, "--origins", origins];
            words.iter().chain(more).map(|word| (*word).to_owned()).collect::<Vec<_>>()
        };
        runs(words(&at("map.osm.pbf"), good[1], &[]), 74);
        runs(words(good[0], &at("origins.csv"), &[]), 74);
        runs(words(good[0], good[1], &["--gtfs", &at("feed.zip"), "--date", "2026-03-10"]), 74);
        runs(words(&at("nowhere.osm.pbf"), good[1], &[]), 2);
    }

    #[test]
    fn a_reader_that_goes_ends_it_quietly() {
        let (_keep, origins) = many_origins();
        let mut child = long_matrix(&origins, Path::new("-"), &["--quiet"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut some = [0; 10];
        child.stdout.take().expect("piped").read_exact(&mut some).expect("a beginning");
        assert_eq!(ends(child), (Some(0), String::new()));
    }
}

/// A column means one thing. Without a number of people the rows of `change_measures.csv` count
/// points, of which North has two.
#[test]
fn means_of_measures_are_over_points_where_nobody_s_number_is_known() {
    let (_keep, folder) = copy_of("crossroads");
    let project = folder.join("lastmile.toml");
    edit(&project, "population = \"population\"\n", "");
    edit(&project, "weight = \"population\"", "");
    edit(&folder.join("origins.csv"), "id,lon,lat,population", "id,lon,lat,note");
    edit(&folder.join("neighbourhoods.geojson"), "\"population\"", "\"note\"");
    let out = folder.join("out");
    let words = ["compare", project.to_str().expect("text"), "--cut", "route=1", "--out"];
    runs(words.iter().copied().chain(out.to_str()), 0);
    let measures = rows(&read(out.join("change_measures.csv")));
    let counted = |field: &str| {
        let of = |row: &&super::Row| row["by"] == "all" && row["field"] == field;
        let row = measures.iter().find(of).expect("a row");
        (row["neighbourhoods"].clone(), row["origin_points"].clone())
    };
    assert_eq!(counted("pct_no_stop"), ("3".to_owned(), "4".to_owned()));
    // Broadband is known of Holm, too, whose point is off the map.
    assert_eq!(counted("broadband_gigabit_pct"), ("4".to_owned(), "5".to_owned()));
}

/// Each file of a folder and of its folders with its bytes.
fn all(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for name in names(folder) {
        let path = folder.join(name);
        if path.is_dir() {
            files.extend(all(&path));
        } else {
            files.push((path.clone(), read(&path)));
        }
    }
    files
}
