//! Tables as people really write them, joined to the crossroads: numbers in other hands, codes that
//! are none, shapes that lie on each other.

use std::path::{Path, PathBuf};

use super::{Row, copy_of, edit, read, rows, run_words, runs, said};

fn crossroads() -> (tempfile::TempDir, PathBuf) {
    copy_of("crossroads")
}

fn results(folder: &Path) -> (Vec<Row>, Vec<Row>) {
    let out = folder.join("out");
    runs(run_words(&folder.join("lastmile.toml"), &out, &["--force"]), 0);
    (rows(&read(out.join("neighbourhoods.csv"))), rows(&read(out.join("findings.csv"))))
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("written");
}

/// The findings of a file, as code and count.
fn told<'a>(findings: &'a [Row], file: &str) -> Vec<(&'a str, &'a str)> {
    let of = findings.iter().filter(|row| row["file"].ends_with(file));
    of.map(|row| (row["code"].as_str(), row["count"].as_str())).collect()
}

/// Jobs by code, parted by `delimiter`, of which the first number is `number`.
fn jobs(folder: &Path, delimiter: &str, number: &str) {
    let text =
        format!("LSOA21CD;jobs\nE01990901;{number}\nE01990902;20\nE01990903;30\nE01990904;40\n");
    write(folder, "jobs.csv", &text.replace(';', delimiter));
}

#[test]
fn a_point_between_thousands_is_not_read_as_one_before_decimals() {
    let (_keep, folder) = crossroads();
    for delimiter in [",", "\t", "|", ";"] {
        jobs(&folder, delimiter, "1.300");
        let (_, findings) = results(&folder);
        assert!(told(&findings, "jobs.csv").contains(&("bad_number", "1")), "{delimiter:?}");
    }
    jobs(&folder, ",", "1300 [r]");
    let (table, findings) = results(&folder);
    assert!(table.iter().any(|row| row["jobs_transit_am_45min_of_p50"] == "1350"), "{table:?}");
    assert!(told(&findings, "jobs.csv").is_empty(), "{findings:?}");
}

#[test]
fn a_sign_for_nothing_is_no_code() {
    for sign in ["*", "-", "N/A", "..", "NULL", "[x]"] {
        let (_keep, folder) = crossroads();
        edit(&folder.join("oa-lookup.csv"), "E00990902,E01990901", &format!("E00990902,{sign}"));
        jobs(&folder, ",", "10");
        edit(&folder.join("jobs.csv"), "E01990902,20", &format!("{sign},11\nE01990902,20"));
        let (_, findings) = results(&folder);
        assert_eq!(told(&findings, "oa-lookup.csv"), [("blank_code", "1")], "{sign}");
        assert_eq!(told(&findings, "jobs.csv"), [("blank_code", "1")], "{sign}");
    }
    let (_keep, folder) = crossroads();
    edit(&folder.join("oa-lookup.csv"), "E00990902,E01990901", "E00990902,E0199090");
    let (_, findings) = results(&folder);
    assert_eq!(told(&findings, "oa-lookup.csv"), [("bad_code", "1")], "a digit is lost");
}

#[test]
fn a_join_that_rows_were_lost_to_is_not_blamed_on_the_census() {
    let (_keep, folder) = crossroads();
    jobs(&folder, ",", "10");
    edit(&folder.join("jobs.csv"), "E01990903,30", "E01990903");
    let text = said(&runs(run_words(&folder.join("lastmile.toml"), &folder.join("out"), &[]), 2));
    assert!(text.contains("1 rows of") && text.contains("too_few_cells"), "{text}");
    assert!(!text.contains("different years"), "{text}");
    jobs(&folder, ",", "10");
    let lower = String::from_utf8(read(folder.join("jobs.csv"))).expect("text").to_lowercase();
    write(&folder, "jobs.csv", &lower);
    let text = said(&runs(run_words(&folder.join("lastmile.toml"), &folder.join("out"), &[]), 2));
    assert!(text.contains("differ in capitals"), "{text}");
}

#[test]
fn a_column_of_shares_is_no_number_of_jobs() {
    let (_keep, folder) = crossroads();
    write(
        &folder,
        "jobs.csv",
        "LSOA21CD,pct\nE01990901,1\nE01990902,2\nE01990903,3\nE01990904,4\n",
    );
    edit(&folder.join("lastmile.toml"), "count = \"jobs\"\n", "");
    let text = said(&runs(run_words(&folder.join("lastmile.toml"), &folder.join("out"), &[]), 2));
    assert!(text.contains("no column for number of jobs"), "{text}");
    jobs(&folder, ",", "75.5");
    let (_, findings) = results(&folder);
    assert_eq!(told(&findings, "jobs.csv"), [("fractional_jobs", "1")]);
}

#[test]
fn a_neighbourhood_whose_parts_lie_on_each_other_keeps_its_ground_and_its_people() {
    let (_keep, folder) = crossroads();
    let (clean, _) = results(&folder);
    let file = folder.join("neighbourhoods.geojson");
    let whole: serde_json::Value = serde_json::from_slice(&read(&file)).expect("JSON");
    let rings = whole["features"][1]["geometry"]["coordinates"].clone();
    let with = |geometry: serde_json::Value| {
        let mut changed = whole.clone();
        changed["features"][1]["geometry"] = geometry;
        std::fs::write(&file, changed.to_string()).expect("written");
        results(&folder)
    };
    let north =
        |table: &[Row]| (table[1]["origin_source"].clone(), table[1]["library_walk_min"].clone());
    let part =
        |rings: &serde_json::Value| serde_json::json!({"type": "Polygon", "coordinates": rings});
    let shifted: Vec<[f64; 2]> = rings[0]
        .as_array()
        .expect("a ring")
        .iter()
        .map(|p| [p[0].as_f64().expect("x"), p[1].as_f64().expect("y") + 0.0005])
        .collect();
    for geometry in [
        serde_json::json!({"type": "MultiPolygon", "coordinates": [rings, rings]}),
        serde_json::json!({"type": "MultiPolygon", "coordinates": [rings, [shifted]]}),
        serde_json::json!({"type": "GeometryCollection", "geometries": [part(&rings), part(&rings)]}),
    ] {
        let (table, findings) = with(geometry);
        assert_eq!(north(&table), north(&clean));
        assert!(told(&findings, "neighbourhoods.geojson").contains(&("invalid_polygon", "1")));
    }
}

