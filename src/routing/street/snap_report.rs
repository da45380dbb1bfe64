//! How well points and stops join the streets: what is to be said of each before anybody believes
//! its times.

use crate::finding::{Findings, Outcome, Severity};
use crate::inputs::osm::BarrierKind;
use crate::network::streets::Snap;
use crate::units::Metres;

/// Beyond this a street may not be the one that people walk out to.
pub const FAR: Metres = Metres::new(50.0);

/// How many of some things join the streets, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SnapCounts {
    /// All of them.
    pub all: u64,
    /// No street is near enough.
    pub off: u64,
    /// The street is farther than [`FAR`].
    pub far: u64,
    /// The way to the street crosses water, a railway or a motorway.
    pub crossing: u64,
    /// The street is on an island of the network.
    pub island: u64,
    /// A nearer street was passed over, being on an island, in a tunnel, on a bridge or beyond a
    /// barrier.
    pub passed_over: u64,
}

impl SnapCounts {
    /// Counts things by the way to the street of each; none for one that is off the network.
    pub fn of<'a>(snaps: impl Iterator<Item = Option<&'a Snap>>) -> SnapCounts {
        let mut counts = SnapCounts::default();
        for snap in snaps {
            counts.all += 1;
            counts.off += u64::from(snap.is_none());
            counts.far += u64::from(snap.is_some_and(is_far));
            counts.crossing += u64::from(snap.is_some_and(|snap| snap.crosses.is_some()));
            counts.island += u64::from(snap.is_some_and(|snap| snap.island));
            counts.passed_over += u64::from(snap.is_some_and(passed_over));
        }
        counts
    }
}

/// What things are called in findings.
#[derive(Clone, Copy, Debug)]
pub struct SnapNames<'a> {
    /// Where they stand, such as `origins` or a feed.
    pub file: &'a str,
    /// The kind of finding for one that is off the network.
    pub off_code: &'static str,
    /// Many of them.
    pub many: &'static str,
    /// What being off the network means for them.
    pub off_means: &'static str,
}

impl<'a> SnapNames<'a> {
    /// Points that people set out from or go to.
    pub fn points(file: &'a str) -> SnapNames<'a> {
        let off_means = "lie too far from any street: nothing reaches them";
        SnapNames { file, off_code: "point_off_network", many: "points", off_means }
    }

    /// Stops of a feed.
    pub fn stops(file: &'a str) -> SnapNames<'a> {
        let off_means = "lie too far from any street of the extract to be walked to: nobody gets on or off there";
        SnapNames { file, off_code: "stop_off_network", many: "stops with service", off_means }
    }

    /// A finding for each thing that is off the network or whose way to the street is to be looked
    /// at.
    pub fn report(&self, each: &[(String, Option<&Snap>)], findings: &mut Findings) {
        let counts = SnapCounts::of(each.iter().map(|(_, snap)| *snap));
        for (name, snap) in each {
            match snap {
                None => {
                    let (off, all) = (counts.off, counts.all);
                    let what = format!("{off} of {all} {} {}: {name}", self.many, self.off_means);
                    self.say(Severity::Warning, self.off_code, what, findings);
                }
                Some(snap) => self.report_way(name, snap, findings),
            }
        }
    }

    /// One finding for all that are off the network.
    pub fn report_off(&self, counts: SnapCounts, findings: &mut Findings) {
        let what = format!("{} of {} {} {}", counts.off, counts.all, self.many, self.off_means);
        findings.count(
            Severity::Warning,
            self.off_code,
            Outcome::Kept,
            self.file,
            counts.off,
            what,
        );
    }

    fn report_way(&self, name: &str, snap: &Snap, findings: &mut Findings) {
        let gap = snap.gap;
        if let Some(barrier) = snap.crosses {
            let what =
                format!("the way of {gap} to the street crosses {}: {name}", in_words(barrier));
            self.say(Severity::Warning, "snap_crosses", what, findings);
        }
        if snap.island {
            let what = format!("the street, {gap} away, is on an island of the network: {name}");
            self.say(Severity::Warning, "snap_on_island", what, findings);
        }
        if is_far(snap) {
            let what = format!("the street is {:.1} m away, more than {FAR}: {name}", gap.get());
            self.say(Severity::Info, "snap_far", what, findings);
        }
        if passed_over(snap) {
            let why = "is on an island, in a tunnel, on a bridge or beyond a barrier";
            let what =
                format!("a street {} away {why}: one {gap} away was taken: {name}", snap.nearest);
            self.say(Severity::Info, "snap_passed_over", what, findings);
        }
    }

    fn say(&self, severity: Severity, code: &'static str, what: String, findings: &mut Findings) {
        findings.count(severity, code, Outcome::Kept, self.file, 1, what);
    }
}

fn is_far(snap: &Snap) -> bool {
    snap.gap > FAR
}

fn passed_over(snap: &Snap) -> bool {
    snap.nearest < snap.gap
}

fn in_words(barrier: BarrierKind) -> &'static str {
    match barrier {
        BarrierKind::Water => "water",
        BarrierKind::Railway => "a railway",
        BarrierKind::Motorway => "a motorway",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Projected;
    use crate::ids::EdgeIdx;

    fn snap(gap: f64, nearest: f64, crosses: Option<BarrierKind>, island: bool) -> Snap {
        let (gap, nearest) = (Metres::new(gap), Metres::new(nearest));
        let at = Projected { x: 0.0, y: 0.0 };
        Snap {
            edge: EdgeIdx(0),
            along: Metres::new(0.0),
            gap,
            at,
            point: at,
            crosses,
            island,
            nearest,
        }
    }

    #[test]
    fn each_thing_is_told_of_once_for_every_doubt_about_it() {
        let near = snap(50.0, 50.0, None, false);
        let far = snap(50.1, 50.1, None, false);
        let over_water = snap(80.0, 20.0, Some(BarrierKind::Water), false);
        let island = snap(10.0, 10.0, None, true);
        let snaps = [Some(&near), Some(&far), Some(&over_water), Some(&island), None, None];
        let each: Vec<(String, Option<&Snap>)> = ["a", "b", "c", "d", "e", "f"]
            .into_iter()
            .zip(snaps)
            .map(|(name, snap)| (name.to_owned(), snap))
            .collect();
        let counts = SnapCounts::of(snaps.into_iter());
        let expected =
            SnapCounts { all: 6, off: 2, far: 2, crossing: 1, island: 1, passed_over: 1 };
        assert_eq!(counts, expected);
        let mut findings = Findings::new();
        SnapNames::points("origins").report(&each, &mut findings);
        let told: Vec<(&str, &str)> = findings
            .iter()
            .map(|finding| (finding.code, finding.what.rsplit(": ").next().unwrap_or_default()))
            .collect();
        let expected = [
            ("snap_far", "b"),
            ("snap_crosses", "c"),
            ("snap_far", "c"),
            ("snap_passed_over", "c"),
            ("snap_on_island", "d"),
            ("point_off_network", "e"),
            ("point_off_network", "f"),
        ];
        assert_eq!(told, expected);
        let first =
            findings.iter().find(|finding| finding.code == "point_off_network").expect("told");
        assert!(first.what.starts_with("2 of 6 points"), "{}", first.what);
        let crossing =
            findings.iter().find(|finding| finding.code == "snap_crosses").expect("told");
        assert_eq!(crossing.what, "the way of 80 m to the street crosses water: c");
        assert_eq!(crossing.severity, Severity::Warning);
    }
}
