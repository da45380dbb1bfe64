//! Places: what the map has, what registers know better, and when they are open.

mod gather;
mod merge;
mod week;

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::crs::Bounds;
use super::hours::Nation;
use super::tables::{
    Duplicates, NumberColumn, PointRow, PointsWanted, Postcodes, TableError, key_of, read_points,
};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{Entries, LonLat, Projection};

pub use gather::{CategoryPlaces, RegisterContext, gather};
pub use merge::PlacesMerge;

/// A place of a category, each real one once.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryPlace {
    /// The register's id, else its element of the map.
    pub id: String,
    /// Its name, possibly empty.
    pub name: String,
    /// Where it is reached.
    pub points: Entries,
    /// How many it serves, where a register says.
    pub capacity: Option<f64>,
    /// When it is open, in the language of OpenStreetMap's `opening_hours`.
    pub opening_hours: Option<String>,
    /// Who knows it.
    pub source: PlaceSource,
}

/// How many places of a category are open in a window; stands in `run.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursCount {
    /// The category.
    pub category: String,
    /// The window.
    pub window: String,
    /// Known to be open.
    pub open: u64,
    /// Known to be closed: left out in this window.
    pub closed: u64,
    /// Not known, and counted as open.
    pub unknown: u64,
}

/// Whose public holidays the opening hours of places were held against; stands in `run.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidaysUsed {
    /// The nation; `None` where none is known: what depends on `PH` is then unknown.
    pub nation: Option<Nation>,
    /// The first year whose holidays are known.
    pub first_year: Option<i16>,
    /// The last.
    pub last_year: Option<i16>,
    /// How many places of categories that look at opening hours lie in it.
    pub places: u64,
}

/// Who knows a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceSource {
    /// The map alone.
    Osm,
    /// A register alone.
    Register,
    /// Both.
    Both,
    /// The jobs, of an employment centre.
    Jobs,
}

impl From<RegisterPlace> for CategoryPlace {
    fn from(place: RegisterPlace) -> CategoryPlace {
        CategoryPlace {
            id: place.id,
            name: place.name,
            points: std::iter::once(place.point).chain(place.more).collect::<Vec<_>>().into(),
            capacity: place.capacity,
            opening_hours: place.opening_hours,
            source: PlaceSource::Register,
        }
    }
}

/// Of latitude, at the least: 110,574 m at the equator.
const METRES_IN_A_DEGREE: f64 = 110_000.0;

const ID: [&str; 14] = [
    "id",
    "place_id",
    "uid",
    "urn",
    "unique_reference_number",
    "uprn",
    "ods_code",
    "organisation_code",
    "organisation_data_service_code",
    "atco_code",
    "ref",
    "code",
    "registered_charity_number",
    "charity_number",
];
pub(super) const CAPACITY: [&str; 5] =
    ["capacity", "places", "seats", "list_size", "school_capacity"];

/// A place of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterPlace {
    /// Its id; the file's name and the line where it has none.
    pub id: String,
    /// Its name, possibly empty.
    pub name: String,
    /// Where it lies.
    pub point: LonLat,
    /// Where else it is reached, such as at its other doors.
    pub more: Vec<LonLat>,
    /// How many it serves, where the register says.
    pub capacity: Option<f64>,
    /// When it is open, in the language of OpenStreetMap's `opening_hours`.
    pub opening_hours: Option<String>,
}

/// Reads a register, CSV or GeoJSON. A register that has only postcodes needs a postcode file.
///
/// # Errors
/// When the file cannot be read, has no coordinates, or has them in a way that cannot be right;
/// when the column of capacity that was named is not there.
pub fn read_register(
    path: &Path,
    capacity: Option<&str>,
    postcodes: Option<&Postcodes>,
    area: Option<Bounds>,
    findings: &mut Findings,
) -> Result<Vec<RegisterPlace>, TableError> {
    let wanted = PointsWanted {
        id: &ID,
        number: Some(NumberColumn { role: "capacity", named: capacity, spellings: &CAPACITY }),
        duplicates: Duplicates::Number,
        postcodes,
        area,
        details: &DETAILS,
        once: true,
        several: true,
        ..PointsWanted::default()
    };
    let mut file = read_points(path, &wanted, findings)?;
    let all = file.points.len();
    file.points.retain(|row| !has_ended(row));
    let ended = (all - file.points.len()) as u64;
    let what = "places whose row says that they are closed, removed or inactive";
    findings.count(
        Severity::Info,
        "register_closed",
        Outcome::Dropped,
        path.display().to_string(),
        ended,
        what,
    );
    if file.points.is_empty() {
        let what = "the register has no usable place";
        findings.count(
            Severity::Warning,
            "no_places",
            Outcome::Kept,
            path.display().to_string(),
            1,
            what,
        );
    }
    let severity = if file.id_column.is_some() { Severity::Info } else { Severity::Warning };
    tell_of_twins(&file.points, severity, &path.display().to_string(), findings);
    let place = |row: super::tables::PointRow| RegisterPlace {
        id: row.id,
        name: row.name,
        point: row.point,
        more: row.more,
        capacity: row.number,
        opening_hours: hours_of(row.details),
    };
    Ok(file.points.into_iter().map(place).collect())
}

/// The columns of a register that are read besides: whether it still is, and when it is open.
const DETAILS: [&[&str]; 9] = [
    &[
        "status",
        "establishmentstatus_name",
        "establishment_status_name",
        "charity_registration_status",
        "charity_status",
        "organisation_status",
    ],
    &["opening_hours", "opening_hours_osm"],
    week::DAYS[0],
    week::DAYS[1],
    week::DAYS[2],
    week::DAYS[3],
    week::DAYS[4],
    week::DAYS[5],
    week::DAYS[6],
];

