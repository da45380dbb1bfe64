//! Which OpenStreetMap ways may be walked: the access rules of a country as one table.
//!
//! Sources: wiki.openstreetmap.org "UK access provisions", "OSM tags for routing/Access restrictions", "Access provisions
//! in the United Kingdom", "Key:foot", "Tag:route=ferry". The order of decision is: `foot` beats everything; a public
//! right of way beats `access`; `access` beats what the kind of way allows.

mod uk;

use super::duration::duration;
use super::tags::Tags;
use crate::units::Seconds;

pub use uk::UK;

/// Which way along a way people may walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
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

/// How a way may be walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WalkAccess {
    /// One way or both.
    pub direction: Direction,
    /// What kind of way it is.
    pub kind: WayKind,
    /// Whether people with wheels can use it.
    pub step_free: bool,
    /// Whether pedestrians are named (`foot=yes|designated|permissive` or a right of way): a gate that is private to
    /// vehicles does not stop them.
    pub foot_named: bool,
}

/// What a node does to those who pass it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeBarrier {
    /// Nothing.
    #[default]
    None,
    /// It keeps people with wheels out, as a stile does.
    Step,
    /// It keeps everyone out, save on ways that name pedestrians.
    Closed,
    /// It keeps everyone out.
    Locked,
}

/// The access rules of a country.
#[derive(Debug)]
pub struct WalkRules {
    /// `highway` values that may be walked unless something says otherwise.
    pub open: &'static [&'static str],
    /// `highway` values that may not be walked unless `foot` says so.
    pub closed: &'static [&'static str],
    /// `designation` values that are rights of way on foot.
    pub rights_of_way: &'static [&'static str],
    /// Values of `foot` and `access` that let people in. Access for customers or to a destination is let in whole.
    pub admitted: &'static [&'static str],
    /// Values of `foot` and `access` that keep people out.
    pub refused: &'static [&'static str],
    /// `surface` values that wheels cannot use.
    pub rough_surfaces: &'static [&'static str],
    /// `smoothness` values that wheels cannot use.
    pub rough: &'static [&'static str],
    /// The steepest slope for wheels, in per cent.
    pub steepest: f64,
    /// `barrier` values of nodes that wheels cannot pass.
    pub steps: &'static [&'static str],
}

impl WalkRules {
    /// How a way with these tags may be walked; `None` if it may not, or is no way.
    pub fn way(&self, tags: &Tags<'_>) -> Option<WalkAccess> {
        if tags.is("route", "ferry") && tags.get("highway").is_none() {
            return self.ferry(tags);
        }
        let usual = self.usual(tags)?;
        let named = self.foot_named(tags);
        let open = match tags.get("foot").and_then(|value| self.says(value)) {
            Some(open) => open,
            None if named => true,
            None if tags.is_any("motorroad", &["yes"]) => false,
            None => tags.get("access").and_then(|value| self.says(value)).map_or(usual, |open| open && usual),
        };
        let steps = tags.is_any("highway", &["steps", "ladder"]);
        open.then(|| WalkAccess {
            direction: direction(tags),
            kind: if steps { WayKind::Steps } else { WayKind::Street },
            step_free: self.step_free(tags, steps),
            foot_named: named,
        })
    }

    /// What a node with these tags does to those who pass it.
    pub fn node(&self, tags: &Tags<'_>) -> NodeBarrier {
        let barrier = tags.get("barrier");
        if barrier.is_none() && !tags.is("kerb", "raised") {
            return NodeBarrier::None;
        }
        let foot = tags.get("foot").and_then(|value| self.says(value));
        let access = tags.get("access").and_then(|value| self.says(value));
        match (foot, access) {
            (Some(false), _) => NodeBarrier::Locked,
            (None, Some(false)) => NodeBarrier::Closed,
            (None, None) if tags.is("locked", "yes") => NodeBarrier::Closed,
            _ if tags.is("wheelchair", "yes") => NodeBarrier::None,
            _ if barrier.is_some_and(|barrier| self.steps.contains(&barrier))
                || tags.is("kerb", "raised")
                || tags.is("wheelchair", "no") =>
            {
                NodeBarrier::Step
            }
            _ => NodeBarrier::None,
        }
    }

    /// What the kind of way allows by itself; `None` if it is no way, or one that nobody walks.
    fn usual(&self, tags: &Tags<'_>) -> Option<bool> {
        match tags.get("highway") {
            Some(highway) if self.open.contains(&highway) => Some(true),
            Some(highway) if self.closed.contains(&highway) => Some(false),
            Some(_) => None,
            None => (tags.is("man_made", "pier")
                || tags.is("railway", "platform")
                || tags.is("public_transport", "platform"))
            .then_some(true),
        }
    }

