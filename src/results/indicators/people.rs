//! Whom a row is about: names, people, deprivation, and what the map does not tell of them.

use super::columns::{ColumnMeaning, IndicatorColumns, integer, text};
use super::{Indicators, MAP, PEOPLE};
use crate::access::residents::Knowledge;
use crate::inputs::neighbourhoods::Neighbourhood;
use crate::inputs::origins::OriginSource;
use crate::results::table::Value;

impl Indicators<'_> {
    pub(super) fn who(&self, columns: &mut IndicatorColumns) {
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
        let people = ColumnMeaning {
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
        let source = |points: usize, from: &OriginSource| match (points, from) {
            (0, _) => Value::Missing,
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
            self.origins
                .sources
                .enumerate()
                .map(|(zone, from)| source(self.residents.points(zone), from)),
        );
        let says = ColumnMeaning {
            unit: "count",
            decimals: 0,
            meaning: "origin points that stand for who lives there".into(),
            window: None,
            source: "origins",
        };
        let points = self.zones.zones.indices().map(|zone| integer(self.residents.points(zone)));
        columns.add("origin_points", says, points);
    }

    pub(super) fn deprivation(&self, columns: &mut IndicatorColumns) {
        let number = |decimals| ColumnMeaning {
            unit: "",
            decimals,
            meaning: String::new(),
            window: None,
            source: "deprivation",
        };
        let of = |get: fn(&Neighbourhood) -> Option<f64>| {
            self.zones.zones.iter().map(move |z| get(z).map_or(Value::Missing, Value::number))
        };
        let mean =
            |decimals, meaning: &str| ColumnMeaning { meaning: meaning.into(), ..number(decimals) };
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

    pub(super) fn flags(&self, columns: &mut IndicatorColumns) {
        let flag = |meaning: String| ColumnMeaning {
            unit: "",
            decimals: 0,
            meaning,
            window: None,
            source: MAP,
        };
        let walk = self.max_walk_min();
        let residents = self.residents;
        let meaning = format!(
            "some of its people live off the map or within {walk} min' walk of its edge: its times may be too long"
        );
        columns.add(
            "edge_affected",
            flag(meaning),
            self.zones.zones.indices().map(|zone| Value::Flag(residents.is_edge_affected(zone))),
        );
        let off = |zone| residents.knowledge(zone) == Knowledge::OffMap;
        let meaning =
            "half of its people or more live off the map: nothing is known about it".to_owned();
        columns.add(
            "outside_map",
            flag(meaning),
            self.zones.zones.indices().map(|zone| Value::Flag(off(zone))),
        );
        let off_map = ColumnMeaning {
            unit: "%",
            decimals: 1,
            meaning: "share of its people who live off the map: what they reach is unknown, and they are in no other number about travel".to_owned(),
            window: None,
            source: "origins",
        };
        let shares = self.zones.zones.indices().map(|zone| Value::percent(residents.off_map(zone)));
        columns.add("pct_off_map", off_map, shares);
    }
}
