//! Ways and gates that are not open at all times: conditional access and opening hours.
//!
//! Sources: wiki.openstreetmap.org "Conditional restrictions" and "Key:opening_hours". `foot:conditional` beats
//! `access:conditional`; of several conditions that hold the last one counts.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::tags::Tags;
use super::walk_rules::{Permission, UK, WalkRules};
use crate::geometry::LonLat;
use crate::inputs::hours::{OpenState, Opening};
use crate::units::ServiceTime;

/// Mondays of four weeks over a year: what is never open in them is taken to be never open.
const WEEKS: [Date; 4] = [date(2026, 1, 12), date(2026, 4, 20), date(2026, 7, 13), date(2026, 10, 12)];
/// The hours of the day that count where a measure has no window.
const DAYTIME: [ServiceTime; 2] = [ServiceTime::hms(7, 0, 0), ServiceTime::hms(19, 0, 0)];

/// When a way or gate lets whom in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WayHours {
    /// Whom it lets in when no condition holds.
    usual: Permission,
    /// Conditions, each with a value that is known.
    conditional: Option<String>,
    /// Opening hours; outside them it lets nobody in.
    opening_hours: Option<String>,
}

/// Asks for the state by conditions: the text, whether it is open where none holds, and which values open it.
type Ask<'a> = dyn Fn(&str, bool, &dyn Fn(&str) -> bool) -> OpenState + 'a;

impl WayHours {
    /// What the tags of a way or gate say of its hours, where they decide anything; `usual` is what the other tags say.
    pub(super) fn of(tags: &Tags<'_>, rules: &WalkRules, usual: Permission) -> Option<WayHours> {
        let decided = tags.get("foot").is_some() || rules.foot_named(tags);
        let access = tags.get("access:conditional").filter(|_| !decided);
        let clauses: Vec<(Permission, &str)> =
            tags.get("foot:conditional").or(access).map_or_else(Vec::new, |value| clauses(value, rules));
        let decides = clauses.iter().any(|(permission, _)| *permission != usual);
        let texts = clauses.iter().map(|(_, clause)| *clause).collect::<Vec<_>>();
        let conditional = decides.then(|| texts.join("; "));
        // The hours of a market or a café are not those of the square it is on.
        let is_place =
            ["amenity", "shop", "leisure", "tourism", "office"].iter().any(|key| tags.get(key).is_some());
        let opening_hours = tags.get("opening_hours").filter(|_| usual == Permission::Open && !is_place);
        let opening_hours = opening_hours.map(str::to_owned);
        (conditional.is_some() || opening_hours.is_some()).then_some(WayHours {
            usual,
            conditional,
            opening_hours,
        })
    }

    /// Whom it lets in throughout a window. Hours of which nobody can say anything are taken to hold, and a condition that
    /// nobody can look up, such as `no @ snow`, is taken not to.
    pub fn throughout(&self, window: &Opening, at: LonLat) -> Permission {
        let hours = self.opening_hours.as_ref().map(|hours| window.throughout(hours, at));
        self.permission(hours, &|text, otherwise, opens| window.access_throughout(text, otherwise, opens, at))
    }

    /// Whom it lets in where there is no window: all whom it lets in at any time between 07:00 and 19:00.
    pub fn in_daytime(&self, at: LonLat) -> Permission {
        let mut most = Permission::Shut;
        for date in
            WEEKS.iter().flat_map(|monday| (0..7).filter_map(|day| monday.checked_add(day.days()).ok()))
        {
            let [from, to] = DAYTIME;
            let day = Opening { date, from, to, zone: TimeZone::UTC, nation: None };
            let hours = self.opening_hours.as_ref().map(|hours| day.ever(hours, at));
            let found =
                self.permission(hours, &|text, otherwise, opens| day.access_ever(text, otherwise, opens, at));
            most = most.max(found);
            if most == Permission::Open {
                break;
            }
        }
        most
    }

    fn permission(&self, hours: Option<OpenState>, ask: &Ask<'_>) -> Permission {
        if hours == Some(OpenState::Closed) {
            return Permission::Shut;
        }
        let Some(conditional) = &self.conditional else { return self.usual };
        let lets_in = |wanted: Permission| {
            let opens = |value: &str| UK.says(value).is_some_and(|said| said >= wanted);
            match ask(conditional, self.usual >= wanted, &opens) {
                OpenState::Open => true,
                OpenState::Closed => false,
                OpenState::Unknown => self.usual >= wanted,
            }
        };
        [Permission::Open, Permission::Private]
            .into_iter()
            .find(|wanted| lets_in(*wanted))
            .unwrap_or(Permission::Shut)
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

/// The parts of `no @ (Mo-Fr 07:00-09:00); yes @ (Su)` whose values are known.
fn clauses<'a>(text: &'a str, rules: &WalkRules) -> Vec<(Permission, &'a str)> {
    let mut depth = 0_i32;
    let parts = text.split(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        letter == ';' && depth <= 0
    });
    let clause = |part: &'a str| Some((rules.says(part.split_once('@')?.0.trim())?, part.trim()));
    parts.filter_map(clause).collect()
}

#[cfg(all(test, feature = "opening-hours"))]
mod tests {
    use super::*;
    use Permission::{Open, Private, Shut};

    fn hours(tags: &[(&'static str, &'static str)], usual: Permission) -> WayHours {
        WayHours::of(&Tags::new(tags.iter().copied()), &UK, usual).expect("hours")
    }

    fn newport() -> LonLat {
        LonLat::new(-3.0, 51.6).expect("on the globe")
    }

    /// From one hour to another of a Tuesday or, with `sunday`, of a Sunday.
    fn at(hours: &WayHours, sunday: bool, from: i32, to: i32) -> Permission {
        let date = if sunday { date(2026, 3, 8) } else { date(2026, 3, 10) };
        let time = |hour| ServiceTime::hms(hour, 0, 0);
        let zone = TimeZone::get("Europe/London").expect("a zone");
        hours.throughout(&Opening { date, from: time(from), to: time(to), zone, nation: None }, newport())
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
        let market = hours(&[("access:conditional", "no @ (Sa 07:00-12:30); no @ Su 09:00-18:00")], Open);
        assert_eq!((at(&market, true, 8, 10), at(&market, false, 8, 10)), (Shut, Open));
        let members = hours(&[("access:conditional", "yes @ (Mo-Fr 09:00-17:00)")], Private);
        assert_eq!((at(&members, false, 9, 11), at(&members, false, 16, 18)), (Open, Private));
        let snow = hours(&[("access:conditional", "no @ snow")], Open);
        assert_eq!(at(&snow, false, 8, 10), Open);
    }

    #[test]
    fn what_decides_nothing_has_no_hours() {
        let none = |tags: &[(&'static str, &'static str)], usual| {
            WayHours::of(&Tags::new(tags.iter().copied()), &UK, usual).is_none()
        };
        assert!(none(&[("opening_hours", "Mo-Fr 08:00-18:00")], Shut), "shut anyway");
        assert!(none(&[("motor_vehicle:conditional", "no @ (Su)")], Open), "not for walkers");
        assert!(none(&[("foot", "yes"), ("access:conditional", "no @ (Su)")], Open), "`foot` beats it");
        assert!(none(&[("foot:conditional", "maybe @ (Su)")], Open));
        assert!(none(&[("amenity", "marketplace"), ("opening_hours", "Sa 08:00-14:00")], Open), "a market's");
    }
}
