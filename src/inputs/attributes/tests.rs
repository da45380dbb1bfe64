use std::path::Path;

use super::*;
use crate::inputs::neighbourhoods::NamedProperties;
use crate::inputs::origins::OriginsFrom;
use crate::inputs::project::Project;

/// Three neighbourhoods side by side, each a degree wide.
fn zones() -> Neighbourhoods {
    let feature = |(x, id): (i32, &str)| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"LSOA21CD\":\"{id}\"}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[{x},50],[{},50],[{},51],[{x},51],[{x},50]]]}}}}",
            x + 1,
            x + 1
        )
    };
    let all: Vec<_> = (0..).zip(["E01", "E02", "E03"]).map(feature).collect();
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","));
    Neighbourhoods::parse("n", text.as_bytes(), &NamedProperties::default(), &mut Findings::new())
        .expect("valid")
}

fn read(file: &str, text: &str, keys: &str) -> (Result<AttributeTable, TableError>, Findings) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(file), text).expect("written");
    read_in(folder.path(), file, keys)
}

fn read_in(
    folder: &Path,
    file: &str,
    keys: &str,
) -> (Result<AttributeTable, TableError>, Findings) {
    let toml = format!(
        "osm = [\"x\"]\n[neighbourhoods]\nfile = \"x\"\n[tables.facts]\nfile = \"{file}\"\n{keys}\n"
    );
    let project = Project::parse(&toml, "p", folder).expect("valid");
    let (zones, mut findings) = (zones(), Findings::new());
    let origins = Origins::of(&OriginsFrom::default(), &zones, &mut Findings::new()).expect("made");
    (AttributeTable::read(&project.tables[0], &zones, &origins, &mut findings), findings)
}

fn numbers(table: &AttributeTable, column: &str) -> Vec<Option<f64>> {
    let column = table.column(column).expect(column);
    (0..3).map(|n| column.number(crate::ids::Idx::new(n))).collect()
}

#[test]
fn a_wide_table_gives_its_facts_and_not_its_names() {
    let csv = "\u{feff}LSOA code (2021),LSOA name (2021),No cars %,Rural?,Score\nE01,A,12.5 %,yes,*\nE02,B,<4,no,-\nE03,C,\"1,020\",,7\n";
    let (table, _) = read("t.csv", csv, "");
    let table = table.expect("joined");
    let keys: Vec<_> = table.columns.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["no_cars_pct", "rural", "score"]);
    assert_eq!(numbers(&table, "No cars %"), [Some(12.5), None, Some(1020.0)]);
    assert_eq!(numbers(&table, "score"), [None, None, Some(7.0)]);
    let rural = table.column("rural").expect("there");
    assert_eq!(
        [0, 1, 2].map(|n| rural.text(crate::ids::Idx::new(n))),
        [Some("yes".into()), Some("no".into()), None]
    );
}

#[test]
fn a_cell_that_is_none_does_not_make_a_column_of_texts() {
    for (cell, value) in [
        ("1 200", Some(1200.0)),
        ("\"1,200\"", Some(1200.0)),
        ("1\u{a0}200", Some(1200.0)),
        ("many", None),
    ] {
        let csv = format!("LSOA21CD,cars\nE01,{cell}\nE02,20\nE03,30\n");
        let (table, findings) = read("t.csv", &csv, "");
        assert_eq!(
            numbers(&table.expect("joined"), "cars"),
            [value, Some(20.0), Some(30.0)],
            "{cell}"
        );
        let told: Vec<_> = findings.iter().map(|f| (f.code, f.line)).collect();
        let wanted = if value.is_none() { "bad_number" } else { "grouped_number" };
        assert_eq!(told, [(wanted, Some(2))], "{cell}");
    }
    let (table, findings) = read("t.csv", "LSOA21CD,cars\nE01,-5\nE02,20\nE03,30\n", "");
    assert_eq!(numbers(&table.expect("joined"), "cars"), [Some(-5.0), Some(20.0), Some(30.0)]);
    assert_eq!(findings.total("lone_negative"), 1);
    let (table, findings) = read("t.csv", "LSOA21CD,share\nE01,0.4\nE02,40 %\nE03,*\n,0.9\n", "");
    assert_eq!(numbers(&table.expect("joined"), "share"), [Some(0.4), None, None]);
    let total = |code: &str| findings.total(code);
    assert_eq!((total("bad_number"), total("no_value"), total("blank_code")), (1, 1, 1));
    let (table, _) = read("t.csv", "LSOA21CD;share\nE01;12,5\nE02;1.300\nE03;7\n", "");
    assert_eq!(numbers(&table.expect("joined"), "share"), [Some(12.5), Some(1300.0), Some(7.0)]);
}

#[test]
fn of_polygons_on_each_other_the_smallest_holds_whatever_their_order() {
    let square = |side: f64, value: u8| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"speed\":{value}}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[-9,49],[{side},49],[{side},52],[-9,52],[-9,49]]]}}}}"
        )
    };
    let mut layer = [square(9.0, 1), square(1.0, 2), square(2.0, 3), square(2.0, 4)];
    for _ in 0..2 {
        let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", layer.join(","));
        let (table, findings) = read("l.geojson", &text, "by_place = true");
        // E01 lies on all four, E02 on two that are alike and a larger one, E03 on one.
        assert_eq!(numbers(&table.expect("joined"), "speed"), [Some(2.0), None, Some(1.0)]);
        assert_eq!(findings.total("overlapping_polygons"), 2);
        layer.reverse();
    }
}

