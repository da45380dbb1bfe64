//! Outlines as every file has them: rounded to seven decimals (about a centimetre), closed,
//! exterior rings counter-clockwise and holes clockwise. One rounding for all files, so that a
//! layer of one lies exactly on that of another.

use std::io;

use geo::{LineString, MultiPolygon, Polygon};

pub(super) const PER_DEGREE: f64 = 1e7;

/// A position in ten-millionths of a degree: whole numbers, so that rounding happens once and rings
/// stay closed.
pub(super) type Position = (i64, i64);

/// A multipolygon as it is written: rounded, closed and wound the right way; the first ring of each
/// part is its exterior.
pub(super) struct RoundedOutline {
    pub(super) parts: Vec<Vec<Vec<Position>>>,
}

impl RoundedOutline {
    pub(super) fn of(polygon: &MultiPolygon<f64>) -> io::Result<RoundedOutline> {
        let parts = polygon.0.iter().map(part).collect::<io::Result<Vec<_>>>()?;
        Ok(RoundedOutline { parts: parts.into_iter().flatten().collect() })
    }

    pub(super) fn bbox(&self) -> Option<[i64; 4]> {
        self.parts
            .iter()
            .filter_map(|rings| rings.first())
            .flatten()
            .map(|&(x, y)| [x, y, x, y])
            .reduce(join)
    }
}

/// The rings of one polygon; `None` when it is smaller than a centimetre.
fn part(polygon: &Polygon<f64>) -> io::Result<Option<Vec<Vec<Position>>>> {
    let Some(exterior) = ring(polygon.exterior(), true)? else {
        return Ok(None);
    };
    let holes =
        polygon.interiors().iter().map(|hole| ring(hole, false)).collect::<io::Result<Vec<_>>>()?;
    Ok(Some(std::iter::once(exterior).chain(holes.into_iter().flatten()).collect()))
}

fn ring(line: &LineString<f64>, counter_clockwise: bool) -> io::Result<Option<Vec<Position>>> {
    let mut ring = line.coords().map(|c| position(c.x, c.y)).collect::<io::Result<Vec<_>>>()?;
    ring.dedup();
    if let (Some(&first), Some(&last)) = (ring.first(), ring.last())
        && first != last
    {
        ring.push(first);
    }
    let area = twice_the_area(&ring);
    if area == 0 {
        return Ok(None);
    }
    if (area > 0) != counter_clockwise {
        ring.reverse();
    }
    Ok(Some(ring))
}

pub(super) fn position(lon: f64, lat: f64) -> io::Result<Position> {
    if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) {
        #[expect(clippy::cast_possible_truncation, reason = "at most 1.8e9, as just checked")]
        Ok(((lon * PER_DEGREE).round() as i64, (lat * PER_DEGREE).round() as i64))
    } else {
        Err(invalid(format!(
            "an outline has the position {lon}, {lat}, which is not in degrees of longitude and latitude"
        )))
    }
}

/// Positive for a ring that runs counter-clockwise.
fn twice_the_area(ring: &[Position]) -> i128 {
    let cross = |pair: &[Position]| {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        i128::from(ax) * i128::from(by) - i128::from(bx) * i128::from(ay)
    };
    ring.windows(2).map(cross).sum()
}

pub(super) fn join(a: [i64; 4], b: [i64; 4]) -> [i64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

pub(super) fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
