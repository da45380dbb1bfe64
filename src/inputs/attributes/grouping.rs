//! Groups of neighbourhoods: a column of any table, joined by code, such as a decile, a flag or an
//! authority.

use super::rows::RowsByCode;
use crate::finding::Findings;
use crate::ids::{IdxVec, NeighbourhoodIdx};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::project::{AttributeInput, GroupFrom, Grouping};
use crate::inputs::tables::{JoinReport, TableError};

/// What a table says of each neighbourhood, as text; `None` where it says nothing.
pub type Attribute = IdxVec<NeighbourhoodIdx, Option<String>>;

/// The groups that a grouping's table puts the neighbourhoods in, as they are written there; `None`
/// for a grouping by a field of the result.
///
/// # Errors
/// As [`AttributeTable::read`](super::AttributeTable::read).
pub fn read_groups(
    grouping: &Grouping,
    neighbourhoods: &Neighbourhoods,
    findings: &mut Findings,
) -> Result<Option<(Attribute, JoinReport)>, TableError> {
    let GroupFrom::Table { file, code, column } = &grouping.from else { return Ok(None) };
    let input = AttributeInput::of_column(grouping, file, code.as_deref(), column);
    let (rows, join) =
        RowsByCode::joined(&input, &format!("groups.{}", grouping.name), neighbourhoods, findings)?;
    let groups = neighbourhoods.zones.iter().map(|zone| rows.cell(&zone.id, 0)).collect();
    Ok(Some((groups, join)))
}
