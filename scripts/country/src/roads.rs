//! Roads between settlements, and the lanes, paths and farms along them.

use crate::{
    dice::Dice,
    lattice::{Corner, Lattice},
    pbf::{OsmWriter, Tags},
    plan::{Link, Plan},
    plane::Point,
};
use std::io;

const STEP: f64 = 40.0;
const JUNCTION_STEPS: usize = 14;

/// A road's course.
pub struct Road {
    /// The main corner where it leaves the later settlement.
    pub from_gate: Corner,
    /// The main corner where it comes into the earlier one.
    pub to_gate: Corner,
    /// Its points, both gates included.
    pub points: Vec<Point>,
}

/// The course of a road, which follows from the plan alone.
pub fn course(plan: &Plan, lattices: &[Lattice], link: &Link) -> Road {
    let from_gate = last_of(&way_out(plan, lattices, link.from, link.to));
    let to_gate = last_of(&way_out(plan, lattices, link.to, link.from));
    let (from, to) = (lattices[link.from].at(from_gate), lattices[link.to].at(to_gate));
    let mut dice = Dice::of(&[plan.seed, 8, link.from as u64, link.to as u64]);
    let length = from.metres(to);
    let waves: [(f64, f64); 3] = std::array::from_fn(|n| {
        let high = (length / 14.0).min(160.0) / (n + 1) as f64;
        ((n + 1) as f64 * dice.within(0.8, 1.3), dice.within(-high, high))
    });
    let steps = (length / STEP).ceil().max(1.0) as usize;
    let points = (0..=steps)
        .map(|n| {
            let share = n as f64 / steps as f64;
            let ends = (share * (1.0 - share) * 4.0).min(1.0);
            let wave = waves.iter().map(|(n, high)| high * (share * n * 9.0).sin()).sum::<f64>();
            let on = from.towards(to, share);
            let left = from.beside(to, wave * ends);
            on.plus(left.x - from.x, left.y - from.y)
        })
        .collect();
    Road { from_gate, to_gate, points }
}

/// The main corners from the middle of a settlement to its gate towards another.
pub fn way_out(plan: &Plan, lattices: &[Lattice], here: usize, there: usize) -> Vec<Corner> {
    let (from, to) = (plan.settlements[here].centre, plan.settlements[there].centre);
    lattices[here].outwards((to.y - from.y).atan2(to.x - from.x))
}

/// Writes a road between two nodes, with what lies along it.
pub fn write_road(
    plan: &Plan,
    link: &Link,
    road: &Road,
    (from, to): (i64, i64),
    osm: &mut OsmWriter,
) -> io::Result<()> {
    let mut dice = Dice::of(&[plan.seed, 9, link.from as u64, link.to as u64]);
    let last = road.points.len() - 1;
    let mut nodes = vec![from];
    for &at in &road.points[1..last] {
        nodes.push(osm.node(at, &[])?);
    }
    nodes.push(to);
    let people = plan.settlements[link.from].people().min(plan.settlements[link.to].people());
    let class = match people {
        ..900.0 => "unclassified",
        ..5000.0 => "tertiary",
        ..30_000.0 => "secondary",
        _ => "primary",
    };
    let name = format!("{} Road", plan.settlements[link.to].name());
    let tags = [("highway", class), ("name", name.as_str()), ("maxspeed", "60 mph")];
    for begin in (0..last).step_by(4 * JUNCTION_STEPS) {
        osm.way(&nodes[begin..=(begin + 4 * JUNCTION_STEPS).min(last)], &tags)?;
    }
    for n in (JUNCTION_STEPS..last).step_by(JUNCTION_STEPS) {
        write_lane(&mut dice, (nodes[n], road.points[n], road.points[n - 1]), osm)?;
        write_field(&mut dice, (road.points[n], road.points[n - 1]), osm)?;
    }
    Ok(())
}

/// A lane, track or path off the road, with a farm at its end now and then.
fn write_lane(
    dice: &mut Dice,
    (node, at, before): (i64, Point, Point),
    osm: &mut OsmWriter,
) -> io::Result<()> {
    const KINDS: [&[(&str, &str)]; 4] = [
        &[("highway", "track"), ("access", "private")],
        &[("highway", "track"), ("tracktype", "grade2")],
        &[("designation", "public_footpath"), ("foot", "designated"), ("highway", "footway")],
        &[("highway", "unclassified")],
    ];
    let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
    let out = at.beside(before, side);
    let (mut heading, mut here) = ((out.y - at.y).atan2(out.x - at.x), at);
    let mut refs = vec![node];
    for _ in 0..5 + dice.below(12) {
        heading += dice.within(-0.35, 0.35);
        here = here.plus(30.0 * heading.cos(), 30.0 * heading.sin());
        let gate: Tags = if dice.chance(0.04) { &[("barrier", "gate")] } else { &[] };
        refs.push(osm.node(here, gate)?);
    }
    osm.way(&refs, KINDS[dice.below(4)])?;
    for n in 0..dice.below(4) {
        let corner = here.plus(15.0 + 22.0 * n as f64, dice.within(-20.0, 20.0));
        let long = dice.within(8.0, 20.0);
        write_ring(&[(0.0, 0.0), (long, 0.0), (long, 9.0), (0.0, 9.0)], corner, osm, true)?;
    }
    Ok(())
}

fn last_of(way: &[Corner]) -> Corner {
    way.last().copied().unwrap_or((0, 0))
}

/// The outline of a field beside the road.
fn write_field(
    dice: &mut Dice,
    (at, before): (Point, Point),
    osm: &mut OsmWriter,
) -> io::Result<()> {
    let middle = at.beside(before, if dice.chance(0.5) { 190.0 } else { -190.0 });
    let outline: Vec<(f64, f64)> = (0..16)
        .map(|n| {
            let angle = f64::from(n) / 16.0 * std::f64::consts::TAU;
            let far = dice.within(110.0, 160.0);
            (far * angle.cos(), far * angle.sin())
        })
        .collect();
    write_ring(&outline, middle, osm, false)
}

fn write_ring(
    outline: &[(f64, f64)],
    from: Point,
    osm: &mut OsmWriter,
    building: bool,
) -> io::Result<()> {
    let mut refs = Vec::new();
    for &(x, y) in outline {
        refs.push(osm.node(from.plus(x, y), &[])?);
    }
    refs.push(refs[0]);
    osm.way(&refs, if building { &[("building", "farm")] } else { &[("landuse", "farmland")] })?;
    Ok(())
}