#[test]
fn a_long_table_is_turned() {
    let csv = "area_code,availability,measure,value\nE01,none,Count,3\nE01,one,Count,4\nE01,none,Share,30\n\
               E02,none,Count,5\nE03,one,Count,6\n";
    let keys = "where = { measure = \"Count\" }\npivot = \"availability\"\nvalue = \"value\"";
    let (table, _) = read("t.csv", csv, keys);
    let table = table.expect("joined");
    assert_eq!(numbers(&table, "none"), [Some(3.0), Some(5.0), None]);
    assert_eq!(numbers(&table, "one"), [Some(4.0), None, Some(6.0)]);
    let e = read("t.csv", csv, "").0.expect_err("long").to_string();
    assert!(e.contains("lines 2 and 3") && e.contains("`pivot`"), "{e}");
    let e = read("t.csv", csv, "pivot = \"availability\"\nvalue = \"value\"")
        .0
        .expect_err("two measures")
        .to_string();
    assert!(e.contains("`where`") && e.contains("lines 2 and 4"), "{e}");
    let e = read("t.csv", csv, "columns = [\"valeu\"]").0.expect_err("a slip").to_string();
    assert!(e.contains("did you mean `value`?"), "{e}");
}

#[test]
fn codes_of_another_vintage_stop_it() {
    let csv = "LSOA11CD,score\nE01,1\nE02,2\nE99,3\n";
    let e = read("t.csv", csv, "").0.expect_err("two of three").to_string();
    assert!(e.contains("2 of 3 codes matched") && e.contains("tables.facts"), "{e}");
    let (table, findings) = read("t.csv", csv, "allow_unmatched = true");
    assert_eq!(numbers(&table.expect("allowed"), "score"), [Some(1.0), Some(2.0), None]);
    assert_eq!(findings.total("unmatched_code"), 1);
}

#[test]
fn a_layer_joined_by_place_gives_the_mean_over_people() {
    let square = |x: f64, speed: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"speed\":{speed},\"name\":\"x\"}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[{x},49],[{},49],[{},52],[{x},52],[{x},49]]]}}}}",
            x + 1.2,
            x + 1.2
        )
    };
    // The first covers the middle of E01, the second that of E02 without a number; E03 is off the
    // layer.
    let text = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}",
        square(-0.2, "40"),
        square(1.0, "null")
    );
    let (table, findings) = read("l.geojson", &text, "by_place = true");
    let table = table.expect("joined");
    assert_eq!(table.columns.len(), 1);
    assert_eq!(numbers(&table, "speed"), [Some(40.0), None, None]);
    assert_eq!(findings.total("attribute_off_layer"), 1);
    let e = read("l.geojson", &text, "by_place = true\ncolumns = [\"sped\"]")
        .0
        .expect_err("a slip")
        .to_string();
    assert!(e.contains("did you mean `speed`?"), "{e}");
}

#[test]
fn ooklas_tiles_are_found_by_their_quadkeys() {
    // 0.5° E 50.5° N, the middle of E01, at level 1 is in tile 1; at level 3, (4, 2): 1, 2, 0.
    let (table, _) =
        read("o.csv", "quadkey,avg_d_kbps,tests\n120,50000,7\n121,1,1\n", "by_place = true");
    assert_eq!(
        numbers(&table.expect("joined"), "avg_d_kbps"),
        [Some(50_000.0), Some(50_000.0), Some(50_000.0)]
    );
    let e = read("o.csv", "quadkey,avg_d_kbps\n0120,5\n121,1\n", "by_place = true")
        .0
        .expect_err("lost")
        .to_string();
    assert!(e.contains("leading 0"), "{e}");
}

fn groups(csv: &str) -> Result<Vec<Option<String>>, TableError> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("g.csv"), csv).expect("written");
    let toml = "osm = [\"x\"]\n[neighbourhoods]\nfile = \"x\"\n[groups.band]\nfile = \"g.csv\"\ncolumn = \"band\"\n";
    let project = Project::parse(toml, "p", folder.path()).expect("valid");
    let read = read_groups(&project.groups[0], &zones(), &mut Findings::new())?;
    let (groups, join) = read.expect("from a table");
    assert!(join.what.contains("groups.band"), "{}", join.what);
    Ok(groups.iter().cloned().collect())
}

#[test]
fn a_group_is_read_as_it_is_written() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        groups("LSOA21CD,band,x\nE01,01,a\nE02,1,b\nE03,,c\n").expect("joined"),
        [some("01"), some("1"), None]
    );
    // A lookup from smaller areas has a row for each of them.
    let lookup = "OA21CD,LSOA21CD,band\nE00a,E01,A\nE00b,E01,A\nE00c,E02,B\nE00d,E03,B\n";
    assert_eq!(groups(lookup).expect("joined"), [some("A"), some("B"), some("B")]);
    let e =
        groups(&lookup.replace("E00b,E01,A", "E00b,E01,C")).expect_err("two groups").to_string();
    assert!(e.contains("lines 2 and 3 are both of E01"), "{e}");
    let e = groups("LSOA11CD,band\nE01,1\nE98,2\nE99,3\n").expect_err("one of three").to_string();
    assert!(e.contains("1 of 3 codes matched") && e.contains("groups.band"), "{e}");
}
