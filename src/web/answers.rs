//! What the page may ask, and what it is told. Minutes are to one decimal as in every output; none
//! is out of reach or unknown, as the state beside it tells.

mod areas;
mod measures;
mod packs;

use serde::{Deserialize, Serialize};

pub use areas::{ReachedArea, ReachedAreas};
pub use measures::{ExplorerMeasure, ExplorerMeasures, ShownValue};
pub use packs::{KeptScenario, Pack, PackState, ScenarioToKeep};

/// A question of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// What the study holds.
    Study,
    /// What the map shows in a window.
    Change(ExplorerQuery),
    /// What is reached from a point.
    Here(FromPoint),
    /// How long it takes from a point to each origin point.
    Reach(FromPoint),
    /// Which areas are reached from a point.
    Areas(FromPoint),
    /// What else is known of each neighbourhood.
    Measures(ExplorerQuery),
    /// The very journeys.
    Journey(JourneyAsked),
    /// Keep a scenario in the project file.
    Save(ScenarioToKeep),
    /// Begin to write the evidence pack of a scenario.
    Evidence(ScenarioToKeep),
    /// How the newest evidence pack stands.
    Pack,
    /// The table of the change, as `change.csv`.
    Table(ExplorerQuery),
    /// The report of a pack that was written, by its number.
    Report(usize),
}

/// What would be otherwise, and when.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplorerQuery {
    /// The window's name; none: on foot.
    pub window: Option<String>,
    /// What would be otherwise.
    #[serde(default)]
    pub otherwise: ExplorerScenario,
}

/// A scenario: one of the project's, or cuts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplorerScenario {
    /// The name of one in the project file.
    #[serde(default)]
    pub scenario: Option<String>,
    /// Trips that would not run.
    #[serde(default)]
    pub cuts: Vec<ExplorerCut>,
}

/// Trips that would not run: of these lines, in these hours, on these days. A list that is empty
/// restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplorerCut {
    /// Numbers of [`Overview::lines`].
    #[serde(default)]
    pub lines: Vec<usize>,
    /// Hours of the service day, 4 to 27: those in which a trip leaves its first stop.
    #[serde(default)]
    pub hours: Vec<u8>,
    /// Days of the week, 0 is Monday.
    #[serde(default)]
    pub days: Vec<u8>,
}

/// A point with what is asked about it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromPoint {
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// When, and what would be otherwise.
    pub asked: ExplorerQuery,
}

/// A point and where one wants to go.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JourneyAsked {
    /// From here.
    pub from: FromPoint,
    /// To the nearest place of this category, by its number.
    pub category: usize,
}

/// An answer.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To [`Question::Study`].
    Study(Box<Overview>),
    /// To [`Question::Change`].
    Change(Box<ChangedMap>),
    /// To [`Question::Here`].
    Here(Box<ReachedFromPoint>),
    /// To [`Question::Reach`].
    Reach(MedianTimes),
    /// To [`Question::Journey`].
    Journey(Box<JourneysBeforeAfter>),
    /// To [`Question::Areas`].
    Areas(Box<ReachedAreas>),
    /// To [`Question::Measures`].
    Measures(Box<ExplorerMeasures>),
    /// To [`Question::Save`].
    Kept(KeptScenario),
    /// To [`Question::Evidence`], and to [`Question::Pack`] if there is one.
    Pack(Option<Pack>),
    /// To [`Question::Table`] and [`Question::Report`].
    #[serde(skip)]
    File {
        /// The name it is kept by.
        name: String,
        /// Its media type.
        kind: &'static str,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What was asked cannot be answered, and why.
    Unfit(String),
    /// A newer question came.
    Stale,
    /// Something went wrong here.
    Failed(String),
}

/// What the study holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Overview {
    /// The project's name.
    pub title: String,
    /// What is shown and asked about.
    pub windows: Vec<NamedWindow>,
    /// Kinds of places.
    pub categories: Vec<NamedCategory>,
    /// The neighbourhoods, in the order of the map's.
    pub zones: Vec<ExplorerNeighbourhood>,
    /// Where people are counted, or only points.
    pub people_known: bool,
    /// The lines that can be cut.
    pub lines: Vec<ExplorerLine>,
    /// The scenarios of the project file.
    pub scenarios: Vec<ExplorerScenarioName>,
    /// How times are classed.
    pub times: Classed,
    /// How changes are classed.
    pub changes: Classed,
    /// The class of what is no longer in reach.
    pub lost: (String, String),
    /// The class of what came into reach.
    pub gained: (String, String),
    /// South-west and north-east corner of the neighbourhoods, degrees.
    pub bounds: Option<[f64; 4]>,
    /// The longest journey that counts, minutes.
    pub max_time_min: u32,
    /// The longest walk, minutes: on foot alone nothing is said of what lies farther.
    pub max_walk_min: u32,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// Where the map's tiles come from, if they are not drawn from the extract.
    pub tiles: Option<TileSource>,
}

/// A tile server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TileSource {
    /// With `{z}`, `{x}` and `{y}`.
    pub url: String,
    /// Its host.
    pub host: String,
}

