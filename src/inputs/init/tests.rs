use super::*;
use crate::inputs::project::Project;

const SQUARE: &str = "{\"type\":\"Polygon\",\"coordinates\":[[[0,50],[1,50],[1,51],[0,50]]]}";

fn collection(properties: &str, geometry: &str) -> String {
    format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{properties},\
         \"geometry\":{geometry}}}]}}"
    )
}

#[test]
fn everything_in_a_folder_finds_its_place_and_the_file_is_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("town.osm.pbf", "");
    std::fs::create_dir(folder.path().join("gtfs")).expect("a folder");
    write("gtfs/stop_times.txt", "");
    write("ward.geojson", &collection("{\"WD25CD\":\"W\"}", SQUARE));
    write("lsoa21.geojson", &collection("{\"LSOA21CD\":\"L1\",\"LSOA21NM\":\"Town\"}", SQUARE));
    write("lsoa11.geojson", &collection("{\"LSOA11CD\":\"L1\"}", SQUARE));
    write("oa_pwc.csv", "OA21CD,lon,lat,population\nO1,0.4,50.2,5\n");
    write("libraries.csv", "name,lon,lat\nA,0.5,50.1\n");
    write("gps.csv", "name,postcode\nA,AB1 1AA\n");
    write("onspd.csv", "pcds,oseast1m,osnrth1m,oa21,lsoa21,lat,long\nAB1 1AA,,,O1,L1,50.1,0.5\n");
    write("jobs.csv", "LSOA21CD,jobs\nL1,5\n");
    write("people.csv", "LSOA21CD,population\nL1,5\n");
    write("imd.csv", "lsoa21_code,IMD_decile,IMD_rank,IMD_score\nL1,1,1,50\n");
    write(
        "202501_fixed_oa_coverage_r01.csv",
        "output_area,All Premises,Number of premises with SFBB availability\n",
    );
    write("202501_fixed_pc_coverage_r01_AB.csv", "postcode,SFBB availability (% premises)\n");
    write("notes \"old\"\u{7f}.csv", "a,b\n1,2\n");
    let date = jiff::civil::date(2026, 3, 10);
    let text = Proposal::of(folder.path()).expect("readable").text(Some(date));
    std::fs::write(folder.path().join("lastmile.toml"), &text).expect("written");
    let p = Project::read(&folder.path().join("lastmile.toml"))
        .unwrap_or_else(|e| panic!("{e}\n{text}"));
    let given = |paths: &[crate::inputs::project::ProjectPath]| {
        paths.iter().map(|p| p.given().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (given(&p.osm), given(&p.gtfs)),
        (vec!["town.osm.pbf".to_owned()], vec!["gtfs".to_owned()])
    );
    assert_eq!(p.date, Some(date));
    assert_eq!(p.neighbourhoods.file.given(), "lsoa21.geojson");
    assert_eq!(
        (p.neighbourhoods.id.as_deref(), p.neighbourhoods.name.as_deref()),
        (Some("LSOA21CD"), Some("LSOA21NM"))
    );
    assert_eq!(p.neighbourhoods.population_file.as_ref().map(|f| f.given()), Some("people.csv"));
    assert_eq!(p.neighbourhoods.deprivation_file.as_ref().map(|f| f.given()), Some("imd.csv"));
    let origins = p.origins.as_ref().expect("found");
    assert_eq!(
        (origins.file.given(), origins.weight.as_deref()),
        ("oa_pwc.csv", Some("population"))
    );
    assert_eq!(p.jobs.as_ref().map(|j| j.file.given()), Some("jobs.csv"));
    let broadband = p.broadband.as_ref().expect("found");
    assert_eq!(
        given(&broadband.files),
        ["202501_fixed_oa_coverage_r01.csv"],
        "one layout to a project"
    );
    assert_eq!(broadband.lookup.as_ref().map(|l| l.given()), Some("onspd.csv"));
    assert_eq!(p.postcodes.as_ref().map(|l| l.given()), Some("onspd.csv"));
    let registers: Vec<_> =
        p.categories.iter().filter(|c| !c.files.is_empty()).map(|c| c.name.as_str()).collect();
    assert_eq!(registers, ["library", "gp"]);
    assert!(text.contains("#   \"notes \\\"old\\\"\\u007F.csv\""), "{text}");
}

#[test]
fn what_is_proposed_for_an_empty_folder_is_the_defaults() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = Proposal::of(folder.path()).expect("readable").text(None);
    let e = Project::parse(&text, "f", folder.path())
        .expect_err("streets and neighbourhoods are missing")
        .to_string();
    assert!(e.contains("osm is missing"), "{e}");
    // With the two that are needed, the file says in full what an almost empty one means.
    let text = text
        .replace("# osm =", "osm =")
        .replace("# file = \"neighbourhoods", "file = \"neighbourhoods");
    let proposed = Project::parse(&text, "f", folder.path()).expect("valid");
    let least = "osm = [\"town.osm.pbf\"]\n[neighbourhoods]\nfile = \"neighbourhoods.geojson\"\n";
    assert_eq!(proposed, Project::parse(least, "f", folder.path()).expect("valid"));
}

