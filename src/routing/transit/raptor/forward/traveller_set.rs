//! Sets of travellers.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};

/// Words of a set: enough for a cache line, and of a number the compiler knows.
const WORDS: usize = 8;

/// Travellers of a block, a bit each. A traveller is an origin at one departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct TravellerSet([u64; WORDS]);

impl TravellerSet {
    /// How many a block has.
    pub const MOST: usize = WORDS * 64;
    pub const NONE: TravellerSet = TravellerSet([0; WORDS]);

    pub fn add(&mut self, traveller: usize) {
        self.0[traveller / 64] |= 1 << (traveller % 64);
    }

    pub fn any(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) != 0
    }

    /// Empties the set; tells who was in it.
    pub fn take(&mut self) -> TravellerSet {
        std::mem::replace(self, TravellerSet::NONE)
    }

    pub fn each(&self, mut with: impl FnMut(usize)) {
        for (nth, word) in self.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                with(nth * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }
}

impl BitAnd for TravellerSet {
    type Output = TravellerSet;
    fn bitand(self, other: TravellerSet) -> TravellerSet {
        TravellerSet(std::array::from_fn(|n| self.0[n] & other.0[n]))
    }
}

impl BitOr for TravellerSet {
    type Output = TravellerSet;
    fn bitor(self, other: TravellerSet) -> TravellerSet {
        TravellerSet(std::array::from_fn(|n| self.0[n] | other.0[n]))
    }
}

impl BitAndAssign for TravellerSet {
    fn bitand_assign(&mut self, other: TravellerSet) {
        *self = *self & other;
    }
}

impl BitOrAssign for TravellerSet {
    fn bitor_assign(&mut self, other: TravellerSet) {
        *self = *self | other;
    }
}

impl Not for TravellerSet {
    type Output = TravellerSet;
    fn not(self) -> TravellerSet {
        TravellerSet(self.0.map(|word| !word))
    }
}
