//! The tables of jobs and places within reach, and of the first and last vehicles.

use super::lists::{listing, minutes};
use super::number;
use crate::access::last_home::LastHome;
use crate::analysis::compare::{ComparedScenario, Comparison};
use crate::report::evidence::EvidenceTable;
use crate::results::table::Value;
use crate::scenario::counts::CountChange;
use crate::scenario::service_day::{Moments, shift};

/// A moment counts as much worse from so many minutes on.
const MUCH_MIN: i64 = 30;

/// Means over all people of the jobs and places within each cut-off.
pub(crate) fn within_reach(comparison: &Comparison, one: &ComparedScenario) -> EvidenceTable {
    let mut rows = Vec::new();
    let mut push = |window: &str, what: String, cutoff: u32, zones: &[Option<CountChange>]| {
        let mut sum = CountChange::default();
        zones.iter().flatten().for_each(|zone| sum.join(zone));
        let Some([before, after, lost, gained]) = sum.means().filter(|_| sum.changed()) else {
            return;
        };
        let figures = [before, after, lost, gained]
            .map(|mean| if mean < 100.0 { format!("{mean:.1}") } else { number(mean) });
        let text = [window.to_owned(), what, format!("{cutoff} min")];
        rows.push(text.into_iter().chain(figures).collect());
    };
    let project = &comparison.study.project;
    for (at, window) in one.changes.iter().enumerate() {
        for (cutoff, zones) in project.cutoffs_ridden().iter().zip(&window.change.jobs) {
            push(&window.name, format!("Jobs{}", window.says), *cutoff, zones);
        }
        for (category, cutoffs) in window.change.places.iter().enumerate() {
            for (cutoff, zones) in project.cutoffs_ridden().iter().zip(cutoffs) {
                push(&window.name, one.label(comparison, at, category), *cutoff, zones);
            }
        }
    }
    let note = "What a person reaches within each time at the median departure, mean over all people. Lost is what those reach fewer of who reach fewer, spread over all; gained likewise. What is not listed does not change. change_measures.csv has every measure and group.";
    let columns = [
        ("Window", false),
        ("What", false),
        ("Within", true),
        ("Before", true),
        ("After", true),
        ("Lost", true),
        ("Gained", true),
    ];
    listing("Jobs and places within reach", note, &columns, rows)
}

/// In how many neighbourhoods the day becomes shorter.
pub(crate) fn day(comparison: &Comparison, one: &ComparedScenario) -> EvidenceTable {
    let mut rows = Vec::new();
    for day in &one.days {
        let mut push = |what: String, zones: &[Option<Moments>], late_is_worse: bool| {
            let worse = |moments: &Moments| {
                shift(*moments).map_or(0, |s| if late_is_worse { s } else { -s })
            };
            let known: Vec<&Moments> = zones.iter().flatten().collect();
            let count =
                |is: &dyn Fn(&Moments) -> bool| known.iter().filter(|moments| is(moments)).count();
            let lost = count(&|(b, a)| *b != LastHome::Never && *a == LastHome::Never);
            let gained = count(&|(b, a)| *b == LastHome::Never && *a != LastHome::Never);
            let (more, less) = (count(&|m| worse(m) > 0), count(&|m| worse(m) < 0));
            if lost + gained + more + less == 0 {
                return;
            }
            let much = count(&|m| worse(m) >= MUCH_MIN * 60);
            let most = known.iter().map(|moments| worse(moments)).max().unwrap_or(0).max(0);
            #[expect(clippy::cast_precision_loss, reason = "a day has few seconds")]
            let most = minutes(&Value::number(most as f64 / 60.0));
            let text = [day.when.clone(), format!("{what}{}", day.says)];
            let counts = [lost, more, much].map(|n| n.to_string());
            let after = [most, less.to_string(), gained.to_string()];
            rows.push(text.into_iter().chain(counts).chain(after).collect());
        };
        push("First vehicle leaves".into(), &day.change.first, true);
        push("Last vehicle leaves".into(), &day.change.last, false);
        push("Last vehicle arrives".into(), &day.change.last_arrival, false);
        for (category, home) in comparison.study.project.categories.iter().zip(&day.change.home) {
            push(format!("Last way home from: {}", category.label), home, false);
        }
    }
    let note = "Neighbourhoods whose day begins later or ends earlier: at the stops within the longest walk, and for the way home from the best placed of each kind. A neighbourhood counts by what half of its people have, or better. change.csv has the times.";
    let columns = [
        ("Date", false),
        ("What", false),
        ("Lost", true),
        ("Worse", true),
        ("By 30 min or more", true),
        ("At most by, min", true),
        ("Better", true),
        ("Gained", true),
    ];
    listing("The first and the last of the day", note, &columns, rows)
}
