//! The table of neighbourhoods: every indicator with its name, unit and meaning.
//!
//! Names are `<category>_<mode>_<window>_<measure>`, for example `library_transit_am_p50_min`.

use super::table::{Field, NeighbourhoodRow, NeighbourhoodTable, Value};
use crate::access::edge::Place;
use crate::access::frequency::NEAR;
use crate::access::rollup::Weighted;
use crate::access::survey::{InWindow, Survey};
use crate::ids::{CategoryIdx, Idx, IdxVec, OriginIdx, ZoneIdx};
use crate::inputs::attributes::{AttributeTable, AttributeValues};
use crate::inputs::broadband::{Basis, Broadband, Weighting, ZoneBroadband};
use crate::inputs::neighbourhoods::{Neighbourhood, Neighbourhoods};
use crate::inputs::origins::{OriginSource, Origins};
use crate::inputs::project::Category;
use crate::routing::network::Joined;
use crate::units::{Seconds, Share};

/// What the table is made from.
pub struct Indicators<'a> {
    /// The neighbourhoods.
    pub zones: &'a Neighbourhoods,
    /// Where their people are.
    pub origins: &'a Origins,
    /// The origins of each neighbourhood.
    pub by_zone: &'a [Vec<OriginIdx>],
    /// Where each neighbourhood lies with respect to the edge of the map: its least lucky and its luckiest point.
    pub edges: &'a IdxVec<ZoneIdx, (Place, Place)>,
    /// The categories of places.
    pub categories: &'a [Category],
    /// Percentiles of travel times.
    pub percentiles: &'a [u8],
    /// Cut-offs, minutes.
    pub cutoffs_min: &'a [u32],
    /// The longest walk, minutes, for the words of the dictionary.
    pub max_walk_min: u32,
    /// The longest journey, minutes, likewise.
    pub max_time_min: u32,
    /// What was found for each kind of walker; the first one's fields have the plain names.
    pub walkers: &'a [Walker<'a>],
    /// Broadband.
    pub broadband: Option<&'a Broadband>,
    /// Further facts, carried as they are.
    pub attributes: &'a [AttributeTable],
}

/// What was found for one kind of walker.
pub struct Walker<'a> {
    /// The part of field names that tells it from the first one, such as `_step_free`; nothing for the first.
    pub suffix: &'a str,
    /// How the meaning of a field tells what is special about it, such as `, without steps`.
    pub says: &'a str,
    /// The origins on the streets that it uses.
    pub joined: &'a Joined,
    /// The walks.
    pub survey: &'a Survey,
    /// What was found in each window.
    pub windows: &'a [WindowResults],
}

/// A window's results.
pub struct WindowResults {
    /// Its name in the project.
    pub name: String,
    /// When it is, for the dictionary: date and times.
    pub when: String,
    /// By origin.
    pub origins: Vec<InWindow>,
    /// By origin: whether any vehicle can be caught from it in the window.
    pub has_service: Vec<bool>,
    /// By origin: vehicles that can be boarded nearby, an hour.
    pub departures_per_hour: Vec<f64>,
}

/// The columns as they are filled, each with a value for every neighbourhood.
struct Columns {
    fields: Vec<Field>,
    values: Vec<Vec<Value>>,
}

/// What a column says, besides its name.
struct Says<'a> {
    unit: &'static str,
    decimals: u8,
    meaning: String,
    window: Option<&'a str>,
    source: &'a str,
}

const PEOPLE: &str = "population";
const MAP: &str = "OpenStreetMap";
const BOTH: &str = "OpenStreetMap, GTFS";

