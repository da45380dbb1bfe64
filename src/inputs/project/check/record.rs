//! The index, groups, inequality and presets.

use toml::Spanned;

use super::super::raw;
use super::super::{
    DomainInput, GroupFrom, Grouping, IndexInput, IndicatorInput, Inequality, Preset, ProjectError,
    WorseValues,
};
use super::Checker;
use super::values::{as_label, in_file_order, quoted};

impl Checker<'_> {
    pub(super) fn index(&self, raw: raw::RawIndex) -> Result<IndexInput, ProjectError> {
        let vary =
            self.number("index.vary_pct", &raw.vary_pct, 20.0, 0.0..=90.0, "per cent")? / 100.0;
        let draws = match raw.draws {
            None => 1_000,
            Some(n) => u32::try_from(*n.get_ref())
                .ok()
                .filter(|n| (1..=100_000).contains(n))
                .ok_or_else(|| {
                    self.bad(
                        &n.span(),
                        "index.draws",
                        n.get_ref(),
                        "a whole number from 1 to 100000",
                    )
                })?,
        };
        let domains =
            in_file_order(raw.domains).into_iter().map(|(name, domain)| self.domain(&name, domain));
        Ok(IndexInput { vary, draws, domains: domains.collect::<Result<_, _>>()? })
    }

    fn domain(
        &self,
        name: &Spanned<String>,
        raw: raw::RawDomain,
    ) -> Result<DomainInput, ProjectError> {
        let name = self.key_name("index.domains", name)?;
        let key = |k: &str| format!("index.domains.{name}.{k}");
        if raw.indicators.get_ref().is_empty() {
            let wanted =
                "one or more, such as [{ field = \"library_walk_min\", worse = \"high\" }]";
            return Err(self.bad(&raw.indicators.span(), &key("indicators"), "[]", wanted));
        }
        let weight = self.number(&key("weight"), &raw.weight, 1.0, 0.0..=1_000.0, "a weight")?;
        let indicators = raw.indicators.into_inner().into_iter().map(|indicator| {
            let key = key("indicators");
            let worse = [("high", WorseValues::High), ("low", WorseValues::Low)];
            Ok(IndicatorInput {
                worse: self.choice(&format!("{key}.worse"), &indicator.worse, &worse)?,
                weight: self.number(
                    &format!("{key}.weight"),
                    &indicator.weight,
                    1.0,
                    0.0..=1_000.0,
                    "a weight",
                )?,
                field: indicator.field.into_inner(),
            })
        });
        let indicators = indicators.collect::<Result<_, _>>()?;
        let label = self.text_of(&key("label"), raw.label)?.unwrap_or_else(|| as_label(&name));
        Ok(DomainInput { label, weight, indicators, name })
    }

    pub(super) fn groups(
        &self,
        raw: raw::RawNamed<raw::RawGrouping>,
    ) -> Result<Vec<Grouping>, ProjectError> {
        let named = in_file_order(raw);
        let names: Vec<String> = named.iter().map(|(name, _)| name.get_ref().clone()).collect();
        named.into_iter().map(|(name, grouping)| self.grouping(&name, grouping, &names)).collect()
    }

    fn grouping(
        &self,
        name: &Spanned<String>,
        raw: raw::RawGrouping,
        names: &[String],
    ) -> Result<Grouping, ProjectError> {
        let span = name.span();
        let name = self.key_name("groups", name)?;
        let key = |k: &str| format!("groups.{name}.{k}");
        let from = match (raw.field, raw.file, raw.column) {
            (Some(field), None, None) => GroupFrom::Field(field.into_inner()),
            (None, Some(file), Some(column)) => GroupFrom::Table {
                file: self.path(&key("file"), &file)?,
                code: self.text_of(&key("code"), raw.code)?,
                column: column.into_inner(),
            },
            _ => {
                let wanted = "either `field`, a field of the result, or `file` and `column` of a table joined by code";
                return Err(self.bad(&span, &format!("groups.{name}"), "these keys", wanted));
            }
        };
        if let Some(by) = &raw.equally_deprived_by
            && (!names.contains(by.get_ref()) || *by.get_ref() == name)
        {
            let wanted = "the name of another table of `groups`";
            return Err(self.bad(
                &by.span(),
                &key("equally_deprived_by"),
                quoted(by.get_ref()),
                wanted,
            ));
        }
        let equally_deprived_by = raw.equally_deprived_by.map(Spanned::into_inner);
        let label = self.text_of(&key("label"), raw.label)?.unwrap_or_else(|| as_label(&name));
        Ok(Grouping {
            label,
            from,
            equally_deprived_by,
            allow_unmatched: raw.allow_unmatched,
            name,
        })
    }

    pub(super) fn inequality(&self, raw: raw::RawInequality) -> Result<Inequality, ProjectError> {
        let mut lines = std::collections::BTreeMap::new();
        for (field, line) in raw.lines {
            let key = format!("inequality.lines.{}", field.get_ref());
            let given = Some(Spanned::new(line.span(), *line.get_ref()));
            let line =
                self.number(&key, &given, 1.0, f64::MIN_POSITIVE..=1e12, "a line of access")?;
            lines.insert(field.into_inner(), line);
        }
        let fields = raw.fields.unwrap_or_default().into_iter().map(Spanned::into_inner);
        Ok(Inequality { fields: fields.collect(), lines })
    }

    pub(super) fn preset(
        &self,
        raw: Option<raw::RawOutputs>,
    ) -> Result<Option<Preset>, ProjectError> {
        let preset = raw.and_then(|outputs| outputs.preset);
        preset
            .map(|preset| self.choice("outputs.preset", &preset, &[("jts", Preset::Jts)]))
            .transpose()
    }
}
