//! Every real table at hand, each column of each vintage: read as what it is, or refused by name.
//! Skipped aloud where the files are not there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lastmile::finding::Findings;
use lastmile::inputs::attributes::{AttributeTable, AttributeValues};
use lastmile::inputs::broadband::CoverageRelease;
use lastmile::inputs::jobs::{Jobs, employment_centres};
use lastmile::inputs::neighbourhoods::Neighbourhoods;
use lastmile::inputs::origins::{OriginSource, Origins, OriginsFrom};
use lastmile::inputs::places::read_register;
use lastmile::inputs::project::{JobsBand, Project};
use lastmile::inputs::tables::{
    AreaKind, InputTable, PointsWanted, Postcodes, TableError, Vintage, area_columns, read_points,
};

/// The folder of real data, or `None` with a word on stderr.
#[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
fn data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let path = std::env::var_os("LASTMILE_DATA").map_or_else(beside, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no real data at {}; set LASTMILE_DATA", path.display());
    None
}

fn project(root: &Path, toml: &str) -> Project {
    Project::parse(&format!("osm = [\"x\"]\n{toml}"), "p.toml", root).expect(toml)
}

fn neighbourhoods(data: &Path, file: &str) -> Neighbourhoods {
    let project = project(data, &format!("[neighbourhoods]\nfile = \"{file}\"\n"));
    Neighbourhoods::read(&project.neighbourhoods, &mut Findings::new()).expect(file)
}

fn attributes(
    data: &Path,
    zones: &Neighbourhoods,
    table: &str,
) -> Result<AttributeTable, TableError> {
    let toml = format!("[neighbourhoods]\nfile = \"x\"\n[tables.t]\n{table}\n");
    let project = project(data, &toml);
    let origins = Origins::of(&OriginsFrom::default(), zones, &mut Findings::new()).expect("made");
    AttributeTable::read(&project.tables[0], zones, &origins, &mut Findings::new())
}

fn numbers(table: &AttributeTable, column: &str) -> Vec<f64> {
    match &table.column(column).expect(column).values {
        AttributeValues::Numbers(numbers) => numbers.iter().flatten().copied().collect(),
        AttributeValues::Texts(_) => panic!("{column} is no number"),
    }
}

/// Columns that are read of Ofcom's files of local authorities; of 2019 without the third and the
/// fourth.
const OFCOM: [&str; 7] = [
    "All Premises",
    "Number of premises with SFBB availability",
    "Number of premises with UFBB (100Mbit/s) availability",
    "Number of premises with Gigabit availability",
    "Number of premises with UFBB availability",
    "Number of premises below the USO",
    "laua",
];

#[test]
fn a_renamed_column_of_ofcoms_files_is_wanted_by_name() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for file in [
        "ofcom-201909_fixed_laua_coverage_r01.csv",
        "ofcom-202009_fixed_laua_coverage_r01.csv",
        "ofcom-202109_fixed_laua_coverage_r01.csv",
        "ofcom-202209_fixed_laua_coverage_r02.csv",
        "ofcom-202305_fixed_laua_coverage_r02.csv",
    ] {
        let whole = std::fs::read_to_string(data.join("formats").join(file)).expect(file);
        let (header, rows) = whole.split_once('\n').expect("a header");
        let names: Vec<&str> = header.trim_end().split(',').collect();
        for column in OFCOM.iter().filter(|c| names.contains(c)) {
            let renamed: Vec<&str> =
                names.iter().map(|n| if n == column { "renamed" } else { n }).collect();
            let path = folder.path().join("202301_fixed_laua_coverage.csv");
            std::fs::write(&path, format!("{}\n{rows}", renamed.join(","))).expect("written");
            let e = CoverageRelease::read(&[&path], &mut Findings::new())
                .map(|_| ())
                .expect_err(column)
                .to_string();
            assert!(e.contains(column) && e.contains("renamed"), "{file}, {column}: {e}");
        }
        let coverage =
            CoverageRelease::read(&[&data.join("formats").join(file)], &mut Findings::new())
                .expect(file);
        assert_eq!(coverage.areas.len(), rows.lines().count(), "{file}");
        for area in &coverage.areas {
            let v = area.values;
            let premises = area.premises.expect("counted");
            assert!(v.full_fibre.is_some_and(|n| n <= premises), "{file}: {}", area.code);
            assert!(v.superfast >= v.ultrafast && v.superfast.is_some(), "{file}: {}", area.code);
            assert_eq!(v.gigabit.is_some(), !file.contains("2019"), "{file}: {}", area.code);
        }
    }
}

