//! The table of neighbourhoods: every indicator with its name, unit and meaning.
//!
//! Names are `<category>_<mode>_<window>_<measure>`, for example `library_transit_am_p50_min`.

mod broadband;
mod categories;
mod columns;
mod counts;
mod dependency;
mod doubly;
mod jobs;
mod lines;
mod loss;
mod nearby;
mod people;
mod service;
mod supply;
mod tables;

use std::sync::Arc;

use super::table::{NeighbourhoodTable, Value};
use crate::access::line_status::LineStatus;
use crate::access::origin_accessibility::{OriginWindow, Survey};
use crate::access::per_place::OriginPlaces;
use crate::access::residents::Residents;
use crate::access::rollup::WeightedTimes;
use crate::ids::{CategoryIdx, Idx, NeighbourhoodIdx, OriginIdx};
use crate::inputs::attributes::AttributeTable;
use crate::inputs::broadband::Broadband;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::Origins;
use crate::inputs::project::{Category, Project};
use crate::routing::network::Joined;
use crate::units::{Seconds, Share};
use columns::IndicatorColumns;
pub use dependency::OriginDependency;
pub use nearby::Nearby;

/// What the table is made from.
pub struct Indicators<'a> {
    /// The neighbourhoods.
    pub zones: &'a Neighbourhoods,
    /// What their origin points are.
    pub origins: &'a Origins,
    /// Who lives there, and of whom anything can be known.
    pub residents: &'a Residents,
    /// The categories of places.
    pub categories: &'a [Category],
    /// Percentiles of travel times.
    pub percentiles: &'a [u8],
    /// What was found for each kind of walker; the first one's fields have the plain names.
    pub walkers: &'a [ProfileIndicators<'a>],
    /// Broadband.
    pub broadband: Option<&'a Broadband>,
    /// Further facts, carried as they are.
    pub tables: &'a [AttributeTable],
    /// Which further measures are wanted.
    pub project: &'a Project,
    /// Places near each neighbourhood.
    pub nearby: &'a [Nearby],
    /// By category: the capacity of each place, where catchments ask for it.
    pub capacities: &'a [Vec<f64>],
    /// What hangs on one line, for the first kind of walker.
    pub depends: &'a [OriginDependency],
    /// When, and by origin the public transport access index.
    pub access_index: Option<(&'a str, &'a [f64])>,
}

/// What was found for one kind of walker.
pub struct ProfileIndicators<'a> {
    /// The part of field names that tells it from the first one, such as `_step_free`; nothing for
    /// the first.
    pub suffix: &'a str,
    /// How the meaning of a field tells what is special about it, such as `, without steps`.
    pub says: &'a str,
    /// The origins on the streets that it uses.
    pub joined: &'a Joined,
    /// The walks.
    pub survey: &'a Survey,
    /// What was found in each window.
    pub windows: &'a [Arc<WindowResults>],
    /// By category, then origin: each place within reach on foot; nothing for a category that is
    /// not asked about.
    pub each_on_foot: &'a [Vec<OriginPlaces>],
}

/// A window's results.
#[derive(Clone)]
pub struct WindowResults {
    /// Its name in the project.
    pub name: String,
    /// When it is, for the dictionary: date and times.
    pub when: String,
    /// By origin.
    pub origins: Vec<OriginWindow>,
    /// By origin: whether any vehicle can be caught from it in the window.
    pub has_service: Vec<bool>,
    /// By origin: vehicles that can be boarded nearby, an hour.
    pub departures_per_hour: Vec<f64>,
    /// By origin: how it lies to the lines.
    pub on_lines: Vec<LineStatus>,
    /// By origin: hours of the date with service; for the first window of each date.
    pub service_hours: Option<Vec<u32>>,
    /// By category, then origin: each place within reach; nothing for a category that is not asked
    /// about.
    pub each: Vec<Vec<OriginPlaces>>,
}

const PEOPLE: &str = "population";
const MAP: &str = "OpenStreetMap";
const BOTH: &str = "OpenStreetMap, GTFS";

