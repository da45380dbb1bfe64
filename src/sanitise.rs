//! Text from data, made harmless before it is written or shown.
//!
//! A stop or a neighbourhood may be called anything: an escape sequence that repaints a terminal, a
//! right-to-left override that makes one word read as another, a formula that a spreadsheet runs.
//! Names keep every letter of every script; only what steers the reader's machine is taken out.

use std::borrow::Cow;

/// Text without controls: tabs and line ends become one space, every other control (C0, C1) and
/// every bidirectional override or isolate becomes `�`, so that it is seen that something stood
/// there.
///
/// So do U+FFFE and U+FFFF, which no XML may hold. The bidirectional controls are those of Unicode
/// Standard Annex 9, section 2. Joiners (U+200C, U+200D) stay: Persian and the Indic scripts need
/// them.
pub fn clean_text(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (0x20..0x7f).contains(&byte);
    if text.bytes().all(plain) || !text.chars().any(|c| replacement(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| replacement(c).unwrap_or(c)).collect())
}

/// A text for a cell of a CSV file: cleaned, and with a leading `'` where a spreadsheet would take
/// it for a formula (OWASP, "CSV Injection": a first character of `=`, `+`, `-`, `@`, tab or
/// carriage return).
pub fn csv_text(text: &str) -> Cow<'_, str> {
    let cleaned = clean_text(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cleaned}"))
    } else {
        cleaned
    }
}

fn replacement(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some('\u{fffd}')
        }
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' => Some('\u{fffd}'),
        _ if c.is_control() => Some('\u{fffd}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_script_stay_as_they_are() {
        for name in [
            "Llanfair-ym-Muallt",
            "Ynys Môn",
            "São João",
            "می‌خواهم",
            "क्‍ष",
            "東京",
            "Cardiff & Vale <1>",
        ] {
            assert_eq!(clean_text(name), name);
        }
    }

    #[test]
    fn what_steers_a_terminal_or_turns_the_reading_is_seen_but_does_nothing() {
        assert_eq!(clean_text("\u{1b}[31mred"), "\u{fffd}[31mred");
        assert_eq!(clean_text("exe\u{202e}txt"), "exe\u{fffd}txt");
        assert_eq!(
            clean_text("a\u{2066}b\u{2069}\u{9b}c\u{7f}\0"),
            "a\u{fffd}b\u{fffd}\u{fffd}c\u{fffd}\u{fffd}"
        );
        assert_eq!(clean_text("two\r\nlines\tand\u{2028}more"), "two  lines and more");
    }

    #[test]
    fn a_formula_becomes_text() {
        for (text, cell) in [
            ("=cmd()", "'=cmd()"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\r=1", "' =1"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(csv_text(text), cell);
        }
    }
}
