//! Neighbourhoods: the land cut into pieces of some five and a half output areas each, small in
//! towns and large in the country, that leave no gap and do not overlap.

use crate::{
    plan::CELL,
    plane::{Point, six_decimals},
    town::OutputArea,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

/// Output areas of a neighbourhood: 230,000 of them make 41,700.
const AREAS_EACH: f64 = 230_000.0 / 41_700.0;

/// Side of the squares that are cut, each by itself.
const SQUARE: f64 = 4.0 * CELL;

/// Centimetres between two points of a boundary.
const STEP: i64 = 6000;

/// An upright rectangle of the plan, in centimetres, and who lives in it.
pub struct Neighbourhood {
    low: (i64, i64),
    high: (i64, i64),
    /// Its output areas, by number.
    pub areas: Vec<usize>,
}

#[cfg(test)]
impl Neighbourhood {
    /// Its extent, in square centimetres.
    pub fn square_cm(&self) -> i128 {
        i128::from(self.high.0 - self.low.0) * i128::from(self.high.1 - self.low.1)
    }

    /// Whether a point lies within, its edge included.
    pub fn holds(&self, at: Point) -> bool {
        let (x, y) = centimetres(at);
        (self.low.0..=self.high.0).contains(&x) && (self.low.1..=self.high.1).contains(&y)
    }
}

/// Cuts the squares in which people live.
pub fn cut(areas: &[OutputArea]) -> Vec<Neighbourhood> {
    let square = (SQUARE * 100.0) as i64;
    let mut squares: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (n, area) in areas.iter().enumerate() {
        let (x, y) = centimetres(area.at);
        squares.entry((x.div_euclid(square), y.div_euclid(square))).or_default().push(n);
    }
    let mut cut = Vec::new();
    for ((x, y), inside) in squares {
        let low = (x * square, y * square);
        let whole = Neighbourhood { low, high: (low.0 + square, low.1 + square), areas: inside };
        let pieces = (whole.areas.len() as f64 / AREAS_EACH).round().max(1.0) as usize;
        halve(whole, pieces, areas, &mut cut);
    }
    cut
}

/// Writes the boundaries as GeoJSON, with codes, names and people.
pub fn write_boundaries(
    out: &mut impl Write,
    neighbourhoods: &[Neighbourhood],
    areas: &[OutputArea],
) -> io::Result<()> {
    let corners = Corners::of(neighbourhoods);
    writeln!(out, "{{\"type\":\"FeatureCollection\",")?;
    writeln!(out, "\"features\":[")?;
    for (n, neighbourhood) in neighbourhoods.iter().enumerate() {
        let people: u32 = neighbourhood.areas.iter().map(|&area| areas[area].people).sum();
        write!(
            out,
            "{{\"type\":\"Feature\",\"properties\":{{\"LSOA21CD\":\"{}\",\"LSOA21NM\":\"{}\",\
             \"population\":{people}}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[",
            code(n),
            name(n)
        )?;
        for (at, (x, y)) in corners.ring(neighbourhood).into_iter().enumerate() {
            let (lon, lat) = metres(x, y).degrees_e7();
            let comma = if at > 0 { "," } else { "" };
            write!(out, "{comma}[{},{}]", six_decimals(lon), six_decimals(lat))?;
        }
        writeln!(out, "]]}}}}{}", if n + 1 < neighbourhoods.len() { "," } else { "" })?;
    }
    writeln!(out, "]}}")
}

/// The code of a neighbourhood.
pub fn code(n: usize) -> String {
    format!("E01{:06}", 900_000 + n)
}

/// The code of an output area.
pub fn area_code(n: usize) -> String {
    format!("E00{:06}", 700_000 + n)
}

fn name(n: usize) -> String {
    format!("Shire {} {:03}{}", n / 500 + 1, n / 4 % 125 + 1, ["A", "B", "C", "D"][n % 4])
}

/// Cuts a rectangle across its longer side, until it is as many pieces as it shall be.
fn halve(
    mut whole: Neighbourhood,
    pieces: usize,
    areas: &[OutputArea],
    cut: &mut Vec<Neighbourhood>,
) {
    if pieces < 2 {
        cut.push(whole);
        return;
    }
    let upright = whole.high.0 - whole.low.0 >= whole.high.1 - whole.low.1;
    let along = |area: usize| {
        let (x, y) = centimetres(areas[area].at);
        if upright { x } else { y }
    };
    whole.areas.sort_by_key(|&area| (along(area), area));
    let first_pieces = pieces / 2;
    let first = (whole.areas.len() * first_pieces / pieces).max(1);
    let at = (along(whole.areas[first - 1]) + along(whole.areas[first])) / 2;
    let (mut high, mut low) = (whole.high, whole.low);
    if upright {
        (high.0, low.0) = (at, at);
    } else {
        (high.1, low.1) = (at, at);
    }
    let others = whole.areas.split_off(first);
    halve(Neighbourhood { high, ..whole }, first_pieces, areas, cut);
    let other = Neighbourhood { low, high: whole.high, areas: others };
    halve(other, pieces - first_pieces, areas, cut);
}

/// All corners on each line, so that neighbours share every point of their boundary.
struct Corners {
    on_x: BTreeMap<i64, BTreeSet<i64>>,
    on_y: BTreeMap<i64, BTreeSet<i64>>,
}

impl Corners {
    fn of(neighbourhoods: &[Neighbourhood]) -> Corners {
        let mut corners = Corners { on_x: BTreeMap::new(), on_y: BTreeMap::new() };
        for Neighbourhood { low, high, .. } in neighbourhoods {
            for x in [low.0, high.0] {
                for y in [low.1, high.1] {
                    corners.on_x.entry(x).or_default().insert(y);
                    corners.on_y.entry(y).or_default().insert(x);
                }
            }
        }
        corners
    }

    /// The closed boundary, against the clock, with a point every so often.
    fn ring(&self, Neighbourhood { low, high, .. }: &Neighbourhood) -> Vec<(i64, i64)> {
        let side = |line: &BTreeMap<i64, BTreeSet<i64>>, at: i64, from: i64, to: i64| {
            let even = (from.div_euclid(STEP) + 1..=to.div_euclid(STEP))
                .map(|n| n * STEP)
                .filter(|&n| n < to);
            let mut points: BTreeSet<i64> = even.collect();
            points.extend(line[&at].range(from..to));
            points.into_iter().collect::<Vec<i64>>()
        };
        let mut ring = Vec::new();
        ring.extend(side(&self.on_y, low.1, low.0, high.0).into_iter().map(|x| (x, low.1)));
        ring.extend(side(&self.on_x, high.0, low.1, high.1).into_iter().map(|y| (high.0, y)));
        ring.push(*high);
        let back = side(&self.on_y, high.1, low.0, high.0);
        ring.extend(back.into_iter().rev().map(|x| (x, high.1)));
        let down = side(&self.on_x, low.0, low.1, high.1);
        ring.extend(down.into_iter().rev().map(|y| (low.0, y)));
        ring
    }
}

fn centimetres(at: Point) -> (i64, i64) {
    ((at.x * 100.0).round() as i64, (at.y * 100.0).round() as i64)
}

fn metres(x: i64, y: i64) -> Point {
    Point { x: x as f64 / 100.0, y: y as f64 / 100.0 }
}
