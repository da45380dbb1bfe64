//! Well-known binary geometries (OGC 06-103r4, also with the higher type numbers of ISO and
//! PostGIS), as GeoPackages hold them. Counts are believed only as far as there are bytes for them.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::features::FeatureShape;

/// Collections within collections deeper than this are nobody's map.
const DEEPEST: u8 = 4;

/// The geometry of some bytes, or why there is none.
pub(super) fn shape(bytes: &[u8]) -> Result<FeatureShape, String> {
    let mut reader = WkbReader { bytes, little: true };
    geometry(&mut reader, DEEPEST)
}

struct WkbReader<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl WkbReader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, rest) =
            self.bytes.split_first_chunk::<N>().ok_or("the geometry is cut short")?;
        self.bytes = rest;
        Ok(*head)
    }

    fn number(&mut self) -> Result<u32, String> {
        let bytes = self.take::<4>()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn double(&mut self) -> Result<f64, String> {
        let bytes = self.take::<8>()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count of things of at least so many bytes each.
    fn count(&mut self, each: usize) -> Result<usize, String> {
        let count = self.number()? as usize;
        if count > self.bytes.len() / each {
            return Err(format!("a count of {count} with {} bytes left", self.bytes.len()));
        }
        Ok(count)
    }
}

/// Byte order, kind, and how many numbers a position has.
fn head(reader: &mut WkbReader<'_>) -> Result<(u32, usize), String> {
    reader.little = match reader.take::<1>()? {
        [0] => false,
        [1] => true,
        [other] => return Err(format!("byte order {other}")),
    };
    let word = reader.number()?;
    let iso = word & 0xffff;
    let flagged = usize::from(word & 0x8000_0000 != 0) + usize::from(word & 0x4000_0000 != 0);
    if word & 0x2000_0000 != 0 {
        reader.number()?;
    }
    let numbers = match iso / 1000 {
        0 => 2 + flagged,
        1 | 2 => 3,
        3 => 4,
        _ => return Err(format!("geometry type {word}")),
    };
    Ok((iso % 1000, numbers))
}

fn geometry(reader: &mut WkbReader<'_>, depth: u8) -> Result<FeatureShape, String> {
    let (kind, numbers) = head(reader)?;
    Ok(match kind {
        1 => match position(reader, numbers)? {
            at if at.x.is_nan() && at.y.is_nan() => FeatureShape::None,
            at if at.x.is_finite() && at.y.is_finite() => FeatureShape::Point(at.x, at.y),
            at => return Err(format!("a position of {}, {}", at.x, at.y)),
        },
        3 => polygons(polygon(reader, numbers)?.into_iter().collect()),
        6 => {
            let mut all = Vec::new();
            for _ in 0..reader.count(9)? {
                let (3, numbers) = head(reader)? else {
                    return Err("a multipolygon of other things".into());
                };
                all.extend(polygon(reader, numbers)?);
            }
            polygons(all)
        }
        7 if depth > 0 => {
            let mut first = FeatureShape::None;
            for n in 0..reader.count(5)? {
                let one = geometry(reader, depth - 1)?;
                first = if n == 0 { one } else { FeatureShape::Other("GeometryCollection") };
            }
            first
        }
        2 => FeatureShape::Other("LineString"),
        4 => {
            let mut all = Vec::new();
            for _ in 0..reader.count(21)? {
                let (1, numbers) = head(reader)? else {
                    return Err("a multipoint of other things".into());
                };
                let at = position(reader, numbers)?;
                if !(at.x.is_nan() && at.y.is_nan()) {
                    all.push(finite(at).map(|at| (at.x, at.y))?);
                }
            }
            FeatureShape::of_points(all)
        }
        5 => FeatureShape::Other("MultiLineString"),
        8..=14 => FeatureShape::Other("curve"),
        other => return Err(format!("geometry type {other}")),
    })
}

fn polygons(list: Vec<Polygon<f64>>) -> FeatureShape {
    if list.is_empty() { FeatureShape::None } else { FeatureShape::Polygons(MultiPolygon(list)) }
}

fn polygon(reader: &mut WkbReader<'_>, numbers: usize) -> Result<Option<Polygon<f64>>, String> {
    let mut rings = Vec::new();
    for _ in 0..reader.count(4)? {
        let count = reader.count(8 * numbers)?;
        let ring = (0..count)
            .map(|_| finite(position(reader, numbers)?))
            .collect::<Result<Vec<_>, String>>()?;
        rings.push(LineString(ring));
    }
    let mut rings = rings.into_iter();
    let outer = rings.next().filter(|ring| !ring.0.is_empty());
    Ok(outer.map(|outer| Polygon::new(outer, rings.collect())))
}

fn position(reader: &mut WkbReader<'_>, numbers: usize) -> Result<Coord<f64>, String> {
    let (x, y) = (reader.double()?, reader.double()?);
    for _ in 2..numbers {
        reader.double()?;
    }
    Ok(Coord { x, y })
}

fn finite(at: Coord<f64>) -> Result<Coord<f64>, String> {
    if at.x.is_finite() && at.y.is_finite() {
        Ok(at)
    } else {
        Err(format!("a position of {}, {}", at.x, at.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(order: u8, kind: u32, more: usize) -> Vec<u8> {
        let word = |n: u32| if order == 1 { n.to_le_bytes() } else { n.to_be_bytes() };
        let double = |n: f64| if order == 1 { n.to_le_bytes() } else { n.to_be_bytes() };
        let mut bytes = vec![order];
        bytes.extend(word(kind));
        bytes.extend(word(1));
        bytes.extend(word(5));
        for (x, y) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)] {
            bytes.extend(double(x));
            bytes.extend(double(y));
            (0..more).for_each(|_| bytes.extend(double(9.0)));
        }
        bytes
    }

    #[test]
    fn a_polygon_is_read_in_either_order_and_with_heights() {
        let plain = shape(&square(1, 3, 0)).expect("read");
        let FeatureShape::Polygons(polygons) = &plain else { panic!("{plain:?}") };
        assert_eq!(polygons.0[0].exterior().0.len(), 5);
        for bytes in
            [square(0, 3, 0), square(1, 1003, 1), square(1, 3003, 2), square(0, 0x8000_0003, 1)]
        {
            assert_eq!(shape(&bytes).expect("read"), plain);
        }
        let mut multi = vec![1, 6, 0, 0, 0, 2, 0, 0, 0];
        multi.extend(square(1, 3, 0));
        multi.extend(square(0, 3, 0));
        let two = shape(&multi).expect("read");
        assert!(matches!(two, FeatureShape::Polygons(p) if p.0.len() == 2));
    }

    #[test]
    fn points_and_nothing() {
        let mut bytes = vec![1, 1, 0, 0, 0];
        bytes.extend(2.5_f64.to_le_bytes());
        bytes.extend((-1.0_f64).to_le_bytes());
        assert_eq!(shape(&bytes), Ok(FeatureShape::Point(2.5, -1.0)));
        bytes.truncate(5);
        bytes.extend(f64::NAN.to_le_bytes());
        bytes.extend(f64::NAN.to_le_bytes());
        assert_eq!(shape(&bytes), Ok(FeatureShape::None));
        assert_eq!(shape(&[1, 3, 0, 0, 0, 0, 0, 0, 0]), Ok(FeatureShape::None));
        assert_eq!(shape(&[1, 2, 0, 0, 0, 0, 0, 0, 0]), Ok(FeatureShape::Other("LineString")));
        assert_eq!(shape(&[1, 4, 0, 0, 0, 0, 0, 0, 0]), Ok(FeatureShape::None));
        let one = |x: f64| {
            let mut bytes = vec![1, 1, 0, 0, 0];
            bytes.extend(x.to_le_bytes());
            bytes.extend(1.0_f64.to_le_bytes());
            bytes
        };
        let many = |points: &[f64]| {
            let mut bytes = vec![1, 4, 0, 0, 0];
            bytes.extend((points.len() as u32).to_le_bytes());
            bytes.extend(points.iter().flat_map(|x| one(*x)));
            shape(&bytes)
        };
        assert_eq!(many(&[2.0]), Ok(FeatureShape::Point(2.0, 1.0)));
        assert_eq!(many(&[2.0, 3.0]), Ok(FeatureShape::Points(vec![(2.0, 1.0), (3.0, 1.0)])));
    }

    #[test]
    fn a_count_is_not_believed() {
        for bytes in [
            vec![1, 3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            vec![1, 6, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f],
            vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            vec![7],
            vec![],
            [1, 7, 0, 0, 0, 1, 0, 0, 0].repeat(50),
        ] {
            assert!(shape(&bytes).is_err(), "{bytes:?}");
        }
        let whole = square(1, 3, 0);
        for cut in 0..whole.len() {
            assert!(shape(&whole[..cut]).is_err(), "cut at {cut}");
        }
    }
}
