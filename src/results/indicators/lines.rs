//! On no line, at the end of one; and the hours of the day in which anything runs.

use super::columns::{ColumnMeaning, IndicatorColumns};
use super::{BOTH, Indicators, ProfileIndicators};
use crate::access::line_status::{LineStatus, NEAR};
use crate::ids::Idx;

impl Indicators<'_> {
    pub(super) fn lines(&self, walker: &ProfileIndicators, columns: &mut IndicatorColumns) {
        let ProfileIndicators { suffix, says: special, windows, .. } = walker;
        let near = NEAR.get() / 60;
        for window in windows.iter().take(1) {
            let flag = |meaning: String| ColumnMeaning {
                unit: "",
                decimals: 0,
                meaning,
                window: Some(&window.when),
                source: BOTH,
            };
            let half = |which: LineStatus| {
                self.half(|origin| match window.on_lines[origin.at()] {
                    LineStatus::Unknown => None,
                    found => Some(found == which),
                })
            };
            columns.add(
                &format!("on_no_line{suffix}"),
                flag(format!(
                    "no vehicle can be boarded within {near} min' walk{special} of half of its people or more"
                )),
                half(LineStatus::None),
            );
            columns.add(
                &format!("terminus{suffix}"),
                flag(format!("half of its people or more are at the end of every line within {near} min' walk{special}: each vehicle that calls there begins or ends there")),
                half(LineStatus::Terminus),
            );
        }
        for window in *windows {
            let Some(hours) = &window.service_hours else { continue };
            let says = ColumnMeaning {
                unit: "h",
                decimals: 0,
                meaning: format!(
                    "hours of the date, from 04:00 to 04:00, in which a vehicle can be boarded within the longest walk{special}; what half of its people have, or more"
                ),
                window: Some(&window.when),
                source: BOTH,
            };
            let hours = self.half_reach(|origin| hours.get(origin.at()).copied().map(f64::from));
            columns.add(&format!("service_hours{suffix}_{}", window.name), says, hours);
        }
    }
}
