//! The reference system that a Well-known Text names, as it stands in `.prj` files and GeoPackages.

use super::{Crs, CrsError};

/// No honest text is longer.
const LONGEST: usize = 20_000;

/// Esri's names of systems, whose texts have no code, as they are squeezed here.
const NAMES: [(&str, u32); 34] = [
    ("britishnationalgrid", 27_700),
    ("osgb36britishnationalgrid", 27_700),
    ("osgb1936britishnationalgrid", 27_700),
    ("gcswgs1984", 4_326),
    ("wgs84", 4_326),
    ("wgs1984", 4_326),
    ("gcsetrs1989", 4_258),
    ("etrs89", 4_258),
    ("gcsnorthamerican1983", 4_269),
    ("nad83", 4_269),
    ("wgs1984webmercatorauxiliarysphere", 3_857),
    ("wgs84pseudomercator", 3_857),
    ("wgs1984webmercator", 3_857),
    ("tm65irishgrid", 29_902),
    ("tm75irishgrid", 29_903),
    ("irishgrid", 29_902),
    ("irenet95irishtransversemercator", 2_157),
    ("irishtransversemercator", 2_157),
    ("etrs1989laea", 3_035),
    ("etrs89laeaeurope", 3_035),
    ("etrs89extendedlaeaeurope", 3_035),
    ("etrs1989lcc", 3_034),
    ("rgf1993lambert93", 2_154),
    ("rgf93lambert93", 2_154),
    ("amersfoortrdnew", 28_992),
    ("belgelambert1972", 31_370),
    ("belge1972belgianlambert72", 31_370),
    ("etrs1989belgianlambert2008", 3_812),
    ("ch1903+lv95", 2_056),
    ("ch1903lv03", 21_781),
    ("sweref99tm", 3_006),
    ("etrs1989polandcs92", 2_180),
    ("nzgd2000newzealandtransversemercator", 2_193),
    ("nad1983contiguoususaalbers", 5_070),
];

/// The system of a text.
pub(super) fn read(wkt: &str) -> Result<Crs, CrsError> {
    let plain: String = wkt.chars().take(LONGEST).filter(|c| !c.is_whitespace()).collect();
    if let Some(crs) = code_of(&plain).and_then(Crs::of_epsg) {
        return Ok(crs);
    }
    let name = plain.split('"').nth(1).unwrap_or_default().to_owned();
    named(&name).ok_or(CrsError::Unknown(name))
}

/// The system of a name, if it is one of those that are known by name.
pub(super) fn named(name: &str) -> Option<Crs> {
    let squeezed: String =
        name.chars().filter(|c| !c.is_whitespace() && !"_-/():".contains(*c)).collect();
    let squeezed = squeezed.to_lowercase();
    let known = NAMES.iter().find(|(known, _)| *known == squeezed).map(|(_, code)| *code);
    known.or_else(|| utm(&squeezed)).and_then(Crs::of_epsg)
}

/// The code of the whole, which stands last in it and within one bracket alone: others are of its
/// parts.
fn code_of(plain: &str) -> Option<u32> {
    let (before, code) = plain.strip_suffix("]]")?.rsplit_once(',')?;
    let before =
        before.strip_suffix("AUTHORITY[\"EPSG\"").or_else(|| before.strip_suffix("ID[\"EPSG\""))?;
    let open = before.matches('[').count().checked_sub(before.matches(']').count())?;
    code.trim_matches('"').parse().ok().filter(|_| open == 1)
}

/// Universal Transverse Mercator on a datum that is WGS 84's to a metre or two.
fn utm(squeezed: &str) -> Option<u32> {
    let (datum, rest) = squeezed.split_once("utmzone")?;
    let south = rest.ends_with('s');
    let zone: u32 =
        rest.trim_end_matches(['n', 's']).parse().ok().filter(|zone| (1..=60).contains(zone))?;
    match (datum, south) {
        ("wgs84" | "wgs1984", false) => Some(32_600 + zone),
        ("wgs84" | "wgs1984", true) => Some(32_700 + zone),
        ("etrs89" | "etrs1989", false) => Some(25_800 + zone),
        ("nad83" | "nad1983", false) => Some(26_900 + zone),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_known_by_code_or_by_name() {
        let esri =
            "PROJCS[\"British_National_Grid\",GEOGCS[\"GCS_OSGB_1936\",DATUM[\"D_OSGB_1936\"]]]";
        assert_eq!(read(esri), Ok(Crs::BritishGrid));
        let ogc = "PROJCS[\"OSGB36\", GEOGCS[\"OSGB36\", AUTHORITY[\"EPSG\",\"4277\"]], AUTHORITY[\"EPSG\",\"27700\"]]";
        assert_eq!(read(ogc), Ok(Crs::BritishGrid));
        assert_eq!(read("GEOGCS[\"GCS_WGS_1984\",DATUM[]]"), Ok(Crs::Wgs84));
        let utm = read("PROJCS[\"WGS_1984_UTM_Zone_30N\",GEOGCS[\"GCS_WGS_1984\"]]");
        assert_eq!(utm.ok(), Crs::of_epsg(32_630));
        let irish = "PROJCS[\"TM65_Irish_Grid\",AUTHORITY[\"EPSG\",\"29902\"]]";
        for text in [irish, "PROJCS[\"TM75_Irish_Grid\",GEOGCS[\"GCS_TM75\"]]"] {
            assert_eq!(read(text), Ok(Crs::IrishGrid));
        }
        let newer = "PROJCRS[\"ETRS89-extended / LAEA Europe\",BASEGEOGCRS[\"ETRS89\",ID[\"EPSG\",4258]],ID[\"EPSG\",3035]]";
        assert_eq!(read(newer).ok(), Crs::of_epsg(3_035));
        assert_eq!(
            read("PROJCS[\"ETRS_1989_LAEA\",GEOGCS[\"GCS_ETRS_1989\"]]").ok(),
            Crs::of_epsg(3_035)
        );
        assert_eq!(named("OSGB36 / British National Grid"), Some(Crs::BritishGrid));
        assert_eq!(named("ETRS89 / UTM zone 32N"), Crs::of_epsg(25_832));
        assert_eq!((named("WGS 84"), named("CRS of my own")), (Some(Crs::Wgs84), None));
        assert!(read("").is_err() && read("\"\"\"").is_err() && read("]]]").is_err());
    }

    #[test]
    fn a_code_of_a_part_is_not_that_of_the_whole() {
        // 9001 is the metre; 4258 the system below.
        let text = "PROJCS[\"My_Own_Grid\",GEOGCS[\"ETRS89\",AUTHORITY[\"EPSG\",\"4258\"]],UNIT[\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]]]";
        assert_eq!(read(text), Err(CrsError::Unknown("My_Own_Grid".to_owned())));
        let text = "PROJCS[\"My_Own_Grid\",GEOGCS[\"ETRS89\",AUTHORITY[\"EPSG\",\"4258\"]]]";
        assert_eq!(read(text), Err(CrsError::Unknown("My_Own_Grid".to_owned())));
        let other = read("PROJCS[\"NAD_1927_UTM_Zone_10N\",AUTHORITY[\"EPSG\",\"26710\"]]");
        assert_eq!(other, Err(CrsError::Unknown("NAD_1927_UTM_Zone_10N".to_owned())));
    }
}
