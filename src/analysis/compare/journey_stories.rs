//! Why it changed: for the neighbourhoods that are hit worst the journeys before and after, in
//! words.

use std::fmt::Write as _;

use super::{ComparedScenario, Comparison};
use crate::analysis::AnalysisError;
use crate::analysis::study::DatedWindow;
use crate::ids::{Csr, Idx, NeighbourhoodIdx, OriginIdx, PlaceIdx};
use crate::network::calendar::Clock;
use crate::network::timetable::Timetable;
use crate::results::change::Story;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::{Departure, Departures};
use crate::routing::query::journey::{Journey, Journeys, Leg, WalkEnd};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::Walks;
use crate::scenario::differences::{ChangeState, TimeShift};
use crate::units::{Seconds, ServiceTime};

/// Neighbourhoods that are told of.
const STORIES: usize = 8;

/// How bad a change is: who lost comes before who takes longer.
fn weight(shift: TimeShift) -> i64 {
    match shift.state() {
        ChangeState::Lost => i64::MAX,
        ChangeState::Longer => shift.seconds().unwrap_or(0),
        _ => 0,
    }
}

/// The stories of the neighbourhoods that are hit worst, each once, by its worst category and
/// window.
///
/// # Errors
/// If a timetable cannot be laid out.
pub fn stories(
    comparison: &Comparison,
    one: &ComparedScenario,
) -> Result<Vec<Story>, AnalysisError> {
    let mut worst: Vec<(i64, f64, usize, usize, usize)> = Vec::new();
    for zone in 0..comparison.study.zones.zones.len() {
        let each = one.of_the_first_walker().iter().enumerate().flat_map(|(window, changes)| {
            let of = move |(category, changes): (
                usize,
                &Vec<Option<crate::scenario::differences::CategoryChange>>,
            )| {
                let change = changes[zone].as_ref()?;
                let weight = weight(change.median);
                (weight > 0).then_some((weight, change.tally.people, zone, window, category))
            };
            changes.change.categories.iter().enumerate().filter_map(of).collect::<Vec<_>>()
        });
        worst.extend(each.max_by(|a, b| a.0.cmp(&b.0).then((b.3, b.4).cmp(&(a.3, a.4)))));
    }
    worst.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let chosen = worst.into_iter().take(STORIES);
    let told =
        chosen.map(|(_, _, zone, window, category)| story(comparison, one, zone, window, category));
    Ok(told.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The story of the point that is hit worst; of several, where most people live.
fn story(
    comparison: &Comparison,
    one: &ComparedScenario,
    zone: usize,
    window: usize,
    category: usize,
) -> Result<Option<Story>, AnalysisError> {
    let study = comparison.study;
    let shift = |origin: OriginIdx| TimeShift {
        before: comparison.before[0].windows[window].origins[origin.at()].median[category],
        after: one.after[0].windows[window].origins[origin.at()].median[category],
    };
    let residents = comparison.residents;
    let points = residents.of(NeighbourhoodIdx::new(zone)).unwrap_or_default();
    let worst = points.iter().copied().max_by(|a, b| {
        let by_weight = weight(shift(*a)).cmp(&weight(shift(*b)));
        by_weight.then(residents.counts()[*a].total_cmp(&residents.counts()[*b])).then(b.cmp(a))
    });
    let Some(origin) = worst.filter(|origin| weight(shift(*origin)) > 0) else { return Ok(None) };
    let (at_before, at_after) = (&comparison.windows[window], &one.side.windows[window]);
    let [on_before, on_after] = comparison.in_window(one, window);
    let open = [
        comparison.open_in(&on_before.network, at_before),
        comparison.open_in(&on_after.network, at_after),
    ];
    let places_before = open[0].as_ref().unwrap_or(&on_before.categories);
    let places_after = open[1].as_ref().unwrap_or(&on_after.categories);
    let name = study.project.categories[category].name.replace('_', " ");
    let before =
        StoryEnds::of(&on_before.network, (&on_before.origins, origin), (places_before, category));
    let after =
        StoryEnds::of(&on_after.network, (&on_after.origins, origin), (places_after, category));
    let times = [
        before.times(&on_before.network, study, at_before)?,
        after.times(&on_after.network, study, at_after)?,
    ];
    let number = telling(&times, shift(origin));
    let told = [
        before.told(&on_before.network, study, at_before, number, &name)?,
        after.told(&on_after.network, study, at_after, number, &name)?,
    ];
    let times = [0, 1].map(|side: usize| told[side].as_ref().map(|(time, _)| *time));
    let words = |side: usize| {
        told[side].as_ref().map_or_else(|| "no journey".to_owned(), |(_, words)| words.clone())
    };
    Ok(Some(Story {
        neighbourhood: study.zones.zones[NeighbourhoodIdx::new(zone)].name.clone(),
        id: study.zones.zones[NeighbourhoodIdx::new(zone)].id.clone(),
        window: comparison.windows[window].window.name.clone(),
        category: study.project.categories[category].label.clone(),
        leave: clock(&at_before.clock, at_before.departures.departure(number)),
        before: words(0),
        after: words(1),
        times: TimeShift { before: times[0], after: times[1] },
        median: shift(origin),
    }))
}

/// The departure that tells most of a change of the median: one that is lost if the median is, else
/// one whose own change is nearest to the median's; of several the one whose time before is nearest
/// to the median before, and of these the first.
fn telling(times: &[Vec<Option<Seconds>>; 2], median: TimeShift) -> u16 {
    let mut best: Option<((bool, i64, i64), u16)> = None;
    for (number, (before, after)) in (0u16..).zip(times[0].iter().zip(&times[1])) {
        let shift = TimeShift { before: *before, after: *after };
        let off =
            |a: Option<i64>, b: Option<i64>| a.zip(b).map_or(i64::MAX, |(a, b)| (a - b).abs());
        let seconds = |time: Option<Seconds>| time.map(|time| i64::from(time.get()));
        let key = (
            shift.state() != median.state(),
            if median.state() == ChangeState::Longer {
                off(shift.seconds(), median.seconds())
            } else {
                0
            },
            off(seconds(*before), seconds(median.before)),
        );
        if best.is_none_or(|(least, _)| key < least) {
            best = Some((key, number));
        }
    }
    best.map_or(0, |(_, number)| number)
}

/// The walks of one origin and one category.
struct StoryEnds {
    access: Csr<OriginIdx, StopWalk>,
    egress: Csr<PlaceIdx, StopWalk>,
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl StoryEnds {
    fn of(
        network: &Network,
        (origins, origin): (&Joined, OriginIdx),
        (categories, category): (&Joined, usize),
    ) -> StoryEnds {
        let from = origins.only([origin.at()]);
        let to = categories.only([category]);
        StoryEnds {
            access: network.access(&from),
            egress: network.egress(&to),
            direct: network.direct(&from, &to),
        }
    }

    fn walks(&self) -> Walks<'_> {
        Walks { access: &self.access, egress: &self.egress, direct: &self.direct }
    }

    fn departures<'a>(
        network: &'a Network,
        study: &crate::analysis::study::Study,
        window: &'a DatedWindow,
    ) -> Result<Departures<'a>, AnalysisError> {
        Ok(Departures::of(
            network,
            &window.clock,
            window.departures,
            study.limits(),
            study.service(),
        )?)
    }

    /// The travel time at each departure.
    fn times(
        &self,
        network: &Network,
        study: &crate::analysis::study::Study,
        window: &DatedWindow,
    ) -> Result<Vec<Option<Seconds>>, AnalysisError> {
        let departures = StoryEnds::departures(network, study, window)?;
        let all = window.departures.departures;
        let at_once = if departures.drawn() { 1 } else { all.max(1) };
        let mut times = Vec::new();
        for first in (0..all).step_by(usize::from(at_once)) {
            departures.look(first, |at| {
                let journeys = Journeys::towards(at.rides, self.walks(), PlaceIdx(0));
                let time = |n| {
                    journeys.from(OriginIdx(0), at.number + n).map(|journey| journey.travel_time())
                };
                times.extend((0..at_once).map(time));
            })?;
        }
        Ok(times)
    }

    fn told(
        &self,
        network: &Network,
        study: &crate::analysis::study::Study,
        window: &DatedWindow,
        number: u16,
        place: &str,
    ) -> Result<Option<(Seconds, String)>, AnalysisError> {
        let departures = StoryEnds::departures(network, study, window)?;
        let told = departures.look(number, |at: Departure| {
            let journey = Journeys::towards(at.rides, self.walks(), PlaceIdx(0))
                .from(OriginIdx(0), at.number)?;
            Some((
                journey.travel_time(),
                in_words(network, at.timetable, &window.clock, &journey, place),
            ))
        })?;
        Ok(told)
    }
}

