//! What a feed holds once it is read: ids resolved to positions within the feed, times parsed,
//! blanks filled.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use crate::geometry::LonLat;
use crate::units::{Metres, Seconds, ServiceTime};

/// One feed. All `u32` fields named after a table are positions in that table's vector here.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// The file or folder name as the user gave it, without its path.
    pub name: String,
    /// SHA-256 of the zip, or of the folder's files in the order of their names; hexadecimal.
    pub sha256: String,
    /// `feed_version`, if the feed says one.
    pub version: Option<String>,
    /// The days for which the feed answers.
    pub period: FeedPeriod,
    /// The agencies' one timezone, an IANA name that the time zone database knows.
    pub timezone: String,
    /// In the order of stops.txt.
    pub stops: Vec<Stop>,
    /// In the order of routes.txt.
    pub routes: Vec<Route>,
    /// calendar.txt and calendar_dates.txt joined, in the order of their ids.
    pub services: Vec<Service>,
    /// In the order of trips.txt, those that can be used.
    pub trips: Vec<Trip>,
    /// The calls of all trips, each trip's in order: see [`Trip::calls`].
    pub calls: Vec<Call>,
    /// frequencies.txt.
    pub frequencies: Vec<Frequency>,
    /// transfers.txt.
    pub transfers: Vec<TransferRow>,
    /// pathways.txt.
    pub pathways: Vec<Pathway>,
    /// Rows that were read, by file, for the summary of `check`.
    pub rows_read: Vec<(String, u64)>,
    /// What a scenario does to trips, by their position; nothing in a feed as published.
    pub changes: BTreeMap<u32, TripChange>,
}

/// The days for which a feed says to be complete and reliable (`feed_start_date`, `feed_end_date`).
/// What it holds beyond them has no authority (GTFS reference, feed_info.txt).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FeedPeriod {
    /// The first; `None`: it says none.
    pub first: Option<Date>,
    /// The last; `None`: it says none.
    pub last: Option<Date>,
}

impl FeedPeriod {
    /// Whether the feed answers for a date, as far as it says.
    pub fn holds(&self, date: Date) -> bool {
        self.first.is_none_or(|first| date >= first) && self.last.is_none_or(|last| date <= last)
    }
}

/// A row of stops.txt.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// `stop_id`.
    pub id: String,
    /// `stop_name`, lossily decoded and not yet made safe for printing.
    pub name: String,
    /// `platform_code`.
    pub platform: Option<String>,
    /// What it is.
    pub kind: StopKind,
    /// `parent_station`, a position in [`Feed::stops`].
    pub parent: Option<u32>,
    /// Where it is; a platform without coordinates takes its parent's (with a finding). `None`:
    /// nowhere known.
    pub point: Option<LonLat>,
    /// `wheelchair_boarding`: whether wheelchairs can get on, or through an entrance. What a stop
    /// does not say is taken from its parent; `None`: nobody says.
    pub wheelchair: Option<bool>,
    /// `stop_access`, of a platform of a station; `None`: undefined.
    pub access: Option<StopAccess>,
    /// `level_id`, by its index in levels.txt.
    pub level: Option<Level>,
}

/// `stop_access`: how the street leads to a platform of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopAccess {
    /// 0: only through the station's entrances or, without any, by the place of the station.
    ThroughStation,
    /// 1: straight from the street, whatever entrances and pathways the station has.
    FromStreet,
}

/// `level_index`: 0 is the ground, 1 the floor above it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(pub f64);

/// `location_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// 0: a stop or platform.
    Platform,
    /// 1.
    Station,
    /// 2: an entrance or exit.
    Entrance,
    /// 3: a generic node of a station's pathways.
    Node,
    /// 4: a boarding area of a platform.
    BoardingArea,
}

/// A row of routes.txt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `route_id`.
    pub id: String,
    /// `route_short_name`, else the long name.
    pub name: String,
    /// `route_long_name`.
    pub long_name: String,
    /// The agency's name.
    pub agency: String,
    /// `route_type` as given: 0–12 or 100–1702; others come with a finding.
    pub route_type: u16,
}

