//! Streets with some of them closed, or with a path more.
//!
//! An edge is replaced by what is left of it, in its place among the others, so that every point
//! keeps the street that it joins as long as that is open, and what walks cost there stays the same
//! to the last bit. Islands are those of the streets as they were: who is cut off by a closure
//! stays where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::build::segments;
use super::{CourseSegment, Edge, EdgeTraits, Streets};
use crate::geometry::{Projected, Segment, SegmentIndex};
use crate::ids::{ComponentIdx, Csr, EdgeIdx, Idx, IdxVec, NodeIdx};
use crate::inputs::osm::walk_rules::WayKind;
use crate::units::Metres;

/// How finely streets are looked at, metres.
const STEP: f64 = 1.0;
/// What is shorter than this, metres, is nothing.
const NOTHING: f64 = 0.01;
/// The way of a path that is added.
const ADDED_WAY: i64 = -1;

/// A place on a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreetSpot {
    /// The OpenStreetMap way.
    pub way: i64,
    /// Where it is.
    pub at: Projected,
}

/// What was taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct RemovedStreets {
    /// How much.
    pub length: Metres,
    /// Of which OpenStreetMap ways.
    pub ways: BTreeSet<i64>,
}

/// How the two ends of a path join the streets: the straight way to each.
pub type Joins = [Metres; 2];

impl Streets {
    /// What a way is called.
    pub fn name_of(&self, way: i64) -> Option<&str> {
        self.names.of(way)
    }

    /// Every straight piece of a street, with its ends.
    pub fn pieces(&self) -> impl Iterator<Item = [StreetSpot; 2]> {
        self.edges.indices().flat_map(move |edge| {
            let ways = self.ways_of(edge);
            self.courses[edge].windows(2).enumerate().map(move |(number, pair)| {
                let way = way_at(&ways, number);
                [StreetSpot { way, at: pair[0] }, StreetSpot { way, at: pair[1] }]
            })
        })
    }

    /// The streets without the spots that are picked, looked at in steps of a metre, and what is
    /// gone. Ferries go as a whole.
    pub fn without(
        &self,
        shut: &(dyn Fn(&StreetSpot) -> bool + Sync),
    ) -> (Streets, RemovedStreets) {
        let numbers: Vec<EdgeIdx> = self.edges.indices().collect();
        let closed: Vec<PickedStretch> =
            numbers.par_iter().map(|edge| self.shut_on(*edge, shut)).collect();
        let length = closed.iter().flat_map(|shut| &shut.parts).map(|[from, to]| to - from).sum();
        let ways = closed.iter().flat_map(|shut| &shut.ways).copied().collect();
        let mut laid = RebuiltStreets::over(self);
        for (edge, closed) in numbers.iter().zip(&closed) {
            let length = self.edges[*edge].length.get();
            let mut parts = Vec::new();
            let mut at = 0.0;
            for [from, to] in &closed.parts {
                parts.push([at, *from]);
                at = *to;
            }
            parts.push([at, length]);
            if closed.parts.is_empty() {
                laid.keep(*edge);
            } else if !matches!(self.edges[*edge].traits.kind, WayKind::Ferry(_)) {
                parts
                    .iter()
                    .filter(|[from, to]| to - from > NOTHING)
                    .for_each(|part| laid.part(*edge, *part));
            }
            laid.next(*edge);
        }
        (laid.done(), RemovedStreets { length: Metres::new(length), ways })
    }

    /// The streets with a path whose ends join the nearest street each, and how far away those are.
    ///
    /// # Errors
    /// With how far the nearest street is from the first end that has none within `snap`, if there
    /// is any within a kilometre.
    pub fn with_path(
        &self,
        course: &[Projected],
        traits: EdgeTraits,
        snap: Metres,
    ) -> Result<(Streets, Joins), Option<Metres>> {
        let ends = [course.first(), course.last()].map(|end| end.copied().unwrap_or_default());
        let mut joins = Vec::new();
        for end in ends {
            let found = self.join(end).ok_or(None)?;
            if found.gap > snap {
                return Err(Some(found.gap));
            }
            joins.push(found);
        }
        let mut cuts: BTreeMap<EdgeIdx, Vec<f64>> = BTreeMap::new();
        joins.iter().for_each(|join| cuts.entry(join.edge).or_default().push(join.along));
        let mut laid = RebuiltStreets::over(self);
        let mut nodes: Vec<NodeIdx> = vec![NodeIdx::new(0); joins.len()];
        for edge in self.edges.indices() {
            match cuts.get_mut(&edge) {
                None => laid.keep(edge),
                Some(cuts) => {
                    let length = self.edges[edge].length.get();
                    cuts.extend([0.0, length]);
                    cuts.sort_by(f64::total_cmp);
                    cuts.dedup_by(|b, a| *b - *a <= NOTHING);
                    // The far end itself, not what lies a hair before it.
                    if let Some(last) = cuts.last_mut() {
                        *last = length;
                    }
                    cuts.windows(2).for_each(|pair| laid.part(edge, [pair[0], pair[1]]));
                    for (node, join) in
                        nodes.iter_mut().zip(&joins).filter(|(_, join)| join.edge == edge)
                    {
                        let near = |a: &&f64, b: &&f64| {
                            (**a - join.along).abs().total_cmp(&(**b - join.along).abs())
                        };
                        let at = cuts.iter().min_by(near).copied().unwrap_or(0.0);
                        *node = laid.node(edge, at);
                    }
                }
            }
            laid.next(edge);
        }
        let mut line = vec![laid.nodes[nodes[0].at()]];
        line.extend_from_slice(course);
        line.push(laid.nodes[nodes[1].at()]);
        line.dedup();
        let length = line.windows(2).map(|pair| pair[0].distance(pair[1]).get()).sum();
        let (from, to, begins) = (nodes[0], nodes[1], Metres::new(0.0));
        laid.edges.push(Edge {
            from,
            to,
            length: Metres::new(length),
            begins,
            traits,
            way: ADDED_WAY,
        });
        laid.courses.push(line);
        Ok((laid.done(), [joins[0].gap, joins[1].gap]))
    }

