//! What is on the road on a date without having set out on it: trips of service days before that
//! run on past midnight.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::inputs::gtfs::Feed;

const DAY: i32 = 86_400;

/// Whether a trip of a service day before is under way on a date, as the feed's own clock counts.
pub fn runs_on_past_midnight(feed: &Feed, date: Date) -> bool {
    let latest = latest_arrivals(feed);
    feed.trips.iter().zip(&latest).any(|(trip, latest)| {
        let service = &feed.services[trip.service as usize];
        let is_out =
            |days: i32| date.checked_sub(days.days()).is_ok_and(|before| service.runs_on(before));
        // A trip that arrives at 24:00 is over when the date begins.
        !trip.withdrawn && (1..=(latest - 1).div_euclid(DAY)).any(is_out)
    })
}

/// When the last departure of each trip has arrived, in seconds of its service day.
fn latest_arrivals(feed: &Feed) -> Vec<i32> {
    let ends = |trip: &crate::inputs::gtfs::Trip| {
        let calls = &feed.calls[trip.calls.start as usize..trip.calls.end as usize];
        calls
            .first()
            .zip(calls.last())
            .map_or((0, 0), |(first, last)| (first.departure.get(), last.arrival.get()))
    };
    let mut latest: Vec<i32> = feed.trips.iter().map(|trip| ends(trip).1).collect();
    let mut by_headway = vec![None::<i32>; feed.trips.len()];
    for row in &feed.frequencies {
        let (first, last) = ends(&feed.trips[row.trip as usize]);
        let of_trip = &mut by_headway[row.trip as usize];
        *of_trip = (*of_trip).max(Some(row.end.get() - 1 - first + last));
    }
    latest
        .iter_mut()
        .zip(by_headway)
        .for_each(|(latest, by_headway)| *latest = by_headway.unwrap_or(*latest));
    latest
}
