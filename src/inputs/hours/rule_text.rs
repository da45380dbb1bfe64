//! An `opening_hours` text as its parser is to see it.
//!
//! The parser keeps neither whether a comment came with a state, nor whether holidays and weekdays
//! were joined by *and* or by *or*; and it takes a comma with a blank for the end of a rule. So
//! these are settled here, before it reads.

/// How a rule joins its holidays and its weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleJoint {
    /// By a blank: `PH Mo` are public holidays that are Mondays.
    And,
    /// By a comma: `PH,Mo` are public holidays and Mondays.
    Or,
}

/// A text without comments, and for each list of holidays in it how it is joined to weekdays, if it
/// is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlainText {
    pub text: String,
    pub joints: Vec<Option<RuleJoint>>,
}

const WEEKDAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const STATES: [&str; 4] = ["open", "closed", "off", "unknown"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const SUN: [&str; 4] = ["dawn", "sunrise", "sunset", "dusk"];

/// The text for the parser; `None` where a quotation mark is left open or nothing is left.
pub(super) fn plain(text: &str) -> Option<PlainText> {
    let bare = without_comments(text)?.replace(" - ", "-");
    let rules: Vec<String> = bare.split(';').map(|rule| one_rule(rule.trim())).collect();
    let rules: Vec<&str> =
        rules.iter().map(|rule| rule.as_str().trim()).filter(|rule| !rule.is_empty()).collect();
    let text = rules.join("; ");
    let joints = joints(&text);
    (!text.is_empty()).then_some(PlainText { text, joints })
}

/// A comment without a state leaves open whether the place is; one before a colon is a label.
fn without_comments(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('"') {
        tidy(before, &mut out);
        let (_, after) = quoted.split_once('"')?;
        rest = after;
        if let Some(labelled) = after.trim_start().strip_prefix(':') {
            rest = labelled;
        } else if !STATES.iter().any(|state| last_word(&out).eq_ignore_ascii_case(state)) {
            out.push_str(" unknown ");
        }
    }
    tidy(rest, &mut out);
    Some(out)
}

/// Blanks of all kinds are one blank, dashes of all kinds one dash.
fn tidy(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            c => out.push(c),
        }
    }
}

fn one_rule(rule: &str) -> String {
    let mut out = String::new();
    let mut rest = rule;
    while let Some(at) = rest.find([',', ':', ' ']) {
        let (before, mark) = rest.split_at(at);
        let after = mark.get(1..).unwrap_or_default();
        push_word(before, &mut out);
        rest = after.trim_start();
        let word = last_word(&out);
        if mark.starts_with(':') {
            // `Mo-Fr: 09:00`; but not the colon of a time.
            let label = after.starts_with(' ') && !word.ends_with(|c: char| c.is_ascii_digit());
            out.push(if label { ' ' } else { ':' });
        } else if mark.starts_with(' ') {
            out.push(' ');
        } else {
            let mark = comma(word, after);
            let month = month_again(&out, rest).map(|month| format!("{month} "));
            out.push_str(mark);
            out.push_str(month.as_deref().unwrap_or_default());
        }
    }
    push_word(rest, &mut out);
    out
}

/// `24/7` stands for all hours wherever it is; `PH` and `SH` are written in capitals.
fn push_word(word: &str, out: &mut String) {
    match word {
        "24/7" => out.push_str("00:00-24:00"),
        word if is_holiday(word) => out.push_str(&word.to_ascii_uppercase()),
        word => out.push_str(word),
    }
}

/// What a comma between a word and what comes after it is: within a list of days or of times, or
/// between two rules.
fn comma(word: &str, after: &str) -> &'static str {
    let spaced = after.starts_with(' ');
    let next = first_word(after.trim_start());
    match (of_days(word), of_days(next)) {
        // `Mo, We 09:00`: one list of days.
        (true, true) => ",",
        // `Mo-Fr, 09:00-17:00`: days and their times. `Su, off`: days and their state.
        (true, false) if spaced => " ",
        // `Mo 09:00-12:00,Tu 10:00-12:00`: two rules.
        (false, true) => ", ",
        _ if spaced => ", ",
        _ => ",",
    }
}

/// The month of a list of its days that goes on, such as `Dec 25,26`.
fn month_again<'a>(before: &'a str, after: &str) -> Option<&'a str> {
    let day = |word: &str| word.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    let days = |word: &str| word.split('-').all(day);
    if !days(last_word(before)) || !days(first_word(after)) {
        return None;
    }
    let mut words = before.rsplit([' ', ',', '-']).skip_while(|word| day(word));
    words.next().filter(|word| MONTHS.iter().any(|month| word.eq_ignore_ascii_case(month)))
}

/// Whether a word belongs to a list of days, months or dates: it is neither a time nor a state.
fn of_days(word: &str) -> bool {
    let first = word.split('-').next().unwrap_or_default();
    let named = |names: &[&str]| names.iter().any(|name| first.eq_ignore_ascii_case(name));
    let written = word.ends_with(|c: char| c.is_alphanumeric() || c == ']');
    written && !word.contains([':', '(', ')']) && !named(&STATES) && !named(&SUN)
}

/// Each list of holidays of a text, in order, with what joins it to weekdays.
fn joints(text: &str) -> Vec<Option<RuleJoint>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = next_holiday(text, from) {
        let (before, list) = text.split_at(at);
        let end = at + end_of_holidays(list);
        let joint = |mark: Option<char>| match mark {
            Some(' ') => Some(RuleJoint::And),
            Some(',') => Some(RuleJoint::Or),
            _ => None,
        };
        let after = text.get(end..).unwrap_or_default();
        let in_front = is_weekday(last_word(before.trim_end_matches([' ', ','])));
        let behind = is_weekday(first_word(after.trim_start_matches([' ', ','])));
        found.push(if in_front && !before.ends_with(", ") {
            joint(before.chars().next_back())
        } else if behind && !after.starts_with(", ") {
            joint(after.chars().next())
        } else {
            None
        });
        from = end;
    }
    found
}