#[test]
fn one_shape_that_cannot_be_read_harms_no_other() {
    let (_keep, folder) = crossroads();
    let file = folder.join("neighbourhoods.geojson");
    let whole: serde_json::Value = serde_json::from_slice(&read(&file)).expect("JSON");
    let extra = |geometry: serde_json::Value| {
        let mut changed = whole.clone();
        let feature = serde_json::json!({
            "type": "Feature",
            "properties": {"LSOA21CD": "E01990999", "LSOA21NM": "X"},
            "geometry": geometry,
        });
        changed["features"].as_array_mut().expect("a list").push(feature);
        std::fs::write(&file, changed.to_string()).expect("written");
        let (table, findings) = results(&folder);
        assert_eq!(table.len(), 4);
        told(&findings, "neighbourhoods.geojson")
            .into_iter()
            .map(|(code, _)| code.to_owned())
            .collect::<Vec<_>>()
    };
    for empty in ["[]", "[[]]", "[[[]]]", "[[[[]]]]", "null"] {
        for kind in ["Polygon", "MultiPolygon", "Point", "MultiPoint"] {
            let coordinates: serde_json::Value = serde_json::from_str(empty).expect("JSON");
            let codes = extra(serde_json::json!({"type": kind, "coordinates": coordinates}));
            assert_eq!(codes, ["no_geometry"], "{kind} {empty}");
        }
    }
    let codes =
        extra(serde_json::json!({"type": "Polygon", "coordinates": [[["0", "52"], ["1", "52"]]]}));
    assert_eq!(codes, ["bad_geometry"]);
}

#[test]
fn a_place_that_stands_in_a_register_twice_is_one_or_told() {
    let (_keep, folder) = crossroads();
    let rule = "osm = [\"amenity=library\"]";
    edit(&folder.join("lastmile.toml"), rule, &format!("{rule}\nfiles = [\"libraries.csv\"]"));
    let register = |rows: &str| write(&folder, "libraries.csv", rows);
    register("name,lon,lat,capacity\nWest,-0.0187,52.0002,20\nWEST ,-0.01870,52.00020,20.0\n");
    let (_, findings) = results(&folder);
    assert!(told(&findings, "libraries.csv").contains(&("duplicate_row", "1")), "{findings:?}");
    register("name,lon,lat,capacity\nWest,-0.0187,52.0002,20\nWest,-0.01871,52.0002,20\n");
    let (_, findings) = results(&folder);
    assert_eq!(told(&findings, "libraries.csv"), [("same_place_twice", "1")]);
    register(
        "name,lon,lat,capacity,status\nWest,-0.0187,52.0002,20,Permanently closed\nA,0,52.0063,1,Open\n",
    );
    let (_, findings) = results(&folder);
    assert_eq!(told(&findings, "libraries.csv"), [("register_closed", "1")]);
}

#[test]
fn a_row_of_coverage_that_stands_twice_counts_once() {
    let (_keep, folder) = crossroads();
    let (clean, _) = results(&folder);
    let file = folder.join("202501_fixed_oa_coverage_r01.csv");
    let text = String::from_utf8(read(&file)).expect("text");
    let last = text.lines().last().expect("a row").to_owned();
    std::fs::write(&file, format!("{text}{last}\n")).expect("written");
    let (table, findings) = results(&folder);
    let superfast = |table: &[Row]| {
        table.iter().map(|row| row["broadband_superfast_pct"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(superfast(&table), superfast(&clean));
    assert_eq!(told(&findings, "coverage_r01.csv"), [("duplicate_id", "1")]);
}

#[test]
fn a_share_is_no_place_in_an_index_and_a_lone_score_below_0_is_told() {
    let (_keep, folder) = crossroads();
    let head = "LSOA21CD,score,rank\n";
    edit(
        &folder.join("lastmile.toml"),
        "[origins]",
        "deprivation_file = \"index.csv\"\n\n[origins]",
    );
    let index = |rows: &str| {
        write(&folder, "index.csv", &format!("{head}{rows}"));
        results(&folder)
    };
    let (table, findings) =
        index("E01990901,75 %,1\nE01990902,3,20%\nE01990903,2,3\nE01990904,1,4\n");
    assert_eq!(
        (table[0]["deprivation_score"].as_str(), table[1]["deprivation_rank"].as_str()),
        ("", "")
    );
    assert!(told(&findings, "index.csv").contains(&("bad_number", "1")));
    let (table, findings) =
        index("E01990901,-7.5,1\nE01990902,3,2\nE01990903,2,3\nE01990904,1,4\n");
    assert_eq!(
        (table[0]["deprivation_score"].as_str(), told(&findings, "index.csv")),
        ("-7.500", vec![("lone_negative", "1")])
    );
    // As in the indices of Townsend and of Carstairs, which are deviations from a mean.
    let (_, findings) = index("E01990901,-7.5,1\nE01990902,-3,2\nE01990903,2,3\nE01990904,1,4\n");
    assert_eq!(told(&findings, "index.csv"), []);
}
