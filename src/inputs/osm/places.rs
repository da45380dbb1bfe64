//! Places: which elements they are, and the points at which each is reached.
//!
//! A node is reached where it stands. An area is reached at its public entrances
//! (`entrance=main|yes|…` nodes on its outline, or members of its relation); without any, open
//! ground such as a park is reached wherever a walkable way meets its outline, inner edges too, and
//! so are the grounds of a school, university or hospital, whose gates these are. Everything else,
//! and ground that no way meets, is reached at the one point of its outline nearest to a walkable
//! way. Whoever stands on open ground is there; who stands on the grounds of a school is not at
//! school yet. Service, garage and emergency doors are not entrances.

use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use rustc_hash::FxHashMap;

use super::tags::{TagRule, Tags};
use super::walk_rules::WayKind;
use super::{OsmData, WalkWay};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::rings::{bounds, contains, middle_and_area};
use crate::geometry::{Entries, LonLat, OpenGround, Projected, Projection, Segment, SegmentIndex};
use crate::units::Metres;

/// A place of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct OsmPlace {
    /// Its element: `n123`, `w45` or `r6`.
    pub id: String,
    /// Its name as the map has it; empty where it has none. Hostile text, like all text of data.
    pub name: String,
    /// Which of the rules picked it, by position.
    pub rules: Vec<usize>,
    /// Where it is reached.
    pub points: Entries,
    /// The ground it covers, in square metres, where it is mapped as an area.
    pub area_m2: Option<f64>,
    /// Tags worth showing, such as its operator and opening hours, by key.
    pub tags: Vec<(String, String)>,
}

/// Tags of places that are kept.
const SHOWN: [&str; 11] = [
    "access",
    "addr:postcode",
    "amenity",
    "brand",
    "healthcare",
    "leisure",
    "opening_hours",
    "operator",
    "shop",
    "website",
    "wheelchair",
];

/// What the tags of a place say.
#[derive(Clone, Debug)]
pub(super) struct PlaceTags {
    rules: Vec<usize>,
    /// The tag that each rule picked it by, such as `amenity=library`.
    kinds: Vec<String>,
    name: String,
    ground: Ground,
    /// Closed for good, as a tag beside the others says.
    closed: bool,
    shown: Vec<(String, String)>,
}

impl PlaceTags {
    pub(super) fn of(tags: &Tags<'_>, rules: &[TagRule]) -> Option<PlaceTags> {
        let picked: Vec<usize> = rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.matches(tags))
            .map(|(n, _)| n)
            .collect();
        if picked.is_empty() {
            return None;
        }
        let kind = |n: &usize| {
            let key = rules[*n].key();
            format!("{key}={}", tags.get(key).unwrap_or_default())
        };
        let mut shown: Vec<(String, String)> = tags
            .iter()
            .filter(|(key, _)| SHOWN.contains(key))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        shown.sort();
        Some(PlaceTags {
            kinds: picked.iter().map(kind).collect(),
            rules: picked,
            name: tags.get("name").unwrap_or_default().to_owned(),
            ground: Ground::of(tags),
            closed: tags.say_closed(),
            shown,
        })
    }

    /// Whether this is `other` mapped a second time, given that it lies within it: picked by a rule
    /// for the same tag, and not named differently.
    fn repeats(&self, other: &PlaceTags) -> bool {
        let same_kind = self
            .rules
            .iter()
            .zip(&self.kinds)
            .any(|mine| other.rules.iter().zip(&other.kinds).any(|o| o == mine));
        same_kind && (self.name.is_empty() || other.name.is_empty() || self.name == other.name)
    }

    fn place(self, id: String, points: Entries, area_m2: Option<f64>) -> OsmPlace {
        OsmPlace { id, name: self.name, rules: self.rules, points, area_m2, tags: self.shown }
    }
}

