//! One value of the file at a time: in range, or an error that says what would be.

use std::fmt::{Debug, Display};
use std::ops::Range;

use jiff::civil::Date;
use toml::{Spanned, Value};

use super::super::error::{line_of, nearest};
use super::super::raw::{self, RawOpt};
use super::super::{ProjectError, ProjectPath};
use super::Checker;
use crate::inputs::hours::Nation;
use crate::units::{Seconds, ServiceTime};

impl Checker<'_> {
    pub(in crate::inputs::project) fn percentiles(
        &self,
        given: Option<Vec<Spanned<i64>>>,
    ) -> Result<Vec<u8>, ProjectError> {
        let allowed = |n: &i64| u8::try_from(*n).ok().filter(|p| (1..=99).contains(p));
        let wanted = "whole numbers from 1 to 99 (percent of the departures)";
        self.list("percentiles", given, &[25, 50, 75], allowed, wanted)
    }

    pub(in crate::inputs::project) fn cutoffs(
        &self,
        given: Option<Vec<Spanned<i64>>>,
    ) -> Result<Vec<u32>, ProjectError> {
        let allowed = |n: &i64| u32::try_from(*n).ok().filter(|c| (1..=1_080).contains(c));
        self.list(
            "cutoffs_min",
            given,
            &[15, 30, 45, 60],
            allowed,
            "whole numbers from 1 to 1080 (minutes)",
        )
    }

    /// A list of numbers, ascending and each once. An empty list is not a way to ask for nothing.
    pub(in crate::inputs::project) fn list<T: Ord + Copy>(
        &self,
        key: &str,
        given: Option<Vec<Spanned<i64>>>,
        default: &[T],
        allowed: impl Fn(&i64) -> Option<T>,
        wanted: &str,
    ) -> Result<Vec<T>, ProjectError> {
        let Some(given) = given else { return Ok(default.to_vec()) };
        if given.is_empty() {
            return Err(self.missing(key, wanted));
        }
        let one = |n: &Spanned<i64>| {
            allowed(n.get_ref()).ok_or_else(|| self.bad(&n.span(), key, n.get_ref(), wanted))
        };
        let mut list = given.iter().map(one).collect::<Result<Vec<T>, _>>()?;
        list.sort_unstable();
        list.dedup();
        Ok(list)
    }

    pub(in crate::inputs::project) fn number(
        &self,
        key: &str,
        given: &RawOpt<f64>,
        default: f64,
        range: std::ops::RangeInclusive<f64>,
        unit: &str,
    ) -> Result<f64, ProjectError> {
        match given {
            None => Ok(default),
            Some(n) if range.contains(n.get_ref()) => Ok(*n.get_ref()),
            Some(n) => {
                let wanted = format!("a number from {} to {} ({unit})", range.start(), range.end());
                Err(self.bad(&n.span(), key, n.get_ref(), wanted))
            }
        }
    }

    pub(in crate::inputs::project) fn choice<T: Copy>(
        &self,
        key: &str,
        given: &Spanned<String>,
        known: &[(&str, T)],
    ) -> Result<T, ProjectError> {
        let word = given.get_ref();
        known.iter().find(|(name, _)| name == word).map(|(_, value)| *value).ok_or_else(|| {
            let all: Vec<String> = known.iter().map(|(name, _)| quoted(name)).collect();
            let mut wanted = all.join(" or ");
            if let Some(near) = nearest(word, known.iter().map(|(name, _)| *name)) {
                wanted = format!("{wanted} (did you mean \"{near}\"?)");
            }
            self.bad(&given.span(), key, quoted(word), wanted)
        })
    }

    pub(in crate::inputs::project) fn date(
        &self,
        key: &str,
        given: &Spanned<Value>,
    ) -> Result<Date, ProjectError> {
        let text = plain(given.get_ref());
        let shape = text.len() == 10 && text.bytes().filter(|&b| b == b'-').count() == 2;
        let date = shape.then(|| text.parse().ok()).flatten();
        date.ok_or_else(|| self.bad(&given.span(), key, quoted(&text), "a date as \"YYYY-MM-DD\""))
    }

    pub(in crate::inputs::project) fn time(
        &self,
        key: &str,
        given: &Spanned<Value>,
    ) -> Result<ServiceTime, ProjectError> {
        let text = plain(given.get_ref());
        service_time(&text).ok_or_else(|| {
            self.bad(
                &given.span(),
                key,
                quoted(&text),
                "a time of the service day as \"HH:MM\", from 00:00 to 47:59",
            )
        })
    }

    pub(in crate::inputs::project) fn timezone(
        &self,
        given: &Spanned<String>,
    ) -> Result<String, ProjectError> {
        let name = given.get_ref();
        match jiff::tz::TimeZone::get(name) {
            Ok(_) => Ok(name.clone()),
            Err(_) => {
                let wanted = "an IANA time zone, such as \"Europe/London\"";
                Err(self.bad(&given.span(), "timezone", quoted(name), wanted))
            }
        }
    }

    pub(in crate::inputs::project) fn nation(
        &self,
        given: &Spanned<String>,
    ) -> Result<Nation, ProjectError> {
        let named = given.get_ref().as_str();
        Nation::ALL.into_iter().find(|nation| nation.key() == named).ok_or_else(|| {
            let wanted = "\"england_and_wales\", \"scotland\", \"northern_ireland\" or \"ireland\"";
            self.bad(&given.span(), "public_holidays", quoted(named), wanted)
        })
    }

    pub(in crate::inputs::project) fn key_name(
        &self,
        table: &str,
        name: &Spanned<String>,
    ) -> Result<String, ProjectError> {
        let word = name.get_ref();
        let letters =
            word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if letters && word.bytes().next().is_some_and(|b| b.is_ascii_lowercase()) {
            return Ok(word.clone());
        }
        let wanted = "a name of small letters, digits and `_` that begins with a letter: it becomes part of field names";
        Err(self.bad(&name.span(), table, quoted(word), wanted))
    }

    pub(in crate::inputs::project) fn text_of(
        &self,
        key: &str,
        given: RawOpt<String>,
    ) -> Result<Option<String>, ProjectError> {
        match given {
            Some(text) if text.get_ref().trim().is_empty() => {
                Err(self.bad(&text.span(), key, "\"\"", "some text, or leave the key out"))
            }
            other => Ok(other.map(Spanned::into_inner)),
        }
    }

    /// Lines of text, none of them empty.
    pub(in crate::inputs::project) fn lines(
        &self,
        key: &str,
        given: Vec<Spanned<String>>,
    ) -> Result<Vec<String>, ProjectError> {
        let lines = given.into_iter().map(|line| self.text_of(key, Some(line)));
        Ok(lines.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    pub(in crate::inputs::project) fn path(
        &self,
        key: &str,
        given: &Spanned<String>,
    ) -> Result<ProjectPath, ProjectError> {
        if given.get_ref().trim().is_empty() {
            return Err(self.bad(&given.span(), key, "\"\"", "a file name, relative to this file"));
        }
        Ok(ProjectPath::new(given.get_ref(), self.root))
    }

    pub(in crate::inputs::project) fn optional_path(
        &self,
        key: &str,
        given: RawOpt<String>,
    ) -> Result<Option<ProjectPath>, ProjectError> {
        given.map(|p| self.path(key, &p)).transpose()
    }

    pub(in crate::inputs::project) fn paths(
        &self,
        key: &str,
        given: &[Spanned<String>],
    ) -> Result<Vec<ProjectPath>, ProjectError> {
        given.iter().map(|p| self.path(key, p)).collect()
    }

    pub(in crate::inputs::project) fn bad(
        &self,
        span: &Range<usize>,
        key: &str,
        value: impl Display,
        wanted: impl Display,
    ) -> ProjectError {
        ProjectError::Value {
            file: self.file.to_owned(),
            line: line_of(self.text, span),
            key: key.to_owned(),
            value: value.to_string(),
            wanted: wanted.to_string(),
        }
    }

    pub(in crate::inputs::project) fn missing(&self, key: &str, wanted: &str) -> ProjectError {
        ProjectError::Missing {
            file: self.file.to_owned(),
            key: key.to_owned(),
            wanted: wanted.to_owned(),
        }
    }
}

/// `HH:MM` (or `HH:MM:SS`, as TOML writes its own times), hours up to 47.
pub(in crate::inputs::project) fn service_time(text: &str) -> Option<ServiceTime> {
    let parts: Vec<&str> = text.split(':').collect();
    let two_digits = |p: &&str| p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(two_digits) {
        return None;
    }
    let numbers: Vec<i32> = parts.iter().filter_map(|p| p.parse().ok()).collect();
    let (hours, minutes, seconds) =
        (*numbers.first()?, *numbers.get(1)?, numbers.get(2).copied().unwrap_or(0));
    (hours < 48 && minutes < 60 && seconds < 60).then(|| ServiceTime::hms(hours, minutes, seconds))
}

pub(in crate::inputs::project) fn in_file_order<T>(
    named: raw::RawNamed<T>,
) -> Vec<(Spanned<String>, T)> {
    let mut list: Vec<_> = named.into_iter().collect();
    list.sort_by_key(|(name, _)| name.span().start);
    list
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be within hours"
)]
pub(in crate::inputs::project) fn whole_seconds(seconds: f64) -> Seconds {
    Seconds::new(seconds.round() as u32)
}

pub(in crate::inputs::project) fn as_label(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).map(|c| if c == '_' { ' ' } else { c }).collect()
}

pub(in crate::inputs::project) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(in crate::inputs::project) fn quoted(text: impl Debug) -> String {
    format!("{text:?}")
}
