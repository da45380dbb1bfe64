//! Ways and gates that are not open at all times: conditional access and opening hours.
//!
//! Sources: wiki.openstreetmap.org "Conditional restrictions" and "Key:opening_hours".
//! `foot:conditional` beats `access:conditional`; of several conditions that hold the last one
//! counts.

use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone};

use super::tags::Tags;
use super::walk_rules::{Permission, WalkRules};
use crate::geometry::LonLat;
use crate::inputs::hours::Opening;
use crate::units::ServiceTime;

/// Mondays of four weeks over a year: what is never open in them is taken to be never open.
const WEEKS: [Date; 4] =
    [date(2026, 1, 12), date(2026, 4, 20), date(2026, 7, 13), date(2026, 10, 12)];
/// The hours of the day that count where a measure has no window.
const DAYTIME: std::ops::Range<i32> = 7..19;

/// When a way or gate lets whom in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WayHours {
    /// Whom it lets in when no condition holds.
    usual: Permission,
    /// Whom it lets in under a condition, written like opening hours. Later ones beat earlier ones.
    conditions: Vec<(Permission, String)>,
    /// Whether the first of these are its opening hours.
    first_are_hours: bool,
}

impl WayHours {
    /// What the tags of a way or gate say of its hours, where they decide anything; `usual` is what
    /// the other tags say.
    pub(super) fn of(tags: &Tags<'_>, rules: &WalkRules, usual: Permission) -> Option<WayHours> {
        let decided = tags.get("foot").is_some() || rules.foot_named(tags);
        let access = tags.get("access:conditional").filter(|_| !decided);
        let conditional = tags.get("foot:conditional").or(access);
        let mut conditions: Vec<(Permission, String)> =
            conditional.map_or_else(Vec::new, |value| clauses(value, rules));
        // The hours of a market or a café are not those of the square it is on.
        let is_place = ["amenity", "shop", "leisure", "tourism", "office"]
            .iter()
            .any(|key| tags.get(key).is_some());
        let hours = tags.get("opening_hours").filter(|_| usual == Permission::Open && !is_place);
        let otherwise = if hours.is_some() { Permission::Shut } else { usual };
        if let Some(hours) = hours {
            conditions.insert(0, (usual, hours.to_owned()));
        }
        let differs = conditions.iter().any(|(permission, _)| *permission != otherwise);
        differs.then_some(WayHours {
            usual: otherwise,
            conditions,
            first_are_hours: hours.is_some(),
        })
    }

    /// Whom it lets in throughout a window: less than everybody where that is so for a part of it.
    /// A condition that nobody can look up, such as `no @ snow`, is taken not to hold; hours of
    /// which nobody can say anything are taken to. The sun and the public holidays are those of the
    /// point `at`.
    pub fn throughout(&self, window: &Opening, at: LonLat) -> Permission {
        let times = |(number, (_, condition)): (usize, &(Permission, String))| {
            let are_hours = number == 0 && self.first_are_hours;
            let unknown = || if are_hours { vec![(window.from, window.to)] } else { Vec::new() };
            times(condition, window, at).unwrap_or_else(unknown)
        };
        let times: Vec<Vec<Times>> = self.conditions.iter().enumerate().map(times).collect();
        let ends = times.iter().flatten().flat_map(|(from, to)| [*from, *to]);
        let begins = ends.filter(|end| (window.from..window.to).contains(end)).chain([window.from]);
        begins.map(|moment| self.at(moment, &times)).min().unwrap_or(self.usual)
    }

    /// Whom it lets in at a moment, by the times at which each condition holds.
    fn at(&self, moment: ServiceTime, times: &[Vec<Times>]) -> Permission {
        let holds =
            |times: &Vec<Times>| times.iter().any(|(from, to)| (*from..*to).contains(&moment));
        let mut holding = self.conditions.iter().zip(times).rev().filter(|(_, times)| holds(times));
        holding.next().map_or(self.usual, |((permission, _), _)| *permission)
    }

