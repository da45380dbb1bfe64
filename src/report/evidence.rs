//! The evidence pack: a comparison on one page that can be handed to an inspector, and printed.
//!
//! It holds the sentences that may be quoted, maps before, after and of the change, who is hit
//! worst, which groups, by which route and at what time of day, journeys, the method, the data with
//! dates and hashes, and what it cannot say.

use std::io::Write;

use minijinja::value::{Serde, Value as Template};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::curve::{self, CurveChart};
use super::map::MapSheet;
use super::page::{self, FindingRow, LABELLED, Legend, PageMap, count};
use super::vehicle_hours::HourlyVehicles;
use super::{MapStreets, PICTURE_SCRIPT, ReportError, STYLE, base64, environment};
use crate::access::residents::ResidentUnit;
use crate::finding::Findings;
use crate::outputs::class_breaks::{DIVERGING, NOT_KNOWN};
use crate::outputs::comparison::{CHANGE_LABELS, GAINED, LOST, change_class};
use crate::outputs::manifest::{Input, Manifest};
use crate::results::service_day::ServiceDay;
use crate::results::table::{NeighbourhoodTable, Value};

const PAGE: &str = include_str!("templates/evidence.html");
const MORE_STYLE: &str = include_str!("templates/evidence.css");

/// What the page is made from.
pub struct Evidence<'a> {
    /// The heading.
    pub title: String,
    /// What is compared with what, a sentence each.
    pub says: Vec<String>,
    /// The sentences that may be quoted.
    pub headlines: Vec<QuotableFigure>,
    /// The changes to draw, each before, after and their difference.
    pub maps: Vec<ChangeMap>,
    /// Which share of people get there within how many minutes, before and after.
    pub curves: Vec<CurveChart>,
    /// The changes of all neighbourhoods.
    pub table: &'a NeighbourhoodTable,
    /// The streets, drawn over the areas.
    pub streets: &'a MapStreets,
    /// The vehicles of each hour, on each date.
    pub days: &'a [ServiceDay],
    /// Further tables, in order.
    pub tables: Vec<EvidenceTable>,
    /// Journeys before and after.
    pub journeys: Vec<JourneyPair>,
    /// Who is counted.
    pub counted: ResidentUnit,
    /// What the numbers cannot say.
    pub cannot_say: Vec<String>,
    /// Inputs and settings; its warnings open the page.
    pub manifest: &'a Manifest,
    /// Faults in the data.
    pub findings: &'a Findings,
}

/// A figure with the sentence that may be quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuotableFigure {
    /// The number with its unit.
    pub figure: String,
    /// The whole sentence, which says all that the number needs.
    pub quote: String,
}

/// What to draw, by the fields of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeMap {
    /// What it is about.
    pub caption: String,
    /// Minutes before.
    pub before: String,
    /// Minutes after.
    pub after: String,
    /// Minutes of change.
    pub change: String,
    /// What became of it.
    pub state: String,
}

/// A table of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceTable {
    /// Its heading.
    pub title: String,
    /// What is to be known to read it.
    pub note: String,
    /// The columns, and whether they hold numbers.
    pub columns: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// Two journeys in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JourneyPair {
    /// Whose journey it is, and where to.
    pub who: String,
    /// When they leave, and the journey before.
    pub before: String,
    /// The journey after.
    pub after: String,
    /// What that comes to.
    pub later: String,
}

#[derive(Serialize)]
struct EvidencePage<'a> {
    title: &'a str,
    tool: String,
    says: &'a [String],
    warnings: &'a [String],
    attribution: &'a [String],
    headlines: &'a [QuotableFigure],
    sheet: Option<MapSheet>,
    sections: Vec<EvidenceSection>,
    curves: Vec<curve::CurveFigure>,
    clocks: Vec<HourlyVehicles>,
    tables: &'a [EvidenceTable],
    journeys: &'a [JourneyPair],
    who: &'static str,
    cannot_say: &'a [String],
    findings: Vec<FindingRow>,
    inputs: &'a [Input],
    seed: u64,
}

#[derive(Serialize)]
struct EvidenceSection {
    caption: String,
    maps: Vec<PageMap>,
}

