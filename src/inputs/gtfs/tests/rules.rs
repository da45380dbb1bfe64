//! Every rule of the policy, with a feed that breaks it.

use super::super::policy::{self, Action, FaultRule, RULES};
use super::Sample;

const STOP_HEADER: &str = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n";
const STOPS: &str = "S1,One,51.5,-3,,\nS2,Two,51.51,-3,,\nS3,Three,51.53,-3,,\n";
const CALL_HEADER: &str = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint,pickup_type,\
                           shape_dist_traveled,continuous_pickup,location_id\n";
const CALLS: &str = "T1,08:00:00,08:00:00,S1,1,,,,,\nT1,08:30:00,08:30:00,S3,9,,,,,\n";

fn clean() -> Sample {
    Sample::clean()
}

/// The clean feed with stops of more columns, and a row more.
fn stop(row: &str) -> Sample {
    clean().with("stops.txt", format!("{STOP_HEADER}{STOPS}{row}\n"))
}

/// The clean feed with calls of more columns at stops 1 and 3, and rows between.
fn calls(rows: &str) -> Sample {
    clean().with("stop_times.txt", format!("{CALL_HEADER}{CALLS}{rows}\n"))
}

/// A second trip, so that the feed has one left when it is lost.
fn second_trip(rows: &str) -> Sample {
    clean().and("trips.txt", "R1,WK,T2\n").and("stop_times.txt", rows)
}

fn frequency(rows: &str) -> Sample {
    clean()
        .and("trips.txt", "R1,WK,T2\n")
        .and("stop_times.txt", "T2,09:00:00,09:00:00,S1,1\nT2,09:30:00,09:30:00,S3,2\n")
        .with(
            "frequencies.txt",
            format!("trip_id,start_time,end_time,headway_secs,exact_times\n{rows}\n"),
        )
}

fn transfer(rows: &str) -> Sample {
    clean().with(
        "transfers.txt",
        format!("from_stop_id,to_stop_id,transfer_type,min_transfer_time\n{rows}\n"),
    )
}

/// A zip without a table, with a file in another format.
fn other_format(file: &str, text: &str) -> Sample {
    let tables: Vec<String> = clean().files.into_keys().collect();
    let empty = tables.iter().fold(clean(), |sample, table| sample.without(table));
    empty.with("readme.pdf", "%PDF").with(file, text)
}

/// The clean feed with a station, and its second stop as this row has it.
fn access(row: &str) -> Sample {
    let header = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,stop_access";
    let rest = "S3,Three,51.53,-3,,,\nP,Station,51.51,-3,1,,";
    clean().with("stops.txt", format!("{header}\nS1,One,51.5,-3,,,\n{row}\n{rest}\n"))
}

