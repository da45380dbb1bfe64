//! The journey behind a number of a project's results, and what a scenario makes of it.

use std::path::PathBuf;

use super::legs::{JourneyContext, JourneyEnds, NamedPlace};
use super::{Explained, by_transit, named, off_map};
use crate::access::origin_accessibility::Survey;
use crate::access::rollup::WeightedTimes;
use crate::analysis::AnalysisError;
use crate::analysis::study::{DatedWindow, Study};
use crate::analysis::typed_points::{check_axes, lonlat, no_point};
use crate::analysis::world::ScenarioWorld;
use crate::geometry::{Entries, LonLat};
use crate::ids::OriginIdx;
use crate::inputs::codes::meant;
use crate::inputs::project::ProjectPath;
use crate::routing::network::Network;
use crate::routing::query::departure_window::Departures;
use crate::sanitise::clean_text;
use crate::scenario::places::{self, ScenarioSite};
use crate::units::Seconds;

/// Which number of a project is asked about.
#[derive(Clone, Debug)]
pub struct NumberQuery {
    /// An origin point, a neighbourhood by its code, or a point as LON,LAT.
    pub from: String,
    /// A category by its key, or a point as LON,LAT.
    pub to: String,
    /// The window by its name; none for the first.
    pub window: Option<String>,
    /// The percentile of the travel time.
    pub percentile: u8,
}

/// A number of a project that is to be explained.
pub struct ExplainRequest<'a> {
    study: &'a Study,
    asked: &'a NumberQuery,
    /// The window's position.
    number: usize,
}

/// The journey as it is.
pub struct BaselineJourney {
    /// What is said.
    pub explained: Explained,
    /// Where from, where to and when, in words.
    pub who: String,
    from: LonLat,
    name: String,
}