#[test]
fn postcode_directories_tell_places_and_areas_of_every_census() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (file, newest) in [
        ("onspd-2019-05-22", 2011),
        ("onspd-2021-06-25", 2011),
        ("onspd-2024-09-30", 2021),
        ("onspd-2025-09-12", 2021),
    ] {
        let path = data.join("formats").join(file).with_extension("csv");
        let table = InputTable::open(&path).expect(file);
        let areas = area_columns(table.header());
        for kind in [AreaKind::OutputArea, AreaKind::Lsoa, AreaKind::Msoa] {
            let vintages: BTreeSet<u16> = areas
                .iter()
                .filter(|(_, k, _)| *k == kind)
                .filter_map(|(_, _, v)| v.map(|Vintage(y)| y))
                .collect();
            assert_eq!(vintages.last(), Some(&newest), "{file}: {kind:?} {vintages:?}");
            assert!(vintages.contains(&2011), "{file}: {kind:?} {vintages:?}");
        }
        for kind in [AreaKind::Ward, AreaKind::District, AreaKind::WorkplaceZone] {
            assert!(areas.iter().any(|(_, k, _)| *k == kind), "{file}: {kind:?}");
        }
        // By degrees, and (with those renamed) by the grid: the same places.
        let whole = std::fs::read_to_string(&path).expect(file);
        let (header, rows) = whole.split_once('\n').expect("a header");
        let without = |names: &[&str]| {
            let cells = header.trim_end().split(',');
            let kept: Vec<&str> = cells
                .map(|cell| if names.contains(&cell.trim_matches('"')) { "gone" } else { cell })
                .collect();
            let path = folder.path().join("onspd.csv");
            std::fs::write(&path, format!("{}\n{rows}", kept.join(","))).expect("written");
            Postcodes::read(&path, None, &mut Findings::new())
        };
        let by_degrees = Postcodes::read(&path, None, &mut Findings::new()).expect(file);
        if cfg!(feature = "bng") {
            let by_grid = without(&["lat", "long"]).expect(file);
            let (a, b) = (by_degrees.point("AB10AA"), by_grid.point("AB10AA"));
            let (a, b) = (a.expect("known"), b.expect("known"));
            assert!(
                (a.lat() - b.lat()).abs() < 2e-5 && (a.lon() - b.lon()).abs() < 2e-5,
                "{file}: {a:?} {b:?}"
            );
        }
        let e = without(&["lat", "long", "oseast1m", "osnrth1m"])
            .map(|_| ())
            .expect_err(file)
            .to_string();
        assert!(e.contains("no coordinates"), "{file}: {e}");
        let e = without(&["pcd", "pcd2", "pcds", "pcd7", "pcd8"])
            .map(|_| ())
            .expect_err(file)
            .to_string();
        assert!(e.contains("no column for postcode") && e.contains("pcds"), "{file}: {e}");
    }
}

#[test]
fn origins_from_postcodes_and_from_centroids_of_output_areas() {
    let Some(data) = data() else { return };
    let zones = neighbourhoods(&data, "trafford/lsoa_2021_trafford_lsoa_generalised.geojson");
    let path = data.join("trafford/postcodes_trafford_postcodes.csv");
    let from = OriginsFrom { file: Some((&path, None)), ..OriginsFrom::default() };
    let mut findings = Findings::new();
    let origins = Origins::of(&from, &zones, &mut findings).expect("read");
    assert_eq!(origins.points.len(), 11_264);
    assert!(origins.sources.iter().all(|s| *s == OriginSource::Given));
    // The outlines are simplified: postcodes at their edges fall on the other side, or outside.
    assert!(findings.total("origin_outside") < 60, "{}", findings.total("origin_outside"));
    let zones = neighbourhoods(&data, "newport/lsoa21.geojson");
    let mut files = vec![("newport/oa21_pwc.geojson", 511), ("newport/oa_pwc_covered.csv", 380)];
    if cfg!(feature = "bng") {
        files.push(("newport/oa21_pwc_bng.csv", 511));
    }
    for (file, count) in files {
        let path = data.join(file);
        let from = OriginsFrom { file: Some((&path, None)), ..OriginsFrom::default() };
        let origins = Origins::of(&from, &zones, &mut Findings::new()).expect(file);
        let given =
            origins.points.iter().filter(|o| o.id.starts_with("W0") && o.id.len() == 9).count();
        assert!(given >= count, "{file}: {given}");
    }
}

