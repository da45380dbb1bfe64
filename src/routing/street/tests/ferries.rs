//! Walks by ferry against all ways of walking and sailing, tried out.

use super::*;

/// What is walked, and the time with what is spent aboard.
type Tried = (u64, u64);

/// The quickest way from each start to each target of which no more than `limit` thousandths of a
/// second is walked: whatever leads to a node is kept unless another is better in both. Private
/// ways are walked first (0) and last (2), others between (1).
pub(super) fn slow_by_ferry(
    streets: &Streets,
    graph: &WalkGraph,
    from: &[Vec<Snap>],
    to: &[Vec<Snap>],
    limit: u64,
) -> Vec<Vec<Option<u64>>> {
    type Place = (NodeIdx, usize);
    let mut arcs: Vec<(Place, Place, Tried)> = Vec::new();
    for (number, edge) in
        streets.edges.enumerate().filter(|(_, edge)| graph.profile.takes(edge.traits))
    {
        let time = u64::from(graph.edges[number].cost.0);
        let walked = if matches!(edge.traits.kind, WayKind::Ferry(_)) { 0 } else { time };
        for stage in if edge.traits.private { vec![0, 2] } else { vec![1] } {
            let (a, b) = ((edge.from, stage), (edge.to, stage));
            arcs.extend(edge.traits.forward().then_some((a, b, (walked, time))));
            arcs.extend(edge.traits.backward().then_some((b, a, (walked, time))));
        }
    }
    let steps =
        streets.nodes.indices().flat_map(|node| [0, 1].map(|n| ((node, n), (node, n + 1), (0, 0))));
    arcs.extend(steps);
    let doors = |snap: &Snap, reverse: bool| -> Vec<(Place, u64)> {
        let stage = if !graph.edges[snap.edge].private {
            1
        } else if reverse {
            2
        } else {
            0
        };
        let doors = graph.doors(snap, reverse);
        doors
            .map(|(node, cost, _)| ((graph.layers.junction(node), stage), u64::from(cost.0)))
            .collect()
    };
    let row = |start: &Vec<Snap>| {
        let mut tried: Vec<Vec<Tried>> = vec![Vec::new(); 3 * streets.nodes.len()];
        let number = |(node, stage): Place| 3 * node.at() + stage;
        let leaving = start.iter().flat_map(|snap| doors(snap, false));
        let mut open: Vec<(Place, Tried)> =
            leaving.map(|(place, cost)| (place, (cost, cost))).collect();
        while let Some((place, (walked, time))) = open.pop() {
            let known = &mut tried[number(place)];
            if walked > limit || known.iter().any(|(w, t)| *w <= walked && *t <= time) {
                continue;
            }
            known.retain(|(w, t)| *w < walked || *t < time);
            known.push((walked, time));
            let leaving = arcs.iter().filter(|(from, ..)| *from == place);
            open.extend(leaving.map(|(_, to, (w, t))| (*to, (walked + w, time + t))));
        }
        let time = |target: &Vec<Snap>| {
            let pairs = start.iter().flat_map(|a| target.iter().map(move |b| (a, b)));
            let along = pairs.filter_map(|(a, b)| Some(u64::from(graph.direct(a, b)?)));
            let along = along.filter(|walked| *walked <= limit);
            let over_nodes =
                target.iter().flat_map(|snap| doors(snap, true)).flat_map(|(place, rest)| {
                    let in_limit = tried[number(place)]
                        .iter()
                        .filter(move |(walked, _)| walked + rest <= limit);
                    in_limit.map(move |(_, time)| time + rest)
                });
            along.chain(over_nodes).min()
        };
        to.iter().map(time).collect()
    };
    from.iter().map(row).collect()
}

/// Whether one course ends where the other begins, but for the rounding of two ways to compute the
/// place.
fn meet(one: &[Projected], other: &[Projected]) -> bool {
    one.last().zip(other.first()).is_some_and(|(end, begin)| end.distance(*begin).get() < 1e-6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_walks_by_ferry_are_those_that_trying_everything_finds(
        map in maps(), from in points(6), to in points(6), limit in 0..600_u32, step_free in any::<bool>(),
    ) {
        let streets = Streets::build(&map, &mut Findings::new());
        let graph = WalkGraph::new(&streets, &profile(step_free));
        let (from, to) = (snaps(&streets, &from, &graph.profile), snaps(&streets, &to, &graph.profile));
        let longest = Seconds::new(limit);
        let wanted = slow_by_ferry(&streets, &graph, &from, &to, u64::from(limit) * 1000);
        let there = walk_table_by_ferry::<OriginIdx>(&graph, &from, &WalkTargets::new(&graph, &to), longest, false);
        let back = walk_table_by_ferry::<OriginIdx>(&graph, &to, &WalkTargets::new(&graph, &from), longest, true);
        for n in 0..from.len() {
            for m in 0..to.len() {
                let seconds = wanted[n][m].map(|millis| millis.div_ceil(1000));
                let found = |row: &[(u32, Seconds)], target: usize| {
                    row.iter().find(|(number, _)| *number as usize == target).map(|(_, s)| u64::from(s.get()))
                };
                prop_assert_eq!(found(&there[OriginIdx::new(n)], m), seconds, "from {} to {}", n, m);
                prop_assert_eq!(found(&back[OriginIdx::new(m)], n), seconds, "backwards from {} to {}", n, m);
                let path = graph.path_by_ferry(&streets, &from[n], &to[m], longest);
                prop_assert_eq!(path.as_ref().map(|p| u64::from(p.time.get())), seconds, "path from {} to {}", n, m);
                if let Some(path) = path {
                    let parts = path.parts.iter().fold(Seconds::ZERO, |sum, part| sum + part.time);
                    prop_assert_eq!(parts, path.time);
                    let aboard = path.parts.iter().filter(|part| part.aboard).fold(Seconds::ZERO, |sum, part| sum + part.time);
                    prop_assert!(path.time.saturating_sub(aboard).get() <= limit + 1, "{:?}", path);
                    prop_assert!(path.parts.windows(2).all(|w| !w[0].aboard || !w[1].aboard || meet(&w[0].course, &w[1].course)), "{:?}", path);
                }
            }
        }
        // Where a ferry lands, what is walked and the time are those of some way that was tried.
        let landed = graph.landed(&from, longest);
        for (n, row) in landed.iter().enumerate() {
            for landing in row {
                prop_assert!(landing.walked.0 <= limit * 1000 && landing.time >= landing.walked, "{} {:?}", n, landing);
            }
        }
    }

    #[test]
    fn without_a_ferry_both_searches_are_one(map in maps(), from in points(5), to in points(5), limit in 0..600_u32) {
        let mut map = map;
        map.ways.retain(|way| !matches!(way.access.kind, WayKind::Ferry(_)));
        prop_assume!(!map.ways.is_empty());
        let streets = Streets::build(&map, &mut Findings::new());
        let graph = WalkGraph::new(&streets, &profile(false));
        let (from, to) = (snaps(&streets, &from, &graph.profile), snaps(&streets, &to, &graph.profile));
        let targets = WalkTargets::new(&graph, &to);
        let on_foot = walk_table::<OriginIdx>(&graph, &from, &targets, Seconds::new(limit), false);
        let by_ferry = walk_table_by_ferry::<OriginIdx>(&graph, &from, &targets, Seconds::new(limit), false);
        for n in (0..from.len()).map(OriginIdx::new) {
            prop_assert_eq!(&on_foot[n], &by_ferry[n]);
        }
    }
}
