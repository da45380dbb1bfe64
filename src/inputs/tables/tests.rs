use super::*;

fn points_of(text: &str) -> (Result<PointFile, TableError>, Findings) {
    points_with(
        text,
        &PointsWanted { id: &["id"], id_by_area: true, number: Some(PEOPLE), ..Default::default() },
    )
}

const PEOPLE: NumberColumn<'_> =
    NumberColumn { role: "weight", named: None, spellings: &["weight", "population"] };

fn points_with(text: &str, wanted: &PointsWanted<'_>) -> (Result<PointFile, TableError>, Findings) {
    let mut findings = Findings::new();
    let table = InputTable::from_bytes("t.csv", text.as_bytes().to_vec());
    let read = table.and_then(|mut table| points::read_table(&mut table, wanted, &mut findings));
    (read, findings)
}

fn refused(text: &str) -> String {
    points_of(text).0.map(|f| format!("{:?}", f.points)).expect_err("should be refused").to_string()
}

#[test]
fn a_table_is_read_in_any_of_its_dialects() {
    for text in [
        "id,lon,lat,population\n007,-3.5,51.5,12\n",
        "\u{feff}ID, Longitude ,LATITUDE,Population\r\n007,-3.5,51.5,12\r\n",
        "\n\nid;long;lat;population\n007;-3,5;51,5;12\n\n;;;\n",
        "id\tlng\tlat\tweight\n\"007\"\t-3.5\t51.5\t12\n",
        "lat,lon,\"Population\",OA21CD\n51.5,-3.5,\"12\",007\n",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"id\":\"007\",\
         \"population\":12},\"geometry\":{\"type\":\"Point\",\"coordinates\":[-3.5,51.5]}}]}",
    ] {
        let (file, findings) = points_of(text);
        let file = file.expect(text);
        assert_eq!(file.points.len(), 1, "{text}");
        let p = &file.points[0];
        assert_eq!(
            (p.id.as_str(), p.point.lon(), p.point.lat(), p.number),
            ("007", -3.5, 51.5, Some(12.0)),
            "{text}"
        );
        assert!(findings.is_empty(), "{text}: {findings:?}");
    }
}

#[test]
fn numbers_are_read_as_people_write_them_and_suppressed_ones_are_missing() {
    use Decimal::{Comma, Point, Unsaid};
    for (text, decimal, value) in [
        ("1,234", Point, Some(1234.0)),
        ("1,234,567.5", Point, Some(1_234_567.5)),
        ("13%", Point, Some(13.0)),
        ("3,5", Comma, Some(3.5)),
        ("-0.5", Point, Some(-0.5)),
        ("\u{2212}5", Point, Some(-5.0)),
        ("1e3", Point, Some(1000.0)),
        (".5", Point, Some(0.5)),
        ("0", Point, Some(0.0)),
        ("1 200", Point, Some(1200.0)),
        ("1\u{a0}200", Point, Some(1200.0)),
        ("1\u{2009}200", Point, Some(1200.0)),
        ("1\u{202f}200,5", Comma, Some(1200.5)),
        ("1'200", Point, Some(1200.0)),
        ("1\u{2019}200\u{2019}300", Point, Some(1_200_300.0)),
        ("1.300", Comma, Some(1300.0)),
        ("1.300", Point, Some(1.3)),
        ("1.300.000", Unsaid, Some(1_300_000.0)),
        ("1.234,5", Unsaid, Some(1234.5)),
        ("0.300", Unsaid, Some(0.3)),
        ("51.58", Unsaid, Some(51.58)),
        ("12,5", Unsaid, Some(12.5)),
        ("950", Unsaid, Some(950.0)),
        ("<5", Point, None),
        ("< 4", Point, None),
        ("*", Point, None),
        ("..", Point, None),
        ("c", Point, None),
        ("[low]", Point, None),
        ("N/A", Point, None),
        ("#N/A", Point, None),
        ("NaN", Point, None),
        ("-", Point, None),
        ("Insufficient Premises", Point, None),
    ] {
        assert_eq!(parse_number(text, decimal), Ok(value), "{text}");
    }
    let nothing = [
        "3,5",
        "12,34",
        "about 5",
        "inf",
        "infinity",
        ">300",
        "1.2.3",
        "<x",
        "5 6",
        "1 2000",
        "1,200 300",
    ];
    for text in nothing {
        assert_eq!(parse_number(text, Point), Err(NoNumber::Text(text.to_owned())), "{text}");
    }
    let text = "1.300".to_owned();
    let either = NoNumber::Ambiguous { text, decimal: 1.3, thousands: 1300.0 };
    assert_eq!(parse_number("1.300", Unsaid), Err(either));
    assert_eq!(parse_number("1e308", Point), Err(NoNumber::TooLarge("1e308".to_owned())));
    for (text, error) in [
        ("-5", NoNumber::Negative("-5".to_owned())),
        ("1e11", NoNumber::TooLarge("1e11".to_owned())),
        ("12 %", NoNumber::Share("12 %".to_owned())),
    ] {
        assert_eq!(parse_count(text, Point), Err(error));
    }
}

