//! Ferries of the map: walks part of which is spent aboard.
//!
//! A ferry is no street: who is aboard does not walk, and the time there does not count towards the
//! longest walk. So a search on the streets never takes one. What it finds are the landings within
//! a walk; from these, walks are put together from a walk, a crossing, a walk, and so on, all the
//! walking together within the limit. Of two ways to come to a landing both are kept where one is
//! sooner and the other leaves more to walk; the result is exact. Without ferries nothing is done.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use rayon::prelude::*;

use super::graph::{Arcs, WalkGraph};
use super::search::{WalkSearch, millis};
use super::targets::WalkTargets;
use super::{WORTH_A_CORE, contraction};
use crate::ids::{Csr, EdgeIdx, Idx, NodeIdx};
use crate::inputs::osm::walk_rules::WayKind;
use crate::network::streets::{Snap, Streets, WalkProfile};
use crate::units::{Millis, Seconds};

/// No walk takes longer, time aboard counted: what is later than this nothing that is searched for
/// can use.
const LONGEST: u32 = 65_000_000;

/// The ferries that a walker can take.
#[derive(Clone, Debug, Default)]
pub(super) struct Ferries {
    /// Where streets and ferries meet, ascending.
    pub landings: Vec<NodeIdx>,
    /// From landing to landing, by where they leave.
    pub crossings: Vec<Crossing>,
}

/// A ferry from one landing, by its number, to the next it calls at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Crossing {
    pub from: u32,
    pub to: u32,
    pub aboard: u32,
    /// Its edges in order, and whether each is sailed along its course.
    pub edges: Vec<(EdgeIdx, bool)>,
}

/// A landing that one has come to by ferry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FerryLanding {
    /// The landing.
    pub node: NodeIdx,
    /// How long one has walked so far.
    pub walked: Millis,
    /// How long it took, time aboard counted.
    pub time: Millis,
}

/// One way to have come to a landing by ferry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub landing: u32,
    pub walked: u32,
    pub time: u32,
    pub crossing: usize,
    /// Where the walk to that crossing began: at another landing, else at the start.
    pub before: Option<usize>,
}

impl Ferries {
    pub(super) fn of(
        streets: &Streets,
        profile: &WalkProfile,
        cost: impl Fn(EdgeIdx) -> Millis,
    ) -> Ferries {
        let is_ferry = |edge: EdgeIdx| matches!(streets.edges[edge].traits.kind, WayKind::Ferry(_));
        let mut sailed: BTreeMap<NodeIdx, Vec<(EdgeIdx, bool)>> = BTreeMap::new();
        let mut touched = vec![false; streets.nodes.len()];
        for (number, edge) in
            streets.edges.enumerate().filter(|(_, edge)| profile.takes(edge.traits))
        {
            if !is_ferry(number) {
                touched[edge.from.at()] = true;
                touched[edge.to.at()] = true;
                continue;
            }
            let ways = [
                (edge.from, true, edge.traits.forward()),
                (edge.to, false, edge.traits.backward()),
            ];
            for (node, ahead, open) in ways {
                let row = sailed.entry(node).or_default();
                if open {
                    row.push((number, ahead));
                }
            }
        }
        let landings: Vec<NodeIdx> =
            sailed.keys().copied().filter(|node| touched[node.at()]).collect();
        let mut crossings = Vec::new();
        for (from, landing) in (0_u32..).zip(&landings) {
            let found = sail_from(streets, *landing, &sailed, &landings, &cost);
            let found =
                found.into_iter().map(|(to, aboard, edges)| Crossing { from, to, aboard, edges });
            crossings.extend(found.filter(|crossing| crossing.to != from));
        }
        if crossings.is_empty() { Ferries::default() } else { Ferries { landings, crossings } }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.crossings.is_empty()
    }

