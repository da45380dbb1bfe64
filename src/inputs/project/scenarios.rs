//! `[scenarios.NAME]`: what would be otherwise.
//!
//! A modification is a kind and some words: `{ cut = { route = "12", after = "19:00", days = "sun" } }` in the project file, or
//! `cut route=12 after=19:00 days=sun` on the command line. Both go through one parser, so that they mean the same.

mod words;

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use toml::{Spanned, Value};

use super::ProjectPath;
use super::check::{Checker, in_file_order, plain, quoted};
use super::error::{ProjectError, advice, line_of};
use super::raw;
use crate::geometry::LonLat;
use crate::units::{Seconds, ServiceTime};

use words::Reader;
pub(crate) use words::point;
pub use words::{BadWord, Pair};

/// Something that would be otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// The key, which names folders and fields: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Other feeds in the place of the project's.
    pub gtfs: Option<Vec<ProjectPath>>,
    /// With other feeds, the date that day types are resolved to the nearest of.
    #[serde(serialize_with = "super::optional_date")]
    pub date: Option<Date>,
    /// What is changed, in this order.
    pub modifications: Vec<Modification>,
}

/// One change, as it was asked for and as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Modification {
    /// What it does.
    pub what: Kind,
    name: String,
    words: Vec<Pair>,
}

/// What a modification does.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// These trips do not run.
    Cut(Trips),
    /// Of these trips each `every`th runs, the first among them.
    Thin {
        /// Which.
        trips: Trips,
        /// At least 2.
        every: u32,
    },
    /// In the place of these trips, one leaves in each so many minutes from the beginning of the band to its end.
    Headway {
        /// Which; the band has both ends.
        trips: Trips,
        /// Between departures.
        headway: Seconds,
    },
    /// These trips run a part of their way only.
    Shorten {
        /// Which.
        trips: Trips,
        /// They begin here.
        from: Option<String>,
        /// They end here.
        to: Option<String>,
    },
    /// These trips pass some stops without calling.
    Skip {
        /// Which.
        trips: Trips,
        /// Names or ids.
        stops: Vec<String>,
    },
    /// The running and dwell times of these trips are multiplied.
    Pace {
        /// Which.
        trips: Trips,
        /// Above 1 is slower.
        factor: f64,
    },
    /// A new line.
    AddRoute(NewRoute),
    /// Places of a category are shut.
    Close {
        /// The category's name.
        category: String,
        /// Which.
        places: PlaceChoice,
    },
    /// There is a new place of a category.
    Open {
        /// The category's name.
        category: String,
        /// Where.
        at: LonLat,
    },
}

/// Which trips: those that fit every one of the words given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trips {
    /// Route names or ids, any of which will do; none: all.
    pub routes: Vec<String>,
    /// Operators' names.
    pub operators: Vec<String>,
    /// Trip ids.
    pub trips: Vec<String>,
    /// A feed's file name.
    pub feed: Option<String>,
    /// `direction_id`.
    pub direction: Option<bool>,
    /// When they leave their first stop.
    pub band: Band,
    /// On which days of the week.
    pub days: Days,
}

/// A band of departures from the first stop, by service time: from `from` until just before `until`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Band {
    /// The first moment; none: from the beginning of service.
    pub from: Option<ServiceTime>,
    /// The end; none: to the end of service, the night past 24:00 included.
    pub until: Option<ServiceTime>,
}

/// Days of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub [bool; 7]);

impl Default for Days {
    fn default() -> Days {
        Days([true; 7])
    }
}

impl Days {
    /// Whether a date is on one of them.
    pub fn holds(&self, date: Date) -> bool {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.0[day]
    }
}

/// A new line of stops.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRoute {
    /// Its name.
    pub name: String,
    /// Names or ids of stops, or `LON LAT`, in order; at least two.
    pub stops: Vec<String>,
    /// Between departures.
    pub headway: Seconds,
    /// From stop to stop in a straight line, km/h.
    pub speed_kmh: f64,
    /// The first departure of each direction, and the end of departures.
    pub band: (ServiceTime, ServiceTime),
    /// On these days.
    pub days: Days,
    /// Only from the first stop to the last.
    pub one_way: bool,
}

