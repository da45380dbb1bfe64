//! What is read when nothing, or nothing grave, is wrong.

use jiff::civil::{Date, date};
use rustc_hash::FxHashSet;

use super::super::{CallRule, StopKind, TransferKind, policy, read_shapes, service_by_date};
use super::Sample;
use crate::finding::Findings;
use crate::units::{Metres, Seconds, ServiceTime};

const CALL_HEADER: &str =
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n";

fn arrivals(sample: &Sample) -> Vec<ServiceTime> {
    sample.read().0.expect("a feed").calls.iter().map(|call| call.arrival).collect()
}

#[test]
fn the_clean_feed_is_read_to_the_letter() {
    let feed = Sample::clean().feed();
    assert_eq!(feed.timezone, "Europe/London");
    let stops: Vec<_> =
        feed.stops.iter().map(|s| (s.id.as_str(), s.name.as_str(), s.kind, s.parent)).collect();
    let platform = StopKind::Platform;
    assert_eq!(
        stops,
        [
            ("S1", "One", platform, None),
            ("S2", "Two", platform, None),
            ("S3", "Three", platform, None)
        ]
    );
    let place = feed.stops[1].point.expect("a place");
    assert_eq!((place.lon(), place.lat()), (-3.0, 51.51));
    let route = &feed.routes[0];
    assert_eq!((route.name.as_str(), route.agency.as_str(), route.route_type), ("1", "Agency", 3));
    assert_eq!(
        feed.services[0].dates,
        (5..=9).map(|day| date(2026, 1, day)).collect::<Vec<Date>>()
    );
    let trip = &feed.trips[0];
    assert_eq!(
        (trip.id.as_str(), trip.route, trip.service, trip.calls.clone()),
        ("T1", 0, 0, 0..3)
    );
    let call = feed.calls[1];
    assert_eq!(
        (call.stop, call.arrival, call.departure),
        (1, ServiceTime::hms(8, 10, 0), ServiceTime::hms(8, 11, 0))
    );
    assert!(!call.interpolated);
    let rows: Vec<_> = feed.rows_read.iter().map(|(file, rows)| (file.as_str(), *rows)).collect();
    let order = [
        ("agency.txt", 1),
        ("stops.txt", 3),
        ("routes.txt", 1),
        ("calendar.txt", 1),
        ("trips.txt", 1),
    ];
    assert_eq!(rows[..5], order);
    assert_eq!(rows[5..], [("stop_times.txt", 3)]);
}

#[test]
fn a_folder_and_a_zip_of_the_same_files_are_the_same_feed() {
    let sample = Sample::clean();
    let (feed, findings) = sample.read_folder();
    let (folder, zip) = (feed.expect("a feed"), sample.feed());
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!((folder.stops, folder.trips, folder.calls), (zip.stops, zip.trips, zip.calls));
    assert_eq!((folder.sha256.len(), zip.sha256.len()), (64, 64));
}

#[test]
fn the_hash_of_a_zip_is_that_of_its_bytes() {
    use sha2::{Digest, Sha256};
    let bytes = Sample::clean().zip();
    let hex: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(super::read_bytes(&bytes).0.expect("a feed").sha256, hex);
}

#[test]
fn dialects_of_csv_are_all_one() {
    let plain = Sample::clean().feed();
    let text =
        |sample: &Sample, file: &str| String::from_utf8(sample.files[file].clone()).expect("text");
    for dialect in ["crlf", "bom", "blank lines", "no last line feed", "spaces", "quotes"] {
        let mut sample = Sample::clean();
        for file in ["stops.txt", "stop_times.txt", "calendar.txt", "trips.txt"] {
            let before = text(&sample, file);
            let after = match dialect {
                "crlf" => before.replace('\n', "\r\n"),
                "bom" => format!("\u{feff}{before}"),
                "blank lines" => format!("\n\n{}", before.replace('\n', "\n\n")),
                "no last line feed" => before.trim_end().to_owned(),
                "spaces" => before.replace(',', " , "),
                _ => format!(
                    "\"{}\"\n",
                    before.trim_end().replace(',', "\",\"").replace('\n', "\"\n\"")
                ),
            };
            assert_ne!(before, after);
            sample = sample.with(file, after);
        }
        let feed = sample.feed();
        assert_eq!(
            (&feed.stops, &feed.trips, &feed.calls),
            (&plain.stops, &plain.trips, &plain.calls),
            "{dialect}"
        );
        assert_eq!(feed.services, plain.services, "{dialect}");
    }
}