/// Each rule, how many faults of it the feed has, the line of the first (0: the file as a whole),
/// and the feed.
#[rustfmt::skip]
fn cases() -> Vec<(&'static FaultRule, u64, u64, Sample)> {
    use policy::*;
    vec![
        (&NOT_A_FEED, 1, 0, clean().below("x").without("x/agency.txt").without("x/stops.txt").without("x/routes.txt")
            .without("x/trips.txt").without("x/stop_times.txt").without("x/calendar.txt").with("readme", "hello")),
        (&TRANSXCHANGE, 1, 0, other_format("buses.xml", "<?xml version=\"1.0\"?>\n<TransXChange xmlns=\"x\">")),
        (&NETEX, 1, 0, other_format("line.xml", "<PublicationDelivery version=\"1.1\">")),
        (&CIF, 1, 0, other_format("buses.cif", "ATCO-CIF0510")),
        (&FEEDS_IN_FEED, 1, 0, other_format("feed.zip", "PK\u{3}\u{4}")),
        (&DUPLICATE_ENTRY, 1, 0, clean().with("STOPS.TXT", "stop_id\nS1\n")),
        (&SEVERAL_FEEDS, 1, 0, clean().below("a").with("b/stops.txt", "stop_id\nS1\n")),
        (&IN_SUBFOLDER, 1, 0, clean().below("a")),
        (&STRAY_TABLE, 1, 0, clean().with("old/stops.txt", "stop_id\nS1\n")),
        (&WRONG_CASE, 1, 1, clean().but("stops.txt", "stop_lat", "Stop_Lat")),
        (&UNSUPPORTED_FILE, 1, 0, clean().with("booking_rules.txt", "booking_rule_id\n")),
        (&MISSING_FILE, 1, 0, clean().without("stops.txt")),
        (&EMPTY_FILE, 1, 1, clean().with("transfers.txt", "")),
        (&HEADER_ALONE, 1, 1, clean().with("frequencies.txt", "trip_id,start_time,end_time,headway_secs\n")),
        (&MISSING_COLUMN, 1, 1, clean().but("trips.txt", "service_id", "service")),
        (&DUPLICATED_COLUMN, 1, 1, clean().but("stops.txt", "stop_name", "stop_lat")),
        (&PARSING_FAILED, 1, 3, clean().but("stops.txt", "S2,Two", "S2,\"Two")),
        (&NO_CALENDAR, 1, 0, clean().without("calendar.txt")),
        (&NO_SERVICE, 1, 0, clean().but("calendar.txt", "20260111", "20260199")),
        (&NEVER_RUNS, 1, 0, clean().but("calendar.txt", "1,1,1,1,1", "0,0,0,0,0")),
        (&NO_TRIP, 1, 0, clean().but("stop_times.txt", "08:00:00,08", "08:99:00,08")),
        (&TOO_MANY_DROPPED, 1, 0, clean().and("stop_times.txt", &"NONE,08:00:00,08:00:00,S1,1\n".repeat(20))),
        (&EMPTY_ROW, 1, 3, clean().and("trips.txt", ",\n")),
        (&ROW_LENGTH, 2, 5, clean().and("stops.txt", "S4,Four\nS5,Five, High St,51.5,-3\n")),
        (&ROW_LENGTH_BLANK, 1, 5, clean().and("stops.txt", "S4,Four,51.5,-3,,\n")),
        (&NEW_LINE_IN_VALUE, 1, 5, clean().and("stops.txt", "S4,\"Four\nFive\",51.5,-3\n")),
        (&INVALID_CHARACTER, 1, 5, {
            let mut bytes = clean().files["stops.txt"].clone();
            bytes.extend_from_slice(b"S4,Caf\xe9,51.5,-3\n");
            clean().with("stops.txt", bytes)
        }),
        (&CONTROL_CHARACTER, 1, 3, clean().but("stops.txt", "Two", "T\u{1b}[31mwo")),
        (&MISSING_FIELD, 1, 5, clean().and("stops.txt", ",Four,51.5,-3\n")),
        (&INVALID_FIELD, 1, 2, clean().with("calendar_dates.txt", "service_id,date,exception_type\nWK,20260105,3\n")),
        (&SAME_ROW_AGAIN, 1, 5, clean().and("stops.txt", "S3,Three,51.53,-3\n")),
        (&DUPLICATE_KEY, 1, 5, clean().and("stops.txt", "S3,Three,51.54,-3\n")),
        (&UNKNOWN_REFERENCE, 1, 5, clean().and("stop_times.txt", "T1,08:40:00,08:40:00,S9,4\n")),
        (&UNKNOWN_PARENT, 1, 5, stop("S4,Four,51.5,-3,0,P")),
        (&UNKNOWN_AGENCY, 1, 2, clean().but("routes.txt", "R1,A", "R1,B")),
        (&MISSING_TIMEZONE, 1, 2, clean().but("agency.txt", "Europe/London", "")),
        (&INVALID_TIMEZONE, 1, 2, clean().but("agency.txt", "Europe/London", "Europe/Lndon")),
        (&TWO_TIMEZONES, 1, 3, clean().and("agency.txt", "B,B,http://b.example,Europe/Paris\n")),
        (&REPEATED_AGENCY, 1, 3, clean().and("agency.txt", "A,Other,http://b.example,Europe/London\n")),
        (&BAD_PERIOD, 1, 2, clean().with("feed_info.txt", "feed_start_date,feed_end_date\n20260105,soon\n")),
        (&UNKNOWN_ACCESS, 1, 3, access("S2,Two,51.51,-3,,P,2")),
        (&ACCESS_OF_NO_STATION, 2, 3, access("S2,Two,51.51,-3,,,0\nE,Entrance,51.51,-3,2,P,1")),
        (&UNKNOWN_LEVEL, 1, 2, clean().with("levels.txt", "level_id,level_index\nL1,-1\n")
            .with("stops.txt", "stop_id,stop_lat,stop_lon,level_id\nS1,51.5,-3,L2\nS2,51.51,-3,L1\nS3,51.53,-3,\n")),
        (&BAD_LEVEL, 2, 3, clean().with("levels.txt", "level_id,level_index\nL1,-1\nL2,low\nL1,4\n")),
        (&UNKNOWN_WHEELCHAIR, 1, 2, clean().with("trips.txt", "route_id,service_id,trip_id,wheelchair_accessible\nR1,WK,T1,3\n")),
        (&BAD_COORDINATE, 3, 5, stop("S4,Four,91,-3,,\nS5,Five,\"51,5\",-3,,\nS6,Six,NaN,-3,,")),
        (&NEAR_ORIGIN, 1, 5, stop("S4,Four,0.5,-0.5,,")),
        (&NEAR_POLE, 1, 5, stop("S4,Four,89.5,-3,,")),
        (&GRID_ORIGIN, 1, 5, stop("S4,Four,49.766132,-7.555903,,")),
        (&PARENTS_POINT, 1, 6, stop("P,Parent,51.5,-3,1,\nS4,Four,,,0,P")),
        (&NO_LOCATION, 1, 3, clean().but("stops.txt", "51.51,-3", ",")),
        (&UNKNOWN_LOCATION_TYPE, 2, 5, stop("S4,Four,51.5,-3,9,\nS5,Five,51.5,-3,stop,")),
        (&PARENT_CYCLE, 2, 5, stop("S4,Four,51.5,-3,1,S5\nS5,Five,51.5,-3,1,S4")),
        (&UNKNOWN_ROUTE_TYPE, 1, 2, clean().but("routes.txt", "Line 1,3", "Line 1,9999")),
        (&BAD_ROUTE_TYPE, 1, 2, clean().but("routes.txt", "Line 1,3", "Line 1,undefined")),
        (&UNKNOWN_DIRECTION, 1, 2, clean().with("trips.txt", "route_id,service_id,trip_id,direction_id\nR1,WK,T1,N\n")),
        (&CONTINUOUS, 1, 0, calls("T1,08:20:00,08:20:00,S2,5,,,,0,")),
        (&UNREADABLE_DAY, 1, 3, clean().and("calendar.txt", "X,2,1,1,1,1,0,0,20260105,20260111\n")),
        (&INVALID_DATE, 2, 3, clean().and("calendar.txt",
            "X,1,1,1,1,1,0,0,20260105,20260132\nY,1,1,1,1,1,0,0,2026015,20260111\n")),
        (&RANGE_REVERSED, 1, 3, clean().and("calendar.txt", "X,1,1,1,1,1,0,0,20260105,20250111\n")),
        (&RANGE_TOO_LONG, 1, 2, clean().but("calendar.txt", "20260111", "99991231")),
        (&NO_WEEKDAY, 1, 3, clean().and("calendar.txt", "X,0,0,0,0,0,0,0,20260105,20260111\n")),
        (&SERVICE_NEVER_RUNS, 1, 3, clean().with("calendar_dates.txt", "service_id,date,exception_type\nX,20260105,2\n")
            .and("trips.txt", "R1,X,T2\nR1,X,T3\n")),
        (&ADDED_AND_REMOVED, 1, 3, clean()
            .with("calendar_dates.txt", "service_id,date,exception_type\nWK,20260105,1\nWK,20260105,2\n")),
        (&TRIP_OF_BAD_ROW, 1, 3, clean().and("calendar.txt", "X,2,1,1,1,1,0,0,20260105,20260111\n")
            .and("trips.txt", "R1,X,T2\n").and("stop_times.txt", "T2,09:00:00,09:00:00,S1,1\n")),
        (&UNUSABLE_TRIP, 1, 3, second_trip("T2,09:00:00,09:00:00,S1,1\n")),
        (&INVALID_TIME, 1, 6, second_trip("T2,09:00:00,09:00:00,S1,1\nT2,09:61:00,,S2,2\nT2,10:00:00,10:00:00,S3,3\n")),
        (&INVALID_SEQUENCE, 1, 5, second_trip("T2,09:00:00,09:00:00,S1,-1\nT2,10:00:00,10:00:00,S3,3\n")),
        (&SAME_SEQUENCE, 1, 6, second_trip("T2,09:00:00,09:00:00,S1,1\nT2,10:00:00,10:00:00,S3,1\n")),
        (&TIME_TRAVEL, 1, 6, second_trip("T2,09:00:00,09:00:00,S1,1\nT2,08:59:59,09:10:00,S3,3\n")),
        (&MISSING_EDGE, 1, 6, second_trip("T2,09:00:00,09:00:00,S1,1\nT2,,,S3,3\n")),
        (&DEPARTS_BEFORE_ARRIVAL, 1, 4, calls("T1,08:20:00,08:10:00,S2,5,,,,,")),
        (&ONE_TIME, 1, 0, calls("T1,08:20:00,,S2,5,,,,,")),
        (&INTERPOLATED_BY_SHAPE, 1, 0, clean().with("stop_times.txt", format!(
            "{CALL_HEADER}T1,08:00:00,08:00:00,S1,1,,,0,,\nT1,,,S2,2,,,1,,\nT1,08:30:00,08:30:00,S3,3,,,5,,\n"))),
        (&INTERPOLATED_BY_LINE, 1, 0, calls("T1,,,S2,5,,,,,")),
        (&INTERPOLATED_EVENLY, 1, 0, calls("T1,,,S2,5,,,,,").but("stops.txt", "51.51,-3", ",")),
        (&TIMEPOINT_BLANK, 1, 0, calls("T1,,,S2,5,1,,,,")),
        (&UNKNOWN_CALL_RULE, 1, 4, calls("T1,08:20:00,08:20:00,S2,5,,7,,,")),
        (&UNSORTED, 1, 0, calls("T1,08:20:00,08:20:00,S2,5,,,,,")),
        (&FLEX_ROW, 1, 4, calls("T1,,,,5,,,,,L1")),
        (&FLEX_TRIP, 1, 3, calls("T2,,,,5,,,,,L1\nT2,,,,6,,,,,L1").and("trips.txt", "R1,WK,T2\n")),
        (&STATION_CALL, 1, 2, clean().with("stops.txt", format!("{STOP_HEADER}{STOPS}")).but("stops.txt", "S1,One,51.5,-3,", "S1,One,51.5,-3,1")),
        (&FAST, 1, 0, clean().but("stops.txt", "51.53", "54.53")),
        (&BAD_FREQUENCY, 1, 2, frequency("T2,6,22:00:00,600,")),
        (&ZERO_HEADWAY, 2, 2, frequency("T2,06:00:00,22:00:00,0,\nT2,06:00:00,22:00:00,-5,")),
        (&FREQUENCY_REVERSED, 2, 2, frequency("T2,06:00:00,05:00:00,600,\nT2,06:00:00,06:00:00,600,")),
        (&OVERLAPPING, 2, 4, frequency("T2,07:00:00,08:00:00,600,\nT2,06:00:00,09:00:00,600,\nT2,06:00:00,07:00:00,600,")),
        (&CLIPPED, 1, 2, frequency("T2,07:00:00,08:00:00,600,\nT2,06:00:00,07:00:01,600,")),
        (&NO_FREQUENCY_LEFT, 1, 2, frequency("T2,06:00:00,05:00:00,600,")),
        (&UNKNOWN_EXACT, 1, 2, frequency("T2,06:00:00,07:00:00,600,2")),
        (&UNKNOWN_TRANSFER_REFERENCE, 2, 2, transfer("S1,S9,0,\nS9,S1,2,")),
        (&BAD_TRANSFER, 4, 2, transfer("S1,S2,2,-5\nS1,,0,\nS1,S2,6,\nS1,S2,4,")),
        (&TRANSFER_AT_NO_STOP, 1, 2, stop("E,Entrance,51.5,-3,2,").with("transfers.txt", "from_stop_id,to_stop_id\nE,S2\n")),
        (&TRIP_OF_OTHER_ROUTE, 1, 2, clean().and("routes.txt", "R2,A,2,Line 2,3\n").with("transfers.txt",
            "from_stop_id,to_stop_id,from_route_id,from_trip_id,transfer_type\nS1,S2,R2,T1,3\n")),
        (&SAME_TRANSFER_AGAIN, 1, 3, transfer("S1,S2,0,\nS1,S2,,")),
        (&CONFLICTING_TRANSFERS, 2, 3, transfer("S1,S2,0,\nS1,S2,2,60\nS1,S2,3,")),
        (&TIME_OF_OTHER_TRANSFER, 2, 2, transfer("S1,S2,,60\nS2,S3,1,60")),
        (&NO_TRANSFER_TIME, 1, 2, transfer("S1,S2,2,")),
        (&BAD_TRAVERSAL, 2, 2, clean().with("pathways.txt",
            "from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time,stair_count\nS1,S2,2,1,0,\nS1,S3,2,1,,0\n")),
        (&BAD_PATHWAY, 3, 2, clean().with("pathways.txt", "from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length\n\
            S1,S2,8,1,\nS1,,1,1,\nS1,S2,1,1,-4\n")),
    ]
}

