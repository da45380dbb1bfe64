//! The readers of tables and polygons on real British files; skipped aloud where these are not at
//! hand.

use std::path::{Path, PathBuf};

use lastmile::finding::Findings;
#[cfg(feature = "bng")]
use lastmile::geometry::Projection;
#[cfg(feature = "bng")]
use lastmile::ids::Idx;
use lastmile::inputs::broadband::CoverageRelease;
use lastmile::inputs::init::Proposal;
use lastmile::inputs::jobs::{Jobs, JobsPlace};
#[cfg(feature = "bng")]
use lastmile::inputs::neighbourhoods::NeighbourhoodLocator;
use lastmile::inputs::neighbourhoods::{NamedProperties, Neighbourhoods};
#[cfg(feature = "bng")]
use lastmile::inputs::origins::{OriginSource, Origins, OriginsFrom};
use lastmile::inputs::places::read_register;
use lastmile::inputs::project::Project;
#[cfg(feature = "bng")]
use lastmile::inputs::tables::{PointRow, PointsWanted, read_points};
use lastmile::inputs::tables::{Postcodes, Vintage};

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

fn polygons(path: &Path) -> (Neighbourhoods, Findings) {
    let mut findings = Findings::new();
    let bytes = std::fs::read(path).expect("readable");
    let name = path.display().to_string();
    (
        Neighbourhoods::parse(&name, &bytes, &NamedProperties::default(), &mut findings)
            .expect("valid"),
        findings,
    )
}

#[cfg(feature = "bng")]
fn points(path: &Path) -> Vec<PointRow> {
    let wanted = PointsWanted { id_by_area: true, ..PointsWanted::default() };
    read_points(path, &wanted, &mut Findings::new()).expect("readable").points
}

#[test]
fn boundaries_of_newport_rutland_and_trafford() {
    let Some(data) = data() else { return };
    for (file, key, vintage, zones) in [
        ("newport/lsoa21.geojson", "LSOA21CD", Some(2021), 100),
        ("newport/lsoa11.geojson", "LSOA11CD", Some(2011), 95),
        ("newport/ward.geojson", "WD25CD", Some(2025), 21),
        ("rutland/lsoa21.geojson", "LSOA21CD", Some(2021), 26),
        ("rutland/lsoa11.geojson", "LSOA11CD", Some(2011), 23),
        ("trafford/lsoa_2021_trafford_lsoa_generalised.geojson", "area_code", None, 139),
    ] {
        let (n, findings) = polygons(&data.join(file));
        assert_eq!((n.key_column.as_str(), n.vintage), (key, vintage.map(Vintage)), "{file}");
        assert_eq!(n.zones.len(), zones, "{file}");
        assert!(n.zones.iter().all(|z| !z.name.is_empty() && z.name != z.id), "{file}");
        assert_eq!(
            findings.iter().filter(|f| f.code != "invalid_polygon").count(),
            0,
            "{file}: {findings:?}"
        );
    }
}

#[test]
#[cfg(feature = "bng")]
fn the_grid_and_the_degrees_of_511_centroids_agree_within_a_metre() {
    let Some(data) = data() else { return };
    let degrees = points(&data.join("newport/oa21_pwc.geojson"));
    let grid = points(&data.join("newport/oa21_pwc_bng.csv"));
    assert_eq!((degrees.len(), grid.len()), (511, 511));
    let map = Projection::about(degrees[0].point);
    let mut worst = 0.0_f64;
    for (a, b) in degrees.iter().zip(&grid) {
        assert_eq!(a.id, b.id);
        let apart = map.project(a.point).distance(map.project(b.point)).get();
        worst = worst.max(apart);
    }
    assert!(worst < 1.0, "{worst} m");
}

#[test]
#[cfg(feature = "bng")]
fn centroids_of_newport_lie_in_its_neighbourhoods() {
    let Some(data) = data() else { return };
    let (n, _) = polygons(&data.join("newport/lsoa21.geojson"));
    let path = data.join("newport/oa21_pwc_bng.csv");
    let mut findings = Findings::new();
    let from = OriginsFrom { file: Some((&path, None)), ..OriginsFrom::default() };
    let origins = Origins::of(&from, &n, &mut findings).expect("readable");
    assert_eq!(origins.points.len(), 511, "no neighbourhood is without: none was added");
    assert!(origins.sources.iter().all(|s| *s == OriginSource::Given));
    assert_eq!(findings.total("origin_outside"), 0);
    // Without the file, each has one point inside it.
    let origins = Origins::of(&OriginsFrom::default(), &n, &mut Findings::new()).expect("made");
    let locator = NeighbourhoodLocator::new(&n);
    for (zone, origin) in n.zones.indices().zip(origins.points.iter()) {
        assert_eq!(locator.zone_of(origin.point), Some(zone), "{}", origin.id);
        assert_eq!(zone.at(), origin.zone.map_or(usize::MAX, Idx::at));
    }
}

