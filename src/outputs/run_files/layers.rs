//! `lastmile.gpkg` and `lastmile.qgz`: what was found, as layers of a map.

use super::ChangeLayer;
use crate::access::supply::DaySupply;
use crate::analysis::run::profile_results::ProfileResults;
use crate::analysis::run::transit;
use crate::analysis::run::transit::RouteShapes;
use crate::analysis::study::{DatedWindow, Study};
use crate::ids::{CategoryIdx, Idx};
use crate::inputs::crs::Bounds;
use crate::inputs::origins::OriginSource;
use crate::outputs::error::OutputError;
use crate::outputs::folder::OutputFolder;
use crate::outputs::gpkg::GeometryKind;
use crate::outputs::layers::{self, LayerContent, OriginRow, RouteRow, StopRow};
use crate::outputs::qgis::NamedStyle;
use crate::outputs::qgis::project::{ProjectLayer, QgisProject};
use crate::results::places::PlacesTable;
use crate::results::table::NeighbourhoodTable;
use crate::units::Seconds;

const PACKAGE: &str = "lastmile.gpkg";

/// What the layers are made of besides the study.
pub struct LayerSources<'a> {
    /// The neighbourhoods with their indicators.
    pub table: &'a NeighbourhoodTable,
    /// The column that their map shows first, with its category.
    pub main: Option<&'a str>,
    /// Who reaches each place, where that was asked.
    pub people: Option<&'a PlacesTable<'a>>,
    /// Whose data it is, a line each.
    pub rights: &'a [String],
    /// What scenarios change: drawn above all other areas.
    pub changes: &'a [ChangeLayer],
}

/// Writes both files, and gives what a reader has to know of them.
///
/// # Errors
/// If a timetable cannot be read again, or the files not be written.
pub fn write(
    folder: &OutputFolder,
    study: &Study,
    windows: &[DatedWindow],
    found: &ProfileResults,
    layers: LayerSources,
) -> Result<Vec<String>, OutputError> {
    let days = days(windows);
    let supplies = days
        .iter()
        .map(|(_, window)| transit::supply(study, study.world.network(), window))
        .collect::<Result<Vec<_>, _>>()?;
    let dates: Vec<(String, String)> =
        days.iter().map(|(name, window)| (name.clone(), window.clock.date().to_string())).collect();
    let (stops, routes) = (stops(study, &supplies), routes(study, &supplies)?);
    let origins = origins(study, found);
    let categories = &study.project.categories;
    let named: Vec<(&str, &str)> =
        found.windows.iter().map(|window| (window.name.as_str(), window.when.as_str())).collect();
    let changed = layers.changes.first().and_then(|change| change.category.as_deref());
    let first = changed.or(categories.first().map(|category| category.name.as_str()));
    let mut areas = layers::neighbourhoods(layers.table, layers.main, title(study, &layers))?;
    areas.shown = layers.changes.is_empty();
    let mut contents = vec![layers::places(categories, &study.world.places, layers.people, first)];
    contents.push(layers::unreached(&origins, categories, &named));
    contents.push(layers::origins(&origins, categories, &named));
    if !dates.is_empty() {
        contents.push(layers::stops(&stops, &dates));
        contents.push(layers::routes(&routes, &dates));
    }
    for change in layers.changes {
        let name = |what: &str| change.name.replacen("change", &format!("{what}_change"), 1);
        contents.push(layers::stops_change(&change.transit, name("stops"), &change.label));
        contents.push(layers::routes_change(&change.transit, name("routes"), &change.label));
    }
    contents.extend(layers.changes.iter().enumerate().map(|(nth, change)| {
        let style = change.style.clone().map(|style| {
            let name = "change of the median time".to_owned();
            NamedStyle { name, description: change.title.clone(), style }
        });
        layers::changed(&change.table, (change.name.clone(), change.title.clone()), style, nth == 0)
    }));
    contents.push(areas);
    // A GeoPackage lists the areas first; a legend has points above lines above areas.
    let project = project(study, &contents, layers.rights);
    let date = windows.first().map(|window| window.clock.date());
    let notes = contents.iter().filter(|content| content.left_out() > 0).map(|content| {
        format!(
            "{PACKAGE}: the layer `{}` has {} columns; the last {} have no room in a GeoPackage and stand in the other files alone",
            content.name,
            content.fields.len(),
            content.left_out()
        )
    });
    let notes = notes.collect();
    let mut file = Vec::new();
    project
        .write(std::io::Cursor::new(&mut file))
        .map_err(OutputError::file(&folder.path("lastmile.qgz")))?;
    folder.write("lastmile.qgz", |out| std::io::Write::write_all(out, &file))?;
    contents.reverse();
    layers::write_package(&folder.path(PACKAGE), date, layers.rights, &contents)?;
    Ok(notes)
}

