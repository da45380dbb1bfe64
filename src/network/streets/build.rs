//! Records → street graph.

use std::sync::Arc;

use super::components::components;
use super::enclosed::enclose;
use super::hours::{in_daytime, settle};
use super::junctions::{CutWays, RawEdge, Walls, cut};
use super::square::lines_of_sight;
use super::{CourseSegment, Edge, MoreWays, Settings, ShutCount, Streets};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{LonLat, Projected, Projection, Segment, SegmentIndex};
use crate::ids::{ComponentIdx, Csr, EdgeIdx, Idx, IdxVec, NodeIdx};
use crate::inputs::osm::OsmData;
use crate::inputs::osm::walk_rules::{Setting, WayKind};
use crate::units::Metres;

impl Streets {
    /// The network of what was read. Islands are reported, and so are ferries that do not say how
    /// long they take.
    pub fn build(osm: &OsmData, findings: &mut Findings) -> Streets {
        let projection = Projection::about(middle(&osm.nodes));
        let mut at: Vec<Projected> =
            osm.nodes.iter().map(|node| projection.project(*node)).collect();
        let CutWays { edges: raw, copies, walls } = cut(osm, &at, &lines_of_sight(osm, &at));
        let copied: Vec<Projected> = copies.iter().map(|node| at[*node as usize]).collect();
        at.extend(copied);
        let number = number(&raw, &at);
        let (mut edges, courses, ways) = edges(raw, &at, &number);
        let mut nodes =
            vec![Projected::default(); number.iter().filter(|n| **n != u32::MAX).count()];
        number
            .iter()
            .zip(&at)
            .filter(|(n, _)| **n != u32::MAX)
            .for_each(|(n, at)| nodes[*n as usize] = *at);
        let state = in_daytime(&osm.hours, projection.centre());
        settle(&mut edges, &state);
        let enclosed = enclose(&mut edges, nodes.len());
        let settings = settings(osm);
        let links = |step_free: bool| {
            let open = |edge: &&Edge| !edge.traits.shut && (edge.traits.step_free || !step_free);
            let open = edges.iter().filter(open);
            components(nodes.len(), open.map(|edge| (edge.from, edge.to)))
        };
        let streets = Streets {
            projection,
            components: Arc::new(links(false)),
            step_free_components: Arc::new(links(true)),
            segments: segments(&edges, &courses, &ways, &settings, |_| true),
            barriers: barriers(osm, &projection),
            nodes: Arc::new(nodes.into()),
            originals: edges.len(),
            added: SegmentIndex::new(Vec::new()),
            names: Arc::new(osm.names.clone()),
            settings: Arc::new(settings),
            timed: Arc::new(osm.hours.clone()),
            state,
            ways: Arc::new(ways),
            edges,
            courses: Arc::new(courses),
        };
        streets.report(findings);
        report_barred(walls, enclosed, findings);
        report_hours(&streets, findings);
        streets
    }

    fn report(&self, findings: &mut Findings) {
        let islands = self.components.iter().map(|c| c.0).max().unwrap_or(0);
        let outside = self.components.iter().filter(|c| **c != ComponentIdx(0)).count();
        let what = format!(
            "{islands} islands of the street network, {outside} of {} junctions, are cut off from the main one; they are kept",
            self.nodes.len()
        );
        findings.count(
            Severity::Info,
            "streets_islands",
            Outcome::Kept,
            "streets",
            u64::from(islands),
            what,
        );
        let untimed =
            self.edges.iter().filter(|e| e.traits.kind == WayKind::Ferry(None)).count() as u64;
        let what = "a ferry does not say how long it takes; it is taken to go at 10 km/h";
        findings.count(
            Severity::Warning,
            "osm_ferry_without_duration",
            Outcome::Repaired,
            "streets",
            untimed,
            what,
        );
    }
}

