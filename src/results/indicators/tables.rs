//! Further facts about the neighbourhoods, carried as they are.

use super::Indicators;
use super::columns::{ColumnMeaning, IndicatorColumns, text};
use crate::inputs::attributes::AttributeValues;
use crate::results::table::Value;

impl Indicators<'_> {
    pub(super) fn tables(&self, columns: &mut IndicatorColumns) {
        for table in self.tables {
            let how =
                if table.join.is_some() { "" } else { ", mean over its people by where they live" };
            for column in &table.columns {
                let name = format!("{}_{}", table.name, column.key);
                let meaning = format!("{}{how}", column.label);
                match &column.values {
                    AttributeValues::Numbers(numbers) => {
                        let whole = numbers.iter().flatten().all(|n| n.fract() == 0.0);
                        let decimals = if whole { 0 } else { 3 };
                        let says = ColumnMeaning {
                            unit: "",
                            decimals,
                            meaning,
                            window: None,
                            source: &table.source,
                        };
                        columns.add(
                            &name,
                            says,
                            numbers.iter().map(|n| n.map_or(Value::Missing, Value::number)),
                        );
                    }
                    AttributeValues::Texts(texts) => {
                        let says = text(&meaning, &table.source);
                        columns.add(&name, says, texts.iter().map(|t| Value::text(t.clone())));
                    }
                }
            }
        }
    }
}
