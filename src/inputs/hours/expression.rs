//! The rules of an `opening_hours` text, and the states they make.
//!
//! A crate parses the text; what its rules mean is said here, as OpenStreetMap's specification has
//! it (<https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification>). Where that and what
//! mappers mean differ, the state is unknown.

use jiff::ToSpan;
use jiff::civil::Date;
use opening_hours_syntax::rules::day::{DaySelector, HolidayKind};
use opening_hours_syntax::rules::time::TimeSpan;
use opening_hours_syntax::rules::{RuleOperator, RuleSequence};
use opening_hours_syntax::{RuleKind, parse};

use super::days::{begun_in_their_year, hold, holidays_asked, of_the_year};
use super::rule_text::{RuleJoint, plain};
use super::spans::{DAY, HoursSpan, spans, whole_day};
use super::sunlight::Sunlight;
use super::timeline::Timeline;
use super::{Nation, OpenState};

/// No honest text is longer; OpenStreetMap's values end at 255 letters.
const LONGEST: usize = 1024;
/// So many unknown holidays are tried both ways; an expression that asks for more is unknown.
const MOST_UNKNOWN: usize = 8;

/// The rules of a text.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    rules: Vec<HoursRule>,
}

#[derive(Clone, Debug)]
struct HoursRule {
    days: DaySelector,
    joint: Option<RuleJoint>,
    times: Vec<TimeSpan>,
    state: OpenState,
    operator: RuleOperator,
}

/// What the states of a place depend on besides its text.
pub(super) struct HoursContext<'a> {
    pub sky: &'a Sunlight,
    pub nation: Option<Nation>,
}

impl Expression {
    /// `None` where a text is no expression.
    pub(super) fn read(text: &str) -> Option<Expression> {
        if text.len() > LONGEST {
            return None;
        }
        let plain = plain(text)?;
        let parsed = parse(&plain.text).ok()?;
        let mut joints = plain.joints.into_iter();
        let rules: Vec<HoursRule> = parsed
            .rules
            .into_iter()
            .map(|rule| read_rule(rule, &mut joints))
            .collect::<Option<_>>()?;
        // A list of holidays that belongs to no rule was not understood.
        joints.next().is_none().then_some(Expression { rules })
    }

    /// The states from one second to another of a date's clock (less than 0: the day before; 86400
    /// and more: the next); `None` where too much is unknown to tell.
    pub(super) fn states(
        &self,
        date: Date,
        from: i32,
        to: i32,
        around: &HoursContext,
    ) -> Option<Vec<HoursSpan>> {
        let days: Vec<i32> = (from.div_euclid(DAY) - 1..=(to - 1).div_euclid(DAY)).collect();
        let dates = days
            .iter()
            .map(|day| date.checked_add((*day).days()).ok())
            .collect::<Option<Vec<_>>>()?;
        let known = |kind, date| match kind {
            HolidayKind::Public => around.nation?.is_holiday(date),
            HolidayKind::School => None,
        };
        let mut unknown: Vec<(HolidayKind, Date)> = Vec::new();
        for asked in dates
            .iter()
            .flat_map(|date| self.rules.iter().flat_map(|rule| holidays_asked(&rule.days, *date)))
        {
            if known(asked.0, asked.1).is_none() && !unknown.contains(&asked) {
                unknown.push(asked);
            }
        }
        if unknown.len() > MOST_UNKNOWN {
            return None;
        }
        let mut seen: Option<Vec<HoursSpan>> = None;
        for world in 0..1_u32 << unknown.len() {
            let is_holiday = |kind, date| {
                known(kind, date).unwrap_or_else(|| {
                    unknown
                        .iter()
                        .position(|of| *of == (kind, date))
                        .is_some_and(|at| world >> at & 1 == 1)
                })
            };
            let days: Vec<Timeline> =
                dates.iter().map(|date| self.day(*date, around.sky, is_holiday)).collect();
            let states = Timeline::joined(&days, from.div_euclid(DAY) - 1, from, to);
            seen = Some(match seen {
                None => states,
                Some(seen) => either(&seen, &states),
            });
        }
        seen
    }