#[test]
fn each_unusable_row_is_a_finding_with_its_line() {
    let (file, findings) = points_of(
        "id,lon,lat,population\na,-3.5,51.5,1\nb,,51.5,1\nc,-3.5,99.999999,1\nd,0,0,1\ne,-200,51,1\nf,west,51,1\n\
         g,-3.5,51.5,<5\nh,-3.5,51.5,-2\ni,-3.5,51.5,1,x\na,-3.5,51.5,1\nj,NaN,51,1\n",
    );
    let file = file.expect("readable");
    let ids: Vec<_> = file.points.iter().map(|p| (p.id.as_str(), p.number)).collect();
    assert_eq!(ids, [("a", Some(1.0)), ("g", None), ("h", None)]);
    let lines = |code: &str| {
        findings.iter().filter(|f| f.code == code).filter_map(|f| f.line).collect::<Vec<_>>()
    };
    assert_eq!(lines("missing_coordinate"), [3, 4, 5, 12]);
    assert_eq!(lines("bad_coordinate"), [7, 6]);
    assert_eq!(lines("bad_number"), [9]);
    assert_eq!(lines("too_many_cells"), [10]);
    assert_eq!(lines("duplicate_id"), [11]);
}

#[test]
fn an_id_of_two_different_rows_is_refused_or_told_apart() {
    let text = "id,lon,lat\na,-3.5,51.5\nb,-3.6,51.5\na,-3.7,51.5\n";
    assert_eq!(
        refused(text),
        "t.csv: id `a` stands for two different rows, lines 2 and 4; give each an id of its own"
    );
    let wanted = PointsWanted { id: &["id"], duplicates: Duplicates::Number, ..Default::default() };
    let (file, findings) = points_with(text, &wanted);
    let ids: Vec<_> = file.expect("readable").points.into_iter().map(|p| p.id).collect();
    assert_eq!(ids, ["a", "b", "a#2"]);
    assert_eq!(findings.total("duplicate_id"), 1);
}

#[test]
fn coordinates_that_cannot_be_what_they_are_called_are_refused_with_advice() {
    assert!(
        refused("id,lon,lat\na,332206,187827\n")
            .contains("hold metres, not degrees (first: 332206, 187827)")
    );
    assert!(refused("id,easting,northing\na,-3.5,51.5\n").contains("hold degrees, not metres"));
    assert!(refused("id,lon,lat\na,51.5,-3.1\nb,51.6,-3.2\n").contains("look exchanged"));
    assert!(refused("id,lon,lat\na,-30.1,-151.2\n").contains("look exchanged"));
    let off_grid = if cfg!(feature = "bng") {
        "outside the British National Grid"
    } else {
        "with the `bng` feature"
    };
    assert!(refused("id,x,y\na,530000,5700000\n").contains(off_grid));
    assert!(refused("id,postcode\na,NP20 1AA\n").contains("name a postcode file"));
    assert!(refused("id,lonn,latt\na,1,2\n").contains("no column for coordinates"));
    assert!(refused("id,lon,lon,lat\na,1,2,3\n").contains("stands in the header twice"));
    let polygon = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\
                   \"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}}]}";
    assert!(refused(polygon).contains("polygons where points are wanted"));
}

