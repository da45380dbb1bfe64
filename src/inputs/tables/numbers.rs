//! Numbers as statistical offices write them, and the ways in which they write none.
//!
//! `1.300` is one and three tenths to some and thirteen hundred to others. A text has a value here
//! only where there is one reading of it: by its own form, or by what the other cells of its file
//! show.

/// No table of the world holds a number beyond this that can be told from its neighbour.
const LARGEST: f64 = 1e15;
/// More people, jobs or places than this are at no place on earth.
const LARGEST_COUNT: f64 = 1e10;
/// What parts thousands beside a point or a comma: blanks of all widths and apostrophes.
const PARTS: [char; 7] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\u{2007}', '\'', '\u{2019}'];

/// The sign before the decimals, as far as a file shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::inputs) enum Decimal {
    /// `1,234.5`
    #[default]
    Point,
    /// `1.234,5`
    Comma,
    /// A file that may mean either.
    Unsaid,
    /// All decimals are three: points before decimals of a measure, or between thousands of a
    /// count.
    Threes,
}

/// A text that is not the number that is wanted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(in crate::inputs) enum NoNumber {
    /// Not a number at all.
    #[error("{0:?}, which is no number")]
    Text(String),
    /// A number in two ways: with a decimal point, and with points or commas between thousands.
    #[error(
        "{text:?}, which may be {decimal} or {thousands} and nothing in the file tells which: write it without a sign \
         between thousands"
    )]
    Ambiguous {
        /// The text.
        text: String,
        /// What it is if the sign stands before decimals.
        decimal: f64,
        /// What it is if the sign parts thousands.
        thousands: f64,
    },
    /// A number below 0 where things are counted.
    #[error("{0:?}, which is below 0")]
    Negative(String),
    /// A number of which there cannot be so many.
    #[error("{0:?}, which is more than there can be")]
    TooLarge(String),
    /// A percentage where things are counted.
    #[error("{0:?}, which is a share and no count")]
    Share(String),
}

/// Reads a number as people write it: `1,234.5`, `1 234`, `12 %`.
pub(in crate::inputs) fn parse_number(
    text: &str,
    decimal: Decimal,
) -> Result<Option<f64>, NoNumber> {
    if is_missing(text) {
        return Ok(None);
    }
    let bare = bare_of(text);
    let number = match (decimal, readings(bare)) {
        (Decimal::Point | Decimal::Threes, (Some(n), _)) | (Decimal::Comma, (_, Some(n))) => n,
        (Decimal::Unsaid, (Some(a), Some(b))) if a != b => {
            let (decimal, thousands) = if a.abs() < b.abs() { (a, b) } else { (b, a) };
            return Err(NoNumber::Ambiguous { text: text.to_owned(), decimal, thousands });
        }
        (Decimal::Unsaid, (Some(n), _) | (None, Some(n))) => n,
        _ => return Err(NoNumber::Text(text.to_owned())),
    };
    if number.abs() <= LARGEST {
        Ok(Some(number))
    } else {
        Err(NoNumber::TooLarge(text.to_owned()))
    }
}

/// As [`parse_number`], for how many there are of something: at least 0, and no percentage.
pub(in crate::inputs) fn parse_count(
    text: &str,
    decimal: Decimal,
) -> Result<Option<f64>, NoNumber> {
    // A count has no thousandths.
    let decimal = if decimal == Decimal::Threes { Decimal::Unsaid } else { decimal };
    let error = match parse_number(text, decimal)? {
        None => return Ok(None),
        Some(_) if is_percentage(text) => NoNumber::Share(text.to_owned()),
        Some(n) if n < 0.0 => NoNumber::Negative(text.to_owned()),
        Some(n) if n > LARGEST_COUNT => NoNumber::TooLarge(text.to_owned()),
        Some(n) => return Ok(Some(n)),
    };
    Err(error)
}

/// Whether a number is written with `%`.
pub(in crate::inputs) fn is_percentage(text: &str) -> bool {
    without_note(text).ends_with('%')
}

