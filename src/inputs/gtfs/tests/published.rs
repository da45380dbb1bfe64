//! What publishers write today, and what is read of it.

use super::super::{Level, StairCount, StopAccess, TransferKind};
use super::{Sample, read_bytes};
use crate::units::{Seconds, ServiceTime};

fn clean() -> Sample {
    Sample::clean()
}

/// The clean feed with a second trip that runs by these rows.
fn by_headway(rows: &str) -> Sample {
    clean()
        .and("trips.txt", "R1,WK,T2\n")
        .and("stop_times.txt", "T2,09:00:00,09:00:00,S1,1\nT2,09:30:00,09:30:00,S3,2\n")
        .with("frequencies.txt", format!("trip_id,start_time,end_time,headway_secs\n{rows}\n"))
}

fn rows_of(sample: &Sample) -> Vec<(ServiceTime, ServiceTime)> {
    let feed = sample.read().0.expect("a feed");
    feed.frequencies.iter().map(|row| (row.start, row.end)).collect()
}

#[test]
fn every_table_is_read_alike_whatever_ends_its_lines() {
    let full = by_headway("T2,06:00:00,08:00:00,600")
        .with("calendar_dates.txt", "service_id,date,exception_type\nWK,20260107,2\n")
        .with("transfers.txt", "from_stop_id,to_stop_id,transfer_type\nS1,S2,3\n")
        .with("pathways.txt", "from_stop_id,to_stop_id,pathway_mode,is_bidirectional\nS1,S2,1,1\n")
        .with("feed_info.txt", "feed_version\n7\n");
    let (whole, findings) = full.read();
    let whole = whole.expect("a feed");
    assert!(findings.is_empty(), "{findings:?}");
    for table in full.files.keys() {
        for end in ["\r", "\r\n", "\n\n", "\r\r\n"] {
            let text =
                String::from_utf8(full.files[table].clone()).expect("text").replace('\n', end);
            for text in [text.clone(), format!("\u{feff}{text}")] {
                let (feed, findings) = full.clone().with(table, text).read();
                let feed = feed.unwrap_or_else(|error| panic!("{table} with {end:?}: {error}"));
                assert!(findings.is_empty(), "{table} with {end:?}: {findings:?}");
                let all = |feed: &super::Feed| {
                    (
                        feed.stops.clone(),
                        feed.trips.clone(),
                        feed.calls.clone(),
                        feed.services.clone(),
                    )
                };
                assert_eq!(all(&feed), all(&whole), "{table} with {end:?}");
                assert_eq!(feed.frequencies, whole.frequencies, "{table} with {end:?}");
                assert_eq!(
                    (feed.version, feed.pathways),
                    (whole.version.clone(), whole.pathways.clone())
                );
                let kinds = |rows: &[super::super::TransferRow]| {
                    rows.iter().map(|row| row.kind).collect::<Vec<_>>()
                };
                assert_eq!(kinds(&feed.transfers), kinds(&whole.transfers), "{table} with {end:?}");
            }
        }
    }
}

#[test]
fn a_mark_before_a_quoted_header_hides_no_column() {
    let quoted = "\u{feff}\"stop_id\",\"stop_name\",\"stop_lat\",\"stop_lon\"\r\n";
    let stops = format!(
        "{quoted}\"S1\",\"One, High St\",51.5,-3\r\nS2,\"Two \"\"B\"\"\",51.51,-3\r\nS3,Three,51.53,-3\r\n"
    );
    let feed = clean().with("stops.txt", stops).feed();
    let names: Vec<&str> = feed.stops.iter().map(|stop| stop.name.as_str()).collect();
    assert_eq!(names, ["One, High St", "Two \"B\"", "Three"]);
}

#[test]
fn lines_are_counted_as_an_editor_does_whatever_ends_them() {
    for end in ["\r", "\r\n", "\n"] {
        let calls = "T1,08:40:00,08:40:00,S9,4\n";
        let text =
            String::from_utf8(clean().and("stop_times.txt", calls).files["stop_times.txt"].clone());
        let text = text.expect("text").replace('\n', end);
        let findings = clean().with("stop_times.txt", text).read().1;
        let line = findings.iter().find(|f| f.code == "foreign_key_violation").and_then(|f| f.line);
        assert_eq!(line, Some(5), "{end:?}");
    }
}

#[test]
fn headway_rows_that_overlap_end_where_the_next_begins() {
    let hms = ServiceTime::hms;
    let clipped = by_headway("T2,09:00:00,12:00:00,300\nT2,06:00:00,09:00:30,600");
    assert_eq!(rows_of(&clipped), [(hms(6, 0, 0), hms(9, 0, 0)), (hms(9, 0, 0), hms(12, 0, 0))]);
    let within =
        by_headway("T2,06:00:00,22:00:00,600\nT2,07:00:00,09:00:00,300\nT2,21:59:00,23:00:00,900");
    assert_eq!(rows_of(&within), [(hms(6, 0, 0), hms(21, 59, 0)), (hms(21, 59, 0), hms(23, 0, 0))]);
    let same_start = by_headway("T2,06:00:00,07:00:00,600\nT2,06:00:00,08:00:00,600");
    assert_eq!(rows_of(&same_start), [(hms(6, 0, 0), hms(8, 0, 0))]);
}

