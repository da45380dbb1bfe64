//! The streets on a map: one light path that all maps of a page share, and all pages about the same
//! neighbourhoods.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use geo::{Coord, LineString, Simplify};

use super::map::SheetFrame;
use crate::geometry::LonLat;
use crate::routing::network::Network;

/// What the streets may weigh, bytes.
const HEAVIEST: usize = 160_000;
/// How far a simplified street may lie from the true one, in units of the sheet.
const TOLERANCE: f64 = 3.0;

type SheetPoint = (i32, i32);

/// The streets of the maps. They are drawn once for as long as the maps show the same area.
#[derive(Debug, Default)]
pub struct MapStreets {
    /// In degrees.
    courses: Vec<Vec<LonLat>>,
    /// The path that was drawn last, and on which sheet.
    drawn: Mutex<Option<(SheetFrame, Option<String>)>>,
}

impl MapStreets {
    /// The streets of a network that points can join.
    pub fn of(network: &Network) -> MapStreets {
        let streets = &network.streets;
        let drawn = streets.edges.enumerate().filter(|(_, edge)| edge.can_be_joined());
        let course = |edge| {
            streets.courses[edge].iter().map(|at| streets.projection.unproject(*at)).collect()
        };
        MapStreets::new(drawn.map(|(edge, _)| course(edge)).collect())
    }

    /// Of these courses, in degrees.
    pub fn new(courses: Vec<Vec<LonLat>>) -> MapStreets {
        MapStreets { courses, drawn: Mutex::default() }
    }

    /// The streets on a sheet, as the `d` of a path; `None` when there are none.
    pub(super) fn on(&self, frame: &SheetFrame) -> Option<String> {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, path)) = drawn.as_ref().filter(|(known, _)| known == frame) {
            return path.clone();
        }
        let course = |line: &Vec<LonLat>| line.iter().map(|point| frame.place(*point)).collect();
        let path = path(self.courses.iter().map(course), frame.width(), frame.height());
        *drawn = Some((*frame, path.clone()));
        path
    }
}

/// The streets as the `d` of a path, in whole units. Where they would weigh too much the shortest
/// are left out, as many as it takes. `None` when there are none.
fn path(lines: impl Iterator<Item = Vec<Coord<f64>>>, width: i32, height: i32) -> Option<String> {
    let lines: Vec<Vec<SheetPoint>> = lines.filter_map(|line| drawn(line, width, height)).collect();
    let mut least = 0.0;
    loop {
        let kept: Vec<&[SheetPoint]> =
            lines.iter().map(Vec::as_slice).filter(|line| length(line) >= least).collect();
        if kept.is_empty() {
            return None;
        }
        let path = joined(&kept);
        if path.len() <= HEAVIEST {
            return Some(path);
        }
        least = if least == 0.0 { 4.0 } else { least * 1.5 };
    }
}

/// A line in whole units; `None` if it is outside the sheet or a point.
fn drawn(line: Vec<Coord<f64>>, width: i32, height: i32) -> Option<Vec<SheetPoint>> {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what a sheet may be")]
    let whole = |units: f64| units.round().clamp(-1e6, 1e6) as i32;
    let simple = LineString::new(line).simplify(TOLERANCE);
    let mut spots: Vec<SheetPoint> = simple.coords().map(|at| (whole(at.x), whole(at.y))).collect();
    spots.dedup();
    let on_sheet = |(x, y): &SheetPoint| (0..=width).contains(x) && (0..=height).contains(y);
    (spots.len() > 1 && spots.iter().all(on_sheet)).then_some(spots)
}

fn length(line: &[SheetPoint]) -> f64 {
    line.windows(2)
        .map(|pair| f64::from(pair[1].0 - pair[0].0).hypot(f64::from(pair[1].1 - pair[0].1)))
        .sum()
}

/// Lines drawn on without lifting the pen as long as another begins or ends where the last one
/// stopped.
fn joined(lines: &[&[SheetPoint]]) -> String {
    let mut ends: BTreeMap<SheetPoint, Vec<usize>> = BTreeMap::new();
    for (n, line) in lines.iter().enumerate() {
        for end in [line.first(), line.last()].into_iter().flatten() {
            ends.entry(*end).or_default().push(n);
        }
    }
    let mut used = vec![false; lines.len()];
    let mut path = String::new();
    for first in 0..lines.len() {
        let mut next = Some(first).filter(|n| !used[*n]);
        let mut at = lines[first][0];
        if next.is_some() {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}l", at.0, at.1);
        }
        let mut begun = false;
        while let Some(n) = next {
            used[n] = true;
            let backwards = lines[n].first() != Some(&at);
            let mut draw = |spot: &SheetPoint| {
                let (dx, dy) = (spot.0 - at.0, spot.1 - at.1);
                let _ = write!(path, "{}{dx}{}{dy}", gap(begun && dx >= 0), gap(dy >= 0));
                (at, begun) = (*spot, true);
            };
            if backwards {
                lines[n].iter().rev().skip(1).for_each(&mut draw);
            } else {
                lines[n].iter().skip(1).for_each(&mut draw);
            }
            next = ends.get(&at).and_then(|lines| lines.iter().copied().find(|n| !used[*n]));
        }
    }
    path
}

/// What stands before a number: a minus sign is gap enough.
fn gap(needed: bool) -> &'static str {
    if needed { " " } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn lines_that_meet_are_one_stroke_and_those_off_the_sheet_are_left_out() {
        let lines = [
            line(&[(0.0, 0.0), (10.0, 0.0)]),
            line(&[(50.0, 50.0), (60.0, 40.0)]),
            line(&[(10.0, 20.0), (10.0, 0.0)]),
            line(&[(90.0, 90.0), (110.0, 90.0)]),
        ];
        let path = path(lines.into_iter(), 100, 100).expect("streets");
        assert_eq!(path, "M0 0l10 0 0 20M50 50l10-10");
        assert!(super::path(std::iter::empty(), 100, 100).is_none());
    }

    #[test]
    fn what_would_weigh_too_much_loses_its_shortest_streets() {
        let short = (0..60_000).map(|n| {
            let (x, y) = (f64::from(n % 300) * 6.0, f64::from(n / 300) * 9.0);
            line(&[(x, y), (x + 3.0, y)])
        });
        let long = (0..100).map(|n| {
            line(&[(0.0, f64::from(n) * 20.0 + 4.0), (1900.0, f64::from(n) * 20.0 + 4.0)])
        });
        let path = path(short.chain(long), 2000, 2000).expect("streets");
        assert!(path.len() < HEAVIEST);
        assert_eq!(path.matches('M').count(), 100);
    }
}