/// Rules whose feeds are not made of text files alone: see `damage`, and `reading` for shapes.
const ELSEWHERE: [&FaultRule; 6] = [
    &policy::UNREADABLE_ENTRY,
    &policy::ENCRYPTED_ENTRY,
    &policy::SYMLINK_ENTRY,
    &policy::ENTRY_TOO_LARGE,
    &policy::TOO_MANY_ENTRIES,
    &policy::BAD_SHAPE_POINT,
];

#[test]
fn each_rule_is_told_with_its_line_and_count_and_what_it_says_is_done() {
    for (rule, count, line, sample) in cases() {
        let (feed, findings) = sample.read();
        if rule.action == Action::Refuse {
            let error = feed.expect_err(rule.code);
            assert_eq!(error.code(), Some(rule.code), "{error}");
            let text = error.to_string();
            assert!(text.ends_with(rule.why) && text.starts_with("feed"), "{text}");
            assert_eq!(text.contains(&format!("line {line}:")), line > 0, "{text}");
            continue;
        }
        feed.unwrap_or_else(|error| panic!("{}: {error}", rule.code));
        let of_rule =
            || findings.iter().filter(|f| f.code == rule.code && f.what.ends_with(rule.why));
        assert_eq!(of_rule().map(|f| f.count).sum::<u64>(), count, "{}: {findings:#?}", rule.code);
        let first = of_rule().next().expect("counted above");
        assert_eq!(
            (first.severity, first.outcome),
            (rule.severity, rule.action.outcome()),
            "{first:?}"
        );
        assert_eq!(first.line.unwrap_or(0), line, "{first:?}");
        assert!(first.file.starts_with("feed"), "{first:?}");
    }
}