#[test]
fn a_trip_whose_headway_row_is_dropped_does_not_run_once_in_its_place() {
    // One cell short, one too many, and a headway that is none: each row is lost, and with it its
    // trip.
    for row in ["T2,06:00:00,08:00:00", "T2,06:00:00,08:00:00,600,0", "T2,06:00:00,08:00:00,often"]
    {
        let (feed, findings) = by_headway(row).read();
        let feed = feed.expect("a feed");
        let ids: Vec<&str> = feed.trips.iter().map(|trip| trip.id.as_str()).collect();
        assert_eq!((ids, feed.frequencies.len()), (vec!["T1"], 0), "{row}");
        let lost =
            findings.iter().find(|f| f.code == "unusable_trip").expect("a finding about the trip");
        assert!(lost.what.contains("T2") && lost.line == Some(2), "{lost:?}");
    }
    // Another row of it is left: it runs by that.
    let (feed, _) = by_headway("T2,06:00:00,08:00:00\nT2,10:00:00,11:00:00,600").read();
    let feed = feed.expect("a feed");
    assert_eq!((feed.trips.len(), feed.frequencies.len()), (2, 1));
}

#[test]
fn of_rows_about_one_change_the_strictest_is_left_in_any_order() {
    let rows = ["S1,S2,0,", "S1,S2,2,60", "S1,S2,2,90", "S1,S2,1,"];
    for first in 0..rows.len() {
        let mut rows = rows;
        rows.rotate_left(first);
        let text = format!(
            "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n{}\n",
            rows.join("\n")
        );
        let feed = clean().with("transfers.txt", text).read().0.expect("a feed");
        let kinds: Vec<_> = feed.transfers.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, [TransferKind::MinimumTime(Seconds::new(90))], "{rows:?}");
    }
}

#[test]
fn a_time_without_a_type_makes_no_minimum() {
    let text = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nS1,S2,,600\n";
    let (feed, findings) = clean().with("transfers.txt", text).read();
    assert_eq!(feed.expect("a feed").transfers[0].kind, TransferKind::Recommended);
    assert_eq!(findings.total("unused_min_transfer_time"), 1);
}

#[test]
fn stations_say_how_they_are_entered_and_how_far_their_stairs_go() {
    let stops = "stop_id,stop_lat,stop_lon,location_type,parent_station,stop_access,level_id\n\
                 P,51.5,-3,1,,,\nS1,51.5,-3,,P,1,L0\nS2,51.51,-3,0,P,0,L1\nS3,51.53,-3,,P,,\n";
    let pathways = "from_stop_id,to_stop_id,pathway_mode,is_bidirectional,stair_count\nS1,S2,2,1,-40\nS2,S3,5,1,\n";
    let feed = clean()
        .with("stops.txt", stops)
        .with("levels.txt", "level_id,level_index\nL0,0\nL1,-1.5\n")
        .with("pathways.txt", pathways)
        .feed();
    let access: Vec<_> = feed.stops.iter().map(|stop| stop.access).collect();
    assert_eq!(
        access,
        [None, Some(StopAccess::FromStreet), Some(StopAccess::ThroughStation), None]
    );
    let levels: Vec<_> = feed.stops.iter().map(|stop| stop.level).collect();
    assert_eq!(levels, [None, Some(Level(0.0)), Some(Level(-1.5)), None]);
    let stairs: Vec<_> = feed.pathways.iter().map(|pathway| pathway.stairs).collect();
    assert_eq!(stairs, [Some(StairCount(40)), None]);
}

#[test]
fn a_service_known_by_a_removal_alone_is_told_with_its_trips() {
    let sample = clean()
        .with("calendar_dates.txt", "service_id,date,exception_type\nX,20260105,2\n")
        .and("trips.txt", "R1,X,T2\nR1,X,T3\n")
        .and("stop_times.txt", "T2,09:00:00,09:00:00,S1,1\nT2,09:30:00,09:30:00,S3,2\n");
    let findings = sample.read().1;
    let told = findings.iter().find(|f| f.code == "service_without_dates").expect("a finding");
    assert!(told.what.contains("\"X\"") && told.what.contains("2 trips"), "{told:?}");
}

#[test]
fn other_formats_are_named_with_where_gtfs_is_had() {
    let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x -->\n<TransXChange xmlns=\"x\"/>";
    let error = read_bytes(xml.as_bytes()).0.expect_err("no feed").to_string();
    assert!(
        error.contains("TransXChange") && error.contains("data.bus-data.dft.gov.uk"),
        "{error}"
    );
    let wide: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = read_bytes(&wide).0.expect_err("no feed").to_string();
    assert!(error.contains("TransXChange"), "{error}");
    let error = read_bytes(b"no zip at all").0.expect_err("no feed").to_string();
    assert!(error.contains("cannot be read as a zip"), "{error}");
}

#[test]
fn the_days_for_which_a_feed_answers_are_read() {
    let info = "feed_publisher_name,feed_start_date,feed_end_date\nx,20260105,\ny,,20260109\n";
    let feed = clean().with("feed_info.txt", info).feed();
    let date = |day| jiff::civil::date(2026, 1, day);
    assert_eq!((feed.period.first, feed.period.last), (Some(date(5)), Some(date(9))));
    assert!(
        feed.period.holds(date(9)) && !feed.period.holds(date(10)) && !feed.period.holds(date(4))
    );
}
