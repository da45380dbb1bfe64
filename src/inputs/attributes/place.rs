//! A layer joined by place: polygons with numbers, or the tiles of Ookla's open data, which name
//! themselves by a quadkey.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{Area, BoundingRect, Coord, MapCoords, MultiPolygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use rustc_hash::FxHashMap;

use super::{AttributeColumn, AttributeTable, AttributeValues, tell_apart, tell_of_blanks};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::ids::{Idx, IdxVec, NeighbourhoodIdx};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::Origins;
use crate::inputs::project::AttributeInput;
use crate::inputs::tables::features::{FeatureFile, FeatureShape, decimal_of, text_of};
use crate::inputs::tables::{
    Decimal, InputTable, TableColumn, TableError, TableRow, key_of, parse_number, read_layer,
};

/// Less of a neighbourhood's people on the layer than this is told.
const WANTED: f64 = 0.98;

/// What lies where: for each point the row of numbers that holds there.
struct AttributeLayer {
    labels: Vec<String>,
    rows: Vec<Vec<Option<f64>>>,
    ground: AttributeGeometry,
}

enum AttributeGeometry {
    /// Polygons with their areas, of which only the order matters.
    Polygons(Vec<(MultiPolygon<f64>, f64)>, RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>),
    /// Tiles of the zoom level, by quadkey.
    Tiles(usize, FxHashMap<String, usize>),
}

pub(super) fn read(
    input: &AttributeInput,
    neighbourhoods: &Neighbourhoods,
    origins: &Origins,
    findings: &mut Findings,
) -> Result<AttributeTable, TableError> {
    let layer = match read_layer(&input.file, input.layer.as_deref())? {
        Some(features) => polygons(input, features, findings)?,
        None => tiles(input, findings)?,
    };
    let zones = neighbourhoods.zones.len();
    // By zone and column: the sum of people times number, and the people with a number.
    let mut sums = vec![vec![(0.0, 0.0); layer.labels.len()]; zones];
    let mut people = vec![0.0; zones];
    let mut placed = vec![0.0; zones];
    let mut overlaid = 0;
    for origin in origins.points.iter() {
        let Some(zone) = origin.zone.map(Idx::at) else { continue };
        people[zone] += origin.weight;
        let (row, others) = layer.row(origin.point);
        overlaid += u64::from(others);
        let Some(row) = row else { continue };
        placed[zone] += origin.weight;
        for (sum, number) in sums[zone].iter_mut().zip(row) {
            if let Some(number) = number {
                sum.0 += origin.weight * number;
                sum.1 += origin.weight;
            }
        }
    }
    let blanks =
        people.iter().zip(&placed).filter(|(all, on)| **on < WANTED * **all).count() as u64;
    tell_of_blanks(input, blanks, findings);
    let what = "points on several polygons of the layer: the smallest counts, and none of two that are alike";
    let file = input.file.display().to_string();
    findings.count(Severity::Warning, "overlapping_polygons", Outcome::Kept, file, overlaid, what);
    let column = |(n, label): (usize, &String)| {
        let mean =
            |sums: &Vec<(f64, f64)>| sums.get(n).filter(|(_, w)| *w > 0.0).map(|(sum, w)| sum / w);
        let numbers: IdxVec<NeighbourhoodIdx, Option<f64>> = sums.iter().map(mean).collect();
        AttributeColumn {
            key: key_of(label),
            label: label.clone(),
            values: AttributeValues::Numbers(numbers),
        }
    };
    let mut columns: Vec<AttributeColumn> = layer.labels.iter().enumerate().map(column).collect();
    tell_apart(&mut columns);
    let source = crate::inputs::file_name(&input.file);
    Ok(AttributeTable { name: input.name.clone(), source, columns, join: None })
}