/// Which places of a category.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceChoice {
    /// All.
    All,
    /// Those with one of these names or ids.
    Named(Vec<String>),
    /// The nearest to a point.
    Nearest(LonLat),
}

impl Modification {
    /// What is written on the command line: `cut route=12 after=19:00 days=sun`.
    ///
    /// # Errors
    /// If a word is not known, its value not allowed, or one is missing.
    pub fn from_words(kind: &str, text: &str) -> Result<Modification, BadWord> {
        Modification::new(kind, words::split(text)?)
    }

    /// Of a kind and its words.
    ///
    /// # Errors
    /// As [`Modification::from_words`].
    pub fn new(kind: &str, words: Vec<Pair>) -> Result<Modification, BadWord> {
        let mut reader = Reader::new(&words);
        // Every reader asks for all its words before it misses one, so that a word nobody knows is named first.
        let what = match Kind::read(kind, &mut reader) {
            Err(missing @ BadWord::Missing { .. }) => {
                return Err(reader.nothing_left().err().unwrap_or(missing));
            }
            read => read?,
        };
        reader.nothing_left()?;
        Ok(Modification { what, name: kind.to_owned(), words })
    }

    /// As a project file has it: `{ cut = { route = "12" } }`.
    pub fn to_toml(&self) -> String {
        let words: Vec<String> = self.words.iter().map(Pair::to_toml).collect();
        format!("{{ {} = {{ {} }} }}", self.name, words.join(", "))
    }

    /// Which trips it is about, if it is about trips.
    pub fn trips(&self) -> Option<&Trips> {
        match &self.what {
            Kind::Cut(trips)
            | Kind::Thin { trips, .. }
            | Kind::Headway { trips, .. }
            | Kind::Shorten { trips, .. }
            | Kind::Skip { trips, .. }
            | Kind::Pace { trips, .. } => Some(trips),
            Kind::AddRoute(_) | Kind::Close { .. } | Kind::Open { .. } => None,
        }
    }

    /// Whether it only takes away, so that it can make no travel time shorter.
    pub fn only_removes(&self) -> bool {
        match &self.what {
            Kind::Cut(_)
            | Kind::Thin { .. }
            | Kind::Shorten { .. }
            | Kind::Skip { .. }
            | Kind::Close { .. } => true,
            Kind::Headway { .. } | Kind::Pace { .. } | Kind::AddRoute(_) | Kind::Open { .. } => false,
        }
    }
}

impl std::fmt::Display for Modification {
    /// As on the command line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.words.iter().try_for_each(|pair| write!(f, " {pair}"))
    }
}

impl Serialize for Modification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

const CATEGORY: &str = "a category of the project, such as library";

/// Every kind with what it is called.
pub const KINDS: [&str; 11] =
    ["cut", "withdraw", "thin", "headway", "shorten", "skip", "slow", "speed", "add_route", "close", "open"];

