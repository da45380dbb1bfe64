//! Supply that is shared: capacity for each 1,000 people by two-step floating catchment areas.

use super::columns::{ColumnMeaning, IndicatorColumns};
use super::counts::open_in_window;
use super::{BOTH, Indicators, MAP, ProfileIndicators};
use crate::access::catchment::two_step;
use crate::ids::Idx;

impl Indicators<'_> {
    pub(super) fn catchments(&self, walker: &ProfileIndicators, columns: &mut IndicatorColumns) {
        let people = self.residents.counts().as_slice();
        for catchment in &self.project.catchments {
            let Some(at) = self.categories.iter().position(|of| of.name == catchment.category)
            else {
                continue;
            };
            let window = catchment.window.as_ref();
            let window =
                window.and_then(|name| walker.windows.iter().find(|window| window.name == *name));
            // Who is shared with is known only as far as was searched.
            let longest = if catchment.window.is_some() {
                self.project.transit.max_time
            } else {
                self.project.walk.max_walk
            };
            if catchment.cutoff > longest {
                continue;
            }
            let found = match (window, &catchment.window) {
                (Some(window), _) => &window.each[at],
                (None, None) => &walker.each_on_foot[at],
                (None, Some(_)) => continue,
            };
            let supply = two_step(found, people, &self.capacities[at], catchment.cutoff);
            let open = if window.is_some() { open_in_window(&self.categories[at]) } else { "" };
            let how = if window.is_some() { "by public transport or on foot" } else { "on foot" };
            let (minutes, who) = (catchment.cutoff.as_minutes(), self.residents.counted().name());
            let says = ColumnMeaning {
                unit: "per 1,000",
                decimals: 3,
                meaning: format!(
                    "capacity for each 1,000 {who} of: {}{}{open}, shared by all of the study's people within {minutes} min {how} (two-step floating catchment area); mean over its people",
                    self.categories[at].label, walker.says
                ),
                window: window.map(|window| window.when.as_str()),
                source: if window.is_some() { BOTH } else { MAP },
            };
            let name = format!("{}_2sfca{}_{}", catchment.category, walker.suffix, catchment.name);
            columns.add(&name, says, self.mean(|origin| supply[origin.at()] * 1000.0));
        }
    }
}
