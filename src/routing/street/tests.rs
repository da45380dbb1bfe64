//! The fast search against a slow one that cannot be wrong, on thousands of small random maps.

mod changed;
mod ferries;

use proptest::prelude::*;

use super::*;
use crate::finding::Findings;
use crate::geometry::{LonLat, Projected};
use crate::ids::{ComponentIdx, EdgeIdx, NodeIdx, OriginIdx};
use crate::inputs::osm::walk_rules::{NodeBarrier, WalkAccess, WalkDirection, WayKind};
use crate::inputs::osm::{OsmData, WalkWay};
use crate::network::streets::{Streets, WalkProfile};
use crate::units::{Metres, MetresPerSecond, Millis};

/// A degree of latitude, roughly, in metres.
const DEGREE_M: f64 = 111_000.0;

/// A map of a few nodes within half a kilometre, and ways of any kind between them.
fn maps() -> impl Strategy<Value = OsmData> {
    let nodes = prop::collection::vec((0..500_u32, 0..500_u32), 2..12);
    let kinds = prop::sample::select(vec![
        WayKind::Street,
        WayKind::Street,
        WayKind::Steps,
        WayKind::Ferry(None),
        WayKind::Ferry(Some(Seconds::new(40))),
    ]);
    let directions = prop::sample::select(vec![
        WalkDirection::Both,
        WalkDirection::Both,
        WalkDirection::Along,
        WalkDirection::Against,
    ]);
    let access = (kinds, directions, any::<bool>(), any::<bool>(), prop::bool::weighted(0.3))
        .prop_map(|(kind, direction, step_free, foot_named, private)| {
            let private = private && !matches!(kind, WayKind::Ferry(_));
            WalkAccess { direction, kind, step_free, foot_named, private, ..WalkAccess::default() }
        });
    let way = (prop::collection::vec(any::<prop::sample::Index>(), 2..5), access);
    let barrier = prop::sample::select(vec![
        NodeBarrier::Step,
        NodeBarrier::Closed,
        NodeBarrier::Locked,
        NodeBarrier::Wall,
        NodeBarrier::Private { step_free: true },
        NodeBarrier::Private { step_free: false },
    ]);
    let barriers = prop::collection::vec((any::<prop::sample::Index>(), barrier), 0..3);
    (nodes, prop::collection::vec(way, 1..14), barriers).prop_map(|(nodes, ways, barriers)| {
        let at = |(x, y): (u32, u32)| {
            LonLat::new(f64::from(x) / DEGREE_M, f64::from(y) / DEGREE_M).expect("in range")
        };
        let number =
            |index: prop::sample::Index| u32::try_from(index.index(nodes.len())).expect("few");
        let way = |(id, (line, access)): (i64, (Vec<prop::sample::Index>, WalkAccess))| {
            let mut line: Vec<u32> = line.into_iter().map(number).collect();
            line.dedup();
            (line.len() > 1).then_some(WalkWay { id, nodes: line, access })
        };
        let mut node_barriers: Vec<_> =
            barriers.into_iter().map(|(n, barrier)| (number(n), barrier)).collect();
        node_barriers.sort_by_key(|(n, _)| *n);
        node_barriers.dedup_by_key(|(n, _)| *n);
        OsmData {
            ways: (1..).zip(ways).filter_map(way).collect(),
            nodes: nodes.iter().copied().map(at).collect(),
            node_barriers,
            ..OsmData::default()
        }
    })
}

fn profile(step_free: bool) -> WalkProfile {
    WalkProfile {
        name: String::new(),
        speed: MetresPerSecond::new(1.3),
        steps_speed: MetresPerSecond::new(0.5),
        step_free,
    }
}

/// Points on the map, each joining the streets once or, as parks do, at two points.
fn snaps(streets: &Streets, points: &[(f64, f64)], profile: &WalkProfile) -> Vec<Vec<Snap>> {
    let snap = |x: f64, y: f64| {
        let at = LonLat::new(x / DEGREE_M, y / DEGREE_M).expect("in range");
        streets.snap(streets.project(at), Metres::new(120.0), profile)
    };
    let twice = |n: usize, (x, y): (f64, f64)| {
        snap(x, y)
            .into_iter()
            .chain(n.is_multiple_of(3).then(|| snap(500.0 - x, y)).flatten())
            .collect()
    };
    points.iter().enumerate().map(|(n, point)| twice(n, *point)).collect()
}

const NEVER: u64 = u64::MAX / 8;

