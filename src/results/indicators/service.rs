//! Who has no way to begin with, and how often a vehicle leaves near by.

use super::columns::{ColumnMeaning, IndicatorColumns};
use super::{BOTH, Indicators, MAP, ProfileIndicators};
use crate::access::frequency::NEAR;
use crate::ids::{Idx, OriginIdx};
use crate::results::table::Value;
use crate::routing::network::Joined;

impl Indicators<'_> {
    /// Who has no way to begin with, and how far the streets are.
    pub(super) fn cut_off(&self, walker: &ProfileIndicators, columns: &mut IndicatorColumns) {
        let ProfileIndicators { suffix, says, joined, survey, windows, .. } = walker;
        let on_network = |origin: OriginIdx| !joined.snaps[origin.at()].is_empty();
        let people = |meaning: &str, window| ColumnMeaning {
            unit: "%",
            decimals: 1,
            meaning: format!("{meaning}{says}"),
            window,
            source: BOTH,
        };
        columns.add(
            &format!("pct_off_network{suffix}"),
            people(
                "share of its people whose origin point is on the map and joins no street",
                None,
            ),
            self.share(|origin| !on_network(origin)),
        );
        let longest = ColumnMeaning {
            unit: "m",
            decimals: 0,
            meaning: format!(
                "longest straight way from one of its origin points to the street it joins{says}; empty: none joins any"
            ),
            window: None,
            source: MAP,
        };
        columns.add(
            &format!("snap_max{suffix}_m"),
            longest,
            self.residents.by_zone().map(|zone| longest_snap(joined, zone.unwrap_or_default())),
        );
        if !windows.is_empty() {
            columns.add(
                &format!("pct_no_stop{suffix}"),
                people(
                    "share of its people on the streets without a stop within the longest walk",
                    None,
                ),
                self.share(|origin| on_network(origin) && survey.access[origin].is_empty()),
            );
        }
        for window in *windows {
            columns.add(
                &format!("pct_no_service{suffix}_{}", window.name),
                people("share of its people with a stop within the longest walk, but no vehicle to catch there in the window", Some(&window.when)),
                self.share(|origin| !survey.access[origin].is_empty() && !window.has_service[origin.at()]),
            );
        }
    }

    pub(super) fn frequency(&self, walker: &ProfileIndicators, columns: &mut IndicatorColumns) {
        let ProfileIndicators { suffix, says, windows, .. } = walker;
        for window in *windows {
            let near = NEAR.get() / 60;
            let meaning = format!(
                "vehicles an hour that can be boarded at stops within {near} min' walk{says}, each once, and one that two feeds have once; what half of its people have, or more"
            );
            let (unit, when) = ("departures/h", Some(window.when.as_str()));
            let says = ColumnMeaning { unit, decimals: 1, meaning, window: when, source: BOTH };
            let rates =
                self.half_reach(|origin| window.departures_per_hour.get(origin.at()).copied());
            columns.add(&format!("departures_per_hour{suffix}_{}", window.name), says, rates);
        }
    }
}

fn longest_snap(joined: &Joined, zone: &[OriginIdx]) -> Value {
    let snaps = zone.iter().filter_map(|origin| joined.snaps[origin.at()].first());
    snaps.map(|snap| snap.gap.get()).max_by(f64::total_cmp).map_or(Value::Missing, Value::number)
}
