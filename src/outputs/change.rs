//! `change.csv` and `change.geojson`: what became of each neighbourhood, and `groups.csv`: of groups of them.
//!
//! Names are those of the other outputs with `_before`, `_after` and `_change` behind the measure. Minutes of change are made from
//! seconds and rounded once, so that they may differ by a tenth from the difference of the two that are rounded each.

use std::io::{self, Write};

use super::table::{Absence, Field, NeighbourhoodRow, NeighbourhoodTable, Value};
use super::text::csv_text;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::project::Category;
use crate::scenario::change::{Change, Shift, State, THRESHOLDS_MIN};
use crate::scenario::compare::{Group, WindowChange};

/// What the tables are made from.
pub struct Changes<'a> {
    /// The neighbourhoods.
    pub zones: &'a Neighbourhoods,
    /// The categories of places.
    pub categories: &'a [Category],
    /// Percentiles of travel times.
    pub percentiles: &'a [u8],
    /// Cut-offs, minutes.
    pub cutoffs_min: &'a [u32],
    /// Whether people are counted, or only points.
    pub people_known: bool,
    /// The windows.
    pub windows: &'a [NamedChange],
}

/// A window's changes with its name and dates.
pub struct NamedChange {
    /// Its name in the project.
    pub name: String,
    /// When it is, before and after.
    pub when: String,
    /// What changed.
    pub change: WindowChange,
}

struct Columns<'a> {
    fields: Vec<Field>,
    values: Vec<Vec<Value>>,
    window: Option<&'a str>,
}

impl Columns<'_> {
    fn add(
        &mut self,
        name: String,
        unit: &'static str,
        decimals: u8,
        meaning: String,
        values: impl Iterator<Item = Value>,
    ) {
        let window = self.window.map(str::to_owned);
        let source = "OpenStreetMap, GTFS".to_owned();
        // Where nothing changes because it is lost or gained there is no number, nor is there off the map.
        let absence = if unit == "min" { Absence::Unreached } else { Absence::Unknown };
        self.fields.push(Field { name, unit, meaning, window, source, decimals, absence });
        self.values.push(values.collect());
    }
}

