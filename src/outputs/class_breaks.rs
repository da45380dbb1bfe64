//! Class breaks and colours, shared by the QGIS style and the report's maps.
//!
//! Breaks are fixed for minutes and per cent, not drawn from the data: a map of today and one after
//! a cut can be laid side by side. A value on a break belongs to the lower class, as a cut-off is
//! inclusive. Colours are ColorBrewer's YlGnBu and PuOr (Cynthia Brewer, colorbrewer2.org), both
//! safe for colour-blind readers; light is near or few.

use crate::results::table::Value;

/// Colours of five classes from light to dark.
pub const SEQUENTIAL: [&str; 5] = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"];

/// Colours of seven classes from less (purple) over none to more (orange): for differences.
pub const DIVERGING: [&str; 7] =
    ["#542788", "#998ec3", "#d8daeb", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806"];

/// What is said of a neighbourhood of which nothing is known, such as one off the map.
pub const NOT_KNOWN: &str = "nothing is known";
/// What is said where something is out of reach.
pub const NOT_REACHED: &str = "not reached";

/// How the values of a field are classed.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// The upper end of each class but the last, rising.
    pub breaks: Vec<f64>,
    /// A colour for each class: one more than breaks.
    pub colours: &'static [&'static str],
    unit: &'static str,
}

impl Classes {
    /// The classes of a field with this unit and these values: 15/30/45/60 for minutes, 20/40/60/80
    /// for per cent, for other units round numbers near the fifths of the values. Values below
    /// nought make it a difference, with its own classes.
    pub fn of<'a>(unit: &'static str, values: impl IntoIterator<Item = &'a Value>) -> Classes {
        let mut numbers: Vec<f64> = values.into_iter().filter_map(Value::as_number).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        if numbers.first().is_some_and(|least| *least < 0.0) {
            let largest = numbers.iter().fold(0.0_f64, |largest, n| largest.max(n.abs()));
            return Classes { breaks: around_nought(unit, largest), colours: &DIVERGING, unit };
        }
        let breaks = match unit {
            "min" => vec![15.0, 30.0, 45.0, 60.0],
            "%" => vec![20.0, 40.0, 60.0, 80.0],
            _ => fifths(&numbers),
        };
        Classes { breaks, colours: &SEQUENTIAL, unit }
    }

    /// The classes of differences of a field with this unit, the largest of which is this one:
    /// around nought, the same to both sides. A difference of shares is in points of a per cent.
    pub fn of_change(unit: &'static str, largest: f64) -> Classes {
        let largest = if largest > 0.0 { largest } else { 1.0 };
        let shown = if unit == "%" { "% points" } else { unit };
        Classes { breaks: around_nought(unit, largest), colours: &DIVERGING, unit: shown }
    }

    /// What a class of [`Classes::of_change`] holds, in words: how much less or more.
    pub fn change_label(&self, class: usize) -> String {
        let ends = class
            .checked_sub(1)
            .and_then(|below| self.breaks.get(below))
            .zip(self.breaks.get(class));
        let unit = if matches!(self.unit, "" | "count") {
            String::new()
        } else {
            format!(" {}", self.unit)
        };
        let (first, last) = (self.breaks.first(), self.breaks.last());
        match (ends, first.filter(|_| class == 0), last) {
            (Some((lower, upper)), ..) if *lower < 0.0 && *upper > 0.0 => {
                format!("within {}{unit}", short(*upper))
            }
            (Some((lower, upper)), ..) if *upper <= 0.0 => {
                format!("{} to {}{unit} less", short(-upper), short(-lower))
            }
            (Some((lower, upper)), ..) => {
                format!("{} to {}{unit} more", short(*lower), short(*upper))
            }
            (None, Some(least), _) => format!("over {}{unit} less", short(-least)),
            (None, None, Some(most)) => format!("over {}{unit} more", short(*most)),
            (None, None, None) => self.label(class),
        }
    }

    /// The class of a number, from 0.
    pub fn class(&self, number: f64) -> usize {
        self.breaks.partition_point(|upper| *upper < number)
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.breaks.len() + 1
    }

    /// Never: there is always one class.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The colour of a class.
    pub fn colour(&self, class: usize) -> &'static str {
        // Fewer classes than colours are spread over the whole range, so that the last is always
        // the darkest.
        let spread = class * (self.colours.len() - 1) / (self.len() - 1).max(1);
        self.colours[spread.min(self.colours.len() - 1)]
    }

    /// What a class holds, in words, with its unit.
    pub fn label(&self, class: usize) -> String {
        let unit = match self.unit {
            "" | "count" => String::new(),
            "%" => " %".into(),
            unit => format!(" {unit}"),
        };
        match (
            class.checked_sub(1).and_then(|below| self.breaks.get(below)),
            self.breaks.get(class),
        ) {
            (None, None) => format!("all{unit}"),
            (None, Some(upper)) => format!("up to {}{unit}", short(*upper)),
            (Some(lower), None) => format!("over {}{unit}", short(*lower)),
            (Some(lower), Some(upper)) => format!("{} to {}{unit}", short(*lower), short(*upper)),
        }
    }
}

