//! Numbers that look random and are the same on every system: a case is its seed.

/// SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014).
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// From 0 to `sides` − 1.
    pub fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        i64::try_from((mixed >> 1) % sides.unsigned_abs()).expect("below the sides")
    }

    /// From `least` to `most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.roll(most - least + 1)
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.roll(n) == 0
    }

    /// A position in a list of this length.
    pub fn at(&mut self, length: usize) -> usize {
        usize::try_from(self.roll(i64::try_from(length).expect("short"))).expect("not negative")
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.at(list.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.at(last + 1));
        }
    }
}
