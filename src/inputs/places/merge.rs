//! The map and the registers know the same places by slightly different names and spots: each real
//! place counts once.
//!
//! A place of a register is one of the map if it lies within 50 m of it and is not called something
//! else altogether, or within 300 m and is called nearly the same. (A register that has postcodes
//! alone puts its places at the middle of about fifteen addresses.) Names are compared by the share
//! of pairs of letters they have in common (Sørensen and Dice), in small letters and without words
//! that say nothing. The likest pair is joined first, and each place once.

use rstar::{AABB, RTree, primitives::GeomWithData};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::{CategoryPlace, PlaceSource};
use crate::geometry::{LonLat, MapExtent, Projected, Projection};
use crate::units::Metres;

/// Within this, places are the same unless their names differ.
pub(super) const SAME_SPOT: Metres = Metres::new(50.0);
/// Within this, places are the same if their names are nearly the same.
const NEAR: Metres = Metres::new(300.0);
/// Likeness of names, 0 to 1, below which places on one spot are two.
const LIKE_ON_THE_SPOT: f64 = 0.5;
/// Likeness from which places near each other are one.
const LIKE_NEARBY: f64 = 0.8;

/// How the map and the registers of a category compare; stands in `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacesMerge {
    /// The category.
    pub category: String,
    /// Places of the registers, each once.
    pub register: u64,
    /// Places of the map.
    pub osm: u64,
    /// Places that both have.
    pub matched: u64,
    /// Places of the map that no register has.
    pub only_osm: u64,
    /// Places of the registers that the map has not.
    pub only_register: u64,
    /// Places that stand in two registers, or twice in one under the same name.
    pub register_twice: u64,
    /// Share of the registers' places within the extract's reach that the map has, in per cent;
    /// none without any.
    pub osm_recall_pct: Option<f64>,
}

/// Joins a list of places to another. A pair keeps the points of the first, which knows entrances,
/// and the name, id, capacity and hours of the second. Returns all places, those of `first` in
/// front, and how many were joined.
pub(super) fn join(
    first: Vec<CategoryPlace>,
    second: Vec<CategoryPlace>,
) -> (Vec<CategoryPlace>, u64) {
    let pairs = pairs(&first, &second);
    let mut places = first;
    let mut joined: FxHashSet<usize> = FxHashSet::default();
    for (a, b) in &pairs {
        joined.insert(*b);
        let (place, other) = (&mut places[*a], &second[*b]);
        if place.source != other.source {
            place.source = PlaceSource::Both;
        }
        place.id.clone_from(&other.id);
        if !other.name.is_empty() {
            place.name.clone_from(&other.name);
        }
        place.capacity = other.capacity.or(place.capacity);
        if other.opening_hours.is_some() {
            place.opening_hours.clone_from(&other.opening_hours);
        }
    }
    let count = joined.len() as u64;
    places.extend(
        second.into_iter().enumerate().filter(|(b, _)| !joined.contains(b)).map(|(_, place)| place),
    );
    (places, count)
}

/// Which place of the first list is which of the second: the likest pairs first, each place once.
pub(super) fn pairs(first: &[CategoryPlace], second: &[CategoryPlace]) -> Vec<(usize, usize)> {
    let Some(centre) = second.iter().chain(first).flat_map(|p| p.points.first()).next() else {
        return Vec::new();
    };
    let map = Projection::about(*centre);
    let tree = RTree::bulk_load(spots(first, &map));
    let mut found: Vec<(f64, Metres, usize, usize)> = Vec::new();
    for (b, place) in second.iter().enumerate() {
        for at in place.points.iter().map(|point| map.project(*point)) {
            let around = AABB::from_corners(
                [at.x - NEAR.get(), at.y - NEAR.get()],
                [at.x + NEAR.get(), at.y + NEAR.get()],
            );
            for spot in tree.locate_in_envelope_intersecting(&around) {
                let [x, y] = *spot.geom();
                let distance = at.distance(Projected { x, y });
                if let Some(like) = alike(&first[spot.data], place, distance) {
                    found.push((like, distance, spot.data, b));
                }
            }
        }
    }
    found.sort_by(|x, y| {
        y.0.total_cmp(&x.0).then(x.1.get().total_cmp(&y.1.get())).then((x.2, x.3).cmp(&(y.2, y.3)))
    });
    let (mut of_first, mut of_second) = (FxHashSet::default(), FxHashSet::default());
    let mut pairs = Vec::new();
    for (_, _, a, b) in found {
        if !of_first.contains(&a) && !of_second.contains(&b) {
            of_first.insert(a);
            of_second.insert(b);
            pairs.push((a, b));
        }
    }
    pairs
}