    /// Whom it lets in where there is no window: everybody, unless it is never open for half an
    /// hour between 07:00 and 19:00.
    pub fn in_daytime(&self, at: LonLat) -> Permission {
        let zone = mean_time(at);
        let days = WEEKS.iter().flat_map(|monday| {
            (0..7).filter_map(|day| monday.checked_add(jiff::Span::new().days(day)).ok())
        });
        let halves =
            days.flat_map(|date| DAYTIME.flat_map(move |hour| [(date, hour, 0), (date, hour, 30)]));
        let permission = |(date, hour, minute)| {
            let from = ServiceTime::hms(hour, minute, 0);
            let to = ServiceTime::new(from.get() + 30 * 60);
            self.throughout(&Opening { date, from, to, zone: zone.clone(), nation: None }, at)
        };
        let mut most = Permission::Shut;
        for found in halves.map(permission) {
            most = most.max(found);
            if most == Permission::Open {
                break;
            }
        }
        most
    }
}

/// Hours of ways and gates, and how many of each have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedWays {
    /// The hours.
    pub hours: WayHours,
    /// Ways.
    pub ways: u64,
    /// Gates and other barriers.
    pub gates: u64,
}

/// From when to when.
type Times = (ServiceTime, ServiceTime);

/// When within a window a condition holds, all its parts joined by `AND` at once; `None` where
/// nobody can say.
fn times(condition: &str, window: &Opening, at: LonLat) -> Option<Vec<Times>> {
    let parts = condition.split(" AND ").flat_map(|part| part.split(" and "));
    let parts: Vec<Option<Vec<Times>>> = parts.map(|part| window.times(part.trim(), at)).collect();
    let known = parts.iter().flatten();
    let all = known.fold(vec![(window.from, window.to)], |all, part| both(&all, part));
    let unknown = parts.iter().any(Option::is_none);
    (all.is_empty() || !unknown).then_some(all)
}

/// When two hold at once.
fn both(one: &[Times], other: &[Times]) -> Vec<Times> {
    let common = |(a, b): (&Times, &Times)| (a.0.max(b.0), a.1.min(b.1));
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    pairs.map(common).filter(|(from, to)| from < to).collect()
}

/// Mean time by the sun at a point, to the hour.
fn mean_time(at: LonLat) -> TimeZone {
    #[expect(clippy::cast_possible_truncation, reason = "a longitude is at most 180 degrees")]
    let hours = (at.lon() / 15.0).round() as i8;
    TimeZone::fixed(Offset::constant(hours))
}

/// The parts of `no @ (Mo-Fr 07:00-09:00); yes @ (Su)` whose values are known.
fn clauses(value: &str, rules: &WalkRules) -> Vec<(Permission, String)> {
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0_u32);
    for letter in value.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => (),
        }
        part.push(letter);
    }
    parts.push(part);
    let clause = |part: &String| {
        let (value, condition) = part.split_once('@')?;
        let condition = condition.trim();
        let bare = condition
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
            .unwrap_or(condition);
        Some((rules.says(value.trim())?, bare.trim().to_owned()))
    };
    parts.iter().filter_map(clause).collect()
}

#[cfg(all(test, feature = "opening-hours"))]
mod tests {
    use super::super::walk_rules::UK;
    use super::*;
    use Permission::{Open, Private, Shut};

    fn newport() -> LonLat {
        LonLat::new(-3.0, 51.58).expect("a point")
    }

    fn hours(tags: &[(&'static str, &'static str)], usual: Permission) -> WayHours {
        WayHours::of(&Tags::new(tags.iter().copied()), &UK, usual).expect("hours")
    }

    /// From one hour to another of a Tuesday or, with `sunday`, of a Sunday.
    fn at(hours: &WayHours, sunday: bool, from: i32, to: i32) -> Permission {
        let date = if sunday { date(2026, 3, 8) } else { date(2026, 3, 10) };
        let time = |hour| ServiceTime::hms(hour, 0, 0);
        let zone = TimeZone::get("Europe/London").expect("a timezone");
        hours.throughout(
            &Opening { date, from: time(from), to: time(to), zone, nation: None },
            newport(),
        )
    }

    #[test]
    fn a_gate_is_open_in_a_window_if_it_is_for_all_of_it() {
        let gate = hours(&[("opening_hours", "Mo-Sa 07:00-18:00; Su off")], Open);
        assert_eq!(at(&gate, false, 8, 10), Open);
        assert_eq!(at(&gate, false, 17, 19), Shut);
        assert_eq!(at(&gate, true, 8, 10), Shut);
        assert_eq!(gate.in_daytime(newport()), Open);
        let night = hours(&[("opening_hours", "Mo-Su 19:00-23:00")], Open);
        assert_eq!((at(&night, false, 20, 21), night.in_daytime(newport())), (Open, Shut));
        let never = hours(&[("opening_hours", "off")], Open);
        assert_eq!(never.in_daytime(newport()), Shut);
        let who_knows = hours(&[("opening_hours", "when the warden comes")], Open);
        assert_eq!(at(&who_knows, false, 8, 10), Open);
    }