    /// All ways on from places one can walk to, `beyond` being the walks from each landing to
    /// targets below `targets` and, from that number on, to landings. Each target is told with the
    /// time and the label that its last walk begins at.
    pub(super) fn sail(
        &self,
        boarded: impl Iterator<Item = (u32, u32)>,
        beyond: &[Vec<(u32, u32)>],
        targets: u32,
        limit: u32,
        reverse: bool,
        mut meet: impl FnMut(u32, u32, usize),
    ) -> Vec<Label> {
        let mut labels: Vec<Label> = Vec::new();
        // The least walked so far of those that came to each landing: on foot, and by ferry. Times
        // rise.
        let mut least = vec![[u32::MAX; 2]; self.landings.len()];
        // Time, what of it is walked, the landing, the crossing that leads there and the label
        // before.
        type Queued = Reverse<(u32, u32, u32, usize, usize)>;
        let mut queue: BinaryHeap<Queued> = BinaryHeap::new();
        const ON_FOOT: usize = usize::MAX;
        for (landing, walked) in boarded {
            queue.push(Reverse((walked, walked, landing, ON_FOOT, usize::MAX)));
        }
        while let Some(Reverse((time, walked, landing, crossing, before))) = queue.pop() {
            let by_ferry = usize::from(crossing != ON_FOOT);
            let known = &mut least[landing as usize][by_ferry];
            if walked >= *known {
                continue;
            }
            *known = walked;
            let parent = (before != usize::MAX).then_some(before);
            if crossing == ON_FOOT {
                for (number, sailing) in self.crossings.iter().enumerate() {
                    let (from, to) = if reverse {
                        (sailing.to, sailing.from)
                    } else {
                        (sailing.from, sailing.to)
                    };
                    let lands = time.saturating_add(sailing.aboard);
                    if from == landing && lands <= LONGEST {
                        queue.push(Reverse((lands, walked, to, number, before)));
                    }
                }
                continue;
            }
            labels.push(Label { landing, walked, time, crossing, before: parent });
            let here = labels.len() - 1;
            for (target, rest) in &beyond[landing as usize] {
                let (walked, time) = (walked.saturating_add(*rest), time.saturating_add(*rest));
                if walked > limit || time > LONGEST {
                    continue;
                }
                match target.checked_sub(targets) {
                    None => meet(*target, time, here),
                    Some(landing) => queue.push(Reverse((time, walked, landing, ON_FOOT, here))),
                }
            }
        }
        labels
    }
}

/// Edges of a ferry in order, each with whether it is sailed from its first node to its last.
type SailedEdges = Vec<(EdgeIdx, bool)>;

/// The landings that a ferry from one comes to without calling at another before, with the time and
/// the edges.
fn sail_from(
    streets: &Streets,
    start: NodeIdx,
    sailed: &BTreeMap<NodeIdx, SailedEdges>,
    landings: &[NodeIdx],
    cost: &impl Fn(EdgeIdx) -> Millis,
) -> Vec<(u32, u32, SailedEdges)> {
    let mut best: BTreeMap<NodeIdx, (u32, SailedEdges)> = BTreeMap::new();
    let mut queue = BinaryHeap::from([Reverse((0_u32, start, Vec::new()))]);
    while let Some(Reverse((time, node, edges))) = queue.pop() {
        if best.contains_key(&node) {
            continue;
        }
        let calls = node != start && landings.binary_search(&node).is_ok();
        for (edge, ahead) in sailed.get(&node).into_iter().flatten().filter(|_| !calls) {
            let to = if *ahead { streets.edges[*edge].to } else { streets.edges[*edge].from };
            let mut edges = edges.clone();
            edges.push((*edge, *ahead));
            queue.push(Reverse((time.saturating_add(cost(*edge).0), to, edges)));
        }
        best.insert(node, (time, edges));
    }
    let number =
        |node: &NodeIdx| landings.binary_search(node).ok().and_then(|n| u32::try_from(n).ok());
    best.into_iter()
        .filter_map(|(node, (time, edges))| Some((number(&node)?, time, edges)))
        .collect()
}

impl WalkGraph {
    /// The landings between which ferries sail, the lesser of each two first, whichever way they
    /// sail.
    pub fn ferries_between(&self) -> BTreeSet<[NodeIdx; 2]> {
        let Ferries { landings, crossings } = &self.ferries;
        let between = |crossing: &Crossing| {
            let (a, b) = (landings[crossing.from as usize], landings[crossing.to as usize]);
            [a.min(b), a.max(b)]
        };
        crossings.iter().map(between).collect()
    }