#[test]
fn lines_are_counted_over_blank_lines_and_line_feeds_in_values() {
    let stops = "stop_id,stop_name,stop_lat,stop_lon\r\n\r\nS1,\"One\nand a half\",51.5,-3\r\n\r\n\r\nS2,Two,x,-3\r\nS3,\"Three\",51.5,-3";
    let (feed, findings) = Sample::clean().with("stops.txt", stops).read();
    feed.expect("a feed");
    let lines: Vec<_> = findings.iter().map(|f| (f.code, f.line)).collect();
    let expected = [
        ("new_line_in_value", 3),
        ("non_ascii_or_non_printable_char", 3),
        ("number_out_of_range", 7),
        ("stop_without_location", 7),
    ];
    assert_eq!(lines, expected.map(|(code, line)| (code, Some(line))));
}

#[test]
fn blank_times_are_filled_by_the_way_between_stops() {
    // One second a tenth of the way of shape_dist_traveled: 08:00 + 1/5 of 30 min.
    let by_shape = format!(
        "{CALL_HEADER}T1,08:00:00,08:00:00,S1,1,0\nT1,,,S2,2,1\nT1,08:30:00,08:30:00,S3,3,5\n"
    );
    let eight = |minute, second| ServiceTime::hms(8, minute, second);
    let sample = Sample::clean().with("stop_times.txt", by_shape);
    assert_eq!(arrivals(&sample), [eight(0, 0), eight(6, 0), eight(30, 0)]);
    // The stops lie on one meridian, 0.01° and 0.02° apart: a third of the way.
    let by_line = format!(
        "{CALL_HEADER}T1,08:00:00,08:00:00,S1,1,\nT1,,,S2,2,\nT1,08:30:00,08:30:00,S3,3,\n"
    );
    let sample = Sample::clean().with("stop_times.txt", &by_line);
    assert_eq!(arrivals(&sample), [eight(0, 0), eight(10, 0), eight(30, 0)]);
    // Where a stop lies is not known: half of the way. Distances that fall are no distances.
    let sample = Sample::clean().with("stop_times.txt", &by_line).but("stops.txt", "51.51,-3", ",");
    assert_eq!(arrivals(&sample), [eight(0, 0), eight(15, 0), eight(30, 0)]);
    let falling = format!(
        "{CALL_HEADER}T1,08:00:00,08:00:00,S1,1,5\nT1,,,S2,2,6\nT1,08:30:00,08:30:00,S3,3,0\n"
    );
    let sample = Sample::clean().with("stop_times.txt", falling);
    assert_eq!(arrivals(&sample), [eight(0, 0), eight(10, 0), eight(30, 0)]);
    let calls = sample.read().0.expect("a feed").calls;
    assert_eq!(
        calls.iter().map(|call| call.interpolated).collect::<Vec<_>>(),
        [false, true, false]
    );
}

#[test]
fn blanks_begin_at_the_departure_before_them() {
    let times = format!(
        "{CALL_HEADER}T1,08:00:00,08:10:00,S1,1,0\nT1,,,S2,2,1\nT1,,,S2,3,1\nT1,08:30:00,08:40:00,S3,4,2\nT1,,,S2,5,3\nT1,09:00:00,09:00:00,S1,6,4\n"
    );
    let sample = Sample::clean().with("stop_times.txt", times);
    let expected = [(8, 0), (8, 20), (8, 20), (8, 30), (8, 50), (9, 0)];
    assert_eq!(arrivals(&sample), expected.map(|(hour, minute)| ServiceTime::hms(hour, minute, 0)));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let sample = Sample::clean().and("trips.txt", "R1,WK,T2\n");
    let rows = [
        "T1,08:00:00,08:00:00,S1,1,",
        "T2,09:00:00,09:00:00,S3,1,",
        "T1,,,S2,20,",
        "T2,,,S2,3000000000,",
        "T1,08:30:00,08:30:00,S3,30,",
        "T2,09:30:00,09:30:00,S1,4294967296,",
    ];
    let times_of = |order: &[usize]| {
        let text: String = order.iter().map(|at| format!("{}\n", rows[*at])).collect();
        let (feed, findings) =
            sample.clone().with("stop_times.txt", format!("{CALL_HEADER}{text}")).read();
        assert_eq!(findings.total(policy::INTERPOLATED_BY_LINE.code), 2);
        let feed = feed.expect("a feed");
        let calls = |trip: usize| {
            feed.calls[feed.trips[trip].calls.start as usize..feed.trips[trip].calls.end as usize]
                .to_vec()
        };
        (calls(0), calls(1), feed.rows_read)
    };
    let together = times_of(&[0, 2, 4, 1, 3, 5]);
    assert_eq!(together.1[1].arrival, ServiceTime::hms(9, 20, 0));
    assert_eq!(times_of(&[0, 1, 2, 3, 4, 5]), together);
    assert_eq!(times_of(&[5, 4, 3, 2, 1, 0]), together);
    assert_eq!(times_of(&[4, 0, 2, 5, 3, 1]), together);
}

