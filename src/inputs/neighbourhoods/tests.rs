use geo::Area;

use super::*;
use crate::inputs::project::ProjectPath;

/// A unit square with its lower left corner at (x, y).
fn square(x: f64, y: f64) -> String {
    let (r, t) = (x + 1.0, y + 1.0);
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[[{x},{y}],[{r},{y}],[{r},{t}],[{x},{t}],[{x},{y}]]]}}"
    )
}

fn collection(features: &[(&str, &str)]) -> String {
    let one = |(p, g): &(&str, &str)| {
        format!("{{\"type\":\"Feature\",\"properties\":{p},\"geometry\":{g}}}")
    };
    let all: Vec<_> = features.iter().map(one).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","))
}

fn parse(text: &str) -> (Result<Neighbourhoods, TableError>, Findings) {
    let mut findings = Findings::new();
    (
        Neighbourhoods::parse(
            "n.geojson",
            text.as_bytes(),
            &NamedProperties::default(),
            &mut findings,
        ),
        findings,
    )
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

#[test]
fn codes_names_people_and_year_are_found_by_their_columns() {
    let text = collection(&[
        (
            "{\"FID\":1,\"LAD22CD\":\"E08\",\"LSOA21CD\":\"E01000001\",\"LSOA21NM\":\"Town 1\",\"Population\":1500}",
            &square(0.0, 10.0),
        ),
        (
            "{\"FID\":2,\"LAD22CD\":\"E08\",\"LSOA21CD\":\"E01000002\",\"LSOA21NM\":\" \",\"Population\":null}",
            &square(1.0, 10.0),
        ),
    ]);
    let n = parse(&format!("\u{feff}{text}")).0.expect("valid");
    assert_eq!(
        (n.key_column.as_str(), n.kind, n.vintage),
        ("LSOA21CD", Some(AreaKind::Lsoa), Some(Vintage(2021)))
    );
    let seen: Vec<_> =
        n.zones.iter().map(|z| (z.id.as_str(), z.name.as_str(), z.population)).collect();
    assert_eq!(seen, [("E01000001", "Town 1", Some(1500.0)), ("E01000002", "E01000002", None)]);
}

#[test]
fn a_code_twice_is_refused_with_both_places() {
    let text =
        collection(&[("{\"id\":7}", &square(0.0, 10.0)), ("{\"id\":\"7\"}", &square(1.0, 10.0))]);
    let e = parse(&text).0.expect_err("duplicate").to_string();
    assert_eq!(
        e,
        "n.geojson: id `7` stands for two different rows, features 1 and 2; give each an id of its own"
    );
}

#[test]
fn each_unusable_feature_is_a_finding_and_a_bow_tie_is_repaired() {
    let bow_tie = "{\"type\":\"Polygon\",\"coordinates\":[[[0,10],[1,11],[1,10],[0,11],[0,10]]]}";
    let (n, findings) = parse(&collection(&[
        ("{\"id\":\"a\"}", bow_tie),
        ("{\"id\":\"b\"}", "null"),
        ("{\"id\":\"c\"}", "{\"type\":\"Polygon\",\"coordinates\":[[[0],[1],[2],[0]]]}"),
        ("{\"id\":\"d\"}", "{\"type\":\"Polygon\",\"coordinates\":[]}"),
        (
            "{\"id\":\"e\"}",
            "{\"type\":\"Polygon\",\"coordinates\":[[[0,10],[0,10],[0,10],[0,10]]]}",
        ),
        ("{\"id\":\"\"}", &square(3.0, 10.0)),
        ("{\"id\":\"g\"}", "{\"type\":\"Point\",\"coordinates\":[0,10]}"),
        (
            "{\"id\":\"h\"}",
            "{\"type\":\"Polygon\",\"coordinates\":[[[0,10],[0,100],[1,10],[0,10]]]}",
        ),
    ]));
    let n = n.expect("one is usable");
    assert_eq!(n.zones.iter().map(|z| z.id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(
        (n.zones[NeighbourhoodIdx(0)].polygon.unsigned_area() - 0.5).abs() < 1e-12,
        "two triangles of a quarter each"
    );
    let told: Vec<_> = findings.iter().map(|f| (f.code, f.outcome == Outcome::Dropped)).collect();
    assert_eq!(
        told,
        [
            ("invalid_polygon", false),
            ("no_geometry", true),
            ("bad_geometry", true),
            ("no_geometry", true),
            ("invalid_polygon", true),
            ("no_code", true),
            ("bad_geometry", true),
            ("bad_coordinate", true),
        ]
    );
}

#[test]
fn the_order_of_the_file_does_not_decide_in_which_neighbourhood_a_point_lies() {
    // `c` lies within `a`; `d` is `b` again.
    let small = "{\"type\":\"Polygon\",\"coordinates\":[[[0.2,10.2],[0.4,10.2],[0.4,10.4],[0.2,10.4],[0.2,10.2]]]}";
    let (a, b) = (square(0.0, 10.0), square(1.0, 10.0));
    let mut features = [
        ("{\"id\":\"a\"}", a.as_str()),
        ("{\"id\":\"b\"}", b.as_str()),
        ("{\"id\":\"c\"}", small),
        ("{\"id\":\"d\"}", b.as_str()),
    ];
    for _ in 0..2 {
        let n = parse(&collection(&features)).0.expect("valid");
        let locator = NeighbourhoodLocator::new(&n);
        let zone = |lon, lat| locator.zone_of(at(lon, lat)).map(|zone| n.zones[zone].id.as_str());
        assert_eq!(zone(0.5, 10.5), Some("a"), "inside one");
        assert_eq!(zone(0.3, 10.3), Some("c"), "the smaller");
        assert_eq!(zone(1.5, 10.5), Some("b"), "of equal ones the lesser code");
        assert_eq!(zone(1.0, 10.5), Some("a"), "on an edge");
        assert_eq!(zone(2.5, 10.5), None);
        assert_eq!(locator.zones_of(at(1.5, 10.5)).len(), 2);
        features.reverse();
    }
}

#[test]
fn ids_of_features_are_codes_and_empty_outlines_are_none() {
    let feature = |id: &str, rings: &str| {
        format!(
            "{{\"type\":\"Feature\",\"id\":{id},\"properties\":{{\"name\":\"x\"}},\"geometry\":\
             {{\"type\":\"Polygon\",\"coordinates\":{rings}}}}}"
        )
    };
    let ring = "[[0,10],[1,10],[1,11],[0,10]]";
    let all = [
        feature("\"E01\"", &format!("[{ring}]")),
        feature("7", &format!("[{ring},[]]")),
        feature("\"E03\"", "[[]]"),
        feature("null", &format!("[{ring}]")),
    ];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","));
    let (n, findings) = parse(&text);
    let n = n.expect("valid");
    assert_eq!(n.key_column, "id");
    assert_eq!(n.zones.iter().map(|z| z.id.as_str()).collect::<Vec<_>>(), ["E01", "7"]);
    assert_eq!((findings.total("no_geometry"), findings.total("no_code")), (1, 1));
}

#[test]
fn numbers_of_people_that_cannot_be_are_not_known() {
    for people in ["-5", "1e308", "\"inf\"", "\"12 %\"", "1e11"] {
        let property = format!("{{\"id\":\"a\",\"population\":{people}}}");
        let (n, findings) = parse(&collection(&[(&property, &square(0.0, 10.0))]));
        assert_eq!(n.expect("valid").zones[NeighbourhoodIdx(0)].population, None, "{people}");
        assert_eq!(findings.total("bad_number"), 1, "{people}");
    }
    let (n, findings) =
        parse(&collection(&[("{\"id\":\"a\",\"population\":\"1 200\"}", &square(0.0, 10.0))]));
    assert_eq!(
        (n.expect("valid").zones[NeighbourhoodIdx(0)].population, findings.total("grouped_number")),
        (Some(1200.0), 1)
    );
}

#[test]
#[cfg(feature = "bng")]
fn other_systems_are_turned_or_refused() {
    let crs = |name: &str, text: &str| {
        text.replacen(
            '{',
            &format!("{{\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}},"),
            1,
        )
    };
    let grid = "{\"type\":\"Polygon\",\"coordinates\":[[[330000,187000],[331000,187000],[331000,188000],[330000,187000]]]}";
    let text = collection(&[("{\"id\":\"a\"}", grid)]);
    for (text, told) in [(crs("urn:ogc:def:crs:EPSG::27700", &text), 0), (text, 1)] {
        let (n, findings) = parse(&text);
        assert_eq!(findings.total("crs_mismatch"), told);
        let b = n.expect("turned").bounds().expect("some");
        assert!((-3.02..=-2.99).contains(&b.lon.0) && (51.57..=51.59).contains(&b.lat.0), "{b:?}");
    }
    let e = parse(&crs("EPSG:4267", &collection(&[("{\"id\":\"a\"}", grid)])))
        .0
        .expect_err("a datum that takes a grid")
        .to_string();
    assert!(e.contains("EPSG:4267 is not read"), "{e}");
    let e = parse(&collection(&[("{\"id\":\"a\"}", &square(51.0, -3.0))]))
        .0
        .expect_err("exchanged")
        .to_string();
    assert!(e.contains("look exchanged"), "{e}");
}

#[test]
fn population_and_deprivation_come_from_files_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let squares = [
        ("{\"LSOA11CD\":\"W1\"}", square(0.0, 10.0)),
        ("{\"LSOA11CD\":\"W2\"}", square(1.0, 10.0)),
    ];
    let squares: Vec<_> = squares.iter().map(|(p, g)| (*p, g.as_str())).collect();
    write("n.geojson", &collection(&squares));
    write("p.csv", "lsoa,all persons\nW1,100\nW3,5\n");
    write(
        "d.csv",
        "\u{feff}lsoa,LSOA Name,Local Authority Name ,WIMD 2019,Income\nW1,a,b,86.6,100\nW2,a,b,13,98\n",
    );
    let path = |name: &str| ProjectPath::new(name, folder.path());
    let input = NeighbourhoodsInput {
        layer: None,
        file: path("n.geojson"),
        id: None,
        name: None,
        population: None,
        population_file: Some(path("p.csv")),
        deprivation_file: Some(path("d.csv")),
        allow_unmatched: false,
    };
    // Half of the neighbourhoods have no population: the files do not belong together.
    let e =
        Neighbourhoods::read(&input, &mut Findings::new()).expect_err("half matched").to_string();
    assert!(e.contains("1 of 2 codes matched"), "{e}");
    write("p.csv", "lsoa,all persons\nW1,0\nW2,*\nW3,5\n");
    let n = Neighbourhoods::read(&input, &mut Findings::new()).expect("valid");
    let seen: Vec<_> =
        n.zones.iter().map(|z| (z.population, z.deprivation.and_then(|d| d.score))).collect();
    assert_eq!(seen, [(Some(0.0), Some(86.6)), (None, Some(13.0))]);
    assert_eq!(n.joins.len(), 2);
    // What is blank or faulty is not known, and told; what stands twice with other values counts in
    // neither way.
    write("p.csv", "lsoa,all persons\nW1,1e308\nW2,7\nW2,7\n,5\nTotal,12\n");
    write("d.csv", "lsoa,WIMD 2019\nW1,\nW2,13\nW2,14\n");
    let mut findings = Findings::new();
    let n = Neighbourhoods::read(&input, &mut findings).expect("valid");
    let seen: Vec<_> = n.zones.iter().map(|z| (z.population, z.deprivation)).collect();
    assert_eq!(seen, [(None, None), (Some(7.0), None)]);
    let total = |code: &str| findings.total(code);
    assert_eq!((total("bad_number"), total("no_population"), total("blank_code")), (1, 1, 1));
    assert_eq!((total("duplicate_id"), total("no_deprivation")), (2, 2));
}

