use std::path::Path;

use super::*;
use crate::results::table::tests::{field, square};
use crate::results::table::{NeighbourhoodRow, Value};

/// People, decile, flag, walk, share within 15 min, jobs.
type Given = (f64, &'static str, &'static str, Option<f64>, f64, f64);

/// Eight neighbourhoods of deciles 1, 1, 1, 2, 5, 5, 10, 10; the first is left behind. The third
/// does not get there, of the last nothing is known.
pub(crate) fn table() -> NeighbourhoodTable {
    let names = [
        ("id", ""),
        ("population", "people"),
        ("deprivation_decile", ""),
        ("group_behind", ""),
        ("library_walk_min", "min"),
        ("library_walk_pct_15min", "%"),
        ("jobs_transit_am_45min_of_p50", "jobs"),
        ("outside_map", ""),
    ];
    let rows: [Given; 8] = [
        (100.0, "1", "TRUE", Some(30.0), 10.0, 100.0),
        (300.0, "1", "FALSE", Some(10.0), 90.0, 400.0),
        (200.0, "1.0", "FALSE", None, 0.0, 0.0),
        (100.0, "2", "FALSE", Some(12.0), 80.0, 500.0),
        (100.0, "5", "FALSE", Some(14.0), 60.0, 500.0),
        (100.0, "5", "FALSE", Some(16.0), 40.0, 500.0),
        (100.0, "10", "FALSE", Some(18.0), 20.0, 900.0),
        (100.0, "10", "FALSE", None, 0.0, 0.0),
    ];
    let row = |(n, (people, decile, behind, walk, share, jobs)): (usize, &Given)| {
        let off = n == 7;
        let known = |value: f64| if off { Value::Missing } else { Value::Number(value) };
        NeighbourhoodRow {
            values: vec![
                Value::Text(format!("E{n}")),
                Value::Number(*people),
                Value::Text((*decile).into()),
                Value::Text((*behind).into()),
                walk.map_or(Value::Missing, Value::Number),
                known(*share),
                known(*jobs),
                Value::Flag(off),
            ],
            polygon: square(0.0, 0.0, 1.0),
        }
    };
    NeighbourhoodTable {
        fields: names.iter().map(|(name, unit)| field(name, unit, 1)).collect(),
        rows: rows.iter().enumerate().map(row).collect(),
    }
}

pub(crate) fn project(more: &str) -> Project {
    let text = format!(
        "osm = [\"a.pbf\"]\ncutoffs_min = [15]\n[neighbourhoods]\nfile = \"n.geojson\"\n{more}"
    );
    Project::parse(&text, "lastmile.toml", Path::new("")).expect("valid")
}

pub(crate) const GROUPS: &str = "[groups.deprivation]\nfield = \"deprivation_decile\"\n\
    [groups.behind]\nfield = \"group_behind\"\nequally_deprived_by = \"deprivation\"\n\
    [inequality.lines]\njobs_transit_am_45min_of_p50 = 500\n";

#[test]
fn left_behind_is_set_against_equally_deprived_and_all() {
    let (project, table) = (project(GROUPS), table());
    let compared = compare(&project, &table, &groupings(&project, &table));
    let [by_decile, behind] = compared.groupings.as_slice() else { panic!("two groupings") };
    let names = |groups: &Groups| {
        groups.groups.iter().map(|g| format!("{} {}", g.name, g.neighbourhoods)).collect::<Vec<_>>()
    };
    assert_eq!(names(by_decile), ["1 3", "2 1", "5 2", "10 2", "all 8"], "numbers in their order");
    assert_eq!(names(behind), ["yes 1", "equally deprived 2", "no 7", "all 8"]);
    let walk = |group: usize| &behind.groups[group].rows[0];
    assert_eq!(table.fields[walk(0).field].name, "library_walk_min");
    assert_eq!(
        (walk(0).quantiles[2], walk(0).within[0], walk(0).mean),
        (Some(30.0), Some(10.0), Some(30.0))
    );
    // 300 people at 10 min and 200 who do not get there: the median is 10, the ninth decile
    // unreached, the mean none.
    assert_eq!(
        (walk(1).quantiles[2], walk(1).quantiles[4], walk(1).mean),
        (Some(10.0), None, None)
    );
    assert_eq!((walk(1).unreached, walk(1).people), (Some(40.0), 500.0));
    assert!((walk(1).within[0].expect("known") - 54.0).abs() < 1e-9, "(300 * 90 + 200 * 0) / 500");
    // Of all 1,100 people those of the last neighbourhood are not known.
    assert_eq!((walk(3).people, walk(3).known), (1000.0, 7));
}

#[test]
fn inequality_counts_what_is_within_reach_by_deprivation() {
    let (project, table) = (project(GROUPS), table());
    let inequalities = compare(&project, &table, &groupings(&project, &table)).inequalities;
    assert_eq!(
        (inequalities.ranked_by, inequalities.rows.len()),
        (None, 1),
        "the deciles are text here"
    );
    let jobs = &inequalities.rows[0];
    let poor = jobs.poverty.expect("a line").1;
    // Below 500: 100 people with 100, 300 with 400, 200 with none; 600 of 1,000.
    assert!((poor.extent - 0.6).abs() < 1e-12);
    assert!((poor.gap - (100.0 * 0.8 + 300.0 * 0.2 + 200.0) / 1000.0).abs() < 1e-12);
    let theil = jobs.theil.expect("known");
    assert!((theil.total - theil.between - theil.within).abs() < 1e-12 && theil.between > 0.0);
}

#[test]
fn a_time_has_no_inequality_and_an_unknown_field_is_named() {
    let more = "[inequality]\nfields = [\"library_walk_min\", \"jobs\"]\n";
    let inequalities = compare(&project(more), &table(), &[]).inequalities;
    assert!(inequalities.rows.is_empty());
    assert!(
        inequalities.left_out[0].contains("is a travel time")
            && inequalities.left_out[1].contains("no field")
    );
}
