//! Which columns say where a row lies, and what they say.

use super::header::{TableColumn, TableHeader};
use super::{InputTable, NoNumber, RowGeometry, TableError, TableRow};
use crate::geometry::LonLat;
use crate::inputs::crs::Crs;

const LON: [&str; 9] = [
    "lon",
    "lng",
    "long",
    "longitude",
    "stop_lon",
    "lon_wgs84",
    "geo_lon",
    "point_lon",
    "geo_longitude",
];
const LAT: [&str; 8] =
    ["lat", "latitude", "stop_lat", "lat_wgs84", "geo_lat", "point_lat", "geo_latitude", "lati"];
const EASTING: [&str; 11] = [
    "easting",
    "eastings",
    "oseast1m",
    "east1m",
    "bng_e",
    "bng_easting",
    "gridgb1e",
    "os_easting",
    "east",
    "osgb_x",
    "grid_e",
];
const NORTHING: [&str; 11] = [
    "northing",
    "northings",
    "osnrth1m",
    "north1m",
    "bng_n",
    "bng_northing",
    "gridgb1n",
    "os_northing",
    "north",
    "osgb_y",
    "grid_n",
];
const X: [&str; 6] = ["x", "x_coord", "xcoord", "x_coordinate", "point_x", "coord_x"];
const Y: [&str; 6] = ["y", "y_coord", "ycoord", "y_coordinate", "point_y", "coord_y"];
pub(super) const POSTCODE: [&str; 10] = [
    "pcds",
    "postcode_space",
    "postcode",
    "pcd",
    "pcd7",
    "pcd8",
    "pcd2",
    "post_code",
    "postal_code",
    "charity_contact_postcode",
];
/// Of NaPTAN: `UKOS` or `IrishOS`.
const GRID_TYPE: [&str; 2] = ["gridtype", "grid_type"];

/// Where a table says that its rows lie.
#[derive(Clone, Copy)]
pub(super) enum LocationColumns {
    Geometry,
    /// Longitude and latitude, and what a row without them may have.
    Degrees(TableColumn, TableColumn, Option<GridColumns>),
    Grid(GridColumns),
    /// Columns called x and y: their size tells.
    Unsaid(TableColumn, TableColumn),
    Postcode,
}

/// Columns of metres on a national grid, and those that tell which grid.
#[derive(Clone, Copy)]
pub(super) struct GridColumns {
    pub easting: TableColumn,
    pub northing: TableColumn,
    kind: Option<TableColumn>,
    postcode: Option<TableColumn>,
}

impl GridColumns {
    fn of(table: &InputTable) -> Result<Option<GridColumns>, TableError> {
        let role = "easting and northing";
        let pair = table.column(role, None, &EASTING)?.zip(table.column(role, None, &NORTHING)?);
        let find = |spellings: &[&str]| spellings.iter().find_map(|s| table.header().find(s));
        let (kind, postcode) = (find(&GRID_TYPE), find(&POSTCODE));
        Ok(pair.map(|(easting, northing)| GridColumns { easting, northing, kind, postcode }))
    }

    /// The grid of a row: that of Ireland where the row says so, or where its postcode is of
    /// Northern Ireland, for which the postcode directory has Irish metres.
    fn grid(&self, row: &TableRow) -> Crs {
        let begins = |column: Option<TableColumn>, with: &str| {
            let text = column.and_then(|c| row.text(c));
            text.and_then(|text| text.get(..with.len()).map(|head| head.eq_ignore_ascii_case(with)))
        };
        let kind = begins(self.kind, "irish");
        if kind.or(begins(self.postcode, "BT")).unwrap_or(false) {
            Crs::IrishGrid
        } else {
            Crs::BritishGrid
        }
    }
}

/// Whether a header has a pair of columns of coordinates.
pub(in crate::inputs) fn has_coordinates(header: &TableHeader) -> bool {
    let pairs: [(&[&str], &[&str]); 3] = [(&LON, &LAT), (&EASTING, &NORTHING), (&X, &Y)];
    let has = |spellings: &[&str]| spellings.iter().any(|s| header.find(s).is_some());
    pairs.iter().any(|(a, b)| has(a) && has(b))
}