/// The least distance between points of two places.
pub(super) fn apart(a: &CategoryPlace, b: &CategoryPlace) -> Metres {
    let Some(map) = a.points.first().map(|p| Projection::about(*p)) else {
        return Metres::new(f64::INFINITY);
    };
    let each = a.points.iter().flat_map(|p| b.points.iter().map(move |q| (p, q)));
    let distances = each.map(|(p, q)| map.project(*p).distance(map.project(*q)));
    distances.fold(Metres::new(f64::INFINITY), |least, d| if d < least { d } else { least })
}

/// Which of these places lie on the map: of the others it cannot know.
pub(super) fn within_reach(places: &[CategoryPlace], map: &MapExtent) -> Vec<bool> {
    places.iter().map(|place| place.points.iter().any(|point| map.holds(*point))).collect()
}

type PlaceSpot = GeomWithData<[f64; 2], usize>;

fn spots(places: &[CategoryPlace], map: &Projection) -> Vec<PlaceSpot> {
    let of = |(n, place): (usize, &CategoryPlace)| {
        let at = |point: &LonLat| {
            let at = map.project(*point);
            PlaceSpot::new([at.x, at.y], n)
        };
        place.points.iter().map(at).collect::<Vec<_>>()
    };
    places.iter().enumerate().flat_map(of).collect()
}

/// How alike two places are, if enough to be one.
fn alike(a: &CategoryPlace, b: &CategoryPlace, distance: Metres) -> Option<f64> {
    if distance > NEAR {
        return None;
    }
    let like = likeness(&a.name, &b.name);
    let enough = match like {
        None => distance <= SAME_SPOT,
        Some(like) if distance <= SAME_SPOT => like >= LIKE_ON_THE_SPOT,
        Some(like) => like >= LIKE_NEARBY,
    };
    // A place without a name goes to the nearest that nobody has a better claim to.
    enough.then_some(like.unwrap_or(0.0))
}

/// How alike two names are, 0 to 1; `None` when one is empty.
pub(super) fn likeness(a: &str, b: &str) -> Option<f64> {
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    // A name that is wholly within the other: `Tesco` and `Tesco Extra`, `Oakham Library` and
    // `Oakham Library and Museum`.
    let within = |short: &[String], long: &[String]| short.iter().all(|word| long.contains(word));
    let dice = strsim::sorensen_dice(&a.join(" "), &b.join(" "));
    Some(if within(&a, &b) || within(&b, &a) { dice.max(0.9) } else { dice })
}