impl Kind {
    fn read(kind: &str, words: &mut Reader) -> Result<Kind, BadWord> {
        Ok(match kind {
            "cut" | "withdraw" => {
                let trips = Trips::read(words)?;
                if trips == Trips::default() {
                    return Err(BadWord::missing(
                        "route",
                        "which trips: route, operator, trip or feed, after, before, between, days",
                    ));
                }
                Kind::Cut(trips)
            }
            "thin" => {
                let trips = Trips::read(words)?;
                let every = words.number("every", 2.0..=60.0, "a whole number: 2 keeps each second trip")?;
                Kind::Thin { trips, every: whole(every.unwrap_or(2.0)) }
            }
            "headway" => {
                let trips = Trips::read(words)?;
                let wanted = "minutes between departures, from 1 to 240";
                let minutes = words.number("minutes", 1.0..=240.0, wanted)?;
                let minutes = minutes.ok_or_else(|| BadWord::missing("minutes", wanted))?;
                if trips.band.from.is_none() || trips.band.until.is_none() {
                    let wanted =
                        "the band that the headway holds in, such as 09:00-16:00; what lies outside stays";
                    return Err(BadWord::missing("between", wanted));
                }
                Kind::Headway { trips, headway: Seconds(whole(minutes * 60.0)) }
            }
            "shorten" => {
                let trips = Trips::read(words)?;
                let (from, to) = (words.text("from")?, words.text("to")?);
                if from.is_none() && to.is_none() {
                    let wanted = "the stop where the trips end, or `from`, where they begin";
                    return Err(BadWord::missing("to", wanted));
                }
                Kind::Shorten { trips, from, to }
            }
            "skip" => {
                let trips = Trips::read(words)?;
                let stops = words.names("stops")?;
                if stops.is_empty() {
                    return Err(BadWord::missing("stops", "stops' names or ids, with ; between them"));
                }
                Kind::Skip { trips, stops }
            }
            "slow" | "speed" => {
                let trips = Trips::read(words)?;
                let wanted = "a number above 1, up to 5: 1.2 is a fifth more";
                let factor = words.number("factor", 1.000_001..=5.0, wanted)?;
                let factor = factor.ok_or_else(|| BadWord::missing("factor", wanted))?;
                let factor = if kind == "slow" { factor } else { 1.0 / factor };
                Kind::Pace { trips, factor }
            }
            "add_route" => Kind::AddRoute(NewRoute::read(words)?),
            "close" => {
                let category = words.text("category")?;
                let (named, near, all) = (words.names("place")?, words.point("near")?, words.yes("all")?);
                let category = category.ok_or_else(|| BadWord::missing("category", CATEGORY))?;
                let places = match (named.is_empty(), near, all) {
                    (false, None, false) => PlaceChoice::Named(named),
                    (true, Some(point), false) => PlaceChoice::Nearest(point),
                    (true, None, true) => PlaceChoice::All,
                    _ => {
                        let wanted = "one of: place = a name or id, near = \"LON LAT\", or all = true";
                        return Err(BadWord::missing("place", wanted));
                    }
                };
                Kind::Close { category, places }
            }
            "open" => {
                let (category, at) = (words.text("category")?, words.point("at")?);
                let category = category.ok_or_else(|| BadWord::missing("category", CATEGORY))?;
                let at = at.ok_or_else(|| BadWord::missing("at", "where, as \"LON LAT\""))?;
                Kind::Open { category, at }
            }
            other => {
                return Err(BadWord::Unknown {
                    key: other.to_owned(),
                    advice: advice(other, &KINDS.map(str::to_owned)),
                });
            }
        })
    }
}

impl Trips {
    fn read(words: &mut Reader) -> Result<Trips, BadWord> {
        Ok(Trips {
            routes: words.list("route")?,
            operators: words.names("operator")?,
            trips: words.list("trip")?,
            feed: words.text("feed")?,
            direction: words.number("direction", 0.0..=1.0, "0 or 1")?.map(|n| n > 0.5),
            band: words.band()?,
            days: words.days()?,
        })
    }
}

