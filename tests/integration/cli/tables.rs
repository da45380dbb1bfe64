//! Tables with one fault each, on the crossroads: what is wrong is told, and no number moves
//! without a word.

use std::path::{Path, PathBuf};

use super::{Row, copy_of, edit, read, rows, run_words, runs, said};

/// The crossroads with further tables, each of which is whole.
fn town() -> (tempfile::TempDir, PathBuf) {
    let (keep, folder) = copy_of("crossroads");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    write("clubs.csv", "name,postcode\nChess,AA1 1AA\nChoir,AA1 1AB\n");
    write("postcodes.csv", "pcds,lat,long\nAA1 1AA,52.0002,0.0218\nAA1 1AB,52.0045,0.0002\n");
    write("cars.csv", "code,no_cars\nE01990901,120\nE01990902,20\nE01990903,30\nE01990904,1\n");
    edit(&folder.join("lastmile.toml"), "seed = 1", "seed = 1\npostcodes = \"postcodes.csv\"");
    let more = "\n[categories.club]\nfiles = [\"clubs.csv\"]\n[tables.cars]\nfile = \"cars.csv\"\ncolumns = [\"no_cars\"]\n";
    let project = folder.join("lastmile.toml");
    let text = String::from_utf8(read(&project)).expect("text");
    std::fs::write(&project, text + more).expect("written");
    (keep, folder)
}

/// The neighbourhoods and the findings of a run.
fn results(folder: &Path) -> (Vec<Row>, Vec<Row>) {
    let out = folder.join("out");
    runs(run_words(&folder.join("lastmile.toml"), &out, &["--force"]), 0);
    (rows(&read(out.join("neighbourhoods.csv"))), rows(&read(out.join("findings.csv"))))
}

/// The findings that a change of a file brings about, as code and line.
fn news(folder: &Path, file: &str, from: &str, to: &str) -> (Vec<Row>, Vec<(String, String)>) {
    let (_, before) = results(folder);
    edit(&folder.join(file), from, to);
    let (table, after) = results(folder);
    let new = after.into_iter().filter(|row| !before.contains(row));
    (table, new.map(|row| (row["code"].clone(), row["line"].clone())).collect())
}

fn told(new: &[(String, String)]) -> Vec<(&str, &str)> {
    new.iter().map(|(code, line)| (code.as_str(), line.as_str())).collect()
}

#[test]
fn a_row_of_ofcoms_that_lacks_a_cell_is_dropped_and_not_shifted() {
    let (_keep, folder) = town();
    // One area in five is then without coverage, which has to be allowed.
    edit(&folder.join("lastmile.toml"), "[broadband]", "[broadband]\nallow_unmatched = true");
    let row = "E00990903,80,80,100.0,100.0,80.0,75.0,";
    let file = "202501_fixed_oa_coverage_r01.csv";
    let (table, new) = news(&folder, file, row, "E00990903,80,80,100.0,100.0,80.0,");
    assert!(told(&new).contains(&("too_few_cells", "4")), "{new:?}");
    assert_eq!(table[1]["broadband_gigabit_pct"], "", "not known, and not 0");
}

#[test]
fn an_area_of_a_lookup_without_a_neighbourhood_is_told() {
    let (_keep, folder) = town();
    let (_, new) = news(&folder, "oa-lookup.csv", "E00990901,E01990901", "E00990901,");
    assert_eq!(told(&new), [("blank_code", "")]);
}

#[test]
fn a_header_of_jobs_alone_is_refused() {
    let (_keep, folder) = town();
    std::fs::write(folder.join("jobs.csv"), "id,lon,lat,jobs\n").expect("written");
    let text = said(&runs(run_words(&folder.join("lastmile.toml"), &folder.join("out"), &[]), 2));
    assert!(text.contains("jobs.csv") && text.contains("which is not 0"), "{text}");
}