/// The telling words of a name.
fn words(name: &str) -> Vec<String> {
    const SAY_NOTHING: [&str; 8] = ["the", "of", "and", "at", "in", "ltd", "limited", "plc"];
    let plain: String = name
        .to_lowercase()
        .chars()
        .filter(|c| !"'’.".contains(*c))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .take(200)
        .collect();
    let saint = |word: &str| if word == "saint" { "st".to_owned() } else { word.to_owned() };
    plain.split_whitespace().filter(|word| !SAY_NOTHING.contains(word)).map(saint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str, east_m: f64, source: PlaceSource) -> CategoryPlace {
        // At 52° N a degree of longitude is 68,680 m.
        let point = LonLat::new(-1.0 + east_m / 68_680.0, 52.0).expect("on the globe");
        CategoryPlace {
            id: format!("{name}@{east_m}"),
            name: name.into(),
            points: vec![point].into(),
            capacity: None,
            opening_hours: None,
            source,
        }
    }

    fn joined(osm: &[(&str, f64)], register: &[(&str, f64)]) -> Vec<(usize, usize)> {
        let of = |list: &[(&str, f64)], source| -> Vec<_> {
            list.iter().map(|(name, at)| place(name, *at, source)).collect()
        };
        let mut pairs = pairs(&of(osm, PlaceSource::Osm), &of(register, PlaceSource::Register));
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn names_are_compared_by_their_telling_words() {
        assert_eq!(likeness("Oakham Library", "OAKHAM LIBRARY."), Some(1.0));
        assert_eq!(likeness("St. Mary's", "Saint Marys"), Some(1.0));
        assert_eq!(likeness("Tesco", "Tesco Extra"), Some(0.9));
        assert_eq!(likeness("The", "Tesco"), None);
        assert!(likeness("Boots", "Lloyds Pharmacy").is_some_and(|l| l < 0.5));
        // nacht/night: one pair of letters of 4 and 4 in common, 2·1/8.
        assert_eq!(likeness("nacht", "night"), Some(0.25));
    }

    #[test]
    fn one_spot_or_one_name_makes_one_place() {
        assert_eq!(joined(&[("Central Library", 0.0)], &[("Central Library", 250.0)]), [(0, 0)]);
        assert_eq!(joined(&[("Central Library", 0.0)], &[("Central Library", 320.0)]), []);
        assert_eq!(joined(&[("", 0.0)], &[("Central Library", 40.0)]), [(0, 0)]);
        assert_eq!(joined(&[("", 0.0)], &[("Central Library", 60.0)]), []);
        assert_eq!(
            joined(&[("Boots", 0.0)], &[("Lloyds Pharmacy", 10.0)]),
            [],
            "two chemists side by side"
        );
        assert_eq!(joined(&[], &[("A", 0.0)]), []);
    }

    #[test]
    fn the_likest_go_together_and_each_once() {
        let osm = [("Lidl", 0.0), ("Aldi", 100.0)];
        assert_eq!(joined(&osm, &[("Aldi", 0.0), ("Lidl", 100.0)]), [(0, 1), (1, 0)]);
        assert_eq!(joined(&[("Lidl", 0.0)], &[("Lidl", 30.0), ("Lidl", 10.0)]), [(0, 1)]);
    }

    #[test]
    fn a_pair_keeps_the_maps_points_and_the_registers_words() {
        let osm =
            vec![place("Library", 0.0, PlaceSource::Osm), place("Hall", 900.0, PlaceSource::Osm)];
        let mut known = place("Library & Hub", 20.0, PlaceSource::Register);
        known.capacity = Some(12.0);
        let at = osm[0].points.clone();
        let (all, count) = join(osm, vec![known, place("New", 500.0, PlaceSource::Register)]);
        assert_eq!((all.len(), count), (3, 1));
        assert_eq!(
            (all[0].name.as_str(), all[0].capacity, all[0].source),
            ("Library & Hub", Some(12.0), PlaceSource::Both)
        );
        assert_eq!(all[0].points, at);
        assert_eq!((all[1].source, all[2].source), (PlaceSource::Osm, PlaceSource::Register));
    }

    #[test]
    fn what_lies_off_the_map_says_nothing_of_it() {
        let at = |lon, lat| LonLat::new(lon, lat).expect("on the globe");
        let block = [at(-1.01, 51.99), at(-0.99, 51.99), at(-0.99, 52.01), at(-1.01, 52.01)];
        let map = MapExtent::of(&block, &[&[0, 1, 2, 3, 0]]);
        let places =
            [place("A", 0.0, PlaceSource::Register), place("B", 5000.0, PlaceSource::Register)];
        assert_eq!(within_reach(&places, &map), [true, false]);
    }
}
