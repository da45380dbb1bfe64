//! Rings of points on the flat map, their first point not repeated.

use super::Projected;

/// The south-west and north-east corners of the bounding box; infinite for no points.
pub fn bounds(line: &[Projected]) -> (Projected, Projected) {
    let mut low = Projected { x: f64::INFINITY, y: f64::INFINITY };
    let mut high = Projected { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
    for p in line {
        low = Projected { x: low.x.min(p.x), y: low.y.min(p.y) };
        high = Projected { x: high.x.max(p.x), y: high.y.max(p.y) };
    }
    (low, high)
}

/// Whether a point lies within a ring, by counting the edges to its east.
pub fn contains(ring: &[Projected], point: Projected) -> bool {
    let mut inside = false;
    for (n, b) in ring.iter().enumerate() {
        let a = ring[if n == 0 { ring.len() - 1 } else { n - 1 }];
        if (a.y > point.y) != (b.y > point.y)
            && point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)
        {
            inside = !inside;
        }
    }
    inside
}

/// The centre of gravity and the area of a ring; `None` for nothing. A line without area has its
/// first point.
pub fn middle_and_area(ring: &[Projected]) -> Option<(Projected, f64)> {
    let first = *ring.first()?;
    let (mut double, mut x, mut y) = (0.0, 0.0, 0.0);
    for (n, b) in ring.iter().enumerate() {
        let a = ring[if n == 0 { ring.len() - 1 } else { n - 1 }];
        let (a, b) = ((a.x - first.x, a.y - first.y), (b.x - first.x, b.y - first.y));
        let cross = a.0 * b.1 - b.0 * a.1;
        double += cross;
        x += (a.0 + b.0) * cross;
        y += (a.1 + b.1) * cross;
    }
    if double.abs() < 1e-6 {
        return Some((first, 0.0));
    }
    Some((
        Projected { x: first.x + x / (3.0 * double), y: first.y + y / (3.0 * double) },
        double.abs() / 2.0,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Vec<Projected> {
        points.iter().map(|(x, y)| Projected { x: *x, y: *y }).collect()
    }

    #[test]
    fn a_notched_square_has_its_area_and_does_not_contain_its_notch() {
        let ring = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 2.0), (0.0, 4.0)]);
        let (middle, area) = middle_and_area(&ring).expect("points");
        assert!((area - 12.0).abs() < 1e-9 && (middle.x - 2.0).abs() < 1e-9);
        assert!(contains(&ring, Projected { x: 1.0, y: 1.0 }));
        assert!(!contains(&ring, Projected { x: 2.0, y: 3.0 }));
        assert!(!contains(&ring, Projected { x: 5.0, y: 1.0 }));
    }

    #[test]
    fn a_line_has_no_area_and_nothing_has_no_middle() {
        let line = ring(&[(1.0, 1.0), (2.0, 2.0)]);
        assert_eq!(middle_and_area(&line), Some((line[0], 0.0)));
        assert_eq!(middle_and_area(&[]), None);
    }
}