#[test]
fn what_is_no_table_is_said_to_be_so() {
    let told = |bytes: &[u8]| {
        InputTable::from_bytes("t", bytes.to_vec()).map(drop).expect_err("refused").to_string()
    };
    assert!(told(b"PK\x03\x04").contains("Excel workbook"));
    assert!(told(b"\xff\xfei\0d\0").contains("UTF-16"));
    assert!(told(b"\x1f\x8b").contains("gzip"));
    assert!(told(b"<!DOCTYPE html>").contains("web page"));
    assert!(told(b"").contains("empty") && told(b"\n\n").contains("empty"));
    assert!(told(b"{\"type\":\"Topology\"}").contains("FeatureCollection is wanted"));
    let none = told(b"{\"type\":\"FeatureCollection\",\"features\":[]}");
    assert!(none.contains("no features"), "{none}");
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_seen() {
    let mut text = "id,lon,lat\na,-3.5,51.5\nb,\"-3.5,51.5\n".to_owned();
    for n in 0..5_000 {
        text.push_str(&format!("c{n},-3.5,51.5,some name\n"));
    }
    assert!(
        refused(&text).contains("line 3: a quotation mark is never closed"),
        "{}",
        refused(&text)
    );
}

#[test]
fn latin_1_is_read() {
    let bytes = b"id,name,lon,lat\na,Caf\xe9,-3.5,51.5\n".to_vec();
    let mut table = InputTable::from_bytes("t.csv", bytes).expect("readable");
    let wanted = PointsWanted { id: &["id"], ..Default::default() };
    let file = points::read_table(&mut table, &wanted, &mut Findings::new()).expect("readable");
    assert_eq!(file.points[0].name, "Café");
}

#[test]
fn column_names_tell_kind_and_year_of_areas() {
    use AreaKind::{District, Lsoa, Msoa, Other, OutputArea, Ward, WorkplaceZone};
    for (name, kind, year) in [
        ("LSOA21CD", Lsoa, Some(2021)),
        ("lsoa11cd", Lsoa, Some(2011)),
        ("lsoa21_code", Lsoa, Some(2021)),
        ("LSOA code (2011)", Lsoa, Some(2011)),
        ("lsoa", Lsoa, None),
        ("lsoa_code", Lsoa, None),
        ("Data_Zone", Lsoa, None),
        ("oa21", OutputArea, Some(2021)),
        ("output_area", OutputArea, None),
        ("MSOA11CD", Msoa, Some(2011)),
        ("msoa11_code", Msoa, Some(2011)),
        ("wz", WorkplaceZone, None),
        ("wz11", WorkplaceZone, Some(2011)),
        ("WD25CD", Ward, Some(2025)),
        ("ward17_code", Ward, Some(2017)),
        ("lad22cd", District, Some(2022)),
        ("laua", District, None),
        ("geography code", Other, None),
        ("mnemonic", Other, None),
    ] {
        assert_eq!(area_column(name), Some((kind, year.map(Vintage))), "{name}");
    }
    for name in
        ["LSOA21NM", "name", "lon", "LADCD_ACTIVE", "population", "oac11", "all_premises", ""]
    {
        assert_eq!(area_column(name), None, "{name}");
    }
}

#[test]
fn a_join_below_98_per_cent_stops_and_shows_both_sides() {
    let report = JoinReport::of(
        "jobs to neighbourhoods",
        ["E01000001", "E01000002"],
        ["E01000001", "E01099999"],
    );
    assert_eq!((report.matched, report.total), (1, 2));
    let mut findings = Findings::new();
    let e =
        report.accept_and_tell(false, "j.csv", &mut findings).expect_err("below 98 %").to_string();
    assert!(
        e.contains(
            "1 of 2 codes matched (50.0 %); not found: E01000002; the other side has: E01000001"
        ),
        "{e}"
    );
    assert!(e.contains("likely of different years"), "{e}");
    assert!(report.accept_and_tell(true, "j.csv", &mut findings).is_ok());
    let codes: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    let all = || codes.iter().map(String::as_str);
    assert!(JoinReport::of("x", all(), all().skip(1)).is_enough(), "49 of 50 is 98 %");
    assert!(!JoinReport::of("x", all(), all().skip(2)).is_enough());
    assert!(!JoinReport::of("x", [], all()).is_enough(), "nothing to match is no match");
}

#[test]
fn a_join_that_stops_says_why_as_far_as_can_be_told() {
    let told = |known: &[&str], findings: &mut Findings| {
        let report =
            JoinReport::of("zones to people (p.csv)", ["E01", "E02"], known.iter().copied());
        report.accept_and_tell(false, "z.csv", findings).expect_err("too few").to_string()
    };
    let none = &mut Findings::new();
    assert!(told(&["e01", "E 02"], none).contains("differ in capitals, blanks or signs"));
    assert!(told(&[], none).contains("no code at all"));
    assert!(told(&["E01", "E09"], none).contains("different years"));
    for (file, ours) in [("p.csv", true), ("z.csv", true), ("other.csv", false)] {
        let mut findings = Findings::new();
        let (severity, outcome) = (Severity::Error, Outcome::Dropped);
        findings.at(
            severity,
            "too_few_cells",
            outcome,
            file,
            3,
            "1 cell under 2 names: row dropped",
        );
        let text = told(&["E01"], &mut findings);
        assert_eq!(text.contains("1 rows of") && text.contains("too_few_cells"), ours, "{text}");
        assert_eq!(text.contains("different years"), !ours, "{text}");
    }
}

#[test]
fn mangled_tables_never_panic() {
    let csv =
        "\u{feff}id,name,lon,lat,population\n1,\"A, b\",-3.5,51.5,\"1,200\"\n2,c,-3.6,51.6,<5\n"
            .as_bytes();
    let json =
        b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"id\":1},\
                 \"geometry\":{\"type\":\"Point\",\"coordinates\":[-3.5,51.5]}}]}";
    for whole in [csv, json.as_slice()] {
        for at in 0..whole.len() {
            for byte in [0, b'"', b',', b'\n', b'[', b'{', b'9', 0xff] {
                let mut bytes = whole.to_vec();
                bytes[at] = byte;
                if let Ok(mut table) = InputTable::from_bytes("t", bytes) {
                    drop(points::read_table(
                        &mut table,
                        &PointsWanted::default(),
                        &mut Findings::new(),
                    ));
                }
            }
            if let Ok(mut table) = InputTable::from_bytes("t", whole[..at].to_vec()) {
                drop(points::read_table(
                    &mut table,
                    &PointsWanted::default(),
                    &mut Findings::new(),
                ));
            }
        }
    }
}

#[test]
fn a_table_is_read_out_of_gzip_and_out_of_a_zip() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    let csv = b"w_geocode,C000\n010010201001000,5\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(csv).expect("written");
    let gzip = gzip.finish().expect("ended");
    let zip = packed::tests::zipped(&[("sub/al_wac.csv", csv), ("notes.txt", b"-")]);
    let two = packed::tests::zipped(&[("a.csv", csv), ("b.csv", csv)]);
    let book = packed::tests::zipped(&[("xl/workbook.xml", b"<a/>")]);
    for (name, bytes) in
        [("t.csv.gz", &gzip), ("t.zip", &zip), ("two.zip", &two), ("b.xlsx", &book)]
    {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    }
    for name in ["t.csv.gz", "t.zip"] {
        let mut table = InputTable::open(&folder.path().join(name)).expect(name);
        let (mut row, mut findings) = (TableRow::default(), Findings::new());
        assert!(table.next(&mut row, &mut findings).expect(name));
        let code = table.header().find("w_geocode").expect("there");
        assert_eq!(
            row.text(code).as_deref(),
            Some("010010201001000"),
            "{name}: the leading zero is kept"
        );
    }
    let e = |name: &str| {
        InputTable::open(&folder.path().join(name)).err().map(|e| e.to_string()).unwrap_or_default()
    };
    assert!(
        e("two.zip").contains("holds 2 tables") && e("two.zip").contains("a.csv"),
        "{}",
        e("two.zip")
    );
    assert!(e("b.xlsx").contains("Excel workbook"), "{}", e("b.xlsx"));
}