impl<'a> ExplainRequest<'a> {
    /// The number of one of the study's windows.
    ///
    /// # Errors
    /// If the project has no such window.
    pub fn of(
        study: &'a Study,
        asked: &'a NumberQuery,
        windows: &[DatedWindow],
    ) -> Result<ExplainRequest<'a>, AnalysisError> {
        let number = window_of(asked.window.as_deref(), windows)?;
        Ok(ExplainRequest { study, asked, number })
    }

    /// The journey as it is.
    ///
    /// # Errors
    /// If what is named is not in the project.
    pub fn before(&self, windows: &[DatedWindow]) -> Result<BaselineJourney, AnalysisError> {
        let (study, window) = (self.study, &windows[self.number]);
        let (name, from, why) = self.origin(window)?;
        let to = self.places(
            study.world.places.iter().map(|places| places.iter().map(site).collect()),
            window,
        )?;
        let paths: Vec<PathBuf> =
            study.project.gtfs.iter().map(|path| path.to_path_buf()).collect();
        let explained = self.look(study.world.network(), window, (&name, from), to, &paths)?;
        let who = format!(
            "From {}{why}, window {} ({}), {} percentile",
            clean_text(&name),
            window.window.name,
            window.clock.date(),
            self.asked.percentile
        );
        Ok(BaselineJourney { explained, who, from, name })
    }

    /// The journey between the same points with a scenario.
    ///
    /// # Errors
    /// If the category has no place left.
    pub fn after(
        &self,
        side: &ScenarioWorld,
        before: &BaselineJourney,
    ) -> Result<Explained, AnalysisError> {
        let study = self.study;
        let sites: Vec<Vec<ScenarioSite>> =
            study.world.places.iter().map(|places| places.iter().map(site).collect()).collect();
        let names: Vec<&str> =
            study.project.categories.iter().map(|category| category.name.as_str()).collect();
        let changed = places::apply(&side.scenario.modifications, &names, &sites)?;
        let sites = changed.map_or(sites, |(sites, _)| sites);
        let window = &side.windows[self.number];
        let to = self.places(sites.into_iter(), window)?;
        let own =
            |paths: &[ProjectPath]| paths.iter().map(|path| path.to_path_buf()).collect::<Vec<_>>();
        let paths = own(side.scenario.gtfs.as_deref().unwrap_or(&study.project.gtfs));
        self.look(side.world.network(), window, (&before.name, before.from), to, &paths)
    }

    fn look(
        &self,
        network: &Network,
        window: &DatedWindow,
        (name, from): (&str, LonLat),
        to: Vec<NamedPlace>,
        gtfs: &[PathBuf],
    ) -> Result<Explained, AnalysisError> {
        let from = NamedPlace { name: name.to_owned(), points: vec![from].into() };
        if let Some(unknown) = off_map(&self.study.coverage(), std::slice::from_ref(&from), &to) {
            return Ok(unknown);
        }
        let own = network.in_window(&window.opening(self.study.project.public_holidays));
        let network = own.as_ref().unwrap_or(network);
        let departures = self.departures(network, window)?;
        let ends = JourneyEnds::join(network, vec![from], to);
        let ground = JourneyContext { network, clock: Some(&window.clock), gtfs, flags: false };
        by_transit(&ground, &departures, &ends, self.asked.percentile)
    }

    fn departures<'b>(
        &self,
        network: &'b Network,
        window: &'b DatedWindow,
    ) -> Result<Departures<'b>, AnalysisError> {
        let (limits, service) = (self.study.limits(), self.study.service());
        Ok(Departures::of(network, &window.clock, window.departures, limits, service)?)
    }

    /// The places of the category that is named, or the point.
    fn places(
        &self,
        sites: impl Iterator<Item = Vec<ScenarioSite>>,
        window: &DatedWindow,
    ) -> Result<Vec<NamedPlace>, AnalysisError> {
        let to = &self.asked.to;
        let number = match self.category() {
            Some(number) => number,
            None => {
                let point = lonlat(to).ok_or_else(|| self.no_category())?;
                check_axes("--to", to, self.study.world.network())?;
                return Ok(vec![NamedPlace { name: to.clone(), points: vec![point].into() }]);
            }
        };
        let thing = |site: ScenarioSite| NamedPlace {
            name: named(&site.name, &site.id),
            points: site.points,
        };
        let mut things: Vec<NamedPlace> =
            sites.into_iter().nth(number).into_iter().flatten().map(thing).collect();
        if let Some((_, open)) = self.study.open_in(window) {
            things.retain(|thing| thing.points.iter().any(|point| open[number].contains(point)));
        }
        if things.is_empty() {
            return Err(AnalysisError::Usage(format!("--to {to}: the category has no place")));
        }
        Ok(things)
    }

    fn category(&self) -> Option<usize> {
        self.study.project.categories.iter().position(|category| category.name == self.asked.to)
    }

    fn no_category(&self) -> AnalysisError {
        let (to, categories) = (&self.asked.to, &self.study.project.categories);
        let advice = self.as_place(to).or_else(|| {
            meant(
                to,
                categories.iter().map(|category| (category.name.as_str(), category.label.as_str())),
            )
        });
        let names = || {
            categories.iter().map(|category| category.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let advice = advice.unwrap_or_else(|| format!("it has: {}", names()));
        no_point("--to", to, &format!("no LON,LAT and no category of the project; {advice}"))
    }

    /// Where something of this name is, of what has no code that could be given: a place, or a
    /// stop. Else something whose name holds the word.
    fn as_place(&self, word: &str) -> Option<String> {
        let wanted = word.to_lowercase();
        let exactly = |name: &str, id: &str| name.to_lowercase() == wanted || id == word;
        let holds = |name: &str, _: &str| {
            wanted.chars().count() > 3 && name.to_lowercase().contains(&wanted)
        };
        self.place_like(&exactly).or_else(|| self.place_like(&holds))
    }

    fn place_like(&self, is_it: &dyn Fn(&str, &str) -> bool) -> Option<String> {
        let give = |name: &str, what: &str, point: LonLat| {
            let (name, lon, lat) = (clean_text(name), point.lon(), point.lat());
            Some(format!("`{name}`, {what}, lies at {lon:.5},{lat:.5}: give that"))
        };
        for (category, places) in
            self.study.project.categories.iter().zip(&*self.study.world.places)
        {
            if let Some(place) = places.iter().find(|place| is_it(&place.name, &place.id)) {
                return give(
                    &place.name,
                    &format!("a place of `{}`", category.name),
                    *place.points.first()?,
                );
            }
        }
        let network = self.study.world.network();
        let mut stops = network.stops.indices().map(|stop| network.stop(stop));
        let stop = stops.find(|stop| is_it(&stop.name, &stop.id))?;
        give(&stop.name, "a stop", stop.point?)
    }

    /// What is said of a `--from` that is nothing of the project.
    fn no_origin(&self) -> AnalysisError {
        let (study, from) = (self.study, &self.asked.from);
        let zones = study.zones.zones.iter().map(|zone| (zone.id.as_str(), zone.name.as_str()));
        let advice = meant(from, zones).filter(|advice| advice.contains("is the name of"));
        let zones = study.zones.zones.iter().map(|zone| (zone.id.as_str(), zone.name.as_str()));
        let points = study.origins.points.iter().map(|origin| (origin.id.as_str(), ""));
        let advice =
            advice.or_else(|| self.as_place(from)).or_else(|| meant(from, zones.chain(points)));
        let advice = advice.map_or_else(String::new, |advice| format!("; {advice}"));
        let wanted = format!(
            "no LON,LAT, no origin point and no code of a neighbourhood of the project{advice}"
        );
        no_point("--from", from, &wanted)
    }

    /// An origin point by its id; of a neighbourhood the one whose number is the neighbourhood's;
    /// or any point.
    fn origin(&self, window: &DatedWindow) -> Result<(String, LonLat, String), AnalysisError> {
        let (study, from) = (self.study, &self.asked.from);
        if let Some(origin) = study.origins.points.iter().find(|origin| origin.id == *from) {
            return Ok((origin.id.clone(), origin.point, String::new()));
        }
        if let Some(zone) = study.zones.by_id().get(from.as_str()) {
            let of_zone = study.residents.of(*zone).ok_or_else(|| {
                AnalysisError::Usage(format!(
                    "--from {from}: nothing is known of this neighbourhood, for half of its people or more live off the map, or nobody lives there"
                ))
            })?;
            let number = self.median(of_zone, window)?;
            let origin = &study.origins.points[number];
            let why = format!(
                " (of {}'s {} points the one whose time is the neighbourhood's)",
                clean_text(&study.zones.zones[*zone].name),
                of_zone.len()
            );
            return Ok((origin.id.clone(), origin.point, why));
        }
        let point = lonlat(from).ok_or_else(|| self.no_origin())?;
        check_axes("--from", from, study.world.network())?;
        Ok((from.clone(), point, String::new()))
    }

    /// The point whose time is the population-weighted median of some.
    fn median(
        &self,
        origins: &[OriginIdx],
        window: &DatedWindow,
    ) -> Result<OriginIdx, AnalysisError> {
        let (study, network) = (self.study, self.study.world.network());
        let none =
            || AnalysisError::Usage(format!("--from: no origin point lies in {}", self.asked.from));
        let first = *origins.first().ok_or_else(none)?;
        if origins.len() == 1 {
            return Ok(first);
        }
        let own = network.in_window(&window.opening(study.project.public_holidays));
        let network = own.as_ref().unwrap_or(network);
        let point = |origin: &OriginIdx| std::slice::from_ref(&study.origins.points[*origin].point);
        let joined = network.join(origins.iter().map(point));
        let to = self.places(
            study.world.places.iter().map(|places| places.iter().map(site).collect()),
            window,
        )?;
        let together: Entries = to.iter().map(|thing| &thing.points).collect();
        let to = network.join_places([&together]);
        let found = Survey::new(network, &joined, &to, None).in_window(
            &self.departures(network, window)?,
            &[self.asked.percentile],
            &|_| (),
        )?;
        let times: Vec<Option<Seconds>> = found.iter().map(|found| found.nearest[0][0]).collect();
        let mut weighted = WeightedTimes::default();
        origins.iter().zip(&times).for_each(|(origin, time)| {
            weighted.add(*time, study.origins.points[*origin].weight);
        });
        let median = weighted.median();
        let made = origins
            .iter()
            .zip(&times)
            .find(|(origin, time)| **time == median && study.origins.points[**origin].weight > 0.0);
        Ok(made.map_or(first, |(origin, _)| *origin))
    }
}

fn site(place: &crate::inputs::places::CategoryPlace) -> ScenarioSite {
    ScenarioSite { id: place.id.clone(), name: place.name.clone(), points: place.points.clone() }
}

/// The window that is named, else the first: its position.
fn window_of(named: Option<&str>, windows: &[DatedWindow]) -> Result<usize, AnalysisError> {
    let names = || windows.iter().map(|window| window.window.name.as_str());
    if windows.is_empty() {
        return Err(AnalysisError::Usage(
            "the project has no timetable and no window to explain".into(),
        ));
    }
    let Some(name) = named else { return Ok(0) };
    names().position(|own| own == name).ok_or_else(|| {
        let all = names().collect::<Vec<_>>().join(", ");
        AnalysisError::Usage(format!("--in {name}: the project has no such window; it has: {all}"))
    })
}
