//! What of the streets is reached from a point within a cut-off, exactly: parts of edges.
//!
//! The time to a place on a street is the earliest arrival over walking all the way and over every
//! stop one can get off at, each walk within its own limit. So at one departure a stop that is got
//! off at leaves a walk of `min(cut-off − arrival, max_walk)`, the point itself one of
//! `min(cut-off, max_walk)`, and a place is reached if any of these walks leads there. One search
//! from all of them tells how much of a walk is left at each junction; what is left goes on along
//! the edges. That is single-minded: which walk has most left matters, not which came first, and no
//! second label is needed.
//!
//! Over a window, a place is reached at percentile X if it is reached at ⌈X/100·n⌉ of the `n`
//! departures or more: that is when its nearest-rank percentile is within the cut-off.
//!
//! A ferry leaves less of the time and, its walking alone, less of the longest walk: each landing
//! that is come to by ferry is one more place to walk from, with what is left of both.
//!
//! Walks are counted in thousandths of a second and compared with whole seconds of the cut-off: the
//! same as the matrix, which rounds each walk up to whole seconds before it is added to an arrival.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::ids::{Csr, EdgeIdx, Idx, NodeIdx, StopIdx};
use crate::network::streets::Snap;
use crate::routing::network::{Joined, Network, NetworkError};
use crate::routing::query::departure_window::Departures;
use crate::routing::query::percentile::rank;
use crate::routing::street::straight_walks::StraightLines;
use crate::routing::street::{FerryLanding, OnStreet, WalkSearch, WalkStart, WalkTargets};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::Walks;
use crate::units::{Metres, Millis, Seconds};

const NO_ROW: u32 = u32::MAX;

/// A part of a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreetPart {
    /// The street.
    pub edge: EdgeIdx,
    /// Where the part begins, from the edge's first node.
    pub from: Metres,
    /// Where it ends.
    pub to: Metres,
}

/// How soon one can get off at each stop, at each departure.
#[derive(Clone, Debug)]
pub struct Arrivals {
    departures: usize,
    /// Stop by stop, departure by departure: seconds after the departure, and one; 0 for never.
    after: Vec<u16>,
}

impl Arrivals {
    /// At no stop: on foot.
    pub fn on_foot() -> Arrivals {
        Arrivals { departures: 1, after: Vec::new() }
    }

    /// From each origin to all stops.
    ///
    /// # Errors
    /// As [`Departures::travel_times`].
    pub fn of(
        network: &Network,
        departures: &Departures,
        origins: &Joined,
    ) -> Result<Vec<Arrivals>, NetworkError> {
        let (stops, count) = (network.stops.len(), usize::from(departures.window().departures));
        let never = Arrivals { departures: count, after: vec![0; stops * count] };
        let mut found = vec![never; origins.snaps.len()];
        let access = network.access(origins);
        let egress = Csr::from_rows(
            network.stops.indices().map(|stop| [StopWalk { stop, walk: Seconds::ZERO }]),
        );
        let direct = Csr::from_rows(origins.snaps.iter().map(|_| []));
        let walks = Walks { access: &access, egress: &egress, direct: &direct };
        departures.travel_times(&walks, &mut found, &|_| (), |_, found, times| {
            for (nth, stop) in times.places().iter().enumerate() {
                for departure in 0..count {
                    let after = times.at(departure, nth).map_or(0, |time| time.get() + 1);
                    found.after[stop.at() * count + departure] = u16::try_from(after).unwrap_or(0);
                }
            }
        })?;
        Ok(found)
    }

    /// How many departures there are.
    pub fn departures(&self) -> usize {
        self.departures
    }

    /// How long after a departure one can get off at a stop; `None` for never.
    pub fn at(&self, stop: StopIdx, departure: usize) -> Option<Seconds> {
        let after = self.after.get(stop.at() * self.departures + departure)?;
        after.checked_sub(1).map(|after| Seconds::new(after.into()))
    }

    /// All stops; none on foot.
    pub fn stops(&self) -> impl Iterator<Item = StopIdx> + use<> {
        (0..self.after.len() / self.departures.max(1)).map(StopIdx::new)
    }
}

/// Where walks begin.
struct WalkSource {
    snaps: Vec<Snap>,
    /// Where a ferry lands, in place of snaps.
    landing: Option<NodeIdx>,
    /// By departure, how long a walk may be; `None` for none at all.
    walks: Vec<Option<Millis>>,
}

impl WalkSource {
    fn starts(&self) -> impl Iterator<Item = WalkStart<'_>> + Clone {
        self.snaps.iter().map(WalkStart::Snap).chain(self.landing.map(WalkStart::Landing))
    }
}