#[test]
fn tables_of_trafford_join_by_code() {
    let Some(data) = data() else { return };
    let zones = neighbourhoods(&data, "trafford/lsoa_2021_trafford_lsoa_generalised.geojson");
    let cars = "trafford/census2021_housing_2021_car_van_availability_lsoa_trafford.csv";
    let e = attributes(&data, &zones, &format!("file = \"{cars}\"")).expect_err("long").to_string();
    assert!(e.contains("E01006109") && e.contains("`pivot`"), "{e}");
    let turned = format!(
        "file = \"{cars}\"\npivot = \"availability_category\"\nvalue = \"value\"\nwhere = {{ measure = \"Count\" }}"
    );
    let cars = attributes(&data, &zones, &turned).expect("139 of 139");
    let none = numbers(&cars, "no_cars_or_vans_in_household");
    // By hand (grep and sum over the file): Trafford 001A has 277 households without a car.
    assert_eq!((none.len(), cars.columns.len()), (139, 4));
    assert!(none.contains(&277.0));
    let join = cars.join.as_ref().expect("by code");
    assert_eq!((join.matched, join.total), (139, 139));
    let wards =
        "file = \"trafford/lookups_2021_lsoa_to_ward_best-fit_lookup.csv\"\ncolumns = [\"wd22nm\"]";
    let wards = attributes(&data, &zones, wards).expect("139 of 139");
    assert!(matches!(wards.columns[0].values, AttributeValues::Texts(_)));
    // Centroids of 2011 against areas of 2021: as few have changed here as may be, and the join
    // says how many.
    let of_2011 = attributes(&data, &zones, "file = \"trafford/gm-lsoa-centroids.csv\"")
        .expect("98 % or more");
    let join = of_2011.join.as_ref().expect("by code");
    assert!(join.matched < join.total && join.total == 139, "{join}");
    let of_2011 = neighbourhoods(&data, "trafford/lsoa11_E08000009.geojson");
    assert!(attributes(&data, &of_2011, "file = \"trafford/gm-lsoa-centroids.csv\"").is_ok());
    for (index, columns) in [("imd2025_subset.csv", 24), ("cni2023_england_lsoa21_subset.csv", 9)] {
        let table = attributes(&data, &zones, &format!("file = \"indices/{index}\"")).expect(index);
        assert_eq!(
            table.columns.len(),
            columns,
            "{index}: {:?}",
            table.columns.iter().map(|c| &c.key).collect::<Vec<_>>()
        );
    }
    let scores = attributes(
        &data,
        &zones,
        "file = \"indices/imd2025_subset.csv\"\ncolumns = [\"Health_score\"]",
    );
    assert!(
        numbers(&scores.expect("joined"), "health_score").iter().any(|n| *n < 0.0),
        "negative scores are scores"
    );
}

/// `area_code` of the output area stands beside `la_code`, which says more of its kind and is the
/// same for all.
#[test]
fn output_areas_are_told_from_the_authority_they_lie_in() {
    let Some(data) = data() else { return };
    let areas = neighbourhoods(&data, "trafford/oa_2021_trafford_oa_generalised.geojson");
    assert_eq!((areas.key_column.as_str(), areas.zones.len()), ("area_code", 738));
}

#[test]
fn indices_of_wales_and_of_wards() {
    let Some(data) = data() else { return };
    let newport = neighbourhoods(&data, "newport/lsoa11.geojson");
    let wimd =
        attributes(&data, &newport, "file = \"indices/wimd-2019-index-and-domain-scores.csv\"")
            .expect("95 of 95");
    assert_eq!(
        wimd.columns.len(),
        9,
        "{:?}",
        wimd.columns.iter().map(|c| &c.key).collect::<Vec<_>>()
    );
    assert_eq!(numbers(&wimd, "WIMD 2019").len(), 95);
    let msoas = neighbourhoods(&data, "newport/msoa11.geojson");
    let cni =
        attributes(&data, &msoas, "file = \"indices/cni2022_wales_msoa11.csv\"").expect("all");
    assert_eq!(numbers(&cni, "Community Needs Index score").len(), msoas.zones.len());
    // Wards of 2025 against an index of 2017: refused, with both sides' codes.
    for file in ["rutland/ward.geojson", "newport/ward.geojson", "trafford/ward_E08000009.geojson"]
    {
        let wards = neighbourhoods(&data, file);
        assert_eq!(wards.vintage, Some(Vintage(2025)), "{file}");
        let e = attributes(&data, &wards, "file = \"indices/cni2019_england_ward17.csv\"")
            .expect_err(file)
            .to_string();
        assert!(e.contains("codes matched") && e.contains("not found:"), "{e}");
    }
}

