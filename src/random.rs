//! What is drawn by lot: always from a seed and a thing's own name, so that equal inputs give equal
//! numbers and one change moves no other draw. Nothing here is fit for secrets.

/// The golden ratio's fraction in 64 bits, which spreads seeds that lie close together.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers: SplitMix64 (G. Steele, D. Lea, C. Flood: Fast splittable pseudorandom number
/// generators, OOPSLA 2014).
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// The stream of a seed.
    pub fn new(seed: u64) -> SplitMix64 {
        SplitMix64(seed)
    }

    /// The next number from 0 to below 1.
    pub fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        fraction(finalised(self.0))
    }
}

/// A number made of parts, one after the other: the finalising steps of MurmurHash3 (A. Appleby,
/// public domain) after each.
#[derive(Clone, Debug)]
pub struct MurmurMix(u64);

impl MurmurMix {
    /// Begins with a seed.
    pub fn new(seed: u64) -> MurmurMix {
        MurmurMix(seed ^ GOLDEN)
    }

    /// Adds a part.
    pub fn add(&mut self, part: u64) {
        let mut h = self.0 ^ part;
        h ^= h >> 33;
        h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
        h ^= h >> 33;
        h = h.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        self.0 = h ^ (h >> 33);
    }

    /// What the parts came to, below a bound above 0.
    pub fn below(&self, bound: u32) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "below the bound, a u32")]
        let below = (self.0 % u64::from(bound.max(1))) as u32;
        below
    }
}

/// A number from 0 to below 1 that belongs to a seed and a name: FNV-1a over the name, mixed by
/// SplitMix64's finaliser.
pub fn of_name(seed: u64, name: &str) -> f64 {
    let fnv = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, fnv);
    fraction(finalised(hash ^ seed.wrapping_mul(GOLDEN)))
}

fn finalised(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[expect(clippy::cast_precision_loss, reason = "53 bits are taken")]
fn fraction(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_the_paper() {
        // The first numbers of the seed 1234567, as the authors' own program prints them.
        let mut stream = SplitMix64::new(1_234_567);
        let first = |bits: u64| fraction(bits);
        assert_eq!(stream.even(), first(6_457_827_717_110_365_317));
        assert_eq!(stream.even(), first(3_203_168_211_198_807_973));
    }

    #[test]
    fn names_and_seeds_draw_apart() {
        let drawn: Vec<u64> = (0..4)
            .flat_map(|seed| ["a", "b", "ab"].map(|name| of_name(seed, name).to_bits()))
            .collect();
        let mut apart = drawn.clone();
        apart.sort_unstable();
        apart.dedup();
        assert_eq!(apart.len(), drawn.len());
        assert!((0.0..1.0).contains(&of_name(7, "origin")));
    }

    #[test]
    fn what_is_mixed_stays_below_its_bound() {
        let mut mix = MurmurMix::new(1);
        for part in 0..1000 {
            mix.add(part);
            assert!(mix.below(30) < 30);
        }
        assert_eq!(mix.below(0), 0);
    }
}