/// The shortest walks that go over private ways, then over open ones, then over private ones, each
/// table by Floyd and Warshall's algorithm and each with the others by trying every node between.
fn slow_table(graph: &WalkGraph, from: &[Vec<Snap>], to: &[Vec<Snap>]) -> Vec<Vec<Option<u64>>> {
    let private = closed_table(graph, from, to, true);
    let open = closed_table(graph, from, to, false);
    let through = |a: &[Vec<u64>], b: &[Vec<u64>]| -> Vec<Vec<u64>> {
        let cell = |n: usize, m: usize| {
            (0..b.len()).map(|via| a[n][via] + b[via][m]).min().unwrap_or(NEVER)
        };
        (0..a.len()).map(|n| (0..a.len()).map(|m| cell(n, m).min(NEVER)).collect()).collect()
    };
    let cost = through(&through(&private, &open), &private);
    let (nodes, starts) = (
        graph.edges.iter().flat_map(|e| [e.from.at(), e.to.at()]).max().map_or(0, |n| n + 1),
        from.len(),
    );
    let cell =
        |n: usize, m: usize| Some(cost[nodes + n][nodes + starts + m]).filter(|c| *c < NEVER);
    (0..starts).map(|n| (0..to.len()).map(|m| cell(n, m)).collect()).collect()
}

/// Floyd and Warshall's algorithm over the nodes, one more for each start and one for each target,
/// on private or open edges.
fn closed_table(
    graph: &WalkGraph,
    from: &[Vec<Snap>],
    to: &[Vec<Snap>],
    private: bool,
) -> Vec<Vec<u64>> {
    let nodes =
        graph.edges.iter().flat_map(|e| [e.from.at(), e.to.at()]).max().map_or(0, |n| n + 1);
    let starts = from.len();
    let size = nodes + starts + to.len();
    let mut cost = vec![vec![NEVER; size]; size];
    (0..size).for_each(|n| cost[n][n] = 0);
    let mut arc = |a: usize, b: usize, millis: u64| cost[a][b] = cost[a][b].min(millis);
    for edge in graph.edges.iter().filter(|edge| edge.private == private) {
        if edge.forward {
            arc(edge.from.at(), edge.to.at(), edge.cost.0.into());
        }
        if edge.backward {
            arc(edge.to.at(), edge.from.at(), edge.cost.0.into());
        }
    }
    let joins = |snap: &&Snap| graph.edges[snap.edge].private == private;
    let gap = |snap: &Snap| u64::from((snap.gap / graph.profile.speed).0);
    let back = |snap: &Snap| {
        let edge = &graph.edges[snap.edge];
        let cost = |along| graph.profile.cost(edge.kind, along, edge.length).0;
        u64::from((cost(edge.begins + snap.along) - cost(edge.begins)).min(edge.cost.0))
    };
    for (n, snaps) in from.iter().enumerate() {
        for snap in snaps.iter().filter(joins) {
            let edge = &graph.edges[snap.edge];
            if edge.backward {
                arc(nodes + n, edge.from.at(), gap(snap) + back(snap));
            }
            if edge.forward {
                arc(nodes + n, edge.to.at(), gap(snap) + u64::from(edge.cost.0) - back(snap));
            }
        }
    }
    for (m, snaps) in to.iter().enumerate() {
        for snap in snaps.iter().filter(joins) {
            let edge = &graph.edges[snap.edge];
            let target = nodes + starts + m;
            if edge.forward {
                arc(edge.from.at(), target, gap(snap) + back(snap));
            }
            if edge.backward {
                arc(edge.to.at(), target, gap(snap) + u64::from(edge.cost.0) - back(snap));
            }
            for (n, others) in from.iter().enumerate() {
                for other in others.iter().filter(|other| other.edge == snap.edge) {
                    let (here, there) = (back(other), back(snap));
                    if edge.forward && there >= here || edge.backward && there <= here {
                        arc(nodes + n, target, gap(other) + gap(snap) + here.abs_diff(there));
                    }
                }
            }
        }
    }
    for via in 0..size {
        for a in 0..size {
            for b in 0..size {
                cost[a][b] = cost[a][b].min(cost[a][via] + cost[via][b]);
            }
        }
    }
    cost
}

