//! The people of a study: at which points they live, how many at each, and of whom anything can be
//! known.
//!
//! A point off the map is *unknown*, which is another thing than not reached: it is in no sum,
//! share or median. Where half of a neighbourhood's people or more live off the map, nothing is
//! known of the neighbourhood either. Every measure of neighbourhoods goes by this one list, so
//! that none can count whom another leaves out.

use super::map_edge::MapPosition;
use crate::ids::{Idx, IdxVec, NeighbourhoodIdx, OriginIdx};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::{OriginSource, Origins};
use crate::units::Share;

/// From this share of its people off the map on, nothing is known of a neighbourhood.
const HALF: f64 = 0.5;

/// What a count of residents is a count of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResidentUnit {
    /// People: somebody said how many there are.
    People,
    /// The points where they live: nobody's number is known.
    Points,
}

impl ResidentUnit {
    /// As sentences say it.
    pub fn name(self) -> &'static str {
        match self {
            ResidentUnit::People => "people",
            ResidentUnit::Points => "origin points",
        }
    }

    /// As names of columns begin.
    pub fn key(self) -> &'static str {
        match self {
            ResidentUnit::People => "people",
            ResidentUnit::Points => "origin_points",
        }
    }

    /// The unit of such a column.
    pub fn unit(self) -> &'static str {
        match self {
            ResidentUnit::People => "people",
            ResidentUnit::Points => "count",
        }
    }
}

/// What can be known of a neighbourhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// More than half of its people live on the map.
    Known,
    /// Half of them or more live off it: nothing.
    OffMap,
    /// None of its points stands for anybody: nothing.
    Nobody,
}

/// The origin points of a study with their people.
#[derive(Clone, Debug)]
pub struct Residents {
    places: IdxVec<OriginIdx, MapPosition>,
    /// A point's share among its neighbourhood's, in whatever unit.
    weights: IdxVec<OriginIdx, f64>,
    /// How many it counts for.
    counts: IdxVec<OriginIdx, f64>,
    zones: IdxVec<NeighbourhoodIdx, NeighbourhoodResidents>,
    counted: ResidentUnit,
}

#[derive(Clone, Debug)]
struct NeighbourhoodResidents {
    on_map: Vec<OriginIdx>,
    off_map: Option<Share>,
    knowledge: Knowledge,
    /// Its least lucky point.
    worst: MapPosition,
    points: usize,
}

impl Residents {
    /// The people of each neighbourhood are shared out over its points by their weights. Where a
    /// neighbourhood's number is not known, weights that were given stand for it; without those it
    /// counts for nobody, unless nobody's number is known at all: then points are counted.
    pub fn new(
        zones: &Neighbourhoods,
        origins: &Origins,
        places: IdxVec<OriginIdx, MapPosition>,
    ) -> Residents {
        let populated = zones.zones.iter().any(|zone| zone.population.is_some());
        let counted = if populated || origins.weight_column.is_some() {
            ResidentUnit::People
        } else {
            ResidentUnit::Points
        };
        let mut inside: Vec<Vec<OriginIdx>> = vec![Vec::new(); zones.zones.len()];
        for (number, origin) in origins.points.enumerate() {
            if let Some(zone) = origin.zone {
                inside[zone.at()].push(number);
            }
        }
        let weights: IdxVec<OriginIdx, f64> =
            origins.points.iter().map(|origin| origin.weight).collect();
        let counts = weights.iter().map(|_| 0.0).collect();
        let mut residents = Residents { places, weights, counts, zones: IdxVec::new(), counted };
        for ((zone, of), inside) in zones.zones.enumerate().zip(&inside) {
            let given =
                origins.weight_column.is_some() && origins.sources[zone] == OriginSource::Given;
            residents.share_out(inside, of.population, given);
            let zone = residents.zone(inside);
            residents.zones.push(zone);
        }
        residents
    }

