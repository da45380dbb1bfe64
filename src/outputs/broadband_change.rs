//! Broadband before and after in `change.csv`, where a scenario changes it.

use super::table::{Absence, Field, NeighbourhoodTable, Value};
use crate::inputs::broadband::{Broadband, Measures, ZoneBroadband};
use crate::units::Share;

type Get = fn(&Measures<Option<Share>>) -> Option<Share>;

const MEASURES: [(&str, &str, Get); 6] = [
    ("superfast", "that can have 30 Mbit/s or more", |m| m.superfast),
    ("ultrafast100", "that can have 100 Mbit/s or more", |m| m.ultrafast100),
    ("ultrafast", "that can have 300 Mbit/s or more", |m| m.ultrafast),
    ("gigabit", "that can have 1 Gbit/s", |m| m.gigabit),
    ("full_fibre", "that can have fibre all the way", |m| m.full_fibre),
    ("below_decent", "that cannot have 10 Mbit/s down and 1 up", |m| m.below_decent),
];

/// Adds the share of premises before, after and after less before, for each measure that is known of any neighbourhood.
pub fn add_to(table: &mut NeighbourhoodTable, before: &Broadband, after: &Broadband) {
    for (name, what, get) in MEASURES {
        let share = |zone: &Option<ZoneBroadband>| zone.as_ref().and_then(|zone| get(&zone.shares));
        let (old, new): (Vec<_>, Vec<_>) =
            (before.zones.iter().map(share).collect(), after.zones.iter().map(share).collect());
        if old.iter().chain(&new).all(Option::is_none) {
            continue;
        }
        let less = old.iter().zip(&new).map(|(old, new)| {
            let points = old.zip(*new).map(|(old, new)| new.percent() - old.percent());
            points.map_or(Value::Missing, Value::number)
        });
        let less: Vec<Value> = less.collect();
        let field = |which: &str, unit, meaning: String| Field {
            name: format!("broadband_{name}_pct_{which}"),
            unit,
            meaning,
            window: None,
            source: format!("Ofcom Connected Nations, {}", before.layout),
            decimals: 1,
            absence: Absence::Unknown,
        };
        let columns = [
            (field("before", "%", format!("before: share of premises {what}")), shares(&old)),
            (field("after", "%", format!("after: share of premises {what}")), shares(&new)),
            (
                field("change", "percentage points", format!("after less before: share of premises {what}")),
                less,
            ),
        ];
        for (field, values) in columns {
            table.fields.push(field);
            table.rows.iter_mut().zip(values).for_each(|(row, value)| row.values.push(value));
        }
    }
}

fn shares(shares: &[Option<Share>]) -> Vec<Value> {
    shares.iter().map(|share| Value::percent(*share)).collect()
}