/// What is reached from one point within one cut-off.
pub struct Reached<'a> {
    network: &'a Network,
    departures: usize,
    /// By node, its row in `left`.
    rows: Vec<u32>,
    /// Row by row, departure by departure: what is left to walk, in thousandths of a second, and
    /// one; 0 where it is not reached.
    left: Vec<u32>,
    /// Where walks begin in the midst of an edge.
    on_edge: BTreeMap<EdgeIdx, Vec<(OnStreet, usize)>>,
    sources: Vec<WalkSource>,
    straight: StraightLines,
}

impl<'a> Reached<'a> {
    /// What can be reached within a cut-off, inclusive, of a point that joins the streets here.
    pub fn within(
        network: &'a Network,
        point: &[Snap],
        arrivals: &Arrivals,
        cutoff: Seconds,
    ) -> Reached<'a> {
        let departures = arrivals.departures;
        let sources = sources(network, point, arrivals, cutoff);
        let found = leftovers(network, &sources, departures);
        let mut rows = vec![NO_ROW; network.graph.nodes()];
        found.iter().flatten().for_each(|(node, _)| rows[node.at()] = 0);
        let mut count = 0;
        for row in rows.iter_mut().filter(|row| **row != NO_ROW) {
            *row = count;
            count += 1;
        }
        let mut left = vec![0; count as usize * departures];
        for (departure, found) in found.iter().enumerate() {
            for (node, millis) in found {
                left[rows[node.at()] as usize * departures + departure] = millis.0 + 1;
            }
        }
        let mut on_edge: BTreeMap<EdgeIdx, Vec<(OnStreet, usize)>> = BTreeMap::new();
        for (number, source) in sources.iter().enumerate() {
            for snap in &source.snaps {
                on_edge.entry(snap.edge).or_default().push((network.graph.on_street(snap), number));
            }
        }
        let straight = StraightLines::to(sources.iter().map(|source| source.snaps.as_slice()));
        Reached { network, departures, rows, left, on_edge, sources, straight }
    }

    /// The parts of streets that are reached at a percentile of the departures, in the order of the
    /// edges.
    pub fn parts(&self, percent: u8) -> Vec<StreetPart> {
        let need = rank(percent, self.departures) + 1;
        let edges: Vec<EdgeIdx> = self.network.streets.edges.indices().collect();
        let each = edges.par_iter().map(|edge| self.parts_of(*edge, need));
        each.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// Whether a point that joins the streets here is reached at a percentile of the departures.
    pub fn holds(&self, point: &[Snap], percent: u8) -> bool {
        let need = rank(percent, self.departures) + 1;
        let (streets, speed) = (&self.network.streets, self.network.graph.profile().speed);
        let lines = point.iter().flat_map(|snap| self.straight.from(streets, snap));
        let lines: Vec<(u32, Seconds)> =
            lines.map(|(source, _, way)| (source, (way / speed).ceil())).collect();
        let straight = |departure: usize| {
            let walk = |source: u32| self.sources[source as usize].walks[departure];
            lines
                .iter()
                .any(|(source, time)| walk(*source).is_some_and(|walk| Millis::from(*time) <= walk))
        };
        let reached = |departure: &usize| {
            straight(*departure)
                || point.iter().any(|snap| {
                    let OnStreet { along, gap } = self.network.graph.on_street(snap);
                    // A walk that ends at a point still has its gap to cross.
                    self.spans(snap.edge, *departure, gap.0)
                        .iter()
                        .any(|(from, to)| (*from..=*to).contains(&along.0))
                })
        };
        (0..self.departures).filter(reached).count() >= need
    }

    fn parts_of(&self, edge: EdgeIdx, need: usize) -> Vec<StreetPart> {
        let passage = self.network.graph.passage(edge);
        let nowhere = |node: NodeIdx| self.rows[node.at()] == NO_ROW;
        if passage.cost.0 == 0
            || nowhere(passage.from) && nowhere(passage.to) && !self.on_edge.contains_key(&edge)
        {
            return Vec::new();
        }
        let mut turns: Vec<(u32, bool)> = Vec::new();
        let (mut whole, mut partly) = (0, 0);
        for departure in 0..self.departures {
            let spans = self.spans(edge, departure, 0);
            match spans[..] {
                [] => (),
                [(0, to)] if to == passage.cost.0 => whole += 1,
                _ => {
                    partly += 1;
                    // At one place a span begins before another ends: places are reached at both.
                    turns.extend(spans.iter().flat_map(|(from, to)| [(*from, false), (*to, true)]));
                }
            }
        }
        let length = self.network.streets.edges[edge].length;
        let at = |millis: u32| length * (f64::from(millis) / f64::from(passage.cost.0));
        if whole >= need {
            return vec![StreetPart { edge, from: Metres::new(0.0), to: length }];
        }
        if whole + partly < need {
            return Vec::new();
        }
        turns.sort_unstable();
        let (mut parts, mut covered, mut begun) = (Vec::new(), whole, 0);
        for (place, ends) in turns {
            if ends {
                if covered == need && place > begun {
                    parts.push(StreetPart { edge, from: at(begun), to: at(place) });
                }
                covered -= 1;
            } else {
                covered += 1;
                if covered == need {
                    begun = place;
                }
            }
        }
        parts
    }

    /// The spans of an edge, in thousandths of a second from its first node, from which at least
    /// `rest` is left of a walk at a departure; in order and apart.
    fn spans(&self, edge: EdgeIdx, departure: usize, rest: u32) -> Vec<(u32, u32)> {
        let passage = self.network.graph.passage(edge);
        let cost = passage.cost.0;
        let left = |node: NodeIdx| {
            let row = self.rows[node.at()];
            let left = if row == NO_ROW {
                0
            } else {
                self.left[row as usize * self.departures + departure]
            };
            left.checked_sub(1)?.checked_sub(rest)
        };
        let mut spans = Vec::new();
        spans
            .extend(left(passage.from).filter(|_| passage.forward).map(|left| (0, left.min(cost))));
        for (place, source) in self.on_edge.get(&edge).into_iter().flatten() {
            let Some(walk) = self.sources[*source].walks[departure] else { continue };
            let Some(left) =
                walk.0.checked_sub(place.gap.0).and_then(|left| left.checked_sub(rest))
            else {
                continue;
            };
            if passage.forward || passage.backward {
                let low = if passage.backward {
                    place.along.0.saturating_sub(left)
                } else {
                    place.along.0
                };
                let high =
                    if passage.forward { (place.along.0 + left).min(cost) } else { place.along.0 };
                spans.push((low, high));
            }
        }
        spans.extend(
            left(passage.to).filter(|_| passage.backward).map(|left| (cost - left.min(cost), cost)),
        );
        spans.sort_unstable();
        spans.dedup_by(|next, kept| {
            let joins = next.0 <= kept.1;
            if joins {
                kept.1 = kept.1.max(next.1);
            }
            joins
        });
        spans
    }
}

