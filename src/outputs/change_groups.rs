//! `change_groups.csv`: people whose times change, and `change_measures.csv`: every other measure;
//! for all neighbourhoods and each group of them.

use std::io::{self, Write};

use crate::results::change::counts::ChangedCount;
use crate::results::change::{ChangeTableInput, NamedChange};
use crate::results::table::{NeighbourhoodTable, Value};
use crate::sanitise::csv_text;
use crate::scenario::comparison::ComparedGroup;
use crate::scenario::counts::CountChange;
use crate::scenario::differences::THRESHOLDS_MIN;

impl ChangeTableInput<'_> {
    /// What a count of those who are affected is called, as a column.
    pub fn counted_as(&self) -> &'static str {
        self.residents.counted().key()
    }

    /// Writes `change_groups.csv`: a row for each group, window, kind of walker and category.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_groups(&self, out: impl Write, groups: &[ComparedGroup]) -> io::Result<()> {
        let mut csv = writer(out);
        let who = self.counted_as();
        let mut header = ["by", "group", "window", "walker", "category", "neighbourhoods", who]
            .map(str::to_owned)
            .to_vec();
        let mut people = |name: String| header.push(format!("{who}_{name}"));
        ["lost", "gained", "longer", "shorter"].iter().for_each(|name| people((*name).to_owned()));
        THRESHOLDS_MIN.iter().for_each(|min| people(format!("longer_{min}min")));
        THRESHOLDS_MIN.iter().for_each(|min| people(format!("shorter_{min}min")));
        self.cutoffs_min.iter().for_each(|min| people(format!("no_longer_{min}min")));
        self.cutoffs_min.iter().for_each(|min| people(format!("newly_{min}min")));
        header.push("mean_change_min".to_owned());
        csv.write_record(&header)?;
        for group in groups {
            for window in self.windows {
                for number in 0..self.categories.len() {
                    csv.write_record(self.group_row(group, window, number))?;
                }
            }
        }
        csv.flush()
    }

    fn group_row(
        &self,
        group: &ComparedGroup,
        window: &NamedChange,
        category: usize,
    ) -> Vec<String> {
        let tally = window.change.sum(category, &group.zones, self.cutoffs_min.len());
        let known = |zone: &&usize| window.change.categories[category][**zone].is_some();
        let texts =
            [&group.by, &group.name, &window.name, window.walker, &self.categories[category].name];
        let mut row = texts.map(|text| csv_text(text).into_owned()).to_vec();
        row.push(group.zones.iter().filter(known).count().to_string());
        let counts =
            [tally.people, tally.lost, tally.gained, tally.worse, tally.better].into_iter();
        let counts = counts.chain(tally.longer).chain(tally.shorter);
        let counts = counts.chain(tally.no_longer_within.clone()).chain(tally.newly_within.clone());
        row.extend(counts.map(|count| format!("{count:.0}")));
        row.push(plain(tally.mean_minutes(), 2));
        row
    }

    /// Writes `change_measures.csv`: a row for each group and measure, with means over people. Of
    /// jobs and places these are the means over the points where people live, else over people with
    /// their neighbourhood's value, of those neighbourhoods where there is one on both sides.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_measures(&self, out: impl Write, groups: &[ComparedGroup]) -> io::Result<()> {
        let mut csv = writer(out);
        csv.write_record([
            "by",
            "group",
            "field",
            "unit",
            "window",
            "neighbourhoods",
            self.counted_as(),
            "mean_before",
            "mean_after",
            "mean_change",
            "mean_lost",
            "mean_gained",
        ])?;
        let counted: Vec<(&NamedChange, ChangedCount)> = self
            .windows
            .iter()
            .flat_map(|window| {
                self.counted(window).into_iter().map(move |counted| (window, counted))
            })
            .collect();
        for group in groups {
            let mut row = |field: &str,
                           unit: &str,
                           window: &str,
                           zones: usize,
                           people: f64,
                           means: [Option<f64>; 5]| {
                let texts = [group.by.as_str(), &group.name, field, unit, window];
                let texts = texts.map(|text| csv_text(text).into_owned()).into_iter();
                let numbers = [zones.to_string(), format!("{people:.0}")];
                csv.write_record(texts.chain(numbers).chain(means.map(|mean| plain(mean, 3))))
            };
            for (window, ChangedCount { field, unit, zones, .. }) in &counted {
                let mut sum = CountChange::default();
                let known = group.zones.iter().filter_map(|zone| zones[*zone].as_ref());
                let known = known.inspect(|zone| sum.join(zone)).count();
                let means = sum.means();
                let of = |nth: usize| means.map(|means| means[nth]);
                let change = means.map(|means| means[1] - means[0]);
                row(
                    field,
                    unit,
                    &window.when,
                    known,
                    sum.people,
                    [of(0), of(1), change, of(2), of(3)],
                )?;
            }
            for pair in self.pairs() {
                let weights = self.counts_for(pair.before);
                if counted.iter().any(|(_, counted)| counted.field == pair.field.name) {
                    continue;
                }
                let mut sums = [0.0; 3];
                let mut known = 0;
                for zone in &group.zones {
                    let value = |table: &NeighbourhoodTable, at: usize| {
                        table.rows[*zone].values[at].as_number()
                    };
                    let both = value(self.before, pair.before).zip(value(self.after, pair.after));
                    let Some(((before, after), people)) = both.zip(weights[*zone]) else {
                        continue;
                    };
                    known += 1;
                    sums = [sums[0] + people, sums[1] + before * people, sums[2] + after * people];
                }
                let [people, before, after] = sums;
                let mean = |sum: f64| (people > 0.0).then(|| sum / people);
                let means = [mean(before), mean(after), mean(after - before), None, None];
                let window = pair.window.as_deref().unwrap_or_default();
                row(&pair.field.name, pair.field.unit, window, known, people, means)?;
            }
        }
        csv.flush()
    }
}

fn plain(number: Option<f64>, decimals: u8) -> String {
    number.and_then(|number| Value::number(number).plain(decimals)).unwrap_or_default()
}

fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out)
}
