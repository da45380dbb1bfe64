//! `[scenarios.NAME]`: what would be otherwise.
//!
//! A modification is a kind and some words: `{ cut = { route = "12", after = "19:00", days = "sun"
//! } }` in the project file, or `cut route=12 after=19:00 days=sun` on the command line. Both go
//! through one parser, so that they mean the same. A file that one names lies beside the project
//! file.

mod kinds;
mod modification;
mod read;
mod shapes;
mod words;
pub mod write;

use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;
use toml::{Spanned, Value};

use super::ProjectPath;
use super::check::{Checker, in_file_order, plain, quoted};
use super::error::{ProjectError, line_of};
use super::raw;

pub use kinds::*;
pub use modification::{Acts, Modification};
pub use read::KINDS;
pub use shapes::{DrawnArea, DrawnCourse};
pub(crate) use words::point;
pub use words::{BadWord, KeyValue};

/// Something that would be otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// The key, which names folders and fields: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Other feeds in the place of the project's.
    pub gtfs: Option<Vec<ProjectPath>>,
    /// With other feeds, the date that day types are resolved to the nearest of.
    #[serde(serialize_with = "super::optional_date")]
    pub date: Option<Date>,
    /// What is changed, in this order.
    pub modifications: Vec<Modification>,
}

impl Scenario {
    /// Which way it may act on travel times: with other feeds, either way.
    pub fn acts(&self) -> Acts {
        let own = if self.gtfs.is_some() { Acts::EITHER } else { Acts::NOT };
        self.modifications.iter().fold(own, |acts, one| acts.and(one.acts()))
    }

    /// The files that its modifications were read from, each once.
    pub fn files(&self) -> Vec<&Path> {
        let mut files: Vec<&Path> = Vec::new();
        for file in self.modifications.iter().flat_map(Modification::files) {
            if !files.contains(&file.as_path()) {
                files.push(file);
            }
        }
        files
    }
}

impl Checker<'_> {
    pub(super) fn scenarios(
        &self,
        raw: raw::RawNamed<raw::RawScenario>,
    ) -> Result<Vec<Scenario>, ProjectError> {
        in_file_order(raw)
            .into_iter()
            .map(|(name, scenario)| self.scenario(&name, scenario))
            .collect()
    }

    fn scenario(
        &self,
        given: &Spanned<String>,
        raw: raw::RawScenario,
    ) -> Result<Scenario, ProjectError> {
        let name = self.key_name("scenarios", given)?;
        let key = |k: &str| format!("scenarios.{name}.{k}");
        let gtfs = raw.gtfs.map(|feeds| self.paths(&key("gtfs"), &feeds)).transpose()?;
        let date = match &raw.date {
            Some(date) if gtfs.is_none() => {
                let wanted =
                    "a date with `gtfs` alone: without other feeds both sides have the same dates";
                return Err(self.bad(&date.span(), &key("date"), plain(date.get_ref()), wanted));
            }
            date => date.as_ref().map(|date| self.date(&key("date"), date)).transpose()?,
        };
        let modifications = raw
            .modifications
            .into_iter()
            .map(|one| self.modification(&name, one))
            .collect::<Result<Vec<_>, _>>()?;
        if gtfs.as_ref().is_none_or(Vec::is_empty) && modifications.is_empty() {
            let wanted = "`gtfs` with other feeds, or `modifications` such as [{ cut = { route = \"12\", after = \"19:00\" } }]";
            return Err(self.bad(&given.span(), &format!("scenarios.{name}"), "nothing", wanted));
        }
        let label =
            self.text_of(&key("label"), raw.label)?.unwrap_or_else(|| name.replace('_', " "));
        Ok(Scenario { name, label, gtfs, date, modifications })
    }

    fn modification(
        &self,
        scenario: &str,
        raw: Spanned<raw::RawModification>,
    ) -> Result<Modification, ProjectError> {
        let span = raw.span();
        let mut kinds = raw.into_inner().into_iter();
        let (Some((kind, raw)), None) = (kinds.next(), kinds.next()) else {
            let key = format!("scenarios.{scenario}.modifications");
            let wanted = "one kind in each pair of braces, such as { cut = { route = \"12\" } }";
            return Err(self.bad(&span, &key, "another number of kinds", wanted));
        };
        let mut raw: Vec<_> = raw.into_iter().collect();
        raw.sort_by_key(|(key, _)| key.span().start);
        let words = raw.iter().map(|(key, value)| pair(key.get_ref(), value.get_ref())).collect();
        Modification::read(kind.get_ref(), words, Some(self.root)).map_err(|bad| {
            let at = bad.key();
            let place = raw.iter().find(|(key, _)| key.get_ref() == at);
            let span = place.map_or_else(
                || kind.span(),
                |(key, value)| match &bad {
                    BadWord::Unknown { .. } => key.span(),
                    _ => value.span(),
                },
            );
            let key = format!("scenarios.{scenario}: {}.{at}", kind.get_ref());
            match bad {
                BadWord::Unknown { key, advice } => ProjectError::UnknownKey {
                    file: self.file.to_owned(),
                    line: line_of(self.text, &span),
                    key,
                    advice,
                },
                BadWord::Value { value, wanted, .. } => {
                    self.bad(&span, &key, quoted(value), wanted)
                }
                BadWord::Missing { wanted, .. } => self.bad(&span, &key, "nothing", wanted),
            }
        })
    }
}

fn pair(key: &str, value: &Value) -> KeyValue {
    match value {
        Value::Array(values) => {
            KeyValue { key: key.to_owned(), values: values.iter().map(plain).collect() }
        }
        other => KeyValue { key: key.to_owned(), values: vec![plain(other)] },
    }
}

#[cfg(test)]
mod tests;