impl Changes<'_> {
    /// The table of all neighbourhoods.
    pub fn table(&self) -> NeighbourhoodTable {
        let mut columns = Columns { fields: Vec::new(), values: Vec::new(), window: None };
        self.who(&mut columns);
        for window in self.windows {
            columns.window = Some(&window.when);
            for (category, changes) in self.categories.iter().zip(&window.change.categories) {
                self.category(category, &window.name, changes, &mut columns);
            }
            self.jobs(window, &mut columns);
        }
        let mut values: Vec<_> = columns.values.into_iter().map(Vec::into_iter).collect();
        let rows = self.zones.zones.iter().map(|zone| NeighbourhoodRow {
            values: values.iter_mut().map(|column| column.next().unwrap_or(Value::Missing)).collect(),
            polygon: zone.polygon.clone(),
        });
        NeighbourhoodTable { rows: rows.collect(), fields: columns.fields }
    }

    fn who(&self, columns: &mut Columns) {
        let zones = || self.zones.zones.iter();
        let mut text = |name: &str, meaning: &str, values: Vec<Value>| {
            columns.add(name.to_owned(), "", 0, meaning.to_owned(), values.into_iter());
        };
        text("id", "code of the neighbourhood", zones().map(|z| Value::Text(z.id.clone())).collect());
        text("name", "name of the neighbourhood", zones().map(|z| Value::Text(z.name.clone())).collect());
        let key = &self.zones.key_column;
        if !["id", "name"].iter().any(|taken| key.eq_ignore_ascii_case(taken)) {
            let values = zones().map(|z| Value::Text(z.id.clone())).collect();
            text(key, "the source's own key, to join by", values);
        }
        let people = zones().map(|z| z.population.map_or(Value::Missing, Value::number));
        columns.add("population".into(), "people", 0, "people who live there".into(), people);
        if zones().any(|z| z.deprivation.is_some()) {
            let decile = zones().map(|z| {
                let decile = z.deprivation.as_ref().and_then(|deprivation| deprivation.decile);
                decile.map_or(Value::Missing, |decile| Value::Integer(decile.into()))
            });
            let meaning = "decile of deprivation, 1 is the most deprived tenth".to_owned();
            columns.add("deprivation_decile".into(), "", 0, meaning, decile);
        }
    }

    fn category(&self, category: &Category, window: &str, changes: &[Option<Change>], columns: &mut Columns) {
        let base = format!("{}_transit_{window}", category.name);
        let label = &category.label;
        let each = |get: &dyn Fn(&Change) -> Value| -> std::vec::IntoIter<Value> {
            let value = |change: &Option<Change>| change.as_ref().map_or(Value::Missing, get);
            changes.iter().map(value).collect::<Vec<_>>().into_iter()
        };
        for (nth, percentile) in self.percentiles.iter().enumerate() {
            let about = format!(
                "time to the nearest of: {label}, that {percentile} % of the departures keep to; population-weighted median"
            );
            let name = |what: &str| format!("{base}_p{percentile}_{what}_min");
            let shift = |change: &Change| change.times[nth];
            columns.add(
                name("before"),
                "min",
                1,
                format!("before: {about}; empty: out of reach"),
                each(&|c| Value::minutes(shift(c).before)),
            );
            columns.add(
                name("after"),
                "min",
                1,
                format!("after: {about}; empty: out of reach"),
                each(&|c| Value::minutes(shift(c).after)),
            );
            let meaning = format!(
                "after less before, more is worse: {about}; empty: out of reach before or after, see {base}_state"
            );
            columns.add(name("change"), "min", 1, meaning, each(&|c| minutes_of_change(shift(c))));
        }
        let meaning = format!(
            "what became of the median time to the nearest of: {label}; lost: no longer in reach, longer, same, shorter, gained, never: in reach neither before nor after"
        );
        columns.add(format!("{base}_state"), "", 0, meaning, each(&|c| state(c)));
        let who = if self.people_known { "people" } else { "origin points" };
        let unit = if self.people_known { "people" } else { "count" };
        let mut people = |name: String, meaning: String, get: &dyn Fn(&Change) -> f64| {
            columns.add(
                name,
                unit,
                0,
                format!("{who} {meaning} the nearest of: {label}"),
                each(&|c| Value::number(get(c))),
            );
        };
        people(format!("{base}_people_lost"), "who can no longer reach".into(), &|c| c.tally.lost);
        people(format!("{base}_people_gained"), "who can newly reach".into(), &|c| c.tally.gained);
        for (nth, threshold) in THRESHOLDS_MIN.iter().enumerate() {
            let longer =
                format!("who still reach, but whose median time is {threshold} min longer or more, to");
            people(format!("{base}_people_longer_{threshold}min"), longer, &|c| c.tally.longer[nth]);
        }
        let shorter = format!("whose median time is {} min shorter or more to", THRESHOLDS_MIN[0]);
        people(format!("{base}_people_shorter_{}min", THRESHOLDS_MIN[0]), shorter, &|c| c.tally.shorter[0]);
        for (nth, cutoff) in self.cutoffs_min.iter().enumerate() {
            let no_longer = format!(
                "who were within {cutoff} min of and are no longer, counting those who cannot reach it at all:"
            );
            people(format!("{base}_people_no_longer_{cutoff}min"), no_longer, &|c| {
                c.tally.no_longer_within[nth]
            });
        }
    }

    fn jobs(&self, window: &NamedChange, columns: &mut Columns) {
        for (cutoff, jobs) in self.cutoffs_min.iter().zip(&window.change.jobs) {
            let about = format!(
                "jobs whose median travel time is within {cutoff} min; what half of its people reach, or more"
            );
            let name = |what: &str| format!("jobs_transit_{}_{cutoff}min_of_p50_{what}", window.name);
            let each = |get: fn((f64, f64)) -> f64| {
                jobs.iter().map(move |jobs| jobs.map_or(Value::Missing, |jobs| Value::number(get(jobs))))
            };
            columns.add(name("before"), "jobs", 0, format!("before: {about}"), each(|(before, _)| before));
            columns.add(name("after"), "jobs", 0, format!("after: {about}"), each(|(_, after)| after));
            columns.add(
                name("change"),
                "jobs",
                0,
                format!("after less before, less is worse: {about}"),
                each(|(before, after)| after - before),
            );
        }
    }

    /// Writes `groups.csv`: a row for each group, window and category.
    pub fn write_groups(&self, out: impl Write, groups: &[Group]) -> io::Result<()> {
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
        let mut header =
            ["by", "group", "window", "category", "neighbourhoods", "people", "people_lost", "people_gained"]
                .map(str::to_owned)
                .to_vec();
        header.extend(THRESHOLDS_MIN.iter().map(|min| format!("people_longer_{min}min")));
        header.extend(THRESHOLDS_MIN.iter().map(|min| format!("people_shorter_{min}min")));
        header.extend(self.cutoffs_min.iter().map(|min| format!("people_no_longer_{min}min")));
        header.extend(self.cutoffs_min.iter().map(|min| format!("people_newly_{min}min")));
        header.push("mean_change_min".to_owned());
        csv.write_record(&header)?;
        for group in groups {
            for window in self.windows {
                for (number, category) in self.categories.iter().enumerate() {
                    let tally = window.change.sum(number, &group.zones, self.cutoffs_min.len());
                    let known = group
                        .zones
                        .iter()
                        .filter(|zone| window.change.categories[number][**zone].is_some())
                        .count();
                    let mut row = vec![
                        group.by.to_owned(),
                        csv_text(&group.name).into_owned(),
                        csv_text(&window.name).into_owned(),
                        csv_text(&category.name).into_owned(),
                        known.to_string(),
                    ];
                    let counts = [tally.people, tally.lost, tally.gained]
                        .into_iter()
                        .chain(tally.longer)
                        .chain(tally.shorter);
                    let counts =
                        counts.chain(tally.no_longer_within.clone()).chain(tally.newly_within.clone());
                    row.extend(counts.map(|count| format!("{count:.0}")));
                    row.push(
                        tally.mean_minutes().map_or_else(String::new, |mean| {
                            Value::number(mean).plain(2).unwrap_or_default()
                        }),
                    );
                    csv.write_record(&row)?;
                }
            }
        }
        csv.flush()
    }
}

