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

use super::table::{NeighbourhoodTable, Value};
use crate::access::each_place::Found;
use crate::access::edge::Place;
use crate::access::lines::OnLine;
use crate::access::rollup::Weighted;
use crate::access::survey::{InWindow, Survey};
use crate::ids::{CategoryIdx, Idx, IdxVec, OriginIdx, ZoneIdx};
use crate::inputs::attributes::AttributeTable;
use crate::inputs::broadband::Broadband;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::Origins;
use crate::inputs::project::{Category, Project};
use crate::routing::network::Joined;
use crate::units::{Seconds, Share};
use columns::Columns;
pub use dependency::Depends;
pub use nearby::Nearby;

/// What the table is made from.
pub struct Indicators<'a> {
    /// The neighbourhoods.
    pub zones: &'a Neighbourhoods,
    /// Where their people are.
    pub origins: &'a Origins,
    /// The origins of each neighbourhood.
    pub by_zone: &'a [Vec<OriginIdx>],
    /// Where each neighbourhood lies with respect to the edge of the map: its least lucky and its luckiest point.
    pub edges: &'a IdxVec<ZoneIdx, (Place, Place)>,
    /// The categories of places.
    pub categories: &'a [Category],
    /// Percentiles of travel times.
    pub percentiles: &'a [u8],
    /// Cut-offs, minutes.
    pub cutoffs_min: &'a [u32],
    /// The longest walk, minutes, for the words of the dictionary.
    pub max_walk_min: u32,
    /// The longest journey, minutes, likewise.
    pub max_time_min: u32,
    /// What was found for each kind of walker; the first one's fields have the plain names.
    pub walkers: &'a [Walker<'a>],
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
    pub depends: &'a [Depends],
    /// When, and by origin the public transport access index.
    pub access_index: Option<(&'a str, &'a [f64])>,
}

/// What was found for one kind of walker.
pub struct Walker<'a> {
    /// The part of field names that tells it from the first one, such as `_step_free`; nothing for the first.
    pub suffix: &'a str,
    /// How the meaning of a field tells what is special about it, such as `, without steps`.
    pub says: &'a str,
    /// The origins on the streets that it uses.
    pub joined: &'a Joined,
    /// The walks.
    pub survey: &'a Survey,
    /// What was found in each window.
    pub windows: &'a [WindowResults],
    /// By category, then origin: each place within reach on foot; nothing for a category that is not asked about.
    pub each_on_foot: &'a [Vec<Found>],
}

/// A window's results.
pub struct WindowResults {
    /// Its name in the project.
    pub name: String,
    /// When it is, for the dictionary: date and times.
    pub when: String,
    /// By origin.
    pub origins: Vec<InWindow>,
    /// By origin: whether any vehicle can be caught from it in the window.
    pub has_service: Vec<bool>,
    /// By origin: vehicles that can be boarded nearby, an hour.
    pub departures_per_hour: Vec<f64>,
    /// By origin: how it lies to the lines.
    pub on_lines: Vec<OnLine>,
    /// By origin: hours of the date with service; for the first window of each date.
    pub service_hours: Option<Vec<u32>>,
    /// By category, then origin: each place within reach; nothing for a category that is not asked about.
    pub each: Vec<Vec<Found>>,
}

const PEOPLE: &str = "population";
const MAP: &str = "OpenStreetMap";
const BOTH: &str = "OpenStreetMap, GTFS";

impl Indicators<'_> {
    /// Makes the table.
    pub fn table(&self) -> NeighbourhoodTable {
        let mut columns = Columns::default();
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
        columns.into_table(self.zones)
    }

    /// The times of each neighbourhood's points with their people.
    fn weighed(&self, time: impl Fn(OriginIdx) -> Option<Seconds>) -> Vec<Weighted> {
        let of_zone = |zone: &Vec<OriginIdx>| {
            let mut weighted = Weighted::default();
            zone.iter().for_each(|origin| weighted.add(time(*origin), self.origins.points[*origin].weight));
            weighted
        };
        self.by_zone
            .iter()
            .zip(self.edges.iter())
            .map(|(zone, edge)| if edge.1 == Place::Outside { Weighted::default() } else { of_zone(zone) })
            .collect()
    }

    /// The share of each neighbourhood's people that something holds for.
    fn zones_share(&self, holds: impl Fn(OriginIdx) -> bool) -> Vec<Value> {
        let share = |zone: &Vec<OriginIdx>| {
            let weight = |origin: &OriginIdx| self.origins.points[*origin].weight;
            let all: f64 = zone.iter().map(weight).sum();
            Value::percent(Share::of(zone.iter().filter(|origin| holds(**origin)).map(weight).sum(), all))
        };
        self.by_zone.iter().map(share).collect()
    }

    /// The same, but nothing is known of neighbourhoods off the map.
    fn known_share(&self, holds: impl Fn(OriginIdx) -> bool) -> Vec<Value> {
        let known = self.edges.iter().map(|(_, best)| *best != Place::Outside);
        self.zones_share(holds)
            .into_iter()
            .zip(known)
            .map(|(share, known)| if known { share } else { Value::Missing })
            .collect()
    }

    /// The most that half of each neighbourhood's people reach; nothing is known off the map.
    fn half_reach(&self, count: impl Fn(OriginIdx) -> Option<f64>) -> Vec<Value> {
        let of_zone = |(zone, edge): (&Vec<OriginIdx>, &(Place, Place))| {
            if edge.1 == Place::Outside {
                return Value::Missing;
            }
            let counts =
                zone.iter().filter_map(|origin| Some((count(*origin)?, self.origins.points[*origin].weight)));
            crate::access::rollup::half_reach(counts).map_or(Value::Missing, Value::number)
        };
        self.by_zone.iter().zip(self.edges.iter()).map(of_zone).collect()
    }
}

/// A distance as part of a field's name: `1km`, `500m`.
pub(super) fn distance(metres: crate::units::Metres) -> String {
    let whole = metres.0.round();
    if whole > 0.0 && whole % 1000.0 == 0.0 { format!("{}km", whole / 1000.0) } else { format!("{whole}m") }
}