#[test]
fn registers_are_read_with_what_they_say_of_hours() {
    let Some(data) = data() else { return };
    let postcodes = Postcodes::read(
        &data.join("trafford/postcodes_trafford_postcodes.csv"),
        None,
        &mut Findings::new(),
    )
    .expect("read");
    for (file, least, hours) in [
        ("trafford/food_banks_gm_food_banks.csv", 7, false),
        ("trafford/general_practice_trafford_general_practices.csv", 26, false),
        ("trafford/jobcentre_plus_gm_jobcentreplus.csv", 20, false),
        ("trafford/libraries_gm_libraries.csv", 141, false),
        ("trafford/pharmacies_gm_pharmacies.csv", 40, true),
        ("trafford/schools_and_colleges_trafford_schools_and_colleges.csv", 90, false),
        ("trafford/transport_bus_stops_trafford_bus_stops.csv", 900, false),
        ("newport/supermarkets.csv", 22, false),
    ] {
        let mut findings = Findings::new();
        let places = read_register(&data.join(file), None, Some(&postcodes), None, &mut findings)
            .expect(file);
        assert!(places.len() >= least, "{file}: {}", places.len());
        assert!(places.iter().all(|p| !p.name.is_empty()), "{file}");
        let open = places.iter().filter(|p| p.opening_hours.is_some()).count();
        assert_eq!(open > places.len() / 2, hours, "{file}: {open} of {}", places.len());
    }
}

#[test]
fn jobs_make_employment_centres_of_three_sizes() {
    let Some(data) = data() else { return };
    let zones = neighbourhoods(&data, "trafford/lsoa_2021_trafford_lsoa_generalised.geojson");
    let rows = std::fs::read_to_string(data.join("trafford/gm-wz.csv")).expect("read");
    let counts: Vec<f64> =
        rows.lines().skip(1).filter_map(|l| l.split(',').nth(1)?.parse().ok()).collect();
    for file in ["gm-wz.csv", "gm-jobs.csv"] {
        let project = project(
            &data.join("trafford"),
            &format!("[neighbourhoods]\nfile = \"x\"\n[jobs]\nfile = \"{file}\"\n"),
        );
        let jobs =
            Jobs::read(&project.jobs.expect("given"), &zones, &mut Findings::new()).expect(file);
        for (from, to) in [(100_u32, Some(499_u32)), (500, Some(4999)), (5000, None)] {
            let centres = employment_centres(&jobs, &zones, JobsBand { from, to });
            let by_hand = counts
                .iter()
                .filter(|n| **n >= from.into() && to.is_none_or(|to| **n <= to.into()));
            assert_eq!(centres.len(), by_hand.count(), "{file}: {from}");
        }
    }
}

/// Every table there is stands in one of the tests above or in
/// `tests/integration/inputs/tabular_inputs.rs`: a new file is not forgotten.
#[test]
fn no_table_is_left_out() {
    let Some(data) = data() else { return };
    let tests = concat!(include_str!("real_tables.rs"), include_str!("tabular_inputs.rs"));
    for folder in ["formats", "indices", "newport", "rutland", "trafford"] {
        for entry in std::fs::read_dir(data.join(folder)).expect(folder) {
            let path = entry.expect("listed").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_table = name.ends_with(".csv") || name.ends_with(".geojson");
            let stem = name.trim_end_matches(".csv");
            assert!(
                !is_table || tests.contains(&name) || tests.contains(stem),
                "{folder}/{name} is in no test"
            );
            if name.ends_with(".geojson") && !name.contains("pwc") {
                let zones = neighbourhoods(&data, &format!("{folder}/{name}"));
                assert!(
                    zones.key_column != "FID" && !zones.zones.is_empty(),
                    "{folder}/{name}: {}",
                    zones.key_column
                );
            } else if is_table {
                // Whatever it is, its rows have no cell too many and its points, if it has any, a
                // place.
                let mut findings = Findings::new();
                let read = read_points(
                    &path,
                    &PointsWanted { id_by_area: true, ..PointsWanted::default() },
                    &mut findings,
                );
                assert_eq!(findings.total("too_many_cells"), 0, "{folder}/{name}");
                assert_eq!(findings.total("too_few_cells"), 0, "{folder}/{name}");
                drop(read);
            }
        }
    }
}