    fn share_out(&mut self, inside: &[OriginIdx], population: Option<f64>, given: bool) {
        let all: f64 = inside.iter().map(|origin| self.weights[*origin]).sum();
        for origin in inside.iter().filter(|origin| self.places[**origin].is_on_map()) {
            let weight = self.weights[*origin];
            self.counts[*origin] = match (self.counted, population) {
                (ResidentUnit::Points, _) => f64::from(u8::from(weight > 0.0)),
                (ResidentUnit::People, Some(population)) if all > 0.0 => population * weight / all,
                (ResidentUnit::People, None) if given => weight,
                (ResidentUnit::People, _) => 0.0,
            };
        }
    }

    fn zone(&self, inside: &[OriginIdx]) -> NeighbourhoodResidents {
        let is_on_map = |origin: &&OriginIdx| self.places[**origin].is_on_map();
        let weight =
            |points: &[OriginIdx]| points.iter().map(|origin| self.weights[*origin]).sum::<f64>();
        let on_map: Vec<OriginIdx> = inside.iter().filter(is_on_map).copied().collect();
        let (all, on) = (weight(inside), weight(&on_map));
        #[expect(clippy::cast_precision_loss, reason = "points of a neighbourhood")]
        let by_number = || Share::of((inside.len() - on_map.len()) as f64, inside.len() as f64);
        let off_map = Share::of(all - on, all).or_else(by_number);
        let knowledge = match off_map {
            Some(share) if share.0 >= HALF => Knowledge::OffMap,
            Some(_) if on > 0.0 => Knowledge::Known,
            _ => Knowledge::Nobody,
        };
        let worst =
            inside.iter().map(|origin| self.places[*origin]).max().unwrap_or(MapPosition::Inside);
        NeighbourhoodResidents { on_map, off_map, knowledge, worst, points: inside.len() }
    }

    /// Whether people are counted, or only points.
    pub fn counted(&self) -> ResidentUnit {
        self.counted
    }

    /// The points of a neighbourhood that are on the map; `None` where nothing is known of the
    /// neighbourhood.
    pub fn of(&self, zone: NeighbourhoodIdx) -> Option<&[OriginIdx]> {
        let zone = &self.zones[zone];
        (zone.knowledge == Knowledge::Known).then_some(&zone.on_map)
    }

    /// The same for each neighbourhood in order.
    pub fn by_zone(&self) -> impl Iterator<Item = Option<&[OriginIdx]>> {
        self.zones.indices().map(|zone| self.of(zone))
    }

    /// The points of a neighbourhood that are on the map, whether or not enough of it is.
    pub fn on_map(&self, zone: NeighbourhoodIdx) -> &[OriginIdx] {
        &self.zones[zone].on_map
    }

    /// What can be known of a neighbourhood.
    pub fn knowledge(&self, zone: NeighbourhoodIdx) -> Knowledge {
        self.zones[zone].knowledge
    }

    /// How many neighbourhoods are off the map.
    pub fn zones_off_map(&self) -> usize {
        self.zones.iter().filter(|zone| zone.knowledge == Knowledge::OffMap).count()
    }

    /// The share of a neighbourhood's people who live off the map; `None` without points.
    pub fn off_map(&self, zone: NeighbourhoodIdx) -> Option<Share> {
        self.zones[zone].off_map
    }

    /// Whether any point of a neighbourhood is at the edge of the map or off it.
    pub fn is_edge_affected(&self, zone: NeighbourhoodIdx) -> bool {
        self.zones[zone].worst != MapPosition::Inside
    }

    /// All points of a neighbourhood, on the map and off it.
    pub fn points(&self, zone: NeighbourhoodIdx) -> usize {
        self.zones[zone].points
    }

    /// Where a point lies.
    pub fn place(&self, origin: OriginIdx) -> MapPosition {
        self.places[origin]
    }

    /// How many points are off the map.
    pub fn points_off_map(&self) -> usize {
        self.places.iter().filter(|place| !place.is_on_map()).count()
    }

    /// A point's share among its neighbourhood's, for medians and shares within it.
    pub fn weight(&self, origin: OriginIdx) -> f64 {
        self.weights[origin]
    }

    /// The same of all points.
    pub fn weights(&self) -> &IdxVec<OriginIdx, f64> {
        &self.weights
    }

