//! What else the map can show: the table of a run and of a scenario, field by field.

use super::scenario_cache::ReadyScenario;
use super::{ExplorerState, failed};
use crate::access::index;
use crate::analysis::Silent;
use crate::analysis::run::{ProfileNetwork, ProfileResults, indicators};
use crate::analysis::study::DatedWindow;
use crate::analysis::world::World;
use crate::finding::Findings;
use crate::inputs::project::Project;
use crate::outputs::class_breaks::Classes;
use crate::results::cell_state::readings;
use crate::results::table::{Field, NeighbourhoodTable, Value};
use crate::sanitise::clean_text;
use crate::web::{Classed, ExplorerMeasure, ExplorerMeasures, ExplorerQuery, Refusal, ShownValue};

/// What is known without a question, or is no measure.
const PASSED_OVER: [&str; 3] = ["population", "origin_points", "snap_max_m"];

impl ExplorerState<'_> {
    /// Every number of a window, before and after.
    pub(super) fn measures(&mut self, asked: &ExplorerQuery) -> Result<ExplorerMeasures, Refusal> {
        let window = self.window(asked.window.as_deref())?;
        let slot = window.unwrap_or(self.windows.len());
        if self.tables[slot].is_none() {
            self.tables[slot] = Some(self.table_before(window)?);
        }
        self.made_ready(&asked.otherwise)?;
        let mut after = self.after.pop_if(|after| after.otherwise == asked.otherwise);
        let found = match &mut after {
            Some(after) if after.tables[slot].is_none() => {
                self.table_after(after, window).map(|table| after.tables[slot] = Some(table))
            }
            _ => Ok(()),
        };
        let before = self.tables[slot].as_ref();
        let side = after.as_ref().and_then(|after| after.tables[slot].as_ref()).or(before);
        let list = before
            .zip(side)
            .map(|(before, after)| self.list(window, before, after))
            .unwrap_or_default();
        let at_after = window.zip(after.as_ref()).map(|(at, after)| after.windows[at].clone());
        self.after.extend(after);
        found.map(|()| ExplorerMeasures { when: self.when(window, at_after.as_ref()), list })
    }

    fn table_before(&self, window: Option<usize>) -> Result<NeighbourhoodTable, Refusal> {
        self.table_of(&self.study.world, self.windows, window)
    }

    fn table_after(
        &self,
        after: &ReadyScenario,
        window: Option<usize>,
    ) -> Result<NeighbourhoodTable, Refusal> {
        self.table_of(&after.world, &after.windows, window)
    }

    fn table_of(
        &self,
        world: &World,
        windows: &[DatedWindow],
        window: Option<usize>,
    ) -> Result<NeighbourhoodTable, Refusal> {
        let shown = window.map_or(&windows[..0], |at| &windows[at..=at]);
        let on = world.first();
        let survey = on.survey(self.study.jobs.as_ref()).clone();
        let searched = ProfileNetwork { nth: 0, on, places: &world.places, survey, baseline: None };
        let aside = &mut Findings::new();
        let found = ProfileResults::on(self.study, searched, shown, &Silent, aside);
        indicators(self.study, world, &[found.map_err(failed)?], windows, &[]).map_err(failed)
    }

    fn list(
        &self,
        window: Option<usize>,
        before: &NeighbourhoodTable,
        after: &NeighbourhoodTable,
    ) -> Vec<ExplorerMeasure> {
        let project = &self.study.project;
        let passed_over = |field: &Field| {
            PASSED_OVER.contains(&field.name.as_str())
                || is_time(project, field)
                || is_of_another_window(project, window, &field.name)
        };
        let fields = before.fields.iter().filter(|field| !passed_over(field));
        fields.filter_map(|field| measure(project, field, before, after)).collect()
    }
}

/// Whether a field is of a window that its name does not tell, and that is not the one asked about:
/// in a run it has another number.
fn is_of_another_window(project: &Project, window: Option<usize>, name: &str) -> bool {
    let of_first = ["on_no_line", "terminus"].iter().any(|start| name.starts_with(start));
    let doubly = project.doubly_cut_off.as_ref().filter(|_| name.starts_with("doubly_cut_off"));
    let doubly = doubly.and_then(|doubly| doubly.window.as_ref());
    let asked = window.and_then(|at| project.windows.get(at)).map(|window| &window.name);
    (of_first && window != Some(0)) || (doubly.is_some() && doubly != asked)
}

/// Whether a field is a percentile or the spread of the times to a category, whose changes are told
/// from whole seconds.
fn is_time(project: &Project, field: &Field) -> bool {
    let Some(stem) = field.name.strip_suffix("_min") else { return false };
    let (base, last) = stem.rsplit_once('_').unwrap_or(("", stem));
    let spread = last == "best" || last == "worst";
    let percentile = last.strip_prefix('p').is_some_and(|rest| rest.parse::<u8>().is_ok());
    let of_window = |base: &str| project.windows.iter().any(|window| window.name == base);
    let of_category = |rest: &str| rest.strip_prefix("_transit_").is_some_and(of_window);
    let mut categories = project.categories.iter();
    (spread || percentile)
        && categories.any(|category| base.strip_prefix(&category.name).is_some_and(of_category))
}

