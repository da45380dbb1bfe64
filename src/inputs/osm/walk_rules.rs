//! Which OpenStreetMap ways may be walked: the access rules of a country as one table.
//!
//! Sources: wiki.openstreetmap.org "UK access provisions", "OSM tags for routing/Access
//! restrictions", "Access provisions in the United Kingdom", "Key:foot", "Key:barrier",
//! "Tag:route=ferry". The order of decision is: `foot` beats everything; a public right of way
//! beats `access`; `access` beats what the kind of way allows.

mod uk;

use super::duration::duration;
use super::tags::Tags;
use super::timed_ways::WayHours;
use crate::ids::HoursIdx;
use crate::units::Seconds;

pub use uk::UK;

/// Which way along a way people may walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WalkDirection {
    /// Both ways.
    #[default]
    Both,
    /// Only from its first node to its last, as on an escalator.
    Along,
    /// Only from its last node to its first.
    Against,
}

/// What a pedestrian meets on a way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WayKind {
    /// A street or path, walked at walking speed.
    #[default]
    Street,
    /// Steps, walked at the speed of steps.
    Steps,
    /// A ferry, with its crossing time where the map gives one.
    Ferry(Option<Seconds>),
}

/// Whether a way runs in the open, where a point beside it can step onto it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// On the ground, under the sky.
    #[default]
    Open,
    /// On a bridge.
    Bridge,
    /// In a tunnel, under a roof or indoors.
    Covered,
}

/// Whom the tags of a way or gate let in. The greater is the more open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Nobody.
    Shut,
    /// Those who live or have business there: it is walked at the two ends of a journey, never
    /// through.
    Private,
    /// Everybody.
    Open,
}

/// How a way may be walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WalkAccess {
    /// One way or both.
    pub direction: WalkDirection,
    /// What kind of way it is.
    pub kind: WayKind,
    /// Whether people with wheels can use it.
    pub step_free: bool,
    /// Whether pedestrians are named (`foot=yes|designated|permissive` or a right of way): a gate
    /// that is private to vehicles does not stop them.
    pub foot_named: bool,
    /// Whether it is open only to those who live or have business there.
    pub private: bool,
    /// Whether points beside it can step onto it.
    pub setting: Setting,
    /// When it lets whom in, if that is not always the same; then that decides, and not `private`.
    pub hours: Option<HoursIdx>,
}

/// What a node does to those who pass it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeBarrier {
    /// Nothing.
    #[default]
    None,
    /// It keeps people with wheels out, as a stile does.
    Step,
    /// A private gate: it is passed at the two ends of a journey, and by everyone on ways that name
    /// pedestrians.
    Private {
        /// Whether wheels get through.
        step_free: bool,
    },
    /// It keeps everyone out, save on ways that name pedestrians.
    Closed,
    /// It keeps everyone out.
    Locked,
    /// It lets people in at some hours, and is passed as those say.
    Timed {
        /// Its hours.
        hours: HoursIdx,
        /// Whether wheels get through.
        step_free: bool,
    },
    /// A wall, fence or ditch. It keeps everyone out, unless two ways share the node: then it is a
    /// slip of the mapper.
    Wall,
}

/// The access rules of a country.
#[derive(Debug)]
pub struct WalkRules {
    /// `highway` values that may be walked unless something says otherwise.
    pub open: &'static [&'static str],
    /// `highway` values that may not be walked unless `foot` says so.
    pub closed: &'static [&'static str],
    /// `highway` values that may not be walked unless `foot` says `yes` or `designated`.
    pub motorways: &'static [&'static str],
    /// `designation` values that are rights of way on foot.
    pub rights_of_way: &'static [&'static str],
    /// Values of `foot` and `access` that let people in. Access for customers or to a destination
    /// is let in whole.
    pub admitted: &'static [&'static str],
    /// Values of `foot` and `access` that let in those who belong there.
    pub residents: &'static [&'static str],
    /// Values of `foot` and `access` that keep people out.
    pub refused: &'static [&'static str],
    /// Values that name another mode of travel, which is let in alone.
    pub other_modes: &'static [&'static str],
    /// `surface` values that wheels cannot use.
    pub rough_surfaces: &'static [&'static str],
    /// `smoothness` values that wheels cannot use.
    pub rough: &'static [&'static str],
    /// The steepest slope for wheels, in per cent.
    pub steepest: f64,
    /// `barrier` values of nodes that wheels cannot pass.
    pub steps: &'static [&'static str],
    /// `barrier` values of nodes that nobody passes, unless something says otherwise.
    pub walls: &'static [&'static str],
    /// Keys of a way through a wall.
    pub gaps: &'static [&'static str],
}

