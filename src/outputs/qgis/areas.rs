//! Styles of areas: the classes of a field, what cannot be reached, what is not known, and what
//! lies at the edge of the data.

use super::{DrawingRule, NamedStyle, Shade, Style, Symbol, alias, column};
use crate::outputs::class_breaks::Classes;
use crate::results::table::{Absence, Field, NeighbourhoodTable, ResultTableError, Value};

const OUTLINE: Shade = Shade("#6b6b6b", 255);
/// Text and lines that are about the data rather than the place.
const GREY: Shade = Shade("#767676", 200);

/// What is said of an area that cannot be reached.
pub const NOT_REACHED: &str = "not reached";
/// What is said of an area of which nothing is known.
pub const NO_DATA: &str = "no data";
/// What is said of an area near the edge of the map.
pub const EDGE: &str = "edge of the data: may be too long";

/// Colours the areas by a field of numbers: `None` when there is no such field.
///
/// # Errors
/// If the field holds no numbers.
pub fn by_field(
    table: &NeighbourhoodTable,
    field: &str,
) -> Result<Option<Style>, ResultTableError> {
    table.check()?;
    let Some(at) = table.numeric(field)? else { return Ok(None) };
    let field = &table.fields[at];
    let classes = Classes::of(field.unit, table.rows.iter().map(|row| &row.values[at]));
    let mut rules: Vec<DrawingRule> =
        (0..classes.len()).map(|class| of_class(&classes, class, field)).collect();
    rules.extend(without_number(table, field));
    if table.position("edge_affected").is_some() {
        rules.push(DrawingRule::new(
            EDGE,
            format!("coalesce({}, false)", column("edge_affected")),
            edge(),
        ));
    }
    Ok(Some(Style {
        rules,
        label: table.position("name").map(|_| "name".to_owned()),
        layered: false,
    }))
}

/// A style for each field that is worth a map, the named one first: the walk and the median time of
/// each category, jobs, the index.
///
/// # Errors
/// If one of the fields holds no numbers.
pub fn all(
    table: &NeighbourhoodTable,
    first: Option<&str>,
) -> Result<Vec<NamedStyle>, ResultTableError> {
    let named = |field: &Field| -> Result<Option<NamedStyle>, ResultTableError> {
        let (name, description) = (alias(field), field.meaning.clone());
        Ok(by_field(table, &field.name)?.map(|style| NamedStyle { name, description, style }))
    };
    let is_first = |field: &&Field| Some(field.name.as_str()) == first;
    let rest = table.fields.iter().filter(|field| !is_first(field) && is_worth_a_map(table, field));
    let fields = table.fields.iter().filter(is_first).chain(rest);
    fields.filter_map(|field| named(field).transpose()).collect()
}

fn is_worth_a_map(table: &NeighbourhoodTable, field: &Field) -> bool {
    let name = field.name.as_str();
    let wanted = name.ends_with("_walk_min")
        || name.contains("_transit_") && name.ends_with("_p50_min")
        || name.starts_with("jobs_transit_") && name.ends_with("_of_p50")
        || name == "index_score";
    wanted
        && table
            .column(name)
            .is_some_and(|mut column| column.any(|value| value.as_number().is_some()))
}

fn of_class(classes: &Classes, class: usize, field: &Field) -> DrawingRule {
    let name = column(&field.name);
    let lower = class.checked_sub(1).and_then(|below| classes.breaks.get(below));
    let filter = match (lower, classes.breaks.get(class)) {
        (None, None) => format!("{name} IS NOT NULL"),
        (None, Some(upper)) => format!("{name} <= {upper}"),
        (Some(lower), None) => format!("{name} > {lower}"),
        (Some(lower), Some(upper)) => format!("{name} > {lower} AND {name} <= {upper}"),
    };
    DrawingRule::new(classes.label(class), filter, fill(classes.colour(class)))
}

