use super::*;
use crate::inputs::neighbourhoods::NamedProperties;

/// Three unit squares side by side; the third is a horseshoe open to the top, whose centroid lies
/// in the gap.
fn three() -> Neighbourhoods {
    let square = |x: i32| format!("[[[{x},10],[{},10],[{},11],[{x},11],[{x},10]]]", x + 1, x + 1);
    let horseshoe =
        "[[[2,10],[3,10],[3,11],[2.9,11],[2.9,10.1],[2.1,10.1],[2.1,11],[2,11],[2,10]]]";
    let feature = |id: &str, population: &str, c: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{id}\",\"population\":{population}}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{c}}}}}"
        )
    };
    let all = [
        feature("a", "100", &square(0)),
        feature("b", "null", &square(1)),
        feature("c", "30", horseshoe),
    ];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","));
    Neighbourhoods::parse("n", text.as_bytes(), &NamedProperties::default(), &mut Findings::new())
        .expect("valid")
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

#[test]
fn each_neighbourhood_has_the_best_origins_there_are() {
    let n = three();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("homes.csv");
    std::fs::write(
        &path,
        "id,lon,lat,people\n01,0.5,10.5,7\n02,0.6,10.5,0\n03,9,9,5\n04,0.7,10.5,*\n",
    )
    .expect("written");
    let homes = [(at(1.2, 10.2), 1.0), (at(1.8, 10.8), 1.0), (at(0.5, 10.5), 1.0)];
    let from = OriginsFrom {
        file: Some((&path, None)),
        homes: &homes,
        seed: 1,
        per_zone: 20,
        ..Default::default()
    };
    let mut findings = Findings::new();
    let origins = Origins::of(&from, &n, &mut findings).expect("readable");
    assert_eq!(
        origins.sources.as_slice(),
        [OriginSource::Given, OriginSource::Homes, OriginSource::Centroid]
    );
    assert_eq!(origins.weight_column.as_deref(), Some("people"));
    let seen: Vec<_> =
        origins.points.iter().map(|p| (p.id.as_str(), p.weight, p.zone.map(|z| z.0))).collect();
    assert_eq!(
        seen,
        [
            ("01", 7.0, Some(0)),
            ("02", 0.0, Some(0)),
            ("03", 5.0, None),
            ("b-1", 0.5, Some(1)),
            ("b-2", 0.5, Some(1)),
            ("c", 30.0, Some(2)),
        ]
    );
    for (code, count) in
        [("origin_outside", 1), ("no_weight", 1), ("no_origin_given", 2), ("centroid_origin", 1)]
    {
        assert_eq!(findings.total(code), count, "{code}");
    }
    // The centroid of the horseshoe lies in its gap; the point taken lies in the horseshoe.
    assert_eq!(
        NeighbourhoodLocator::new(&n).zone_of(origins.points[OriginIdx(5)].point),
        Some(NeighbourhoodIdx(2))
    );
}

#[test]
fn a_file_that_lies_elsewhere_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("homes.csv");
    let read = |text: &str| {
        std::fs::write(&path, text).expect("written");
        let from = OriginsFrom { file: Some((&path, None)), ..Default::default() };
        Origins::of(&from, &three(), &mut Findings::new())
            .map(drop)
            .expect_err("refused")
            .to_string()
    };
    assert!(read("id,lon,lat\na,60,10\n").contains("no point lies in any neighbourhood"));
    assert!(read("id,lon,lat\na,10.5,0.5\n").contains("look exchanged"));
}

#[test]
fn weights_that_add_up_to_nothing_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("homes.csv");
    std::fs::write(&path, "id,lon,lat,population\na,0.5,10.5,0\n").expect("written");
    let mut findings = Findings::new();
    let from = OriginsFrom { file: Some((&path, None)), ..Default::default() };
    drop(Origins::of(&from, &three(), &mut findings).expect("readable"));
    assert_eq!(findings.total("zero_weight"), 1);
}
