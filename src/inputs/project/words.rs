//! How values are written in a project file and in messages.

use std::fmt::Debug;

use toml::{Spanned, Value};

use super::raw;
use crate::units::{Seconds, ServiceTime};

/// `HH:MM` (or `HH:MM:SS`, as TOML writes its own times), hours up to 47.
pub(super) fn service_time(text: &str) -> Option<ServiceTime> {
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

pub(super) fn in_file_order<T>(named: raw::Named<T>) -> Vec<(Spanned<String>, T)> {
    let mut list: Vec<_> = named.into_iter().collect();
    list.sort_by_key(|(name, _)| name.span().start);
    list
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be within hours")]
pub(super) fn whole_seconds(seconds: f64) -> Seconds {
    Seconds(seconds.round() as u32)
}

pub(super) fn as_label(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).map(|c| if c == '_' { ' ' } else { c }).collect()
}

pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn quoted(text: impl Debug) -> String {
    format!("{text:?}")
}