impl Indicators<'_> {
    /// Makes the table.
    pub fn table(&self) -> NeighbourhoodTable {
        let mut columns = Columns { fields: Vec::new(), values: Vec::new() };
        self.who(&mut columns);
        self.flags(&mut columns);
        self.walkers.iter().for_each(|walker| self.cut_off(walker, &mut columns));
        self.walkers.iter().for_each(|walker| self.frequency(walker, &mut columns));
        for (number, category) in self.categories.iter().enumerate() {
            for walker in self.walkers {
                self.category(walker, CategoryIdx::new(number), category, &mut columns);
            }
        }
        self.walkers.iter().for_each(|walker| self.jobs(walker, &mut columns));
        self.broadband(&mut columns);
        self.attributes(&mut columns);
        columns.into_table(self.zones)
    }

    fn who(&self, columns: &mut Columns) {
        let zones = || self.zones.zones.iter();
        columns.add(
            "id",
            text("code of the neighbourhood", "neighbourhoods"),
            zones().map(|z| Value::Text(z.id.clone())),
        );
        columns.add(
            "name",
            text("name of the neighbourhood", "neighbourhoods"),
            zones().map(|z| Value::Text(z.name.clone())),
        );
        if !["id", "name"].iter().any(|taken| self.zones.key_column.eq_ignore_ascii_case(taken)) {
            let says = text("the source's own key, to join by", "neighbourhoods");
            columns.add(&self.zones.key_column, says, zones().map(|z| Value::Text(z.id.clone())));
        }
        let people = Says {
            unit: "people",
            decimals: 0,
            meaning: "people who live there".into(),
            window: None,
            source: PEOPLE,
        };
        columns.add(
            "population",
            people,
            zones().map(|z| z.population.map_or(Value::Missing, Value::number)),
        );
        if zones().any(|z| z.deprivation.is_some()) {
            self.deprivation(columns);
        }
        let source = |zone: &Vec<OriginIdx>, from: &OriginSource| match (zone.is_empty(), from) {
            (true, _) => Value::Missing,
            (_, OriginSource::Given) => Value::Text("given".into()),
            (_, OriginSource::Homes) => Value::Text("homes".into()),
            (_, OriginSource::Centroid) => Value::Text("centroid".into()),
        };
        let says = text(
            "what its origin points are: given by the user, homes sampled from the map, or its centroid",
            "origins",
        );
        columns.add(
            "origin_source",
            says,
            self.by_zone.iter().zip(self.origins.sources.iter()).map(|(zone, from)| source(zone, from)),
        );
        let says = Says {
            unit: "count",
            decimals: 0,
            meaning: "origin points that stand for its people".into(),
            window: None,
            source: "origins",
        };
        columns.add("origin_points", says, self.by_zone.iter().map(|zone| integer(zone.len())));
    }

    fn deprivation(&self, columns: &mut Columns) {
        let number = |decimals| Says {
            unit: "",
            decimals,
            meaning: String::new(),
            window: None,
            source: "deprivation",
        };
        let of = |get: fn(&Neighbourhood) -> Option<f64>| {
            self.zones.zones.iter().map(move |z| get(z).map_or(Value::Missing, Value::number))
        };
        let mean = |decimals, meaning: &str| Says { meaning: meaning.into(), ..number(decimals) };
        columns.add(
            "deprivation_score",
            mean(3, "score of deprivation, higher is more deprived"),
            of(|z| z.deprivation?.score),
        );
        columns.add(
            "deprivation_rank",
            mean(0, "rank of deprivation, 1 is the most deprived"),
            of(|z| z.deprivation?.rank.map(f64::from)),
        );
        columns.add(
            "deprivation_decile",
            mean(0, "decile of deprivation, 1 is the most deprived tenth"),
            of(|z| z.deprivation?.decile.map(f64::from)),
        );
    }

    fn flags(&self, columns: &mut Columns) {
        let flag = |meaning: String| Says { unit: "", decimals: 0, meaning, window: None, source: MAP };
        let walk = self.max_walk_min;
        let meaning = format!(
            "some of its people live off the map or within {walk} min' walk of its edge: its times may be too long"
        );
        columns.add(
            "edge_affected",
            flag(meaning),
            self.edges.iter().map(|(worst, _)| Value::Flag(*worst != Place::Inside)),
        );
        let meaning = "all of its origin points lie off the map: nothing is known about it".to_owned();
        columns.add(
            "outside_map",
            flag(meaning),
            self.edges.iter().map(|(_, best)| Value::Flag(*best == Place::Outside)),
        );
    }

    /// Who has no way to begin with, and how far the streets are.
    fn cut_off(&self, walker: &Walker, columns: &mut Columns) {
        let Walker { suffix, says, joined, survey, windows } = walker;
        let on_network = |origin: OriginIdx| !joined.snaps[origin.at()].is_empty();
        let people = |meaning: &str, window| Says {
            unit: "%",
            decimals: 1,
            meaning: format!("{meaning}{says}"),
            window,
            source: BOTH,
        };
        columns.add(
            &format!("pct_off_network{suffix}"),
            people("share of its people whose origin point joins no street", None),
            self.zones_share(|origin| !on_network(origin)),
        );
        let longest = Says {
            unit: "m",
            decimals: 0,
            meaning: format!(
                "longest straight way from one of its origin points to the street it joins{says}; empty: none joins any"
            ),
            window: None,
            source: MAP,
        };
        columns.add(
            &format!("snap_max{suffix}_m"),
            longest,
            self.by_zone.iter().map(|zone| longest_snap(joined, zone)),
        );
        if !windows.is_empty() {
            columns.add(
                &format!("pct_no_stop{suffix}"),
                people("share of its people on the streets without a stop within the longest walk", None),
                self.known_share(|origin| on_network(origin) && survey.access[origin].is_empty()),
            );
        }
        for window in *windows {
            columns.add(
                &format!("pct_no_service{suffix}_{}", window.name),
                people("share of its people with a stop within the longest walk, but no vehicle to catch there in the window", Some(&window.when)),
                self.known_share(|origin| !survey.access[origin].is_empty() && !window.has_service[origin.at()]),
            );
        }
    }

    fn frequency(&self, walker: &Walker, columns: &mut Columns) {
        let Walker { suffix, says, windows, .. } = walker;
        for window in *windows {
            let near = NEAR.0 / 60;
            let meaning = format!(
                "vehicles an hour that can be boarded at stops within {near} min' walk{says}, each once, and one that two feeds have once; what half of its people have, or more"
            );
            let (unit, when) = ("departures/h", Some(window.when.as_str()));
            let says = Says { unit, decimals: 1, meaning, window: when, source: BOTH };
            let rates = self.half_reach(|origin| window.departures_per_hour.get(origin.at()).copied());
            columns.add(&format!("departures_per_hour{suffix}_{}", window.name), says, rates);
        }
    }

    fn category(&self, walker: &Walker, category: CategoryIdx, about: &Category, columns: &mut Columns) {
        let Walker { suffix, says: special, survey, windows, .. } = walker;
        let (name, label) = (&about.name, &format!("{}{special}", about.label));
        let walks = self.weighed(|origin| survey.walk(origin, category));
        let says = minutes(
            format!(
                "walk to the nearest of: {label}; population-weighted median; empty: over {} min or none",
                self.max_walk_min
            ),
            None,
            MAP,
        );
        columns.add(
            &format!("{name}_walk{suffix}_min"),
            says,
            walks.iter().map(|w| Value::minutes(w.median())),
        );
        self.within(&format!("{name}_walk{suffix}"), label, &walks, None, columns);
        let open = if about.opening_hours { ", open in the window or of unknown hours" } else { "" };
        let label = &format!("{label}{open}");
        for window in *windows {
            let base = format!("{name}_transit{suffix}_{}", window.name);
            for (nth, percentile) in self.percentiles.iter().enumerate() {
                let times = self.weighed(|origin| window.origins[origin.at()].nearest[category.at()][nth]);
                let meaning = format!(
                    "time to the nearest of: {label}, by public transport or on foot, first wait included, that {percentile} % of the departures keep to; \
                     population-weighted median; empty: not within {} min",
                    self.max_time_min
                );
                columns.add(
                    &format!("{base}_p{percentile}_min"),
                    minutes(meaning, Some(&window.when), BOTH),
                    times.iter().map(|t| Value::minutes(t.median())),
                );
            }
            let medians = self.weighed(|origin| window.origins[origin.at()].median[category.at()]);
            let spread = |which: &str| {
                minutes(
                    format!(
                        "median time over the departures to the nearest of: {label}, from the {which} of its origin points"
                    ),
                    Some(&window.when),
                    BOTH,
                )
            };
            columns.add(
                &format!("{base}_best_min"),
                spread("best placed"),
                medians.iter().map(|t| Value::minutes(t.least())),
            );
            columns.add(
                &format!("{base}_worst_min"),
                spread("worst placed"),
                medians.iter().map(|t| Value::minutes(t.greatest())),
            );
            self.within(&base, label, &medians, Some(&window.when), columns);
            let says = percent(
                format!(
                    "share of its people whose median time to the nearest of: {label} is over {} min, or who cannot get there at all",
                    self.max_time_min
                ),
                Some(&window.when),
                BOTH,
            );
            columns.add(
                &format!("{base}_pct_unreached"),
                says,
                medians.iter().map(|t| Value::percent(t.unreached())),
            );
        }
    }

    fn within(
        &self,
        base: &str,
        label: &str,
        times: &[Weighted],
        window: Option<&str>,
        columns: &mut Columns,
    ) {
        let source = if window.is_some() { BOTH } else { MAP };
        for cutoff in self.cutoffs_min {
            let says = percent(
                format!(
                    "share of its people within {cutoff} min (median over the departures) of the nearest of: {label}"
                ),
                window,
                source,
            );
            let shares = times.iter().map(|t| Value::percent(t.within(Seconds::minutes(*cutoff))));
            columns.add(&format!("{base}_pct_{cutoff}min"), says, shares);
        }
    }

    fn jobs(&self, walker: &Walker, columns: &mut Columns) {
        let Walker { suffix, says: special, survey, windows, .. } = walker;
        if survey.jobs().is_none() {
            return;
        }
        let jobs = |meaning: String, window| Says {
            unit: "jobs",
            decimals: 0,
            meaning,
            window,
            source: if window.is_some() { BOTH } else { MAP },
        };
        let half = "what half of its people can reach, or more";
        for (nth, cutoff) in self.cutoffs_min.iter().enumerate() {
            if *cutoff <= self.max_walk_min {
                let on_foot =
                    |origin| survey.jobs_on_foot(origin).and_then(|counts| counts.get(nth).copied());
                columns.add(
                    &format!("jobs_walk{suffix}_{cutoff}min"),
                    jobs(format!("jobs within {cutoff} min' walk{special}; {half}"), None),
                    self.half_reach(on_foot),
                );
            }
        }
        for window in *windows {
            for (nth, cutoff) in self.cutoffs_min.iter().enumerate() {
                let counted = |origin: OriginIdx| window.origins[origin.at()].jobs.as_ref();
                let meaning = format!(
                    "jobs whose median travel time over the departures is within {cutoff} min{special}; {half}"
                );
                let of = self.half_reach(|origin| Some(counted(origin)?.of_median[nth]));
                columns.add(
                    &format!("jobs_transit{suffix}_{}_{cutoff}min_of_p50", window.name),
                    jobs(meaning, Some(&window.when)),
                    of,
                );
                let meaning =
                    format!("median over the departures of the jobs within {cutoff} min{special}; {half}");
                let of = self.half_reach(|origin| Some(counted(origin)?.median_of[nth]));
                columns.add(
                    &format!("p50_of_jobs_transit{suffix}_{}_{cutoff}min", window.name),
                    jobs(meaning, Some(&window.when)),
                    of,
                );
            }
        }
    }

    fn broadband(&self, columns: &mut Columns) {
        let Some(broadband) = self.broadband else { return };
        let release = broadband.release.as_deref().unwrap_or("release not in the file's name");
        let source = format!("Ofcom Connected Nations, {} ({release})", broadband.layout);
        let weighed = match (broadband.basis, broadband.weighting) {
            (Basis::Counts, _) => "of premises",
            (Basis::Percent, Weighting::Premises) => "of premises, from percentages",
            (Basis::Percent, Weighting::Unweighted) => "mean of postcodes, not weighted by premises",
        };
        type Get = fn(&crate::inputs::broadband::Measures<Option<Share>>) -> Option<Share>;
        let measures: [(&str, &str, Get); 6] = [
            ("superfast", "that can have 30 Mbit/s or more", |m| m.superfast),
            ("ultrafast100", "that can have 100 Mbit/s or more", |m| m.ultrafast100),
            ("ultrafast", "that can have 300 Mbit/s or more", |m| m.ultrafast),
            ("gigabit", "that can have 1 Gbit/s", |m| m.gigabit),
            ("full_fibre", "that can have fibre all the way", |m| m.full_fibre),
            (
                "below_decent",
                "that cannot have 10 Mbit/s down and 1 up (below the universal service obligation)",
                |m| m.below_decent,
            ),
        ];
        for (name, what, get) in measures {
            let known =
                |zone: &Option<ZoneBroadband>| zone.as_ref().is_some_and(|z| get(&z.shares).is_some());
            if name == "full_fibre" && !broadband.zones.iter().any(known) {
                continue;
            }
            let shares = broadband
                .zones
                .iter()
                .map(|zone| Value::percent(zone.as_ref().and_then(|zone| get(&zone.shares))));
            columns.add(
                &format!("broadband_{name}_pct"),
                percent(format!("share {weighed} {what}"), None, &source),
                shares,
            );
        }
        let flag = matches!(broadband.weighting, Weighting::Unweighted);
        let says = text("the broadband shares are not weighted by premises", &source);
        columns.add("broadband_unweighted", says, self.zones.zones.iter().map(|_| Value::Flag(flag)));
    }

    fn attributes(&self, columns: &mut Columns) {
        for table in self.attributes {
            let how = if table.join.is_some() { "" } else { ", mean over its people by where they live" };
            for column in &table.columns {
                let name = format!("{}_{}", table.name, column.key);
                let meaning = format!("{}{how}", column.label);
                match &column.values {
                    AttributeValues::Numbers(numbers) => {
                        let whole = numbers.iter().flatten().all(|n| n.fract() == 0.0);
                        let decimals = if whole { 0 } else { 3 };
                        let says = Says { unit: "", decimals, meaning, window: None, source: &table.source };
                        columns.add(
                            &name,
                            says,
                            numbers.iter().map(|n| n.map_or(Value::Missing, Value::number)),
                        );
                    }
                    AttributeValues::Texts(texts) => {
                        let says = text(&meaning, &table.source);
                        columns.add(&name, says, texts.iter().map(|t| Value::text(t.clone())));
                    }
                }
            }
        }
    }

    /// The times of each neighbourhood's points with their people.
    fn weighed(&self, time: impl Fn(OriginIdx) -> Option<Seconds>) -> Vec<Weighted> {
        let of_zone = |zone: &Vec<OriginIdx>| {
            let mut weighted = Weighted::default();
            zone.iter().for_each(|origin| weighted.add(time(*origin), self.origins.points[*origin].weight));
            weighted
        };
        self.by_zone
            .iter()
            .zip(self.edges.iter())
            .map(|(zone, edge)| if edge.1 == Place::Outside { Weighted::default() } else { of_zone(zone) })
            .collect()
    }

    /// The share of each neighbourhood's people that something holds for.
    fn zones_share(&self, holds: impl Fn(OriginIdx) -> bool) -> Vec<Value> {
        let share = |zone: &Vec<OriginIdx>| {
            let weight = |origin: &OriginIdx| self.origins.points[*origin].weight;
            let all: f64 = zone.iter().map(weight).sum();
            Value::percent(Share::of(zone.iter().filter(|origin| holds(**origin)).map(weight).sum(), all))
        };
        self.by_zone.iter().map(share).collect()
    }

    /// The same, but nothing is known of neighbourhoods off the map.
    fn known_share(&self, holds: impl Fn(OriginIdx) -> bool) -> Vec<Value> {
        let known = self.edges.iter().map(|(_, best)| *best != Place::Outside);
        self.zones_share(holds)
            .into_iter()
            .zip(known)
            .map(|(share, known)| if known { share } else { Value::Missing })
            .collect()
    }

    /// The most that half of each neighbourhood's people reach; nothing is known off the map.
    fn half_reach(&self, count: impl Fn(OriginIdx) -> Option<f64>) -> Vec<Value> {
        let of_zone = |(zone, edge): (&Vec<OriginIdx>, &(Place, Place))| {
            if edge.1 == Place::Outside {
                return Value::Missing;
            }
            let counts =
                zone.iter().filter_map(|origin| Some((count(*origin)?, self.origins.points[*origin].weight)));
            crate::access::rollup::half_reach(counts).map_or(Value::Missing, Value::number)
        };
        self.by_zone.iter().zip(self.edges.iter()).map(of_zone).collect()
    }
}