#[test]
fn a_row_with_a_cell_too_few_is_dropped_and_never_shifted() {
    let (file, findings) =
        points_of("id,lon,lat,population\na,-3.5,51.5,1\nb,-3.5,51.5\nc,51.5,1\nd,-3.5,51.5,2\n");
    let ids: Vec<_> = file.expect("readable").points.into_iter().map(|p| p.id).collect();
    assert_eq!(ids, ["a", "d"]);
    let told: Vec<_> = findings.iter().map(|f| (f.code, f.line)).collect();
    assert_eq!(told, [("too_few_cells", Some(3)), ("too_few_cells", Some(4))]);
    // Some programs end each row with a delimiter: a row that has a cell too few then has as many
    // as the header.
    let (file, findings) =
        points_of("id,lon,lat,population\na,-3.5,51.5,1,\nb,-3.5,1,\nc,-3.5,51.5,2,\n");
    let ids: Vec<_> = file.expect("readable").points.into_iter().map(|p| p.id).collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!(
        findings.iter().map(|f| (f.code, f.line)).collect::<Vec<_>>(),
        [("too_few_cells", Some(3))]
    );
    assert!(refused("id,lon\na,-3.5,51.5\nb,-3.5,51.5\n").contains("3 cells under 2 column names"));
}

