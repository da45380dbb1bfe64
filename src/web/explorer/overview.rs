//! What the study holds, as the page is told it.

use super::{ExplorerState, when};
use crate::access::residents::{Knowledge, ResidentUnit};
use crate::geometry::LonLat;
use crate::ids::{NeighbourhoodIdx, OriginIdx};
use crate::outputs::class_breaks::{Classes, DIVERGING};
use crate::outputs::comparison::{CHANGE_BREAKS, CHANGE_LABELS, GAINED, LOST};
use crate::sanitise::clean_text;
use crate::units::Share;
use crate::web::{
    Classed, ExplorerLine, ExplorerNeighbourhood, ExplorerScenarioName, NamedCategory, NamedWindow,
    Overview,
};

impl ExplorerState<'_> {
    pub(super) fn overview(&self) -> Overview {
        let study = self.study;
        let project = &study.project;
        let text = |text: &str| clean_text(text).into_owned();
        let own = |(name, colour): (&str, &str)| (name.to_owned(), colour.to_owned());
        let on_foot = NamedWindow { name: None, says: "on foot, at any time".to_owned() };
        let windows = self.windows.iter().map(|window| NamedWindow {
            name: Some(window.window.name.clone()),
            says: when(window),
        });
        let categories =
            project.categories.iter().zip(&*study.world.places).map(|(category, places)| {
                NamedCategory {
                    name: category.name.clone(),
                    label: text(&category.label),
                    places: places.len(),
                }
            });
        let lines = self.lines.iter().map(|line| ExplorerLine {
            name: text(&line.shown.name),
            operator: text(&line.shown.operator),
            long_name: text(&line.shown.long_name),
            trips: line.shown.trips,
        });
        let warnings = self.windows.iter().flat_map(|window| {
            window
                .warnings
                .iter()
                .map(|warning| format!("window {}: {warning}", window.window.name))
        });
        Overview {
            title: text(&project.name),
            windows: windows.chain([on_foot]).collect(),
            categories: categories.collect(),
            zones: study.zones.zones.indices().map(|zone| self.zone(zone)).collect(),
            people_known: study.residents.counted() == ResidentUnit::People,
            lines: lines.collect(),
            scenarios: self.scenarios(),
            times: times(),
            changes: Classed {
                breaks: CHANGE_BREAKS.to_vec(),
                colours: DIVERGING.map(str::to_owned).to_vec(),
                labels: CHANGE_LABELS.map(str::to_owned).to_vec(),
            },
            lost: own(LOST),
            gained: own(GAINED),
            bounds: self.bounds(),
            max_time_min: project.transit.max_time.get() / 60,
            max_walk_min: project.walk.max_walk.get() / 60,
            warnings: study.editions(self.windows).into_iter().chain(warnings).collect(),
            tiles: self.tiles.clone(),
        }
    }

    pub(super) fn scenarios(&self) -> Vec<ExplorerScenarioName> {
        let known = self.project.scenarios.iter();
        known
            .map(|known| ExplorerScenarioName {
                name: known.name.clone(),
                label: clean_text(&known.label).into_owned(),
            })
            .collect()
    }

    fn zone(&self, number: NeighbourhoodIdx) -> ExplorerNeighbourhood {
        let zone = &self.study.zones.zones[number];
        let residents = &self.study.residents;
        let inside = residents.on_map(number);
        let most = inside.iter().copied().max_by(|a: &OriginIdx, b: &OriginIdx| {
            residents.counts()[*a].total_cmp(&residents.counts()[*b]).then(b.cmp(a))
        });
        let home =
            most.map(|origin| self.study.origins.points[origin].point).or_else(|| zone.middle());
        ExplorerNeighbourhood {
            id: clean_text(&zone.id).into_owned(),
            name: clean_text(&zone.name).into_owned(),
            people: zone.population,
            edge: match residents.knowledge(number) {
                Knowledge::OffMap => "off",
                _ if residents.is_edge_affected(number) => "edge",
                _ => "",
            },
            off_map_pct: residents.off_map(number).map(Share::percent),
            decile: zone.deprivation.as_ref().and_then(|deprivation| deprivation.decile),
            home: home.map(degrees),
        }
    }

    /// About what is known: neighbourhoods off the map do not widen the view.
    fn bounds(&self) -> Option<[f64; 4]> {
        let zones = self
            .study
            .zones
            .zones
            .indices()
            .filter(|zone| self.study.residents.of(*zone).is_some());
        let corners = zones.filter_map(|zone| {
            geo::BoundingRect::bounding_rect(&self.study.zones.zones[zone].polygon)
                .map(|rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y])
        });
        corners.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
    }
}

pub(super) fn degrees(point: LonLat) -> [f64; 2] {
    [point.lon(), point.lat()]
}

fn times() -> Classed {
    let classes = Classes::of("min", []);
    let all = 0..classes.len();
    Classed {
        breaks: classes.breaks.clone(),
        colours: all.clone().map(|class| classes.colour(class).to_owned()).collect(),
        labels: all.map(|class| classes.label(class)).collect(),
    }
}