/// Writes the page.
///
/// # Errors
/// If a field to draw is not in the table, or the page cannot be written.
pub fn write_evidence(mut out: impl Write, evidence: &Evidence) -> Result<(), ReportError> {
    evidence.table.check()?;
    let style = format!("{STYLE}{MORE_STYLE}");
    let page = EvidencePage {
        title: &evidence.title,
        tool: format!("{} {}", evidence.manifest.tool.name, evidence.manifest.tool.version),
        says: &evidence.says,
        warnings: &evidence.manifest.warnings,
        attribution: &evidence.manifest.attribution,
        headlines: &evidence.headlines,
        sheet: MapSheet::of(&evidence.table.rows, evidence.streets),
        curves: page::curves(&evidence.curves, evidence.table)?,
        clocks: HourlyVehicles::all(evidence.days),
        sections: evidence
            .maps
            .iter()
            .map(|map| section(evidence.table, map))
            .collect::<Result<_, _>>()?,
        tables: &evidence.tables,
        journeys: &evidence.journeys,
        who: evidence.counted.name(),
        cannot_say: &evidence.cannot_say,
        findings: page::finding_rows(evidence.findings),
        inputs: &evidence.manifest.inputs,
        seed: evidence.manifest.seed,
    };
    let mut templates = environment()?;
    templates.add_template("evidence.html", PAGE)?;
    let context = minijinja::context! {
        page => Template::from(Serde(&page)),
        style => Template::from_safe_string(style.clone()),
        style_hash => Template::from_safe_string(base64(&Sha256::digest(style.as_bytes()))),
        script => Template::from_safe_string(PICTURE_SCRIPT.into()),
        script_hash => Template::from_safe_string(base64(&Sha256::digest(PICTURE_SCRIPT.as_bytes()))),
    };
    let html = templates.get_template("evidence.html")?.render(context)?;
    out.write_all(html.as_bytes())?;
    Ok(out.flush()?)
}

fn section(table: &NeighbourhoodTable, map: &ChangeMap) -> Result<EvidenceSection, ReportError> {
    Ok(EvidenceSection { caption: map.caption.clone(), maps: maps(table, map)? })
}

/// Before, after and the change.
pub(super) fn maps(
    table: &NeighbourhoodTable,
    map: &ChangeMap,
) -> Result<Vec<PageMap>, ReportError> {
    let of_field = |name: &str, meaning: &str| -> Result<PageMap, ReportError> {
        let map = page::map(table, page::index(table, name)?, table.position(&map.state));
        Ok(PageMap { meaning: meaning.to_owned(), ..map })
    };
    Ok(vec![of_field(&map.before, "Before")?, of_field(&map.after, "After")?, change(table, map)?])
}

