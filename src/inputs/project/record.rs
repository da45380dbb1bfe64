//! What is made of the fields: an index, groups to compare, inequality, and names for others'
//! tools.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ProjectPath;

/// `[index]`: domains and indicators with their weights.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IndexInput {
    /// By how much weights are varied up and down to see how far ranks move; 0.2 is a fifth.
    pub vary: f64,
    /// How many times they are.
    pub draws: u32,
    /// The domains in the order of the file; none stands for the built-in ones.
    pub domains: Vec<DomainInput>,
}

/// `[index.domains.NAME]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DomainInput {
    /// The key, which is part of field names.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What its transformed rank is multiplied by in the index's sum.
    pub weight: f64,
    /// What it is made of.
    pub indicators: Vec<IndicatorInput>,
}

/// An indicator of a domain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndicatorInput {
    /// A field of the result.
    pub field: String,
    /// Which end of it is the worse one.
    pub worse: WorseValues,
    /// What its transformed rank is multiplied by in the domain's sum.
    pub weight: f64,
}

/// Which values of an indicator are the worse ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WorseValues {
    /// High values: travel times.
    High,
    /// Low values: jobs within reach.
    Low,
}

/// `[groups.NAME]`: a way to part the neighbourhoods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grouping {
    /// The key, which is part of field names.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where the groups stand.
    pub from: GroupFrom,
    /// Another grouping: of those without the flag, those that share a group of it with one that
    /// has the flag are compared too.
    pub equally_deprived_by: Option<String>,
    /// Whether to go on when the table knows fewer than 98 % of the neighbourhoods.
    pub allow_unmatched: bool,
}

/// Where the groups of neighbourhoods stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupFrom {
    /// A field of the result.
    Field(String),
    /// A table joined by code.
    Table {
        /// The table.
        file: ProjectPath,
        /// Its column of codes; detected when absent.
        code: Option<String>,
        /// Its column of groups.
        column: String,
    },
}

/// `[inequality]`: what is measured besides the fields of opportunities.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Inequality {
    /// The fields; none stands for every field that counts jobs, places or departures.
    pub fields: Vec<String>,
    /// A line for some of them: who has less is poor in access.
    pub lines: BTreeMap<String, f64>,
}

/// Column names of another publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// The Department for Transport's Journey Time Statistics.
    Jts,
}
