//! Numbers as statistical offices write them, and the ways in which they write none.

/// Reads a number as people write it: `1,234.5`, `12 %`, and with a decimal comma where semicolons part the cells.
pub(in crate::inputs) fn parse_number(text: &str, decimal_comma: bool) -> Result<Option<f64>, ()> {
    if is_missing(text) {
        return Ok(None);
    }
    let digits = text.strip_suffix('%').unwrap_or(text).trim();
    let plain = if decimal_comma {
        digits.replace(',', ".")
    } else if has_thousands(digits) {
        digits.replace(',', "")
    } else {
        digits.to_owned()
    };
    if !plain.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) {
        return Err(());
    }
    plain.parse().ok().filter(|n: &f64| n.is_finite()).map(Some).ok_or(())
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
        ":",
        "!",
        "#",
        "~",
        "?",
        "n/a",
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
        "no data",
        "not available",
        "suppressed",
        "insufficient premises",
    ];
    let below = |rest: &str| !rest.trim().is_empty() && rest.trim().bytes().all(|b| b.is_ascii_digit());
    words.contains(&lower.as_str()) || lower.strip_prefix('<').is_some_and(below)
}

fn has_thousands(digits: &str) -> bool {
    let whole = digits.split('.').next().unwrap_or_default().trim_start_matches(['+', '-']);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let all_digits = |g: &str| g.bytes().all(|b| b.is_ascii_digit());
    whole.contains(',')
        && (1..=3).contains(&first.len())
        && all_digits(first)
        && groups.all(|g| g.len() == 3 && all_digits(g))
}