#[test]
fn a_blank_between_thousands_does_not_make_a_column_of_texts() {
    let (_keep, folder) = town();
    let (table, new) = news(&folder, "cars.csv", "E01990901,120", "E01990901,1 200");
    assert_eq!(
        (table[0]["cars_no_cars"].as_str(), told(&new)),
        ("1200", vec![("grouped_number", "2")])
    );
    let (table, new) = news(&folder, "cars.csv", "E01990901,1 200", "E01990901,plenty");
    assert_eq!((table[0]["cars_no_cars"].as_str(), told(&new)), ("", vec![("bad_number", "2")]));
    assert_eq!(table[1]["cars_no_cars"], "20");
}

#[test]
fn a_row_that_a_register_has_twice_counts_once() {
    let (_keep, folder) = town();
    let (before, _) = results(&folder);
    let (after, new) = news(&folder, "clubs.csv", "Choir,AA1 1AB", "Choir,AA1 1AB\nchess,aa1 1aa");
    assert_eq!(told(&new), [("duplicate_row", "4")]);
    assert_eq!(before, after, "no number moves");
}

/// A neighbourhood over the western half of North.
const LOFT: &str = "{\"type\":\"Feature\",\"properties\":{\"LSOA21CD\":\"E01990900\",\"LSOA21NM\":\"Loft\",\"population\":40},\
                    \"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[-0.004,52.005],[0.001,52.005],[0.001,52.008],\
                    [-0.004,52.008],[-0.004,52.005]]]}}";

#[test]
fn neighbourhoods_on_each_other_are_told_and_their_order_decides_nothing() {
    let (_keep, folder) = town();
    let file = folder.join("neighbourhoods.geojson");
    edit(&folder.join("lastmile.toml"), "[broadband]", "[broadband]\nallow_unmatched = true");
    edit(
        &folder.join("lastmile.toml"),
        "file = \"cars.csv\"",
        "file = \"cars.csv\"\nallow_unmatched = true",
    );
    edit(&file, "\"features\":[", &format!("\"features\":[\n{LOFT},"));
    let (mut first, findings) = results(&folder);
    let overlap: Vec<&Row> =
        findings.iter().filter(|f| f["code"] == "overlapping_neighbourhoods").collect();
    assert_eq!(overlap.len(), 1);
    let what = &overlap[0]["what"];
    // N2 alone lies in both: the only point of Loft, which has 40 people.
    assert!(
        what.contains("E01990900 and E01990902") && what.contains("40 people (at 1 points)"),
        "{what}"
    );
    edit(&file, &format!("\n{LOFT},"), "");
    edit(&file, "]}}\n]}", &format!("]}}}},\n{LOFT}]}}"));
    let (mut second, _) = results(&folder);
    first.sort_by_key(|row| row["LSOA21CD"].clone());
    second.sort_by_key(|row| row["LSOA21CD"].clone());
    assert_eq!(first, second);
}

#[test]
fn ids_beside_the_properties_of_features_are_those_of_points() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("homes.geojson");
    let text = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"W1\",\"properties\":{},\
                \"geometry\":{\"type\":\"Point\",\"coordinates\":[-0.0174874,52.0001245]}}]}";
    std::fs::write(&path, text).expect("written");
    let fixed = "fixtures/crossroads/";
    let (osm, to) = (format!("{fixed}crossroads.osm.pbf"), format!("{fixed}destinations.csv"));
    let path = path.to_str().expect("a path of text");
    let words =
        ["matrix", "--osm", &osm, "--origins", path, "--destinations", &to, "--modes", "walk"];
    let found = rows(&runs(words, 0).stdout);
    assert!(!found.is_empty() && found.iter().all(|row| row["from_id"] == "W1"), "{found:?}");
}

#[test]
#[cfg(not(feature = "flatgeobuf"))]
fn a_build_without_flatgeobuf_names_the_feature_when_it_is_given_one() {
    let (_keep, folder) = town();
    std::fs::write(folder.join("n.fgb"), b"fgb\x03fgb\x00").expect("written");
    edit(&folder.join("lastmile.toml"), "neighbourhoods.geojson", "n.fgb");
    let text = said(&runs(run_words(&folder.join("lastmile.toml"), &folder.join("out"), &[]), 2));
    assert!(text.contains("n.fgb") && text.contains("`flatgeobuf` feature"), "{text}");
}