    fn foot_named(&self, tags: &Tags<'_>) -> bool {
        tags.is_any("foot", &["yes", "designated", "permissive", "official"])
            || tags.get("foot").is_none()
                && tags
                    .get("designation")
                    .is_some_and(|d| d.split(';').any(|d| self.rights_of_way.contains(&d.trim())))
    }

    /// Whether a value of `foot` or `access` lets people in; `None` for one that says nothing.
    fn says(&self, value: &str) -> Option<bool> {
        if self.admitted.contains(&value) {
            Some(true)
        } else {
            self.refused.contains(&value).then_some(false)
        }
    }

    fn ferry(&self, tags: &Tags<'_>) -> Option<WalkAccess> {
        let open = match tags.get("foot").and_then(|value| self.says(value)) {
            Some(open) => open,
            None => tags.get("access").and_then(|value| self.says(value)) != Some(false),
        };
        open.then(|| WalkAccess {
            direction: Direction::Both,
            kind: WayKind::Ferry(tags.get("duration").and_then(duration)),
            step_free: !tags.is("wheelchair", "no"),
            foot_named: true,
        })
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

fn direction(tags: &Tags<'_>) -> Direction {
    let forward = tags.is_any("oneway:foot", &["yes", "1"])
        || tags.is("foot:backward", "no")
        || tags.is("conveying", "forward");
    let backward =
        tags.is("oneway:foot", "-1") || tags.is("foot:forward", "no") || tags.is("conveying", "backward");
    match (forward, backward) {
        (true, false) => Direction::Along,
        (false, true) => Direction::Against,
        _ => Direction::Both,
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
            (&[("highway", "motorway_link"), ("foot", "yes")], false),
            (&[("highway", "trunk")], true),
            (&[("highway", "trunk"), ("foot", "no")], false),
            (&[("highway", "primary"), ("foot", "use_sidepath")], false),
            (&[("highway", "trunk"), ("motorroad", "yes")], false),
            (&[("highway", "construction"), ("construction", "footway")], false),
            (&[("highway", "proposed")], false),
            (&[("highway", "raceway")], false),
            (&[("highway", "busway")], false),
            (&[("highway", "busway"), ("foot", "yes")], true),
            (&[("highway", "footway"), ("access", "private")], false),
            (&[("highway", "footway"), ("access", "no")], false),
            (&[("highway", "service"), ("access", "private"), ("foot", "permissive")], true),
            (&[("highway", "service"), ("access", "destination")], true),
            (&[("highway", "service"), ("access", "customers")], true),
            (&[("highway", "service"), ("access", "delivery")], false),
            (&[("highway", "service"), ("access", "yes"), ("foot", "private")], false),
            (&[("highway", "track"), ("access", "private"), ("designation", "public_footpath")], true),
            (&[("highway", "track"), ("access", "private"), ("designation", "public_bridleway")], true),
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
    fn only_what_says_so_is_one_way_on_foot() {
        let direction = |tags: &[(&'static str, &'static str)]| way(tags).expect("open").direction;
        assert_eq!(direction(&[("highway", "residential"), ("oneway", "yes")]), Direction::Both);
        assert_eq!(direction(&[("highway", "footway"), ("oneway:foot", "yes")]), Direction::Along);
        assert_eq!(direction(&[("highway", "footway"), ("foot:forward", "no")]), Direction::Against);
        assert_eq!(direction(&[("highway", "steps"), ("conveying", "backward")]), Direction::Against);
        assert_eq!(direction(&[("highway", "steps"), ("conveying", "reversible")]), Direction::Both);
    }

    #[test]
    fn a_ferry_takes_the_time_it_gives() {
        let kind = |text| way(&[("route", "ferry"), ("duration", text)]).expect("open").kind;
        assert_eq!(kind("00:20"), WayKind::Ferry(Some(Seconds::minutes(20))));
        assert_eq!(kind("15"), WayKind::Ferry(Some(Seconds::minutes(15))));
        assert_eq!(kind("1:05:30"), WayKind::Ferry(Some(Seconds(3930))));
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
        assert_eq!(node(&[("barrier", "gate"), ("access", "private")]), NodeBarrier::Closed);
        assert_eq!(node(&[("barrier", "gate"), ("access", "private"), ("foot", "yes")]), NodeBarrier::None);
        assert_eq!(node(&[("barrier", "gate"), ("access", "yes"), ("foot", "no")]), NodeBarrier::Locked);
        assert_eq!(node(&[("barrier", "stile")]), NodeBarrier::Step);
        assert_eq!(node(&[("barrier", "kissing_gate"), ("wheelchair", "yes")]), NodeBarrier::None);
        assert_eq!(node(&[("barrier", "kerb"), ("kerb", "raised")]), NodeBarrier::Step);
        assert_eq!(node(&[("access", "private")]), NodeBarrier::None, "no barrier, no gate");
    }
}