impl Columns {
    fn add(&mut self, name: &str, says: Says, values: impl IntoIterator<Item = Value>) {
        let Says { unit, decimals, meaning, window, source } = says;
        let (window, source) = (window.map(str::to_owned), source.to_owned());
        self.fields.push(Field { name: name.to_owned(), unit, meaning, window, source, decimals });
        self.values.push(values.into_iter().collect());
    }

    fn into_table(self, zones: &Neighbourhoods) -> NeighbourhoodTable {
        let mut columns: Vec<_> = self.values.into_iter().map(Vec::into_iter).collect();
        let rows = zones.zones.iter().map(|zone| NeighbourhoodRow {
            values: columns.iter_mut().map(|column| column.next().unwrap_or(Value::Missing)).collect(),
            polygon: zone.polygon.clone(),
        });
        NeighbourhoodTable { rows: rows.collect(), fields: self.fields }
    }
}

fn longest_snap(joined: &Joined, zone: &[OriginIdx]) -> Value {
    let snaps = zone.iter().filter_map(|origin| joined.snaps[origin.at()].first());
    snaps.map(|snap| snap.gap.0).max_by(f64::total_cmp).map_or(Value::Missing, Value::number)
}

fn text<'a>(meaning: &str, source: &'a str) -> Says<'a> {
    Says { unit: "", decimals: 0, meaning: meaning.to_owned(), window: None, source }
}

fn minutes<'a>(meaning: String, window: Option<&'a str>, source: &'a str) -> Says<'a> {
    Says { unit: "min", decimals: 1, meaning, window, source }
}

fn percent<'a>(meaning: String, window: Option<&'a str>, source: &'a str) -> Says<'a> {
    Says { unit: "%", decimals: 1, meaning, window, source }
}

fn integer(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}