impl Route {
    /// The name that passengers know: without what a publisher puts behind it to tell namesakes
    /// apart.
    pub fn known_as(&self) -> &str {
        // A long name is words, not a number.
        if self.name == self.long_name {
            &self.name
        } else {
            without_suffix(&self.name, Some(&self.id))
        }
    }

    /// What runs on it, in a word, as basic and extended `route_type`s tell (Google, "Extended GTFS
    /// Route Types").
    pub fn mode(&self) -> &'static str {
        match self.route_type {
            0 | 900..=999 => "tram",
            1 | 400..=699 => "underground",
            2 | 100..=199 | 300..=399 => "rail",
            3 | 700..=799 => "bus",
            200..=299 => "coach",
            4 | 1000..=1099 | 1200..=1299 => "ferry",
            5 => "cable tram",
            6 | 1300..=1399 => "aerial lift",
            7 | 1400..=1499 => "funicular",
            11 | 800..=899 => "trolleybus",
            12 => "monorail",
            1100..=1199 => "air",
            1500..=1599 => "taxi",
            _ => "other",
        }
    }
}

/// A route's name without what a publisher puts behind it to tell namesakes apart: a hyphen and the
/// route's own id, or four digits and more (`2-63708` is 2). Fewer digits are part of a name, as in
/// `50-51`.
pub fn without_suffix<'a>(name: &'a str, id: Option<&str>) -> &'a str {
    match name.rsplit_once('-') {
        Some((number, tail))
            if !number.is_empty()
                && (id == Some(tail) && !tail.is_empty()
                    || tail.len() > 3 && tail.bytes().all(|b| b.is_ascii_digit())) =>
        {
            number
        }
        _ => name,
    }
}

/// A service: the dates on which its trips run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// `service_id`.
    pub id: String,
    /// Sorted, without repeats.
    pub dates: Vec<Date>,
}

impl Service {
    /// Whether it runs on a date.
    pub fn runs_on(&self, date: Date) -> bool {
        self.dates.binary_search(&date).is_ok()
    }
}

/// A row of trips.txt with its calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// `trip_id`.
    pub id: String,
    /// A position in [`Feed::routes`].
    pub route: u32,
    /// A position in [`Feed::services`].
    pub service: u32,
    /// `trip_headsign`.
    pub headsign: Option<String>,
    /// `block_id`, numbered within the feed.
    pub block: Option<u32>,
    /// `direction_id`.
    pub direction: Option<bool>,
    /// `shape_id`.
    pub shape: Option<String>,
    /// `wheelchair_accessible`: whether its vehicle takes a wheelchair; `None`: nobody says.
    pub wheelchair: Option<bool>,
    /// Taken out after it was read, as a cut in service does: it never runs, but keeps its place in
    /// its block, so that the trips before and after it are not taken for neighbours. No feed says
    /// so: `false` when read.
    pub withdrawn: bool,
    /// Its calls, a run of [`Feed::calls`]; at least two, times never falling.
    pub calls: Range<u32>,
}

/// A row of stop_times.txt: a vehicle's call at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// A position in [`Feed::stops`].
    pub stop: u32,
    /// Arrival; interpolated where the feed leaves it blank.
    pub arrival: ServiceTime,
    /// Departure, not before the arrival.
    pub departure: ServiceTime,
    /// May one get on?
    pub pickup: CallRule,
    /// May one get off?
    pub drop_off: CallRule,
    /// The times were blank in the feed.
    pub interpolated: bool,
}

/// `pickup_type` and `drop_off_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallRule {
    /// 0 or blank.
    Regular,
    /// 1.
    Never,
    /// 2: phone the agency first.
    Phone,
    /// 3: ask the driver.
    Driver,
}

/// A row of frequencies.txt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frequency {
    /// A position in [`Feed::trips`]; that trip runs only as this table says.
    pub trip: u32,
    /// The first departure from the first stop.
    pub start: ServiceTime,
    /// Departures are before this.
    pub end: ServiceTime,
    /// Above zero.
    pub headway: Seconds,
    /// `exact_times=1`: departures at start + k·headway. Otherwise only the headway is promised.
    pub exact: bool,
}

