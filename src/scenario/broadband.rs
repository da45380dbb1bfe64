//! Broadband that premises get, or lose.
//!
//! Who can have a faster connection can have every slower one: what is added raises the slower ones
//! with it, and what is taken away lowers the faster ones.

use super::error::{ScenarioError, advice};
use crate::geometry::rings::contains;
use crate::geometry::{Projected, Projection};
use crate::ids::{Idx, IdxVec, NeighbourhoodIdx};
use crate::inputs::broadband::{Broadband, CoverageMeasures};
use crate::inputs::codes::meant;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::Origins;
use crate::inputs::project::scenarios::{
    CoveredPlaces, DrawnArea, Modification, ModificationKind, NewCoverage, Speed,
};
use crate::units::Share;

/// The coverage, and what was done, each with its place among the modifications.
pub type ChangedBroadband = (Broadband, Vec<(usize, String)>);

/// Adds and takes away coverage in order, and says what that was. Nothing if no modification is
/// about broadband.
///
/// # Errors
/// If the project has no broadband, a code is not one of its neighbourhoods, or nothing changes.
pub fn apply(
    broadband: Option<&Broadband>,
    zones: &Neighbourhoods,
    origins: &Origins,
    modifications: &[Modification],
) -> Result<Option<ChangedBroadband>, ScenarioError> {
    let mut changed: Option<ChangedBroadband> = None;
    for (number, modification) in modifications.iter().enumerate() {
        let ModificationKind::Broadband(new) = &modification.what else { continue };
        let words = modification.to_string();
        let Some(broadband) = broadband else {
            let why = "the project has no [broadband] to change".to_owned();
            return Err(ScenarioError::Unfit { modification: words, why });
        };
        let parts = parts(&new.places, zones, origins, &words)?;
        let (now, says) = changed.get_or_insert_with(|| (broadband.clone(), Vec::new()));
        let count = cover(now, new, &parts, &words)?;
        let verb = if new.at_most { "at most" } else { "at least" };
        says.push((
            number,
            format!(
                "{verb} {} % of premises with {} broadband in {count} neighbourhoods",
                new.share_pct,
                in_words(new.speed)
            ),
        ));
    }
    Ok(changed)
}

fn in_words(speed: Speed) -> &'static str {
    match speed {
        Speed::Decent => "decent",
        Speed::Superfast => "superfast",
        Speed::Ultrafast100 => "100 Mbit/s",
        Speed::Ultrafast => "ultrafast",
        Speed::Gigabit => "gigabit",
        Speed::FullFibre => "full-fibre",
    }
}

/// The code of the neighbourhood that is called so, else a code that is like it.
fn code_advice(word: &str, zones: &Neighbourhoods) -> String {
    let names = zones.zones.iter().map(|zone| (zone.id.as_str(), zone.name.as_str()));
    meant(word, names)
        .unwrap_or_else(|| advice(word, zones.zones.iter().map(|zone| zone.id.clone())))
}

/// Which part of each neighbourhood is meant: all of it by its code, else the share of its people
/// within the polygons.
fn parts(
    places: &CoveredPlaces,
    zones: &Neighbourhoods,
    origins: &Origins,
    modification: &str,
) -> Result<IdxVec<NeighbourhoodIdx, f64>, ScenarioError> {
    let mut parts: IdxVec<NeighbourhoodIdx, f64> = zones.zones.iter().map(|_| 0.0).collect();
    match places {
        CoveredPlaces::Codes(codes) => {
            let by_id = zones.by_id();
            for code in codes {
                let zone = by_id.get(code.as_str()).ok_or_else(|| ScenarioError::NoSuch {
                    modification: modification.to_owned(),
                    what: "code",
                    name: code.clone(),
                    place: "the neighbourhoods".to_owned(),
                    advice: code_advice(code, zones),
                })?;
                parts[*zone] = 1.0;
            }
        }
        CoveredPlaces::Within(area) => {
            let mut all: IdxVec<NeighbourhoodIdx, f64> = parts.clone();
            let inside = inside(area, origins);
            for (origin, inside) in origins.points.iter().zip(inside) {
                let Some(zone) = origin.zone else { continue };
                all[zone] += origin.weight;
                parts[zone] += if inside { origin.weight } else { 0.0 };
            }
            for (part, all) in parts.iter_mut().zip(all.iter()) {
                *part = if *all > 0.0 { *part / all } else { 0.0 };
            }
        }
    }
    if parts.iter().all(|part| *part <= 0.0) {
        let why = "nobody of the neighbourhoods lives within the polygon".to_owned();
        return Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why });
    }
    Ok(parts)
}

