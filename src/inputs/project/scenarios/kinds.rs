//! The kinds of modifications, as they were understood.

use jiff::civil::Date;

use super::shapes::{DrawnArea, DrawnCourse};
use crate::geometry::LonLat;
use crate::units::{Seconds, ServiceTime};

/// What a modification does.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ModificationKind {
    /// These trips do not run.
    Cut(TripSelection),
    /// Of these trips each `every`th runs, the first among them.
    Thin {
        /// Which.
        trips: TripSelection,
        /// At least 2.
        every: u32,
    },
    /// In the place of these trips, one leaves in each so many minutes from the beginning of the
    /// band to its end.
    Headway {
        /// Which; the band has both ends.
        trips: TripSelection,
        /// Between departures.
        headway: Seconds,
    },
    /// These trips run a part of their way only.
    Shorten {
        /// Which.
        trips: TripSelection,
        /// They begin here.
        from: Option<String>,
        /// They end here.
        to: Option<String>,
    },
    /// These trips pass some stops without calling.
    Skip {
        /// Which.
        trips: TripSelection,
        /// Names or ids.
        stops: Vec<String>,
    },
    /// The running and dwell times of these trips are multiplied.
    Pace {
        /// Which.
        trips: TripSelection,
        /// Above 1 is slower.
        factor: f64,
    },
    /// These trips take another way between two of their stops.
    Reroute {
        /// Which.
        trips: TripSelection,
        /// The last stop before the way changes.
        from: String,
        /// The first stop behind it.
        to: String,
        /// The stops between: names, ids or `LON LAT`; none: straight on.
        via: Vec<String>,
        /// How long it takes.
        pace: NewWayPace,
    },
    /// These trips call at one more stop.
    AddStop {
        /// Which.
        trips: TripSelection,
        /// A name, an id or `LON LAT`.
        stop: String,
        /// The stop it follows; none: wherever that is the least way round.
        behind: Option<String>,
        /// How long they stand there.
        dwell: Seconds,
        /// How much longer they drive.
        adds: Seconds,
    },
    /// These trips call elsewhere in the place of a stop.
    MoveStop {
        /// Which.
        trips: TripSelection,
        /// A name or id.
        stop: String,
        /// Where it will be.
        to: LonLat,
    },
    /// A new line.
    AddRoute(NewRoute),
    /// Streets that nobody can walk any more.
    CloseStreet(StreetChoice),
    /// A new footpath.
    AddPath {
        /// Its course.
        line: DrawnCourse,
        /// How near to a street each of its ends has to be, metres.
        snap: f64,
        /// It has steps.
        steps: bool,
    },
    /// Premises of some neighbourhoods get broadband that they could not have, or lose it.
    Broadband(NewCoverage),
    /// Places of a category are shut.
    Close {
        /// The category's name.
        category: String,
        /// Which.
        places: PlaceChoice,
    },
    /// There is a new place of a category.
    Open {
        /// The category's name.
        category: String,
        /// Where.
        at: LonLat,
    },
}

/// Which trips: those that fit every one of the words given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TripSelection {
    /// Names of routes as passengers know them, any of which will do; none: all.
    pub routes: Vec<String>,
    /// Ids of routes in their feed, any of which will do; none: all.
    pub route_ids: Vec<String>,
    /// Operators' names.
    pub operators: Vec<String>,
    /// Trip ids.
    pub trips: Vec<String>,
    /// A feed's file name.
    pub feed: Option<String>,
    /// `direction_id`.
    pub direction: Option<bool>,
    /// What they show as where they go, any of which will do.
    pub headsigns: Vec<String>,
    /// Stops that they call at, any of which will do.
    pub stops: Vec<String>,
    /// The pattern: the first stop, the last, and between them stops in the order in which they
    /// call; two at least, or none.
    pub pattern: Vec<String>,
    /// When they leave their first stop.
    pub band: Band,
    /// On which days of the week.
    pub days: Days,
}

