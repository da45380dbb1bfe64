//! The CSV files beside the map: values, data dictionary and findings.
//!
//! UTF-8 without byte order mark, lines end in LF, an empty cell is a missing value. Text that a
//! spreadsheet would run is disarmed (see [`csv_text`]); numbers are written as they are, with a
//! minus where they have one.

use std::io::{self, Write};

use crate::finding::{Findings, Outcome};

use crate::results::table::{Field, NeighbourhoodTable, Value};
use crate::sanitise::csv_text;

/// Writes `neighbourhoods.csv`: a row for each neighbourhood, a column for each field.
pub fn write_neighbourhoods(out: impl Write, table: &NeighbourhoodTable) -> io::Result<()> {
    table.check().map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
    let mut csv = writer(out);
    csv.write_record(table.fields.iter().map(|field| csv_text(&field.name).into_owned()))?;
    for row in &table.rows {
        csv.write_record(
            row.values.iter().zip(&table.fields).map(|(value, field)| cell(value, field)),
        )?;
    }
    csv.flush()
}

/// Writes `fields.csv`, the data dictionary: `name,unit,meaning,window,source`.
pub fn write_fields(out: impl Write, fields: &[Field]) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record(["name", "unit", "meaning", "window", "source"])?;
    for field in fields {
        let window = field.window.as_deref().unwrap_or_default();
        let cells = [&field.name, field.unit, &field.meaning, window, &field.source]
            .map(|text| csv_text(text).into_owned());
        csv.write_record(cells)?;
    }
    csv.flush()
}

/// Writes `findings.csv`: `severity,code,outcome,file,line,count,what`, in the order they were
/// found.
pub fn write_findings(out: impl Write, findings: &Findings) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record(["severity", "code", "outcome", "file", "line", "count", "what"])?;
    for finding in findings.iter() {
        let line = finding.line.map(|line| line.to_string()).unwrap_or_default();
        csv.write_record([
            finding.severity.to_string().as_str(),
            finding.code,
            outcome_name(finding.outcome),
            &csv_text(&finding.file),
            &line,
            &finding.count.to_string(),
            &csv_text(&finding.what),
        ])?;
    }
    csv.flush()
}

/// What was done with a fault, as one word.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "kept",
        Outcome::Repaired => "repaired",
        Outcome::Dropped => "dropped",
    }
}

fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out)
}

fn cell(value: &Value, field: &Field) -> String {
    match value {
        Value::Text(text) => csv_text(text).into_owned(),
        other => other.plain(field.decimals).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::results::table::tests::{field, square};
    use crate::results::table::{NeighbourhoodRow, Value};

    fn written(table: &NeighbourhoodTable) -> String {
        let mut bytes = Vec::new();
        write_neighbourhoods(&mut bytes, table).expect("writes to memory");
        String::from_utf8(bytes).expect("is UTF-8")
    }

    fn one_row(values: Vec<Value>) -> NeighbourhoodTable {
        let fields = vec![
            field("id", "", 0),
            field("name", "", 0),
            field("change_min", "min", 1),
            field("edge_affected", "", 0),
        ];
        NeighbourhoodTable {
            fields,
            rows: vec![NeighbourhoodRow { values, polygon: square(0.0, 0.0, 1.0) }],
        }
    }

    #[test]
    fn a_formula_is_text_and_a_negative_number_is_a_number() {
        let name = Value::Text("=HYPERLINK(\"http://x\",\"y\")".into());
        let table =
            one_row(vec![Value::Text("-1".into()), name, Value::Number(-4.26), Value::Flag(true)]);
        let expected = "id,name,change_min,edge_affected\n'-1,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",-4.3,true\n";
        assert_eq!(written(&table), expected);
    }

    #[test]
    fn missing_is_an_empty_cell_and_names_come_back_as_they_were() {
        let name = "Ty'n-y-\"Coed\", <script>alert(1)</script>";
        let table = one_row(vec![
            Value::Text("W00000001".into()),
            Value::Text(name.into()),
            Value::Missing,
            Value::Missing,
        ]);
        let text = written(&table);
        assert!(!text.starts_with('\u{feff}') && !text.contains('\r'));
        let row = csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .next()
            .expect("one row")
            .expect("is CSV");
        assert_eq!(row.iter().collect::<Vec<_>>(), ["W00000001", name, "", ""]);
    }

    #[test]
    fn controls_do_not_reach_a_cell() {
        let name = Value::Text("\u{1b}[31mred\u{202e}\nnext".into());
        let text =
            written(&one_row(vec![Value::Text("1".into()), name, Value::Missing, Value::Missing]));
        assert!(text.ends_with("\n1,\u{fffd}[31mred\u{fffd} next,,\n"), "{text:?}");
    }

    #[test]
    fn every_finding_has_a_row() {
        let mut findings = Findings::new();
        findings.at(
            Severity::Error,
            "foreign_key_violation",
            Outcome::Dropped,
            "a.zip/stop_times.txt",
            7,
            "=stop, \"x\"",
        );
        findings.count(Severity::Info, "way_without_nodes", Outcome::Kept, "b.osm.pbf", 3, "ways");
        let mut bytes = Vec::new();
        write_findings(&mut bytes, &findings).expect("writes to memory");
        let expected = "severity,code,outcome,file,line,count,what\n\
            error,foreign_key_violation,dropped,a.zip/stop_times.txt,7,1,\"'=stop, \"\"x\"\"\"\n\
            info,way_without_nodes,kept,b.osm.pbf,,3,ways\n";
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
    }

    #[test]
    fn the_dictionary_has_a_row_for_each_field() {
        let mut bytes = Vec::new();
        let mut fields = vec![field("library_walk_min", "min", 1), field("p", "%", 1)];
        fields[1].window = Some("am".into());
        write_fields(&mut bytes, &fields).expect("writes to memory");
        let expected = "name,unit,meaning,window,source\nlibrary_walk_min,min,what library_walk_min says,,a test\n\
            p,%,what p says,am,a test\n";
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
    }
}
