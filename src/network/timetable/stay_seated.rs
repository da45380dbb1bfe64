//! Who may stay seated: which run a vehicle makes after which.
//!
//! Seats are linked among all the trips that the feeds publish for a date, whether this query lets
//! them run or not. A trip that is left out so leaves a gap in its block: the trips before and
//! after it do not become neighbours, for nothing was published of a vehicle that goes from one
//! straight to the other. Leaving trips out can thus never shorten a time.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{TripInstance, near};
use crate::ids::{FeedIdx, Idx};
use crate::inputs::gtfs::{Feed, TransferKind};
use crate::units::ServiceTime;

/// From one instance to another, by their positions.
pub(super) type SeatLink = (usize, usize);

/// The links between instances, which stand in their order: transfer type 4, and the next trip of a
/// block on the same service day where that begins at the same place. Type 5 forbids it, and where
/// a row of type 4 says how a trip goes on, its block does not (GTFS reference, linked trips).
///
/// Cost: n log n in the instances, beside the links found. A `matrix` of a day whose 16,000 trips
/// are one block took 4.28 CPU s while each trip was held against each other of its block, and
/// takes 0.08 (both built with opt-level 1).
pub(super) fn links(feeds: &[Feed], instances: &[TripInstance]) -> Vec<SeatLink> {
    let mut of_trip: FxHashMap<(FeedIdx, u32), Vec<usize>> = FxHashMap::default();
    let mut blocks: FxHashMap<(FeedIdx, Date, u32), Vec<usize>> = FxHashMap::default();
    for (number, instance) in instances.iter().enumerate() {
        of_trip.entry((instance.feed, instance.trip)).or_default().push(number);
        if let Some(block) = feeds[instance.feed.at()].trips[instance.trip as usize].block {
            blocks.entry((instance.feed, instance.date, block)).or_default().push(number);
        }
    }
    let said = said_of_seats(feeds);
    let of_trip = |feed, trip| of_trip.get(&(feed, trip)).map_or(&[][..], Vec::as_slice);
    let mut links: Vec<SeatLink> = Vec::new();
    let mut named_after: FxHashMap<(FeedIdx, u32), Vec<u32>> = FxHashMap::default();
    for ((feed, from, to), _) in said.iter().filter(|(_, stays)| **stays) {
        named_after.entry((*feed, *from)).or_default().push(*to);
        let next = of_trip(*feed, *to);
        links.extend(
            of_trip(*feed, *from)
                .iter()
                .filter_map(|a| Some((*a, named_next(*a, next, instances)?))),
        );
    }
    for block in blocks.values() {
        for (a, b) in same_vehicle(block, instances) {
            let trips = (instances[a].feed, instances[a].trip, instances[b].trip);
            let named = named_after.get(&(trips.0, trips.1)).into_iter().flatten();
            let goes_elsewhere = named.copied().any(|to| goes_on(feeds, &instances[a], to));
            if !goes_elsewhere
                && said.get(&trips) != Some(&false)
                && same_place(feeds, &instances[a], &instances[b])
            {
                links.push((a, b));
            }
        }
    }
    links.sort_unstable();
    links.dedup();
    links
}

/// Which departure of the trip that a row names an instance goes on as: the first that follows on
/// its service day. A trip that departs on its own service day before the other has arrived is one
/// of the service day after (GTFS reference).
fn named_next(a: usize, departures: &[usize], instances: &[TripInstance]) -> Option<usize> {
    let this = &instances[a];
    let begin = departures.partition_point(|b| *b <= a || instances[*b].first < this.last);
    let following = || departures[begin..].iter().copied();
    let same_day = following().find(|b| instances[*b].date == this.date);
    let tomorrow = this.date.tomorrow().ok();
    let is_next_day = |b: &usize| {
        let other = &instances[*b];
        Some(other.date) == tomorrow
            && other.first.get() - other.day_begins < this.last.get() - this.day_begins
    };
    same_day.or_else(|| following().find(is_next_day))
}

/// Whether a trip that a row names runs when the vehicle of an instance would go on as it. Whether
/// this query reaches so far plays no part: what it leaves out must make no neighbours.
fn goes_on(feeds: &[Feed], this: &TripInstance, to: u32) -> bool {
    let feed = &feeds[this.feed.at()];
    let calls = |trip: u32| {
        let calls = &feed.trips[trip as usize].calls;
        (&feed.calls[calls.start as usize], &feed.calls[calls.end as usize - 1])
    };
    let is_same_day = calls(to).0.departure >= calls(this.trip).1.arrival;
    let date = if is_same_day { Some(this.date) } else { this.date.tomorrow().ok() };
    let service = &feed.services[feed.trips[to as usize].service as usize];
    date.is_some_and(|date| service.runs_on(date))
}

/// Which of a block one vehicle makes one after the other: the next to depart when one has arrived,
/// if no other has arrived since. In a block whose trips overlap nobody can tell which vehicle goes
/// on, and only the last to arrive is taken to. The block's instances stand in their order, and so
/// in that of their first departures.
fn same_vehicle(block: &[usize], instances: &[TripInstance]) -> Vec<SeatLink> {
    let starts = |b: usize| instances[b].first;
    let latest_before = latest_arrivals(block, instances);
    let mut links = Vec::new();
    for (position, a) in block.iter().enumerate() {
        let arrived = instances[*a].last;
        let next = block.partition_point(|b| starts(*b) < arrived).max(position + 1);
        let Some(first) = block.get(next).map(|b| starts(*b)) else { continue };
        let as_soon = block[next..]
            .iter()
            .zip(&latest_before[next..])
            .take_while(|(b, _)| starts(**b) == first);
        links
            .extend(as_soon.filter(|(_, latest)| **latest == Some(arrived)).map(|(b, _)| (*a, *b)));
    }
    links
}

/// For each of a block the latest arrival, of those before it in order, that is not after its
/// departure.
fn latest_arrivals(block: &[usize], instances: &[TripInstance]) -> Vec<Option<ServiceTime>> {
    let mut under_way = BinaryHeap::new();
    let mut latest = None;
    let before = block.iter().map(|b| {
        while let Some(Reverse(arrival)) = under_way.peek().copied() {
            if arrival > instances[*b].first {
                break;
            }
            // The heap gives them in order: the last is the latest.
            latest = latest.max(Some(arrival));
            under_way.pop();
        }
        under_way.push(Reverse(instances[*b].last));
        latest
    });
    before.collect()
}

fn same_place(feeds: &[Feed], a: &TripInstance, b: &TripInstance) -> bool {
    let stop = |instance: &TripInstance, last: bool| {
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

/// What transfers.txt says of staying seated from one trip to another: type 4 allows it, type 5
/// forbids it. Of several rows about the same trips that which forbids it holds, whatever their
/// order.
fn said_of_seats(feeds: &[Feed]) -> FxHashMap<(FeedIdx, u32, u32), bool> {
    let mut said = FxHashMap::default();
    for (number, feed) in feeds.iter().enumerate() {
        for row in feed.transfers.iter().filter(|row| row.kind.is_about_seats()) {
            if let (Some(from), Some(to)) = (row.from_trip, row.to_trip) {
                let stays = said.entry((FeedIdx::new(number), from, to)).or_insert(true);
                *stays &= row.kind == TransferKind::StaySeated;
            }
        }
    }
    said
}