fn points(most: usize) -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0.0..500.0, 0.0..500.0), 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_search_finds_what_trying_everything_finds(
        map in maps(), from in points(6), to in points(8), limit in 0..900_u32, step_free in any::<bool>(),
    ) {
        let streets = Streets::build(&map, &mut Findings::new());
        let graph = WalkGraph::new(&streets, &profile(step_free));
        let (from, to) = (snaps(&streets, &from, &graph.profile), snaps(&streets, &to, &graph.profile));
        let wanted = slow_table(&graph, &from, &to);
        let there = walk_table::<OriginIdx>(&graph, &from, &WalkTargets::new(&graph, &to), Seconds::new(limit), false);
        let back = walk_table::<OriginIdx>(&graph, &to, &WalkTargets::new(&graph, &from), Seconds::new(limit), true);
        for n in 0..from.len() {
            for m in 0..to.len() {
                let seconds = wanted[n][m].map(|millis| millis.div_ceil(1000)).filter(|s| *s <= u64::from(limit));
                let found = |row: &[(u32, Seconds)], target: usize| {
                    row.iter().find(|(number, _)| *number as usize == target).map(|(_, s)| u64::from(s.get()))
                };
                prop_assert_eq!(found(&there[OriginIdx::new(n)], m), seconds, "from {} to {}", n, m);
                prop_assert_eq!(found(&back[OriginIdx::new(m)], n), seconds, "backwards from {} to {}", n, m);
                let path = graph.path(&streets, &from[n], &to[m], Seconds::new(limit));
                prop_assert_eq!(path.as_ref().map(|p| u64::from(p.time.get())), seconds, "path from {} to {}", n, m);
                if let Some(path) = path {
                    check_path(&streets, &graph, &path, &from[n], &to[m])?;
                }
            }
        }
    }

    #[test]
    fn cutting_and_joining_ways_changes_no_distance(map in maps(), step_free in any::<bool>()) {
        let mut map = map;
        map.ways.iter_mut().for_each(|way| way.access.private = false);
        map.node_barriers.retain(|(_, barrier)| !matches!(barrier, NodeBarrier::Private { .. }));
        let streets = Streets::build(&map, &mut Findings::new());
        let graph = WalkGraph::new(&streets, &profile(step_free));
        let ends = ends_of_edges(&streets, &graph.profile);
        // The parts of a ferry take whole seconds each.
        let ferries = map.ways.iter().filter(|w| matches!(w.access.kind, WayKind::Ferry(_))).map(|w| w.nodes.len()).sum::<usize>();
        let table = ferries::slow_by_ferry(&streets, &graph, &ends, &ends, u64::MAX);
        let truth = micro_distances(&map, &graph.profile);
        for (n, a) in ends.iter().enumerate() {
            for (m, b) in ends.iter().enumerate() {
                let (Some(i), Some(j)) = (plain_node(&map, &streets, a), plain_node(&map, &streets, b)) else { continue };
                match table[n][m] {
                    Some(millis) => prop_assert!((millis as f64 / 1000.0 - truth[i][j]).abs() < 1.0 + ferries as f64, "{} {}", millis, truth[i][j]),
                    None => prop_assert!(truth[i][j].is_infinite(), "{:?} to {:?}: {}", a, b, truth[i][j]),
                }
            }
        }
    }
}

/// The course must begin and end where the points join, be as long as it is said, and its streets
/// must touch.
fn check_path(
    streets: &Streets,
    graph: &WalkGraph,
    path: &WalkPath,
    from: &[Snap],
    to: &[Snap],
) -> Result<(), TestCaseError> {
    let near = |a: Projected, b: Projected| a.distance(b).get() < 1e-6;
    let (first, last) = (path.course[0], path.course[path.course.len() - 1]);
    let start = from.iter().find(|snap| near(snap.at, first));
    let end = to.iter().find(|snap| near(snap.at, last));
    prop_assert!(start.is_some() && end.is_some(), "{path:?}");
    let course: f64 = path.course.windows(2).map(|w| w[0].distance(w[1]).get()).sum();
    let gaps: Vec<f64> =
        from.iter().flat_map(|a| to.iter().map(move |b| a.gap.get() + b.gap.get())).collect();
    prop_assert!(
        gaps.iter().any(|gap| (course + gap - path.length.get()).abs() < 1e-3),
        "{path:?}"
    );
    if path.edges.iter().all(|edge| streets.edges[*edge].traits.kind == WayKind::Street) {
        let walked = (path.length / graph.profile.speed).0;
        let rounding = 2 * u32::try_from(path.edges.len()).expect("few") + 2;
        prop_assert!(
            walked.div_ceil(1000).abs_diff(path.time.get()) <= 1 + rounding / 1000,
            "{path:?}"
        );
    }
    Ok(())
}