/// A field of both tables as a measure; none where it holds no numbers.
fn measure(
    project: &Project,
    field: &Field,
    before: &NeighbourhoodTable,
    after: &NeighbourhoodTable,
) -> Option<ExplorerMeasure> {
    let is_flag = before.column(&field.name)?.any(|value| matches!(value, Value::Flag(_)));
    let (old, new) = (column(before, field)?, column(after, field)?);
    let number = |reading: &ShownValue| match reading {
        ShownValue::Number(number) => Some(*number),
        ShownValue::None(_) => None,
    };
    if !old.iter().chain(&new).any(|reading| number(reading).is_some()) {
        return None;
    }
    let change = difference(field, before, after)?;
    let values: Vec<Value> = old.iter().chain(&new).filter_map(number).map(Value::Number).collect();
    let largest =
        change.iter().flatten().fold(0.0_f64, |largest, change| largest.max(change.abs()));
    let meaning = clean_text(&field.meaning).into_owned();
    Some(ExplorerMeasure {
        field: clean_text(&field.name).into_owned(),
        key: key(field),
        group: group(project, &field.name),
        label: meaning.split(';').next().unwrap_or_default().to_owned(),
        meaning,
        unit: field.unit,
        decimals: field.decimals,
        is_flag,
        classes: if is_flag {
            yes_or_no()
        } else {
            classed(&Classes::of(field.unit, &values), Classes::label)
        },
        changes: if is_flag {
            came_or_went()
        } else {
            classed(&Classes::of_change(field.unit, largest), Classes::change_label)
        },
        before: old,
        after: new,
        change,
    })
}

/// The cells as they are read; none where one is a text.
fn column(table: &NeighbourhoodTable, field: &Field) -> Option<Vec<ShownValue>> {
    let values: Vec<&Value> = table.column(&field.name)?.collect();
    if values.iter().any(|value| matches!(value, Value::Text(_))) {
        return None;
    }
    let empty = readings(table, &field.name)?;
    let reading = |(value, empty): (&&Value, &index::IndexReading)| match (value, empty) {
        (Value::Flag(flag), _) => ShownValue::Number(f64::from(u8::from(*flag))),
        (value, index::IndexReading::Unreached) if value.as_number().is_none() => {
            ShownValue::None("unreached")
        }
        (value, _) => {
            value.rounded(field.decimals).map_or(ShownValue::None("unknown"), ShownValue::Number)
        }
    };
    Some(values.iter().zip(&empty).map(reading).collect())
}

/// After less before as `change.csv` has it: of the numbers themselves, rounded once.
fn difference(
    field: &Field,
    before: &NeighbourhoodTable,
    after: &NeighbourhoodTable,
) -> Option<Vec<Option<f64>>> {
    let number = |value: &Value| match value {
        Value::Flag(flag) => Some(f64::from(u8::from(*flag))),
        value => value.as_number(),
    };
    let pairs = before.column(&field.name)?.zip(after.column(&field.name)?);
    let change = |(old, new)| Value::number(number(new)? - number(old)?).rounded(field.decimals);
    Some(pairs.map(change).collect())
}

fn key(field: &Field) -> String {
    let window = field.window.as_deref().and_then(|when| when.split(' ').next());
    window.map_or_else(
        || field.name.clone(),
        |window| field.name.replacen(&format!("_{window}"), "_*", 1),
    )
}

fn group(project: &Project, name: &str) -> String {
    let starts = |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('_'));
    let category = project.categories.iter().filter(|category| starts(&category.name));
    // `park_and_ride` is not `park`.
    if let Some(category) = category.max_by_key(|category| category.name.len()) {
        return clean_text(&category.label).into_owned();
    }
    let group = match name {
        _ if starts("jobs") || name.starts_with("p50_of_jobs") => "Jobs",
        _ if starts("broadband") || starts("mobile") => "Broadband and mobile",
        _ if ["departures", "on_no", "terminus", "service", "pct_no", "ptal"]
            .iter()
            .any(|word| name.starts_with(word)) =>
        {
            "Buses and trains"
        }
        _ => "Other",
    };
    group.to_owned()
}

fn classed(classes: &Classes, label: impl Fn(&Classes, usize) -> String) -> Classed {
    let all = 0..classes.len();
    Classed {
        breaks: classes.breaks.clone(),
        colours: all.clone().map(|class| classes.colour(class).to_owned()).collect(),
        labels: all.map(|class| label(classes, class)).collect(),
    }
}

fn yes_or_no() -> Classed {
    named(&[0.0], &[("#a1dab4", "no"), ("#253494", "yes")])
}

fn came_or_went() -> Classed {
    named(
        &[-0.5, 0.5],
        &[("#998ec3", "no longer so"), ("#f7f7f7", "as before"), ("#f1a340", "newly so")],
    )
}

fn named(breaks: &[f64], classes: &[(&str, &str)]) -> Classed {
    let (colours, labels) =
        classes.iter().map(|(colour, label)| ((*colour).to_owned(), (*label).to_owned())).unzip();
    Classed { breaks: breaks.to_vec(), colours, labels }
}
