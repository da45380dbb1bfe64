//! The QGIS style beside a layer: QGIS takes a `.qml` of the same base name when it opens the file.
//!
//! Only elements that QGIS 3.22 knows. The renderer is a graduated one over `coalesce(field, …)`, because a graduated
//! renderer draws no null: so the neighbourhoods without a value have a class of their own, hatched, last in the legend. The
//! number in that expression stands in the style alone; the layer's attribute stays null.

use std::io::{self, Write};

use super::classes::{Classes, MISSING};
use super::table::NeighbourhoodTable;
use super::text::clean_text;

/// Stands for null inside the style's expression: far from any value.
const NULL_CLASS: &str = "-999999999";

/// Writes a style that colours the neighbourhoods by one field, which has to be in the table and hold numbers.
pub fn write_style(mut out: impl Write, table: &NeighbourhoodTable, field: &str) -> io::Result<()> {
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    table.check().map_err(invalid)?;
    let Some(at) = table.numeric(field).map_err(invalid)? else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("no field `{field}` to colour the map by"),
        ));
    };
    let classes = Classes::of(table.fields[at].unit, table.rows.iter().map(|row| &row.values[at]));
    let quoted = field.replace('"', "\"\"");
    let attribute = xml(&format!("coalesce(\"{quoted}\", {NULL_CLASS})"));
    writeln!(out, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>")?;
    writeln!(out, "<qgis version=\"3.22.0\" styleCategories=\"Symbology\">")?;
    writeln!(
        out,
        " <renderer-v2 type=\"graduatedSymbol\" attr=\"{attribute}\" graduatedMethod=\"GraduatedColor\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\">"
    )?;
    writeln!(out, "  <ranges>")?;
    for class in 0..classes.len() {
        let (lower, upper) = ends(&classes, class);
        range(&mut out, &lower, &upper, class, &classes.label(class))?;
    }
    range(&mut out, NULL_CLASS, NULL_CLASS, classes.len(), MISSING)?;
    writeln!(out, "  </ranges>\n  <symbols>")?;
    for class in 0..classes.len() {
        symbol(&mut out, class, &rgb(classes.colour(class)), "solid")?;
    }
    symbol(&mut out, classes.len(), "130,130,130,255", "b_diagonal")?;
    writeln!(out, "  </symbols>\n </renderer-v2>\n</qgis>")?;
    out.flush()
}

fn ends(classes: &Classes, class: usize) -> (String, String) {
    let lower = class.checked_sub(1).and_then(|below| classes.breaks.get(below));
    let lower = lower.map_or_else(|| "-99999999".to_owned(), f64::to_string);
    let upper = classes.breaks.get(class).map_or_else(|| "999999999999".to_owned(), f64::to_string);
    (lower, upper)
}

pub(super) fn range(
    out: &mut impl Write,
    lower: &str,
    upper: &str,
    symbol: usize,
    label: &str,
) -> io::Result<()> {
    let label = xml(label);
    writeln!(
        out,
        "   <range lower=\"{lower}\" upper=\"{upper}\" symbol=\"{symbol}\" label=\"{label}\" render=\"true\"/>"
    )
}

pub(super) fn symbol(out: &mut impl Write, name: usize, rgba: &str, style: &str) -> io::Result<()> {
    writeln!(
        out,
        "   <symbol type=\"fill\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">"
    )?;
    writeln!(out, "    <layer class=\"SimpleFill\" enabled=\"1\" locked=\"0\" pass=\"0\">")?;
    let outline = [("outline_color", "90,90,90,255"), ("outline_style", "solid"), ("outline_width", "0.1")];
    let fill = [("color", rgba), ("style", style), ("outline_width_unit", "MM")];
    for (key, value) in fill.into_iter().chain(outline) {
        writeln!(out, "     <prop k=\"{key}\" v=\"{value}\"/>")?;
    }
    writeln!(out, "    </layer>\n   </symbol>")
}

/// `#rrggbb` as QGIS writes it.
pub(super) fn rgb(colour: &str) -> String {
    let part = |at: usize| {
        colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or_default()
    };
    format!("{},{},{},255", part(1), part(3), part(5))
}

pub(super) fn xml(text: &str) -> String {
    let text = clean_text(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{field, square};
    use super::super::table::{NeighbourhoodRow, Value};
    use super::*;

    fn style(name: &str) -> String {
        let rows =
            vec![NeighbourhoodRow { values: vec![Value::Number(3.0)], polygon: square(0.0, 0.0, 1.0) }];
        let table = NeighbourhoodTable { fields: vec![field(name, "min", 1)], rows };
        let mut bytes = Vec::new();
        write_style(&mut bytes, &table, name).expect("writes to memory");
        String::from_utf8(bytes).expect("is UTF-8")
    }

    #[test]
    fn five_classes_and_a_hatched_one_for_nothing() {
        let style = style("library_walk_min");
        assert!(style.contains("attr=\"coalesce(&quot;library_walk_min&quot;, -999999999)\""));
        assert!(
            style.contains("<range lower=\"-99999999\" upper=\"15\" symbol=\"0\" label=\"up to 15 min\"")
        );
        assert!(
            style.contains("<range lower=\"60\" upper=\"999999999999\" symbol=\"4\" label=\"over 60 min\"")
        );
        assert!(style.contains("symbol=\"5\" label=\"unreachable or no data\""));
        assert_eq!(style.matches("<symbol ").count(), 6);
        assert!(style.contains("k=\"color\" v=\"255,255,204,255\"") && style.contains("v=\"b_diagonal\""));
    }

    #[test]
    fn a_field_name_cannot_leave_its_attribute() {
        let style = style("x\"/><evil a='\u{1b}");
        assert!(style.contains("coalesce(&quot;x&quot;&quot;/&gt;&lt;evil a='\u{fffd}&quot;, "), "{style}");
    }

    #[test]
    fn an_unknown_field_is_an_error() {
        let table = NeighbourhoodTable::default();
        assert!(write_style(Vec::new(), &table, "nope").is_err());
    }
}
