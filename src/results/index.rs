//! The index as fields of the table.

mod defaults;

use thiserror::Error;

use super::cell_state::readings;
use super::table::{Absence, Field, NeighbourhoodTable, Value};
use crate::access::index::{self, IndexDomain, IndexIndicator, IndexReading, WeightVariation};
use crate::inputs::project::{DomainInput, IndexInput, Project};

/// Why there is no index.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexError {
    /// An indicator that is no field of the result.
    #[error("index.domains.{domain}: `{field}` is no field of the result{}; fields.csv lists them all", nearest(.near))]
    NoField {
        /// The domain that names it.
        domain: String,
        /// Its name.
        field: String,
        /// A field with nearly that name.
        near: Option<String>,
    },
}

fn nearest(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}

/// Adds the index's fields, and says what a reader must know of it.
///
/// # Errors
/// When an indicator is no field of the table.
pub fn add(
    table: &mut NeighbourhoodTable,
    input: &IndexInput,
    project: &Project,
) -> Result<Vec<String>, IndexError> {
    let built_in = || defaults::domains(project, table);
    let asked = if input.domains.is_empty() { built_in() } else { input.domains.clone() };
    let mut notes = Vec::new();
    let (mut inputs, mut domains) = (Vec::new(), Vec::new());
    for mut domain in asked {
        let mut indicators = Vec::new();
        for indicator in std::mem::take(&mut domain.indicators) {
            let readings = readings(table, &indicator.field)
                .ok_or_else(|| no_field(table, &domain, &indicator.field))?;
            if readings.iter().all(|reading| !matches!(reading, IndexReading::Measured(_))) {
                notes.push(format!(
                    "index: no neighbourhood has a value of {}: it is left out",
                    indicator.field
                ));
                continue;
            }
            indicators.push(IndexIndicator {
                weight: indicator.weight,
                worse: indicator.worse,
                readings,
            });
            domain.indicators.push(indicator);
        }
        if indicators.is_empty() {
            notes.push(format!(
                "index: the domain {} has no indicator and is left out",
                domain.label
            ));
            continue;
        }
        domains.push(IndexDomain { weight: domain.weight, indicators });
        inputs.push(domain);
    }
    let n = table.rows.len();
    let scores = index::score(&domains, n);
    let vary = WeightVariation { by: input.vary, draws: input.draws, seed: project.seed };
    let intervals = index::intervals(&domains, &scores, &vary);
    let mut new = Fields { table, source: source(&inputs) };
    for (domain, scores) in inputs.iter().zip(&scores.domains) {
        let (name, label) = (&domain.name, &domain.label);
        let of = indicators(domain);
        let says = format!(
            "need in the domain {label}, 0 to 100, from its rank; higher is worse; made of {of}"
        );
        new.scores(&format!("index_{name}_score"), says, &scores.scores);
        new.ranks(
            &format!("index_{name}_rank"),
            format!("rank in the domain {label}, 1 is the greatest need"),
            scores.ranks.iter().copied(),
        );
    }
    let weights: Vec<String> =
        inputs.iter().map(|domain| format!("{} × {}", domain.weight, domain.label)).collect();
    let says = format!(
        "index of need, higher is worse: {}; empty where an indicator is not known",
        weights.join(" + ")
    );
    new.scores("index_score", says, &scores.scores);
    let ranked = scores.ranks.iter().flatten().count();
    new.ranks(
        "index_rank",
        format!("rank of index_score among {ranked}, 1 is the greatest need; ties share the mean"),
        scores.ranks.iter().copied(),
    );
    let percent = input.vary * 100.0;
    let moved = |end: &str| {
        format!(
            "{end} rank when each weight is up to {percent:.0} % more or less, in {} draws",
            input.draws
        )
    };
    new.ranks(
        "index_rank_low",
        moved("least"),
        intervals.iter().map(|interval| Some((*interval)?.low)),
    );
    new.ranks(
        "index_rank_high",
        moved("greatest"),
        intervals.iter().map(|interval| Some((*interval)?.high)),
    );
    let lacks = |row: usize, which: IndexReading| {
        let pairs = inputs
            .iter()
            .zip(&domains)
            .flat_map(|(input, domain)| input.indicators.iter().zip(&domain.indicators));
        let fields = pairs
            .filter(|(_, of)| of.readings[row] == which)
            .map(|(input, _)| input.field.as_str());
        fields.collect::<Vec<_>>().join(" ")
    };
    let listed = |which: IndexReading| {
        (0..n)
            .map(move |row| lacks(row, which))
            .map(|text| Value::text((!text.is_empty()).then_some(text)))
    };
    let unknown: Vec<Value> = listed(IndexReading::Unknown).collect();
    let unreached: Vec<Value> = listed(IndexReading::Unreached).collect();
    new.add("index_missing", "", "indicators that are not known, so that it has no rank", unknown);
    new.add(
        "index_unreached",
        "",
        "indicators in which it counts as worst, for nothing is reached",
        unreached,
    );
    if ranked < n {
        notes.push(format!("index: {} of {n} neighbourhoods have no rank, for an indicator of theirs is not known (index_missing names it)", n - ranked));
    }
    Ok(notes)
}

fn no_field(table: &NeighbourhoodTable, domain: &DomainInput, field: &str) -> IndexError {
    let far = |name: &str| strsim::damerau_levenshtein(name, field);
    let near = table.fields.iter().map(|field| field.name.as_str()).min_by_key(|name| far(name));
    let near = near.filter(|near| far(near) <= 1 + field.len() / 3).map(str::to_owned);
    IndexError::NoField { domain: domain.name.clone(), field: field.to_owned(), near }
}

fn indicators(domain: &DomainInput) -> String {
    use crate::inputs::project::WorseValues;
    let one = |of: &crate::inputs::project::IndicatorInput| {
        let end = if of.worse == WorseValues::High { "high" } else { "low" };
        format!("{} ({end} is worse, weight {})", of.field, of.weight)
    };
    domain.indicators.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn source(domains: &[DomainInput]) -> String {
    let fields: usize = domains.iter().map(|domain| domain.indicators.len()).sum();
    format!("{fields} fields of this table")
}

/// The table while the index's fields are added.
struct Fields<'a> {
    table: &'a mut NeighbourhoodTable,
    source: String,
}

impl Fields<'_> {
    fn scores(&mut self, name: &str, meaning: String, scores: &[Option<f64>]) {
        let values = scores.iter().map(|score| score.map_or(Value::Missing, Value::number));
        self.add(name, "points", &meaning, values.collect::<Vec<_>>());
    }

    fn ranks(&mut self, name: &str, meaning: String, ranks: impl Iterator<Item = Option<f64>>) {
        let values: Vec<Value> = ranks.map(rank).collect();
        self.add(name, "rank", &meaning, values);
    }

    fn add(&mut self, name: &str, unit: &'static str, meaning: &str, values: Vec<Value>) {
        self.table.fields.push(Field {
            name: name.to_owned(),
            unit,
            meaning: meaning.to_owned(),
            window: None,
            source: self.source.clone(),
            decimals: if unit == "rank" { 1 } else { 2 },
            absence: Absence::Unknown,
        });
        self.table.rows.iter_mut().zip(values).for_each(|(row, value)| row.values.push(value));
    }
}

/// A whole number, but for ties.
#[expect(clippy::cast_possible_truncation, reason = "a rank is far below 2^52")]
fn rank(rank: Option<f64>) -> Value {
    match rank {
        None => Value::Missing,
        Some(rank) if rank.fract() == 0.0 => Value::Integer(rank as i64),
        Some(rank) => Value::number(rank),
    }
}
