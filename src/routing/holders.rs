//! Which of the boardings that are judged together lead to some stop first.
//!
//! Together are those of one event, or of one origin and departure. Each stands as a candidate and takes the stops to which it
//! leads earlier than all before it; a later one may take them away again. Who holds no stop in the end gains nothing.

use crate::ids::{Idx, StopIdx};

/// The stops that candidates hold.
pub(super) struct Holders {
    /// By stop, the number of the candidate that holds it: counted on through all that were ever judged together.
    of_stop: Vec<u32>,
    /// The number of the first candidate now.
    first: u32,
    /// How many stops each candidate now holds. The first of them is to board nothing.
    held: Vec<u32>,
}

/// Nobody holds this stop.
const NOBODY: u32 = u32::MAX;

impl Holders {
    pub fn new(stops: usize) -> Holders {
        Holders { of_stop: vec![NOBODY; stops], first: 0, held: vec![0] }
    }

    /// Nobody holds any stop.
    pub fn reset(&mut self) {
        self.of_stop.fill(NOBODY);
        self.first = 0;
        self.held.clear();
        self.held.push(0);
    }

    /// Those who stand from now on are judged together. What is taken before the first of them stands is held without a
    /// boarding.
    pub fn begin(&mut self) {
        self.first += number_of(self.held.len());
        self.held.clear();
        self.held.push(0);
    }

    /// A candidate stands.
    pub fn stand(&mut self) {
        self.held.push(0);
    }

    /// The last candidate, who holds nothing, goes.
    pub fn withdraw(&mut self) {
        self.held.pop();
    }

    /// The last candidate takes a stop from whoever held it.
    pub fn take(&mut self, stop: StopIdx) {
        let own = self.held.len() - 1;
        let before = std::mem::replace(&mut self.of_stop[stop.at()], self.first + number_of(own));
        if let Some(loser) = before.checked_sub(self.first).and_then(|n| self.held.get_mut(n as usize)) {
            *loser -= 1;
        }
        self.held[own] += 1;
    }

    /// Of a list that ends with the candidates now, keeps those that hold a stop, and all before them.
    pub fn keep_among(&self, boardings: &mut Vec<u32>) {
        let candidates = self.held.len() - 1;
        let mut place = 0..boardings.len();
        let first = boardings.len() - candidates;
        boardings.retain(|_| place.next().is_none_or(|n| n < first || self.held[n - first + 1] > 0));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the boardings of one ride or origin are far fewer than 2^32"
)]
fn number_of(n: usize) -> u32 {
    n as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_no_stop_in_the_end_is_dropped_and_what_was_judged_before_stays() {
        let mut holders = Holders::new(3);
        let take = |holders: &mut Holders, stops: &[u32]| {
            stops.iter().for_each(|stop| holders.take(StopIdx(*stop)));
        };
        holders.begin();
        holders.stand();
        take(&mut holders, &[0, 1]);
        let mut kept = vec![10];
        holders.keep_among(&mut kept);
        assert_eq!(kept, [10]);

        holders.begin();
        take(&mut holders, &[2]); // by riding on
        holders.stand();
        take(&mut holders, &[1]); // from 10, whose case is closed
        holders.stand();
        holders.withdraw(); // leads nowhere
        holders.stand();
        take(&mut holders, &[1, 1, 2]); // calls there twice, the second time earlier
        kept.extend([20, 30]);
        holders.keep_among(&mut kept);
        assert_eq!(kept, [10, 30], "20 has lost its only stop");
    }

    #[test]
    fn after_a_reset_nobody_holds_anything() {
        let mut holders = Holders::new(1);
        holders.take(StopIdx(0));
        holders.reset();
        holders.begin();
        holders.stand();
        holders.take(StopIdx(0));
        let mut kept = vec![7];
        holders.keep_among(&mut kept);
        assert_eq!(kept, [7]);
    }
}