#[test]
fn a_service_runs_by_the_week_and_by_its_exceptions() {
    let exceptions = "service_id,date,exception_type\nWK,20260106,2\nWK,20260110,1\nWK,20260107,1\nX,20260201,1\nX,20260131,1\n";
    let feed = Sample::clean().with("calendar_dates.txt", exceptions).feed();
    let days = |service: usize| {
        feed.services[service].dates.iter().map(|date| date.day()).collect::<Vec<_>>()
    };
    assert_eq!(days(0), [5, 7, 8, 9, 10]);
    assert_eq!((feed.services[1].id.as_str(), days(1)), ("X", vec![31, 1]));
    assert!(
        feed.services[0].runs_on(date(2026, 1, 10)) && !feed.services[0].runs_on(date(2026, 1, 6))
    );
}

#[test]
fn a_date_both_added_and_removed_does_not_run() {
    for pair in ["WK,20260105,1\nWK,20260105,2\n", "WK,20260105,2\nWK,20260105,1\n"] {
        let exceptions = format!("service_id,date,exception_type\n{pair}");
        let feed = Sample::clean().with("calendar_dates.txt", exceptions).read().0.expect("a feed");
        assert!(!feed.services[0].runs_on(date(2026, 1, 5)));
    }
}

#[test]
fn an_endless_calendar_ends_after_ten_years() {
    let feed =
        Sample::clean().but("calendar.txt", "20260111", "99991231").read().0.expect("a feed");
    assert_eq!(feed.services[0].dates.last(), Some(&date(2036, 1, 4)));
    // 522 weeks and no day more than Friday, 4 January 2036: 10 years of five days a week.
    assert_eq!(feed.services[0].dates.len(), 2610);
}

#[test]
fn call_rules_are_kept() {
    let text = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n\
                T1,08:00:00,08:00:00,S1,1,,1\nT1,08:10:00,08:10:00,S2,2,2,3\nT1,08:20:00,08:20:00,S3,3,1,0\n";
    let feed = Sample::clean().with("stop_times.txt", text).feed();
    let rules: Vec<_> = feed.calls.iter().map(|call| (call.pickup, call.drop_off)).collect();
    let expected = [
        (CallRule::Regular, CallRule::Never),
        (CallRule::Phone, CallRule::Driver),
        (CallRule::Never, CallRule::Regular),
    ];
    assert_eq!(rules, expected);
}

#[test]
fn a_stop_takes_the_place_of_the_nearest_of_its_parents() {
    let stops = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code\n\
                 B,Area,,,4,S1,\nS1,One,,,0,P,7\nP,Station,51.5,-3,1,,\nS2,Two,51.51,-3,,,\nS3,Three,51.53,-3,,,\n";
    let (feed, findings) = Sample::clean().with("stops.txt", stops).read();
    let feed = feed.expect("a feed");
    assert_eq!(feed.stops[0].point, feed.stops[2].point);
    assert_eq!((feed.stops[0].kind, feed.stops[0].parent), (StopKind::BoardingArea, Some(1)));
    assert_eq!((feed.stops[1].platform.as_deref(), feed.stops[1].parent), (Some("7"), Some(2)));
    assert_eq!(findings.total("stop_takes_parents_location"), 2);
}

