use geo::{MultiPolygon, polygon};
use serde_json::json;

use super::*;
use crate::finding::{Outcome, Severity};
use crate::geometry::LonLat;
use crate::outputs::folder::OutputFolder;
use crate::outputs::manifest::{Input, ManifestWindow, TableJoin};
use crate::outputs::qgis::areas;
use crate::outputs::{geojson, tables};
use crate::results::groups::GroupComparisons;
use crate::results::table::{Absence, Field, NeighbourhoodRow, Value as Cell};

const HOSTILE: &str = "<script>alert(1)</script>\u{1b}[31m\u{202e}\"&=cmd()";

fn field(
    name: &str,
    unit: &'static str,
    meaning: &str,
    window: Option<&str>,
    decimals: u8,
) -> Field {
    let window = window.map(String::from);
    Field {
        name: name.into(),
        unit,
        meaning: meaning.into(),
        window,
        source: "streets, timetable".into(),
        decimals,
        absence: if unit == "min" { Absence::Unreached } else { Absence::Unknown },
    }
}

fn fields() -> Vec<Field> {
    vec![
        field("id", "", "the area's code", None, 0),
        field("name", "", "the area's name", None, 0),
        field("population", "people", "people who live there", None, 0),
        field("library_walk_min", "min", "Minutes on foot to the nearest library", None, 1),
        field(
            "gp_transit_am_p50_min",
            "min",
            "Minutes to the nearest GP by bus or on foot",
            Some("am"),
            1,
        ),
        field(
            "jobs_transit_am_45min_of_p50",
            "jobs",
            "Jobs within 45 minutes by bus or on foot",
            Some("am"),
            0,
        ),
        field(
            "gp_transit_sunday_p50_min",
            "min",
            "Minutes to the nearest GP by bus or on foot",
            Some("sunday"),
            1,
        ),
        field("broadband_superfast_pct", "%", "Premises with superfast broadband", None, 1),
        field("edge_affected", "", "whether the cut-off radius leaves the extract", None, 0),
    ]
}

/// Hexagons about a town: the farther out, the longer it takes.
fn rows() -> Vec<NeighbourhoodRow> {
    let mut rows = Vec::new();
    for line in -7_i32..=7 {
        for place in -8_i32..=8 {
            let x = f64::from(place) + f64::from(line.rem_euclid(2)) / 2.0;
            let y = f64::from(line) * 0.866;
            let far = x.hypot(y) + (x * 1.7).sin() + (y * 1.3).cos();
            if x.hypot(y * 1.1) > 8.1 {
                continue;
            }
            let n = rows.len();
            let name = if n == 3 {
                HOSTILE.into()
            } else {
                format!("Area {n}, by the {}", ["mill", "church", "bridge"][n % 3])
            };
            let minutes = |slope: f64, last: f64| {
                if far > last {
                    Cell::Missing
                } else {
                    Cell::number((far.max(0.3) * slope * 10.0).round() / 10.0)
                }
            };
            let values = vec![
                Cell::Text(format!("W{n:07}")),
                Cell::Text(name),
                Cell::Integer(1500 - i64::from(line) * 20),
                minutes(11.0, 7.5),
                minutes(8.0, 8.4),
                Cell::number((9000.0 / (far.max(0.0) + 1.0)).round()),
                minutes(10.0, 4.0),
                Cell::number((100.0 - 9.0 * far).clamp(0.0, 100.0)),
                Cell::Flag(x.hypot(y) > 7.0),
            ];
            rows.push(NeighbourhoodRow { values, polygon: hexagon(x, y) });
        }
    }
    rows
}

fn hexagon(x: f64, y: f64) -> MultiPolygon<f64> {
    let at =
        |dx: f64, dy: f64| geo::Coord { x: -3.0 + (x + dx) * 0.008, y: 51.58 + (y + dy) * 0.005 };
    let ring =
        [(0.0, 0.577), (-0.5, 0.289), (-0.5, -0.289), (0.0, -0.577), (0.5, -0.289), (0.5, 0.289)];
    MultiPolygon(vec![geo::Polygon::new(ring.map(|(dx, dy)| at(dx, dy)).to_vec().into(), vec![])])
}

