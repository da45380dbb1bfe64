//! The tags of an element, and rules that pick elements by them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The tags of one element.
#[derive(Clone, Debug, Default)]
pub struct Tags<'a> {
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Tags<'a> {
    /// Tags from keys and values.
    pub fn new(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Tags<'a> {
        Tags { pairs: pairs.into_iter().collect() }
    }

    /// The value of a key, which is compared whole: `disused:amenity` is not `amenity`.
    #[inline]
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.pairs.iter().find(|(k, _)| *k == key).map(|(_, value)| *value)
    }

    /// Whether a key has this very value.
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether a key has one of these values.
    pub fn is_any(&self, key: &str, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }

    /// Whether the object is said to be there no longer, or not in use, beside tags that say what
    /// it is.
    pub(super) fn say_closed(&self) -> bool {
        const GONE: [&str; 9] = [
            "disused",
            "abandoned",
            "demolished",
            "razed",
            "ruins",
            "vacant",
            "closed",
            "construction",
            "proposed",
        ];
        const EMPTY: [&str; 5] = ["vacant", "disused", "abandoned", "closed", "empty"];
        GONE.iter().any(|key| self.is(key, "yes"))
            || ["amenity", "shop", "leisure", "office"].iter().any(|key| self.is_any(key, &EMPTY))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Keys and values, as they stand in the file.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.pairs.iter().copied()
    }

    pub(super) fn clear(&mut self) {
        self.pairs.clear();
    }

    pub(super) fn push(&mut self, key: &'a str, value: &'a str) {
        self.pairs.push((key, value));
    }
}

/// Which elements are places of a kind: conditions that all must hold, as in `leisure=park &
/// !access=private|no`.
///
/// A condition is `key`, `key=value`, `key=one|other`, `key~one|other` (the value holds one of
/// these, in capitals or small letters), or one of these behind a `!`. Where the data give a list
/// (`amenity=fast_food;toilets`), any member matches. Keys are compared whole, so that
/// `disused:shop` is no shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRule {
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    negated: bool,
    key: String,
    /// Whether a value need only hold one of these.
    part: bool,
    /// None: any value.
    values: Vec<String>,
}

/// Why a text is not a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{rule}` is not a tag rule: {what}; write it like `shop=supermarket|convenience` or `leisure=park & !access=private|no`"
)]
pub struct TagRuleError {
    rule: String,
    what: String,
}

impl TagRule {
    /// The key of its first condition that says what a place is.
    pub fn key(&self) -> &str {
        self.conditions
            .iter()
            .find(|condition| !condition.negated)
            .map_or("", |condition| &condition.key)
    }

    /// Whether an element with these tags is meant.
    pub fn matches(&self, tags: &Tags<'_>) -> bool {
        self.conditions.iter().all(|condition| condition.holds(tags))
    }
}

impl Condition {
    fn holds(&self, tags: &Tags<'_>) -> bool {
        self.negated != tags.get(&self.key).is_some_and(|value| self.takes(value))
    }

    fn takes(&self, value: &str) -> bool {
        if self.part {
            let value = value.to_lowercase();
            return self.values.iter().any(|v| value.contains(&v.to_lowercase()));
        }
        self.values.is_empty()
            || value.split(';').any(|member| self.values.iter().any(|v| v == member.trim()))
    }

    fn parse(text: &str) -> Result<Condition, String> {
        let text = text.trim();
        let (negated, text) =
            text.strip_prefix('!').map_or((false, text), |rest| (true, rest.trim()));
        let sign = text.find(['=', '~']);
        let part = sign.is_some_and(|at| text[at..].starts_with('~'));
        let (key, values) =
            sign.map_or((text, None), |at| (text[..at].trim(), Some(&text[at + 1..])));
        if key.is_empty() {
            return Err("a condition has no key".into());
        }
        if let Some(odd) = key.chars().find(|c| c.is_whitespace() || "|!;".contains(*c)) {
            return Err(format!("the key `{key}` holds {odd:?}"));
        }
        let values = match values.map(str::trim) {
            None | Some("*") => Vec::new(),
            Some(values) => values.split('|').map(|v| v.trim().to_owned()).collect(),
        };
        match values.iter().find(|v| v.is_empty() || v.contains(['=', ';'])) {
            Some(v) if v.is_empty() => Err(format!("a value of `{key}` is empty")),
            Some(v) => Err(format!("the value `{v}` of `{key}` holds a `=` or `;`")),
            None if part && values.is_empty() => {
                Err(format!("what `{key}` should hold is missing"))
            }
            None => Ok(Condition { negated, key: key.to_owned(), part, values }),
        }
    }
}