impl NewRoute {
    fn read(words: &mut Reader) -> Result<NewRoute, BadWord> {
        let stops = words.names("stops")?;
        let every = "minutes between departures, from 1 to 240";
        let headway = words.number("headway", 1.0..=240.0, every)?;
        let along = "km/h in a straight line from stop to stop, from 1 to 150";
        let speed_kmh = words.number("speed", 1.0..=150.0, along)?;
        let (name, band) = (words.text("name")?, words.band()?);
        let (days, one_way) = (words.days()?, words.yes("one_way")?);
        if stops.len() < 2 {
            let wanted = "two stops or more, names, ids or \"LON LAT\", with ; between them";
            return Err(BadWord::missing("stops", wanted));
        }
        let headway = headway.ok_or_else(|| BadWord::missing("headway", every))?;
        Ok(NewRoute {
            name: name.unwrap_or_else(|| "new".to_owned()),
            stops,
            headway: Seconds(whole(headway * 60.0)),
            speed_kmh: speed_kmh.unwrap_or(15.0),
            band: (
                band.from.unwrap_or(ServiceTime::hms(6, 0, 0)),
                band.until.unwrap_or(ServiceTime::hms(23, 0, 0)),
            ),
            days,
            one_way,
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a small number above 0"
)]
fn whole(number: f64) -> u32 {
    number.round() as u32
}

impl Checker<'_> {
    pub(super) fn scenarios(&self, raw: raw::Named<raw::Scenario>) -> Result<Vec<Scenario>, ProjectError> {
        in_file_order(raw).into_iter().map(|(name, scenario)| self.scenario(&name, scenario)).collect()
    }

    fn scenario(&self, given: &Spanned<String>, raw: raw::Scenario) -> Result<Scenario, ProjectError> {
        let name = self.key_name("scenarios", given)?;
        let key = |k: &str| format!("scenarios.{name}.{k}");
        let gtfs = raw.gtfs.map(|feeds| self.paths(&key("gtfs"), &feeds)).transpose()?;
        let date = match &raw.date {
            Some(date) if gtfs.is_none() => {
                let wanted = "a date with `gtfs` alone: without other feeds both sides have the same dates";
                return Err(self.bad(&date.span(), &key("date"), plain(date.get_ref()), wanted));
            }
            date => date.as_ref().map(|date| self.date(&key("date"), date)).transpose()?,
        };
        let modifications = raw
            .modifications
            .into_iter()
            .map(|one| self.modification(&name, one))
            .collect::<Result<Vec<_>, _>>()?;
        if gtfs.as_ref().is_none_or(Vec::is_empty) && modifications.is_empty() {
            let wanted = "`gtfs` with other feeds, or `modifications` such as [{ cut = { route = \"12\", after = \"19:00\" } }]";
            return Err(self.bad(&given.span(), &format!("scenarios.{name}"), "nothing", wanted));
        }
        let label = self.text_of(&key("label"), raw.label)?.unwrap_or_else(|| name.replace('_', " "));
        Ok(Scenario { name, label, gtfs, date, modifications })
    }

    fn modification(
        &self,
        scenario: &str,
        raw: Spanned<raw::Modification>,
    ) -> Result<Modification, ProjectError> {
        let span = raw.span();
        let mut kinds = raw.into_inner().into_iter();
        let (Some((kind, raw)), None) = (kinds.next(), kinds.next()) else {
            let key = format!("scenarios.{scenario}.modifications");
            let wanted = "one kind in each pair of braces, such as { cut = { route = \"12\" } }";
            return Err(self.bad(&span, &key, "another number of kinds", wanted));
        };
        let mut raw: Vec<_> = raw.into_iter().collect();
        raw.sort_by_key(|(key, _)| key.span().start);
        let words = raw.iter().map(|(key, value)| pair(key.get_ref(), value.get_ref())).collect();
        Modification::new(kind.get_ref(), words).map_err(|bad| {
            let at = bad.key();
            let place = raw.iter().find(|(key, _)| key.get_ref() == at);
            let span = place.map_or_else(
                || kind.span(),
                |(key, value)| match &bad {
                    BadWord::Unknown { .. } => key.span(),
                    _ => value.span(),
                },
            );
            let key = format!("scenarios.{scenario}: {}.{at}", kind.get_ref());
            match bad {
                BadWord::Unknown { key, advice } => ProjectError::UnknownKey {
                    file: self.file.to_owned(),
                    line: line_of(self.text, &span),
                    key,
                    advice,
                },
                BadWord::Value { value, wanted, .. } => self.bad(&span, &key, quoted(value), wanted),
                BadWord::Missing { wanted, .. } => self.bad(&span, &key, "nothing", wanted),
            }
        })
    }
}

fn pair(key: &str, value: &Value) -> Pair {
    match value {
        Value::Array(values) => Pair { key: key.to_owned(), values: values.iter().map(plain).collect() },
        other => Pair { key: key.to_owned(), values: vec![plain(other)] },
    }
}

#[cfg(test)]
mod tests;