fn manifest() -> Manifest {
    let mut manifest =
        Manifest::new(json!({"max_walk_min": 30, "walk_speed_kmh": 4.8, "note": HOSTILE}));
    for (name, date, from, to, why) in [
        ("am", "2024-03-05", "07:00", "09:00", "the ordinary Tuesday nearest the project's date"),
        (
            "sunday",
            "2024-03-10",
            "10:00",
            "12:00",
            "the ordinary Sunday nearest the project's date",
        ),
    ] {
        let [name, date, from, to, why] = [name, date, from, to, why].map(String::from);
        manifest.windows.push(ManifestWindow { name, date, why, from, to, departures: 120 });
    }
    manifest.seed = 7;
    manifest.network =
        [("stops".into(), 1432), ("trips".into(), 5426), ("edges".into(), 40_210)].into();
    manifest.counts = [("origins snapped".into(), 380), ("origins unsnapped".into(), 131)].into();
    manifest.joins.push(TableJoin { what: "jobs".into(), rows: 511, matched: 509, without: 2 });
    manifest.warnings = vec![
        "62 neighbourhoods stand at the edge of the street data (`edge_affected`): their times may be too long".into(),
        "No service at all on Sundays in the feed buses.zip: times of the window sunday are walks".into(),
        "2 of 511 codes of jobs.csv are no neighbourhood's".into(),
    ];
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned();
    let details = [("feed_version".to_owned(), json!("20240305"))].into();
    manifest.inputs.push(Input {
        role: "gtfs".into(),
        file: "buses.zip".into(),
        bytes: 5_511_204,
        sha256,
        details,
    });
    manifest
}

fn findings() -> Findings {
    let mut findings = Findings::new();
    let (file, what) =
        ("buses.zip/stop_times.txt", format!("stop_id `{HOSTILE}` is not in stops.txt"));
    findings.at(Severity::Error, "foreign_key_violation", Outcome::Dropped, file, 7, what);
    findings.count(
        Severity::Warning,
        "stop_without_location",
        Outcome::Dropped,
        "buses.zip/stops.txt",
        12,
        "no position",
    );
    findings
}

fn page_of(table: &NeighbourhoodTable) -> String {
    let figure = |figure: &str, says: &str, window: Option<&str>| KeyFigure {
        figure: figure.into(),
        says: says.into(),
        window: window.map(String::from),
    };
    let key_figures = [
        figure("38 %", "of people live more than 30 minutes' walk from a library", None),
        figure(
            "24 min",
            "is the median time to a GP by bus or on foot",
            Some("am, Tuesday 5 March 2024"),
        ),
        figure("61,300", "people cannot reach a GP within an hour on a Sunday", Some("sunday")),
    ];
    let maps: Vec<String> = table.fields[3..8].iter().map(|field| field.name.clone()).collect();
    let extremes = [
        ExtremeNeighbourhoods { field: "gp_transit_am_p50_min".into(), end: ListEnd::Highest },
        ExtremeNeighbourhoods { field: "gp_transit_sunday_p50_min".into(), end: ListEnd::Highest },
        ExtremeNeighbourhoods {
            field: "jobs_transit_am_45min_of_p50".into(),
            end: ListEnd::Lowest,
        },
    ];
    let report = Report {
        title: "Access in Casnewydd & around",
        table,
        manifest: &manifest(),
        findings: &findings(),
        key_figures: &key_figures,
        maps: &maps,
        extremes: &extremes,
        compared: &GroupComparisons::default(),
        streets: &streets(),
        curves: &[],
        days: &days(),
    };
    let mut bytes = Vec::new();
    write_report(&mut bytes, &report).expect("writes to memory");
    String::from_utf8(bytes).expect("is UTF-8")
}

fn streets() -> MapStreets {
    let at = |lon, lat| LonLat::new(lon, lat).expect("on the globe");
    let courses =
        vec![vec![at(-3.02, 51.58), at(-2.98, 51.58)], vec![at(-3.0, 51.57), at(-3.0, 51.59)]];
    MapStreets::new(courses)
}

