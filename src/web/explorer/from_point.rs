//! What is reached from one point, and the very journeys.

use std::path::PathBuf;
use std::sync::Arc;

use super::change_map::minutes;
use super::overview::degrees;
use super::{ExplorerState, failed};
use crate::access::origin_accessibility::Survey;
use crate::analysis::explain::legs::{JourneyContext, JourneyEnds, NamedPlace};
use crate::analysis::explain::{self, Explained};
use crate::analysis::run::WindowStreets;
use crate::analysis::study::DatedWindow;
use crate::analysis::world::WalkerNetwork;
use crate::geometry::LonLat;
use crate::ids::{CategoryIdx, Csr, Idx, OriginIdx, PlaceIdx};
use crate::inputs::neighbourhoods::NeighbourhoodLocator;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::Walks;
use crate::sanitise::clean_text;
use crate::units::Seconds;
use crate::web::{
    FromPoint, HomeTime, JourneyAsked, JourneyInWords, JourneysBeforeAfter, MedianTimes, Nearest,
    ReachedFromPoint, Refusal, ToldLeg,
};

/// One side of the question: before, or after.
pub(super) struct ExplorerSide<'b> {
    pub on: &'b WalkerNetwork,
    pub window: Option<&'b DatedWindow>,
    survey: &'b Survey,
    /// Whether its places are others than the baseline's, or on other streets.
    own_places: bool,
}