fn around_nought(unit: &str, largest: f64) -> Vec<f64> {
    let [small, middle, large] = match unit {
        "min" => [1.0, 5.0, 15.0],
        "%" => [1.0, 5.0, 20.0],
        _ => {
            [round_number(largest / 50.0), round_number(largest / 8.0), round_number(largest / 2.5)]
        }
    };
    vec![-large, -middle, -small, small, middle, large]
}

/// Round numbers near the fifths of the sorted values, each once.
fn fifths(sorted: &[f64]) -> Vec<f64> {
    let at = |fifth: usize| sorted.get(sorted.len() * fifth / 5).copied().map(round_number);
    let mut breaks: Vec<f64> = (1..5).filter_map(at).collect();
    breaks.dedup();
    breaks
}

/// The nearest number of two significant figures.
fn round_number(number: f64) -> f64 {
    if number == 0.0 {
        return 0.0;
    }
    let step = 10_f64.powf(number.abs().log10().floor() - 1.0);
    (number / step).round() * step
}

/// A break as people write it: thousands separated, no needless decimals.
fn short(number: f64) -> String {
    let text = if number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.2}") };
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", thousands(whole))
}

/// Digits with a comma before each group of three.
pub(crate) fn thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_have_the_same_classes_whatever_the_data() {
        let classes = Classes::of("min", &[Value::Number(3.0), Value::Missing]);
        assert_eq!(classes.breaks, [15.0, 30.0, 45.0, 60.0]);
        assert_eq!([0.0, 15.0, 15.1, 60.0, 60.1].map(|n| classes.class(n)), [0, 0, 1, 3, 4]);
        assert_eq!(classes.label(0), "up to 15 min");
        assert_eq!(classes.label(2), "30 to 45 min");
        assert_eq!(classes.label(4), "over 60 min");
        assert_eq!((0..5).map(|n| classes.colour(n)).collect::<Vec<_>>(), SEQUENTIAL);
    }

    #[test]
    fn a_difference_has_a_class_for_no_change() {
        let classes = Classes::of("min", &[Value::Number(-3.0), Value::Number(20.0)]);
        assert_eq!([-20.0, -3.0, 0.0, 1.0, 20.0].map(|n| classes.class(n)), [0, 2, 3, 3, 6]);
        assert_eq!(classes.colour(3), "#f7f7f7");
        assert_eq!(classes.label(2), "−5 to −1 min");
    }

    #[test]
    fn a_change_is_told_as_less_and_more() {
        let classes = Classes::of_change("jobs", 6158.0);
        let labels: Vec<String> =
            (0..classes.len()).map(|class| classes.change_label(class)).collect();
        let expected = [
            "over 2,500 jobs less",
            "770 to 2,500 jobs less",
            "120 to 770 jobs less",
            "within 120 jobs",
            "120 to 770 jobs more",
            "770 to 2,500 jobs more",
            "over 2,500 jobs more",
        ];
        assert_eq!(labels, expected);
        assert_eq!(Classes::of_change("%", 3.0).change_label(0), "over 20 % points less");
        assert!(Classes::of_change("jobs", 0.0).breaks.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn other_units_are_cut_at_round_numbers() {
        let values: Vec<Value> = (1..=1000).map(|n| Value::Integer(n * 37)).collect();
        let classes = Classes::of("jobs", &values);
        assert_eq!(classes.breaks, [7400.0, 15000.0, 22000.0, 30000.0]);
        assert_eq!(classes.label(1), "7,400 to 15,000 jobs");
        let alike = Classes::of("jobs", &[Value::Integer(5), Value::Integer(5)]);
        assert_eq!(
            (alike.breaks.clone(), alike.class(5.0), alike.colour(1)),
            (vec![5.0], 0, SEQUENTIAL[4])
        );
        assert_eq!(Classes::of("jobs", &[]).label(0), "all jobs");
    }
}