/// A row of transfers.txt. The most specific of the rows that fit a pair of trips holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    /// From a stop or station; blank only for kinds 4 and 5.
    pub from_stop: Option<u32>,
    /// To a stop or station.
    pub to_stop: Option<u32>,
    /// Only from this route.
    pub from_route: Option<u32>,
    /// Only to this route.
    pub to_route: Option<u32>,
    /// Only from this trip.
    pub from_trip: Option<u32>,
    /// Only to this trip.
    pub to_trip: Option<u32>,
    /// What the row says.
    pub kind: TransferKind,
    /// The line in transfers.txt, for findings.
    pub line: u64,
}

/// `transfer_type` with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// 0: recommended.
    Recommended,
    /// 1: the departing vehicle waits.
    Timed,
    /// 2: at least this long.
    MinimumTime(Seconds),
    /// 3: not possible.
    Forbidden,
    /// 4: stay seated.
    StaySeated,
    /// 5: not by staying seated.
    GetOff,
}

impl TransferKind {
    /// Of rows that are as specific as each other the strictest holds, so that their order decides
    /// nothing and no change is promised that a row denies.
    pub fn strictness(self) -> (u8, Seconds) {
        match self {
            TransferKind::Forbidden | TransferKind::GetOff => (3, Seconds::ZERO),
            TransferKind::MinimumTime(least) => (2, least),
            TransferKind::Recommended => (1, Seconds::ZERO),
            TransferKind::Timed | TransferKind::StaySeated => (0, Seconds::ZERO),
        }
    }

    /// Whether it is about staying seated, not about changing on foot.
    pub fn is_about_seats(self) -> bool {
        matches!(self, TransferKind::StaySeated | TransferKind::GetOff)
    }
}

/// A row of pathways.txt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pathway {
    /// From a stop.
    pub from: u32,
    /// To a stop.
    pub to: u32,
    /// `pathway_mode`: 1 walkway, 2 stairs, 3 moving pavement, 4 escalator, 5 lift, 6 fare gate, 7
    /// exit gate.
    pub mode: u8,
    /// Whether it can be walked both ways.
    pub both_ways: bool,
    /// `length`.
    pub length: Option<Metres>,
    /// `traversal_time`.
    pub time: Option<Seconds>,
    /// `stair_count`, up or down.
    pub stairs: Option<StairCount>,
}

/// A number of single steps, above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StairCount(pub u32);

/// What a scenario does to a trip. The trip itself stays as published, so that what hangs on it
/// stays too: which trip of its block a rider may stay seated for is decided by the feed as
/// published, and a trip that is taken out leaves a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TripChange {
    /// Departures that do not run.
    pub withdrawn: Vec<TripDepartures>,
    /// The trip runs in the place of another, only when that one is withdrawn by it.
    pub stands_in: Option<StandIn>,
}

impl TripChange {
    /// Whether a departure of the trip runs.
    pub fn runs(&self, date: Date, departure: ServiceTime) -> bool {
        !self.withdrawn.iter().any(|these| these.hold(date, departure))
            && self.stands_in.as_ref().is_none_or(|stand_in| stand_in.when.hold(date, departure))
    }
}

/// Some departures of a trip: one on each date, or several with frequencies.txt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TripDepartures {
    /// On these service dates, sorted.
    pub dates: Arc<[Date]>,
    /// Leaving the first stop at this time or later.
    pub from: ServiceTime,
    /// And before this.
    pub until: ServiceTime,
}

impl TripDepartures {
    /// Whether a departure is one of them.
    pub fn hold(&self, date: Date, departure: ServiceTime) -> bool {
        (self.from..self.until).contains(&departure) && self.dates.binary_search(&date).is_ok()
    }
}

/// In whose place a trip runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// The trip as published, a position in [`Feed::trips`].
    pub of: u32,
    /// When.
    pub when: TripDepartures,
    /// It begins where that one begins: riders of the trip before in the block stay seated.
    pub begins_alike: bool,
    /// It ends where that one ends: its riders stay seated for the next trip of the block.
    pub ends_alike: bool,
}
