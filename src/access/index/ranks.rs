//! Ranks, and the transformation that stretches their needy end.

/// The rank of each number from the greatest, which is 1; equal numbers share the mean of the ranks they take up. What is
/// not known has none and takes none.
pub fn mean_ranks(numbers: &[Option<f64>]) -> Vec<Option<f64>> {
    let known: Vec<f64> = numbers.iter().flatten().copied().collect();
    let mut ranks = vec![0.0; known.len()];
    mean_ranks_of(&known, &mut Vec::new(), &mut ranks);
    let mut ranks = ranks.into_iter();
    numbers.iter().map(|number| number.and_then(|_| ranks.next())).collect()
}

/// As [`mean_ranks`], where all are known; `order` is room to work in.
#[expect(clippy::cast_precision_loss, reason = "far fewer neighbourhoods than 2^52")]
pub(super) fn mean_ranks_of(numbers: &[f64], order: &mut Vec<u32>, ranks: &mut [f64]) {
    order.clear();
    order.extend((0u32..).take(numbers.len()));
    order.sort_unstable_by(|a, b| numbers[*b as usize].total_cmp(&numbers[*a as usize]));
    let mut before = 0;
    for equal in order.chunk_by(|a, b| numbers[*a as usize] == numbers[*b as usize]) {
        let rank = before as f64 + (equal.len() as f64 + 1.0) / 2.0;
        equal.iter().for_each(|at| ranks[*at as usize] = rank);
        before += equal.len();
    }
}

/// The exponential transformation of a rank among `n`: 100 for rank 1, near 0 for the last.
#[expect(clippy::cast_precision_loss, reason = "far fewer neighbourhoods than 2^52")]
pub fn exponential(rank: f64, n: usize) -> f64 {
    let relative = (n as f64 - rank + 1.0) / n as f64;
    -23.0 * (-relative * (1.0 - (-100.0_f64 / 23.0).exp())).ln_1p()
}