#[test]
fn mangled_polygons_never_panic() {
    let whole = collection(&[
        ("{\"id\":\"a\",\"population\":5}", &square(0.0, 10.0)),
        ("{\"id\":\"b\"}", &square(1.0, 10.0)),
    ]);
    for at in 0..whole.len() {
        for byte in [b'9', b'-', b'"', b'[', b']', b',', b'{', b'e', 0, 0xff] {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = byte;
            drop(Neighbourhoods::parse(
                "n",
                &bytes,
                &NamedProperties::default(),
                &mut Findings::new(),
            ));
        }
        drop(Neighbourhoods::parse(
            "n",
            &whole.as_bytes()[..at],
            &NamedProperties::default(),
            &mut Findings::new(),
        ));
    }
}

/// `[neighbourhoods]` with one file of a folder.
fn read_file(
    folder: &std::path::Path,
    name: &str,
    findings: &mut Findings,
) -> Result<Neighbourhoods, TableError> {
    let toml = format!("osm = [\"x\"]\n[neighbourhoods]\nfile = \"{name}\"\n");
    let project = crate::inputs::project::Project::parse(&toml, "p", folder).expect("valid");
    Neighbourhoods::read(&project.neighbourhoods, findings)
}

#[test]
fn points_of_a_csv_are_neighbourhoods_whose_people_start_there() {
    use crate::inputs::origins::{OriginSource, Origins, OriginsFrom};
    let folder = tempfile::tempdir().expect("a folder");
    let csv =
        "LSOA21CD,LSOA21NM,population,lon,lat\nW01,Alpha,1500,-3.0,51.6\nW02,Beta,*,-3.1,51.6\n";
    std::fs::write(folder.path().join("p.csv"), csv).expect("written");
    let mut findings = Findings::new();
    let n = read_file(folder.path(), "p.csv", &mut findings).expect("read");
    assert_eq!(
        (n.zones.len(), n.key_column.as_str(), n.vintage),
        (2, "LSOA21CD", Some(Vintage(2021)))
    );
    assert_eq!((findings.total("point_neighbourhood"), findings.total("no_population")), (2, 1));
    let at = LonLat::new(-3.0, 51.6).expect("on the globe");
    assert_eq!(n.zones[NeighbourhoodIdx(0)].point, Some(at));
    assert_eq!(NeighbourhoodLocator::new(&n).zone_of(at), Some(NeighbourhoodIdx(0)));
    // Homes near by are not drawn from: the point is all that is known.
    let homes = [(at, 1.0), (at, 2.0)];
    let from = OriginsFrom { homes: &homes, per_zone: 40, ..OriginsFrom::default() };
    let origins = Origins::of(&from, &n, &mut Findings::new()).expect("made");
    assert_eq!(origins.points.len(), 2);
    assert_eq!(origins.points[crate::ids::OriginIdx(0)].point, at);
    assert!(origins.sources.iter().all(|s| *s == OriginSource::Centroid));
    std::fs::write(folder.path().join("q.csv"), "town,lon,lat\nx,-3,51\n").expect("written");
    let e = read_file(folder.path(), "q.csv", &mut findings).expect_err("no code").to_string();
    assert!(e.contains("neighbourhood code") && e.contains("found town, lon, lat"), "{e}");
}