/// The same two states that the numbers' own readings have: out of reach is worse than any number,
/// not known is nothing.
fn without_number(table: &NeighbourhoodTable, field: &Field) -> Vec<DrawingRule> {
    let empty = format!("{} IS NULL", column(&field.name));
    if field.absence == Absence::Unknown {
        return vec![DrawingRule::new(NO_DATA, empty, no_data())];
    }
    let mut unknown = Vec::new();
    if table.position("outside_map").is_some() {
        unknown.push(format!("coalesce({}, false)", column("outside_map")));
    }
    if table.position("pct_off_map").is_some() {
        unknown.push(format!("coalesce({}, 100) >= 50", column("pct_off_map")));
    }
    if table.position("pct_off_network").is_some() {
        unknown.push(format!("{} IS NULL", column("pct_off_network")));
    }
    if unknown.is_empty() {
        return vec![DrawingRule::new(NOT_REACHED, empty, not_reached())];
    }
    let unknown = unknown.join(" OR ");
    vec![
        DrawingRule::new(NOT_REACHED, format!("{empty} AND NOT ({unknown})"), not_reached()),
        DrawingRule::new(NO_DATA, format!("{empty} AND ({unknown})"), no_data()),
    ]
}

/// A change in minutes with its classes, and what was lost, gained, or in reach neither before nor
/// after. `state` is the field that tells.
pub fn of_change(change: &str, state: &str, classes: &ChangeClasses) -> Style {
    let (change, state) = (column(change), column(state));
    let within = format!("coalesce({state}, '') NOT IN ('lost', 'gained')");
    let mut rules = Vec::new();
    for (class, label) in classes.labels.iter().enumerate() {
        let lower = class.checked_sub(1).and_then(|below| classes.breaks.get(below));
        let lower = lower.map_or_else(String::new, |lower| format!(" AND {change} > {lower}"));
        let upper = classes
            .breaks
            .get(class)
            .map_or_else(String::new, |upper| format!(" AND {change} <= {upper}"));
        rules.push(DrawingRule::new(
            *label,
            format!("{within}{lower}{upper}"),
            fill(classes.colours[class]),
        ));
    }
    for ((label, colour), name) in [(classes.lost, "lost"), (classes.gained, "gained")] {
        rules.push(DrawingRule::new(label, format!("{state} = '{name}'"), fill(colour)));
    }
    rules.push(DrawingRule::new(
        "in reach neither before nor after",
        format!("{change} IS NULL AND {state} = 'never'"),
        not_reached(),
    ));
    rules.push(DrawingRule::new(NO_DATA, format!("{state} IS NULL"), no_data()));
    Style { rules, label: Some("name".to_owned()), layered: false }
}

/// The classes of a change.
pub struct ChangeClasses {
    /// The upper ends of all but the last.
    pub breaks: &'static [f64],
    /// What they are called: one more.
    pub labels: &'static [&'static str],
    /// As many colours.
    pub colours: &'static [&'static str],
    /// What is no longer in reach: its name and colour.
    pub lost: (&'static str, &'static str),
    /// What came into reach.
    pub gained: (&'static str, &'static str),
}

/// Whether a table has any value in a field.
pub fn is_filled(table: &NeighbourhoodTable, field: &str) -> bool {
    table.column(field).is_some_and(|mut column| column.any(|value| *value != Value::Missing))
}

fn fill(colour: &'static str) -> Symbol {
    Symbol::Fill { colour: Shade(colour, 255), outline: OUTLINE }
}

fn not_reached() -> Symbol {
    let ground = Some(Shade("#f4e9e4", 255));
    Symbol::Hatch { ground, colour: Shade("#4a4a4a", 255), angle: 45, distance: 1.4, width: 0.3 }
}

fn no_data() -> Symbol {
    Symbol::Fill { colour: Shade("#ececec", 255), outline: Shade("#bdbdbd", 255) }
}

fn edge() -> Symbol {
    Symbol::Hatch { ground: None, colour: GREY, angle: 135, distance: 3.0, width: 0.1 }
}
