//! How QGIS draws the layers: styles, as `.qml` beside a file and inside a GeoPackage, and a
//! project with all layers.
//!
//! A style is a list of rules, drawn in their order and read in the legend in the same: a class of
//! a field, the hatched areas that cannot be reached, the hatch over those at the edge of the data.
//! A rule-based renderer tells null from a number and draws two things of one area over each other;
//! a graduated one does neither. Only elements that QGIS 3.22 knows. Labels are there, and off.

pub mod areas;
pub mod metadata;
pub mod project;
mod symbol;
mod xml;

use std::io::{self, Write};

pub use symbol::{Shade, Symbol};

use crate::results::table::Field;
use crate::sanitise::clean_text;
use xml::attribute;
pub(super) use xml::text as xml_text;

/// A style with its name among those of its layer.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedStyle {
    /// Its name: at most 30 characters are kept by some programs.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// How.
    pub style: Style,
}

/// How a layer is drawn.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Style {
    /// What is drawn of which features, from the lowest up.
    pub rules: Vec<DrawingRule>,
    /// The field that labels would show once they are switched on.
    pub label: Option<String>,
    /// Whether what a later rule draws lies above all that earlier ones draw; else each feature
    /// lies above the one before it.
    pub layered: bool,
}

/// What is drawn of some features.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawingRule {
    /// What the legend says.
    pub label: String,
    /// Which features: an expression of QGIS; empty for all.
    pub filter: String,
    /// How they look.
    pub symbol: Symbol,
    /// Whether it is drawn as long as nobody switches it off in the legend.
    pub shown: bool,
}

impl DrawingRule {
    /// A rule that is drawn.
    pub fn new(label: impl Into<String>, filter: impl Into<String>, symbol: Symbol) -> DrawingRule {
        DrawingRule { label: label.into(), filter: filter.into(), symbol, shown: true }
    }
}

impl Style {
    /// The style as a `.qml` file, with aliases for the fields.
    pub fn to_qml(&self, fields: &[Field]) -> String {
        let inner = self.to_layer_xml(fields);
        let fields = if fields.is_empty() { "" } else { "|Fields" };
        format!(
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\" styleCategories=\"Symbology|Labeling{fields}\" labelsEnabled=\"0\">\n{inner}</qgis>\n"
        )
    }

    /// Writes the `.qml` file.
    ///
    /// # Errors
    /// If the stream refuses.
    pub fn write_qml(&self, mut out: impl Write, fields: &[Field]) -> io::Result<()> {
        out.write_all(self.to_qml(fields).as_bytes())?;
        out.flush()
    }

    /// What a `.qml` file and a layer of a project have in common.
    pub(super) fn to_layer_xml(&self, fields: &[Field]) -> String {
        let mut xml = String::from(
            " <renderer-v2 type=\"RuleRenderer\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\">\n  <rules key=\"all\">\n",
        );
        for (nth, rule) in self.rules.iter().enumerate() {
            let filter = if rule.filter.is_empty() {
                String::new()
            } else {
                attribute("filter", &rule.filter)
            };
            let off = if rule.shown { "" } else { " checkstate=\"0\"" };
            let label = attribute("label", &rule.label);
            xml.push_str(&format!(
                "   <rule key=\"rule{nth}\" symbol=\"{nth}\"{label}{filter}{off}/>\n"
            ));
        }
        xml.push_str("  </rules>\n  <symbols>\n");
        for (nth, rule) in self.rules.iter().enumerate() {
            rule.symbol.write(&mut xml, &nth.to_string(), if self.layered { nth } else { 0 });
        }
        xml.push_str("  </symbols>\n </renderer-v2>\n");
        if let Some(label) = &self.label {
            xml.push_str(&format!(
                " <labeling type=\"simple\">\n  <settings calloutType=\"simple\">\n   <text-style{} isExpression=\"0\" fontSize=\"8\" fontSizeUnit=\"Point\" textColor=\"40,40,40,255\" fontFamily=\"Open Sans\" textOpacity=\"1\">\n    <text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,255\" bufferOpacity=\"1\"/>\n   </text-style>\n  </settings>\n </labeling>\n <previewExpression>{}</previewExpression>\n",
                attribute("fieldName", label),
                xml_text(&column(label))
            ));
        }
        if fields.is_empty() {
            return xml;
        }
        xml.push_str(" <aliases>\n");
        for (nth, field) in fields.iter().enumerate() {
            let (name, alias) = (attribute("field", &field.name), attribute("name", &alias(field)));
            xml.push_str(&format!("  <alias index=\"{}\"{name}{alias}/>\n", nth + 1));
        }
        xml.push_str(" </aliases>\n");
        xml
    }
}

/// A field's name as a QGIS expression has it.
pub fn column(field: &str) -> String {
    format!("\"{}\"", clean_text(field).replace('"', "\"\""))
}

/// What people read above a column in place of its name: the words of the name, and the unit. The
/// whole meaning is a sentence.
pub fn alias(field: &Field) -> String {
    let mut words = clean_text(&field.name).replace('_', " ");
    let unit = field.unit;
    let said = |unit: &str| words.split(' ').any(|word| word == unit);
    if unit == "%" {
        if let Some(rest) = words.strip_prefix("pct ") {
            words = rest.to_owned();
        }
        words = words.replace(" pct ", " % ");
        if !words.contains('%') {
            words.push_str(" (%)");
        }
    } else if unit == "min" && words.ends_with(" min") {
        words.truncate(words.len() - 4);
        words.push_str(" (min)");
    } else if !unit.is_empty() && unit != "count" && !said(unit) {
        words.push_str(&format!(" ({unit})"));
    }
    let mut letters = words.chars();
    match letters.next() {
        // A name that is a code stays one.
        Some(first) if words.chars().any(char::is_uppercase) => {
            format!("{first}{}", letters.as_str())
        }
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

#[cfg(test)]
mod tests;
