//! What is done about each fault a feed can have: the one table that decides it.
//!
//! Codes are the notice names of MobilityData's canonical GTFS validator where it has one. The
//! severity is ours: it says what the fault means for a travel time, not how far the file strays
//! from the letter.

use crate::finding::{Outcome, Severity};

/// What is done about one kind of fault.
#[derive(Debug, PartialEq, Eq)]
pub struct FaultRule {
    /// The stable name of the fault.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is done.
    pub action: Action,
    /// Why that is done, or, for a fatal fault, what to do about it.
    pub why: &'static str,
}

/// What is done with the faulty thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Used as it stands.
    Keep,
    /// Used after the repair that the explanation names.
    Repair,
    /// The row is left out. Too many of these in a file are fatal: see [`too_many`].
    DropRow,
    /// The row is left out, however many of them there are.
    Skip,
    /// The whole trip is left out.
    DropTrip,
    /// The feed is refused.
    Refuse,
}

impl Action {
    /// How a finding shows it. A refusal is an error and becomes no finding.
    pub fn outcome(self) -> Outcome {
        match self {
            Action::Keep => Outcome::Kept,
            Action::Repair => Outcome::Repaired,
            Action::DropRow | Action::Skip | Action::DropTrip | Action::Refuse => Outcome::Dropped,
        }
    }
}

/// Whether so many rows of a file had to be dropped that the rest of it cannot be trusted: at least
/// 20 of them, and more than one in twenty.
pub fn too_many(dropped: u64, rows: u64) -> bool {
    dropped >= 20 && dropped > rows / 20
}

macro_rules! rules {
    ($($name:ident = $code:literal, $severity:ident, $action:ident, $why:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $why, ".")]
            #[allow(rustdoc::bare_urls, reason = "the words are those of the finding")]
            pub const $name: FaultRule =
                FaultRule { code: $code, severity: Severity::$severity, action: Action::$action, why: $why };
        )*
        /// Every rule there is.
        pub const RULES: &[&FaultRule] = &[$(&$name),*];
    };
}

