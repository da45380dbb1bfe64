//! The corpus of adversarial feeds: each is refused for its own reason, or read with its own
//! finding and nothing else.

#![expect(clippy::print_stderr, reason = "a skipped check must be seen")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lastmile::finding::Findings;
use lastmile::inputs::gtfs::{CallRule, Feed, TransferKind, read_feed};

/// What the reader does with a feed.
enum Does {
    /// Refuses it with this code, and a message that holds this text.
    Refuse(&'static str, &'static str),
    /// Reads it without a finding: so many stops, trips and calls.
    Accept([usize; 3]),
    /// Reads it with findings of these codes alone.
    Note(&'static [&'static str], [usize; 3]),
}
use Does::{Accept, Note, Refuse};

const WHOLE: [usize; 3] = [3, 1, 3];
const WITHOUT_FIRST: [usize; 3] = [2, 1, 2];

/// The clean feed has three stops and one trip of three calls, so a fault that costs the trip costs
/// the feed.
#[rustfmt::skip]
const TABLE: &[(&str, Does)] = &[
    ("bad_crc.zip", Refuse("unreadable_entry", "bad_crc.zip/stops.txt")),
    ("bad_crc_stored.zip", Refuse("unreadable_entry", "bad_crc_stored.zip/stop_times.txt")),
    ("bidi_name.zip", Note(&["non_ascii_or_non_printable_char"], WHOLE)),
    ("blank_lines.zip", Accept(WHOLE)),
    ("bom.zip", Accept(WHOLE)),
    ("calendar_bad_date.zip", Refuse("no_service", "calendar.txt, line 2: service_id=\"WK\": end_date=\"20261331\"")),
    ("calendar_end_before_start.zip", Note(&["start_and_end_range_out_of_order", "no_service_dates", "service_without_dates"], WHOLE)),
    ("calendar_weekday_2.zip", Refuse("no_service", "calendar.txt, line 2: service_id=\"WK\": monday=\"2\"")),
    ("calendar_year_9999.zip", Note(&["calendar_range_too_long"], WHOLE)),
    ("color_multibyte.zip", Accept(WHOLE)),
    ("crlf.zip", Accept(WHOLE)),
    ("decreasing_times.zip", Refuse("no_usable_trip", "line 4: trip \"T1\": arrives 07:20:00, but left at 08:10:00 (line 3)")),
    ("dep_before_arr.zip", Note(&["start_and_end_range_out_of_order"], WHOLE)),
    ("dup_route_id.zip", Refuse("duplicate_key", "routes.txt, line 3: route_id \"R1\" stands at line 2 too")),
    ("empty_dep_only.zip", Note(&["stop_time_with_only_arrival_or_departure_time"], WHOLE)),
    ("empty_mid_times.zip", Note(&["interpolated_stop_times"], WHOLE)),
    ("empty_optional_file.zip", Note(&["empty_file"], WHOLE)),
    ("encrypted_flag.zip", Refuse("encrypted_entry", "\"agency.txt\" in it is encrypted")),
    ("extra_cells.zip", Note(&["invalid_row_length", "foreign_key_violation"], WITHOUT_FIRST)),
    ("feed_info_no_lang.zip", Accept(WHOLE)),
    ("flex_stop_times.zip", Note(&["unsupported_flex_stop_times", "unsupported_flex_trip"], [3, 0, 0])),
    ("freq_unknown_trip.zip", Note(&["foreign_key_violation"], WHOLE)),
    ("freq_zero_headway.zip", Refuse("no_usable_trip", "frequencies.txt, line 2: trip_id=\"T1\": headway_secs=\"0\"")),
    ("header_spaces.zip", Accept(WHOLE)),
    ("latin1_name.zip", Note(&["invalid_character"], WHOLE)),
    ("macosx.zip", Accept(WHOLE)),
    ("minute_61.zip", Refuse("no_usable_trip", "line 4: trip_id=\"T1\": arrival_time=\"25:61:00\" has more than 59 minutes")),
    ("missing_cells.zip", Note(&["invalid_row_length", "foreign_key_violation"], WITHOUT_FIRST)),
    ("nested_folder.zip", Note(&["invalid_input_files_in_subfolder"], WHOLE)),
    ("no_agency_file.zip", Refuse("missing_required_file", "agency.txt is missing or empty")),
    ("no_calendar.zip", Refuse("missing_calendar_and_calendar_date_files", "neither calendar.txt nor calendar_dates.txt")),
    ("no_stop_times_rows.zip", Refuse("no_usable_trip", "trips.txt, line 2: trip \"T1\" (unusable_trip)")),
    ("no_timezone_col.zip", Refuse("invalid_timezone", "there is no column agency_timezone")),
    ("no_trailing_newline.zip", Accept(WHOLE)),
    ("nul_bytes.zip", Note(&["non_ascii_or_non_printable_char"], WHOLE)),
    ("ok.zip", Accept(WHOLE)),
    ("one_stop_trip.zip", Refuse("no_usable_trip", "trips.txt, line 2: trip \"T1\" (unusable_trip)")),
    ("only_calendar_dates.zip", Accept(WHOLE)),
    ("pickup_bad.zip", Note(&["unexpected_enum_value"], WHOLE)),
    ("pickup_none.zip", Accept(WHOLE)),
    ("quotes.zip", Accept(WHOLE)),
    ("route_type_700.zip", Accept(WHOLE)),
    ("semicolon.zip", Refuse("missing_required_column", "there are \"stop_id;stop_name;stop_lat;stop_lon\"")),
    ("stop_lat_91.zip", Note(&["number_out_of_range", "stop_without_location"], WHOLE)),
    ("stop_nan_coord.zip", Note(&["number_out_of_range", "stop_without_location"], WHOLE)),
    ("stop_no_coord.zip", Note(&["stop_without_location"], WHOLE)),
    ("stop_seq_70000.zip", Accept(WHOLE)),
    ("stop_seq_huge.zip", Accept(WHOLE)),
    ("stop_seq_negative.zip", Refuse("no_usable_trip", "line 2: trip_id=\"T1\": stop_sequence=\"-1\"")),
    ("symlink_entry.zip", Refuse("symlink_entry", "\"stops.txt\" in it is a symbolic link")),
    ("time_huge.zip", Refuse("no_usable_trip", "arrival_time=\"9999999:00:00\" has more than 240 hours")),
    ("time_negative.zip", Refuse("no_usable_trip", "arrival_time=\"-1:00:00\" is negative")),
    ("time_spaces.zip", Accept(WHOLE)),
    ("transfers_neg_time.zip", Note(&["invalid_transfer"], WHOLE)),
    ("transfers_route_to_route.zip", Accept(WHOLE)),
    ("transfers_unknown_from.zip", Note(&["foreign_key_violation"], WHOLE)),
    ("transfers_unknown_to.zip", Note(&["foreign_key_violation"], WHOLE)),
    ("truncated.zip", Refuse("not_a_feed", "it cannot be read as a zip")),
    ("unbalanced_quote.zip", Refuse("csv_parsing_failed", "stops.txt, line 2: a quote is opened and not closed")),
    ("unknown_route_ref.zip", Refuse("no_usable_trip", "trips.txt, line 2: trip_id=\"T1\": route_id=\"R9\"")),
    ("unknown_stop_ref.zip", Note(&["foreign_key_violation"], [3, 1, 2])),
    ("unknown_trip_ref.zip", Note(&["foreign_key_violation"], WHOLE)),
    ("unquoted_comma_name.zip", Note(&["invalid_row_length", "foreign_key_violation"], WITHOUT_FIRST)),
    ("uppercase_names.zip", Note(&["wrong_case"], WHOLE)),
];

