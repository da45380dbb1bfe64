//! The states of one day, painted over each other rule by rule, and days put together.

use super::OpenState;
use super::spans::{DAY, HoursSpan};

/// What the rules say of the spans that begin on one day. They may end on the next.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    painted: Vec<PaintedSpan>,
    otherwise: OpenState,
    /// The last rule that says anew what this day is like.
    replaced_by: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct PaintedSpan {
    from: i32,
    to: i32,
    state: OpenState,
    rule: usize,
}

impl Timeline {
    pub(super) fn new(otherwise: OpenState) -> Timeline {
        Timeline { painted: Vec::new(), otherwise, replaced_by: None }
    }

    /// What was said so far does not hold on this day.
    pub(super) fn replace(&mut self, rule: usize) {
        self.clear();
        self.replaced_by = Some(rule);
    }

    pub(super) fn clear(&mut self) {
        self.painted.clear();
    }

    /// What was said to be open may be.
    pub(super) fn doubt(&mut self) {
        for painted in self.painted.iter_mut().filter(|painted| painted.state == OpenState::Open) {
            painted.state = OpenState::Unknown;
        }
    }

    /// Over what was said before.
    pub(super) fn paint(&mut self, spans: &[HoursSpan], rule: usize) {
        self.painted.extend(spans.iter().map(|(from, to, state)| PaintedSpan {
            from: *from,
            to: *to,
            state: *state,
            rule,
        }));
    }

    /// Only where what was said before leaves the place closed.
    pub(super) fn fill(&mut self, spans: &[HoursSpan], rule: usize) {
        let before = self.clone();
        for (from, to, state) in spans {
            let cuts = cuts(
                *from,
                *to,
                before.painted.iter().flat_map(|painted| [painted.from, painted.to]),
            );
            for piece in cuts.windows(2) {
                if let [from, to] = piece
                    && before.at(*from).is_none_or(|painted| painted.state == OpenState::Closed)
                {
                    self.paint(&[(*from, *to, *state)], rule);
                }
            }
        }
    }

    fn at(&self, moment: i32) -> Option<&PaintedSpan> {
        self.painted.iter().rev().find(|painted| (painted.from..painted.to).contains(&moment))
    }

    /// The states from one second to another of days in a row, the first of which is `first` days
    /// from the one whose midnight is 0. The first day tells only what goes on past its midnight.
    pub(super) fn joined(days: &[Timeline], first: i32, from: i32, to: i32) -> Vec<HoursSpan> {
        let begins = |at: usize| (first + i32::try_from(at).unwrap_or(0)) * DAY;
        let ends = days.iter().enumerate().flat_map(|(at, day)| {
            let shift = begins(at);
            let painted =
                day.painted.iter().flat_map(move |one| [one.from + shift, one.to + shift]);
            painted.chain([shift, shift + DAY])
        });
        let mut spans: Vec<HoursSpan> = Vec::new();
        for piece in cuts(from, to, ends).windows(2) {
            let [start, end] = piece else { continue };
            let at = usize::try_from(start.div_euclid(DAY) - first).unwrap_or(0);
            let (Some(before), Some(day)) = (days.get(at.saturating_sub(1)), days.get(at)) else {
                continue;
            };
            let state = state_of(before, day, start.rem_euclid(DAY));
            match spans.last_mut() {
                Some(last) if last.2 == state => last.1 = *end,
                _ => spans.push((*start, *end, state)),
            }
        }
        spans
    }
}

/// The state of a day, with what still goes on since the day before.
fn state_of(before: &Timeline, day: &Timeline, moment: i32) -> OpenState {
    let own = day.at(moment);
    let state = own.map_or(day.otherwise, |own| own.state);
    let Some(late) = before.at(moment + DAY) else { return state };
    let shut = own.is_some_and(|own| own.state == OpenState::Closed && own.rule > late.rule);
    let replaced = day.replaced_by.is_some_and(|rule| rule > late.rule);
    let late = match late.state {
        // By the letter a later rule for this day cuts the night before off; who writes it seldom
        // means that.
        OpenState::Open if replaced => OpenState::Unknown,
        // Times that are closed, said later.
        OpenState::Open | OpenState::Unknown if shut => OpenState::Closed,
        late => late,
    };
    match (state, late) {
        (OpenState::Open, _) | (_, OpenState::Open) => OpenState::Open,
        (OpenState::Unknown, _) | (_, OpenState::Unknown) => OpenState::Unknown,
        _ => OpenState::Closed,
    }
}

/// The ends within a span, in order, with its own.
fn cuts(from: i32, to: i32, ends: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut cuts: Vec<i32> =
        ends.filter(|end| (from..to).contains(end)).chain([from, to]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}