fn is_ferry(tags: &Tags<'_>) -> bool {
    tags.is("route", "ferry") && tags.get("highway").is_none()
}

impl WalkRules {
    /// How a way with these tags may be walked, its hours apart; `None` if it may not, or is no
    /// way.
    pub fn way(&self, tags: &Tags<'_>) -> Option<WalkAccess> {
        if is_ferry(tags) {
            return self.ferry(tags);
        }
        let permission = self.permission(tags, self.usual(tags)?);
        (permission != Permission::Shut).then(|| self.walked_as(tags, permission))
    }

    /// How a way with these tags may be walked, and the hours of one that has some.
    pub fn timed_way(&self, tags: &Tags<'_>) -> Option<(WalkAccess, Option<WayHours>)> {
        if is_ferry(tags) {
            let usual = self.ferry_permission(tags);
            return match WayHours::of(tags, self, usual) {
                Some(hours) => Some((self.sailed_as(tags), Some(hours))),
                None => Some((self.ferry(tags)?, None)),
            };
        }
        let hours = self
            .usual(tags)
            .and_then(|usual| WayHours::of(tags, self, self.permission(tags, usual)));
        match hours {
            Some(hours) => Some((self.walked_as(tags, Permission::Open), Some(hours))),
            None => Some((self.way(tags)?, None)),
        }
    }

    /// The hours of a gate that has some, and whether wheels get through.
    pub fn timed_gate(&self, tags: &Tags<'_>) -> Option<(WayHours, bool)> {
        tags.get("barrier")?;
        let barrier = self.node(tags);
        let usual = match barrier {
            NodeBarrier::None | NodeBarrier::Step => Permission::Open,
            NodeBarrier::Private { .. } => Permission::Private,
            _ => Permission::Shut,
        };
        let step_free =
            !matches!(barrier, NodeBarrier::Step | NodeBarrier::Private { step_free: false });
        WayHours::of(tags, self, usual).map(|hours| (hours, step_free))
    }

    fn walked_as(&self, tags: &Tags<'_>, permission: Permission) -> WalkAccess {
        let steps = tags.is_any("highway", &["steps", "ladder"]);
        WalkAccess {
            direction: direction(tags),
            kind: if steps { WayKind::Steps } else { WayKind::Street },
            step_free: self.step_free(tags, steps),
            foot_named: self.foot_named(tags),
            private: permission == Permission::Private,
            setting: setting(tags),
            hours: None,
        }
    }

    /// What a node with these tags does to those who pass it.
    pub fn node(&self, tags: &Tags<'_>) -> NodeBarrier {
        let barrier = tags.get("barrier");
        if barrier.is_none() && !tags.is("kerb", "raised") {
            return NodeBarrier::None;
        }
        let foot = tags.get("foot").and_then(|value| self.says(value));
        let access = tags.get("access").and_then(|value| self.says(value));
        let wheels = tags.is("wheelchair", "yes");
        let step_free = wheels
            || !(barrier.is_some_and(|barrier| self.steps.contains(&barrier))
                || tags.is("kerb", "raised")
                || tags.is("wheelchair", "no"));
        let said = foot.or(access);
        if !wheels && said.is_none_or(|said| said == Permission::Private) && self.is_wall(tags) {
            return NodeBarrier::Wall;
        }
        match (foot, said) {
            (Some(Permission::Shut), _) => NodeBarrier::Locked,
            (_, Some(Permission::Shut)) => NodeBarrier::Closed,
            (_, Some(Permission::Private)) => NodeBarrier::Private { step_free },
            (_, None) if tags.is("locked", "yes") => NodeBarrier::Closed,
            _ if step_free => NodeBarrier::None,
            _ => NodeBarrier::Step,
        }
    }

