//! Measures, decays, catchments and who is doubly cut off.

use toml::Spanned;

use super::super::raw::{self, RawOpt};
use super::super::{
    Catchment, Category, Decay, DoublyCutOff, JOBS, Measures, NamedDecay, ProjectError, Window,
};
use super::Checker;
use super::values::{in_file_order, quoted, whole_seconds};
use crate::units::{Metres, Seconds};

impl Checker<'_> {
    pub(super) fn measures(
        &self,
        raw: raw::RawMeasures,
        categories: &[Category],
        windows: &[Window],
        has_jobs: bool,
    ) -> Result<Measures, ProjectError> {
        let nearby =
            self.number("measures.nearby_m", &raw.nearby_m, 1_000.0, 0.0..=20_000.0, "metres")?;
        let kth = |n: &i64| u8::try_from(*n).ok().filter(|k| (2..=50).contains(k));
        let nearest = match raw.nearest {
            None => Vec::new(),
            given => {
                self.list("measures.nearest", given, &[], kth, "whole numbers from 2 to 50")?
            }
        };
        let has = |name: &str| windows.iter().any(|window| window.name == name);
        let loss_base = match raw.loss_base {
            None => Some("am".to_owned()).filter(|name| has(name)),
            Some(name) => Some(self.window_name("measures.loss_base", &name, windows)?),
        };
        let loss_windows = match raw.loss_windows {
            None => ["evening", "sunday"]
                .iter()
                .filter(|name| has(name))
                .map(|&name| name.to_owned())
                .collect(),
            Some(names) => names
                .iter()
                .map(|name| self.window_name("measures.loss_windows", name, windows))
                .collect::<Result<_, _>>()?,
        };
        let dependency = raw.dependency.as_ref();
        let dependency = dependency
            .map(|name| self.window_name("measures.dependency", name, windows))
            .transpose()?;
        let dependency_of = match raw.dependency_of {
            Some(names) => {
                let named = names.iter().map(|name| self.destination(name, categories));
                each_once(named.collect::<Result<_, _>>()?)
            }
            None if has_jobs => vec![JOBS.to_owned()],
            None => categories.iter().map(|category| category.name.clone()).collect(),
        };
        let cutoff = match raw.dependency_cutoff_min {
            None => 45,
            Some(n) => u32::try_from(*n.get_ref())
                .ok()
                .filter(|n| (1..=1_080).contains(n))
                .ok_or_else(|| {
                    let wanted = "a whole number from 1 to 1080 (minutes)";
                    self.bad(&n.span(), "measures.dependency_cutoff_min", n.get_ref(), wanted)
                })?,
        };
        Ok(Measures {
            nearby: Metres::new(nearby),
            nearest,
            counts: raw.counts,
            people: raw.people,
            loss_base,
            loss_windows,
            ptal: raw.ptal,
            dependency,
            dependency_of,
            dependency_cutoff: Seconds::minutes(cutoff),
        })
    }

    /// `jobs`, or a category.
    fn destination(
        &self,
        given: &Spanned<String>,
        categories: &[Category],
    ) -> Result<String, ProjectError> {
        let mut names: Vec<(&str, ())> = vec![(JOBS, ())];
        names.extend(categories.iter().map(|of| (of.name.as_str(), ())));
        self.choice("measures.dependency_of", given, &names).map(|()| given.get_ref().clone())
    }

    pub(super) fn decays(
        &self,
        raw: raw::RawNamed<raw::RawDecay>,
        categories: &[Category],
    ) -> Result<Vec<NamedDecay>, ProjectError> {
        in_file_order(raw)
            .into_iter()
            .map(|(name, decay)| self.decay(&name, decay, categories))
            .collect()
    }

    fn decay(
        &self,
        name: &Spanned<String>,
        raw: raw::RawDecay,
        all: &[Category],
    ) -> Result<NamedDecay, ProjectError> {
        let name = self.key_name("decays", name)?;
        let key = |k: &str| format!("decays.{name}.{k}");
        let named = raw.categories.iter().flatten();
        let categories = named.map(|of| self.category_name(&key("categories"), of, all));
        let categories = each_once(categories.collect::<Result<_, _>>()?);
        let must = |k: &str, given: &RawOpt<f64>| match given {
            Some(_) => self.number(&key(k), given, 1.0, 0.1..=1_080.0, "minutes"),
            None => Err(self.missing(&key(k), "a number of minutes")),
        };
        let known = [("step", 0), ("linear", 1), ("exponential", 2), ("logistic", 3)];
        let decay = match self.choice(&key("function"), &raw.function, &known)? {
            0 => Decay::Step { cutoff_min: must("cutoff_min", &raw.cutoff_min)? },
            1 => Decay::Linear { cutoff_min: must("cutoff_min", &raw.cutoff_min)? },
            2 => Decay::Exponential { half_life_min: must("half_life_min", &raw.half_life_min)? },
            _ => Decay::Logistic {
                cutoff_min: must("cutoff_min", &raw.cutoff_min)?,
                sd_min: must("sd_min", &raw.sd_min)?,
            },
        };
        Ok(NamedDecay { name, categories, decay })
    }

    pub(super) fn catchments(
        &self,
        raw: raw::RawNamed<raw::RawCatchment>,
        categories: &[Category],
        windows: &[Window],
    ) -> Result<Vec<Catchment>, ProjectError> {
        let one = |(name, raw): (Spanned<String>, raw::RawCatchment)| {
            let name = self.key_name("catchments", &name)?;
            let key = |k: &str| format!("catchments.{name}.{k}");
            let minutes =
                self.number(&key("cutoff_min"), &raw.cutoff_min, 30.0, 1.0..=1_080.0, "minutes")?;
            Ok(Catchment {
                category: self.category_name(&key("category"), &raw.category, categories)?,
                window: raw
                    .window
                    .map(|window| self.window_name(&key("window"), &window, windows))
                    .transpose()?,
                cutoff: whole_seconds(minutes * 60.0),
                name,
            })
        };
        in_file_order(raw).into_iter().map(one).collect()
    }

    /// What holds without the table: 30 minutes in the first window to a library or jobcentre, if
    /// the project has any.
    pub(super) fn doubly_cut_off(
        &self,
        raw: Option<raw::RawDoublyCutOff>,
        categories: &[Category],
        windows: &[Window],
    ) -> Result<Option<DoublyCutOff>, ProjectError> {
        let raw = raw.unwrap_or_default();
        let given = match raw.categories {
            Some(names) => names
                .iter()
                .map(|name| self.category_name("doubly_cut_off.categories", name, categories))
                .collect::<Result<Vec<_>, _>>()?,
            None => {
                let help = |category: &&Category| {
                    matches!(category.name.as_str(), "library" | "jobcentre")
                };
                categories.iter().filter(help).map(|category| category.name.clone()).collect()
            }
        };
        let minutes =
            self.number("doubly_cut_off.minutes", &raw.minutes, 30.0, 1.0..=1_080.0, "minutes")?;
        let premises_pct = self.number(
            "doubly_cut_off.premises_pct",
            &raw.premises_pct,
            10.0,
            0.0..=100.0,
            "per cent",
        )?;
        let window = match raw.window {
            Some(window) => Some(self.window_name("doubly_cut_off.window", &window, windows)?),
            None => windows.first().map(|window| window.name.clone()),
        };
        let beyond = whole_seconds(minutes * 60.0);
        Ok((!given.is_empty()).then_some(DoublyCutOff {
            categories: given,
            window,
            beyond,
            premises_pct,
        }))
    }

    fn window_name(
        &self,
        key: &str,
        given: &Spanned<String>,
        windows: &[Window],
    ) -> Result<String, ProjectError> {
        let names: Vec<(&str, ())> =
            windows.iter().map(|window| (window.name.as_str(), ())).collect();
        self.choice(key, given, &names).map(|()| given.get_ref().clone())
    }

    fn category_name(
        &self,
        key: &str,
        given: &Spanned<String>,
        categories: &[Category],
    ) -> Result<String, ProjectError> {
        let names: Vec<(&str, ())> = categories.iter().map(|of| (of.name.as_str(), ())).collect();
        self.choice(key, given, &names).map(|()| given.get_ref().clone()).map_err(|error| {
            match names.len() {
                0 => self.bad(
                    &given.span(),
                    key,
                    quoted(given.get_ref()),
                    "a category of the project",
                ),
                _ => error,
            }
        })
    }
}

/// The names in their order, each once.
fn each_once(names: Vec<String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    names.into_iter().for_each(|name| {
        if !once.contains(&name) {
            once.push(name);
        }
    });
    once
}