impl<'b> ExplorerSide<'b> {
    /// On the streets of its window, where it has some of its own.
    fn at_hours(self, own: Option<&'b WindowStreets>) -> ExplorerSide<'b> {
        let Some(own) = own else { return self };
        ExplorerSide { on: &own.on, survey: &own.survey, ..self }
    }
}

impl ExplorerState<'_> {
    /// The side before, and the one after where something is otherwise.
    pub(super) fn sides(&self, from: &FromPoint, window: Option<usize>) -> Vec<ExplorerSide<'_>> {
        let study = self.study;
        let before = ExplorerSide {
            on: study.world.first(),
            window: window.map(|at| &self.windows[at]),
            survey: &self.survey,
            own_places: false,
        };
        let before = before.at_hours(window.and_then(|at| self.streets_before(at)));
        let after = self.after.iter().find(|after| after.otherwise == from.asked.otherwise);
        let after = after.map(|after| {
            let side = ExplorerSide {
                on: after.world.first(),
                window: window.map(|at| &after.windows[at]),
                survey: after.survey.as_ref().unwrap_or(&self.survey),
                own_places: !Arc::ptr_eq(
                    &after.world.first().categories,
                    &study.world.first().categories,
                ),
            };
            side.at_hours(window.and_then(|at| self.streets_after(after, at)))
        });
        std::iter::once(before).chain(after).collect()
    }

    /// How long it takes from a point to the nearest place of each category.
    pub(super) fn here(&mut self, from: &FromPoint) -> Result<ReachedFromPoint, Refusal> {
        let (point, window) = self.understood(from)?;
        let mut all: Vec<Vec<Option<Seconds>>> = Vec::new();
        let mut on_street = false;
        for side in self.sides(from, window) {
            let joined = side.on.network.join([[point].as_slice()]);
            on_street |= joined.snaps.iter().any(|snaps| !snaps.is_empty());
            let open = side.window.and_then(|window| self.open_in(&side.on.network, window));
            let survey = match &open {
                Some(open) => side.survey.among(&side.on.network, &side.on.origins, open),
                None => side.survey.of_origins(&side.on.network, &joined, &side.on.categories),
            };
            let survey = match &open {
                Some(open) => survey.of_origins(&side.on.network, &joined, open),
                None => survey,
            };
            all.push(match side.window {
                None => self.walks(&survey),
                Some(window) => {
                    let departures = self.departures(&side.on.network, window)?;
                    let mut found =
                        survey.in_window(&departures, &[50], &|_| ()).map_err(failed)?;
                    found.pop().map(|found| found.median).unwrap_or_default()
                }
            });
        }
        // Walks alone are of no window, as in every file.
        let usual = self.sides(from, None).pop().map(|side| {
            let joined = side.on.network.join([[point].as_slice()]);
            self.walks(&side.survey.of_origins(&side.on.network, &joined, &side.on.categories))
        });
        let walks = usual.unwrap_or_default();
        let last = all.last().cloned().unwrap_or_default();
        let nearest = walks.iter().zip(&all[0]).zip(&last).map(|((walk, before), after)| Nearest {
            walk: minutes(*walk),
            before: minutes(*before),
            after: minutes(*after),
        });
        let neighbourhood = NeighbourhoodLocator::new(&self.study.zones).zone_of(point);
        let neighbourhood =
            neighbourhood.map(|zone| clean_text(&self.study.zones.zones[zone].name).into_owned());
        let off_map = !self.study.coverage().holds(point);
        let on_street = on_street && !off_map;
        Ok(ReachedFromPoint { neighbourhood, off_map, on_street, nearest: nearest.collect() })
    }

    /// The walks of the only origin of a survey.
    fn walks(&self, survey: &Survey) -> Vec<Option<Seconds>> {
        let categories = (0..self.study.project.categories.len()).map(CategoryIdx::new);
        categories.map(|category| survey.walk(OriginIdx::new(0), category)).collect()
    }

    /// How long it takes from a point to each of the origin points.
    pub(super) fn reach(&mut self, from: &FromPoint) -> Result<MedianTimes, Refusal> {
        let (point, window) = self.on_map(from)?;
        if self.to_origins.is_none() {
            self.to_origins =
                Some(self.study.world.network().egress(&self.study.world.first().origins));
        }
        let mut all = Vec::new();
        for side in self.sides(from, window) {
            let own;
            let egress = match &self.to_origins {
                Some(egress) if std::ptr::eq(side.survey, &self.survey) => egress,
                _ => {
                    own = side.on.network.egress(&side.on.origins);
                    &own
                }
            };
            all.push(self.times_to_origins(&side, point, egress)?);
        }
        let places = (0..self.study.origins.points.len()).map(OriginIdx::new);
        let known: Vec<bool> =
            places.map(|at| self.study.residents.place(at).is_on_map()).collect();
        let home = |(time, known): (&Option<Seconds>, &bool)| match minutes(*time) {
            _ if !known => HomeTime::Unknown("unknown"),
            Some(minutes) => HomeTime::Minutes(minutes),
            None => HomeTime::NotReached(()),
        };
        let each = |times: &Vec<Option<Seconds>>| times.iter().zip(&known).map(home).collect();
        let last = all.last().map(each).unwrap_or_default();
        Ok(MedianTimes { before: all.first().map(each).unwrap_or_default(), after: last })
    }

    fn times_to_origins(
        &self,
        side: &ExplorerSide,
        point: LonLat,
        egress: &Csr<PlaceIdx, StopWalk>,
    ) -> Result<Vec<Option<Seconds>>, Refusal> {
        let (network, origins) = (&side.on.network, &side.on.origins);
        let from = network.join([[point].as_slice()]);
        let (access, direct) = (network.access(&from), network.direct(&from, origins));
        let mut times: Vec<Vec<Option<Seconds>>> = vec![vec![None; origins.snaps.len()]];
        let Some(window) = side.window else {
            for (place, walk) in &direct[OriginIdx::new(0)] {
                times[0][place.at()] = Some(*walk);
            }
            return Ok(times.swap_remove(0));
        };
        let walks = Walks { access: &access, egress, direct: &direct };
        let departures = self.departures(network, window)?;
        let take =
            |_,
             row: &mut Vec<Option<Seconds>>,
             found: &mut crate::routing::transit::raptor::range::TravelTimes| {
                found.percentiles(&[50], |place, median| row[place.at()] = median[0]);
            };
        departures.travel_times(&walks, &mut times, &|_| (), take).map_err(failed)?;
        Ok(times.swap_remove(0))
    }

    /// The journeys to the nearest place of a category, before and after.
    pub(super) fn journeys(
        &mut self,
        asked: &JourneyAsked,
    ) -> Result<JourneysBeforeAfter, Refusal> {
        let (point, window) = self.on_map(&asked.from)?;
        let Some(category) = self.study.project.categories.get(asked.category) else {
            return Err(Refusal::Unfit("there is no such category".to_owned()));
        };
        let gtfs: Vec<PathBuf> =
            self.study.project.gtfs.iter().map(|path| path.to_path_buf()).collect();
        let mut told = Vec::new();
        for side in self.sides(&asked.from, window) {
            // Another timetable is in other files; its courses go from stop to stop.
            let gtfs = if told.is_empty() { gtfs.as_slice() } else { &[] };
            let clock = side.window.map(|window| &window.clock);
            let ground = JourneyContext { network: &side.on.network, clock, gtfs, flags: false };
            let from = NamedPlace { name: "here".to_owned(), points: vec![point].into() };
            let open = side.window.and_then(|window| self.open_in(&side.on.network, window));
            let ends = match open.as_ref().or(side.own_places.then_some(&*side.on.categories)) {
                Some(joined) => {
                    let joined = joined.only([asked.category]);
                    JourneyEnds::towards(&side.on.network, from, &category.label, joined)
                }
                None => {
                    JourneyEnds::join(&side.on.network, vec![from], self.things(asked.category))
                }
            };
            let explained = match side.window {
                Some(window) => {
                    let departures = self.departures(&side.on.network, window)?;
                    explain::by_transit(&ground, &departures, &ends, 50)
                }
                None => Ok(explain::on_foot(&ground, self.study.limits(), &ends)),
            };
            told.push(words(&explained.map_err(failed)?));
        }
        let after = if told.len() > 1 { told.pop() } else { None };
        Ok(JourneysBeforeAfter { before: told.pop().unwrap_or_default(), after })
    }

    fn things(&self, category: usize) -> Vec<NamedPlace> {
        let places = self.study.world.places[category].iter();
        let name =
            |name: &str, id: &str| if name.is_empty() { id.to_owned() } else { name.to_owned() };
        places
            .map(|place| NamedPlace {
                name: name(&place.name, &place.id),
                points: place.points.clone(),
            })
            .collect()
    }

    /// The same of a point on the map: of the others nothing is known, which is not that nothing is
    /// reached.
    pub(super) fn on_map(&mut self, from: &FromPoint) -> Result<(LonLat, Option<usize>), Refusal> {
        let (point, window) = self.understood(from)?;
        if self.study.coverage().holds(point) {
            return Ok((point, window));
        }
        Err(Refusal::Unfit(
            "this point lies off the map: what is reached from it is not known".to_owned(),
        ))
    }

    /// The point and the window, with what would be otherwise made ready.
    fn understood(&mut self, from: &FromPoint) -> Result<(LonLat, Option<usize>), Refusal> {
        let point = LonLat::new(from.lon, from.lat)
            .ok_or_else(|| Refusal::Unfit("this point is not on the globe".to_owned()))?;
        let window = self.window(from.asked.window.as_deref())?;
        self.made_ready(&from.asked.otherwise)?;
        Ok((point, window))
    }
}

fn words(explained: &Explained) -> JourneyInWords {
    let (number, all) = explained.of;
    let which = if all > 1 { format!(" (departure {number} of {all})") } else { String::new() };
    let leave = format!("{}{which}", explained.departure);
    let Some((journey, legs)) = &explained.journey else {
        return JourneyInWords {
            leave,
            reason: explained.reason.clone(),
            ..JourneyInWords::default()
        };
    };
    let leg = |leg: &crate::results::journey::ShownLeg| ToldLeg {
        kind: leg.kind,
        begins: leg.begins.clone(),
        takes: Seconds::new(leg.seconds).to_string(),
        says: leg.in_words(),
        course: leg.course.iter().copied().map(degrees).collect(),
    };
    JourneyInWords {
        leave,
        arrive: legs.last().map_or_else(String::new, |leg| leg.ends.clone()),
        minutes: minutes(Some(journey.travel_time())),
        reason: None,
        legs: legs.iter().map(leg).collect(),
    }
}