    #[test]
    fn a_conditional_way_is_open_when_its_condition_says_so() {
        let sundays = hours(&[("foot:conditional", "yes @ (Su 00:00-24:00)")], Shut);
        assert_eq!((at(&sundays, true, 8, 10), at(&sundays, false, 8, 10)), (Open, Shut));
        let market =
            hours(&[("access:conditional", "no @ (Sa 07:00-12:30); no @ Su 09:00-18:00")], Open);
        assert_eq!((at(&market, true, 8, 10), at(&market, false, 8, 10)), (Shut, Open));
        let members = hours(&[("access:conditional", "yes @ (Mo-Fr 09:00-17:00)")], Private);
        assert_eq!((at(&members, false, 9, 11), at(&members, false, 16, 18)), (Open, Private));
        let snow = hours(&[("access:conditional", "no @ snow")], Open);
        assert_eq!(at(&snow, false, 8, 10), Open);
        let permit = hours(&[("access:conditional", "yes @ permit-holders")], Shut);
        assert_eq!(at(&permit, false, 8, 10), Shut);
        let both = hours(&[("access:conditional", "no @ (Su AND 09:00-18:00)")], Open);
        assert_eq!(
            (at(&both, true, 8, 10), at(&both, true, 6, 8), at(&both, false, 8, 10)),
            (Shut, Open, Open)
        );
        let dark = hours(&[("access:conditional", "no @ (sunset-sunrise)")], Open);
        assert_eq!((at(&dark, false, 17, 19), at(&dark, false, 8, 10)), (Shut, Open));
    }

    #[test]
    fn conditions_that_follow_each_other_cover_a_window_together() {
        let gate = hours(
            &[("access:conditional", "yes @ (Tu 07:00-09:00); yes @ (Tu 09:00-18:00)")],
            Shut,
        );
        assert_eq!(at(&gate, false, 8, 10), Open);
        assert_eq!((at(&gate, false, 6, 8), at(&gate, false, 17, 19)), (Shut, Shut));
        let gap =
            hours(&[("access:conditional", "yes @ (07:00-09:00); yes @ (09:30-18:00)")], Shut);
        assert_eq!((at(&gap, false, 8, 10), at(&gap, false, 10, 12)), (Shut, Open));
        let later =
            hours(&[("access:conditional", "no @ (07:00-19:00); yes @ (08:00-10:00)")], Open);
        assert_eq!((at(&later, false, 8, 10), at(&later, false, 8, 11)), (Open, Shut));
        let hours_and_more = hours(
            &[("opening_hours", "07:00-09:00"), ("foot:conditional", "yes @ (09:00-18:00)")],
            Open,
        );
        assert_eq!(
            (at(&hours_and_more, false, 8, 10), at(&hours_and_more, false, 6, 8)),
            (Open, Shut)
        );
        let members =
            hours(&[("access:conditional", "private @ (07:00-09:00); no @ (09:00-18:00)")], Open);
        assert_eq!((at(&members, false, 7, 9), at(&members, false, 8, 10)), (Private, Shut));
        let night = hours(&[("access:conditional", "no @ (22:00-06:00)")], Open);
        assert_eq!(
            (at(&night, false, 23, 25), at(&night, false, 6, 8), at(&night, false, 5, 7)),
            (Shut, Open, Shut)
        );
    }

    #[test]
    fn what_decides_nothing_has_no_hours() {
        let none = |tags: &[(&'static str, &'static str)], usual| {
            WayHours::of(&Tags::new(tags.iter().copied()), &UK, usual).is_none()
        };
        assert!(none(&[("opening_hours", "Mo-Fr 08:00-18:00")], Shut), "shut anyway");
        assert!(none(&[("motor_vehicle:conditional", "no @ (Su)")], Open), "not for walkers");
        assert!(
            none(&[("foot", "yes"), ("access:conditional", "no @ (Su)")], Open),
            "`foot` beats it"
        );
        assert!(none(&[("foot:conditional", "maybe @ (Su)")], Open));
        assert!(
            none(&[("amenity", "marketplace"), ("opening_hours", "Sa 08:00-14:00")], Open),
            "a market's"
        );
    }
}
