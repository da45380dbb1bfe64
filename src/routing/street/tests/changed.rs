//! Streets that a scenario changes: a path more, and ways less, against what the unchanged map
//! says.

use super::*;
use crate::network::streets::EdgeTraits;

const STREET: EdgeTraits = EdgeTraits {
    kind: WayKind::Street,
    direction: WalkDirection::Both,
    step_free: true,
    private: false,
    enclosed: false,
    hours: None,
    shut: false,
};

/// Maps whose lengths do not depend on where their ways are cut, and where it does not matter which
/// of two streets one stands on in the same place, as it does at a gate or between two ways that
/// are one-way.
fn plain_maps() -> impl Strategy<Value = OsmData> {
    maps().prop_map(|mut map| {
        map.ways.retain(|way| !matches!(way.access.kind, WayKind::Ferry(_)));
        map.ways.iter_mut().for_each(|way| {
            (way.access.private, way.access.direction) = (false, WalkDirection::Both)
        });
        map.node_barriers.clear();
        map
    })
}

/// Where points join, as places: the numbers of streets may change.
fn places(snaps: &[Vec<Snap>]) -> Vec<Vec<(Projected, Metres)>> {
    snaps.iter().map(|snaps| snaps.iter().map(|snap| (snap.at, snap.gap)).collect()).collect()
}

fn same_place(a: &[(Projected, Metres)], b: &[(Projected, Metres)]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| a.0.distance(b.0).get() < 1e-6 && (a.1.get() - b.1.get()).abs() < 1e-6)
}

/// Every street that runs through a place, for somebody who stands there.
fn tracks(streets: &Streets, at: Projected) -> Vec<Snap> {
    let mut found = Vec::new();
    for edge in streets.edges.indices().filter(|edge| streets.edges[*edge].way != 0) {
        let mut before = 0.0;
        for pair in streets.courses[edge].windows(2) {
            let foot = pair[0].towards(pair[1], at.foot_on(pair[0], pair[1]));
            let along = Metres::new(
                (before + pair[0].distance(foot).get()).min(streets.edges[edge].length.get()),
            );
            before += pair[0].distance(pair[1]).get();
            if foot.distance(at).get() < 1e-6 {
                let (gap, nearest) = (Metres::new(0.0), Metres::new(0.0));
                found.push(Snap {
                    edge,
                    along,
                    gap,
                    at,
                    point: at,
                    crosses: None,
                    island: false,
                    nearest,
                });
            }
        }
    }
    found
}