fn report_barred(walls: Walls, enclosed: u64, findings: &mut Findings) {
    let mut say = |severity, code, outcome, count, what: &str| {
        findings.count(severity, code, outcome, "streets", count, what);
    };
    let what =
        "a wall, fence or ditch stands on a junction of ways: taken for a slip, it stops nobody";
    say(Severity::Warning, "osm_wall_on_junction", Outcome::Repaired, walls.at_junctions, what);
    let what = "a wall, fence or ditch without a gate or stile crosses a way: nobody passes";
    say(Severity::Info, "osm_wall_across_way", Outcome::Kept, walls.across, what);
    let what = "a street is reached over private ways or gates alone: it is walked at the ends of a journey only";
    say(Severity::Info, "streets_enclosed", Outcome::Kept, enclosed, what);
}

/// What has no window is to take a way with hours as open or not: one is said, the other counted.
fn report_hours(streets: &Streets, findings: &mut Findings) {
    let ShutCount { ways, gates, all } = streets.shut_count();
    let what = format!(
        "{all} ways and gates have hours or conditions; without a window they count as open, but for {ways} ways and {gates} gates that are never open to everybody between 07:00 and 19:00"
    );
    findings.count(Severity::Info, "streets_with_hours", Outcome::Kept, "streets", all, what);
}

/// Which ways do not run in the open.
fn settings(osm: &OsmData) -> Settings {
    let covered = osm.ways.iter().filter(|way| way.access.setting != Setting::Open);
    covered.map(|way| (way.id, way.access.setting)).collect()
}

/// The median longitude and latitude: nodes far off the map, which extracts do have, do not move
/// it.
fn middle(nodes: &[LonLat]) -> LonLat {
    let median = |value: fn(LonLat) -> f64| {
        let mut values: Vec<f64> = nodes.iter().map(|node| value(*node)).collect();
        let half = values.len() / 2;
        if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(half, f64::total_cmp).1 }
    };
    LonLat::new(median(LonLat::lon), median(LonLat::lat))
        .expect("a median of points on the globe is on the globe")
}

/// The number of each point that an edge ends at, along a Hilbert curve; `u32::MAX` for the others.
fn number(raw: &[RawEdge], at: &[Projected]) -> Vec<u32> {
    let mut number = vec![u32::MAX; at.len()];
    let mut ends: Vec<u32> =
        raw.iter().flat_map(|edge| [edge.points[0], edge.points[edge.points.len() - 1]]).collect();
    ends.sort_unstable();
    ends.dedup();
    let curve = HilbertCurve::over(ends.iter().map(|end| at[*end as usize]));
    ends.sort_by_cached_key(|end| (curve.position(at[*end as usize]), *end));
    (0_u32..).zip(ends).for_each(|(n, end)| number[end as usize] = n);
    number
}

fn edges(
    raw: Vec<RawEdge>,
    at: &[Projected],
    number: &[u32],
) -> (IdxVec<EdgeIdx, Edge>, Csr<EdgeIdx, Projected>, MoreWays) {
    type Made = (Edge, Vec<Projected>, Vec<(u32, i64)>);
    let mut made: Vec<Made> = raw
        .into_iter()
        .map(|raw| {
            let course: Vec<Projected> =
                raw.points.iter().map(|point| at[*point as usize]).collect();
            let end = |n: usize| NodeIdx(number[raw.points[n] as usize]);
            let (from, to) = (end(0), end(raw.points.len() - 1));
            let length = course
                .windows(2)
                .map(|pair| pair[0].distance(pair[1]))
                .fold(Metres::new(0.0), |sum, d| sum + d);
            let begins = Metres::new(0.0);
            (Edge { from, to, length, begins, traits: raw.traits, way: raw.way }, course, raw.more)
        })
        .collect();
    // A stable sort: edges between the same nodes keep the order of their ways.
    made.sort_by_key(|(edge, ..)| (edge.from.min(edge.to), edge.from.max(edge.to)));
    let mut all = Vec::with_capacity(made.len());
    let (mut courses, mut ways) = (Vec::with_capacity(made.len()), Vec::new());
    for (number, (edge, course, more)) in made.into_iter().enumerate() {
        all.push(edge);
        courses.push(course);
        if !more.is_empty() {
            ways.push((EdgeIdx::new(number), more.into_boxed_slice()));
        }
    }
    (all.into(), Csr::from_rows(courses), ways)
}

