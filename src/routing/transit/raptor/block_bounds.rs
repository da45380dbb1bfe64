//! Rows of times, one for each destination of a block, and what is known of a row without reading
//! it.
//!
//! A row lies somewhere in a table of many megabytes, so that to read it is to wait for memory;
//! nine in ten rows that could be read would then turn out to make no time earlier. So a row is
//! summed up: its lanes fall into [`STRIPS`] strips, and of each strip the earliest and the latest
//! time are kept apart, in a table that stays in the cache. A row whose earliest times are all no
//! earlier than the latest ones known can lower none of them.
//!
//! The lanes of a strip do not lie side by side but each [`STRIPS`] lanes apart, so that the
//! extremes are found by whole vectors. A strip tells most if its destinations are near each other:
//! see [`deal`].

/// Strips of a row: as many as fill one vector.
pub(in crate::routing) const STRIPS: usize = 8;

/// A time for each strip.
pub(in crate::routing) type Strips = [u16; STRIPS];

/// The earliest time of each strip; of a strip without lanes, the last time there is.
#[inline]
pub(in crate::routing) fn earliest<const W: usize>(row: &[u16; W]) -> Strips {
    let (whole, rest) = row.as_chunks::<STRIPS>();
    let mut strips = [u16::MAX; STRIPS];
    whole.iter().for_each(|part| least(&mut strips, part));
    strips.iter_mut().zip(rest).for_each(|(strip, time)| *strip = *time);
    strips
}

/// The latest time of each strip, but none after `limit`; of a strip without lanes, 0.
#[inline]
pub(in crate::routing) fn latest<const W: usize>(row: &[u16; W], limit: u16) -> Strips {
    let (whole, rest) = row.as_chunks::<STRIPS>();
    let mut strips = [0u16; STRIPS];
    for part in whole {
        strips.iter_mut().zip(part).for_each(|(strip, time)| *strip = (*time).max(*strip));
    }
    strips.iter_mut().zip(rest).for_each(|(strip, time)| *strip = *time);
    least(&mut strips, &[limit; STRIPS]);
    strips
}

/// Whether a row with these earliest times can lower any time of a row with these latest ones.
#[inline]
pub(in crate::routing) fn may_lower(earliest: &Strips, latest: &Strips) -> bool {
    let mut gain = 0u16;
    for (new, known) in earliest.iter().zip(latest) {
        gain |= known.saturating_sub(*new);
    }
    gain != 0
}

/// Lowers each time to the other's.
#[inline]
pub(in crate::routing) fn least<const W: usize>(times: &mut [u16; W], other: &[u16; W]) {
    for (time, other) in times.iter_mut().zip(other) {
        *time = (*time).min(*other);
    }
}

/// The times that are earlier than the known ones; in place of the others the last time there is.
#[inline]
pub(in crate::routing) fn lowered<const W: usize>(row: &[u16; W], known: &[u16; W]) -> [u16; W] {
    let mut times = [u16::MAX; W];
    for ((time, new), known) in times.iter_mut().zip(row).zip(known) {
        *time = if new < known { *new } else { u16::MAX };
    }
    times
}

/// Whether any time up to `last` is earlier than the known one.
#[inline]
pub(in crate::routing) fn lowers<const W: usize>(
    row: &[u16; W],
    known: &[u16; W],
    last: u16,
) -> bool {
    let mut gain = 0;
    for (new, known) in row.iter().zip(known) {
        gain |= (*known).min(last.saturating_add(1)).saturating_sub(*new);
    }
    gain != 0
}

/// Orders things, of which those near each other follow each other, so that as lanes those of a
/// strip are.
pub(in crate::routing) fn deal<T: Copy>(things: &[T]) -> Vec<T> {
    let deep = |strip: usize| things.len().saturating_sub(strip).div_ceil(STRIPS);
    let mut begins = [0; STRIPS];
    for strip in 1..STRIPS {
        begins[strip] = begins[strip - 1] + deep(strip - 1);
    }
    (0..things.len()).map(|lane| things[begins[lane % STRIPS] + lane / STRIPS]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_strip() {
        assert_eq!(deal(&[0, 1, 2, 3, 4]), [0, 1, 2, 3, 4]);
        let dealt = deal(&(0..20).collect::<Vec<_>>());
        assert_eq!(dealt, [0, 3, 6, 9, 12, 14, 16, 18, 1, 4, 7, 10, 13, 15, 17, 19, 2, 5, 8, 11]);
    }

    #[test]
    fn a_row_that_can_lower_a_time_is_never_passed_over() {
        // Whatever the rows, what the summaries rule out lowers nothing.
        let mut state = 1u64;
        let mut roll = |sides: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u16::try_from((state >> 33) % sides).expect("small")
        };
        let mut passed_over = 0;
        for _ in 0..20_000 {
            let base = roll(40);
            let (row, known): ([u16; 64], [u16; 64]) =
                (std::array::from_fn(|_| base + roll(30)), std::array::from_fn(|_| 10 + roll(30)));
            let last = roll(90);
            if !may_lower(&earliest(&row), &latest(&known, last + 1)) {
                assert!(!lowers(&row, &known, last));
                passed_over += 1;
            }
        }
        assert!(passed_over > 1000, "{passed_over}");
    }

    #[test]
    fn a_row_shorter_than_the_strips_has_the_times_it_has() {
        let (early, late) = (earliest(&[7]), latest(&[9], 60));
        assert_eq!((early[0], late[0], late[1]), (7, 9, 0));
        assert!(may_lower(&early, &late), "9 to 7");
        assert!(!may_lower(&earliest(&[9]), &latest(&[7], 60)), "7 stays");
    }
}
