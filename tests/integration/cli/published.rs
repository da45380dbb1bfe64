//! Timetables as they are published: what is said about them.

use super::{CROSSROADS, copy_of, edit, read, run_words, runs, said};

/// What `matrix` says of the crossroads with the timetable of a folder.
fn matrix_says(gtfs: &std::path::Path, more: &[&str]) -> String {
    let gtfs = gtfs.to_str().expect("a path of text");
    let words = CROSSROADS.iter().map(|word| if word.ends_with("/gtfs") { gtfs } else { word });
    said(&runs(["matrix"].into_iter().chain(words).chain(more.iter().copied()), 0))
}

#[test]
fn a_date_with_trips_of_the_night_before_is_not_one_without_public_transport() {
    let (_keep, folder) = copy_of("crossroads");
    let gtfs = folder.join("gtfs");
    let sunday = ["--date", "2026-03-08"];
    // The last bus of Saturday sets out at 24:05:30.
    edit(&gtfs.join("trips.txt"), "1,WD,E2405", "1,SA,E2405");
    let text = matrix_says(&gtfs, &sunday);
    assert!(!text.contains("no public transport runs"), "{text}");
    assert!(
        text.contains("trips of the day before") && text.contains("no Sunday service"),
        "{text}"
    );
    // One that has arrived at midnight leaves nothing for Sunday.
    for (late, early) in [
        ("24:12:44", "24:00:00"),
        ("24:08:3", "23:58:3"),
        ("24:08:4", "23:58:4"),
        ("24:05", "23:55"),
    ] {
        edit(&gtfs.join("stop_times.txt"), late, early);
    }
    let text = matrix_says(&gtfs, &sunday);
    assert!(text.contains("no public transport runs on 2026-03-08"), "{text}");
}

#[test]
fn a_date_for_which_a_feed_does_not_answer_is_told_everywhere() {
    let (_keep, folder) = copy_of("crossroads");
    let info = folder.join("gtfs/feed_info.txt");
    let told = "lies beyond the feed_end_date of gtfs, 2026-03-01";
    let tuesday = ["--date", "2026-03-10"];
    assert!(!matrix_says(&folder.join("gtfs"), &tuesday).contains("feed_end_date"));
    edit(&info, "20261220", "20260301");
    assert!(matrix_says(&folder.join("gtfs"), &tuesday).contains(told));
    let out = folder.join("out");
    runs(run_words(&folder.join("lastmile.toml"), &out, &[]), 0);
    for file in ["run.json", "report.html", "findings.csv"] {
        let text = String::from_utf8(read(out.join(file))).expect("text");
        assert!(text.contains(told), "{file}");
    }
    edit(&info, "20260105", "20260401");
    edit(&info, "20260301", "");
    let told = "lies before the feed_start_date of gtfs, 2026-04-01";
    assert!(matrix_says(&folder.join("gtfs"), &tuesday).contains(told));
}
