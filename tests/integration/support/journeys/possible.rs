//! Whether a journey is possible by the feeds' rows and the walk tables, and its legs add up.

use lastmile::ids::{Idx, OriginIdx, PlaceIdx, StopIdx};
use lastmile::routing::JourneyLimits;
use lastmile::routing::query::journey::{Journey, Leg, WalkEnd};
use lastmile::routing::transit::transfers::{Transfer, Transfers};
use lastmile::units::{Seconds, ServiceTime};

use super::study::{RunRows, Tables};

/// What journeys are held to.
pub struct Ground<'a> {
    pub runs: Vec<RunRows<'a>>,
    pub tables: &'a Tables,
    pub changes: &'a Transfers,
    pub limits: JourneyLimits,
}

/// Where the traveller is after some legs.
struct Traveller {
    clock: i32,
    at: WalkEnd,
    /// When a vehicle may leave at the earliest for her to be on it.
    ready: Option<i32>,
    /// The ride she has just made, and the call where it ended.
    aboard: Option<(usize, usize)>,
    /// She has walked since she got off.
    changed: bool,
    boardings: u8,
}

impl Ground<'_> {
    /// What is wrong with a journey, if anything.
    pub fn fault(&self, origin: OriginIdx, place: PlaceIdx, journey: &Journey) -> Option<String> {
        let mut who = Traveller {
            clock: journey.departure.get(),
            at: WalkEnd::Origin,
            ready: None,
            aboard: None,
            changed: false,
            boardings: 0,
        };
        for (n, leg) in journey.legs.iter().enumerate() {
            let seated_next =
                matches!(journey.legs.get(n + 1), Some(Leg::Ride { seated: true, .. }));
            let done = match leg {
                Leg::Wait { at, time } => self.wait(&mut who, *at, *time),
                Leg::Walk { from, to, time } => {
                    self.walk(&mut who, (origin, place), *from, *to, *time)
                }
                Leg::Ride { .. } => self.ride(&mut who, leg, seated_next),
            };
            if let Err(fault) = done {
                return Some(format!("leg {n} at {}: {fault}", ServiceTime::new(who.clock)));
            }
        }
        let sum = journey.departure + journey.travel_time();
        let limits = self.limits;
        let held = [
            (who.at == WalkEnd::Destination, "it does not end at the destination"),
            (
                who.clock == journey.arrival.get() && sum == journey.arrival,
                "the legs do not add up",
            ),
            (who.boardings <= limits.max_rides, "too many rides"),
            (journey.travel_time() <= limits.max_time, "too long"),
        ];
        held.iter().find(|(holds, _)| !holds).map(|(_, fault)| (*fault).to_owned())
    }

    fn wait(&self, who: &mut Traveller, at: WalkEnd, time: Seconds) -> Result<(), String> {
        if at != who.at {
            // A change without a step between two stops is not told as a walk.
            let (WalkEnd::Stop(from), WalkEnd::Stop(to)) = (who.at, at) else {
                return Err("it waits elsewhere".into());
            };
            self.change(who, from, to, Seconds::ZERO)?;
        }
        who.clock += seconds(time);
        Ok(())
    }

    fn walk(
        &self,
        who: &mut Traveller,
        (origin, place): (OriginIdx, PlaceIdx),
        from: WalkEnd,
        to: WalkEnd,
        time: Seconds,
    ) -> Result<(), String> {
        if from != who.at {
            return Err("it walks from elsewhere".into());
        }
        let tables = self.tables;
        let in_table = match (from, to) {
            (WalkEnd::Origin, WalkEnd::Stop(stop)) => {
                who.ready = Some(who.clock + seconds(time) + seconds(self.limits.board_slack));
                tables.access[origin].iter().any(|link| link.stop == stop && link.walk == time)
            }
            (WalkEnd::Stop(stop), WalkEnd::Stop(to)) => {
                self.change(who, stop, to, time)?;
                true
            }
            (WalkEnd::Stop(stop), WalkEnd::Destination) => {
                !who.changed
                    && tables.egress[place]
                        .iter()
                        .any(|link| link.stop == stop && link.walk == time)
            }
            (WalkEnd::Origin, WalkEnd::Destination) => {
                tables.direct[origin].contains(&(place, time))
            }
            _ => false,
        };
        who.clock += seconds(time);
        who.at = to;
        who.aboard = None;
        if in_table {
            Ok(())
        } else {
            Err(format!("no table has the walk {from:?} to {to:?} of {} s", time.get()))
        }
    }

    fn change(
        &self,
        who: &mut Traveller,
        from: StopIdx,
        to: StopIdx,
        walk: Seconds,
    ) -> Result<(), String> {
        if who.aboard.is_none() || who.changed {
            return Err("it changes without a ride before".into());
        }
        let change = self.change_of(from, to).filter(|change| change.walk == walk);
        let change = change
            .ok_or_else(|| format!("no change from {from:?} to {to:?} takes {} s", walk.get()))?;
        who.ready = Some(who.clock + seconds(change.ready));
        (who.changed, who.at) = (true, WalkEnd::Stop(to));
        Ok(())
    }

    fn change_of(&self, from: StopIdx, to: StopIdx) -> Option<Transfer> {
        self.changes.from(from).into_iter().find(|change| change.stop == to)
    }

    fn ride(&self, who: &mut Traveller, leg: &Leg, seated_next: bool) -> Result<(), String> {
        let Leg::Ride { run, from, to, time, seated } = *leg else { return Err("no ride".into()) };
        let (from, to, rows) = (usize::from(from), usize::from(to), &self.runs[run.at()]);
        let (first, last) = (&rows.calls[from], &rows.calls[to]);
        let near =
            |ours: i32, row: i32, blank: bool| (ours - row - rows.shift).abs() <= i32::from(blank);
        if seated {
            self.stays_seated(who, run.at(), from)?;
        } else {
            if who.ready.is_none() {
                // The same stop: nothing was walked.
                let WalkEnd::Stop(stop) = who.at else {
                    return Err("it boards where no stop is".into());
                };
                let change = self.change_of(stop, stop).filter(|_| who.aboard.is_some());
                let waited = change.ok_or("it boards without having come")?;
                let (ride, call) = who.aboard.ok_or("it boards without having come")?;
                let alighted = self.runs[ride].calls[call].arrival + self.runs[ride].shift;
                who.ready = Some(alighted + seconds(waited.ready));
            }
            if who.ready.is_some_and(|ready| ready > who.clock) {
                return Err(format!("ready only at {:?}", who.ready));
            }
            if who.at != WalkEnd::Stop(rows.stops[from]) || !first.boards() || from >= to {
                return Err(format!("trip {} cannot be boarded at {}", rows.trip, first.stop));
            }
            if !near(who.clock, first.departure, first.blank) {
                return Err(format!(
                    "trip {} leaves at {} s of its day",
                    rows.trip, first.departure
                ));
            }
            who.boardings += 1;
        }
        who.clock += seconds(time);
        if !near(who.clock, last.arrival, last.blank) {
            return Err(format!("trip {} arrives at {} s of its day", rows.trip, last.arrival));
        }
        if !seated_next && (!last.alights() || to == 0) {
            return Err(format!("trip {} cannot be left at {}", rows.trip, last.stop));
        }
        who.at = WalkEnd::Stop(rows.stops[to]);
        (who.aboard, who.ready, who.changed) = (Some((run.at(), to)), None, false);
        Ok(())
    }

    /// The next trip of the block on the same date, from where the one before ended.
    fn stays_seated(&self, who: &Traveller, run: usize, from: usize) -> Result<(), String> {
        let (ride, call) = who.aboard.ok_or("it stays seated in nothing")?;
        let (before, next) = (&self.runs[ride], &self.runs[run]);
        let last = &before.calls[call];
        let same = call + 1 == before.calls.len()
            && from == 0
            && !before.block.is_empty()
            && before.block == next.block
            && before.date == next.date
            && next.calls[0].departure + next.shift >= last.arrival + before.shift;
        if same {
            Ok(())
        } else {
            Err(format!("nobody rides on from {} in {}", before.trip, next.trip))
        }
    }
}

fn seconds(time: Seconds) -> i32 {
    i32::try_from(time.get()).expect("a day at most")
}