    /// How many residents each point counts for in sums over the study: none off the map, and in no
    /// neighbourhood.
    pub fn counts(&self) -> &IdxVec<OriginIdx, f64> {
        &self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::LonLat;
    use crate::inputs::neighbourhoods::Neighbourhood;
    use crate::inputs::origins::OriginPoint;

    /// Neighbourhoods with their people, and points with neighbourhood, weight and whether they are
    /// on the map.
    fn residents(people: &[Option<f64>], points: &[(u32, f64, bool)], weights: bool) -> Residents {
        let zone = |population: &Option<f64>| Neighbourhood {
            id: String::new(),
            name: String::new(),
            population: *population,
            polygon: geo::MultiPolygon(Vec::new()),
            deprivation: None,
            point: None,
        };
        let zones = Neighbourhoods {
            zones: people.iter().map(zone).collect(),
            key_column: "id".into(),
            kind: None,
            vintage: None,
            joins: Vec::new(),
        };
        let point = |(zone, weight, _): &(u32, f64, bool)| OriginPoint {
            id: String::new(),
            point: LonLat::new(0.0, 52.0).expect("on the globe"),
            weight: *weight,
            zone: Some(NeighbourhoodIdx(*zone)),
        };
        let origins = Origins {
            points: points.iter().map(point).collect(),
            sources: people.iter().map(|_| OriginSource::Given).collect(),
            weight_column: weights.then(|| "weight".to_owned()),
        };
        let place = |on_map: bool| if on_map { MapPosition::Inside } else { MapPosition::Outside };
        let places: IdxVec<OriginIdx, MapPosition> =
            points.iter().map(|(.., on_map)| place(*on_map)).collect();
        Residents::new(&zones, &origins, places)
    }

    #[test]
    fn weights_are_shares_of_the_people_and_who_is_off_the_map_is_in_no_sum() {
        for scale in [1.0, 10.0, 0.01] {
            let points = [(0, scale, true), (0, 2.0 * scale, true), (0, scale, false)];
            let residents = residents(&[Some(400.0)], &points, true);
            assert_eq!(residents.counts().as_slice(), [100.0, 200.0, 0.0]);
            let off_map = residents.off_map(NeighbourhoodIdx(0)).expect("a share");
            assert!((off_map.0 - 0.25).abs() < 1e-12, "{off_map:?}");
            assert_eq!(residents.of(NeighbourhoodIdx(0)), Some(&[OriginIdx(0), OriginIdx(1)][..]));
        }
    }

    #[test]
    fn with_half_of_its_people_off_the_map_nothing_is_known_of_a_neighbourhood() {
        let known = |on: f64, off: f64| {
            let residents = residents(&[Some(100.0)], &[(0, on, true), (0, off, false)], true);
            residents.knowledge(NeighbourhoodIdx(0))
        };
        assert_eq!(known(51.0, 49.0), Knowledge::Known);
        assert_eq!(known(50.0, 50.0), Knowledge::OffMap);
        assert_eq!(
            known(0.0, 0.0),
            Knowledge::OffMap,
            "by number, where nobody is said to live at any"
        );
        assert_eq!(known(0.0, 10.0), Knowledge::OffMap);
        let nobody = residents(&[Some(100.0)], &[(0, 0.0, true)], true);
        assert_eq!(nobody.knowledge(NeighbourhoodIdx(0)), Knowledge::Nobody);
        assert_eq!(nobody.of(NeighbourhoodIdx(0)), None);
    }

    #[test]
    fn where_nobodys_number_is_known_points_are_counted() {
        let points = [(0, 0.5, true), (0, 0.5, true), (1, 1.0, true)];
        let none = residents(&[None, None], &points, false);
        assert_eq!(
            (none.counted(), none.counts().as_slice()),
            (ResidentUnit::Points, &[1.0, 1.0, 1.0][..])
        );
        let given = residents(&[None, None], &points, true);
        assert_eq!(
            (given.counted(), given.counts().as_slice()),
            (ResidentUnit::People, &[0.5, 0.5, 1.0][..])
        );
        // Points without a number are no people beside people.
        let some = residents(&[Some(80.0), None], &points, false);
        assert_eq!(
            (some.counted(), some.counts().as_slice()),
            (ResidentUnit::People, &[40.0, 40.0, 0.0][..])
        );
    }
}