/// What the ground of a place is to those who come to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    /// One is there as soon as one stands on it, as in a park.
    Open,
    /// It is entered where ways lead in, and the place is somewhere within, as a school is.
    Entered,
    /// A house, or the like.
    Built,
}

impl Ground {
    fn of(tags: &Tags<'_>) -> Ground {
        const LEISURE: [&str; 12] = [
            "park",
            "playground",
            "pitch",
            "garden",
            "nature_reserve",
            "recreation_ground",
            "common",
            "village_green",
            "dog_park",
            "golf_course",
            "outdoor_seating",
            "track",
        ];
        const LANDUSE: [&str; 7] = [
            "recreation_ground",
            "allotments",
            "village_green",
            "cemetery",
            "forest",
            "meadow",
            "grass",
        ];
        if tags.get("building").is_some() {
            Ground::Built
        } else if tags.is_any("amenity", &["school", "college", "university", "hospital"]) {
            Ground::Entered
        } else if tags.is_any("leisure", &LEISURE)
            || tags.is_any("landuse", &LANDUSE)
            || tags.is_any("amenity", &["grave_yard", "marketplace"])
            || tags.is("place", "square")
            || tags.get("natural").is_some()
        {
            Ground::Open
        } else {
            Ground::Built
        }
    }
}

/// What an `entrance=*` node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Entrance {
    #[default]
    None,
    Public,
    Other,
}

impl Entrance {
    pub(super) fn of(tags: &Tags<'_>) -> Entrance {
        let closed =
            tags.is_any("access", &["no", "private"]) || tags.is_any("foot", &["no", "private"]);
        match tags.get("entrance") {
            None | Some("no") => Entrance::None,
            Some("yes" | "main" | "shop" | "public" | "customers" | "secondary" | "home")
                if !closed =>
            {
                Entrance::Public
            }
            Some(_) => Entrance::Other,
        }
    }

    pub(super) fn is_public(self) -> bool {
        self == Entrance::Public
    }
}

/// A place mapped as a node.
pub(super) struct PlaceNode {
    pub id: i64,
    pub at: Projected,
    pub point: LonLat,
    pub place: PlaceTags,
}

/// A place mapped as an area, or as a line where its ring does not close.
pub(super) struct PlaceArea {
    pub id: String,
    pub place: PlaceTags,
    /// Outlines, and behind them the rings of holes.
    pub rings: Vec<Vec<Projected>>,
    pub outlines: usize,
    /// Of a relation, the ways that its outline is made of.
    pub outline_ways: Vec<i64>,
    /// Its public entrances.
    pub doors: Vec<LonLat>,
    pub closed: bool,
}

impl PlaceArea {
    fn segments(&self) -> impl Iterator<Item = (Projected, Projected)> {
        self.rings.iter().flat_map(|ring| {
            let last = ring.last().copied().filter(|_| self.closed || ring.len() == 1);
            let starts = last.into_iter().chain(ring.iter().copied());
            starts.zip(ring[usize::from(last.is_none())..].iter().copied())
        })
    }

    fn contains(&self, point: Projected) -> bool {
        self.closed && self.rings.iter().filter(|ring| contains(ring, point)).count() % 2 == 1
    }

    fn area_m2(&self) -> Option<f64> {
        let area = |rings: &[Vec<Projected>]| -> f64 {
            rings.iter().filter_map(|ring| middle_and_area(ring)).map(|(_, area)| area).sum()
        };
        let (outlines, holes) = self.rings.split_at(self.outlines.min(self.rings.len()));
        self.closed.then(|| (area(outlines) - area(holes)).max(0.0))
    }

    /// Its ground, if one is there as soon as one stands on it.
    fn ground(&self, map: &Projection) -> Option<OpenGround> {
        let ring =
            |ring: &Vec<Projected>| ring.iter().map(|corner| map.unproject(*corner)).collect();
        let is_ground = self.place.ground == Ground::Open && self.closed;
        is_ground.then(|| OpenGround::new(self.rings.iter().map(ring).collect())).flatten()
    }
}