/// A band of departures from the first stop, by service time: from `from` until just before
/// `until`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Band {
    /// The first moment; none: from the beginning of service.
    pub from: Option<ServiceTime>,
    /// The end; none: to the end of service, the night past 24:00 included.
    pub until: Option<ServiceTime>,
}

/// Days of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub [bool; 7]);

impl Default for Days {
    fn default() -> Days {
        Days([true; 7])
    }
}

impl Days {
    /// Whether a date is on one of them.
    pub fn holds(&self, date: Date) -> bool {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.0[day]
    }
}

/// How long a new way takes.
#[derive(Clone, Debug, PartialEq)]
pub enum NewWayPace {
    /// From each stop to the next, one for each.
    Legs(Vec<Seconds>),
    /// From stop to stop in a straight line, km/h.
    Speed(f64),
}

/// A new line of stops.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRoute {
    /// Its name.
    pub name: String,
    /// Names or ids of stops, or `LON LAT`, in order; at least two, or none where a course has
    /// stops at a distance.
    pub stops: Vec<String>,
    /// The way it takes; without one it goes straight from stop to stop.
    pub course: Option<DrawnCourse>,
    /// Without stops, how far apart they are along the course, metres: the number next to it that
    /// divides the course evenly.
    pub spacing: Option<f64>,
    /// Between departures.
    pub headway: Seconds,
    /// Along its course, else from stop to stop in a straight line, km/h.
    pub speed_kmh: f64,
    /// The first departure of each direction, and the end of departures.
    pub band: (ServiceTime, ServiceTime),
    /// On these days.
    pub days: Days,
    /// Only from the first stop to the last.
    pub one_way: bool,
}

/// Which streets.
#[derive(Clone, Debug, PartialEq)]
pub enum StreetChoice {
    /// Ways of OpenStreetMap by their ids.
    Ways(Vec<i64>),
    /// Ways with one of these names that touch a place.
    Named {
        /// Their names.
        names: Vec<String>,
        /// The place.
        place: Vicinity,
    },
    /// What lies within polygons.
    Within(DrawnArea),
    /// What lies along lines, or crosses them.
    Along {
        /// The lines.
        lines: Vec<DrawnCourse>,
        /// Up to so many metres away.
        within: f64,
    },
}

/// A place on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Vicinity {
    /// West, south, east and north, degrees.
    Box([f64; 4]),
    /// About a point, metres.
    Point(LonLat, f64),
}

/// Broadband of some neighbourhoods as it will be.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCoverage {
    /// What premises can have.
    pub speed: Speed,
    /// The share of premises that can, percent.
    pub share_pct: f64,
    /// No more than that can have it; else no fewer.
    pub at_most: bool,
    /// Where.
    pub places: CoveredPlaces,
}

/// Where broadband changes.
#[derive(Clone, Debug, PartialEq)]
pub enum CoveredPlaces {
    /// In these neighbourhoods, by their codes.
    Codes(Vec<String>),
    /// For those who live within polygons.
    Within(DrawnArea),
}

/// What a connection can do. Each of these includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speed {
    /// 10 Mbit/s down and 1 up.
    Decent,
    /// 30 Mbit/s or more.
    Superfast,
    /// 100 Mbit/s or more.
    Ultrafast100,
    /// 300 Mbit/s or more.
    Ultrafast,
    /// 1 Gbit/s.
    Gigabit,
    /// Fibre all the way.
    FullFibre,
}

impl Speed {
    /// All of them with their names.
    pub const NAMED: [(&'static str, Speed); 6] = [
        ("decent", Speed::Decent),
        ("superfast", Speed::Superfast),
        ("ultrafast100", Speed::Ultrafast100),
        ("ultrafast", Speed::Ultrafast),
        ("gigabit", Speed::Gigabit),
        ("full_fibre", Speed::FullFibre),
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        Speed::NAMED.iter().find(|(_, speed)| *speed == self).map_or("", |(name, _)| name)
    }
}

/// Which places of a category.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceChoice {
    /// All.
    All,
    /// Those with one of these names or ids.
    Named(Vec<String>),
    /// The nearest to a point.
    Nearest(LonLat),
}