/// Tells of places that bear the same name as another within 50 m of it: two entries of one place
/// count twice. Where they have ids, these say that they are two, as bus stops across a street are.
fn tell_of_twins(points: &[PointRow], severity: Severity, file: &str, findings: &mut Findings) {
    let name = |row: &PointRow| key_of(&row.name);
    let named = points.iter().map(|row| (name(row), row)).filter(|(name, _)| !name.is_empty());
    let mut named: Vec<(String, &PointRow)> = named.collect();
    named.sort_by(|(a, p), (b, q)| a.cmp(b).then(p.point.lat().total_cmp(&q.point.lat())));
    let mut twins: Vec<(&PointRow, &PointRow)> = Vec::new();
    for (at, (name, row)) in named.iter().enumerate() {
        let map = Projection::about(row.point);
        let here = map.project(row.point);
        let later = named.iter().skip(at + 1).take_while(|(other, next)| {
            other == name
                && next.point.lat() - row.point.lat() <= merge::SAME_SPOT.get() / METRES_IN_A_DEGREE
        });
        let near =
            later.filter(|(_, next)| map.project(next.point).distance(here) <= merge::SAME_SPOT);
        twins.extend(
            near.map(|(_, next)| if next.line < row.line { (*next, *row) } else { (*row, *next) }),
        );
    }
    let Some((row, next)) = twins.iter().min_by_key(|(row, next)| (row.line, next.line)) else {
        return;
    };
    let what = format!(
        "places of the same name within 50 m of another: each counts; take out those that are one place; the first: {} \
         (lines or features {} and {})",
        row.name, row.line, next.line
    );
    findings.count(severity, "same_place_twice", Outcome::Kept, file, twins.len() as u64, what);
}

/// The words of registers of schools (`Closed`), charities (`Removed`) and the NHS for what is no
/// more.
fn has_ended(row: &PointRow) -> bool {
    const ENDED: [&str; 17] = [
        "closed",
        "permanently closed",
        "closed permanently",
        "closed down",
        // NaPTAN's older word for inactive.
        "del",
        "demolished",
        "withdrawn",
        // Not yet there.
        "proposed to open",
        "proposed",
        "removed",
        "inactive",
        "ceased",
        "dissolved",
        "deregistered",
        "dormant",
        "lapsed",
        "deleted",
    ];
    let status = row.details.first().and_then(Option::as_ref);
    status.is_some_and(|status| ENDED.contains(&status.trim().to_ascii_lowercase().as_str()))
}

fn hours_of(details: Vec<Option<String>>) -> Option<String> {
    let mut details = details.into_iter().skip(1);
    let hours = details.next().flatten();
    hours.or_else(|| week::expression(&details.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_of_charities_leaves_out_the_removed_and_tells() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("charities.csv");
        let csv = "registered_charity_number,charity_name,charity_registration_status,lon,lat\n\
                   1,Bowls Club,Registered,-1.0,52.0\n2,Old Band,Removed,-1.0,52.0\n3,Choir,,-1.0,52.0\n";
        std::fs::write(&path, csv).expect("written");
        let mut findings = Findings::new();
        let groups = read_register(&path, None, None, None, &mut findings).expect("readable");
        let seen: Vec<_> = groups.iter().map(|g| (g.id.as_str(), g.name.as_str())).collect();
        assert_eq!(seen, [("1", "Bowls Club"), ("3", "Choir")]);
        assert_eq!(findings.total("register_closed"), 1);
    }
    use crate::inputs::tables::Postcodes;

    #[test]
    fn a_register_of_postcodes_is_placed_by_a_postcode_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path
        };
        let register =
            file("gps.csv", "name,postcode,capacity\nA,ab1 0aa,10\nB,ZZ99 9ZZ,\nA,AB10AA,10\n");
        let directory = file(
            "onspd.csv",
            "pcd7,pcd8,pcds,doterm,oseast1m,osnrth1m,lat,long\r\n\"AB1 0AA\",\"AB1  0AA\",\"AB1 0AA\",,385386,0801193,\
             57.101474,-2.242851\r\n\"AB1 0AB\",\"AB1  0AB\",\"AB1 0AB\",,,,99.999999,0.000000\r\n",
        );
        let mut findings = Findings::new();
        let wanted = Postcodes::named_in(&register).expect("readable");
        let postcodes =
            Postcodes::read(&directory, Some(&wanted), &mut findings).expect("readable");
        assert_eq!(
            findings.total("missing_coordinate"),
            1,
            "the directory's row without a grid reference"
        );
        assert_eq!(postcodes.len(), 1);
        let places = read_register(&register, None, Some(&postcodes), None, &mut findings)
            .expect("readable");
        let seen: Vec<_> = places
            .iter()
            .map(|p| (p.id.as_str(), p.name.as_str(), p.point.lat(), p.capacity))
            .collect();
        assert_eq!(
            seen,
            [("gps:2", "A", 57.101474, Some(10.0)), ("gps:4", "A", 57.101474, Some(10.0))]
        );
        let missing = findings.iter().find(|f| f.line == Some(3)).expect("a finding");
        assert!(missing.what.contains("postcode \"ZZ99 9ZZ\" is not known"), "{}", missing.what);
        assert!(read_register(&register, None, None, None, &mut findings).is_err());
        assert!(
            read_register(&register, Some("beds"), Some(&postcodes), None, &mut findings).is_err()
        );
    }
}
