//! The columns of stop_times.txt and what their cells mean.

use super::ledger::FileAccount;
use super::policy;
use super::records::CallRule;
use super::table::{GtfsColumn, GtfsRow, GtfsTable, WantedColumns};

/// The columns that are read.
pub const STOP_TIMES: WantedColumns = WantedColumns {
    table: "stop_times.txt",
    required: &["trip_id", "stop_sequence"],
    optional: &[
        "arrival_time",
        "departure_time",
        "stop_id",
        "pickup_type",
        "drop_off_type",
        "shape_dist_traveled",
        "timepoint",
        "continuous_pickup",
        "continuous_drop_off",
        "location_id",
        "location_group_id",
        "start_pickup_drop_off_window",
        "end_pickup_drop_off_window",
    ],
    beside: &[],
};

/// Where its columns stand.
pub struct StopTimeColumns {
    /// `trip_id`.
    pub trip: GtfsColumn,
    /// `stop_sequence`.
    pub sequence: GtfsColumn,
    /// `arrival_time`.
    pub arrival: GtfsColumn,
    /// `departure_time`.
    pub departure: GtfsColumn,
    /// `stop_id`.
    pub stop: GtfsColumn,
    /// `pickup_type`.
    pub pickup: GtfsColumn,
    /// `drop_off_type`.
    pub drop_off: GtfsColumn,
    /// `shape_dist_traveled`.
    pub along: GtfsColumn,
    /// `timepoint`.
    pub timepoint: GtfsColumn,
    continuous: [GtfsColumn; 2],
    flex: [GtfsColumn; 4],
    has_extras: bool,
}

impl StopTimeColumns {
    /// Finds them.
    pub fn of(table: &GtfsTable<'_>) -> StopTimeColumns {
        let at = |name| table.column(name);
        let continuous = [at("continuous_pickup"), at("continuous_drop_off")];
        let flex = [
            at("location_id"),
            at("location_group_id"),
            at("start_pickup_drop_off_window"),
            at("end_pickup_drop_off_window"),
        ];
        StopTimeColumns {
            trip: at("trip_id"),
            sequence: at("stop_sequence"),
            arrival: at("arrival_time"),
            departure: at("departure_time"),
            stop: at("stop_id"),
            pickup: at("pickup_type"),
            drop_off: at("drop_off_type"),
            along: at("shape_dist_traveled"),
            timepoint: at("timepoint"),
            continuous,
            flex,
            has_extras: continuous.iter().chain(&flex).any(|column| column.is_there()),
        }
    }

    /// Whether the row is of a service on demand.
    pub fn is_flex(&self, row: &GtfsRow<'_>) -> bool {
        self.has_extras && self.flex.iter().any(|column| !row.cell(*column).is_empty())
    }

    /// Whether one may get on or off between stops.
    pub fn is_continuous(&self, row: &GtfsRow<'_>) -> bool {
        self.has_extras
            && self.continuous.iter().any(|column| matches!(row.cell(*column), b"0" | b"2" | b"3"))
    }
}

/// Digits only; numbers past 2⁶⁴ are no order anybody means.
pub fn whole_number(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() {
        return None;
    }
    cell.iter().try_fold(0_u64, |n, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        n.checked_mul(10)?.checked_add(digit)
    })
}

/// A distance in whatever unit, if it is a number.
pub fn distance(cell: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(cell).ok().filter(|text| !text.is_empty())?;
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Whether one may get on or off.
pub fn call_rule(
    row: &GtfsRow<'_>,
    column: GtfsColumn,
    name: &str,
    page: &mut FileAccount<'_, '_>,
) -> CallRule {
    match row.cell(column) {
        b"" | b"0" => CallRule::Regular,
        b"1" => CallRule::Never,
        b"2" => CallRule::Phone,
        b"3" => CallRule::Driver,
        _ => {
            page.at(
                &policy::UNKNOWN_CALL_RULE,
                row.line,
                format!("{}: {}", row.show("trip_id"), row.show(name)),
            );
            CallRule::Regular
        }
    }
}