fn next_holiday(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let words = rest.split([' ', ',', ';']);
    let mut at = from;
    for word in words {
        if is_holiday(word) {
            return Some(at);
        }
        at += word.len() + 1;
    }
    None
}

/// Where a list such as `PH,SH` or `PH -1 day` ends.
fn end_of_holidays(list: &str) -> usize {
    let mut end = 2;
    loop {
        let rest = list.get(end..).unwrap_or_default();
        let mut words = rest.split(' ');
        if let (Some(""), Some(shift), Some(days)) = (words.next(), words.next(), words.next())
            && shift.starts_with(['+', '-'])
            && let Some(unit) = ["days", "day"].into_iter().find(|unit| days.starts_with(unit))
        {
            end += 1 + shift.len() + 1 + unit.len();
            continue;
        }
        match rest.strip_prefix(',') {
            Some(next) if is_holiday(first_word(next)) => end += 3,
            _ => return end,
        }
    }
}

fn is_holiday(word: &str) -> bool {
    word.eq_ignore_ascii_case("ph") || word.eq_ignore_ascii_case("sh")
}

/// `Mo`, `Mo-Fr`, `Mo[1]`; also the end of `Su[-1] -1 day`.
fn is_weekday(word: &str) -> bool {
    let name = word.split(['-', '[']).next().unwrap_or_default();
    WEEKDAYS.iter().chain(&["day", "days"]).any(|day| name.eq_ignore_ascii_case(day))
}

fn last_word(text: &str) -> &str {
    text.trim_end().rsplit([' ', ',', ';']).next().unwrap_or_default()
}

fn first_word(text: &str) -> &str {
    text.split([' ', ',', ';']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_states_and_marks_their_meaning() {
        let cases = [
            ("\"by appointment\"", "unknown"),
            ("Mo-Fr 09:00-17:00 \"ring\"", "Mo-Fr 09:00-17:00 unknown"),
            ("Mo-Fr 09:00-17:00 open \"ring; twice\"", "Mo-Fr 09:00-17:00 open"),
            ("closed \"works, for ever\"", "closed"),
            ("\"summer\": Apr-Sep 10:00-18:00", "Apr-Sep 10:00-18:00"),
            ("Mo-Fr 09:00-17:00;", "Mo-Fr 09:00-17:00"),
            ("Mo–Fr  09:00–17:00; ; ph Off", "Mo-Fr 09:00-17:00; PH Off"),
            ("Mo-Su 24/7", "Mo-Su 00:00-24:00"),
            ("24/7; PH off", "00:00-24:00; PH off"),
            ("Mo-Fr: 09:00-17:00", "Mo-Fr 09:00-17:00"),
            ("Mo-Su, PH 05:00-23:20", "Mo-Su,PH 05:00-23:20"),
            ("Dec 25, Dec 26 off", "Dec 25,Dec 26 off"),
            ("Dec 25,26 off", "Dec 25,Dec 26 off"),
            ("Dec 24-26, 31 off", "Dec 24-26,Dec 31 off"),
            ("week 10,12 10:00-11:00", "week 10,12 10:00-11:00"),
            ("Mo - Fr 09:00 - 17:00", "Mo-Fr 09:00-17:00"),
            ("Mo-Fr, 09:00-17:00", "Mo-Fr 09:00-17:00"),
            ("Su, off", "Su off"),
            ("Mo 09:00-12:00,Tu 10:00-12:00", "Mo 09:00-12:00, Tu 10:00-12:00"),
            ("Mo-Fr 09:00-12:00, 14:00-17:00", "Mo-Fr 09:00-12:00, 14:00-17:00"),
            ("Mo-Fr 09:00-12:00,14:00-17:00", "Mo-Fr 09:00-12:00,14:00-17:00"),
            ("Mo-Fr sunrise-sunset, Sa off", "Mo-Fr sunrise-sunset, Sa off"),
            ("Mo-Fr 08:00-12:00 || \"on request\"", "Mo-Fr 08:00-12:00 || unknown"),
        ];
        for (text, wanted) in cases {
            assert_eq!(plain(text).map(|plain| plain.text).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(plain("Mo-Fr \"open quote"), None);
        assert_eq!(plain(" ; "), None);
    }

    #[test]
    fn a_blank_is_and_a_comma_is_or() {
        use RuleJoint::{And, Or};
        let cases: [(&str, &[Option<RuleJoint>]); 11] = [
            ("PH off", &[None]),
            ("PH Mo off", &[Some(And)]),
            ("PH,Mo off", &[Some(Or)]),
            ("PH, Mo off", &[Some(Or)]),
            ("Mo-Fr PH off", &[Some(And)]),
            ("Mo-Su,PH 10:00-12:00", &[Some(Or)]),
            ("SH,PH Mo-Fr 10:00-12:00", &[Some(And)]),
            ("PH -1 day Sa[1] off; SH Tu off", &[Some(And), Some(And)]),
            ("PH +2 days off, SH,PH -1 day off", &[None, None]),
            ("Mo-Fr 10:00-12:00, PH off, We off", &[None]),
            ("Mo-Fr 10:00-12:00", &[]),
        ];
        for (text, wanted) in cases {
            assert_eq!(plain(text).map(|plain| plain.joints).as_deref(), Some(wanted), "{text}");
        }
    }
}
