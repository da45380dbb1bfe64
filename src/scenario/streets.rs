//! Streets that are closed to those on foot, and new footpaths.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{ScenarioError, advice};
use super::trip_selection::same;
use crate::geometry::rings::{bounds, contains};
use crate::geometry::{LonLat, Projected, Segment, SegmentIndex};
use crate::inputs::osm::walk_rules::{WalkDirection, WayKind};
use crate::inputs::project::scenarios::{
    DrawnArea, DrawnCourse, Modification, ModificationKind, StreetChoice, Vicinity,
};
use crate::network::streets::{EdgeTraits, StreetSpot, Streets};
use crate::units::Metres;

/// The streets, and what was done, each with its place among the modifications.
pub type ChangedStreets = (Streets, Vec<(usize, String)>);

/// Closes and adds streets in order, and says what that was. Nothing if no modification is about
/// streets.
///
/// # Errors
/// If one names what is not there, closes nothing, or a path joins no street.
pub fn apply(
    streets: &Streets,
    modifications: &[Modification],
) -> Result<Option<ChangedStreets>, ScenarioError> {
    let mut changed: Option<ChangedStreets> = None;
    for (number, modification) in modifications.iter().enumerate() {
        let words = modification.to_string();
        let now = changed.as_ref().map_or(streets, |(streets, _)| streets);
        let (new, says) = match &modification.what {
            ModificationKind::CloseStreet(which) => close(now, which, &words)?,
            ModificationKind::AddPath { line, snap, steps } => {
                add_path(now, line, Metres::new(*snap), *steps, &words)?
            }
            _ => continue,
        };
        let mut all = changed.map_or_else(Vec::new, |(_, says)| says);
        all.push((number, says));
        changed = Some((new, all));
    }
    Ok(changed)
}

fn close(
    streets: &Streets,
    which: &StreetChoice,
    modification: &str,
) -> Result<(Streets, String), ScenarioError> {
    let (left, gone) = match which {
        StreetChoice::Ways(ids) => {
            let known: BTreeSet<i64> = streets.pieces().map(|[spot, _]| spot.way).collect();
            if let Some(missing) = ids.iter().find(|id| !known.contains(id)) {
                return Err(no_way(*missing, modification));
            }
            streets.without(&|spot| ids.contains(&spot.way))
        }
        StreetChoice::Named { names, place } => {
            let ways = named(streets, names, *place, modification)?;
            streets.without(&|spot| ways.contains(&spot.way))
        }
        StreetChoice::Within(area) => {
            let inside = FlatPolygons::of(area, streets);
            streets.without(&|spot| inside.has(spot.at))
        }
        StreetChoice::Along { lines, within } => {
            let lines = segments(lines, streets);
            streets.without(&|spot| lines.near(spot.at, Metres::new(*within)).next().is_some())
        }
    };
    if gone.ways.is_empty() {
        let why = "no street that can be walked lies there".to_owned();
        return Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why });
    }
    let names = names(streets, gone.ways.iter().copied());
    Ok((left, format!("{:.0} m of streets closed to those on foot{names}", gone.length.get())))
}

fn no_way(id: i64, modification: &str) -> ScenarioError {
    ScenarioError::NoSuch {
        modification: modification.to_owned(),
        what: "way",
        name: id.to_string(),
        place: "the streets that can be walked".to_owned(),
        advice: "look its id up on openstreetmap.org; it may have another one since the extract was made"
            .to_owned(),
    }
}

/// Up to a few names of ways in brackets.
fn names(streets: &Streets, ways: impl Iterator<Item = i64>) -> String {
    const SHOWN: usize = 5;
    let names: BTreeSet<&str> = ways.filter_map(|way| streets.name_of(way)).collect();
    let shown: Vec<&str> = names.iter().copied().take(SHOWN).collect();
    match names.len() {
        0 => String::new(),
        n if n > SHOWN => format!(" ({} and {} more)", shown.join(", "), n - SHOWN),
        _ => format!(" ({})", shown.join(", ")),
    }
}

