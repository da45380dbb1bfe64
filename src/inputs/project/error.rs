//! What can be wrong with a project file, and how TOML's own complaints are put in those words.

use std::ops::Range;

/// A project file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// The file could not be opened or is not UTF-8.
    #[error(
        "{file}: cannot be read: {source}; name a lastmile.toml, or write one with `lastmile init DIR`"
    )]
    Read {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not TOML, or a value has the wrong type.
    #[error("{file}, line {line}: {key}{message}")]
    Syntax {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The key with `: ` behind it, or nothing.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// A key that means nothing here.
    #[error("{file}, line {line}: unknown key `{key}`; {advice}")]
    UnknownKey {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The key as written.
        key: String,
        /// The nearest known key, or all that are known.
        advice: String,
    },
    /// A value that is not allowed.
    #[error("{file}, line {line}: {key} = {value} is not allowed; give {wanted}")]
    Value {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The key with its table, such as `walk.speed_kmh`.
        key: String,
        /// The value as read.
        value: String,
        /// What is allowed, with the unit.
        wanted: String,
    },
    /// A key that has no default.
    #[error("{file}: {key} is missing; give {wanted}")]
    Missing {
        /// The file.
        file: String,
        /// The key with its table.
        key: String,
        /// What is allowed.
        wanted: String,
    },
}

/// Puts an error of the TOML reader in the words of this room.
pub(super) fn from_toml(error: &toml::de::Error, text: &str, file: &str) -> ProjectError {
    let span = error.span().unwrap_or(0..0);
    let (file, line) = (file.to_owned(), line_of(text, &span));
    match unknown_field(error.message()) {
        Some((key, known)) => {
            let advice = advice(&key, &known);
            ProjectError::UnknownKey { file, line, key, advice }
        }
        None => {
            let key = key_at(text, line).map(|k| format!("{k}: ")).unwrap_or_default();
            ProjectError::Syntax { file, line, key, message: error.message().replace('\n', "; ") }
        }
    }
}

/// The line of a place in the text, from 1.
pub(super) fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|&b| b == b'\n').count() + 1
}

/// The nearest of the known words, if one is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let near = |k: &str| strsim::jaro_winkler(&word, &k.to_lowercase());
    known
        .into_iter()
        .map(|k| (near(k), k))
        .filter(|(score, _)| *score >= 0.8)
        .fold(None, |best: Option<(f64, &str)>, (score, k)| match best {
            Some((top, _)) if top >= score => best,
            _ => Some((score, k)),
        })
        .map(|(_, k)| k)
}

pub(super) fn advice(key: &str, known: &[String]) -> String {
    match nearest(key, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Takes serde's "unknown field `a`, expected one of `b`, `c`" apart.
fn unknown_field(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field ")?;
    let mut quoted = rest.split('`').skip(1).step_by(2).map(str::to_owned);
    Some((quoted.next()?, quoted.collect()))
}

/// The key that stands on a line, with its table, for messages.
fn key_at(text: &str, line: usize) -> Option<String> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let last = lines.last()?.trim();
    if let Some((table, _)) = last.strip_prefix('[').and_then(|l| l.split_once(']')) {
        return Some(table.to_owned());
    }
    let (key, _) = last.split_once('=')?;
    let key = key.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    if key.is_empty() || !key.chars().all(plain) {
        return None;
    }
    let table = lines.iter().rev().find_map(|l| l.trim().strip_prefix('[')?.split(']').next());
    Some(match table {
        Some(table) => format!("{table}.{key}"),
        None => key.to_owned(),
    })
}