rules! {
    // The archive
    NOT_A_FEED = "not_a_feed", Error, Refuse, "give a GTFS zip or a folder with its txt files";
    TRANSXCHANGE = "not_a_feed", Error, Refuse,
        "the Bus Open Data Service offers the same buses as GTFS, by region: https://data.bus-data.dft.gov.uk/timetable/download/";
    NETEX = "not_a_feed", Error, Refuse,
        "most national access points offer the same timetables as GTFS: give that";
    CIF = "not_a_feed", Error, Refuse,
        "convert it to GTFS first, for example with UK2GTFS (https://itsleeds.github.io/UK2GTFS/)";
    FEEDS_IN_FEED = "not_a_feed", Error, Refuse, "unpack it and give each GTFS zip in it by itself";
    UNREADABLE_ENTRY = "unreadable_entry", Error, Refuse,
        "it is damaged or packed in an unknown way: fetch it again, or unpack it and give the folder";
    ENCRYPTED_ENTRY = "encrypted_entry", Error, Refuse, "unpack it with its password and give the folder";
    SYMLINK_ENTRY = "symlink_entry", Error, Refuse, "put the file itself in place of the link";
    DUPLICATE_ENTRY = "duplicate_entry", Error, Refuse, "remove all but one: nobody can tell which is meant";
    ENTRY_TOO_LARGE = "entry_too_large", Error, Refuse,
        "no feed is that large: check where the file comes from";
    TOO_MANY_ENTRIES = "too_many_entries", Error, Refuse,
        "no feed has so many files: check where it comes from";
    SEVERAL_FEEDS = "several_feeds", Error, Refuse, "give each feed by itself";
    IN_SUBFOLDER = "invalid_input_files_in_subfolder", Warning, Keep,
        "the files are meant to stand at the top";
    STRAY_TABLE = "stray_table", Warning, Skip,
        "a second copy of a table below the one that is used is not read";
    WRONG_CASE = "wrong_case", Warning, Keep, "other programs miss names that are written differently";
    UNSUPPORTED_FILE = "unsupported_file", Info, Keep,
        "GTFS-Flex is not modelled: its services are not in the numbers";

    // Files and columns
    MISSING_FILE = "missing_required_file", Error, Refuse,
        "a feed without this file cannot be routed: ask its publisher";
    EMPTY_FILE = "empty_file", Warning, Keep, "read as if the file were not there";
    HEADER_ALONE = "table_without_rows", Info, Keep,
        "read as a table without rows: if it should have some, fetch the feed again";
    MISSING_COLUMN = "missing_required_column", Error, Refuse,
        "the first line must name the columns, separated by commas";
    DUPLICATED_COLUMN = "duplicated_column", Error, Refuse,
        "rename or remove one: nobody can tell which is meant";
    PARSING_FAILED = "csv_parsing_failed", Error, Refuse,
        "mend the quotes or the encoding (UTF-8) of this file";
    NO_CALENDAR = "missing_calendar_and_calendar_date_files", Error, Refuse,
        "without calendar.txt or calendar_dates.txt nothing says when a trip runs: ask the publisher";
    NO_SERVICE = "no_service", Error, Refuse,
        "nothing in calendar.txt or calendar_dates.txt can be used: fetch the feed again";
    NEVER_RUNS = "no_service_dates", Error, Keep, "no date is left on which any service of the feed runs";
    NO_TRIP = "no_usable_trip", Error, Refuse,
        "every journey would be on foot: mend the feed or leave it out";
    TOO_MANY_DROPPED = "too_many_dropped_rows", Error, Refuse,
        "more than 5 % of the rows (and at least 20) are faulty, so the rest cannot be trusted: fetch the feed again";

    // Rows
    EMPTY_ROW = "empty_row", Info, Keep, "a row without any value is passed over";
    ROW_LENGTH = "invalid_row_length", Error, DropRow, "its cells may stand under the wrong columns";
    ROW_LENGTH_BLANK = "invalid_row_length", Warning, Keep, "the cells beyond the header are blank";
    NEW_LINE_IN_VALUE = "new_line_in_value", Warning, Keep, "a quote that is never closed swallows rows";
    INVALID_CHARACTER = "invalid_character", Warning, Repair, "bytes that are not UTF-8 are shown as U+FFFD";
    CONTROL_CHARACTER = "non_ascii_or_non_printable_char", Warning, Keep,
        "control characters are made harmless when shown";
    MISSING_FIELD = "missing_required_field", Error, DropRow, "the row means nothing without it";
    INVALID_FIELD = "unexpected_enum_value", Error, DropRow, "the row cannot be understood";
    SAME_ROW_AGAIN = "duplicate_key", Warning, Repair, "the same row stands twice: one is used";
    DUPLICATE_KEY = "duplicate_key", Error, Refuse,
        "two different rows have one id, and nobody can tell which is meant: ask the publisher";
    UNKNOWN_REFERENCE = "foreign_key_violation", Error, DropRow,
        "what it refers to is not in the feed, or was dropped";
    UNKNOWN_PARENT = "foreign_key_violation", Warning, Repair, "the stop is used without its parent";
    UNKNOWN_AGENCY = "foreign_key_violation", Warning, Keep, "the route is used without an operator's name";

    // Agencies, stops, routes
    BAD_PERIOD = "invalid_date", Warning, Skip, "feed_info.txt is read without it";
    MISSING_TIMEZONE = "invalid_timezone", Error, Refuse,
        "write the zone's IANA name, such as Europe/London, under agency_timezone in agency.txt";
    INVALID_TIMEZONE = "invalid_timezone", Error, Refuse, "write an IANA name such as Europe/London";
    TWO_TIMEZONES = "inconsistent_agency_timezone", Error, Refuse,
        "a feed's times count in one zone: split it by agency";
    REPEATED_AGENCY = "duplicate_key", Warning, Keep, "the first of the names is used";
    BAD_COORDINATE = "number_out_of_range", Warning, Repair, "the stop is read as one without a location";
    NEAR_ORIGIN = "point_near_origin", Warning, Repair,
        "near 0,0 means unknown: read as a stop without a location";
    NEAR_POLE = "point_near_pole", Warning, Repair,
        "near a pole means unknown: read as a stop without a location";
    GRID_ORIGIN = "point_at_grid_origin", Warning, Repair,
        "the origin of the British grid means unknown: read as a stop without a location";
    PARENTS_POINT = "stop_takes_parents_location", Warning, Repair, "it has no location of its own";
    NO_LOCATION = "stop_without_location", Warning, Keep,
        "nobody can walk to or from it; its calls still give times";
    UNKNOWN_LOCATION_TYPE = "unexpected_enum_value", Warning, Repair, "read as a stop";
    UNKNOWN_ACCESS = "unexpected_enum_value", Warning, Repair, "read as if stop_access were blank";
    ACCESS_OF_NO_STATION = "forbidden_stop_access", Warning, Repair,
        "only a stop or platform of a station has a stop_access: read as if it were blank";
    UNKNOWN_LEVEL = "foreign_key_violation", Info, Repair, "the stop is read without a level";
    UNKNOWN_WHEELCHAIR = "unexpected_enum_value", Warning, Repair,
        "0, 1 or 2 is meant: read as if nothing were said about wheelchairs";
    PARENT_CYCLE = "parent_station_cycle", Warning, Repair, "parents that lead in a circle are not used";
    UNKNOWN_ROUTE_TYPE = "unexpected_enum_value", Warning, Keep,
        "the route is used; its kind is shown as unknown";
    BAD_ROUTE_TYPE = "invalid_integer", Warning, Repair, "read as 1700, a miscellaneous service";
    UNKNOWN_DIRECTION = "unexpected_enum_value", Info, Repair, "read as no direction";
    CONTINUOUS = "unsupported_continuous_stops", Info, Keep, "boarding between stops is not modelled";

    // Calendars
    UNREADABLE_DAY = "unexpected_enum_value", Error, DropRow,
        "a weekday is 0 or 1; the service's trips cannot run";
    INVALID_DATE = "invalid_date", Error, DropRow, "a date is eight digits, YYYYMMDD";
    RANGE_REVERSED = "start_and_end_range_out_of_order", Warning, Keep,
        "it ends before it starts, so it never runs by the week";
    RANGE_TOO_LONG = "calendar_range_too_long", Warning, Repair, "read to ten years after its start";
    NO_WEEKDAY = "service_has_no_active_day_of_the_week", Info, Keep,
        "it runs only by calendar_dates.txt, if at all";
    SERVICE_NEVER_RUNS = "service_without_dates", Warning, Keep,
        "no date is left on which it runs, so its trips are in no number";
    ADDED_AND_REMOVED = "added_and_removed_date", Warning, Repair,
        "it is taken not to run: no bus is promised that may not come";

    // Trips and calls
    TRIP_OF_BAD_ROW = "trip_of_dropped_row", Error, DropTrip, "the row it belongs to was dropped";
    UNUSABLE_TRIP = "unusable_trip", Warning, DropTrip, "nobody can ride a trip with fewer than two calls";
    INVALID_TIME = "invalid_time", Error, DropTrip,
        "a time is h:mm:ss, not negative and at most 240 hours; the trip is dropped";
    INVALID_SEQUENCE = "invalid_integer", Error, DropTrip,
        "a stop_sequence is a whole number from 0; the trip is dropped";
    SAME_SEQUENCE = "duplicate_key", Error, DropTrip,
        "two calls claim one place in the trip's order; the trip is dropped";
    TIME_TRAVEL = "stop_time_with_arrival_before_previous_departure_time", Error, DropTrip,
        "the trip arrives before it has left the stop before; it is dropped";
    MISSING_EDGE = "missing_trip_edge", Error, DropTrip,
        "the first and last call need a time; the trip is dropped";
    DEPARTS_BEFORE_ARRIVAL = "start_and_end_range_out_of_order", Warning, Repair,
        "the departure is read as equal to the arrival";
    ONE_TIME = "stop_time_with_only_arrival_or_departure_time", Warning, Repair,
        "the one is copied to the other";
    INTERPOLATED_BY_SHAPE = "interpolated_stop_times", Info, Repair,
        "blank times are filled in proportion to shape_dist_traveled";
    INTERPOLATED_BY_LINE = "interpolated_stop_times", Info, Repair,
        "blank times are filled in proportion to the straight line between stops";
    INTERPOLATED_EVENLY = "interpolated_stop_times", Warning, Repair,
        "blank times are spread evenly: neither distances nor locations are known";
    TIMEPOINT_BLANK = "stop_time_timepoint_without_times", Warning, Repair,
        "timepoint=1 without a time: filled like other blanks";
    UNKNOWN_CALL_RULE = "unexpected_enum_value", Warning, Repair, "read as regular pick-up and drop-off";
    UNSORTED = "unsorted_stop_times", Info, Repair, "the calls are put in the order of stop_sequence";
    FLEX_ROW = "unsupported_flex_stop_times", Warning, Skip,
        "GTFS-Flex is not modelled: its services are not in the numbers";
    STATION_CALL = "location_with_unexpected_stop_time", Warning, Keep,
        "vehicles call at stops (location_type 0); used as it stands";
    FAST = "fast_travel_between_consecutive_stops", Info, Keep, "a time or a location may be wrong";

    // Frequencies, transfers, pathways
    BAD_FREQUENCY = "invalid_frequency", Error, DropRow, "departures cannot be told from it";
    ZERO_HEADWAY = "number_out_of_range", Error, DropRow, "a headway is a whole number of seconds above zero";
    FREQUENCY_REVERSED = "start_and_end_range_out_of_order", Error, DropRow, "it ends before it starts";
    OVERLAPPING = "overlapping_frequency", Error, DropRow,
        "it lies within another row of its trip, and its departures would count twice";
    CLIPPED = "overlapping_frequency", Warning, Repair,
        "the earlier row ends where the later one of its trip begins, or departures would count twice";
    NO_FREQUENCY_LEFT = "unusable_trip", Error, DropTrip,
        "it runs only by frequencies.txt, and no row of it can be used";
    UNKNOWN_EXACT = "unexpected_enum_value", Warning, Repair, "read as exact_times=0";
    UNKNOWN_TRANSFER_REFERENCE = "foreign_key_violation", Warning, Skip,
        "what it refers to is not in the feed";
    BAD_TRANSFER = "invalid_transfer", Warning, Skip, "it cannot be understood";
    TRANSFER_AT_NO_STOP = "invalid_transfer", Warning, Skip,
        "vehicles call at stops and stations: nobody changes at an entrance or a node of pathways";
    TRIP_OF_OTHER_ROUTE = "invalid_transfer", Warning, Repair,
        "the trip is not one of that route: read as a row about the trip";
    SAME_TRANSFER_AGAIN = "duplicate_key", Warning, Repair, "the same row stands twice: one is used";
    CONFLICTING_TRANSFERS = "duplicate_key", Warning, Repair,
        "rows about the same stops, routes and trips differ: the strictest holds, whatever their order";
    TIME_OF_OTHER_TRANSFER = "unused_min_transfer_time", Warning, Keep,
        "min_transfer_time counts with transfer_type=2 alone: a blank type is a recommended transfer, without it";
    NO_TRANSFER_TIME = "missing_required_field", Warning, Repair,
        "transfer_type=2 without min_transfer_time is read as recommended";
    FLEX_TRIP = "unsupported_flex_trip", Warning, Skip,
        "GTFS-Flex is not modelled: the trip is not in the numbers";
    BAD_PATHWAY = "invalid_pathway", Warning, Skip, "it cannot be understood";
    BAD_TRAVERSAL = "number_out_of_range", Warning, Repair,
        "it should be a whole number other than 0: read as if it were blank";
    BAD_LEVEL = "invalid_level", Warning, Skip, "levels tell how far lifts and stairs go: this one is not known";
    BAD_SHAPE_POINT = "invalid_shape_point", Warning, Skip, "the shape is drawn without it";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_limit_needs_both_a_number_and_a_share() {
        assert!(!too_many(19, 19));
        assert!(too_many(20, 20));
        assert!(!too_many(20, 400));
        assert!(too_many(21, 400));
        assert!(too_many(u64::MAX, u64::MAX));
    }

    #[test]
    fn codes_are_names_and_every_rule_says_why() {
        for rule in RULES {
            assert!(
                rule.code
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()),
                "{rule:?}"
            );
            assert!(!rule.why.is_empty() && !rule.why.ends_with('.'), "{rule:?}");
            assert!(rule.action != Action::Refuse || rule.severity == Severity::Error, "{rule:?}");
        }
    }
}