fn polygons(
    input: &AttributeInput,
    features: FeatureFile,
    findings: &mut Findings,
) -> Result<AttributeLayer, TableError> {
    let file = input.file.display().to_string();
    let named: Vec<String> = if input.columns.is_empty() {
        let first = features.features.iter().map(|f| &f.properties).find(|p| !p.is_empty());
        let numeric = |(_, value): &(&String, &serde_json::Value)| value.is_number();
        first.into_iter().flatten().filter(numeric).map(|(name, _)| name.clone()).collect()
    } else {
        input.columns.clone()
    };
    let decimals: Vec<Decimal> =
        named.iter().map(|name| decimal_of(&features.features, name)).collect();
    let (mut shapes, mut rows, mut odd) = (Vec::new(), Vec::new(), 0);
    for feature in &features.features {
        let FeatureShape::Polygons(shape) = &feature.shape else {
            odd += 1;
            continue;
        };
        let degrees = shape.try_map_coords(|c| {
            features.crs.point(c.x, c.y).map(|p| Coord { x: p.lon(), y: p.lat() })
        });
        let Ok(degrees) = degrees else {
            odd += 1;
            continue;
        };
        let mut number = |(name, decimal): (&String, &Decimal)| {
            let value = text_of(feature.properties.get(name));
            parse_number(value.trim(), *decimal).unwrap_or_else(|e| {
                let what = format!("feature {}: {name} = {e}: taken as not known", feature.number);
                findings.count(Severity::Warning, "bad_number", Outcome::Dropped, &file, 1, what);
                None
            })
        };
        rows.push(named.iter().zip(&decimals).map(&mut number).collect());
        shapes.push(degrees);
    }
    findings.count(
        Severity::Warning,
        "bad_geometry",
        Outcome::Dropped,
        &file,
        odd,
        "features that are no usable polygon",
    );
    if shapes.is_empty() || named.is_empty() {
        let what = "holds no polygon with a number; name the `columns`".to_owned();
        return Err(TableError::Format { file, what });
    }
    for name in &named {
        if features.features.iter().all(|f| !f.properties.contains_key(name)) {
            let names: Vec<&String> =
                features.features.iter().flat_map(|f| f.properties.keys()).take(60).collect();
            return Err(TableError::no_column(&file, "`columns`", &[name], &names));
        }
    }
    let shapes: Vec<(MultiPolygon<f64>, f64)> = shapes
        .into_iter()
        .map(|shape: MultiPolygon<f64>| {
            let area = shape.unsigned_area();
            (shape, area)
        })
        .collect();
    let boxed = |(n, (shape, _)): (usize, &(MultiPolygon<f64>, f64))| {
        let r = shape.bounding_rect()?;
        Some(GeomWithData::new(
            Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]),
            n,
        ))
    };
    let tree = RTree::bulk_load(shapes.iter().enumerate().filter_map(boxed).collect());
    Ok(AttributeLayer { labels: named, rows, ground: AttributeGeometry::Polygons(shapes, tree) })
}

/// Ookla's tiles as a table: `quadkey`, `avg_d_kbps`, `avg_u_kbps`, `avg_lat_ms`, `tests`,
/// `devices`.
fn tiles(input: &AttributeInput, findings: &mut Findings) -> Result<AttributeLayer, TableError> {
    let mut table = InputTable::open(&input.file)?;
    let quadkey =
        table.required("quadkey (a table joined by place is one of tiles)", None, &["quadkey"])?;
    let usual = ["avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices"].map(str::to_owned);
    let named = if input.columns.is_empty() {
        usual.into_iter().filter(|name| table.header().find(name).is_some()).collect()
    } else {
        input.columns.clone()
    };
    let columns = named
        .iter()
        .map(|name| table.required("`columns`", Some(name), &[]))
        .collect::<Result<Vec<_>, _>>()?;
    let (mut rows, mut known, mut zoom) = (Vec::new(), FxHashMap::default(), None);
    let mut row = TableRow::default();
    while table.next(&mut row, findings)? {
        let Some(key) = row.text(quadkey).map(|t| t.into_owned()) else { continue };
        let level = *zoom.get_or_insert(key.len());
        if key.len() != level
            || !(1..=23).contains(&level)
            || !key.bytes().all(|b| (b'0'..=b'3').contains(&b))
        {
            let what = format!(
                "line {}: {key:?} is no quadkey of {level} digits from 0 to 3; a leading 0 may have been lost: read the \
                 column as text",
                row.line()
            );
            return Err(TableError::Format { file: table.file().to_owned(), what });
        }
        if let Some(before) = known.insert(key.clone(), rows.len()) {
            let (file, first) = (table.file().to_owned(), before as u64 + 2);
            return Err(TableError::DuplicateId {
                file,
                id: key,
                unit: "line",
                first,
                second: row.line(),
            });
        }
        let mut number = |column: &TableColumn| {
            row.number(*column).unwrap_or_else(|e| {
                let what = format!("{} = {e}: taken as not known", table.header().name(*column));
                findings.at(
                    Severity::Warning,
                    "bad_number",
                    Outcome::Dropped,
                    table.file(),
                    row.line(),
                    what,
                );
                None
            })
        };
        rows.push(columns.iter().map(&mut number).collect());
    }
    Ok(AttributeLayer {
        labels: named,
        rows,
        ground: AttributeGeometry::Tiles(zoom.unwrap_or(16), known),
    })
}