/// Whether a text stands where no code is known: nothing, or one of the signs and words for
/// nothing. A single letter may be a code.
pub(in crate::inputs) fn is_no_code(text: &str) -> bool {
    is_missing(text)
        && !(text.len() == 1 && text.starts_with(|c: char| c.is_alphanumeric()))
        && !text.starts_with(['<', '≤'])
}

/// Whether a text that is a number has signs between its thousands.
pub(in crate::inputs) fn is_grouped(text: &str, decimal: Decimal) -> bool {
    let bare = bare_of(text);
    let sign = match decimal {
        Decimal::Point | Decimal::Threes => Some(','),
        Decimal::Comma => Some('.'),
        Decimal::Unsaid => None,
    };
    bare.chars().any(|c| PARTS.contains(&c) || Some(c) == sign)
}

/// Which sign stands before decimals, by a cell that can only be read in one way; `Unsaid` by a
/// cell with a point or comma that can be read in two.
pub(super) fn shown_by(text: &str) -> Option<Decimal> {
    match readings(bare_of(text)) {
        (Some(_), None) => Some(Decimal::Point),
        (None, Some(_)) => Some(Decimal::Comma),
        (Some(a), Some(b)) if a != b => Some(Decimal::Unsaid),
        _ => None,
    }
}

/// The number alone, without a percent sign and a note.
fn bare_of(text: &str) -> &str {
    let text = without_note(text);
    text.strip_suffix('%').unwrap_or(text).trim()
}

/// Without the mark behind a figure that is estimated, provisional, revised and the like
/// (Government Analysis Function, "Symbols in tables").
fn without_note(text: &str) -> &str {
    const NOTES: [&str; 7] = ["[b]", "[e]", "[f]", "[p]", "[r]", "[u]", "[er]"];
    let lower = text.to_ascii_lowercase();
    let note = NOTES.iter().find(|note| lower.ends_with(**note) && lower.len() > note.len());
    note.and_then(|note| text.get(..text.len() - note.len())).map_or(text, str::trim_end)
}

/// The number that a text is with a decimal point, and the one that it is with a decimal comma.
fn readings(text: &str) -> (Option<f64>, Option<f64>) {
    (reading(text, '.', ','), reading(text, ',', '.'))
}

fn reading(text: &str, decimal: char, thousands: char) -> Option<f64> {
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, power.parse::<i16>().ok()?),
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, part) = digits.split_once(decimal).unwrap_or((digits, ""));
    let whole = together(whole, thousands)?;
    if whole.is_empty() && part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{sign}0{whole}.{part}0e{power}").parse().ok().filter(|n: &f64| n.is_finite())
}

/// The digits before the decimals. Where a sign parts them, it parts all of them by threes.
fn together(whole: &str, thousands: char) -> Option<String> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let Some(sign) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(whole.to_owned());
    };
    if sign != thousands && !PARTS.contains(&sign) {
        return None;
    }
    let mut groups = whole.split(sign);
    let first = groups.next()?;
    let begins = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    let by_threes = begins && groups.all(|group| group.len() == 3 && digits(group));
    by_threes.then(|| whole.replace(sign, ""))
}

/// The ways in which statistical offices say that they do not say.
fn is_missing(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = [
        "",
        "*",
        "**",
        "-",
        "–",
        "—",
        ".",
        "..",
        "...",
        "…",
        ":",
        "!",
        "#",
        "~",
        "?",
        "n/a",
        "#n/a",
        "n.a.",
        "na",
        "nan",
        "null",
        "none",
        "nil",
        "c",
        "x",
        "[c]",
        "[x]",
        "[z]",
        "[u]",
        "[w]",
        "[low]",
        "[s]",
        "[d]",
        "[n]",
        "[b]",
        "[e]",
        "[f]",
        "[p]",
        "[r]",
        "***",
        "--",
        "---",
        "^",
        "@",
        "(c)",
        "(x)",
        "no data",
        "not available",
        "not applicable",
        "not known",
        "unknown",
        "missing",
        "suppressed",
        "confidential",
        "insufficient premises",
    ];
    let below =
        |rest: &str| !rest.trim().is_empty() && rest.trim().bytes().all(|b| b.is_ascii_digit());
    words.contains(&lower.as_str()) || lower.strip_prefix(['<', '≤']).is_some_and(below)
}
