//! `[tables.NAME]`: further facts about the neighbourhoods.

use std::collections::BTreeMap;

use serde::Serialize;
use toml::Spanned;

use super::check::Checker;
use super::check::values::in_file_order;
use super::{Grouping, ProjectError, ProjectPath, raw};

/// `[tables.NAME]`: a table of facts, joined by code or (a layer of polygons) by place, and carried
/// into the outputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AttributeInput {
    /// The key, which heads the fields: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// CSV with a column of codes, or polygons (GeoJSON, GeoPackage, Shapefile) with attributes.
    pub file: ProjectPath,
    /// The column with the area code; detected when absent.
    pub code: Option<String>,
    /// The columns to carry; all but codes and names when empty.
    pub columns: Vec<String>,
    /// Rows to take: by column, the value that they must have.
    #[serde(rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, String>,
    /// For long tables: the column whose values become columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pivot: Option<String>,
    /// For long tables: the column with the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether a layer (or Ookla's tiles) is joined by where people live instead of by code.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_place: bool,
    /// The layer of a GeoPackage that has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Whether to go on when the file knows fewer than 98 % of the neighbourhoods.
    pub allow_unmatched: bool,
}

impl AttributeInput {
    /// One column of a table, joined by code: the groups of a grouping.
    pub(in crate::inputs) fn of_column(
        grouping: &Grouping,
        file: &ProjectPath,
        code: Option<&str>,
        column: &str,
    ) -> AttributeInput {
        AttributeInput {
            name: grouping.name.clone(),
            file: file.clone(),
            code: code.map(str::to_owned),
            columns: vec![column.to_owned()],
            only: BTreeMap::new(),
            pivot: None,
            value: None,
            by_place: false,
            layer: None,
            allow_unmatched: grouping.allow_unmatched,
        }
    }
}

impl Checker<'_> {
    pub(super) fn tables(
        &self,
        raw: raw::RawNamed<raw::RawAttributeTable>,
    ) -> Result<Vec<AttributeInput>, ProjectError> {
        in_file_order(raw).into_iter().map(|(name, table)| self.table(&name, table)).collect()
    }

    fn table(
        &self,
        name: &Spanned<String>,
        raw: raw::RawAttributeTable,
    ) -> Result<AttributeInput, ProjectError> {
        let name = self.key_name("tables", name)?;
        let key = |k: &str| format!("tables.{name}.{k}");
        let pivot = self.text_of(&key("pivot"), raw.pivot)?;
        let value = self.text_of(&key("value"), raw.value)?;
        if pivot.is_some() != value.is_some() {
            let wanted = "`pivot` (the column whose values become columns) and `value` (that of the number) together";
            return Err(self.missing(&key(if pivot.is_some() { "value" } else { "pivot" }), wanted));
        }
        Ok(AttributeInput {
            file: self.path(&key("file"), &raw.file)?,
            code: self.text_of(&key("code"), raw.code)?,
            columns: raw.columns.unwrap_or_default().into_iter().map(Spanned::into_inner).collect(),
            only: raw.only,
            pivot,
            value,
            by_place: raw.by_place,
            layer: self.text_of(&key("layer"), raw.layer)?,
            allow_unmatched: raw.allow_unmatched,
            name,
        })
    }
}