fn project<'a>(
    study: &'a Study,
    contents: &'a [LayerContent],
    rights: &'a [String],
) -> QgisProject<'a> {
    let layers = contents.iter().map(|content| ProjectLayer {
        name: &content.name,
        title: &content.title,
        description: &content.description,
        geometry: match content.geometry {
            GeometryKind::Point => "Point",
            GeometryKind::Lines => "Line",
            GeometryKind::Areas | GeometryKind::Nothing => "Polygon",
        },
        fields: &content.fields,
        style: content.styles.first(),
        shown: content.shown,
    });
    let view = study.zones.bounds().map(|Bounds { lon, lat }| [lon.0, lat.0, lon.1, lat.1]);
    QgisProject {
        title: &study.project.name,
        package: PACKAGE,
        layers: layers.collect(),
        rights,
        view,
    }
}

/// What the colours of the neighbourhoods say, for a legend.
fn title(study: &Study, layers: &LayerSources) -> String {
    let field =
        layers.main.and_then(|main| layers.table.fields.iter().find(|field| field.name == main));
    let Some((field, category)) = field.zip(study.project.categories.first()) else {
        return "Neighbourhoods".to_owned();
    };
    let when = field.window.as_deref().map_or_else(|| "on foot".to_owned(), str::to_owned);
    format!("Minutes to the nearest of: {} ({when})", category.label)
}

/// Each date once, under the name of its first window.
fn days(windows: &[DatedWindow]) -> Vec<(String, &DatedWindow)> {
    let mut days: Vec<(String, &DatedWindow)> = Vec::new();
    for window in windows {
        if days.iter().all(|(_, known)| known.clock.date() != window.clock.date()) {
            days.push((window.window.name.clone(), window));
        }
    }
    days
}

fn stops<'a>(study: &'a Study, supplies: &[DaySupply]) -> Vec<StopRow<'a>> {
    let (network, near) = (study.world.network(), transit::near(study));
    let near_by = network.stops.indices().filter(|stop| near(network.stop(*stop).point));
    let mut stops: Vec<StopRow> = near_by
        .map(|stop| StopRow {
            feed: &network.feeds[network.stops.source(stop).feed.at()].name,
            id: &network.stop(stop).id,
            name: &network.stop(stop).name,
            point: network.stop(stop).point,
            on_streets: network.nearest_street(stop).is_some(),
            departures: supplies.iter().map(|day| day.at(stop)).collect(),
        })
        .collect();
    stops.sort_by(|a, b| (a.feed, a.id).cmp(&(b.feed, b.id)));
    stops
}

fn routes<'a>(study: &'a Study, supplies: &[DaySupply]) -> Result<Vec<RouteRow<'a>>, OutputError> {
    let (ways, _) =
        transit::ways(study, study.world.network(), &study.project.gtfs, supplies, &[])?;
    let row = |(at, ways): (transit::RouteAt, RouteShapes)| {
        let of = &study.world.network().feeds[at.0.at()];
        let on = |day: &DaySupply| day.routes.get(&at).cloned().unwrap_or_default();
        let route = &of.routes[at.1 as usize];
        RouteRow {
            feed: &of.name,
            id: &route.id,
            name: &route.name,
            long_name: &route.long_name,
            operator: &route.agency,
            mode: route.mode(),
            bands: supplies.first().map(|first| on(first).trips).unwrap_or_default(),
            trips: supplies.iter().map(|day| on(day).all()).collect(),
            ways: ways.lines,
            follows_roads: ways.follow_roads,
        }
    };
    Ok(ways.into_iter().map(row).collect())
}

fn origins<'a>(study: &'a Study, found: &ProfileResults) -> Vec<OriginRow<'a>> {
    let categories = study.project.categories.len();
    let points = study.origins.points.enumerate();
    points
        .map(|(origin, point)| {
            let zone = point.zone.map(|zone| &study.zones.zones[zone]);
            let source = point.zone.map(|zone| match study.origins.sources[zone] {
                OriginSource::Given => "given",
                OriginSource::Homes => "homes",
                OriginSource::Centroid => "centroid",
            });
            let is_on_map = study.residents.place(origin).is_on_map();
            let known = |time: Option<Seconds>| time.filter(|_| is_on_map);
            let walk = |category| known(found.survey.walk(origin, CategoryIdx::new(category)));
            let medians = found.windows.iter().map(|window| {
                window.origins[origin.at()].median.iter().map(|time| known(*time)).collect()
            });
            OriginRow {
                id: &point.id,
                zone: zone.map(|zone| zone.id.as_str()),
                source,
                point: point.point,
                people: study.residents.counts()[origin],
                snap: study.world.first().origins.snaps[origin.at()].first().map(|snap| snap.gap),
                is_on_map,
                walks: (0..categories).map(walk).collect(),
                medians: medians.collect(),
            }
        })
        .collect()
}