fn days() -> Vec<ServiceDay> {
    let hours = |n: u32| (0..24).map(|hour| if hour < 18 { n + hour } else { 0 }).collect();
    vec![ServiceDay {
        day: format!("Tuesday {HOSTILE}"),
        hours: hours(20),
        before: Some(hours(25)),
    }]
}

fn table() -> NeighbourhoodTable {
    NeighbourhoodTable { fields: fields(), rows: rows() }
}

#[test]
fn a_hostile_name_is_only_text() {
    let page = page_of(&table());
    // One script, which is ours to the byte.
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (1, 1));
    assert!(page.contains(&format!("<script>{SCRIPT}</script>")));
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    let shown = "&lt;script&gt;alert(1)&lt;&#x2f;script&gt;\u{fffd}[31m\u{fffd}&quot;&amp;=cmd()";
    assert!(page.contains(shown), "the name is shown as it was written");
}

#[test]
fn the_page_needs_nothing_and_allows_nothing() {
    let page = page_of(&table());
    for forbidden in ["http:", "https:", "src=", "style=", " on", "javascript"] {
        let found = page
            .match_indices(forbidden)
            .find(|(at, _)| forbidden != " on" || page[*at..].starts_with(" onload"));
        assert_eq!(found, None);
    }
    let style = page
        .split("<style>")
        .nth(1)
        .and_then(|rest| rest.split("</style>").next())
        .expect("has a style");
    assert!(
        page.contains(&format!("style-src 'sha256-{}'", base64(&Sha256::digest(style.as_bytes()))))
    );
    let script = page
        .split("<script>")
        .nth(1)
        .and_then(|rest| rest.split("</script>").next())
        .expect("has a script");
    assert!(
        page.contains(&format!(
            "script-src 'sha256-{}';",
            base64(&Sha256::digest(script.as_bytes()))
        ))
    );
    assert_eq!(page, page_of(&table()), "equal inputs give equal bytes");
}

