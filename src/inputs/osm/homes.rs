//! Where people live, as far as the map tells: residential buildings, and residential land where
//! none are drawn.

use rayon::prelude::*;

use super::block::FixedDegrees;
use super::tags::Tags;
use crate::geometry::rings::{bounds, contains, middle_and_area};
use crate::geometry::{LonLat, Projected, Projection};

/// A place where people live.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Home {
    /// The middle of the building's outline, or a point of a grid laid over residential land.
    pub point: LonLat,
    /// A guess at the number of dwellings, to weigh homes against each other; never a count of
    /// people.
    pub weight: f64,
    /// What the guess is made from.
    pub source: HomeSource,
}

/// What a home was guessed from. Landuse is for areas whose buildings are not mapped: use one or
/// the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HomeSource {
    /// A residential building.
    Building,
    /// A hectare of `landuse=residential`.
    Landuse,
}

/// Outlines of where people live, and the homes within them. These are worked out when they are
/// asked for: most commands do not ask.
#[derive(Clone, Debug, Default)]
pub struct Homes {
    map: Option<Projection>,
    /// What each outline is, and where its corners begin.
    outlines: Vec<(HomeTags, u32)>,
    /// The corners of all outlines.
    corners: Vec<FixedDegrees>,
}

impl Homes {
    /// None yet; distances are those of a flat map.
    pub(super) fn on(map: Projection) -> Homes {
        Homes { map: Some(map), ..Homes::default() }
    }

    /// Adds an outline, its first corner not repeated.
    pub(super) fn add(&mut self, tags: HomeTags, corners: impl Iterator<Item = FixedDegrees>) {
        let begins = u32::try_from(self.corners.len()).expect("fewer than 2^32 corners");
        self.outlines.push((tags, begins));
        self.corners.extend(corners);
    }

    /// The homes, outline by outline.
    pub fn iter(&self) -> std::vec::IntoIter<Home> {
        let numbers: Vec<usize> = (0..self.outlines.len()).collect();
        let homes: Vec<Home> = numbers.par_iter().flat_map_iter(|n| self.within(*n)).collect();
        homes.into_iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn within(&self, number: usize) -> Vec<Home> {
        let Some(map) = self.map else { return Vec::new() };
        let (tags, begins) = self.outlines[number];
        let ends = self.outlines.get(number + 1).map_or(self.corners.len(), |next| next.1 as usize);
        let corners = self.corners[begins as usize..ends].iter();
        let outline: Vec<Projected> =
            corners.filter_map(|corner| corner.lonlat()).map(|p| map.project(p)).collect();
        tags.homes(&outline, &map)
    }
}

/// What the tags of a closed way say about people living there; the weight waits for its footprint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HomeTags {
    /// This many dwellings, whatever the size.
    Dwellings(f64),
    /// A row of houses: a dwelling for each 60 m² of ground.
    Terrace,
    /// Flats: a dwelling for each 100 m² of floor, stairs and walls included.
    Flats { levels: f64 },
    /// Residential land: a point for each hectare.
    Land,
}

const TERRACE_M2: f64 = 60.0;
const FLAT_M2: f64 = 100.0;
const GRID_M: f64 = 100.0;
/// More points than any real residential area has hectares.
const MOST_POINTS: usize = 20_000;
/// Storeys of flats where the map does not tell.
const USUAL_LEVELS: f64 = 3.0;

impl HomeTags {
    /// What these tags say; `None` if nobody is known to live there. `building=yes` counts with a
    /// house number and no sign of another use.
    pub(super) fn of(tags: &Tags<'_>) -> Option<HomeTags> {
        if tags.is("landuse", "residential") {
            return Some(HomeTags::Land);
        }
        let building = tags.get("building")?;
        let number = |key| {
            tags.get(key)
                .and_then(|v| v.trim().parse::<f64>().ok())
                .filter(|n| (1.0..=2000.0).contains(n))
        };
        let levels =
            number("building:levels").filter(|levels| *levels <= 100.0).unwrap_or(USUAL_LEVELS);
        let kind = match building {
            "house" | "detached" | "bungalow" | "semidetached_house" | "semi" | "cabin"
            | "static_caravan" | "houseboat" | "farm" | "farmhouse" | "cottage"
            | "semi-detached" => HomeTags::Dwellings(1.0),
            "terrace" => HomeTags::Terrace,
            "apartments" | "flats" | "residential" | "dormitory" | "tower_block" => {
                HomeTags::Flats { levels }
            }
            "yes" if is_plain_address(tags) => HomeTags::Dwellings(1.0),
            _ => return None,
        };
        Some(number("building:flats").map_or(kind, HomeTags::Dwellings))
    }

    /// The homes within an outline.
    pub(super) fn homes(self, outline: &[Projected], map: &Projection) -> Vec<Home> {
        let Some((middle, area)) = middle_and_area(outline) else { return Vec::new() };
        let one = |weight: f64| {
            vec![Home {
                point: map.unproject(middle),
                weight: weight.max(1.0),
                source: HomeSource::Building,
            }]
        };
        match self {
            HomeTags::Dwellings(n) => one(n),
            HomeTags::Terrace => one((area / TERRACE_M2).round()),
            HomeTags::Flats { levels } => one((area * levels / FLAT_M2).round()),
            HomeTags::Land => land(outline, middle, area, map),
        }
    }
}

fn is_plain_address(tags: &Tags<'_>) -> bool {
    let addressed = tags.get("addr:housenumber").is_some() || tags.get("addr:housename").is_some();
    let used = [
        "amenity",
        "shop",
        "office",
        "craft",
        "tourism",
        "leisure",
        "healthcare",
        "industrial",
        "club",
        "man_made",
    ];
    addressed && used.iter().all(|key| tags.get(key).is_none())
}

/// The points of a 100 m grid inside, or the middle alone where none falls inside; together they
/// weigh the hectares.
fn land(outline: &[Projected], middle: Projected, area: f64, map: &Projection) -> Vec<Home> {
    let hectares = area / (GRID_M * GRID_M);
    let mut points = Vec::new();
    let (low, high) = bounds(outline);
    if hectares < MOST_POINTS as f64 {
        let steps =
            |from: f64, to: f64| (from / GRID_M).ceil() as i64..=(to / GRID_M).floor() as i64;
        for row in steps(low.y, high.y) {
            for column in steps(low.x, high.x) {
                let point = Projected { x: column as f64 * GRID_M, y: row as f64 * GRID_M };
                if contains(outline, point) {
                    points.push(point);
                }
            }
        }
    }
    if points.is_empty() {
        points.push(middle);
    }
    let weight = hectares / points.len() as f64;
    points
        .into_iter()
        .map(|p| Home { point: map.unproject(p), weight, source: HomeSource::Landuse })
        .collect()
}
