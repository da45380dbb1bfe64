//! Registers of places: what a council knows better than the map.

use std::path::Path;

use super::crs::Bounds;
use super::tables::{Duplicates, NumberColumn, PointsWanted, Postcodes, TableError, read_points};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;

const ID: [&str; 12] = [
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
];
pub(super) const CAPACITY: [&str; 5] = ["capacity", "places", "seats", "list_size", "school_capacity"];

/// A place of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterPlace {
    /// Its id; the file's name and the line where it has none.
    pub id: String,
    /// Its name, possibly empty.
    pub name: String,
    /// Where it lies.
    pub point: LonLat,
    /// How many it serves, where the register says.
    pub capacity: Option<f64>,
}

/// Reads a register, CSV or GeoJSON. A register that has only postcodes needs a postcode file.
///
/// # Errors
/// When the file cannot be read, has no coordinates, or has them in a way that cannot be right; when the column of
/// capacity that was named is not there.
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
        ..PointsWanted::default()
    };
    let file = read_points(path, &wanted, findings)?;
    if file.points.is_empty() {
        let what = "the register has no usable place";
        findings.count(Severity::Warning, "no_places", Outcome::Kept, path.display().to_string(), 1, what);
    }
    let place = |row: super::tables::PointRow| RegisterPlace {
        id: row.id,
        name: row.name,
        point: row.point,
        capacity: row.number,
    };
    Ok(file.points.into_iter().map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::tables::Postcodes;

    #[test]
    fn a_register_of_postcodes_is_placed_by_a_postcode_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path
        };
        let register = file("gps.csv", "name,postcode,capacity\nA,ab1 0aa,10\nB,ZZ99 9ZZ,\nA,AB10AA,10\n");
        let directory = file(
            "onspd.csv",
            "pcd7,pcd8,pcds,doterm,oseast1m,osnrth1m,lat,long\r\n\"AB1 0AA\",\"AB1  0AA\",\"AB1 0AA\",,385386,0801193,\
             57.101474,-2.242851\r\n\"AB1 0AB\",\"AB1  0AB\",\"AB1 0AB\",,,,99.999999,0.000000\r\n",
        );
        let mut findings = Findings::new();
        let wanted = Postcodes::named_in(&register).expect("readable");
        let postcodes = Postcodes::read(&directory, Some(&wanted), &mut findings).expect("readable");
        assert_eq!(findings.total("missing_coordinate"), 1, "the directory's row without a grid reference");
        assert_eq!(postcodes.len(), 1);
        let places = read_register(&register, None, Some(&postcodes), None, &mut findings).expect("readable");
        let seen: Vec<_> =
            places.iter().map(|p| (p.id.as_str(), p.name.as_str(), p.point.lat(), p.capacity)).collect();
        assert_eq!(seen, [("gps:2", "A", 57.101474, Some(10.0)), ("gps:4", "A", 57.101474, Some(10.0))]);
        let missing = findings.iter().find(|f| f.line == Some(3)).expect("a finding");
        assert!(missing.what.contains("postcode \"ZZ99 9ZZ\" is not known"), "{}", missing.what);
        assert!(read_register(&register, None, None, None, &mut findings).is_err());
        assert!(read_register(&register, Some("beds"), Some(&postcodes), None, &mut findings).is_err());
    }
}