#[test]
fn the_registers_of_trafford() {
    let Some(data) = data() else { return };
    let trafford = data.join("trafford");
    let postcodes_file = trafford.join("postcodes_trafford_postcodes.csv");
    let mut findings = Findings::new();
    let all = Postcodes::read(&postcodes_file, None, &mut findings).expect("readable");
    assert_eq!(all.len(), 11_264);
    let read = |file: &str, capacity: Option<&str>, findings: &mut Findings| {
        read_register(&trafford.join(file), capacity, Some(&all), None, findings).expect("readable")
    };
    assert_eq!(read("libraries_gm_libraries.csv", None, &mut findings).len(), 141);
    assert_eq!(
        read("general_practice_trafford_general_practices.csv", None, &mut findings).len(),
        26
    );
    let schools =
        read("schools_and_colleges_trafford_schools_and_colleges.csv", None, &mut findings);
    assert_eq!((schools[0].id.as_str(), schools[0].capacity), ("106167", Some(160.0)));
    let mut findings = Findings::new();
    let pharmacies = read("pharmacies_gm_pharmacies.csv", None, &mut findings);
    // The register is of Greater Manchester and has postcodes alone; those of Trafford are placed,
    // the others told.
    assert_eq!(
        pharmacies.len() as u64
            + findings.total("missing_coordinate")
            + findings.total("duplicate_id"),
        631
    );
    assert!((40..100).contains(&pharmacies.len()), "{}", pharmacies.len());
}

#[test]
fn jobs_of_greater_manchester() {
    let Some(data) = data() else { return };
    let (n, _) = polygons(&data.join("trafford/lsoa_2021_trafford_lsoa_generalised.geojson"));
    for file in ["gm-wz.csv", "gm-jobs.csv"] {
        let toml =
            format!("osm = [\"x\"]\n[neighbourhoods]\nfile = \"x\"\n[jobs]\nfile = \"{file}\"\n");
        let project = Project::parse(&toml, "t", &data.join("trafford")).expect("valid");
        let input = project.jobs.expect("given");
        let jobs = Jobs::read(&input, &n, &mut Findings::new()).expect("readable");
        assert_eq!((jobs.records.len(), jobs.count_column.as_str()), (2_534, "jobs"), "{file}");
        assert_eq!(jobs.records.iter().map(|r| r.jobs).sum::<f64>(), 1_243_218.0, "{file}");
        assert!(jobs.records.iter().all(|r| matches!(r.place, JobsPlace::Point(_))));
    }
}

#[test]
fn ofcoms_files_of_five_years() {
    let Some(data) = data() else { return };
    for (file, layout) in [
        ("ofcom-201909_fixed_laua_coverage_r01.csv", "local authorities, 2019"),
        ("ofcom-202009_fixed_laua_coverage_r01.csv", "local authorities, 2020–2025"),
        ("ofcom-202109_fixed_laua_coverage_r01.csv", "local authorities, 2020–2025"),
        ("ofcom-202209_fixed_laua_coverage_r02.csv", "local authorities, 2020–2025"),
        ("ofcom-202305_fixed_laua_coverage_r02.csv", "local authorities, 2020–2025"),
    ] {
        let path = data.join("formats").join(file);
        let mut findings = Findings::new();
        let coverage = CoverageRelease::read(&[&path], &mut findings).expect(file);
        assert_eq!(coverage.layout.name, layout, "{file}");
        assert_eq!(coverage.release.as_deref(), file.get(6..12), "{file}");
        assert!(findings.is_empty(), "{file}: {findings:?}");
        if file.contains("201909") {
            // Aberdeen: 117,152 of 125,441 premises have 30 Mbit/s or more, 93.4 %, though a column
            // says 73.3 %.
            let aberdeen = &coverage.areas[0];
            assert_eq!(
                (aberdeen.premises, aberdeen.values.superfast),
                (Some(125_441.0), Some(117_152.0))
            );
            assert_eq!(
                (aberdeen.values.ultrafast, aberdeen.values.ultrafast100),
                (Some(25_163.0), None)
            );
            assert_eq!(
                (aberdeen.values.gigabit, aberdeen.values.below_decent),
                (None, Some(189.0))
            );
        }
    }
}

#[test]
fn postcode_directories_of_four_vintages() {
    let Some(data) = data() else { return };
    for file in ["onspd-2019-05-22", "onspd-2021-06-25", "onspd-2024-09-30", "onspd-2025-09-12"] {
        let mut findings = Findings::new();
        let path = data.join("formats").join(file).with_extension("csv");
        let postcodes = Postcodes::read(&path, None, &mut findings).expect(file);
        let first = postcodes.point("ab10aa").expect(file);
        assert_eq!((first.lat(), first.lon()), (57.101474, -2.242851), "{file}");
        assert_eq!(
            postcodes.len() as u64 + findings.total("missing_coordinate"),
            399,
            "{file}: {findings:?}"
        );
    }
}