#[test]
fn line_ends_of_old_and_excels_first_line_are_read() {
    for text in [
        "id,lon,lat,population\ra,-3.5,51.5,1\rb,-3.6,51.5\r",
        "sep=;\r\nid;lon;lat;population\r\na;-3,5;51,5;1\r\n",
        "\u{feff}sep=|\nid|lon|lat|population\na|-3.5|51.5|1\n",
    ] {
        let (file, findings) = points_of(text);
        let p = &file.expect(text).points[0];
        assert_eq!((p.id.as_str(), p.point.lon(), p.number), ("a", -3.5, Some(1.0)), "{text:?}");
        assert_eq!(
            findings.total("too_few_cells"),
            u64::from(text.contains('\r') && !text.contains('\n'))
        );
        assert!(findings.iter().all(|f| f.line == Some(3)), "{findings:?}");
    }
}

#[test]
fn a_quotation_mark_in_a_last_column_that_is_never_closed_is_seen() {
    let text = "id,lon,lat,name\na,-3.5,51.5,\"one\nb,-3.6,51.5,two\nc,-3.7,51.5,three\n";
    assert!(
        refused(text).contains("line 2: a quotation mark is never closed"),
        "{}",
        refused(text)
    );
    let whole = "id,lon,lat,name\na,-3.5,51.5,\"one\nand more\"\nb,-3.6,51.5,two\n";
    assert_eq!(points_of(whole).0.expect("closed").points.len(), 2);
}

#[test]
fn a_row_of_a_register_that_says_the_same_again_counts_once() {
    let wanted = PointsWanted { id: &["id"], once: true, ..Default::default() };
    let (file, findings) = points_with(
        "fid,name,lon,lat\n1,Chess,-3.5,51.5\n2,chess ,-3.5,51.5\n3,Choir,-3.5,51.5\n",
        &wanted,
    );
    assert_eq!(file.expect("readable").points.len(), 2);
    let told: Vec<_> = findings.iter().map(|f| (f.code, f.line)).collect();
    assert_eq!(told, [("duplicate_row", Some(3))]);
    // Of two households at one door both count.
    let (file, findings) = points_of("lon,lat,population\n-3.5,51.5,2\n-3.5,51.5,2\n");
    assert_eq!((file.expect("readable").points.len(), findings.total("duplicate_row")), (2, 1));
}