fn inside(area: &DrawnArea, origins: &Origins) -> Vec<bool> {
    let Some(first) = origins.points.iter().next() else { return Vec::new() };
    let projection = Projection::about(first.point);
    let polygons: Vec<Vec<Vec<Projected>>> = area.on(&projection);
    let has = |rings: &Vec<Vec<Projected>>, at| {
        contains(&rings[0], at) && !rings[1..].iter().any(|hole| contains(hole, at))
    };
    let of = |at: Projected| polygons.iter().any(|rings| has(rings, at));
    origins.points.iter().map(|origin| of(projection.project(origin.point))).collect()
}

/// Changes the shares, and tells of how many neighbourhoods any changes.
fn cover(
    broadband: &mut Broadband,
    new: &NewCoverage,
    parts: &IdxVec<NeighbourhoodIdx, f64>,
    modification: &str,
) -> Result<usize, ScenarioError> {
    let (mut changed, mut known) = (0, 0);
    for number in 0..parts.len() {
        let zone = NeighbourhoodIdx::new(number);
        let Some(coverage) = broadband.zones[zone].as_mut().filter(|_| parts[zone] > 0.0) else {
            continue;
        };
        let before = coverage.shares;
        known += usize::from(share(&before, new.speed).is_some());
        for (_, speed) in Speed::NAMED {
            let meant = if new.at_most { speed >= new.speed } else { speed <= new.speed };
            let Some(old) = share(&before, speed).filter(|_| meant) else { continue };
            let wanted = new.share_pct / 100.0;
            let there = if new.at_most { old.min(wanted) } else { old.max(wanted) };
            set(&mut coverage.shares, speed, old + parts[zone] * (there - old));
        }
        changed += usize::from(coverage.shares != before);
    }
    if changed > 0 {
        return Ok(changed);
    }
    let why = match known {
        0 => format!("what share of premises has {} is not known there", in_words(new.speed)),
        _ => "the shares are so already".to_owned(),
    };
    Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why })
}

/// The share of premises that can have it.
fn share(measures: &CoverageMeasures<Option<Share>>, speed: Speed) -> Option<f64> {
    match speed {
        Speed::Decent => measures.below_decent.map(|share| 1.0 - share.0),
        Speed::Superfast => measures.superfast.map(|share| share.0),
        Speed::Ultrafast100 => measures.ultrafast100.map(|share| share.0),
        Speed::Ultrafast => measures.ultrafast.map(|share| share.0),
        Speed::Gigabit => measures.gigabit.map(|share| share.0),
        Speed::FullFibre => measures.full_fibre.map(|share| share.0),
    }
}

fn set(measures: &mut CoverageMeasures<Option<Share>>, speed: Speed, share: f64) {
    let share = Some(Share(share));
    match speed {
        Speed::Decent => measures.below_decent = share.map(|share| Share(1.0 - share.0)),
        Speed::Superfast => measures.superfast = share,
        Speed::Ultrafast100 => measures.ultrafast100 = share,
        Speed::Ultrafast => measures.ultrafast = share,
        Speed::Gigabit => measures.gigabit = share,
        Speed::FullFibre => measures.full_fibre = share,
    }
}