/// The ways of a name that touch a place.
fn named(
    streets: &Streets,
    wanted: &[String],
    place: Vicinity,
    modification: &str,
) -> Result<BTreeSet<i64>, ScenarioError> {
    type Touches = Box<dyn Fn(&[StreetSpot; 2]) -> bool>;
    let touches: Touches = match place {
        Vicinity::Box([west, south, east, north]) => {
            let corners = LonLat::new(west, south).zip(LonLat::new(east, north));
            let corners = corners.map(|(a, b)| (streets.project(a), streets.project(b)));
            Box::new(move |piece| {
                corners.is_some_and(|corners| meets(corners, piece[0].at, piece[1].at))
            })
        }
        Vicinity::Point(point, metres) => {
            let at = streets.project(point);
            Box::new(move |piece| {
                let [a, b] = [piece[0].at, piece[1].at];
                a.towards(b, at.foot_on(a, b)).distance(at).get() <= metres
            })
        }
    };
    let mut here: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for piece in streets.pieces().filter(|piece| touches(piece)) {
        if let Some(name) = streets.name_of(piece[0].way) {
            here.entry(name).or_default().insert(piece[0].way);
        }
    }
    let mut ways = BTreeSet::new();
    for name in wanted {
        let found: Vec<&BTreeSet<i64>> =
            here.iter().filter(|(own, _)| same(own, name)).map(|(_, ways)| ways).collect();
        if found.is_empty() {
            return Err(ScenarioError::NoSuch {
                modification: modification.to_owned(),
                what: "street",
                name: name.clone(),
                place: "that place".to_owned(),
                advice: advice(name, here.keys().map(|&name| name.to_owned())),
            });
        }
        ways.extend(found.into_iter().flatten());
    }
    Ok(ways)
}

/// Whether a straight line has a point in a box: what is left of it after the sides' cuts.
fn meets((low, high): (Projected, Projected), a: Projected, b: Projected) -> bool {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (begin, end, low, high) in [(a.x, b.x, low.x, high.x), (a.y, b.y, low.y, high.y)] {
        let step = end - begin;
        if step == 0.0 {
            if !(low..=high).contains(&begin) {
                return false;
            }
            continue;
        }
        let (enters, leaves) = ((low - begin) / step, (high - begin) / step);
        from = from.max(enters.min(leaves));
        to = to.min(enters.max(leaves));
    }
    from <= to
}

/// Polygons on the flat map.
struct FlatPolygons(Vec<Polygon>);

/// The rings of a polygon, the outer one first, and the corners of the box about it.
type Polygon = (Vec<Vec<Projected>>, (Projected, Projected));

impl FlatPolygons {
    fn of(area: &DrawnArea, streets: &Streets) -> FlatPolygons {
        let polygons = area.on(&streets.projection).into_iter();
        FlatPolygons(
            polygons
                .map(|rings| {
                    let corners = bounds(&rings[0]);
                    (rings, corners)
                })
                .collect(),
        )
    }

    fn has(&self, at: Projected) -> bool {
        self.0.iter().any(|(rings, (low, high))| {
            let near = (low.x..=high.x).contains(&at.x) && (low.y..=high.y).contains(&at.y);
            near && contains(&rings[0], at) && !rings[1..].iter().any(|hole| contains(hole, at))
        })
    }
}

fn segments(lines: &[DrawnCourse], streets: &Streets) -> SegmentIndex<()> {
    let lines = lines.iter().map(|line| line.on(&streets.projection));
    let pieces = lines.flat_map(|line| {
        line.windows(2)
            .map(|pair| Segment { from: pair[0], to: pair[1], of: () })
            .collect::<Vec<_>>()
    });
    SegmentIndex::new(pieces.collect())
}

fn add_path(
    streets: &Streets,
    line: &DrawnCourse,
    snap: Metres,
    steps: bool,
    modification: &str,
) -> Result<(Streets, String), ScenarioError> {
    let course = line.on(&streets.projection);
    let kind = if steps { WayKind::Steps } else { WayKind::Street };
    let traits = EdgeTraits {
        kind,
        direction: WalkDirection::Both,
        step_free: !steps,
        ..EdgeTraits::default()
    };
    let (new, gaps) = streets.with_path(&course, traits, snap).map_err(|nearest| {
        let nearest = nearest.map_or_else(
            || "no street lies within 1 km".to_owned(),
            |gap| format!("the nearest street is {:.1} m away", gap.get()),
        );
        let why = format!(
            "an end of the line has to lie within {:.0} m of a street, but {nearest}; draw it up to the street, or give snap=",
            snap.get()
        );
        ScenarioError::Unfit { modification: modification.to_owned(), why }
    })?;
    let length: f64 = course.windows(2).map(|pair| pair[0].distance(pair[1]).get()).sum();
    let what = if steps { "footpath with steps" } else { "footpath" };
    let says = format!(
        "a new {what} of {length:.0} m, whose ends join streets {:.0} m and {:.0} m away",
        gaps[0].get(),
        gaps[1].get()
    );
    Ok((new, says))
}
