//! Ferries that leave something to the relation of their route: how long they take, and whether
//! they take walkers.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::merge::MergedExtracts;
use super::read::WalkedWay;
use super::walk_rules::WayKind;
use crate::geometry::Projection;
use crate::units::Seconds;

/// A part of a crossing: the ways between two landings or turning points. Of several ways one is
/// sailed.
#[derive(Default)]
struct Stretch {
    ways: Vec<usize>,
    /// Of the longest of these ways, metres.
    length: f64,
    /// The time that one of them says.
    said: Option<Seconds>,
}

impl MergedExtracts {
    /// Ferries that say nothing of who may board, on routes that take nobody on foot; ascending.
    pub(super) fn barred_ferries(&self) -> Vec<i64> {
        let of_routes = |bars: bool| {
            let routes = self.relations.iter().filter(move |route| route.bars_walkers == bars);
            routes.filter(|route| !route.crossings[0].is_empty()).flat_map(|route| &route.outline)
        };
        let taken: FxHashSet<i64> = of_routes(false).copied().collect();
        let silent = |id: &i64| {
            let way =
                self.ways.binary_search_by_key(id, |way| way.id).ok().map(|n| &self.ways[n].uses);
            way.is_some_and(|uses| {
                !uses.says_who
                    && matches!(uses.walk, Some(walk) if matches!(walk.kind, WayKind::Ferry(_)))
            })
        };
        let mut barred: Vec<i64> =
            of_routes(true).copied().filter(|id| !taken.contains(id) && silent(id)).collect();
        barred.sort_unstable();
        barred
    }

    /// Gives ferries that do not say how long they take their share of their route's time, by
    /// length. What other ways of the route say is taken off first. Of several routes, the one with
    /// the fewest ways tells; a route that is not whole, or that branches, tells nothing.
    pub(super) fn time_ferries(&self, ways: &mut [WalkedWay]) {
        let mut crossings: Vec<(&[i64], Seconds)> = self
            .relations
            .iter()
            .filter_map(|route| match route.uses.walk?.kind {
                WayKind::Ferry(Some(time)) => {
                    Some(route.crossings.iter().map(move |ways| (&ways[..], time)))
                }
                _ => None,
            })
            .flatten()
            .collect();
        crossings.sort_by_key(|(ways, _)| ways.len());
        let positions: FxHashMap<i64, usize> =
            ways.iter().enumerate().map(|(n, way)| (way.id, n)).collect();
        for (crossing, time) in crossings {
            let members: Option<Vec<usize>> =
                crossing.iter().map(|id| positions.get(id).copied()).collect();
            let Some(stretches) = members.and_then(|members| self.stretches(members, ways)) else {
                continue;
            };
            let said = stretches.iter().filter_map(|stretch| stretch.said);
            let rest = time.saturating_sub(said.fold(Seconds::ZERO, |sum, time| sum + time));
            let whole: f64 = stretches
                .iter()
                .filter(|stretch| stretch.said.is_none())
                .map(|stretch| stretch.length)
                .sum();
            if rest == Seconds::ZERO || whole <= 0.0 {
                continue;
            }
            for stretch in stretches {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share of a time"
                )]
                let share = Seconds::new(
                    (f64::from(rest.get()) * stretch.length / whole).round().max(1.0) as u32,
                );
                let time = stretch.said.unwrap_or(share);
                for n in stretch.ways {
                    if ways[n].access.kind == WayKind::Ferry(None) {
                        ways[n].access.kind = WayKind::Ferry(Some(time));
                    }
                }
            }
        }
    }

    /// The stretches of a crossing, if its ferries lead from one landing to one other. Streets
    /// among its ways are none of it.
    fn stretches(&self, mut members: Vec<usize>, ways: &[WalkedWay]) -> Option<Vec<Stretch>> {
        members.sort_unstable();
        members.dedup();
        let mut stretches: BTreeMap<[i64; 2], Stretch> = BTreeMap::new();
        for n in members {
            let way = &ways[n];
            let WayKind::Ferry(said) = way.access.kind else { continue };
            let (first, last) = (*way.refs.first()?, *way.refs.last()?);
            let stretch = stretches.entry([first.min(last), first.max(last)]).or_default();
            stretch.ways.push(n);
            stretch.length = stretch.length.max(self.length(way)?);
            stretch.said = stretch.said.max(said);
        }
        let mut met: BTreeMap<i64, usize> = BTreeMap::new();
        stretches.keys().flatten().for_each(|end| *met.entry(*end).or_default() += 1);
        let landings = met.values().filter(|count| **count == 1).count();
        let is_a_line = landings == 2
            && met.values().all(|count| *count <= 2)
            && met.len() == stretches.len() + 1;
        is_a_line.then(|| stretches.into_values().collect())
    }

    /// How long a way is, metres; `None` if not all of its nodes are there.
    fn length(&self, way: &WalkedWay) -> Option<f64> {
        let line = self.line(way.refs);
        let map = Projection::about(*line.first()?);
        let pieces =
            line.windows(2).map(|pair| map.project(pair[0]).distance(map.project(pair[1])).get());
        (line.len() == way.refs.len()).then(|| pieces.sum())
    }
}