impl FromStr for TagRule {
    type Err = TagRuleError;

    fn from_str(rule: &str) -> Result<TagRule, TagRuleError> {
        let fault = |what: String| TagRuleError { rule: rule.to_owned(), what };
        let conditions =
            rule.split('&').map(Condition::parse).collect::<Result<Vec<_>, _>>().map_err(fault)?;
        if conditions.iter().all(|condition| condition.negated) {
            return Err(fault("it only says what a place is not".into()));
        }
        Ok(TagRule { conditions })
    }
}

impl fmt::Display for TagRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, condition) in self.conditions.iter().enumerate() {
            let joint = if n > 0 { " & " } else { "" };
            let sign = if condition.negated { "!" } else { "" };
            write!(f, "{joint}{sign}{}", condition.key)?;
            if !condition.values.is_empty() {
                let sign = if condition.part { '~' } else { '=' };
                write!(f, "{sign}{}", condition.values.join("|"))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(rule: &str, tags: &[(&'static str, &'static str)]) -> bool {
        rule.parse::<TagRule>().expect("a rule").matches(&Tags::new(tags.iter().copied()))
    }

    #[test]
    fn a_rule_takes_what_it_names() {
        assert!(matches("amenity=library", &[("name", "Central"), ("amenity", "library")]));
        assert!(!matches("amenity=library", &[("amenity", "library_dropoff")]));
        assert!(matches("shop=supermarket|convenience", &[("shop", "convenience")]));
        assert!(
            matches("shop", &[("shop", "anything")]) && matches("shop=*", &[("shop", "anything")])
        );
        assert!(!matches("shop", &[("amenity", "library")]));
    }

    #[test]
    fn all_conditions_must_hold() {
        let rule = "leisure=park & !access=private|no";
        assert!(matches(rule, &[("leisure", "park")]));
        assert!(matches(rule, &[("leisure", "park"), ("access", "yes")]));
        assert!(!matches(rule, &[("leisure", "park"), ("access", "private")]));
        assert!(!matches(rule, &[("access", "yes")]));
    }

    #[test]
    fn a_list_in_the_data_matches_by_any_member() {
        assert!(matches("amenity=toilets", &[("amenity", "fast_food; toilets")]));
        assert!(!matches("amenity=food", &[("amenity", "fast_food;toilets")]));
    }

    #[test]
    fn a_value_may_be_told_by_a_part_of_it() {
        let rule = "office=employment_agency & name~jobcentre|job centre & !name~recruit";
        assert!(matches(
            rule,
            &[("office", "employment_agency"), ("name", "Newport JobCentre Plus")]
        ));
        assert!(!matches(rule, &[("office", "employment_agency"), ("name", "Acorn")]));
        assert!(!matches(rule, &[("office", "employment_agency"), ("name", "Jobcentre Recruit")]));
        assert!(!matches("name~a", &[("amenity", "a")]));
    }

    #[test]
    fn what_has_closed_is_no_place() {
        assert!(!matches("amenity=pub", &[("disused:amenity", "pub")]));
        assert!(!matches("shop", &[("was:shop", "bakery")]));
    }

    #[test]
    fn a_faulty_rule_is_refused_and_named() {
        for rule in [
            "",
            "=library",
            "amenity=",
            "shop=a||b",
            "!access=no",
            "a=b=c",
            "lei sure=park",
            "a=b & ",
            "name~",
            "~a",
        ] {
            let error = rule.parse::<TagRule>().expect_err(rule);
            assert!(error.to_string().contains(&format!("`{rule}`")), "{error}");
        }
    }

    #[test]
    fn a_rule_reads_back_as_it_was_written() {
        for rule in
            ["amenity=library", "leisure=park & !access=private|no", "shop", "a=b & !name~c|d"]
        {
            assert_eq!(rule.parse::<TagRule>().expect("a rule").to_string(), rule);
        }
    }
}