    /// A value of `access` or `foot` of a way that means nothing by these rules, and is passed
    /// over.
    pub fn unknown_value<'a>(&self, tags: &Tags<'a>) -> Option<&'a str> {
        self.usual(tags)?;
        let unknown = |key| tags.get(key).filter(|value| self.says(value).is_none());
        unknown("foot").or_else(|| unknown("access"))
    }

    /// `foot` decides before everything, then a right of way, then `access`, then the kind of way.
    fn permission(&self, tags: &Tags<'_>, usual: Permission) -> Permission {
        let foot = tags.get("foot").and_then(|value| self.says(value));
        if tags.is_any("highway", self.motorways) {
            let named = tags
                .get("foot")
                .is_some_and(|foot| members(foot).any(|m| m == "yes" || m == "designated"));
            return if named { Permission::Open } else { Permission::Shut };
        }
        match foot {
            Some(said) => said,
            None if self.foot_named(tags) => Permission::Open,
            None if tags.is_any("motorroad", &["yes"]) => Permission::Shut,
            None => tags
                .get("access")
                .and_then(|value| self.says(value))
                .map_or(usual, |said| said.min(usual)),
        }
    }

    /// What the kind of way allows by itself; `None` if it is no way, or one that nobody walks.
    fn usual(&self, tags: &Tags<'_>) -> Option<Permission> {
        match tags.get("highway") {
            Some(highway) if self.open.contains(&highway) => Some(Permission::Open),
            Some(highway)
                if self.closed.contains(&highway) || self.motorways.contains(&highway) =>
            {
                Some(Permission::Shut)
            }
            Some(_) => None,
            None => (tags.is("man_made", "pier")
                || tags.is("railway", "platform")
                || tags.is("public_transport", "platform"))
            .then_some(Permission::Open),
        }
    }

    pub(super) fn foot_named(&self, tags: &Tags<'_>) -> bool {
        const NAMED: [&str; 4] = ["yes", "designated", "permissive", "official"];
        tags.get("foot").map_or_else(
            || {
                let rights = |d: &str| d.split(';').any(|d| self.rights_of_way.contains(&d.trim()));
                tags.get("designation").is_some_and(rights)
            },
            |foot| members(foot).any(|member| NAMED.contains(&member.as_str())),
        )
    }

    /// Whom a value of `foot` or `access` lets in; `None` for one that says nothing. Of a list
    /// (`foot=yes;permissive`) the most open member counts.
    pub(super) fn says(&self, value: &str) -> Option<Permission> {
        let of = |member: String| {
            let member = member.as_str();
            if self.admitted.contains(&member) {
                Some(Permission::Open)
            } else if self.residents.contains(&member) {
                Some(Permission::Private)
            } else {
                (self.refused.contains(&member) || self.other_modes.contains(&member))
                    .then_some(Permission::Shut)
            }
        };
        members(value).filter_map(of).max()
    }

    /// Whether a barrier is a wall without a way through.
    fn is_wall(&self, tags: &Tags<'_>) -> bool {
        let barrier = tags.get("barrier").unwrap_or_default();
        members(barrier).all(|member| self.walls.contains(&member.as_str()))
            && !self.gaps.iter().any(|key| tags.get(key).is_some_and(|value| value != "no"))
    }

    fn ferry(&self, tags: &Tags<'_>) -> Option<WalkAccess> {
        (self.ferry_permission(tags) == Permission::Open).then(|| self.sailed_as(tags))
    }

    fn ferry_permission(&self, tags: &Tags<'_>) -> Permission {
        let said = |key| tags.get(key).and_then(|value| self.says(value));
        said("foot").or(said("access")).unwrap_or(Permission::Open)
    }

    fn sailed_as(&self, tags: &Tags<'_>) -> WalkAccess {
        WalkAccess {
            kind: WayKind::Ferry(tags.get("duration").and_then(duration)),
            step_free: !tags.is("wheelchair", "no"),
            foot_named: true,
            ..WalkAccess::default()
        }
    }

    fn step_free(&self, tags: &Tags<'_>, steps: bool) -> bool {
        if steps {
            return tags.is("ramp:wheelchair", "yes") || tags.is("wheelchair", "yes");
        }
        let steep = tags.get("incline").and_then(slope).is_some_and(|slope| slope > self.steepest);
        let rough = tags.is_any("surface", self.rough_surfaces)
            || tags.is_any("smoothness", self.rough)
            || tags.is_any("tracktype", &["grade4", "grade5"])
            || tags.get("sac_scale").is_some_and(|scale| scale != "strolling");
        let climbs = tags.is("highway", "via_ferrata") || tags.is("kerb", "raised");
        match tags.get("wheelchair") {
            Some("yes" | "designated") => true,
            Some("no") => false,
            _ => !steep && !rough && !climbs,
        }
    }
}

