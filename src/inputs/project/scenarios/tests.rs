use std::path::Path;

use super::super::Project;
use super::*;
use crate::units::ServiceTime;

fn read(kind: &str, text: &str) -> Result<Modification, String> {
    Modification::from_words(kind, text).map_err(|bad| bad.to_string())
}

fn project(scenarios: &str) -> Result<Vec<Scenario>, String> {
    let text =
        format!("osm = [\"a.osm.pbf\"]\n[neighbourhoods]\nfile = \"n.geojson\"\n{scenarios}");
    let project = Project::parse(&text, "p.toml", Path::new(""));
    project.map(|project| project.scenarios).map_err(|error| error.to_string())
}

#[test]
fn the_words_and_the_file_mean_the_same() {
    let said = read("cut", "route=12,14 operator=Bloggs, Sons & Co after=19:00 days=sat-sun")
        .expect("is understood");
    let scenarios = project(
        "[scenarios.evening]\nmodifications = [{ cut = { route = ['12', '14'], operator = ['Bloggs, Sons & Co'], after = '19:00', days = 'sat,sun' } }]",
    );
    let written = scenarios.expect("is understood");
    assert_eq!(written[0].modifications[0].what, said.what);
    let ModificationKind::Cut(trips) = said.what else { panic!("a cut") };
    assert_eq!(trips.routes, ["12", "14"]);
    assert_eq!(trips.operators, ["Bloggs, Sons & Co"]);
    assert_eq!(trips.band, Band { from: Some(ServiceTime::hms(19, 0, 0)), until: None });
    assert_eq!(trips.days, Days([false, false, false, false, false, true, true]));
    assert_eq!((written[0].name.as_str(), written[0].label.as_str()), ("evening", "evening"));
}

#[test]
fn what_is_written_back_reads_the_same() {
    let said = read("cut", "route=12 operator=Newport Bus between=22:00-26:00 days=mon-fri")
        .expect("is understood");
    let again = project(&format!("[scenarios.x]\nmodifications = [{}]", said.to_toml()))
        .expect("is understood");
    assert_eq!(again[0].modifications, std::slice::from_ref(&said));
    assert_eq!(
        said.to_string(),
        "cut route=12 operator=Newport Bus between=22:00-26:00 days=mon-fri"
    );
}

#[test]
fn what_is_not_understood_is_said_with_its_line_and_the_nearest_word() {
    let error =
        project("[scenarios.x]\nlabel = 'X'\nmodifications = [\n  { cut = { rout = '12' } },\n]")
            .expect_err("rout");
    assert_eq!(error, "p.toml, line 7: unknown key `rout`; did you mean `route`?");
    let error =
        project("[scenarios.x]\nmodifications = [{ cutt = { route = '12' } }]").expect_err("cutt");
    assert_eq!(error, "p.toml, line 5: unknown key `cutt`; did you mean `cut`?");
    let error =
        project("[scenarios.x]\nmodifications = [{ cut = { route = '12', after = '7pm' } }]")
            .expect_err("7pm");
    assert!(
        error.starts_with(
            "p.toml, line 5: scenarios.x: cut.after = \"7pm\" is not allowed; give a time"
        ),
        "{error}"
    );
    for (kind, words) in [
        ("cut", ""),
        ("cut", "route="),
        ("cut", "12"),
        ("cut", "route=12 route=13"),
        ("cut", "route=12 days=someday"),
        ("cut", "route=12 days=sun-mon"),
        ("cut", "route=12 between=16:00-09:00"),
        ("cut", "route=12 after=20:00 before=19:00"),
        ("thin", "route=12 every=1"),
        ("headway", "route=12 minutes=30"),
        ("skip", "route=12"),
        ("shorten", "route=12"),
        ("slow", "route=12 factor=0.9"),
        ("close", "category=library"),
        ("open", "category=library at=181 52"),
    ] {
        assert!(read(kind, words).is_err(), "{kind} {words}");
    }
}

#[test]
fn a_scenario_says_something() {
    assert!(project("[scenarios.x]\nlabel = 'X'").is_err());
    assert!(
        project("[scenarios.x]\ndate = '2024-01-01'\nmodifications = [{ cut = { route = '1' } }]")
            .is_err()
    );
    assert!(
        project(
            "[scenarios.x]\nmodifications = [{ cut = { route = '1' }, thin = { route = '1' } }]"
        )
        .is_err()
    );
    assert_eq!(project("").expect("no scenario is no fault"), []);
}