/// How the rows of a table are placed.
pub(super) fn located(
    table: &InputTable,
    with_postcodes: bool,
) -> Result<LocationColumns, TableError> {
    if table.has_geometry() {
        return Ok(LocationColumns::Geometry);
    }
    let pair =
        |role, a: &[&str], b: &[&str]| -> Result<Option<(TableColumn, TableColumn)>, TableError> {
            Ok(table.column(role, None, a)?.zip(table.column(role, None, b)?))
        };
    let grid = GridColumns::of(table)?;
    if let Some((lon, lat)) = pair("longitude and latitude", &LON, &LAT)? {
        return Ok(LocationColumns::Degrees(lon, lat, grid));
    }
    if let Some(grid) = grid {
        return Ok(LocationColumns::Grid(grid));
    }
    if let Some((x, y)) = pair("x and y", &X, &Y)? {
        return Ok(LocationColumns::Unsaid(x, y));
    }
    match table.column("postcode", None, &POSTCODE)? {
        Some(_) if with_postcodes => Ok(LocationColumns::Postcode),
        Some(_) => {
            let what = "has postcodes but no coordinates; add lon and lat, or name a postcode file with `postcodes = \
                        \"…\"` (ONSPD, or a CSV of postcode, lon, lat)"
                .to_owned();
            Err(TableError::Format { file: table.file().to_owned(), what })
        }
        None => Err(table.no_column(
            "coordinates",
            &["lon and lat", "easting and northing", "x and y", "postcode"],
        )),
    }
}

/// What a row says of its place.
pub(super) enum RowLocation {
    Point(LonLat),
    /// Several points of one thing.
    Points(Vec<LonLat>),
    /// Two numbers of which the whole table tells what they are.
    Pair(f64, f64),
    /// Metres of a grid, easting first.
    Metres(Crs, f64, f64),
    Nothing,
}

/// Reads the place of a row, or says what is wrong with it.
pub(super) fn place_of(row: &TableRow, located: LocationColumns) -> Result<RowLocation, String> {
    match located {
        LocationColumns::Geometry => match row.place() {
            RowGeometry::Point(point) => Ok(RowLocation::Point(*point)),
            RowGeometry::Points(points) => Ok(RowLocation::Points(points.clone())),
            RowGeometry::None => Ok(RowLocation::Nothing),
            RowGeometry::Wrong(what) => Err(what.clone()),
        },
        LocationColumns::Postcode => Ok(RowLocation::Nothing),
        LocationColumns::Degrees(x, y, grid) => match (pair(row, x, y, true)?, grid) {
            (Some((x, y)), _) => Ok(RowLocation::Pair(x, y)),
            (None, Some(grid)) => metres(row, grid),
            (None, None) => Ok(RowLocation::Nothing),
        },
        LocationColumns::Grid(grid) => metres(row, grid),
        LocationColumns::Unsaid(x, y) => {
            Ok(pair(row, x, y, false)?
                .map_or(RowLocation::Nothing, |(x, y)| RowLocation::Pair(x, y)))
        }
    }
}

fn metres(row: &TableRow, grid: GridColumns) -> Result<RowLocation, String> {
    let found = pair(row, grid.easting, grid.northing, false)?;
    Ok(found.map_or(RowLocation::Nothing, |(e, n)| RowLocation::Metres(grid.grid(row), e, n)))
}

fn pair(
    row: &TableRow,
    x: TableColumn,
    y: TableColumn,
    degrees: bool,
) -> Result<Option<(f64, f64)>, String> {
    let number = |column| match row.number(column) {
        // What may also be thousands of degrees is not.
        Err(NoNumber::Ambiguous { decimal, thousands, .. })
            if degrees && thousands.abs() > 180.0 =>
        {
            Ok(Some(decimal))
        }
        other => other.map_err(|e| format!("coordinate {e}")),
    };
    Ok(number(x)?.zip(number(y)?).filter(|(x, y)| !stands_for_nowhere(*x, *y)))
}

/// 0, 0 is what a database makes of blanks; latitude 99.999999 is the ONS Postcode Directory's "no
/// grid reference".
fn stands_for_nowhere(x: f64, y: f64) -> bool {
    (x == 0.0 && y == 0.0) || (99.999..100.0).contains(&y)
}
