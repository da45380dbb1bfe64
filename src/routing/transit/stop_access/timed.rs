//! Timed changes (transfers.txt, type 1) between stops that no walk joins.
//!
//! A vehicle waits for the other, but nobody is there without walking. Where no street or pathway
//! joins the two stops, the straight line is walked, if it is no longer than the longest change; a
//! row about stops further apart makes no change that was not there without it.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{Csr, FeedIdx, Idx, StopIdx};
use crate::inputs::gtfs::{Feed, TransferKind};
use crate::network::stops::Stops;
use crate::network::streets::Streets;
use crate::routing::network::WalkSettings;
use crate::routing::transit::access_egress::StopWalk;
use crate::units::{Metres, Seconds};

/// Takes rows about stops too far from each other for what they are without the promise:
/// recommended.
pub(in crate::routing) fn only_near(
    feeds: &mut [Feed],
    streets: &Streets,
    settings: &WalkSettings,
    findings: &mut Findings,
) {
    for feed in feeds {
        let mut far = 0;
        let mut transfers = std::mem::take(&mut feed.transfers);
        for row in transfers.iter_mut().filter(|row| row.kind == TransferKind::Timed) {
            let Some((from, to)) = row.from_stop.zip(row.to_stop) else { continue };
            if line(feed, streets, from, to).is_some_and(|line| line > settings.max_transfer) {
                row.kind = TransferKind::Recommended;
                far += 1;
            }
        }
        feed.transfers = transfers;
        findings.count(
            Severity::Warning,
            "timed_transfer_too_far",
            Outcome::Repaired,
            feed.name.as_str(),
            far,
            "timed transfers between stops further apart than the longest change: taken as any other change",
        );
    }
}

/// Adds the straight walks to those between stops.
pub(in crate::routing) fn with_straight_walks(
    footpaths: &Csr<StopIdx, StopWalk>,
    feeds: &[Feed],
    stops: &Stops,
    streets: &Streets,
    settings: &WalkSettings,
    findings: &mut Findings,
) -> Csr<StopIdx, StopWalk> {
    let mut rows: Vec<Vec<StopWalk>> =
        (0..footpaths.rows()).map(|stop| footpaths[StopIdx::new(stop)].to_vec()).collect();
    for (number, feed) in feeds.iter().enumerate() {
        let mut platforms: BTreeMap<u32, Vec<(u32, StopIdx)>> = BTreeMap::new();
        for (position, stop) in (0_u32..).zip(&feed.stops) {
            let Some(called) = stops.find(FeedIdx::new(number), position) else { continue };
            for at in [Some(position), stop.parent].into_iter().flatten() {
                platforms.entry(at).or_default().push((position, called));
            }
        }
        let at =
            |stop: Option<u32>| stop.and_then(|stop| platforms.get(&stop)).into_iter().flatten();
        let mut assumed = 0;
        let mut seen: FxHashSet<(StopIdx, StopIdx)> = FxHashSet::default();
        for row in feed.transfers.iter().filter(|row| row.kind == TransferKind::Timed) {
            for (from, from_stop) in at(row.from_stop) {
                for (to, to_stop) in at(row.to_stop).filter(|(_, to)| to != from_stop) {
                    let is_known = || rows[from_stop.at()].iter().any(|link| link.stop == *to_stop);
                    if !seen.insert((*from_stop, *to_stop)) || is_known() {
                        continue;
                    }
                    let Some(line) = line(feed, streets, *from, *to) else { continue };
                    let walk: Seconds = (line / settings.profile.speed).ceil();
                    rows[from_stop.at()].push(StopWalk { stop: *to_stop, walk });
                    assumed += 1;
                }
            }
        }
        findings.count(
            Severity::Warning,
            "straight_transfer",
            Outcome::Repaired,
            feed.name.as_str(),
            assumed,
            format!("between {assumed} pairs of stops with a timed transfer no way is known: the straight line is walked"),
        );
    }
    rows.iter_mut().for_each(|row| row.sort_unstable());
    Csr::from_rows(rows)
}

fn line(feed: &Feed, streets: &Streets, from: u32, to: u32) -> Option<Metres> {
    let at = |stop: u32| feed.stops[stop as usize].point.map(|point| streets.project(point));
    Some(at(from)?.distance(at(to)?))
}