/// Each example does what it says once its `# ` is taken away, and no kind of change is left out.
#[test]
fn the_examples_of_scenarios_can_be_used_as_they_stand() {
    let folder = tempfile::tempdir().expect("a folder");
    let least = "osm = [\"town.osm.pbf\"]\n[neighbourhoods]\nfile = \"neighbourhoods.geojson\"\n";
    let example = |line: &&str| line.starts_with("#   {");
    let lines = || super::scenarios::EXAMPLES.lines().filter(|line| line.starts_with('#')).skip(1);
    let all: Vec<String> = lines().map(|line| line.trim_start_matches("# ").to_owned()).collect();
    let text = format!("{least}{}\n", all.join("\n"));
    let project = Project::parse(&text, "f", folder.path()).expect("the whole block");
    assert_eq!(project.scenarios.len(), 2);
    let modifications =
        &project.scenarios.iter().find(|one| one.name == "evening").expect("one").modifications;
    assert_eq!(modifications.len(), lines().filter(example).count());
    for kind in crate::inputs::project::scenarios::KINDS {
        assert!(
            lines().any(|line| line.starts_with(&format!("#   {{ {kind} ="))),
            "no example of {kind}"
        );
    }
}

#[test]
fn areas_are_known_by_their_codes_and_the_newest_release_of_coverage_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("lsoa11.geojson", &collection("{\"LSOA11CD\":\"E01000001\"}", SQUARE));
    write("lsoa_2021_town.geojson", &collection("{\"area_code\":\"E01000001\"}", SQUARE));
    write("ward.geojson", &collection("{\"area_code\":\"E05000001\"}", SQUARE));
    let coverage =
        "output_area,All Premises,Number of premises with SFBB availability\nE00000001,5,4\n";
    write("202401_fixed_oa_coverage_r01.csv", coverage);
    write("202501_fixed_oa_coverage_r01.csv", coverage);
    write("oa_lookup.csv", "OA21CD,LSOA21CD\nE00000001,E01000001\n");
    write(
        "ofcom-202305_fixed_laua_coverage_r02.csv",
        "laua,SFBB availability (% premises)\nE06000001,97\n",
    );
    let proposal = Proposal::of(folder.path()).expect("readable");
    let text = proposal.text(None);
    for line in [
        "file = \"lsoa_2021_town.geojson\"",
        "# file = \"ward.geojson\"",
        "files = [\"202501_fixed_oa_coverage_r01.csv\"]",
        "lookup = \"oa_lookup.csv\"",
    ] {
        assert!(
            text.lines().any(|other| other.split("   #").next() == Some(line)),
            "{line}: {text}"
        );
    }
    let why = |file: &str| {
        proposal.left_out().iter().find(|left| left.file == file).map(|left| left.why.clone())
    };
    assert_eq!(
        why("202401_fixed_oa_coverage_r01.csv").as_deref(),
        Some("broadband: an older release")
    );
    assert!(
        why("ofcom-202305_fixed_laua_coverage_r02.csv")
            .is_some_and(|why| why.contains("local authorities"))
    );
    let needed: Vec<bool> = proposal.missing().iter().map(|missing| missing.needed).collect();
    assert_eq!(needed.iter().filter(|needed| **needed).count(), 1, "streets");
}

#[test]
fn what_only_looks_like_people_jobs_or_places_is_left_out() {
    let codes = ["E01000001", "E01000002"];
    let proposed = |name: &str, text: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("written")
        };
        let two = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[\
             {{\"type\":\"Feature\",\"properties\":{{\"LSOA21CD\":\"{}\"}},\"geometry\":{SQUARE}}},\
             {{\"type\":\"Feature\",\"properties\":{{\"LSOA21CD\":\"{}\"}},\"geometry\":{SQUARE}}}]}}",
            codes[0], codes[1]
        );
        write("lsoa21.geojson", &two);
        write(name, text);
        let text = Proposal::of(folder.path()).expect("readable").text(None);
        let line =
            text.lines().find(|line| line.contains(&format!("\"{name}\""))).unwrap_or_default();
        line.split(" = ").next().filter(|_| !line.starts_with('#')).map(str::to_owned)
    };
    let rows = |head: &str, each: &str| {
        let row = |code: &&str| format!("{code},{each}\n");
        format!("{head}\n{}", codes.iter().map(row).collect::<String>())
    };
    let by_code = [
        ("prices.csv", rows("LSOA21CD,LSOA21NM,total", "A,250000"), None),
        ("hh.csv", rows("LSOA21CD,households,total", "700,700"), None),
        ("rates.csv", rows("LSOA21CD,employment_rate,employment", "71,71"), None),
        ("years.csv", rows("LSOA21CD,year,jobs", "2022,5") + "E01000001,2023,6\n", None),
        ("ages.csv", rows("LSOA21CD,age,population", "0,5") + "E01000001,1,6\n", None),
        ("people.csv", rows("LSOA21CD,population", "1500"), Some("population_file")),
        (
            "census.csv",
            rows("LSOA21CD,all_usual_residents,total", "1500,1500"),
            Some("population_file"),
        ),
        ("jobs.csv", rows("LSOA21CD,jobs", "15"), Some("file")),
    ];
    for (name, text, wanted) in by_code {
        assert_eq!(proposed(name, &text).as_deref(), wanted, "{name}");
    }
    let places = [
        ("car_parks.csv", false),
        ("retail-parks.csv", false),
        ("parks.csv", true),
        ("Park and Ride sites.csv", false),
        ("gps_track.csv", false),
        ("gps.csv", true),
        ("gp_practices.csv", true),
        ("community_needs_index.csv", false),
        ("community_centres.csv", true),
        ("closed_libraries.csv", false),
        ("libraries_gm.csv", true),
        ("preschools.csv", false),
        ("schools_and_colleges.csv", true),
        ("publications.csv", false),
        ("places_of_worship.csv", true),
    ];
    for (name, wanted) in places {
        assert_eq!(proposed(name, "name,lon,lat\nA,0.5,50.2\n").is_some(), wanted, "{name}");
    }
    assert_eq!(
        proposed("codes.csv", "postcode,lat,lon\nAB1 1AA,50.2,0.5\n").as_deref(),
        Some("postcodes")
    );
}