    /// What the rules say of a date.
    fn day(
        &self,
        date: Date,
        sky: &Sunlight,
        is_holiday: impl Fn(HolidayKind, Date) -> bool,
    ) -> Timeline {
        let mut day = Timeline::new(self.otherwise());
        // The spans of rules without days that follow each other.
        let mut dayless: Vec<HoursSpan> = Vec::new();
        // Whether an earlier rule shuts this day for what it is in the year.
        let mut shut = false;
        for (at, rule) in self.rules.iter().enumerate() {
            let without_days = rule.days.is_empty();
            let replaces = rule.operator == RuleOperator::Normal;
            if !(without_days && replaces) {
                dayless.clear();
            }
            if !hold(&rule.days, rule.joint, date, &is_holiday) {
                continue;
            }
            let special = of_the_year(&rule.days);
            // `PH off; Mo-Su 09:00-17:00`: by the letter the second replaces the first, which would
            // then say nothing.
            let doubted = shut && !special && replaces && rule.state == OpenState::Open;
            let state = if doubted { OpenState::Unknown } else { rule.state };
            let new = spans(&rule.times, state, date, sky);
            if rule.operator == RuleOperator::Fallback {
                day.fill(&new, at);
                continue;
            }
            if replaces && rule.state == OpenState::Closed {
                if whole_day(&rule.times) {
                    day.replace(at);
                    shut |= special;
                }
            } else if replaces && !without_days {
                day.replace(at);
            } else if replaces {
                let overlap =
                    |(from, to, _): &HoursSpan| new.iter().any(|new| *from < new.1 && new.0 < *to);
                if dayless.is_empty() || dayless.iter().any(overlap) {
                    dayless.clear();
                    // After a rule with days: whether it adds to them or stands for every day,
                    // nobody says.
                    let after_days = self.rules.iter().take(at).any(|rule| !rule.days.is_empty());
                    if after_days { day.doubt() } else { day.clear() }
                }
                dayless.extend(&new);
            }
            day.paint(&new, at);
        }
        day
    }

    /// The state where no rule says anything. `PH off` alone does not say when the place is open.
    fn otherwise(&self) -> OpenState {
        if self.rules.iter().all(|rule| rule.state == OpenState::Closed) {
            OpenState::Unknown
        } else {
            OpenState::Closed
        }
    }
}

fn read_rule(
    rule: RuleSequence,
    joints: &mut impl Iterator<Item = Option<RuleJoint>>,
) -> Option<HoursRule> {
    use opening_hours_syntax::rules::day::WeekDayRange::{Fixed, Holiday};
    let holidays = rule.day_selector.weekday.iter().any(|range| matches!(range, Holiday { .. }));
    let weekdays = rule.day_selector.weekday.iter().any(|range| matches!(range, Fixed { .. }));
    let joint = if holidays { joints.next()? } else { None };
    if (holidays && weekdays) != joint.is_some() {
        return None;
    }
    let state = match rule.kind {
        RuleKind::Open => OpenState::Open,
        RuleKind::Closed => OpenState::Closed,
        RuleKind::Unknown => OpenState::Unknown,
    };
    let (days, times) = (begun_in_their_year(rule.day_selector), rule.time_selector.spans);
    Some(HoursRule { days, joint, times, state, operator: rule.operator })
}

/// What is known when either of two may be so.
fn either(one: &[HoursSpan], other: &[HoursSpan]) -> Vec<HoursSpan> {
    let mut both = Vec::new();
    for (from, to, state) in one {
        for (start, end, too) in other {
            let (from, to) = (*from.max(start), *to.min(end));
            if from < to {
                both.push((from, to, if state == too { *state } else { OpenState::Unknown }));
            }
        }
    }
    both
}