/// Times of stop_times.txt are in the agency's timezone, wherever a stop says that it lies.
#[test]
fn a_stop_s_own_timezone_changes_no_time() {
    let stops = "stop_id,stop_name,stop_lat,stop_lon,stop_timezone\n\
                 S1,One,51.5,-3,Europe/London\nS2,Two,51.51,-3,Europe/Paris\nS3,Three,51.53,-3,America/New_York\n";
    let there = Sample::clean().with("stops.txt", stops).feed();
    let plain = Sample::clean().feed();
    assert_eq!((there.calls, there.timezone), (plain.calls, plain.timezone));
}

#[test]
fn transfers_keep_the_routes_and_trips_they_are_bound_to() {
    let text = "from_stop_id,to_stop_id,from_route_id,to_route_id,from_trip_id,to_trip_id,transfer_type,min_transfer_time\n\
                S1,S2,R1,,,T2,3,\n,,,,T1,T2,4,\nS1,S2,,,,,2,600\n,,,,T1,BAD,4,\n";
    let sample = Sample::clean()
        .with("trips.txt", "route_id,service_id,trip_id\nR1,WK,BAD\nR1,WK,T1\nR1,WK,T2\n")
        .and(
            "stop_times.txt",
            "T2,09:00:00,09:00:00,S1,1\nT2,09:30:00,09:30:00,S3,2\nBAD,09:00:00,09:00:00,S1,1\n",
        )
        .with("transfers.txt", text);
    let feed = sample.read().0.expect("a feed");
    // BAD has one call, so T1 and T2 move up, and the transfer to BAD goes with it.
    let [ban, stay, floor] = feed.transfers.as_slice() else { panic!("{:?}", feed.transfers) };
    assert_eq!(
        (ban.from_stop, ban.to_stop, ban.from_route, ban.to_route),
        (Some(0), Some(1), Some(0), None)
    );
    assert_eq!((ban.from_trip, ban.to_trip, ban.kind), (None, Some(1), TransferKind::Forbidden));
    assert_eq!(
        (stay.from_stop, stay.from_trip, stay.to_trip, stay.kind),
        (None, Some(0), Some(1), TransferKind::StaySeated)
    );
    assert_eq!((floor.kind, floor.line), (TransferKind::MinimumTime(Seconds::new(600)), 4));
}

#[test]
fn frequencies_follow_their_trips_and_count_as_departures() {
    let sample = Sample::clean()
        .with("trips.txt", "route_id,service_id,trip_id\nR1,WK,BAD\nR1,WK,T1\nR1,WK,T2\n")
        .and("stop_times.txt", "T2,09:00:00,09:00:00,S1,1\nT2,09:30:00,09:30:00,S3,2\n")
        .with("frequencies.txt", "trip_id,start_time,end_time,headway_secs,exact_times\nT2,06:00:00,07:00:00,600,1\nT2,07:00:00,07:00:01,600,\n");
    let feed = sample.read().0.expect("a feed");
    assert_eq!(
        feed.frequencies.iter().map(|f| (f.trip, f.headway, f.exact)).collect::<Vec<_>>(),
        [(1, Seconds::new(600), true), (1, Seconds::new(600), false)]
    );
    // Six departures from 06:00 to 06:50 and one at 07:00, beside the scheduled trip.
    let by_date = service_by_date(&feed);
    assert_eq!(by_date.len(), 5);
    assert!(by_date.values().all(|count| *count == 8), "{by_date:?}");
}

#[test]
fn a_trip_whose_every_frequency_is_bad_does_not_run_as_scheduled() {
    let sample = Sample::clean()
        .and("trips.txt", "R1,WK,T2\n")
        .and("stop_times.txt", "T2,09:00:00,09:00:00,S1,1\nT2,09:30:00,09:30:00,S3,2\n")
        .with(
            "frequencies.txt",
            "trip_id,start_time,end_time,headway_secs\nT2,06:00:00,07:00:00,0\n",
        );
    let feed = sample.read().0.expect("a feed");
    assert_eq!(feed.trips.iter().map(|trip| trip.id.as_str()).collect::<Vec<_>>(), ["T1"]);
    assert_eq!(service_by_date(&feed).get(&date(2026, 1, 5)), Some(&1));
}

