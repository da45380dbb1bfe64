//! Real feeds, held to what their files were counted to hold and to what `gtfs-structures` reads.

#![expect(clippy::print_stderr, reason = "a skipped check must be seen")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gtfs_structures::RawStopTime;
use jiff::civil::{Date, date};
use lastmile::finding::Findings;
use lastmile::inputs::gtfs::{Feed, read_feed, service_by_date};

fn real(path: &str) -> Option<PathBuf> {
    let data = std::env::var_os("LASTMILE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = data.join(path);
    if !path.is_file() {
        eprintln!("SKIPPED: there is no {}", path.display());
        return None;
    }
    Some(path)
}

fn read(path: &Path) -> (Feed, Vec<(&'static str, u64)>) {
    let mut findings = Findings::new();
    let feed = read_feed(path, "feed.zip", &mut findings).expect("a feed");
    (feed, findings.iter().map(|finding| (finding.code, finding.count)).collect())
}

/// File, stops, routes, services, trips, calls, and a date with the trips that set out on it.
#[rustfmt::skip]
const FEEDS: [(&str, [usize; 5], Date, u64); 5] = [
    ("newport/bus-2023-06-13.gtfs.zip", [3601, 85, 70, 1343, 43_199], date(2023, 6, 13), 1343),
    ("newport/bus-2024-03-05.gtfs.zip", [5377, 220, 117, 5426, 204_361], date(2024, 3, 5), 5426),
    ("newport/rail-2024-03-05.gtfs.zip", [253, 141, 939, 939, 12_082], date(2024, 3, 5), 939),
    ("porto-alegre/poa_eptc.zip", [3986, 115, 115, 2374, 130_019], date(2019, 5, 14), 2374),
    ("porto-alegre/poa_trensurb.zip", [24, 2, 3, 1248, 14_855], date(2019, 5, 14), 529),
];

#[test]
fn real_feeds_are_read_whole() {
    for (file, sizes, day, trips) in FEEDS {
        let Some(path) = real(file) else { continue };
        let (feed, findings) = read(&path);
        let read = [
            &feed.stops.len(),
            &feed.routes.len(),
            &feed.services.len(),
            &feed.trips.len(),
            &feed.calls.len(),
        ];
        assert_eq!(read.map(|n| *n), sizes, "{file}");
        assert_eq!(service_by_date(&feed).get(&day), Some(&trips), "{file}");
        // Counted in the files: 125,271 rows of the Porto Alegre buses have blank times; tables
        // with a header alone are `calendar_dates.txt` of the three feeds of Newport and
        // `frequencies.txt` of one. There is no other fault.
        let faults: &[(&str, u64)] = match file {
            "newport/bus-2023-06-13.gtfs.zip" => {
                &[("table_without_rows", 1), ("table_without_rows", 1)]
            }
            file if file.starts_with("newport") => &[("table_without_rows", 1)],
            file if file.ends_with("eptc.zip") => &[("interpolated_stop_times", 125_271)],
            _ => &[],
        };
        assert_eq!(findings, faults, "{file}");
        let blanks = feed.calls.iter().filter(|call| call.interpolated).count();
        assert_eq!(blanks, if file.ends_with("eptc.zip") { 125_271 } else { 0 }, "{file}");
    }
}

#[test]
fn real_feeds_are_read_as_gtfs_structures_reads_them() {
    for (file, ..) in FEEDS {
        let Some(path) = real(file) else { continue };
        let (feed, _) = read(&path);
        // Its checked reader refuses all of Porto Alegre's routes for a colour, so its rows are
        // compared.
        let rows =
            gtfs_structures::GtfsReader::default().read_shapes(false).raw().read_from_path(&path);
        let mut theirs: BTreeMap<String, Vec<RawStopTime>> = BTreeMap::new();
        for row in rows.expect("a feed").stop_times.expect("its stop times") {
            theirs.entry(row.trip_id.clone()).or_default().push(row);
        }
        theirs.values_mut().for_each(|rows| rows.sort_by_key(|row| row.stop_sequence));
        assert_eq!(feed.trips.len(), theirs.len(), "{file}");
        for trip in &feed.trips {
            let others = &theirs[&trip.id];
            let calls = &feed.calls[trip.calls.start as usize..trip.calls.end as usize];
            assert_eq!(calls.len(), others.len(), "{file}: {}", trip.id);
            for (call, other) in calls.iter().zip(others) {
                assert_eq!(feed.stops[call.stop as usize].id, other.stop_id, "{file}: {}", trip.id);
                let blank = other.arrival_time.is_none() && other.departure_time.is_none();
                assert_eq!(call.interpolated, blank, "{file}: {}", trip.id);
                if !blank {
                    let times =
                        [call.arrival, call.departure].map(|time| u32::try_from(time.get()).ok());
                    assert_eq!(
                        times,
                        [other.arrival_time, other.departure_time],
                        "{file}: {}",
                        trip.id
                    );
                }
            }
        }
    }
}
