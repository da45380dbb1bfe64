//! Whose data it is: what has to stand beside whatever is published from it.
//!
//! What the kind of a file tells is said here: maps are OpenStreetMap's, coverage is that of whose
//! layout it has, areas with codes of England or Wales are those of the Office for National
//! Statistics. A timetable does not say under which licence it came; `attribution` of the project
//! file does.

use super::broadband::{Broadband, OFCOM};
use super::neighbourhoods::Neighbourhoods;
use super::project::Project;

/// Whose the streets and the places on them are.
pub const OSM: &str = "Streets and places © OpenStreetMap contributors, ODbL 1.0";
const ONS: &str = "Areas: Office for National Statistics, Open Government Licence v3.0; contains OS data © Crown copyright and database right";

/// Whose data a project is made from, a line each: what is known of the files, then what the
/// project file says.
pub fn attribution(
    project: &Project,
    areas: &Neighbourhoods,
    broadband: Option<&Broadband>,
) -> Vec<String> {
    let mut lines = vec![OSM.to_owned()];
    if !areas.zones.is_empty() && areas.zones.iter().all(|zone| is_of_england_or_wales(&zone.id)) {
        lines.push(ONS.to_owned());
    }
    let mobile =
        project.broadband.as_ref().is_some_and(|input| input.mobile.is_some()).then_some(OFCOM);
    let coverage =
        broadband.map(|broadband| broadband.whose).into_iter().chain(mobile).map(str::to_owned);
    for line in coverage.chain(project.attribution.iter().cloned()) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Whether a code is one of the Government Statistical Service's: a letter for the country and
/// eight digits.
fn is_of_england_or_wales(code: &str) -> bool {
    let digits = code.strip_prefix(['E', 'W']);
    digits
        .is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::finding::Findings;
    use crate::ids::IdxVec;
    use crate::inputs::broadband::{CoverageBasis, Weighting};
    use crate::inputs::neighbourhoods::NamedProperties;

    fn lines(code: &str, more: &str) -> Vec<String> {
        lines_with(code, more, None)
    }

    fn lines_with(code: &str, more: &str, broadband: Option<&Broadband>) -> Vec<String> {
        let text = format!("{more}osm = [\"a.osm.pbf\"]\n[neighbourhoods]\nfile = \"n.geojson\"\n");
        let project = Project::parse(&text, "lastmile.toml", Path::new("")).expect("a project");
        let json = format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"LSOA21CD":"{code}","LSOA21NM":"A"}},
            "geometry":{{"type":"Polygon","coordinates":[[[0,52],[0.01,52],[0.01,52.01],[0,52]]]}}}}]}}"#
        );
        let named = NamedProperties { id: None, name: None, population: None };
        let areas =
            Neighbourhoods::parse("n.geojson", json.as_bytes(), &named, &mut Findings::new());
        attribution(&project, &areas.expect("areas"), broadband)
    }

    #[test]
    fn the_map_is_always_named_and_the_statistics_office_by_its_codes() {
        assert_eq!(lines("W01001647", ""), [OSM, ONS]);
        for other in ["S01006506", "W0100164", "W0100164X", "Q", "W010016470"] {
            assert_eq!(lines(other, ""), [OSM], "{other}");
        }
    }

    #[test]
    fn coverage_is_of_those_whose_files_were_read_and_of_ofcom_where_it_is_mobile() {
        let read = |whose| Broadband {
            zones: IdxVec::new(),
            layout: "as it may be",
            whose,
            basis: CoverageBasis::Counts,
            weighting: Weighting::Premises,
            release: None,
            joins: Vec::new(),
        };
        let fixed = "broadband = { files = [\"b.csv\"] }\n";
        let both = "broadband = { files = [\"b.csv\"], mobile = \"m.csv\" }\n";
        let of = |more, whose| lines_with("A", more, Some(&read(whose)));
        assert_eq!(of(fixed, "Of another"), [OSM, "Of another"], "not Ofcom's");
        assert_eq!(of(both, "Of another"), [OSM, "Of another", OFCOM]);
        assert_eq!(of(both, OFCOM), [OSM, OFCOM], "once");
    }

    #[test]
    fn what_the_project_file_says_is_added_once() {
        let said = "attribution = [\"Timetables: Bus Open Data Service, OGL v3.0\"]\n";
        assert_eq!(lines("A", said), [OSM, "Timetables: Bus Open Data Service, OGL v3.0"]);
        assert_eq!(lines("A", &format!("attribution = [\"{OSM}\"]\n")), [OSM]);
    }
}