#[test]
fn no_rule_is_without_a_feed_that_breaks_it() {
    let cases = cases();
    for rule in RULES {
        let is_tested = cases.iter().any(|(tested, ..)| tested == rule) || ELSEWHERE.contains(rule);
        assert!(is_tested, "{} ({}) is not tested", rule.code, rule.why);
    }
}

#[test]
fn each_drop_has_a_file_and_a_line() {
    for (rule, _, _, sample) in cases() {
        for finding in
            sample.read().1.iter().filter(|f| f.outcome == crate::finding::Outcome::Dropped)
        {
            let is_whole_file = finding.code == policy::STRAY_TABLE.code;
            assert!(finding.line.is_some() || is_whole_file, "{}: {finding:?}", rule.code);
        }
    }
}

#[test]
fn what_is_left_after_a_fault_is_the_rest() {
    let left = |sample: Sample| {
        let feed = sample.read().0.expect("a feed");
        (feed.stops.len(), feed.trips.len(), feed.calls.len())
    };
    assert_eq!(left(clean()), (3, 1, 3));
    assert_eq!(left(clean().and("stop_times.txt", "T1,08:40:00,08:40:00,S9,4\n")), (3, 1, 3));
    assert_eq!(
        left(second_trip("T2,09:00:00,09:00:00,S1,1\nT2,08:59:59,09:10:00,S3,3\n")),
        (3, 1, 3)
    );
    assert_eq!(
        left(second_trip("T2,09:00:00,09:00:00,S1,1\nT2,09:10:00,09:10:00,S3,3\n")),
        (3, 2, 5)
    );
    assert_eq!(left(clean().and("stops.txt", "S3,Three,51.53,-3\n")), (3, 1, 3));
    assert_eq!(left(clean().and("stops.txt", "S4,Four\n")), (3, 1, 3));
}

#[test]
fn a_feed_with_services_on_demand_alone_is_what_it_is() {
    let flex =
        clean().with("stop_times.txt", format!("{CALL_HEADER}T1,,,,5,,,,,L1\nT1,,,,6,,,,,L1\n"));
    let feed = flex.read().0.expect("a feed");
    assert!(feed.trips.is_empty() && feed.calls.is_empty());
}
