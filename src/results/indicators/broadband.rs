//! What premises can have.

use super::Indicators;
use super::columns::{IndicatorColumns, percent, text};
use crate::inputs::broadband::{
    CoverageBasis, CoverageMeasures, NeighbourhoodBroadband, Weighting,
};
use crate::results::table::Value;
use crate::units::Share;

impl Indicators<'_> {
    pub(super) fn broadband(&self, columns: &mut IndicatorColumns) {
        let Some(broadband) = self.broadband else { return };
        let release = broadband.release.as_deref().unwrap_or("release not in the file's name");
        let source = format!("Ofcom Connected Nations, {} ({release})", broadband.layout);
        let weighed = match (broadband.basis, broadband.weighting) {
            (CoverageBasis::Counts, _) => "of premises",
            (CoverageBasis::Percent, Weighting::Premises) => "of premises, from percentages",
            (CoverageBasis::Percent, Weighting::Unweighted) => {
                "mean of postcodes, not weighted by premises"
            }
        };
        type Get = fn(&CoverageMeasures<Option<Share>>) -> Option<Share>;
        let measures: [(&str, &str, Get); 6] = [
            ("superfast", "that can have 30 Mbit/s or more", |m| m.superfast),
            ("ultrafast100", "that can have 100 Mbit/s or more", |m| m.ultrafast100),
            ("ultrafast", "that can have 300 Mbit/s or more", |m| m.ultrafast),
            ("gigabit", "that can have 1 Gbit/s", |m| m.gigabit),
            ("full_fibre", "that can have fibre all the way", |m| m.full_fibre),
            (
                "below_decent",
                "that cannot have 10 Mbit/s down and 1 up (below the universal service obligation)",
                |m| m.below_decent,
            ),
        ];
        for (name, what, get) in measures {
            let known = |zone: &Option<NeighbourhoodBroadband>| {
                zone.as_ref().is_some_and(|z| get(&z.shares).is_some())
            };
            if name == "full_fibre" && !broadband.zones.iter().any(known) {
                continue;
            }
            let shares = broadband
                .zones
                .iter()
                .map(|zone| Value::percent(zone.as_ref().and_then(|zone| get(&zone.shares))));
            columns.add(
                &format!("broadband_{name}_pct"),
                percent(format!("share {weighed} {what}"), None, &source),
                shares,
            );
        }
        let flag = matches!(broadband.weighting, Weighting::Unweighted);
        let says = text("the broadband shares are not weighted by premises", &source);
        columns.add(
            "broadband_unweighted",
            says,
            self.zones.zones.iter().map(|_| Value::Flag(flag)),
        );
    }
}