/// After less before in tenths of a minute, rounded once, half away from nought.
pub fn minutes_of_change(shift: Shift) -> Value {
    let Some(seconds) = shift.seconds() else { return Value::Missing };
    let tenths = super::table::tenths_of_minutes(crate::units::Seconds(
        u32::try_from(seconds.unsigned_abs()).unwrap_or(u32::MAX),
    ));
    let minutes = f64::from(tenths) / 10.0;
    Value::number(if seconds < 0 { -minutes } else { minutes })
}

fn state(change: &Change) -> Value {
    match change.median.state() {
        // Without people there is nobody for whom it could be out of reach.
        State::Never if change.tally.people <= 0.0 => Value::Missing,
        state => Value::Text(state.name().to_owned()),
    }
}

/// The journeys of one point before and after, leaving at the same time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The neighbourhood's name.
    pub neighbourhood: String,
    /// Its code.
    pub id: String,
    /// The window.
    pub window: String,
    /// What the way leads to.
    pub category: String,
    /// When they leave.
    pub leave: String,
    /// The journey before, in words.
    pub before: String,
    /// The journey after.
    pub after: String,
    /// How long both take.
    pub times: Shift,
    /// The median over the window's departures, for the same point.
    pub median: Shift,
}

impl Story {
    /// How much later one arrives, in words.
    pub fn later(&self) -> String {
        match (self.times.state(), self.times.seconds()) {
            (State::Lost, _) => "no longer in reach".to_owned(),
            (State::Gained, _) => "newly in reach".to_owned(),
            (_, Some(seconds)) if seconds > 0 => format!("{} min later", (seconds + 30) / 60),
            (_, Some(seconds)) if seconds < 0 => format!("{} min earlier", (30 - seconds) / 60),
            (State::Never, _) => "in reach neither before nor after".to_owned(),
            _ => "at the same time".to_owned(),
        }
    }
}
