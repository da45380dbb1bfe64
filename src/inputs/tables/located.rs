//! Which columns say where a row lies, and what they say.

use super::header::{Column, Header};
use super::{Place, Row, Table, TableError};
use crate::geometry::LonLat;

const LON: [&str; 9] =
    ["lon", "lng", "long", "longitude", "stop_lon", "lon_wgs84", "geo_lon", "point_lon", "geo_longitude"];
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
/// Where a table says that its rows lie.
#[derive(Clone, Copy)]
pub(super) enum Located {
    Geometry,
    Degrees(Column, Column),
    Grid(Column, Column),
    /// Columns called x and y: their size tells.
    Unsaid(Column, Column),
    Postcode,
}

/// Whether a header has a pair of columns of coordinates.
pub(in crate::inputs) fn has_coordinates(header: &Header) -> bool {
    let pairs: [(&[&str], &[&str]); 3] = [(&LON, &LAT), (&EASTING, &NORTHING), (&X, &Y)];
    let has = |spellings: &[&str]| spellings.iter().any(|s| header.find(s).is_some());
    pairs.iter().any(|(a, b)| has(a) && has(b))
}

/// How the rows of a table are placed.
pub(super) fn located(table: &Table, with_postcodes: bool) -> Result<Located, TableError> {
    if table.has_geometry() {
        return Ok(Located::Geometry);
    }
    let pair = |role, a: &[&str], b: &[&str]| -> Result<Option<(Column, Column)>, TableError> {
        Ok(table.column(role, None, a)?.zip(table.column(role, None, b)?))
    };
    if let Some((lon, lat)) = pair("longitude and latitude", &LON, &LAT)? {
        return Ok(Located::Degrees(lon, lat));
    }
    if let Some((e, n)) = pair("easting and northing", &EASTING, &NORTHING)? {
        return Ok(Located::Grid(e, n));
    }
    if let Some((x, y)) = pair("x and y", &X, &Y)? {
        return Ok(Located::Unsaid(x, y));
    }
    match table.column("postcode", None, &POSTCODE)? {
        Some(_) if with_postcodes => Ok(Located::Postcode),
        Some(_) => {
            let what = "has postcodes but no coordinates; add lon and lat, or name a postcode file with `postcodes = \
                        \"…\"` (ONSPD, or a CSV of postcode, lon, lat)"
                .to_owned();
            Err(TableError::Format { file: table.file().to_owned(), what })
        }
        None => {
            Err(table
                .no_column("coordinates", &["lon and lat", "easting and northing", "x and y", "postcode"]))
        }
    }
}

/// What a row says of its place.
pub(super) enum Found {
    Point(LonLat),
    Pair(f64, f64),
    Nothing,
}

/// Reads the place of a row, or says what is wrong with it.
pub(super) fn place_of(row: &Row, located: Located) -> Result<Found, String> {
    let (x, y) = match located {
        Located::Geometry => {
            return match row.place() {
                Place::Point(point) => Ok(Found::Point(*point)),
                Place::None => Ok(Found::Nothing),
                Place::Wrong(what) => Err(what.clone()),
            };
        }
        Located::Postcode => return Ok(Found::Nothing),
        Located::Degrees(x, y) | Located::Grid(x, y) | Located::Unsaid(x, y) => (x, y),
    };
    let number = |c| row.number(c).map_err(|text| format!("coordinate {text:?} is not a number"));
    Ok(match (number(x)?, number(y)?) {
        (Some(x), Some(y)) if !stands_for_nowhere(x, y) => Found::Pair(x, y),
        _ => Found::Nothing,
    })
}

/// 0, 0 is what a database makes of blanks; latitude 99.999999 is the ONS Postcode Directory's "no grid reference".
fn stands_for_nowhere(x: f64, y: f64) -> bool {
    (x == 0.0 && y == 0.0) || (99.999..100.0).contains(&y)
}