/// The members of a list, in small letters.
fn members(value: &str) -> impl Iterator<Item = String> {
    value
        .split([';', ',', '|'])
        .map(|member| member.trim().to_lowercase())
        .filter(|member| !member.is_empty())
}

/// Whether a way runs in the open. A boardwalk lies on the ground.
fn setting(tags: &Tags<'_>) -> Setting {
    let says = |key| tags.get(key).is_some_and(|value| value != "no");
    let under =
        tags.is_any("location", &["underground", "indoor"]) || tags.is("highway", "corridor");
    if says("tunnel") || says("covered") || says("indoor") || under {
        Setting::Covered
    } else if tags.get("bridge").is_some_and(|bridge| bridge != "no" && bridge != "boardwalk") {
        Setting::Bridge
    } else {
        Setting::Open
    }
}

/// Which way one may walk. `oneway` is about vehicles, save where it is the belt that goes one way.
fn direction(tags: &Tags<'_>) -> WalkDirection {
    const ALONG: [&str; 3] = ["yes", "1", "true"];
    const AGAINST: [&str; 2] = ["-1", "reverse"];
    let oneway = |values: &[&str]| {
        tags.is_any("oneway:foot", values)
            || tags.is("conveying", "yes") && tags.is_any("oneway", values)
    };
    let forward =
        oneway(&ALONG) || tags.is("foot:backward", "no") || tags.is("conveying", "forward");
    let backward =
        oneway(&AGAINST) || tags.is("foot:forward", "no") || tags.is("conveying", "backward");
    match (forward, backward) {
        (true, false) => WalkDirection::Along,
        (false, true) => WalkDirection::Against,
        _ => WalkDirection::Both,
    }
}