    /// The street nearest to a point, whoever may walk it.
    fn join(&self, at: Projected) -> Option<PathJoin> {
        const FAR: Metres = Metres::new(1000.0);
        let near = |index: &SegmentIndex<CourseSegment>| -> Option<PathJoin> {
            let mut best: Option<(Metres, Segment<CourseSegment>)> = None;
            for (segment, gap) in index.near(at, FAR) {
                match &best {
                    Some((least, _)) if gap > *least => break,
                    Some((_, found)) if found.of <= segment.of => {}
                    _ => best = Some((gap, *segment)),
                }
            }
            let (gap, segment) = best?;
            let along = self.along(&segment, segment.nearest_to(at)).get();
            Some(PathJoin { edge: segment.of.edge, along, gap })
        };
        let found = [near(&self.segments), near(&self.added)];
        found.into_iter().flatten().min_by(|a, b| a.gap.get().total_cmp(&b.gap.get()))
    }

    /// From which piece of an edge it is which way.
    fn ways_of(&self, edge: EdgeIdx) -> Vec<(u32, i64)> {
        let mut ways = vec![(0, self.edges[edge].way)];
        if let Ok(at) = self.ways.binary_search_by_key(&edge, |(number, _)| *number) {
            ways.extend_from_slice(&self.ways[at].1);
        }
        ways
    }

    /// The parts of an edge that are picked, as distances along it.
    fn shut_on(&self, edge: EdgeIdx, shut: &(dyn Fn(&StreetSpot) -> bool + Sync)) -> PickedStretch {
        let ways = self.ways_of(edge);
        let PickedStretch { mut parts, ways: mut shut_ways } = PickedStretch::default();
        let mut before = 0.0;
        for (number, pair) in self.courses[edge].windows(2).enumerate() {
            let (way, length) = (way_at(&ways, number), pair[0].distance(pair[1]).get());
            let steps = (length / STEP).ceil().max(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "metres of a street"
            )]
            for step in 0..steps as u32 {
                let share = |step: f64| step / steps;
                let at = pair[0].towards(pair[1], share(f64::from(step) + 0.5));
                if length <= 0.0 || !shut(&StreetSpot { way, at }) {
                    continue;
                }
                if shut_ways.last() != Some(&way) {
                    shut_ways.push(way);
                }
                let part = [
                    before + length * share(f64::from(step)),
                    before + length * share(f64::from(step) + 1.0),
                ];
                match parts.last_mut() {
                    Some(last) if part[0] - last[1] <= NOTHING => last[1] = part[1],
                    _ => parts.push(part),
                }
            }
            before += length;
        }
        let whole = self.edges[edge].length.get();
        if let Some(last) = parts.last_mut().filter(|last| whole - last[1] <= NOTHING) {
            last[1] = whole;
        }
        PickedStretch { parts, ways: shut_ways }
    }
}

fn way_at(ways: &[(u32, i64)], piece: usize) -> i64 {
    ways.iter().take_while(|(begin, _)| *begin as usize <= piece).last().map_or(0, |(_, way)| *way)
}

/// What of an edge is picked: from where to where along it, and on which ways.
#[derive(Default)]
struct PickedStretch {
    parts: Vec<[f64; 2]>,
    ways: Vec<i64>,
}

/// Where an end of a path joins a street.
struct PathJoin {
    edge: EdgeIdx,
    along: f64,
    gap: Metres,
}

/// Streets that are laid anew, edge by edge.
struct RebuiltStreets<'a> {
    old: &'a Streets,
    nodes: Vec<Projected>,
    components: [Vec<ComponentIdx>; 2],
    edges: Vec<Edge>,
    courses: Vec<Vec<Projected>>,
    ways: super::MoreWays,
    originals: usize,
    /// New nodes on the edge that is being laid, by how far along it they are.
    on_edge: Vec<(f64, NodeIdx)>,
}