#[test]
fn pathways_are_read() {
    let text = "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time\nW,S1,S2,4,0,12.5,30\nV,S2,S1,1,1,,\n";
    let feed = Sample::clean().with("pathways.txt", text).feed();
    let [lift, walk] = feed.pathways.as_slice() else { panic!("{:?}", feed.pathways) };
    assert_eq!((lift.from, lift.to, lift.mode, lift.both_ways), (0, 1, 4, false));
    assert_eq!((lift.length, lift.time), (Some(Metres::new(12.5)), Some(Seconds::new(30))));
    assert_eq!((walk.length, walk.time, walk.both_ways), (None, None, true));
}

#[test]
fn only_the_wanted_shapes_are_read_in_their_order() {
    let text = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nA,51.5,-3,10\nB,51,-3,1\nA,51.4,-3,9\nA,x,-3,11\n";
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    std::io::Write::write_all(&mut file, &Sample::clean().with("shapes.txt", text).zip())
        .expect("its bytes");
    let wanted: FxHashSet<String> = ["A".to_owned(), "C".to_owned()].into_iter().collect();
    let mut findings = Findings::new();
    let shapes = read_shapes(file.path(), "feed", &wanted, &mut findings).expect("shapes");
    assert_eq!(shapes.keys().collect::<Vec<_>>(), ["A"]);
    assert_eq!(shapes["A"].iter().map(|point| point.lat()).collect::<Vec<_>>(), [51.4, 51.5]);
    let of_point: Vec<_> = findings.iter().map(|f| (f.code, f.line)).collect();
    assert_eq!(of_point, [(policy::BAD_SHAPE_POINT.code, Some(5))]);
}

#[test]
fn faults_in_columns_that_are_not_read_do_no_harm() {
    let routes = "route_id,agency_id,route_short_name,route_long_name,route_type,route_color,route_sort_order\nR1,A,1,L,3,a\u{e9}aaa,x\n";
    let info =
        "feed_publisher_name,feed_publisher_url,feed_lang,feed_version\nX,somewhere,???,v7\n";
    let feed = Sample::clean().with("routes.txt", routes).with("feed_info.txt", info).feed();
    assert_eq!(feed.version.as_deref(), Some("v7"));
}

#[test]
fn the_crate_of_record_reads_the_clean_feed_alike() {
    let sample = Sample::clean().with(
        "calendar_dates.txt",
        "service_id,date,exception_type\nWK,20260106,2\nX,20260201,1\n",
    );
    let (ours, theirs) = (
        sample.feed(),
        gtfs_structures::Gtfs::from_reader(std::io::Cursor::new(sample.zip())).expect("a feed"),
    );
    super::super::tests::assert_same(&ours, &theirs);
}

#[test]
fn a_stop_without_a_place_that_nobody_calls_at_harms_nobody() {
    Sample::clean().and("stops.txt", "S4,Four,,\n").feed();
}

#[test]
fn a_zone_that_the_database_does_not_know_is_refused() {
    for zone in ["Etc/Unknown", "../Europe/London", "BST+1"] {
        let (feed, _) = Sample::clean().but("agency.txt", "Europe/London", zone).read();
        assert_eq!(feed.expect_err(zone).code(), Some(policy::INVALID_TIMEZONE.code), "{zone}");
    }
}

#[test]
fn a_stop_that_says_nothing_of_wheelchairs_takes_its_stations_word() {
    let feed = Sample::clean()
        .with(
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\n\
             S1,One,51.5,-3,0,P,\nS2,Two,51.51,-3,0,P,1\nS3,Three,51.53,-3,0,,0\nP,Station,51.5,-3,1,,2\n",
        )
        .with("trips.txt", "route_id,service_id,trip_id,wheelchair_accessible\nR1,WK,T1,2\n")
        .feed();
    let stops: Vec<Option<bool>> = feed.stops.iter().map(|stop| stop.wheelchair).collect();
    assert_eq!(stops, [Some(false), Some(true), None, Some(false)]);
    assert_eq!(feed.trips[0].wheelchair, Some(false));
    assert_eq!(Sample::clean().feed().trips[0].wheelchair, None);
}