fn sources(
    network: &Network,
    point: &[Snap],
    arrivals: &Arrivals,
    cutoff: Seconds,
) -> Vec<WalkSource> {
    let longest = network.settings().max_walk;
    let walk = |arrival: Seconds| {
        (arrival <= cutoff).then(|| Millis::from(cutoff.saturating_sub(arrival).min(longest)))
    };
    let from_point = (point.to_vec(), vec![Some(Seconds::ZERO); arrivals.departures]);
    let from_stop = |stop: StopIdx| {
        let at = (0..arrivals.departures).map(|departure| arrivals.at(stop, departure)).collect();
        (network.alight_snaps(stop).to_vec(), at)
    };
    let begins: Vec<(Vec<Snap>, Vec<Option<Seconds>>)> =
        std::iter::once(from_point).chain(arrivals.stops().map(from_stop)).collect();
    let mut sources = Vec::new();
    if !network.graph.ferries_between().is_empty() {
        let snaps: Vec<Vec<Snap>> = begins.iter().map(|(snaps, _)| snaps.clone()).collect();
        for (landed, (_, at)) in network.graph.landed(&snaps, longest).into_iter().zip(&begins) {
            for FerryLanding { node, walked, time } in landed {
                let left = |at: Seconds| {
                    let of_time = Millis::from(cutoff)
                        .0
                        .checked_sub(Millis::from(at).0)?
                        .checked_sub(time.0)?;
                    Some(Millis(of_time.min(Millis::from(longest).0.checked_sub(walked.0)?)))
                };
                let walks = at.iter().map(|at| at.and_then(left)).collect();
                sources.push(WalkSource { snaps: Vec::new(), landing: Some(node), walks });
            }
        }
    }
    let on_foot = begins.into_iter().map(|(snaps, at)| {
        let walks = at.into_iter().map(|at| at.and_then(walk)).collect();
        WalkSource { snaps, landing: None, walks }
    });
    let usable = |source: &WalkSource| {
        source.starts().next().is_some() && source.walks.iter().any(Option::is_some)
    };
    on_foot.chain(sources).filter(usable).collect()
}

/// By departure, what is left of a walk at each node.
fn leftovers(
    network: &Network,
    sources: &[WalkSource],
    departures: usize,
) -> Vec<Vec<(NodeIdx, Millis)>> {
    let nowhere = WalkTargets::new(&network.graph, &[]);
    (0..departures)
        .into_par_iter()
        .map_init(WalkSearch::new, |search, departure| {
            let walks = sources.iter().flat_map(|source| {
                let walk = source.walks[departure];
                walk.into_iter().flat_map(|walk| source.starts().map(move |start| (start, walk)))
            });
            let mut found = Vec::new();
            search.leftovers(&network.graph, walks, &nowhere, &mut found);
            found
        })
        .collect()
}