type Walkable = SegmentIndex<()>;

/// The places, each real one once, in the order nodes, ways, relations, by id.
pub(super) fn resolve(
    nodes: Vec<PlaceNode>,
    areas: Vec<PlaceArea>,
    data: &OsmData,
    map: &Projection,
    findings: &mut Findings,
) -> Vec<OsmPlace> {
    let closed = nodes.iter().filter(|node| node.place.closed).count()
        + areas.iter().filter(|area| area.place.closed).count();
    let what = "a place is tagged as out of use (`disused=yes`, `shop=vacant`, …) beside the tag that would pick it";
    findings.count(
        Severity::Info,
        "osm_place_closed",
        Outcome::Dropped,
        "places",
        closed as u64,
        what,
    );
    let areas: Vec<PlaceArea> =
        areas.into_iter().filter(|area| !area.rings.is_empty() && !area.place.closed).collect();
    let (mut places, mut names) = (Vec::new(), vec![String::new(); areas.len()]);
    let tree = RTree::bulk_load(areas.iter().enumerate().map(|(n, area)| boxed(n, area)).collect());
    let mut repeated = 0;
    for node in nodes.into_iter().filter(|node| !node.place.closed) {
        let around =
            tree.locate_in_envelope_intersecting(&AABB::from_point([node.at.x, node.at.y]));
        let mut same: Vec<usize> = around.map(|found| found.data).collect();
        same.retain(|n| areas[*n].contains(node.at) && node.place.repeats(&areas[*n].place));
        match same.iter().min() {
            Some(n) => {
                repeated += 1;
                if names[*n].is_empty() {
                    names[*n].clone_from(&node.place.name);
                }
            }
            None => places.push(node.place.place(
                format!("n{}", node.id),
                vec![node.point].into(),
                None,
            )),
        }
    }
    let mut inner = vec![false; areas.len()];
    for (way, relation) in outlines_of_relations(&areas) {
        inner[way] = true;
        if names[relation].is_empty() {
            names[relation] = if areas[way].place.name.is_empty() {
                names[way].clone()
            } else {
                areas[way].place.name.clone()
            };
        }
    }
    let repeats: Vec<bool> = (0..areas.len())
        .map(|n| inner[n] || repeats_a_larger_one(n, &areas, &inner, &tree))
        .collect();
    let inner = repeats;
    repeated += inner.iter().filter(|inner| **inner).count() as u64;
    let what = "a node or area repeats the area it lies in (same tag, same name or none); the outer one alone counts";
    findings.count(Severity::Info, "osm_place_twice", Outcome::Dropped, "places", repeated, what);
    let walkable =
        if areas.is_empty() { SegmentIndex::new(Vec::new()) } else { walkable(data, map) };
    for ((mut area, name), _) in areas.into_iter().zip(names).zip(inner).filter(|(_, inner)| !inner)
    {
        let points = Entries::new(points(&area, &walkable, map), area.ground(map));
        let area_m2 = area.area_m2();
        if area.place.name.is_empty() {
            area.place.name = name;
        }
        places.push(area.place.place(area.id, points, area_m2));
    }
    places
}

/// Ways that are the outline of a relation and say the same as it does, each with the relation: one
/// place mapped twice.
fn outlines_of_relations(areas: &[PlaceArea]) -> Vec<(usize, usize)> {
    let way = |area: &PlaceArea| area.id.strip_prefix('w').and_then(|id| id.parse::<i64>().ok());
    let ways: FxHashMap<i64, usize> =
        areas.iter().enumerate().filter_map(|(n, area)| Some((way(area)?, n))).collect();
    let mut found = Vec::new();
    for (relation, area) in areas.iter().enumerate() {
        let own = area.outline_ways.iter().filter_map(|way| ways.get(way));
        let same = own.filter(|way| areas[**way].place.repeats(&area.place));
        found.extend(same.map(|way| (*way, relation)));
    }
    found
}

