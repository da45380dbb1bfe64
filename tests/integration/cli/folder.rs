//! The output folder: everything or nothing, and never in place of something else.

use std::fs;
use std::path::Path;

use super::{contents, copy_of, edit, names, read, run_words, runs, said};

#[test]
fn nothing_is_overwritten_without_force_and_nothing_else_with_it() {
    let (_keep, folder) = copy_of("crossroads");
    let (project, out) = (folder.join("lastmile.toml"), folder.join("out"));
    runs(run_words(&project, &out, &[]), 0);
    let first = contents(&out);
    let refused = said(&runs(run_words(&project, &out, &[]), 2));
    assert!(refused.contains("exists already") && refused.contains("--force"), "{refused}");
    assert_eq!(contents(&out), first);
    runs(run_words(&project, &out, &["--force"]), 0);
    assert!(contents(&out) == first, "the same run writes the same bytes");

    fs::write(out.join("notes.txt"), "mine").expect("written");
    runs(run_words(&project, &out, &["--force"]), 2);
    assert_eq!(read(out.join("notes.txt")), b"mine");

    let other = folder.join("photos");
    fs::create_dir(&other).expect("a folder");
    fs::write(other.join("a.jpg"), "mine").expect("written");
    runs(run_words(&project, &other, &["--force"]), 2);
    assert_eq!(read(other.join("a.jpg")), b"mine");
}

#[test]
fn the_folder_of_the_inputs_is_not_the_folder_of_the_outputs() {
    let (_keep, folder) = copy_of("crossroads");
    let project = folder.join("lastmile.toml");
    let before = contents_of_all(&folder);
    for out in [folder.clone(), folder.join("gtfs"), folder.join("gtfs/..")] {
        let text = said(&runs(run_words(&project, &out, &["--force"]), 2));
        assert!(text.contains("holds the input"), "{text}");
    }
    assert!(contents_of_all(&folder) == before);
}

#[test]
fn what_fails_leaves_nothing_behind_and_an_earlier_result_as_it_was() {
    let (_keep, folder) = copy_of("crossroads");
    let (project, out) = (folder.join("lastmile.toml"), folder.join("out"));
    runs(run_words(&project, &out, &[]), 0);
    let (before, result) = (names(&folder), contents(&out));
    for (file, from, to) in [
        ("gtfs/stop_times.txt", "stop_id", "stap_id"),
        ("neighbourhoods.geojson", "\"Polygon\"", "\"Polyglot\""),
        ("jobs.csv", "lon", "lone"),
        ("202501_fixed_oa_coverage_r01.csv", "All Premises", "Most Premises"),
        ("oa-lookup.csv", "E0199", "E0299"),
    ] {
        let good = read(folder.join(file));
        edit(&folder.join(file), from, to);
        let text = said(&runs(run_words(&project, &out, &["--force"]), 2));
        assert!(
            text.contains(file.rsplit('/').next().unwrap_or(file)),
            "the file is named: {text}"
        );
        runs(run_words(&project, &folder.join("new"), &[]), 2);
        assert_eq!(names(&folder), before, "nothing is left behind");
        assert!(contents(&out) == result, "the earlier result stands");
        fs::write(folder.join(file), good).expect("restored");
    }
    runs(run_words(&project, &folder.join("new"), &[]), 0);
}

#[test]
fn a_matrix_file_is_whole_or_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("times.csv");
    let text = out.to_str().expect("text");
    let words = ["matrix", "--date", "2026-03-10", "--out", text];
    runs(words.iter().chain(&super::CROSSROADS), 0);
    let first = read(&out);
    runs(words.iter().chain(&super::CROSSROADS), 2);
    runs(words.iter().chain(&["--force"]).chain(&super::CROSSROADS), 0);
    assert_eq!(read(&out), first);
    let new = folder.path().join("new.csv");
    let words = ["matrix", "--date", "2027-03-10", "--out", new.to_str().expect("text")];
    runs(words.iter().chain(&super::CROSSROADS), 2);
    assert_eq!(names(folder.path()), ["times.csv"]);
}

fn contents_of_all(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            all.extend(
                contents(&path).into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)),
            );
        } else {
            all.push((name, read(&path)));
        }
    }
    all
}