    /// The same without the ferries between two landings of which `closed` is true.
    #[must_use]
    pub fn without_ferries(mut self, closed: impl Fn(NodeIdx, NodeIdx) -> bool) -> WalkGraph {
        let landings = &self.ferries.landings;
        self.ferries.crossings.retain(|crossing| {
            !closed(landings[crossing.from as usize], landings[crossing.to as usize])
        });
        self
    }

    /// The landings that one comes to by ferry from each of some starts, with what is walked to get
    /// there.
    pub fn landed(&self, starts: &[Vec<Snap>], limit: Seconds) -> Vec<Vec<FerryLanding>> {
        let ferries = &self.ferries;
        if ferries.is_empty() {
            return vec![Vec::new(); starts.len()];
        }
        let limit = millis(limit);
        let to_starts = WalkTargets::new(self, starts);
        let mut boarded: Vec<Vec<(u32, u32)>> = vec![Vec::new(); starts.len()];
        for (landing, row) in (0..).zip(from_landings(self, &self.into, &to_starts, limit, true)) {
            row.into_iter().for_each(|(start, walk)| boarded[start as usize].push((landing, walk)));
        }
        let landings = WalkTargets::new(self, &[]).with_nodes(&ferries.landings);
        let beyond = from_landings(self, &self.out, &landings, limit, false);
        let each = boarded.into_iter().map(|boarded| {
            let labels = ferries.sail(boarded.into_iter(), &beyond, 0, limit, false, |_, _, _| {});
            let landed = |label: Label| FerryLanding {
                node: ferries.landings[label.landing as usize],
                walked: Millis(label.walked),
                time: Millis(label.time),
            };
            labels.into_iter().map(landed).collect()
        });
        each.collect()
    }
}

/// As [`super::walk_table`], by ferry too: all that is walked together is within `limit`, time
/// aboard is not counted towards it.
pub fn walk_table_by_ferry<I: Idx>(
    graph: &WalkGraph,
    from: &[Vec<Snap>],
    targets: &WalkTargets,
    limit: Seconds,
    reverse: bool,
) -> Csr<I, (u32, Seconds)> {
    let ferries = &graph.ferries;
    if ferries.is_empty() {
        return super::walk_table(graph, from, targets, limit, reverse);
    }
    let limit = millis(limit);
    let count = u32::try_from(targets.len()).expect("targets are numbered in 32 bits");
    let targets = targets.with_nodes(&ferries.landings);
    let whole = if reverse { &graph.into } else { &graph.out };
    let core =
        (from.len() >= WORTH_A_CORE).then(|| contraction::core(graph, &targets, limit, reverse));
    let arcs = core.as_ref().unwrap_or(whole);
    let beyond = from_landings(graph, arcs, &targets, limit, reverse);
    let row = |search: &mut WalkSearch, start: &Vec<Snap>| {
        let mut walks = Vec::new();
        search.run(graph, arcs, start, limit, &targets, reverse, &mut walks);
        let boarded =
            walks.iter().filter_map(|(target, walk)| Some((target.checked_sub(count)?, *walk)));
        let mut row: Vec<(u32, u32)> =
            walks.iter().copied().filter(|(target, _)| *target < count).collect();
        ferries.sail(boarded, &beyond, count, limit, reverse, |target, time, _| {
            row.push((target, time))
        });
        row.sort_unstable();
        row.dedup_by_key(|(target, _)| *target);
        row.into_iter().map(|(target, time)| (target, Millis(time).ceil())).collect::<Vec<_>>()
    };
    Csr::from_rows(from.par_iter().map_init(WalkSearch::new, row).collect::<Vec<_>>())
}

/// The walks from each landing to targets; with `reverse`, from the targets to it.
pub(super) fn from_landings(
    graph: &WalkGraph,
    arcs: &Arcs,
    targets: &WalkTargets,
    limit: u32,
    reverse: bool,
) -> Vec<Vec<(u32, u32)>> {
    let walks = |search: &mut WalkSearch, landing: &NodeIdx| {
        let mut row = Vec::new();
        search.run_from_node(graph, arcs, *landing, limit, targets, reverse, &mut row);
        row
    };
    graph.ferries.landings.par_iter().map_init(WalkSearch::new, walks).collect()
}
