use super::*;
use crate::results::table::tests::field;

fn style() -> Style {
    let fill = Symbol::Fill { colour: Shade("#ffffcc", 255), outline: Shade("#5a5a5a", 255) };
    let hatch = Symbol::Hatch {
        ground: None,
        colour: Shade("#5a5a5a", 128),
        angle: 45,
        distance: 2.0,
        width: 0.2,
    };
    let rules = vec![
        DrawingRule::new("up to 15 min", "\"gp_walk_min\" <= 15", fill),
        DrawingRule::new("<b>&", "\"x\" IS NULL", hatch),
    ];
    Style { rules, label: Some("name".to_owned()), layered: false }
}

#[test]
fn rules_and_their_symbols_stand_in_one_order_and_labels_are_off() {
    let qml = style().to_qml(&[field("gp_walk_min", "min", 1)]);
    assert!(qml.contains(
        "<rule key=\"rule0\" symbol=\"0\" label=\"up to 15 min\" filter=\"&quot;gp_walk_min&quot; &lt;= 15\"/>"
    ));
    assert!(
        qml.contains("<symbol type=\"fill\" name=\"0\"")
            && qml.contains("<symbol type=\"line\" name=\"@1@0\"")
    );
    assert!(qml.contains("labelsEnabled=\"0\"") && qml.contains("fieldName=\"name\""));
    assert!(
        qml.contains("<alias index=\"1\" field=\"gp_walk_min\" name=\"Gp walk (min)\"/>"),
        "{qml}"
    );
    assert!(qml.contains("label=\"&lt;b&gt;&amp;\""));
}

#[test]
fn names_of_fields_cannot_leave_their_attribute() {
    let hostile = "x\"/><evil a='\u{1b}";
    assert_eq!(column(hostile), "\"x\"\"/><evil a='\u{fffd}\"");
    let qml = style().to_qml(&[field(hostile, "", 0)]);
    assert!(
        qml.contains("field=\"x&quot;/&gt;&lt;evil a='\u{fffd}\"") && !qml.contains("<evil"),
        "{qml}"
    );
}

#[test]
fn people_read_words_and_units() {
    let said = |name, unit| alias(&field(name, unit, 0));
    assert_eq!(said("library_transit_am_p50_min", "min"), "Library transit am p50 (min)");
    assert_eq!(said("pct_no_stop", "%"), "No stop (%)");
    assert_eq!(said("gp_walk_pct_15min", "%"), "Gp walk % 15min");
    assert_eq!(said("population", "people"), "Population (people)");
    assert_eq!(said("LSOA21CD", ""), "LSOA21CD");
    assert_eq!(said("origin_points", "count"), "Origin points");
}