#[test]
fn ids_of_features_and_points_of_several_are_read() {
    let feature = |id: &str, kind: &str, at: &str| {
        format!(
            "{{\"type\":\"Feature\",\"id\":{id},\"properties\":{{}},\"geometry\":{{\"type\":\"{kind}\",\"coordinates\":{at}}}}}"
        )
    };
    let all = [
        feature("\"a\"", "Point", "[-3.5,51.5]"),
        feature("7", "MultiPoint", "[[-3.6,51.5]]"),
        feature("\"c\"", "MultiPoint", "[[-3.7,51.5],[-3.8,51.5]]"),
    ];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","));
    let (file, findings) = points_of(&text);
    let ids: Vec<_> = file.expect("readable").points.into_iter().map(|p| p.id).collect();
    assert_eq!((ids, findings.total("bad_geometry")), (vec!["a".to_owned(), "7".to_owned()], 1));
    let several = PointsWanted { id: &["id"], several: true, ..Default::default() };
    let (file, _) = points_with(&text, &several);
    let points = file.expect("readable").points;
    assert_eq!((points[2].point.lon(), points[2].more[0].lon()), (-3.7, -3.8));
    // A property says more than the number that a program gave the feature.
    let both = text.replace("\"properties\":{}", "\"properties\":{\"urn\":\"x\"}");
    let urn =
        PointsWanted { id: &["id", "urn"], duplicates: Duplicates::Number, ..Default::default() };
    let first = points_with(&both, &urn).0.expect("readable").points.remove(0);
    assert_eq!(first.id, "x");
}

#[test]
#[cfg(feature = "bng")]
fn rows_without_degrees_are_set_by_their_eastings() {
    // NaPTAN: the second has no degrees, the third is on the Irish Grid, the fourth has nothing.
    let text = "ATCOCode,CommonName,GridType,Easting,Northing,Longitude,Latitude\n\
                a,A,UKOS,331170,188120,-2.9957,51.5873\nb,B,UKOS,331170,188120,,\n\
                c,C,IrishOS,338000,374000,,\nd,D,,,,,\n";
    let wanted = PointsWanted { id: &["atco_code", "ATCOCode"], ..Default::default() };
    let (file, findings) = points_with(text, &wanted);
    let points = file.expect("readable").points;
    let near = |n: usize, lon: f64, lat: f64| {
        let p = points[n].point;
        assert!((p.lon() - lon).abs() < 0.001 && (p.lat() - lat).abs() < 0.001, "{p:?}");
    };
    near(1, points[0].point.lon(), points[0].point.lat());
    near(2, -5.8656, 54.5954);
    assert_eq!((points.len(), findings.total("placed_by_grid")), (3, 2));
    assert_eq!(
        findings.iter().find(|f| f.code == "missing_coordinate").and_then(|f| f.line),
        Some(5)
    );
    // The postcode directory has Irish metres for Northern Ireland.
    let postcodes = "pcds,oseast1m,osnrth1m\nBT1 1AA,338000,374000\nNP20 1AA,331170,188120\n";
    let (file, _) = points_with(postcodes, &PointsWanted { id: &["pcds"], ..Default::default() });
    let points = file.expect("readable").points;
    assert!(
        (points[0].point.lat() - 54.5954).abs() < 0.001
            && (points[1].point.lat() - 51.587).abs() < 0.01
    );
}

#[test]
fn thousands_of_a_semicolon_file_are_told_where_nothing_shows_what_they_are() {
    let header = "id;lon;lat;population\n";
    let people = |rows: &str| {
        let (file, findings) = points_of(&format!("{header}{rows}"));
        let numbers: Vec<_> = file.expect("readable").points.iter().map(|p| p.number).collect();
        (numbers, findings.total("bad_number"))
    };
    assert_eq!(people("a;-3.5;51.5;1.300\nb;-3.6;51.5;950\n"), (vec![None, Some(950.0)], 1));
    assert_eq!(people("a;-3,5;51,5;1.300\n"), (vec![Some(1300.0)], 0), "decimals have a comma");
    assert_eq!(people("a;-3.5;51.5;1.300\nb;-3.5;51.6;1.5\n"), (vec![Some(1.3), Some(1.5)], 0));
    assert_eq!(
        people("a;-3.512;51.523;7\n"),
        (vec![Some(7.0)], 0),
        "no place has thousands of degrees"
    );
}