/// A window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedWindow {
    /// Its name in the project; none: on foot.
    pub name: Option<String>,
    /// When it is.
    pub says: String,
}

/// A category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedCategory {
    /// Its name in the project.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// How many places it has.
    pub places: usize,
}

/// A neighbourhood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplorerNeighbourhood {
    /// Its code.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many live there.
    pub people: Option<f64>,
    /// Nothing, `edge` or `off`: how the map's edge touches it; of one that is `off` nothing is
    /// known.
    pub edge: &'static str,
    /// The share of its people who live off the map, per cent.
    pub off_map_pct: Option<f64>,
    /// Its tenth of deprivation, 1 the most deprived.
    pub decile: Option<u8>,
    /// The point where most of its people live, degrees.
    pub home: Option<[f64; 2]>,
}

/// A line: the routes that have a name and an operator in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplorerLine {
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Its long name, where it says more.
    pub long_name: String,
    /// Its vehicles on the date of the first window; of a headway service, as many as its headway
    /// makes.
    pub trips: usize,
}

/// A scenario of the project file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplorerScenarioName {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
}

/// Classes with their colours and words.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Classed {
    /// The upper end of each class but the last.
    pub breaks: Vec<f64>,
    /// The colours.
    pub colours: Vec<String>,
    /// What each holds.
    pub labels: Vec<String>,
}

/// What the map shows in a window.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ChangedMap {
    /// When it is, before and after.
    pub when: String,
    /// What is otherwise, a sentence each.
    pub says: Vec<String>,
    /// Cuts that take nothing away, and why.
    pub idle: Vec<String>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// By category.
    pub categories: Vec<ExplorerCategoryChange>,
}

/// What became of the times to a category's nearest place. By neighbourhood, but for the groups.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ExplorerCategoryChange {
    /// Median before, minutes.
    pub before: Vec<Option<f64>>,
    /// Median after, minutes.
    pub after: Vec<Option<f64>>,
    /// After less before, minutes, where both are known.
    pub change: Vec<Option<f64>>,
    /// `lost`, `longer`, `same`, `shorter`, `gained`, `never`; none where nothing is known.
    pub state: Vec<Option<&'static str>>,
    /// People for whom it is out of reach now.
    pub lost: Vec<f64>,
    /// People for whom it takes 5 min longer or more.
    pub longer: Vec<f64>,
    /// All neighbourhoods together, then the groups.
    pub groups: Vec<GroupChange>,
}

/// What became of the people of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GroupChange {
    /// What it is formed by.
    pub by: String,
    /// Which.
    pub name: String,
    /// How many they are.
    pub people: f64,
    /// For whom it is out of reach now.
    pub lost: f64,
    /// For whom it takes longer by 5, 15, 30 min or more.
    pub longer: [f64; 3],
    /// For whom it takes longer at all.
    pub worse: f64,
    /// For whom it takes less time.
    pub better: f64,
    /// For whom it came into reach.
    pub gained: f64,
    /// The mean change of those who get there before and after, minutes.
    pub mean: Option<f64>,
}

/// What is reached from a point.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReachedFromPoint {
    /// The neighbourhood it lies in.
    pub neighbourhood: Option<String>,
    /// Whether it lies off the map: then nothing is known.
    pub off_map: bool,
    /// Whether a street is near enough.
    pub on_street: bool,
    /// By category.
    pub nearest: Vec<Nearest>,
}

/// The way to the nearest place of a category, minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Nearest {
    /// On foot.
    pub walk: Option<f64>,
    /// Median before.
    pub before: Option<f64>,
    /// Median after.
    pub after: Option<f64>,
}

/// Median times from a point to each origin point, minutes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MedianTimes {
    /// Before.
    pub before: Vec<HomeTime>,
    /// After.
    pub after: Vec<HomeTime>,
}

/// A median time to an origin point. What is off the map is not known, which is another thing than
/// not reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum HomeTime {
    /// Minutes.
    Minutes(f64),
    /// It is on the map and not reached: null.
    NotReached(()),
    /// It is off the map: `unknown`.
    Unknown(&'static str),
}

/// The journeys before and after.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct JourneysBeforeAfter {
    /// Before.
    pub before: JourneyInWords,
    /// After; none where nothing is otherwise.
    pub after: Option<JourneyInWords>,
}

/// A journey in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct JourneyInWords {
    /// The departure that is told of.
    pub leave: String,
    /// When one arrives.
    pub arrive: String,
    /// How long it takes, minutes.
    pub minutes: Option<f64>,
    /// Why there is none.
    pub reason: Option<String>,
    /// The legs.
    pub legs: Vec<ToldLeg>,
}

/// A leg in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ToldLeg {
    /// `walk`, `wait` or `ride`.
    pub kind: &'static str,
    /// When it begins, by the clock.
    pub begins: String,
    /// How long it takes.
    pub takes: String,
    /// What it is.
    pub says: String,
    /// Its course, degrees.
    pub course: Vec<[f64; 2]>,
}