impl AttributeLayer {
    /// The numbers that hold at a point, and whether several polygons claim it. The order of the
    /// file decides nothing: the smallest polygon holds, and of two of one size with different
    /// numbers neither does.
    fn row(&self, point: LonLat) -> (Option<&[Option<f64>]>, bool) {
        let numbers = |n: usize| self.rows.get(n).map(Vec::as_slice);
        let (shapes, tree) = match &self.ground {
            AttributeGeometry::Tiles(zoom, known) => {
                return (known.get(&quadkey(point, *zoom)).and_then(|n| numbers(*n)), false);
            }
            AttributeGeometry::Polygons(shapes, tree) => (shapes, tree),
        };
        let at = Coord { x: point.lon(), y: point.lat() };
        let about = tree.locate_in_envelope_intersecting(&AABB::from_point([at.x, at.y]));
        let claim = |n: usize| {
            let (shape, area) = shapes.get(n)?;
            let position = shape.coordinate_position(&at);
            (position != CoordPos::Outside).then_some((position == CoordPos::OnBoundary, *area, n))
        };
        let mut claims: Vec<(bool, f64, usize)> =
            about.filter_map(|found| claim(found.data)).collect();
        claims.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        match claims.as_slice() {
            [] => (None, false),
            [(_, area, n), (false, other, m), ..] => {
                let alike = (other - area).abs() <= 1e-9 * area;
                (numbers(*n).filter(|row| !alike || numbers(*m) == Some(row)), true)
            }
            [(_, _, n), ..] => (numbers(*n), false),
        }
    }
}

/// The tile of the web map that a point lies in (J. Schwartz, "Bing Maps Tile System").
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^23")]
fn quadkey(point: LonLat, zoom: usize) -> String {
    let side = f64::from(1_u32 << zoom.min(23));
    let sin = point.lat().clamp(-85.051_128_78, 85.051_128_78).to_radians().sin();
    let x = (point.lon() + 180.0) / 360.0;
    let y = 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * std::f64::consts::PI);
    let cell = |v: f64| (v * side).clamp(0.0, side - 1.0) as u32;
    let (x, y) = (cell(x), cell(y));
    let digit =
        |level: usize| char::from(b'0' + ((x >> level) & 1) as u8 + 2 * ((y >> level) & 1) as u8);
    (0..zoom).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_numbered_as_published() {
        let at = |lon, lat| LonLat::new(lon, lat).expect("on the globe");
        // The corners of the four tiles of the first zoom level, row by row.
        assert_eq!([quadkey(at(-90.0, 45.0), 1), quadkey(at(90.0, 45.0), 1)], ["0", "1"]);
        assert_eq!([quadkey(at(-90.0, -45.0), 1), quadkey(at(90.0, -45.0), 1)], ["2", "3"]);
        // The example of the tile system's description: tile (3, 5) at level 3 is 213.
        assert_eq!(quadkey(at(-45.0 + 1.0, -41.0), 3), "213");
        assert_eq!(quadkey(at(-2.3, 53.4), 16).len(), 16);
    }
}