/// A slope in per cent from `10%`, `-10 %` or `8°`; `up` and `down` say nothing.
fn slope(text: &str) -> Option<f64> {
    let text = text.trim().trim_start_matches(['-', '+']);
    let (number, degrees) = match text.strip_suffix('°') {
        Some(number) => (number, true),
        None => (text.strip_suffix('%').unwrap_or(text), false),
    };
    let number: f64 = number.trim().parse().ok()?;
    Some(if degrees { number.to_radians().tan() * 100.0 } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(tags: &[(&'static str, &'static str)]) -> Option<WalkAccess> {
        UK.way(&Tags::new(tags.iter().copied()))
    }

    fn node(tags: &[(&'static str, &'static str)]) -> NodeBarrier {
        UK.node(&Tags::new(tags.iter().copied()))
    }

    #[test]
    fn each_rule_of_access_is_kept() {
        let table: &[(&[(&str, &str)], bool)] = &[
            (&[("highway", "residential")], true),
            (&[("highway", "motorway")], false),
            (&[("highway", "motorway_link")], false),
            (&[("highway", "motorway_link"), ("foot", "yes")], true),
            (&[("highway", "motorway"), ("foot", "designated")], true),
            (&[("highway", "motorway"), ("foot", "permissive")], false),
            (&[("highway", "motorway"), ("access", "yes")], false),
            (&[("highway", "trunk")], true),
            (&[("highway", "trunk"), ("foot", "no")], false),
            (&[("highway", "primary"), ("foot", "use_sidepath")], false),
            (&[("highway", "trunk"), ("motorroad", "yes")], false),
            (&[("highway", "construction"), ("construction", "footway")], false),
            (&[("highway", "proposed")], false),
            (&[("highway", "raceway")], false),
            (&[("highway", "busway")], false),
            (&[("highway", "busway"), ("foot", "yes")], true),
            (&[("highway", "footway"), ("access", "no")], false),
            (&[("highway", "service"), ("access", "bus")], false),
            (&[("highway", "service"), ("access", "psv;taxi")], false),
            (&[("highway", "service"), ("access", "bus"), ("foot", "yes")], true),
            (&[("highway", "service"), ("access", "bus;foot")], true),
            (&[("highway", "service"), ("access", "maybe")], true),
            (&[("highway", "busway"), ("foot", "maybe")], false),
            (&[("highway", "service"), ("access", "no"), ("foot", "yes;permissive")], true),
            (&[("highway", "service"), ("access", "no"), ("foot", "Yes")], true),
            (&[("highway", "service"), ("access", "private"), ("foot", "permissive")], true),
            (&[("highway", "service"), ("access", "destination")], true),
            (&[("highway", "service"), ("access", "customers")], true),
            (&[("highway", "service"), ("access", "delivery")], false),
            (
                &[("highway", "track"), ("access", "private"), ("designation", "public_footpath")],
                true,
            ),
            (
                &[("highway", "track"), ("access", "private"), ("designation", "public_bridleway")],
                true,
            ),
            (&[("highway", "path"), ("foot", "no"), ("designation", "public_footpath")], false),
            (&[("highway", "residential"), ("access", "no"), ("motor_vehicle", "no")], false),
            (&[("highway", "residential"), ("motor_vehicle", "private")], true),
            (&[("highway", "cycleway")], true),
            (&[("highway", "cycleway"), ("foot", "no")], false),
            (&[("highway", "bridleway")], true),
            (&[("highway", "corridor"), ("indoor", "yes")], true),
            (&[("man_made", "pier")], true),
            (&[("railway", "platform")], true),
            (&[("public_transport", "platform")], true),
            (&[("public_transport", "platform"), ("access", "no")], false),
            (&[("disused:highway", "footway")], false),
            (&[("building", "yes")], false),
            (&[("route", "ferry")], true),
            (&[("route", "ferry"), ("foot", "no")], false),
        ];
        for (tags, open) in table {
            assert_eq!(way(tags).is_some(), *open, "{tags:?}");
        }
    }

    #[test]
    fn private_ways_are_told_from_open_ones() {
        let private =
            |tags: &[(&'static str, &'static str)]| way(tags).expect("open to some").private;
        assert!(private(&[("highway", "residential"), ("access", "private")]));
        assert!(private(&[
            ("highway", "service"),
            ("service", "driveway"),
            ("access", "residents")
        ]));
        assert!(private(&[("highway", "service"), ("access", "yes"), ("foot", "private")]));
        assert!(private(&[("highway", "service"), ("access", "no;permit")]));
        assert!(!private(&[
            ("highway", "service"),
            ("access", "private"),
            ("foot", "yes;permissive")
        ]));
        assert!(
            !private(&[("highway", "service"), ("access", "private;customers")]),
            "the most open member"
        );
        assert!(!private(&[
            ("highway", "track"),
            ("access", "private"),
            ("designation", "public_footpath")
        ]));
        assert_eq!(way(&[("highway", "busway"), ("access", "private")]), None);
    }

    #[test]
    fn a_value_that_means_nothing_is_known() {
        let odd = |tags: &[(&'static str, &'static str)]| {
            UK.unknown_value(&Tags::new(tags.iter().copied()))
        };
        assert_eq!(odd(&[("highway", "path"), ("access", "maybe")]), Some("maybe"));
        assert_eq!(odd(&[("highway", "path"), ("foot", "maybe;yes")]), None);
        assert_eq!(odd(&[("highway", "path"), ("access", "bus")]), None);
        assert_eq!(odd(&[("building", "yes"), ("access", "maybe")]), None, "no way");
    }

    #[test]
    fn what_is_below_under_a_roof_or_on_a_bridge_is_known() {
        let setting =
            |key, value| way(&[("highway", "footway"), (key, value)]).expect("open").setting;
        for (key, value) in [
            ("tunnel", "yes"),
            ("tunnel", "building_passage"),
            ("covered", "yes"),
            ("indoor", "yes"),
        ] {
            assert_eq!(setting(key, value), Setting::Covered, "{key}={value}");
        }
        assert_eq!(setting("bridge", "viaduct"), Setting::Bridge);
        for (key, value) in
            [("tunnel", "no"), ("covered", "no"), ("bridge", "no"), ("bridge", "boardwalk")]
        {
            assert_eq!(setting(key, value), Setting::Open, "{key}={value}");
        }
    }

    #[test]
    fn only_what_says_so_is_one_way_on_foot() {
        let direction = |tags: &[(&'static str, &'static str)]| way(tags).expect("open").direction;
        assert_eq!(
            direction(&[("highway", "residential"), ("oneway", "yes")]),
            WalkDirection::Both
        );
        assert_eq!(
            direction(&[("highway", "footway"), ("oneway:foot", "yes")]),
            WalkDirection::Along
        );
        assert_eq!(
            direction(&[("highway", "footway"), ("foot:forward", "no")]),
            WalkDirection::Against
        );
        assert_eq!(
            direction(&[("highway", "steps"), ("conveying", "backward")]),
            WalkDirection::Against
        );
        assert_eq!(
            direction(&[("highway", "steps"), ("conveying", "reversible")]),
            WalkDirection::Both
        );
        assert_eq!(direction(&[("highway", "footway"), ("oneway", "yes")]), WalkDirection::Both);
        assert_eq!(
            direction(&[("highway", "path"), ("oneway:foot", "true")]),
            WalkDirection::Along
        );
        let escalator = |oneway| [("highway", "steps"), ("conveying", "yes"), ("oneway", oneway)];
        assert_eq!(direction(&escalator("yes")), WalkDirection::Along);
        assert_eq!(direction(&escalator("-1")), WalkDirection::Against);
        assert_eq!(direction(&escalator("no")), WalkDirection::Both);
    }

    #[test]
    fn a_ferry_takes_the_time_it_gives() {
        let kind = |text| way(&[("route", "ferry"), ("duration", text)]).expect("open").kind;
        assert_eq!(kind("00:20"), WayKind::Ferry(Some(Seconds::minutes(20))));
        assert_eq!(kind("15"), WayKind::Ferry(Some(Seconds::minutes(15))));
        assert_eq!(kind("1:05:30"), WayKind::Ferry(Some(Seconds::new(3930))));
        assert_eq!(kind("soon"), WayKind::Ferry(None));
    }

    #[test]
    fn wheels_keep_off_steps_slopes_and_rough_ground() {
        let step_free = |tags: &[(&'static str, &'static str)]| way(tags).expect("open").step_free;
        assert!(step_free(&[("highway", "footway")]));
        assert!(!step_free(&[("highway", "steps")]));
        assert!(step_free(&[("highway", "steps"), ("ramp:wheelchair", "yes")]));
        assert!(!step_free(&[("highway", "footway"), ("wheelchair", "no")]));
        assert!(!step_free(&[("highway", "footway"), ("incline", "-12%")]));
        assert!(step_free(&[("highway", "footway"), ("incline", "5%")]));
        assert!(!step_free(&[("highway", "footway"), ("incline", "5°")]), "5° is 8.7 %");
        assert!(step_free(&[("highway", "footway"), ("incline", "up")]));
        assert!(!step_free(&[("highway", "path"), ("surface", "mud")]));
        assert!(!step_free(&[("highway", "track"), ("tracktype", "grade5")]));
    }

    #[test]
    fn barriers_stop_those_they_stop() {
        assert_eq!(node(&[("barrier", "bollard")]), NodeBarrier::None);
        assert_eq!(node(&[("barrier", "gate")]), NodeBarrier::None);
        assert_eq!(node(&[("barrier", "gate"), ("locked", "yes")]), NodeBarrier::Closed);
        assert_eq!(node(&[("barrier", "gate"), ("access", "no")]), NodeBarrier::Closed);
        let private = |step_free| NodeBarrier::Private { step_free };
        assert_eq!(node(&[("barrier", "gate"), ("access", "private")]), private(true));
        assert_eq!(
            node(&[("barrier", "gate"), ("access", "private"), ("locked", "yes")]),
            private(true)
        );
        assert_eq!(node(&[("barrier", "stile"), ("foot", "private")]), private(false));
        assert_eq!(
            node(&[("barrier", "gate"), ("access", "private"), ("foot", "yes")]),
            NodeBarrier::None
        );
        assert_eq!(
            node(&[("barrier", "gate"), ("access", "yes"), ("foot", "no")]),
            NodeBarrier::Locked
        );
        assert_eq!(node(&[("barrier", "stile")]), NodeBarrier::Step);
        assert_eq!(node(&[("barrier", "kissing_gate"), ("wheelchair", "yes")]), NodeBarrier::None);
        assert_eq!(node(&[("barrier", "kerb"), ("kerb", "raised")]), NodeBarrier::Step);
        assert_eq!(node(&[("access", "private")]), NodeBarrier::None, "no barrier, no gate");
        for wall in UK.walls {
            assert_eq!(node(&[("barrier", wall)]), NodeBarrier::Wall, "{wall}");
            assert_eq!(
                node(&[("barrier", wall), ("access", "private")]),
                NodeBarrier::Wall,
                "{wall}"
            );
            assert_eq!(node(&[("barrier", wall), ("foot", "yes")]), NodeBarrier::None, "{wall}");
            assert_eq!(
                node(&[("barrier", wall), ("access", "permissive")]),
                NodeBarrier::None,
                "{wall}"
            );
            assert_eq!(node(&[("barrier", wall), ("stile", "yes")]), NodeBarrier::None, "{wall}");
        }
        assert_eq!(node(&[("barrier", "fence;gate")]), NodeBarrier::None);
    }
}
