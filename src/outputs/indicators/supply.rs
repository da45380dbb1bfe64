//! Supply that is shared: capacity for each 1,000 people by two-step floating catchment areas.

use super::columns::{Columns, Says};
use super::counts::open_in_window;
use super::{BOTH, Indicators, MAP, Walker};
use crate::access::catchment::two_step;
use crate::access::edge::Place;
use crate::ids::{Idx, OriginIdx};
use crate::outputs::table::Value;

impl Indicators<'_> {
    pub(super) fn catchments(&self, walker: &Walker, columns: &mut Columns) {
        let people: Vec<f64> = self.origins.points.iter().map(|point| point.weight).collect();
        for catchment in &self.project.catchments {
            let Some(at) = self.categories.iter().position(|of| of.name == catchment.category) else {
                continue;
            };
            let window = catchment.window.as_ref();
            let window = window.and_then(|name| walker.windows.iter().find(|window| window.name == *name));
            let found = match (window, &catchment.window) {
                (Some(window), _) => &window.each[at],
                (None, None) => &walker.each_on_foot[at],
                (None, Some(_)) => continue,
            };
            let supply = two_step(found, &people, &self.capacities[at], catchment.cutoff);
            let open = if window.is_some() { open_in_window(&self.categories[at]) } else { "" };
            let how = if window.is_some() { "by public transport or on foot" } else { "on foot" };
            let minutes = catchment.cutoff.as_minutes();
            let says = Says {
                unit: "per 1,000",
                decimals: 3,
                meaning: format!(
                    "capacity for each 1,000 people of: {}{}{open}, shared by all of the study's people within {minutes} min {how} (two-step floating catchment area); mean over its people",
                    self.categories[at].label, walker.says
                ),
                window: window.map(|window| window.when.as_str()),
                source: if window.is_some() { BOTH } else { MAP },
            };
            let name = format!("{}_2sfca{}_{}", catchment.category, walker.suffix, catchment.name);
            columns.add(&name, says, self.mean(|origin| supply[origin.at()] * 1000.0));
        }
    }

    /// The mean over each neighbourhood's people; nothing is known off the map.
    pub(super) fn mean(&self, of: impl Fn(OriginIdx) -> f64) -> Vec<Value> {
        let mean = |(zone, edge): (&Vec<OriginIdx>, &(Place, Place))| {
            let weight = |origin: &OriginIdx| self.origins.points[*origin].weight;
            let people: f64 = zone.iter().map(weight).sum();
            if people <= 0.0 || edge.1 == Place::Outside {
                return Value::Missing;
            }
            Value::number(zone.iter().map(|origin| of(*origin) * weight(origin)).sum::<f64>() / people)
        };
        self.by_zone.iter().zip(self.edges.iter()).map(mean).collect()
    }
}
