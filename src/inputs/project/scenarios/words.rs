//! The words of a modification: `key=value`, each value a text until somebody asks for what it is
//! meant to be.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::super::check::service_time;
use super::super::error::advice;
use super::shapes::{self, DrawnArea, DrawnCourse, ScenarioDrawing};
use super::{Band, Days};
use crate::geometry::LonLat;
use crate::units::ServiceTime;

/// A key with what it is to be; a list has several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    /// The key.
    pub key: String,
    /// Its values.
    pub values: Vec<String>,
}

impl KeyValue {
    pub(super) fn to_toml(&self) -> String {
        let text = |value: &String| toml::Value::String(value.clone()).to_string();
        let values: Vec<String> = self.values.iter().map(text).collect();
        match values.as_slice() {
            [one] => format!("{} = {one}", self.key),
            _ => format!("{} = [{}]", self.key, values.join(", ")),
        }
    }
}

impl fmt::Display for KeyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, self.values.join(";"))
    }
}

/// A word that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWord {
    /// A key or kind that means nothing here.
    #[error("unknown word `{key}`; {advice}")]
    Unknown {
        /// The key.
        key: String,
        /// The nearest known one, or all.
        advice: String,
    },
    /// A value that is not allowed.
    #[error("{key}={value} is not allowed; give {wanted}")]
    Value {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// What is allowed.
        wanted: String,
    },
    /// A word that has to be there.
    #[error("{key} is missing; give {wanted}")]
    Missing {
        /// The key.
        key: String,
        /// What is allowed.
        wanted: String,
    },
}

impl BadWord {
    pub(super) fn value(key: &str, value: &str, wanted: &str) -> BadWord {
        bad(key, value, wanted)
    }

    pub(super) fn missing(key: &str, wanted: &str) -> BadWord {
        BadWord::Missing { key: key.to_owned(), wanted: wanted.to_owned() }
    }

    /// The key it is about.
    pub fn key(&self) -> &str {
        match self {
            BadWord::Unknown { key, .. }
            | BadWord::Value { key, .. }
            | BadWord::Missing { key, .. } => key,
        }
    }
}

/// Takes `route=12 operator=Newport Bus after=19:00` apart: a value goes on to the next word that
/// has an equals sign.
pub(super) fn split(text: &str) -> Result<Vec<KeyValue>, BadWord> {
    let mut pairs: Vec<KeyValue> = Vec::new();
    for word in text.split_whitespace() {
        match (word.split_once('='), pairs.last_mut()) {
            (Some((key, value)), _) if !key.is_empty() => {
                pairs.push(KeyValue { key: key.to_owned(), values: vec![value.to_owned()] })
            }
            (_, Some(last)) => {
                last.values.iter_mut().for_each(|value| *value = format!("{value} {word}"))
            }
            (_, None) => {
                let wanted = "words as KEY=VALUE, such as route=12".to_owned();
                return Err(BadWord::Value { key: word.to_owned(), value: String::new(), wanted });
            }
        }
    }
    Ok(pairs)
}

/// Hands out the words, and knows which nobody asked for.
pub(super) struct WordReader<'a> {
    words: &'a [KeyValue],
    asked: u64,
    known: Vec<&'static str>,
    /// Where files lie; none where none may be named.
    folder: Option<&'a Path>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
}

