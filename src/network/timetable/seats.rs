//! Who may stay seated: which run a vehicle makes after which.
//!
//! Seats are linked among all the trips that the feeds publish for a date, whether this query lets them run or not. A trip
//! that is left out so leaves a gap in its block: the trips before and after it do not become neighbours, for nothing was
//! published of a vehicle that goes from one straight to the other. Leaving trips out can thus never shorten a time.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{Instance, near};
use crate::ids::{FeedIdx, Idx};
use crate::inputs::gtfs::{Feed, TransferKind};
use crate::units::ServiceTime;

/// From one instance to another, by their positions.
pub(super) type Link = (usize, usize);

/// The links between instances, which stand in their order: transfer type 4, and the next trip of a block on the same
/// service day where that begins at the same place; type 5 forbids it.
pub(super) fn links(feeds: &[Feed], instances: &[Instance]) -> Vec<Link> {
    let mut of_trip: FxHashMap<(FeedIdx, u32), Vec<usize>> = FxHashMap::default();
    let mut blocks: FxHashMap<(FeedIdx, Date, u32), Vec<usize>> = FxHashMap::default();
    for (number, instance) in instances.iter().enumerate() {
        of_trip.entry((instance.feed, instance.trip)).or_default().push(number);
        if let Some(block) = feeds[instance.feed.at()].trips[instance.trip as usize].block {
            blocks.entry((instance.feed, instance.date, block)).or_default().push(number);
        }
    }
    let said = said_of_seats(feeds);
    let mut links: Vec<Link> = Vec::new();
    for block in blocks.values() {
        for (a, b) in same_vehicle(block, instances) {
            let trips = (instances[a].feed, instances[a].trip, instances[b].trip);
            if same_place(feeds, &instances[a], &instances[b]) && said.get(&trips) != Some(&false) {
                links.push((a, b));
            }
        }
    }
    let of_trip = |feed, trip| of_trip.get(&(feed, trip)).into_iter().flatten().copied();
    for ((feed, from, to), _) in said.iter().filter(|(_, stays)| **stays) {
        for a in of_trip(*feed, *from) {
            let same_day = of_trip(*feed, *to).filter(|b| instances[*b].date == instances[a].date);
            links.extend(same_day.filter(|b| follows(instances, a, *b)).map(|b| (a, b)));
        }
    }
    links.sort_unstable();
    links.dedup();
    links
}

/// Which of a block one vehicle makes one after the other: the next to depart when one has arrived, if no other has arrived
/// since. In a block whose trips overlap nobody can tell which vehicle goes on, and only the last to arrive is taken to.
fn same_vehicle(block: &[usize], instances: &[Instance]) -> Vec<Link> {
    let starts = |n: usize| instances[n].first;
    let ends = |n: usize| instances[n].last;
    let follow = |a: usize| block.iter().copied().filter(move |b| follows(instances, a, *b));
    let lead = |b: usize| block.iter().copied().filter(move |a| follows(instances, *a, b));
    let next = |a: usize| {
        let first: Option<ServiceTime> = follow(a).map(starts).min();
        follow(a).filter(move |b| Some(starts(*b)) == first)
    };
    let is_last = |a: usize, b: usize| Some(ends(a)) == lead(b).map(ends).max();
    block.iter().flat_map(|a| next(*a).filter(|b| is_last(*a, *b)).map(|b| (*a, b))).collect()
}

/// Whether `b` can be ridden on from `a`: it departs when `a` has arrived or later, and stands behind it in order, so
/// that links never make a circle.
fn follows(instances: &[Instance], a: usize, b: usize) -> bool {
    b > a && instances[b].first >= instances[a].last
}

fn same_place(feeds: &[Feed], a: &Instance, b: &Instance) -> bool {
    let stop = |instance: &Instance, last: bool| {
        let feed = &feeds[instance.feed.at()];
        let calls = &feed.trips[instance.trip as usize].calls;
        let number = feed.calls[(if last { calls.end - 1 } else { calls.start }) as usize].stop;
        (number, &feed.stops[number as usize])
    };
    let ((a, a_stop), (b, b_stop)) = (stop(a, true), stop(b, false));
    a == b
        || (a_stop.parent.is_some() && a_stop.parent == b_stop.parent)
        || a_stop.point.zip(b_stop.point).is_some_and(|(a, b)| near(a, b))
}

/// What transfers.txt says of staying seated from one trip to another: type 4 allows it, type 5 forbids it. Of several rows
/// about the same trips the first holds.
fn said_of_seats(feeds: &[Feed]) -> FxHashMap<(FeedIdx, u32, u32), bool> {
    let mut said = FxHashMap::default();
    for (number, feed) in feeds.iter().enumerate() {
        for row in &feed.transfers {
            let stays = match row.kind {
                TransferKind::StaySeated => true,
                TransferKind::GetOff => false,
                _ => continue,
            };
            if let (Some(from), Some(to)) = (row.from_trip, row.to_trip) {
                said.entry((FeedIdx::new(number), from, to)).or_insert(stays);
            }
        }
    }
    said
}