/// A snap, without a gap, at the first end of each edge.
fn ends_of_edges(streets: &Streets, profile: &WalkProfile) -> Vec<Vec<Snap>> {
    let snap = |edge: EdgeIdx| Snap {
        edge,
        along: Metres::new(0.0),
        gap: Metres::new(0.0),
        at: streets.nodes[streets.edges[edge].from],
        point: streets.nodes[streets.edges[edge].from],
        crosses: None,
        island: streets.components[streets.edges[edge].from] != ComponentIdx(0),
        nearest: Metres::new(0.0),
    };
    let joined =
        |edge: &crate::network::streets::Edge| !matches!(edge.traits.kind, WayKind::Ferry(_));
    let taken =
        streets.edges.enumerate().filter(|(_, edge)| profile.takes(edge.traits) && joined(edge));
    taken.map(|(edge, _)| vec![snap(edge)]).collect()
}

/// The node of the map that a snap stands on, if no barrier makes it several and no other lies
/// there.
fn plain_node(map: &OsmData, streets: &Streets, snaps: &[Snap]) -> Option<usize> {
    let edge = &streets.edges[snaps[0].edge];
    let both = edge.traits.direction == WalkDirection::Both;
    let there: Vec<usize> = (0..map.nodes.len())
        .filter(|n| streets.project(map.nodes[*n]).distance(snaps[0].at).get() < 1e-6)
        .collect();
    let plain = |n: &usize| map.node_barriers.iter().all(|(barred, _)| *barred as usize != *n);
    (both && edge.way != 0 && there.len() == 1).then(|| there[0]).filter(plain)
}

/// Seconds between all nodes of the map by its ways alone, each straight piece by itself. A barrier
/// is passed by those it lets through; who starts at one is not asked for.
fn micro_distances(map: &OsmData, profile: &WalkProfile) -> Vec<Vec<f64>> {
    let size = map.nodes.len();
    let streets = crate::geometry::Projection::about(map.nodes[0]);
    let at: Vec<Projected> = map.nodes.iter().map(|node| streets.project(*node)).collect();
    // A state is a node, or one side of a barrier that does not let those on this way through.
    let mut states = size;
    let mut arcs: Vec<(usize, usize, f64)> = Vec::new();
    for way in &map.ways {
        if profile.step_free && !way.access.step_free {
            continue;
        }
        let whole: f64 =
            way.nodes.windows(2).map(|p| at[p[0] as usize].distance(at[p[1] as usize]).get()).sum();
        for pair in way.nodes.windows(2) {
            let mut side = |node: u32| -> usize {
                let node = node as usize;
                let barrier =
                    map.node_barriers.iter().find(|(b, _)| *b as usize == node).map(|(_, b)| *b);
                let passes = match barrier {
                    None => true,
                    Some(NodeBarrier::Closed) => way.access.foot_named,
                    Some(NodeBarrier::Step) => !profile.step_free,
                    Some(NodeBarrier::Wall) => {
                        map.ways
                            .iter()
                            .filter(|way| way.nodes.iter().any(|n| *n as usize == node))
                            .count()
                            > 1
                    }
                    Some(_) => false,
                };
                if passes {
                    return node;
                }
                states += 1;
                states - 1
            };
            let (a, b) = (side(pair[0]), side(pair[1]));
            let length = at[pair[0] as usize].distance(at[pair[1] as usize]).get();
            let seconds = match way.access.kind {
                WayKind::Street => length / profile.speed.get(),
                WayKind::Steps => length / profile.steps_speed.get(),
                WayKind::Ferry(None) => length / (10.0 / 3.6),
                WayKind::Ferry(Some(duration)) => {
                    if whole > 0.0 {
                        f64::from(duration.get()) * length / whole
                    } else {
                        40.0
                    }
                }
            };
            if way.access.direction != WalkDirection::Against {
                arcs.push((a, b, seconds));
            }
            if way.access.direction != WalkDirection::Along {
                arcs.push((b, a, seconds));
            }
        }
    }
    let mut cost = vec![vec![f64::INFINITY; states]; size];
    for (n, row) in cost.iter_mut().enumerate() {
        row[n] = 0.0;
        for _ in 0..states {
            for (a, b, seconds) in &arcs {
                row[*b] = row[*b].min(row[*a] + seconds);
            }
        }
    }
    cost
}

#[test]
fn a_limit_is_inclusive_and_a_walk_is_rounded_up() {
    assert_eq!(Millis(60_000).ceil(), Seconds::new(60));
    assert_eq!(Millis(60_001).ceil(), Seconds::new(61));
}
