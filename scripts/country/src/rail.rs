//! Railways: stations of towns, tracks between them, and trains over some stations each.

use crate::{
    dice::Dice,
    network::{Course, Line, Stop, StopBook, StopKey},
    pbf::OsmWriter,
    plan::Plan,
    plane::Point,
};
use std::io;

const AREAS_WITH_STATION: usize = 8;
const MOST_HOPS: usize = 9;
const CITY: f64 = 300_000.0;
const STEP: f64 = 200.0;

/// Tracks: the settlement from which each leads, to an earlier one.
pub struct Tracks(Vec<(usize, usize)>);

impl Tracks {
    /// From each settlement with a station to the nearest that came before.
    pub fn plan(plan: &Plan) -> Tracks {
        let with_station: Vec<usize> = (0..plan.settlements.len())
            .filter(|&n| plan.settlements[n].output_areas >= AREAS_WITH_STATION)
            .collect();
        let mut tracks = Vec::new();
        for (at, &here) in with_station.iter().enumerate() {
            let apart = |&there: &usize| {
                plan.settlements[here].centre.metres(plan.settlements[there].centre)
            };
            let nearest =
                with_station[..at].iter().copied().min_by(|a, b| apart(a).total_cmp(&apart(b)));
            tracks.extend(nearest.map(|there| (here, there)));
        }
        Tracks(tracks)
    }

    /// Writes tracks and stations to the map.
    pub fn write(&self, plan: &Plan, osm: &mut OsmWriter) -> io::Result<()> {
        for &(from, to) in &self.0 {
            let points = track(plan, from, to);
            let mut refs = Vec::new();
            for &at in &points {
                refs.push(osm.node(at, &[])?);
            }
            for begin in (0..points.len() - 1).step_by(40) {
                let part = &refs[begin..=(begin + 40).min(points.len() - 1)];
                osm.way(part, &[("electrified", "no"), ("railway", "rail")])?;
            }
            let name = plan.settlements[from].name();
            osm.node(station(plan, from), &[("name", name.as_str()), ("railway", "station")])?;
        }
        Ok(())
    }

    /// A line from each station over the next ones, towards a city.
    pub fn lines(&self, plan: &Plan) -> (Vec<Line>, StopBook) {
        let mut stops = StopBook::default();
        let mut lines = Vec::new();
        for &(here, _) in &self.0 {
            let mut dice = Dice::of(&[plan.seed, 12, here as u64]);
            let way = self.way_from(plan, here);
            let patterns = [false, true]
                .map(|back| {
                    let mut way = way.clone();
                    if back {
                        way.reverse();
                    }
                    let to = way[way.len() - 1];
                    course(plan, &way, usize::from(back), &mut stops).pattern(to, back, 10, false)
                })
                .into();
            lines.push(Line {
                number: lines.len(),
                name: String::new(),
                ends: (here, way[way.len() - 1]),
                operator: here / 600,
                route_type: 2,
                patterns,
                headway: [30.0, 60.0, 60.0, 120.0][dice.below(4)],
                evening: true,
                sunday: dice.chance(0.8),
            });
        }
        (lines, stops)
    }

    fn way_from(&self, plan: &Plan, here: usize) -> Vec<usize> {
        let mut way = vec![here];
        let mut end = here;
        while way.len() <= MOST_HOPS {
            let Ok(at) = self.0.binary_search_by_key(&end, |track| track.0) else { break };
            end = self.0[at].1;
            way.push(end);
            if plan.settlements[end].people() > CITY {
                break;
            }
        }
        way
    }
}

/// Where a settlement's station is: beside the middle.
pub fn station(plan: &Plan, settlement: usize) -> Point {
    let reach = plan.settlements[settlement].radius();
    plan.settlements[settlement].centre.plus(0.3 * reach, -0.25 * reach)
}

fn course(plan: &Plan, way: &[usize], platform: usize, stops: &mut StopBook) -> Course {
    let mut course = Course::default();
    for (n, &here) in way.iter().enumerate() {
        if n > 0 {
            let before = way[n - 1];
            let mut points = track(plan, here.max(before), here.min(before));
            if before < here {
                points.reverse();
            }
            points.into_iter().for_each(|at| course.go(at));
        } else {
            course.go(station(plan, here));
        }
        course.call(stops.number(StopKey::Platform(here, platform), || Stop {
            at: station(plan, here).plus(0.0, 9.0 * platform as f64 - 4.5),
            settlement: here,
            station: Some(here),
        }));
    }
    course
}

/// The track from the station of a settlement to that of an earlier one.
fn track(plan: &Plan, from: usize, to: usize) -> Vec<Point> {
    let (start, end) = (station(plan, from), station(plan, to));
    let length = start.metres(end);
    let high = Dice::of(&[plan.seed, 13, from as u64]).within(-0.08, 0.08) * length;
    let steps = (length / STEP).ceil().max(1.0) as usize;
    (0..=steps)
        .map(|n| {
            let share = n as f64 / steps as f64;
            let on = start.towards(end, share);
            let left = start.beside(end, high * (share * std::f64::consts::PI).sin());
            on.plus(left.x - start.x, left.y - start.y)
        })
        .collect()
}
