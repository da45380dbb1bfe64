//! Why a scenario cannot be used.

use crate::inputs::project::nearest;

/// A scenario that does not fit the data, or a promise about it that was not kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// Something named is not in the data.
    #[error("`{modification}`: {what} `{name}` is not in {place}; {advice}")]
    NoSuch {
        /// The modification.
        modification: String,
        /// What was named: a route, a stop.
        what: &'static str,
        /// The name.
        name: String,
        /// Where it was looked for.
        place: String,
        /// The nearest known name, or what there is.
        advice: String,
    },
    /// A name that routes of several operators have.
    #[error(
        "`{modification}`: several operators have {what} `{name}`: {operators}; name one with operator=, such as `{what}={name} operator=NAME`, or its feed with feed="
    )]
    SeveralOperators {
        /// The modification.
        modification: String,
        /// `route` or `route_id`.
        what: &'static str,
        /// The name.
        name: String,
        /// The operators, each with its routes.
        operators: String,
    },
    /// A modification leaves everything as it was.
    #[error("`{modification}` changes nothing: {why}")]
    NothingChanged {
        /// The modification.
        modification: String,
        /// Why.
        why: String,
    },
    /// A modification that cannot be applied to what it names.
    #[error("`{modification}`: {why}")]
    Unfit {
        /// The modification.
        modification: String,
        /// Why.
        why: String,
    },
    /// Taking away made something better, or adding something worse: a fault of the program.
    #[error(transparent)]
    Better(#[from] Box<BetterTime>),
}

/// A number that is better although something was only taken away, or worse although nothing was.
#[derive(Debug, thiserror::Error)]
#[error(
    "scenario {scenario} {promise}, but {what} from origin {origin} ({neighbourhood}) in window {window} goes from {before} to {after}: this is a bug in lastmile, and nothing is written"
)]
pub struct BetterTime {
    /// The scenario.
    pub scenario: String,
    /// What it does, so that the number cannot move so.
    pub promise: String,
    /// Which number.
    pub what: String,
    /// The origin's id.
    pub origin: String,
    /// Its neighbourhood.
    pub neighbourhood: String,
    /// The window.
    pub window: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// How many names are shown of those that would do.
const SHOWN: usize = 12;

/// The name that is nearest to a word, or some of those there are.
pub(super) fn advice(word: &str, known: impl IntoIterator<Item = String>) -> String {
    let mut known: Vec<String> = known.into_iter().filter(|name| !name.is_empty()).collect();
    known.sort();
    known.dedup();
    match nearest(word, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None if known.len() <= SHOWN => format!("there are: {}", known.join(", ")),
        None => format!("there are {}, such as: {}", known.len(), known[..SHOWN].join(", ")),
    }
}