/// `walk 6 min to Bridge St, 42 at 08:14, library 08:31`.
fn in_words(
    network: &Network,
    timetable: &Timetable,
    at: &Clock,
    journey: &Journey,
    place: &str,
) -> String {
    let mut text = String::new();
    let stop = |end: &WalkEnd| match end {
        WalkEnd::Stop(stop) => Some(network.stop(*stop).name.clone()),
        _ => None,
    };
    let mut time = journey.departure;
    for leg in &journey.legs {
        match leg {
            Leg::Walk { to, time, .. } => {
                let minutes = time.get().div_ceil(60);
                let to = stop(to).map_or_else(String::new, |name| format!(" to {name}"));
                let _ = write!(text, "walk {minutes} min{to}, ");
            }
            Leg::Ride { run, to, seated, .. } => {
                let row = &timetable.runs[*run];
                let route = &network.feeds[row.feed.at()].routes[row.route as usize];
                let off = &network.stop(timetable.calls_of(*run)[usize::from(*to)].stop).name;
                let staying = if *seated { "staying on as " } else { "" };
                let _ = write!(text, "{staying}{} at {} to {off}, ", route.name, clock(at, time));
            }
            Leg::Wait { .. } => {}
        }
        time = time + leg.time();
    }
    let _ = write!(text, "{place} {}", clock(at, journey.arrival));
    text
}

/// Hours and minutes on the wall; a date only where it is another one.
fn clock(at: &Clock, time: ServiceTime) -> String {
    let text = at.on_the_wall(time);
    let of_day = text.rsplit(' ').next().unwrap_or(&text);
    of_day.get(..5).unwrap_or(of_day).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(seconds: &[u32]) -> Vec<Option<Seconds>> {
        seconds.iter().map(|s| (*s > 0).then_some(Seconds::new(*s))).collect()
    }

    #[test]
    fn the_departure_that_tells_of_the_change_is_told_of() {
        let shift = |before, after: Option<u32>| TimeShift {
            before: Some(Seconds::new(before)),
            after: after.map(Seconds::new),
        };
        // The last two do not change; of the others the third is as long before as the median.
        let both = [times(&[900, 840, 780, 720, 660]), times(&[1500, 1440, 1380, 720, 660])];
        assert_eq!(telling(&both, shift(780, Some(1380))), 2);
        assert_eq!(telling(&both, shift(720, Some(1320))), 2);
        let lost = [times(&[900, 840, 780]), times(&[900, 0, 0])];
        assert_eq!(telling(&lost, shift(840, None)), 1);
    }
}