/// The pieces of the edges that are picked, without ferries and the passages of stiles.
pub(super) fn segments(
    edges: &IdxVec<EdgeIdx, Edge>,
    courses: &Csr<EdgeIdx, Projected>,
    ways: &MoreWays,
    settings: &Settings,
    picked: impl Fn(EdgeIdx) -> bool,
) -> SegmentIndex<CourseSegment> {
    let walked = edges.enumerate().filter(|(number, edge)| picked(*number) && edge.can_be_joined());
    let mut pieces = Vec::new();
    for (edge, street) in walked {
        let more = ways
            .binary_search_by_key(&edge, |(number, _)| *number)
            .map_or(&[][..], |at| &ways[at].1);
        let mut setting = settings.get(&street.way).copied().unwrap_or_default();
        let mut more = more.iter().peekable();
        for (number, pair) in (0_u32..).zip(courses[edge].windows(2)) {
            while let Some((_, way)) = more.next_if(|(begin, _)| *begin <= number) {
                setting = settings.get(way).copied().unwrap_or_default();
            }
            pieces.push(Segment {
                from: pair[0],
                to: pair[1],
                of: CourseSegment { edge, number, setting },
            });
        }
    }
    SegmentIndex::new(pieces)
}

fn barriers(
    osm: &OsmData,
    projection: &Projection,
) -> SegmentIndex<crate::inputs::osm::BarrierKind> {
    let mut segments = Vec::new();
    for barrier in &osm.barriers {
        let line: Vec<Projected> =
            barrier.line.iter().map(|point| projection.project(*point)).collect();
        segments.extend(line.windows(2).map(|pair| Segment {
            from: pair[0],
            to: pair[1],
            of: barrier.kind,
        }));
    }
    SegmentIndex::new(segments)
}

/// A Hilbert curve over the bounding box of points, 2^16 cells to a side.
struct HilbertCurve {
    low: Projected,
    cell: f64,
}

impl HilbertCurve {
    fn over(points: impl Iterator<Item = Projected>) -> HilbertCurve {
        let (mut low, mut high) =
            ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        for p in points {
            low = (low.0.min(p.x), low.1.min(p.y));
            high = (high.0.max(p.x), high.1.max(p.y));
        }
        let side = (high.0 - low.0).max(high.1 - low.1).max(1.0);
        HilbertCurve { low: Projected { x: low.0, y: low.1 }, cell: side / 65_535.0 }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "points of the box, in cells"
    )]
    fn position(&self, point: Projected) -> u64 {
        let mut x = ((point.x - self.low.x) / self.cell) as u32;
        let mut y = ((point.y - self.low.y) / self.cell) as u32;
        let mut position = 0;
        let mut side = 1 << 15;
        while side > 0 {
            let (right, up) = (u32::from(x & side > 0), u32::from(y & side > 0));
            position += u64::from(side) * u64::from(side) * u64::from((3 * right) ^ up);
            if up == 0 {
                if right == 1 {
                    x = 65_535 - x;
                    y = 65_535 - y;
                }
                std::mem::swap(&mut x, &mut y);
            }
            side >>= 1;
        }
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_visits_each_cell_once_and_steps_to_a_neighbour() {
        let curve = HilbertCurve { low: Projected::default(), cell: 1.0 };
        let mut cells: Vec<(u64, i32, i32)> = (0..16)
            .flat_map(|x| (0..16).map(move |y| (x, y)))
            .map(|(x, y)| (curve.position(Projected { x: f64::from(x), y: f64::from(y) }), x, y))
            .collect();
        cells.sort_unstable();
        assert!(cells.windows(2).all(|w| w[1].0 == w[0].0 + 1));
        assert!(cells.windows(2).all(|w| (w[1].1 - w[0].1).abs() + (w[1].2 - w[0].2).abs() == 1));
    }
}
