//! The slow, obvious router that the fast one is held to: own types, no rows, no patterns, no
//! pruning, no sharing between departures. Every trip is tried from every stop to every later stop,
//! ride after ride.

mod against_the_fast_router;

/// A vehicle's way; trips one may stay seated for are simply appended to it.
#[derive(Clone, Debug)]
pub struct ReferenceTrip(pub Vec<Stopping>);

#[derive(Clone, Copy, Debug)]
pub struct Stopping {
    pub stop: usize,
    pub arrival: i64,
    pub departure: i64,
    pub board: bool,
    pub alight: bool,
}

#[derive(Clone, Debug, Default)]
pub struct ReferenceNetwork {
    pub trips: Vec<ReferenceTrip>,
    /// (from stop, to stop, seconds); staying where one is need not be listed.
    pub footpaths: Vec<(usize, usize, i64)>,
    /// (stop, seconds) from the origin.
    pub access: Vec<(usize, i64)>,
    /// (stop, destination, seconds).
    pub egress: Vec<(usize, usize, i64)>,
    /// (destination, seconds) on foot all the way.
    pub direct: Vec<(usize, i64)>,
    pub stops: usize,
    pub destinations: usize,
    pub slack: i64,
    pub max_rides: usize,
    pub max_time: i64,
}

impl ReferenceNetwork {
    /// The travel time from the origin to each destination, leaving at `departure`.
    pub fn travel_times(&self, departure: i64) -> Vec<Option<i64>> {
        let mut best: Vec<Option<i64>> = vec![None; self.destinations];
        let lower =
            |old: &mut Option<i64>, new: i64| *old = Some(old.map_or(new, |old| old.min(new)));
        for (destination, walk) in &self.direct {
            lower(&mut best[*destination], departure + walk);
        }
        let mut at_stop: Vec<Option<i64>> = vec![None; self.stops];
        for (stop, walk) in &self.access {
            lower(&mut at_stop[*stop], departure + walk);
        }
        for _ in 0..self.max_rides {
            let mut off: Vec<Option<i64>> = vec![None; self.stops];
            for ReferenceTrip(calls) in &self.trips {
                for (i, from) in calls.iter().enumerate().filter(|(_, call)| call.board) {
                    if at_stop[from.stop].is_some_and(|at| at + self.slack <= from.departure) {
                        for to in calls[i + 1..].iter().filter(|call| call.alight) {
                            lower(&mut off[to.stop], to.arrival);
                        }
                    }
                }
            }
            for (stop, destination, walk) in &self.egress {
                if let Some(arrival) = off[*stop] {
                    lower(&mut best[*destination], arrival + walk);
                }
            }
            at_stop = off.clone();
            for (from, to, walk) in &self.footpaths {
                if let Some(arrival) = off[*from] {
                    lower(&mut at_stop[*to], arrival + walk);
                }
            }
        }
        best.into_iter()
            .map(|arrival| arrival.map(|a| a - departure).filter(|time| *time <= self.max_time))
            .collect()
    }
}