#[test]
fn deprivation_of_trafford_and_newport() {
    let Some(data) = data() else { return };
    let read = |neighbourhoods: &str, index: &str| {
        let toml = format!(
            "osm = [\"x\"]\n[neighbourhoods]\nfile = \"{neighbourhoods}\"\ndeprivation_file = \"indices/{index}\"\n"
        );
        let project = Project::parse(&toml, "t", &data).expect("valid");
        Neighbourhoods::read(&project.neighbourhoods, &mut Findings::new())
    };
    let n = read("trafford/lsoa_2021_trafford_lsoa_generalised.geojson", "imd2025_subset.csv")
        .expect("139 of 139");
    let first =
        n.zones.iter().find(|z| z.id == "E01006074").and_then(|z| z.deprivation).expect("known");
    assert_eq!((first.score, first.rank, first.decile), (Some(19.729), Some(14_918), Some(5)));
    let n =
        read("newport/lsoa11.geojson", "wimd-2019-index-and-domain-scores.csv").expect("95 of 95");
    assert!(
        n.zones
            .iter()
            .all(|z| z.deprivation.is_some_and(|d| d.score.is_some() && d.rank.is_none()))
    );
    // WIMD 2019 is of 2011: with areas of 2021 some codes are not known, and the run must stop.
    let e = read("newport/lsoa21.geojson", "wimd-2019-index-and-domain-scores.csv")
        .expect_err("two vintages")
        .to_string();
    assert!(e.contains("of 100 codes matched"), "{e}");
}

#[test]
fn a_project_is_proposed_for_each_folder_of_real_data() {
    let Some(data) = data() else { return };
    for folder in ["newport", "rutland", "trafford", "porto-alegre"] {
        let dir = data.join(folder);
        let text = Proposal::of(&dir).expect("readable").text(None);
        match (folder, Project::parse(&text, "lastmile.toml", &dir)) {
            ("newport", Ok(p)) => {
                assert_eq!(
                    (p.neighbourhoods.file.given(), p.gtfs.len()),
                    ("lsoa21.geojson", 3),
                    "{text}"
                );
                assert!(p.origins.is_some_and(|o| o.file.given().starts_with("oa")), "{text}");
            }
            // Two editions of one area: together they would be streets of two years.
            ("rutland", Ok(p)) => {
                assert_eq!(
                    (p.osm.len(), p.osm[0].given(), p.gtfs.len()),
                    (1, "rutland-2022.osm.pbf", 0),
                    "{text}"
                );
            }
            ("trafford", Err(e)) => {
                assert!(e.to_string().contains("osm is missing"), "{e}\n{text}")
            }
            ("porto-alegre", Err(e)) => {
                assert!(e.to_string().contains("neighbourhoods.file is missing"), "{e}\n{text}")
            }
            (_, other) => panic!("{folder}: {other:?}\n{text}"),
        }
    }
}

/// All folders in one: what does not belong to the study that is proposed is left out, each with a
/// reason.
#[test]
#[cfg(unix)]
fn of_a_folder_of_everything_only_what_belongs_together_is_proposed() {
    let Some(data) = data() else { return };
    let all = tempfile::tempdir().expect("a folder");
    for folder in ["newport", "rutland", "trafford", "indices", "formats"] {
        for entry in std::fs::read_dir(data.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            std::os::unix::fs::symlink(&path, all.path().join(format!("{folder}-{name}")))
                .expect("linked");
        }
    }
    let proposal = Proposal::of(all.path()).expect("readable");
    let text = proposal.text(None);
    let project = Project::parse(&text, "lastmile.toml", all.path()).expect("valid");
    assert_eq!(project.neighbourhoods.file.given(), "newport-lsoa21.geojson");
    assert_eq!(
        project.osm.iter().map(|path| path.given()).collect::<Vec<_>>(),
        ["newport-newport-2023-06-13.osm.pbf"]
    );
    assert_eq!(
        project.origins.as_ref().map(|o| o.file.given()),
        Some("newport-oa21_pwc.geojson"),
        "all 511 of them"
    );
    assert!(
        project.jobs.is_none() && project.broadband.is_none() && project.postcodes.is_none(),
        "{text}"
    );
    assert!(project.neighbourhoods.deprivation_file.is_none(), "the Welsh index is of 2011");
    let files = project.categories.iter().flat_map(|category| &category.files);
    assert_eq!(files.map(|path| path.given()).collect::<Vec<_>>(), ["newport-supermarkets.csv"]);
    for (file, why) in [
        ("indices-wimd-2019-index-and-domain-scores.csv", "only 90 of the 100"),
        ("indices-cni2019_england_ward17.csv", "no lookup"),
        ("formats-ofcom-202305_fixed_laua_coverage_r02.csv", "local authorities"),
        ("trafford-gm-jobs.csv", "none near"),
        ("rutland-rutland-2022.osm.pbf", "far from"),
        ("trafford-libraries_gm_libraries.csv", "none of its 141"),
    ] {
        let left = proposal.left_out().iter().find(|left| left.file == file);
        assert!(left.is_some_and(|left| left.why.contains(why)), "{file}: {left:?}");
    }
}