/// The change in its fixed classes, with one each for what is lost, gained and never was.
fn change(table: &NeighbourhoodTable, map: &ChangeMap) -> Result<PageMap, ReportError> {
    let at = page::index(table, &map.change)?;
    let state =
        table.position(&map.state).ok_or_else(|| ReportError::NoField(map.state.clone()))?;
    let labels = CHANGE_LABELS.iter().zip(DIVERGING.map(Some));
    let further = [
        (&LOST.0, Some(LOST.1)),
        (&GAINED.0, Some(GAINED.1)),
        (&"in reach neither before nor after", None),
        (&NOT_KNOWN, Some(page::UNKNOWN_COLOUR)),
    ];
    let mut legend: Vec<Legend> = labels
        .chain(further)
        .map(|(label, colour)| Legend {
            label: (*label).to_owned(),
            colour,
            neighbourhoods: String::new(),
            areas: Vec::new(),
        })
        .collect();
    let labelled = table.rows.len() <= LABELLED;
    for (number, row) in table.rows.iter().enumerate() {
        let is = |word: &str| matches!(&row.values[state], Value::Text(text) if text == word);
        let (class, says) = match row.values[at].as_number() {
            _ if is("lost") => (CHANGE_LABELS.len(), LOST.0.to_owned()),
            _ if is("gained") => (CHANGE_LABELS.len() + 1, GAINED.0.to_owned()),
            Some(minutes) => {
                (change_class(minutes), page::with_unit(&row.values[at], &table.fields[at]))
            }
            None if is("never") => {
                (CHANGE_LABELS.len() + 2, "in reach neither before nor after".to_owned())
            }
            None => (CHANGE_LABELS.len() + 3, NOT_KNOWN.to_owned()),
        };
        let label =
            if labelled { format!("{}: {says}", page::name(table, row)) } else { String::new() };
        legend[class].areas.push((number, label));
    }
    legend.iter_mut().for_each(|class| class.neighbourhoods = count(class.areas.len()));
    Ok(PageMap {
        field: map.change.clone(),
        meaning: "Change".into(),
        legend,
        labelled,
        spread: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::table::NeighbourhoodRow;
    use crate::results::table::tests::{field, square};
    use serde_json::json;

    #[test]
    fn the_page_is_whole_quotes_and_runs_nothing() {
        let fields = vec![
            field("id", "", 0),
            field("name", "", 0),
            field("b", "min", 1),
            field("a", "min", 1),
            field("c", "min", 1),
            field("s", "", 0),
        ];
        let row = |name: &str, b, a, c, s: &str, lon| NeighbourhoodRow {
            values: vec![
                Value::Text(name.into()),
                Value::Text(name.into()),
                b,
                a,
                c,
                Value::Text(s.into()),
            ],
            polygon: square(lon, 52.0, 0.01),
        };
        let n = Value::Number;
        let rows = vec![
            row("<script>alert(1)</script>", n(10.0), n(16.0), n(6.0), "longer", 0.0),
            row("End", n(20.0), Value::Missing, Value::Missing, "lost", 0.01),
        ];
        let table = NeighbourhoodTable { fields, rows };
        let manifest = Manifest::new(json!({}));
        let evidence = Evidence {
            title: "Wenbury: <b>evening</b>".into(),
            says: vec!["12 trips withdrawn".into()],
            headlines: vec![QuotableFigure {
                figure: "12".into(),
                quote: "12 people cannot get there.".into(),
            }],
            maps: vec![ChangeMap {
                caption: "GPs".into(),
                before: "b".into(),
                after: "a".into(),
                change: "c".into(),
                state: "s".into(),
            }],
            curves: vec![],
            table: &table,
            streets: &MapStreets::default(),
            days: &[ServiceDay {
                day: "Monday".into(),
                hours: vec![3, 1],
                before: Some(vec![3, 2]),
            }],
            tables: vec![EvidenceTable {
                title: "Worst".into(),
                rows: vec![vec!["x & y".into()]],
                columns: vec![("Who".into(), false)],
                ..EvidenceTable::default()
            }],
            journeys: vec![],
            counted: ResidentUnit::People,
            cannot_say: vec!["weather".into()],
            manifest: &manifest,
            findings: &Findings::new(),
        };
        let mut bytes = Vec::new();
        write_evidence(&mut bytes, &evidence).expect("writes to memory");
        let html = String::from_utf8(bytes).expect("text");
        assert!(
            html.contains("12 people cannot get there.") && html.contains("x &amp; y"),
            "{html}"
        );
        assert!(!html.contains("<b>evening") && !html.contains("alert(1)<"), "names are text");
        // One script, which is ours to the byte.
        assert_eq!((html.matches("<script").count(), html.matches("</script").count()), (1, 1));
        assert!(html.contains(&format!("<script>{PICTURE_SCRIPT}</script>")));
        let script_hash = base64(&Sha256::digest(PICTURE_SCRIPT.as_bytes()));
        assert!(html.contains(&format!("script-src 'sha256-{script_hash}';")));
        assert!(
            !html.contains("http://") && !html.contains("https://"),
            "no request leaves the page"
        );
        let lost = html.find(LOST.1).expect("a class for what is lost");
        assert!(html[lost..].contains("End: no longer in reach"));
        let style = &html
            [html.find("<style>").expect("a sheet") + 7..html.find("</style>").expect("its end")];
        assert!(
            html.contains(&format!("sha256-{}", base64(&Sha256::digest(style.as_bytes())))),
            "the policy lets it in"
        );
    }
}