impl<'a> RebuiltStreets<'a> {
    fn over(old: &'a Streets) -> RebuiltStreets<'a> {
        let of = |components: &IdxVec<NodeIdx, ComponentIdx>| components.iter().copied().collect();
        RebuiltStreets {
            old,
            nodes: old.nodes.iter().copied().collect(),
            components: [of(&old.components), of(&old.step_free_components)],
            edges: Vec::with_capacity(old.edges.len()),
            courses: Vec::with_capacity(old.edges.len()),
            ways: Vec::new(),
            originals: 0,
            on_edge: Vec::new(),
        }
    }

    fn keep(&mut self, edge: EdgeIdx) {
        let ways = self.old.ways_of(edge);
        self.push(self.old.edges[edge], self.old.courses[edge].to_vec(), &ways);
    }

    /// Lays a part of an edge.
    fn part(&mut self, edge: EdgeIdx, [from, to]: [f64; 2]) {
        let old = self.old.edges[edge];
        let course = self.old.course_between(edge, Metres::new(from), Metres::new(to));
        if course.len() < 2 {
            return;
        }
        let ends = (self.node(edge, from), self.node(edge, to));
        let mut ways: Vec<(u32, i64)> = Vec::new();
        for (begin, way) in self.old.ways_of(edge) {
            let at: f64 = self.old.courses[edge][..=begin as usize]
                .windows(2)
                .map(|pair| pair[0].distance(pair[1]).get())
                .sum();
            if at <= from + NOTHING {
                ways = vec![(0, way)];
            } else if at < to - NOTHING {
                ways.push((position(&course, at - from), way));
            }
        }
        let way = ways.first().map_or(old.way, |(_, way)| *way);
        let (length, begins) = (Metres::new(to - from), old.begins + Metres::new(from));
        self.push(Edge { from: ends.0, to: ends.1, length, begins, way, ..old }, course, &ways);
    }

    fn push(&mut self, edge: Edge, course: Vec<Projected>, ways: &[(u32, i64)]) {
        if ways.len() > 1 {
            self.ways.push((EdgeIdx::new(self.edges.len()), ways[1..].into()));
        }
        self.edges.push(edge);
        self.courses.push(course);
    }

    /// The node at a place on an edge: one of its ends, or a new one.
    fn node(&mut self, edge: EdgeIdx, along: f64) -> NodeIdx {
        let old = self.old.edges[edge];
        if along <= NOTHING {
            return old.from;
        }
        if along >= old.length.get() - NOTHING {
            return old.to;
        }
        if let Some((_, node)) = self.on_edge.iter().find(|(at, _)| (at - along).abs() <= NOTHING) {
            return *node;
        }
        let node = NodeIdx::new(self.nodes.len());
        let at = self.old.course_between(edge, Metres::new(0.0), Metres::new(along));
        self.nodes.push(at.last().copied().unwrap_or_default());
        for (new, of) in
            self.components.iter_mut().zip([&self.old.components, &self.old.step_free_components])
        {
            new.push(of[old.from]);
        }
        self.on_edge.push((along, node));
        node
    }

    fn next(&mut self, edge: EdgeIdx) {
        self.on_edge.clear();
        if edge.at() < self.old.originals {
            self.originals = self.edges.len();
        }
    }

    fn done(self) -> Streets {
        let (edges, courses): (IdxVec<EdgeIdx, Edge>, _) =
            (self.edges.into(), Csr::from_rows(self.courses));
        let originals = self.originals;
        let [components, step_free] = self.components;
        Streets {
            projection: self.old.projection,
            nodes: Arc::new(self.nodes.into()),
            segments: segments(&edges, &courses, &self.ways, &self.old.settings, |edge| {
                edge.at() < originals
            }),
            added: segments(&edges, &courses, &self.ways, &self.old.settings, |edge| {
                edge.at() >= originals
            }),
            settings: self.old.settings.clone(),
            timed: self.old.timed.clone(),
            state: self.old.state.clone(),
            edges,
            courses: Arc::new(courses),
            components: Arc::new(components.into()),
            step_free_components: Arc::new(step_free.into()),
            barriers: self.old.barriers.clone(),
            originals,
            names: self.old.names.clone(),
            ways: Arc::new(self.ways),
        }
    }
}

/// The point of a course that is nearest to a distance along it.
fn position(course: &[Projected], along: f64) -> u32 {
    let (mut best, mut walked) = ((f64::INFINITY, 0), 0.0);
    for (number, pair) in (1u32..).zip(course.windows(2)) {
        walked += pair[0].distance(pair[1]).get();
        let off: f64 = walked - along;
        if off.abs() < best.0 {
            best = (off.abs(), number);
        }
    }
    best.1
}