/// Whether there is one street at a place, or a junction of them: not one above the other, or one
/// that comes by twice.
fn is_one_place(streets: &Streets, at: Projected) -> bool {
    let node = |snap: &Snap| {
        let edge = &streets.edges[snap.edge];
        let start = (snap.along.get() < 1e-6).then_some(edge.from);
        start.or((snap.along.get() > edge.length.get() - 1e-6).then_some(edge.to))
    };
    let tracks = tracks(streets, at);
    let nodes: Vec<_> = tracks.iter().map(node).collect();
    tracks.len() == 1 || nodes.iter().all(|node| node.is_some() && *node == nodes[0])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, max_global_rejects: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// With a path a walk is the shorter of that without it and those to one of its ends, along it,
    /// and on from the other.
    #[test]
    fn a_path_is_a_way_between_its_ends_and_nothing_else(
        map in plain_maps(), from in points(5), to in points(5), ends in ((0.0..500.0, 0.0..500.0), (0.0..500.0, 0.0..500.0)),
        step_free in any::<bool>(),
    ) {
        prop_assume!(!map.ways.is_empty());
        let streets = Streets::build(&map, &mut Findings::new());
        let profile = profile(step_free);
        let at = |(x, y): (f64, f64)| streets.project(LonLat::new(x / DEGREE_M, y / DEGREE_M).expect("in range"));
        let course = [at(ends.0), at(ends.1)];
        let Ok((changed, gaps)) = streets.with_path(&course, STREET, Metres::new(150.0)) else { return Ok(()) };
        prop_assert!(gaps.iter().all(|gap| gap.get() <= 150.0));
        let path = changed.edges.indices().next_back().expect("the path");
        let line = changed.courses[path].to_vec();
        prop_assert_eq!(changed.edges[path].way, -1);
        let (before, after) = (WalkGraph::new(&streets, &profile), WalkGraph::new(&changed, &profile));
        // Each end on the old streets, as somebody who stands there.
        let (first, last) = (line[0], line[line.len() - 1]);
        let (one, other) = (tracks(&streets, first), tracks(&streets, last));
        let sure = is_one_place(&streets, first) && is_one_place(&streets, last);
        let (old_from, old_to) = (snaps(&streets, &from, &profile), snaps(&streets, &to, &profile));
        let (new_from, new_to) = (snaps(&changed, &from, &profile), snaps(&changed, &to, &profile));
        for (old, new) in places(&old_from).iter().zip(&places(&new_from)) {
            // Who has none may take the path.
            let kept = old.iter().all(|old| new.iter().any(|new| same_place(&[*old], &[*new])));
            prop_assert!(kept, "who has a street keeps it: {:?} {:?}", old, new);
        }
        let with_ends = |snaps: &[Vec<Snap>]| [snaps, &[one.clone(), other.clone()]].concat();
        let old = slow_table(&before, &with_ends(&old_from), &with_ends(&old_to));
        let new = slow_table(&after, &new_from, &new_to);
        let along = u64::from(after.edges[path].cost.0);
        let first = old_to.len();
        let clear = |snaps: &[Snap]| snaps.iter().all(|snap| is_one_place(&streets, snap.at));
        let over = |n: usize, m: usize, (on, off): (usize, usize)| Some(old[n][first + on]? + along + old[old_from.len() + off][m]?);
        for n in 0..from.len() {
            for m in 0..to.len() {
                let all = |old: &[Snap], new: &[Snap]| !old.is_empty() && old.len() == new.len();
                if !all(&old_from[n], &new_from[n]) || !all(&old_to[m], &new_to[m]) {
                    continue;
                }
                let ways = [old[n][m], over(n, m, (0, 1)), over(n, m, (1, 0))];
                let wanted = ways.into_iter().flatten().min();
                let near = wanted.zip(new[n][m]).is_none_or(|(wanted, found)| wanted.abs_diff(found) <= 4);
                let clear = clear(&old_from[n]) && clear(&old_to[m]);
                prop_assert!(!sure || !clear || near && wanted.is_some() == new[n][m].is_some(), "{:?}, not {:?}", new[n][m], wanted);
                let longer = old[n][m].is_some_and(|old| new[n][m].is_none_or(|new| new > old));
                prop_assert!(!longer || !sure || !clear, "a path makes nothing longer, not by a thousandth: {:?} {:?}", old[n][m], new[n][m]);
            }
        }
        let table = walk_table::<OriginIdx>(&after, &new_from, &WalkTargets::new(&after, &new_to), Seconds::new(10_000), false);
        for n in 0..from.len() {
            for (m, seconds) in &table[OriginIdx::new(n)] {
                prop_assert_eq!(new[n][*m as usize].map(|millis| millis.div_ceil(1000)), Some(u64::from(seconds.get())));
            }
        }
    }

    /// Without some ways walks are those of a map that never had them, for all who join the same
    /// places.
    #[test]
    fn closed_ways_are_as_if_they_had_never_been(
        map in plain_maps(), from in points(5), to in points(5), shut in prop::collection::vec(1..14_i64, 1..4),
        step_free in any::<bool>(),
    ) {
        let mut less = map.clone();
        less.ways.retain(|way| !shut.contains(&way.id));
        prop_assume!(!less.ways.is_empty() && less.ways.len() < map.ways.len());
        let streets = Streets::build(&map, &mut Findings::new());
        let never = Streets::build(&less, &mut Findings::new());
        let (closed, gone) = streets.without(&|spot| shut.contains(&spot.way));
        let length = |streets: &Streets| streets.edges.iter().map(|edge| edge.length.get()).sum::<f64>();
        prop_assert!((length(&streets) - gone.length.get() - length(&closed)).abs() < 0.1);
        let walked = |way: i64| map.ways.iter().any(|known| known.id == way);
        prop_assert!(gone.ways.iter().all(|way| shut.contains(way) && walked(*way)));
        let profile = profile(step_free);
        let (a, b) = (WalkGraph::new(&closed, &profile), WalkGraph::new(&never, &profile));
        // The two maps have other middles.
        let on = |streets: &Streets| (snaps(streets, &from, &profile), snaps(streets, &to, &profile));
        let ((from_a, to_a), (from_b, to_b)) = (on(&closed), on(&never));
        let (times_a, times_b) = (slow_table(&a, &from_a, &to_a), slow_table(&b, &from_b, &to_b));
        let alike = |a: &[Snap], b: &[Snap]| {
            let sure = b.iter().all(|snap| is_one_place(&never, snap.at)) && a.iter().all(|snap| is_one_place(&closed, snap.at));
            let place = |streets: &Streets, snap: &Snap| streets.projection.unproject(snap.at);
            sure && a.len() == b.len() && !a.is_empty() && a.iter().zip(b).all(|(a, b)| {
                let (p, q) = (place(&closed, a), place(&never, b));
                (p.lon() - q.lon()).abs() < 1e-9 && (p.lat() - q.lat()).abs() < 1e-9
                    && closed.edges[a.edge].traits == never.edges[b.edge].traits
            })
        };
        for n in 0..from.len() {
            for m in 0..to.len() {
                if alike(&from_a[n], &from_b[n]) && alike(&to_a[m], &to_b[m]) {
                    let (found, wanted) = (times_a[n][m], times_b[n][m]);
                    let near = found.zip(wanted).is_none_or(|(found, wanted)| found.abs_diff(wanted) <= 30);
                    prop_assert!(near && found.is_some() == wanted.is_some(), "{:?}, not {:?}", found, wanted);
                }
            }
        }
    }

    /// Who keeps their street is no sooner anywhere when some of a map is shut.
    #[test]
    fn what_is_shut_makes_nothing_shorter_for_those_whose_street_is_open(
        map in plain_maps(), from in points(6), to in points(6), about in (0.0..500.0, 0.0..500.0), metres in 5.0..150.0,
    ) {
        prop_assume!(!map.ways.is_empty());
        let streets = Streets::build(&map, &mut Findings::new());
        let middle = streets.project(LonLat::new(about.0 / DEGREE_M, about.1 / DEGREE_M).expect("in range"));
        let (closed, _) = streets.without(&|spot| spot.at.distance(middle).get() < metres);
        let profile = profile(false);
        let (a, b) = (WalkGraph::new(&streets, &profile), WalkGraph::new(&closed, &profile));
        let on = |streets: &Streets| (snaps(streets, &from, &profile), snaps(streets, &to, &profile));
        let ((from_a, to_a), (from_b, to_b)) = (on(&streets), on(&closed));
        let (before, after) = (slow_table(&a, &from_a, &to_a), slow_table(&b, &from_b, &to_b));
        for n in 0..from.len() {
            for m in 0..to.len() {
                let kept = |a: &[Snap], b: &[Snap]| {
                    let same = |a: &Snap, b: &Snap| {
                        a.at.distance(b.at).get() < 1e-6 && streets.edges[a.edge].traits == closed.edges[b.edge].traits
                    };
                    a.iter().all(|snap| is_one_place(&streets, snap.at))
                        && a.len() == b.len()
                        && a.iter().zip(b).all(|(a, b)| same(a, b))
                };
                if kept(&from_a[n], &from_b[n]) && kept(&to_a[m], &to_b[m]) {
                    // Where a street is cut at a whole metre, its parts are rounded each.
                    let sooner = after[n][m].is_some_and(|after| before[n][m].is_none_or(|before| after + 2 < before));
                    prop_assert!(!sooner, "{:?} became {:?}", before[n][m], after[n][m]);
                }
            }
        }
    }
}