fn corpus() -> Option<PathBuf> {
    let data = std::env::var_os("LASTMILE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let corpus = data.join("bad-inputs/gtfs");
    if !corpus.join("EXPECT.json").is_file() {
        eprintln!("SKIPPED: there is no {}", corpus.join("EXPECT.json").display());
        return None;
    }
    Some(corpus)
}

fn read(corpus: &Path, name: &str) -> (Result<Feed, lastmile::inputs::gtfs::GtfsError>, Findings) {
    let mut findings = Findings::new();
    (read_feed(&corpus.join(name), name, &mut findings), findings)
}

#[test]
fn each_feed_of_the_corpus_is_dealt_with_as_the_table_says() {
    let Some(corpus) = corpus() else { return };
    for (name, does) in TABLE {
        let (feed, findings) = read(&corpus, name);
        let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        codes.dedup();
        let (expected, sizes) = match does {
            Refuse(code, text) => {
                let error = feed.expect_err(name);
                assert_eq!(error.code(), Some(*code), "{name}: {error}");
                assert!(error.to_string().contains(text), "{name}: {error}");
                continue;
            }
            Accept(sizes) => (&[][..], sizes),
            Note(codes, sizes) => (*codes, sizes),
        };
        let feed = feed.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(codes, expected, "{name}: {findings:#?}");
        assert_eq!([feed.stops.len(), feed.trips.len(), feed.calls.len()], *sizes, "{name}");
    }
}

#[test]
fn the_table_is_the_corpus_and_keeps_to_what_the_corpus_asks() {
    let Some(corpus) = corpus() else { return };
    let text = std::fs::read_to_string(corpus.join("EXPECT.json")).expect("EXPECT.json");
    let asked: BTreeMap<String, String> =
        serde_json::from_str(&text).expect("names and what is asked");
    let ours: Vec<&str> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(asked.keys().map(String::as_str).collect::<Vec<_>>(), ours);
    for (name, does) in TABLE {
        let asked = asked[*name].as_str();
        let is_met = match does {
            _ if asked == "?" => true,
            Refuse(..) => asked.contains("error") || LOST_WITH_ITS_ONLY_TRIP.contains(name),
            Accept(_) => asked.starts_with("accept") || asked == "warn only",
            // What is noted and read is never less than what "accept" asks.
            Note(..) => !asked.starts_with("error") || asked.contains("warn"),
        };
        assert!(is_met, "{name}: {asked}");
    }
}

/// The corpus asks for a dropped trip; their one trip gone, an error says so.
const LOST_WITH_ITS_ONLY_TRIP: [&str; 2] = ["decreasing_times.zip", "one_stop_trip.zip"];

#[test]
fn the_values_that_the_corpus_is_about_are_right() {
    let Some(corpus) = corpus() else { return };
    let feed = |name| read(&corpus, name).0.expect(name);
    let clock =
        |name| feed(name).calls.iter().map(|call| call.arrival.to_string()).collect::<Vec<_>>();
    // S2 lies half way between S1 and S3.
    assert_eq!(clock("empty_mid_times.zip"), ["08:00:00", "08:10:00", "08:20:00"]);
    assert_eq!(clock("time_spaces.zip"), ["08:00:00", "08:10:00", "08:20:00"]);
    assert_eq!(clock("stop_seq_huge.zip"), ["08:00:00", "08:10:00", "08:20:00"]);
    let call = feed("dep_before_arr.zip").calls[1];
    assert_eq!((call.arrival.to_string(), call.departure), ("08:10:00".to_owned(), call.arrival));
    let call = feed("pickup_none.zip").calls[1];
    assert_eq!((call.pickup, call.drop_off), (CallRule::Never, CallRule::Never));
    assert_eq!(feed("route_type_700.zip").routes[0].route_type, 700);
    assert_eq!(feed("quotes.zip").stops[0].name, "One \"High\" St, N");
    assert_eq!(feed("latin1_name.zip").stops[0].name, "Caf\u{fffd}");
    let [ban, floor] =
        feed("transfers_route_to_route.zip").transfers.try_into().expect("two transfers");
    assert_eq!(
        (ban.kind, ban.from_route, ban.to_route),
        (TransferKind::Forbidden, Some(0), Some(0))
    );
    assert_eq!((floor.from_route, floor.to_route), (None, None));
    assert!(
        ["stop_nan_coord.zip", "stop_lat_91.zip", "stop_no_coord.zip"].iter().all(|name| feed(
            name
        )
        .stops[1]
            .point
            .is_none())
    );
}