/// Whether an area is a part of a larger one drawn as the same place, as the houses of a school on
/// its grounds are. One that is known to be another's outline has no parts.
fn repeats_a_larger_one(
    n: usize,
    areas: &[PlaceArea],
    outlines: &[bool],
    tree: &RTree<IndexedPlace>,
) -> bool {
    let mine = &areas[n];
    let Some((middle, _)) = mine.rings.first().and_then(|ring| middle_and_area(ring)) else {
        return false;
    };
    let larger = |other: &PlaceArea| other.area_m2() > mine.area_m2() && other.contains(middle);
    tree.locate_in_envelope_intersecting(&AABB::from_point([middle.x, middle.y]))
        .filter(|found| !outlines[found.data])
        .map(|found| &areas[found.data])
        .any(|other| larger(other) && mine.place.repeats(&other.place))
}

type IndexedPlace = GeomWithData<Rectangle<[f64; 2]>, usize>;

fn boxed(n: usize, area: &PlaceArea) -> IndexedPlace {
    let corners: Vec<Projected> =
        area.rings.iter().flat_map(|r| <[_; 2]>::from(bounds(r))).collect();
    let (low, high) = bounds(&corners);
    GeomWithData::new(Rectangle::from_corners([low.x, low.y], [high.x, high.y]), n)
}

fn walkable(data: &OsmData, map: &Projection) -> Walkable {
    let at: Vec<Projected> = data.nodes.iter().map(|node| map.project(*node)).collect();
    // Nobody comes to a place through the grounds of others.
    let open =
        |way: &&WalkWay| !way.access.private && !matches!(way.access.kind, WayKind::Ferry(_));
    let ways = data.ways.iter().filter(open);
    let segments = ways.flat_map(|way| way.nodes.windows(2)).map(|pair| Segment {
        from: at[pair[0] as usize],
        to: at[pair[1] as usize],
        of: (),
    });
    SegmentIndex::new(segments.collect())
}

fn points(area: &PlaceArea, walkable: &Walkable, map: &Projection) -> Vec<LonLat> {
    if !area.doors.is_empty() {
        return area.doors.clone();
    }
    let met =
        if area.place.ground == Ground::Built { Vec::new() } else { meetings(area, walkable) };
    let points = if met.is_empty() { nearest(area, walkable).into_iter().collect() } else { met };
    points.into_iter().map(|point| map.unproject(point)).collect()
}

/// Where walkable ways meet the outline, each place once, from west to east.
fn meetings(area: &PlaceArea, walkable: &Walkable) -> Vec<Projected> {
    let mut met: Vec<Projected> = area
        .segments()
        .flat_map(|(a, b)| {
            walkable.about(a, b, Metres::new(0.0)).filter_map(move |way| way.meets(a, b))
        })
        .collect();
    met.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    met.dedup_by(|a, b| a.distance(*b) < Metres::new(0.5));
    met
}

/// The point of the outline nearest to a walkable way. Two lines that do not cross are nearest at
/// an end of one.
fn nearest(area: &PlaceArea, walkable: &Walkable) -> Option<Projected> {
    if let Some(point) = meetings(area, walkable).first() {
        return Some(*point);
    }
    let first = *area.rings.first()?.first()?;
    let vertices = area.rings.iter().flatten();
    let mut best = vertices
        .filter_map(|v| {
            walkable.near(*v, Metres::new(f64::INFINITY)).next().map(|(_, distance)| (distance, *v))
        })
        .fold(
            (Metres::new(f64::INFINITY), first),
            |best, found| if found.0 < best.0 { found } else { best },
        );
    for (a, b) in area.segments() {
        for way in walkable.about(a, b, best.0) {
            for end in [way.from, way.to] {
                let point = a.towards(b, end.foot_on(a, b));
                let distance = point.distance(end);
                if distance < best.0 {
                    best = (distance, point);
                }
            }
        }
    }
    Some(best.1)
}