impl Indicators<'_> {
    /// Makes the table.
    pub fn table(&self) -> NeighbourhoodTable {
        let mut columns = IndicatorColumns::default();
        self.who(&mut columns);
        self.flags(&mut columns);
        self.walkers.iter().for_each(|walker| self.cut_off(walker, &mut columns));
        self.walkers.iter().for_each(|walker| self.frequency(walker, &mut columns));
        self.walkers.iter().for_each(|walker| self.lines(walker, &mut columns));
        self.nearby(&mut columns);
        for (number, category) in self.categories.iter().enumerate() {
            for walker in self.walkers {
                self.category(walker, CategoryIdx::new(number), category, &mut columns);
                self.counts(walker, CategoryIdx::new(number), category, &mut columns);
                self.gravity_of_places(walker, CategoryIdx::new(number), category, &mut columns);
            }
        }
        self.walkers.iter().for_each(|walker| self.catchments(walker, &mut columns));
        self.walkers.iter().for_each(|walker| self.jobs(walker, &mut columns));
        self.walkers.iter().for_each(|walker| self.losses(walker, &mut columns));
        self.dependencies(&mut columns);
        self.ptal(&mut columns);
        self.broadband(&mut columns);
        self.tables(&mut columns);
        self.walkers.iter().take(1).for_each(|walker| self.doubly_cut_off(walker, &mut columns));
        columns.into_table(self.zones, self.residents.counted())
    }

    /// The longest journey in minutes, for the words of the dictionary.
    fn max_time_min(&self) -> u32 {
        self.project.transit.max_time.get() / 60
    }

    /// The longest walk in minutes, likewise.
    fn max_walk_min(&self) -> u32 {
        self.project.walk.max_walk.get() / 60
    }

    /// The times of each neighbourhood's points with their people; nobody where nothing is known.
    fn weighed(&self, time: impl Fn(OriginIdx) -> Option<Seconds>) -> Vec<WeightedTimes> {
        let of_zone = |zone: Option<&[OriginIdx]>| {
            let mut weighted = WeightedTimes::default();
            let points = zone.unwrap_or_default().iter();
            points.for_each(|origin| weighted.add(time(*origin), self.residents.weight(*origin)));
            weighted
        };
        self.residents.by_zone().map(of_zone).collect()
    }

    /// The share of each neighbourhood's people that something holds for.
    fn share(&self, holds: impl Fn(OriginIdx) -> bool) -> Vec<Value> {
        let weight = |origin: &OriginIdx| self.residents.weight(*origin);
        let share = |zone: &[OriginIdx]| {
            let held = zone.iter().filter(|origin| holds(**origin)).map(weight).sum();
            Share::of(held, zone.iter().map(weight).sum())
        };
        self.residents.by_zone().map(|zone| Value::percent(zone.and_then(share))).collect()
    }

    /// Whether something holds for half of each neighbourhood's people or more. Of those off the
    /// map it is not known, nor of whom `holds` does not tell: where they could turn the answer
    /// there is none.
    fn half(&self, holds: impl Fn(OriginIdx) -> Option<bool>) -> Vec<Value> {
        let weight = |origin: &OriginIdx| self.residents.weight(*origin);
        let answer = |zone: NeighbourhoodIdx| {
            let points = self.residents.of(zone)?;
            let off_map = self.residents.off_map(zone)?;
            let on_map: f64 = points.iter().map(weight).sum();
            let of = |answer: bool| -> f64 {
                points.iter().filter(|origin| holds(**origin) == Some(answer)).map(weight).sum()
            };
            let half = on_map / (1.0 - off_map.0) / 2.0;
            match (of(true) >= half, of(false) > half) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            }
        };
        let flag = |zone| answer(zone).map_or(Value::Missing, Value::Flag);
        self.zones.zones.indices().map(flag).collect()
    }

    /// The most that half of each neighbourhood's people reach.
    fn half_reach(&self, count: impl Fn(OriginIdx) -> Option<f64>) -> Vec<Value> {
        let of_zone = |zone: Option<&[OriginIdx]>| {
            let points = zone?.iter();
            let counts =
                points.filter_map(|origin| Some((count(*origin)?, self.residents.weight(*origin))));
            crate::access::rollup::half_reach(counts)
        };
        self.residents
            .by_zone()
            .map(|zone| of_zone(zone).map_or(Value::Missing, Value::number))
            .collect()
    }

    /// The mean over each neighbourhood's people.
    fn mean(&self, of: impl Fn(OriginIdx) -> f64) -> Vec<Value> {
        let mean = |zone: &[OriginIdx]| {
            let weight = |origin: &OriginIdx| self.residents.weight(*origin);
            let people: f64 = zone.iter().map(weight).sum();
            let sum: f64 = zone.iter().map(|origin| of(*origin) * weight(origin)).sum();
            if people > 0.0 { Value::number(sum / people) } else { Value::Missing }
        };
        self.residents.by_zone().map(|zone| zone.map_or(Value::Missing, mean)).collect()
    }
}

/// A distance as part of a field's name: `1km`, `500m`.
pub(super) fn distance(metres: crate::units::Metres) -> String {
    let whole = metres.get().round();
    if whole > 0.0 && whole % 1000.0 == 0.0 {
        format!("{}km", whole / 1000.0)
    } else {
        format!("{whole}m")
    }
}