#[test]
fn base64_is_that_of_the_standard() {
    // RFC 4648, section 10.
    for (bytes, text) in
        [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
    {
        assert_eq!(base64(bytes.as_bytes()), text);
    }
}

#[test]
fn warnings_stand_before_every_figure() {
    let page = page_of(&table());
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not on the page"));
    assert!(at("No service at all on Sundays") < at("38 %"));
    assert!(at("the ordinary Tuesday nearest") < at("38 %") && at("38 %") < at("<figure"));
}

#[test]
fn what_is_unreachable_is_hatched_listed_and_no_number() {
    let square =
        MultiPolygon(vec![polygon![(x: -3.0, y: 51.0), (x: -2.9, y: 51.0), (x: -2.9, y: 51.1)]]);
    let row = |id: &str, minutes| {
        let mut values = vec![Cell::Text(id.into()), Cell::Missing, Cell::Missing];
        values.extend([
            minutes,
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            Cell::Flag(false),
        ]);
        NeighbourhoodRow { values, polygon: square.clone() }
    };
    let rows = vec![
        row("near", Cell::Number(5.0)),
        row("nowhere", Cell::Missing),
        row("far", Cell::Number(70.25)),
    ];
    let table = NeighbourhoodTable { fields: fields(), rows };
    let page = page_of(&table);
    assert!(page.contains("<use href=\"#n1\"><title>nowhere: not reached</title></use>"));
    assert!(page.contains("<use href=\"#n0\"><title>near: 5.0 min</title></use>"));
    let hatched =
        page.split("<g fill=\"url(#hatch)\">").nth(1).and_then(|rest| rest.split("</g>").next());
    assert!(hatched.is_some_and(|group| group.contains("#n1") && !group.contains("#n0")));
    assert!(page.contains("<b>3: not reached</b>: near; nowhere; far"));
}

#[test]
fn the_ten_farthest_are_sorted_and_the_unreachable_named() {
    let page = page_of(&table());
    let list = page
        .split("The ten farthest")
        .nth(1)
        .and_then(|rest| rest.split("</ol>").next())
        .expect("has a list");
    let times: Vec<f64> = list
        .split("<span class=\"n\">")
        .skip(1)
        .filter_map(|rest| rest.split(" min").next()?.parse().ok())
        .collect();
    assert_eq!(times.len(), 10);
    assert!(times.is_sorted_by(|a, b| a >= b) && times[0] > 60.0, "{times:?}");
}

#[test]
fn a_field_that_is_not_there_is_an_error() {
    let report = Report {
        title: "",
        table: &NeighbourhoodTable::default(),
        manifest: &manifest(),
        findings: &findings(),
        key_figures: &[],
        maps: &["nope".into()],
        extremes: &[],
        compared: &GroupComparisons::default(),
        streets: &streets(),
        curves: &[],
        days: &days(),
    };
    assert!(
        matches!(write_report(Vec::new(), &report), Err(ReportError::NoField(name)) if name == "nope")
    );
}

/// All files of a run, in `LASTMILE_SHOW_IN` to be looked at where it is set, else in a folder that
/// goes again.
#[test]
fn page_map_style_and_tables_are_published_together() {
    let temporary = tempfile::tempdir().expect("a folder");
    let target = std::env::var_os("LASTMILE_SHOW_IN")
        .map_or_else(|| temporary.path().join("out"), Into::into);
    let folder =
        OutputFolder::create(&target, true, &crate::outputs::input_files::InputFiles::default())
            .expect("may write");
    let table = table();
    folder.write("report.html", |out| out.write_all(page_of(&table).as_bytes())).expect("writes");
    folder
        .write("neighbourhoods.geojson", |out| geojson::write_neighbourhoods(out, &table))
        .expect("writes");
    let main = "gp_transit_am_p50_min";
    let style = areas::by_field(&table, main).expect("numbers").expect("is there");
    folder.write("neighbourhoods.qml", |out| style.write_qml(out, &table.fields)).expect("writes");
    folder
        .write("neighbourhoods.csv", |out| tables::write_neighbourhoods(out, &table))
        .expect("writes");
    folder.write("fields.csv", |out| tables::write_fields(out, &table.fields)).expect("writes");
    folder.write("findings.csv", |out| tables::write_findings(out, &findings())).expect("writes");
    folder.publish(&manifest()).expect("publishes");
    let json = std::fs::read_to_string(target.join("run.json")).expect("is there");
    assert_eq!(json.matches("\"file\": ").count(), 1 + 6, "one input, six outputs");
    assert!(!json.contains(&*target.to_string_lossy()));
}

#[test]
fn a_page_about_one_neighbourhood_shows_its_values_beside_the_others_and_its_name_is_only_text() {
    let table = table();
    let report = Report {
        title: HOSTILE,
        table: &table,
        manifest: &manifest(),
        findings: &findings(),
        key_figures: &[],
        maps: &[],
        extremes: &[],
        compared: &GroupComparisons::default(),
        streets: &streets(),
        curves: &[],
        days: &[],
    };
    let row = neighbourhood::find(&table, "W0000003").expect("is there");
    let mut bytes = Vec::new();
    neighbourhood::write_neighbourhood(&mut bytes, &report, row).expect("writes to memory");
    let page = String::from_utf8(bytes).expect("is UTF-8");
    assert!(
        !page.contains("<script")
            && !page.contains('\u{1b}')
            && page.contains("&lt;script&gt;alert(1)")
    );
    assert_eq!(page.matches("class=\"here\"").count(), 1);
    assert!(page.contains("Jobs within 45 minutes by bus or on foot"));
    assert!(neighbourhood::find(&table, "nowhere").is_none());
}

#[test]
fn an_id_cannot_name_a_file_elsewhere() {
    assert_eq!(neighbourhood::file_name("W01-a_b").expect("plain"), "neighbourhoods/W01-a_b.html");
    for id in ["", "../x", "a/b", "a.html", "ä", &"x".repeat(101)] {
        assert!(neighbourhood::file_name(id).is_err(), "{id}");
    }
}