impl<'a> WordReader<'a> {
    pub(super) fn new(words: &'a [KeyValue], folder: Option<&'a Path>) -> WordReader<'a> {
        WordReader { words, asked: 0, known: Vec::new(), folder, files: Vec::new() }
    }

    fn values(&mut self, key: &'static str) -> Result<Option<&'a [String]>, BadWord> {
        self.known.push(key);
        let mut found = self.words.iter().enumerate().filter(|(_, pair)| pair.key == key);
        let Some((at, pair)) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            let (value, wanted) = (pair.values.join(","), "each key once".to_owned());
            return Err(BadWord::Value { key: key.to_owned(), value, wanted });
        }
        self.asked |= 1 << at.min(63);
        if pair.values.iter().any(|value| value.trim().is_empty()) || pair.values.is_empty() {
            return Err(bad(key, "", "some text"));
        }
        Ok(Some(&pair.values))
    }

    fn one(&mut self, key: &'static str) -> Result<Option<&'a str>, BadWord> {
        match self.values(key)? {
            None => Ok(None),
            Some([one]) => Ok(Some(one.trim())),
            Some(many) => Err(bad(key, &many.join(", "), "one value")),
        }
    }

    pub(super) fn text(&mut self, key: &'static str) -> Result<Option<String>, BadWord> {
        Ok(self.one(key)?.map(str::to_owned))
    }

    /// Several values, with commas or semicolons between them where they come as one text.
    pub(super) fn list(&mut self, key: &'static str) -> Result<Vec<String>, BadWord> {
        self.divided(key, &[',', ';'])
    }

    /// Several names, with semicolons between them: a name may hold a comma.
    pub(super) fn names(&mut self, key: &'static str) -> Result<Vec<String>, BadWord> {
        self.divided(key, &[';'])
    }

    fn divided(&mut self, key: &'static str, at: &[char]) -> Result<Vec<String>, BadWord> {
        let values = match self.values(key)? {
            None => return Ok(Vec::new()),
            Some([one]) => one.split(at).map(|part| part.trim().to_owned()).collect(),
            Some(many) => many.iter().map(|value| value.trim().to_owned()).collect::<Vec<_>>(),
        };
        if values.iter().any(String::is_empty) {
            return Err(bad(key, &values.join(","), "a name between each pair of commas"));
        }
        Ok(values)
    }

    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: RangeInclusive<f64>,
        wanted: &str,
    ) -> Result<Option<f64>, BadWord> {
        let Some(text) = self.one(key)? else { return Ok(None) };
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| bad(key, text, wanted))
    }

    pub(super) fn yes(&mut self, key: &'static str) -> Result<bool, BadWord> {
        match self.one(key)? {
            None | Some("false" | "no") => Ok(false),
            Some("true" | "yes") => Ok(true),
            Some(other) => Err(bad(key, other, "true or false")),
        }
    }

    /// `LON LAT` or `LON,LAT`, also as a list of two numbers.
    pub(super) fn point(&mut self, key: &'static str) -> Result<Option<LonLat>, BadWord> {
        let Some(values) = self.values(key)? else { return Ok(None) };
        let text = values.join(" ");
        point(&text).map(Some).ok_or_else(|| bad(key, &text, "a point as LON LAT in degrees"))
    }

    /// `FIRST > LAST`, with stops on the way between them; also as a list.
    pub(super) fn pattern(&mut self) -> Result<Vec<String>, BadWord> {
        let stops = self.divided("pattern", &['>'])?;
        if stops.len() == 1 {
            let wanted = "the first and the last stop, such as \"Mill Lane > Town Hall\"; stops on the way may stand between";
            return Err(bad("pattern", &stops[0], wanted));
        }
        Ok(stops)
    }

    /// `WEST SOUTH EAST NORTH` in degrees.
    pub(super) fn corners(&mut self, key: &'static str) -> Result<Option<[f64; 4]>, BadWord> {
        let Some(values) = self.values(key)? else { return Ok(None) };
        let text = values.join(" ");
        let numbers: Vec<f64> =
            text.split([' ', ',']).filter(|part| !part.is_empty()).flat_map(str::parse).collect();
        let corners = <[f64; 4]>::try_from(numbers).ok().filter(|[west, south, east, north]| {
            let corners = LonLat::new(*west, *south).zip(LonLat::new(*east, *north));
            corners.is_some() && west < east && south < north
        });
        corners.map(Some).ok_or_else(|| bad(key, &text, "WEST SOUTH EAST NORTH in degrees"))
    }

    /// One line.
    pub(super) fn line(&mut self, key: &'static str) -> Result<Option<DrawnCourse>, BadWord> {
        let Some(lines) = self.lines(key)? else { return Ok(None) };
        match <[DrawnCourse; 1]>::try_from(lines) {
            Ok([line]) => Ok(Some(line)),
            Err(lines) => Err(bad(key, &format!("{} lines", lines.len()), "one line")),
        }
    }

    /// Lines of a GeoJSON file, or one whose points are written out.
    pub(super) fn lines(&mut self, key: &'static str) -> Result<Option<Vec<DrawnCourse>>, BadWord> {
        const WANTED: &str =
            "a GeoJSON file of lines, or two points or more as \"LON LAT; LON LAT\"";
        let drawn = self.drawn(key, WANTED, |points| {
            (points.len() > 1).then(|| ScenarioDrawing::Lines(vec![DrawnCourse(points.to_vec())]))
        })?;
        match drawn {
            None => Ok(None),
            Some(ScenarioDrawing::Lines(lines)) => Ok(Some(lines)),
            Some(ScenarioDrawing::Area(_)) => Err(bad(key, "polygons", WANTED)),
        }
    }

    /// Polygons of a GeoJSON file, or one whose corners are written out.
    pub(super) fn area(&mut self, key: &'static str) -> Result<Option<DrawnArea>, BadWord> {
        const WANTED: &str =
            "a GeoJSON file of polygons, or three points or more as \"LON LAT; LON LAT; LON LAT\"";
        let drawn =
            self.drawn(key, WANTED, |points| (points.len() > 2).then(|| shapes::ring(points)))?;
        match drawn {
            None => Ok(None),
            Some(ScenarioDrawing::Area(area)) => Ok(Some(area)),
            Some(ScenarioDrawing::Lines(_)) => Err(bad(key, "lines", WANTED)),
        }
    }

    fn drawn(
        &mut self,
        key: &'static str,
        wanted: &str,
        of: impl Fn(&[LonLat]) -> Option<ScenarioDrawing>,
    ) -> Result<Option<ScenarioDrawing>, BadWord> {
        let Some(values) = self.values(key)? else { return Ok(None) };
        let text = values.join(";");
        if let Some(points) = shapes::written(&text) {
            return of(&points).map(Some).ok_or_else(|| bad(key, &text, wanted));
        }
        let Some(folder) = self.folder else {
            let wanted = format!("{wanted}; here no file can be named");
            return Err(bad(key, &text, &wanted));
        };
        let path = folder.join(text.trim());
        let drawn =
            shapes::read(&path).map_err(|why| bad(key, &text, &format!("{wanted}: {why}")))?;
        self.files.push(path);
        Ok(Some(drawn))
    }

    pub(super) fn band(&mut self) -> Result<Band, BadWord> {
        const WANTED: &str = "a time of the service day as HH:MM, from 00:00 to 47:59";
        let mut time = |key| -> Result<Option<ServiceTime>, BadWord> {
            let Some(text) = self.one(key)? else { return Ok(None) };
            service_time(text).map(Some).ok_or_else(|| bad(key, text, WANTED))
        };
        let (after, before) = (time("after")?, time("before")?);
        let Some(between) = self.one("between")? else {
            if let (Some(from), Some(until)) = (after, before)
                && until <= from
            {
                let wanted = "a time later than `after`: between after and before is meant";
                return Err(bad("before", &clock(until), wanted));
            }
            return Ok(Band { from: after, until: before });
        };
        let ends = between.split_once('-').and_then(|(from, until)| {
            Some((service_time(from.trim())?, service_time(until.trim())?))
        });
        let ends = ends.filter(|(from, until)| from < until);
        let (from, until) = ends.ok_or_else(|| {
            bad(
                "between",
                between,
                "two times as 09:00-16:00; past midnight count on, as in 22:00-26:00",
            )
        })?;
        if after.is_some() || before.is_some() {
            return Err(bad("between", between, "either `between`, or `after` and `before`"));
        }
        Ok(Band { from: Some(from), until: Some(until) })
    }

    pub(super) fn days(&mut self) -> Result<Days, BadWord> {
        const KEY: &str = "days";
        let words = self.divided(KEY, &[',', ';', ' '])?;
        if words.is_empty() {
            return Ok(Days::default());
        }
        let mut days = [false; 7];
        for word in &words {
            let wanted = "mon, tue, wed, thu, fri, sat, sun, ranges such as mon-fri, weekday or daily, with commas between them";
            let (from, to) = span(word).ok_or_else(|| bad(KEY, word, wanted))?;
            days[from..=to].fill(true);
        }
        Ok(Days(days))
    }

    /// Whether every word was asked for.
    pub(super) fn nothing_left(&self) -> Result<(), BadWord> {
        let left = self.words.iter().enumerate().find(|(at, _)| self.asked & 1 << at.min(&63) == 0);
        left.map_or(Ok(()), |(_, pair)| {
            let known: Vec<String> = self.known.iter().map(|&key| key.to_owned()).collect();
            Err(BadWord::Unknown { key: pair.key.clone(), advice: advice(&pair.key, &known) })
        })
    }
}

/// `LON LAT` or `LON,LAT`.
pub(crate) fn point(text: &str) -> Option<LonLat> {
    let mut numbers = text.split([' ', ',']).filter(|part| !part.is_empty());
    let (lon, lat) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    numbers.next().is_none().then(|| LonLat::new(lon, lat)).flatten()
}

fn span(word: &str) -> Option<(usize, usize)> {
    match word.to_lowercase().as_str() {
        "daily" | "all" => Some((0, 6)),
        "weekday" | "weekdays" => Some((0, 4)),
        "weekend" => Some((5, 6)),
        word => match word.split_once('-') {
            Some((from, to)) => Some((day(from)?, day(to)?)).filter(|(from, to)| from <= to),
            None => day(word).map(|day| (day, day)),
        },
    }
}

fn day(word: &str) -> Option<usize> {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word);
    DAYS.iter().position(|day| word == *day || word == &day[..3])
}

fn clock(time: ServiceTime) -> String {
    time.to_string()[..5].to_owned()
}

fn bad(key: &str, value: &str, wanted: &str) -> BadWord {
    BadWord::Value { key: key.to_owned(), value: value.to_owned(), wanted: wanted.to_owned() }
}
