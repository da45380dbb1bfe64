//! What must hold whatever the data: taking away makes nothing better, and adding nothing worse.

use super::error::{BetterTime, ScenarioError};
use crate::access::origin_accessibility::OriginWindow;
use crate::inputs::project::scenarios::Acts;
use crate::units::Seconds;

/// What the numbers are about, for the message.
pub struct GuardedNumbers<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// The window.
    pub window: &'a str,
    /// The categories' names.
    pub categories: &'a [&'a str],
    /// The percentiles.
    pub percentiles: &'a [u8],
    /// Each origin's id and its neighbourhood.
    pub origin: &'a dyn Fn(usize) -> (String, String),
}

/// Whether every number moved in a way in which the scenario may act; nothing is asserted of one
/// that may act either way.
///
/// # Errors
/// With the first cell that moved otherwise.
pub fn as_it_may(
    about: &GuardedNumbers,
    acts: Acts,
    before: &[OriginWindow],
    after: &[OriginWindow],
) -> Result<(), ScenarioError> {
    if !acts.shorter {
        nothing_better(about, before, after)?;
    }
    if !acts.longer {
        nothing_worse(about, before, after)?;
    }
    Ok(())
}

/// Whether no time of any origin to any category is longer at any percentile, and no count of jobs
/// is smaller.
///
/// # Errors
/// With the first cell that is worse.
pub fn nothing_worse(
    about: &GuardedNumbers,
    before: &[OriginWindow],
    after: &[OriginWindow],
) -> Result<(), ScenarioError> {
    match nothing_better(about, after, before) {
        Err(ScenarioError::Better(found)) => {
            let BetterTime { before, after, .. } = *found;
            let promise = "takes nothing away".to_owned();
            Err(Box::new(BetterTime { promise, before: after, after: before, ..*found }).into())
        }
        other => other,
    }
}

/// Whether no time of any origin to any category is shorter at any percentile, and no count of jobs
/// is larger.
///
/// # Errors
/// With the first cell that is better.
pub fn nothing_better(
    about: &GuardedNumbers,
    before: &[OriginWindow],
    after: &[OriginWindow],
) -> Result<(), ScenarioError> {
    for (number, (before, after)) in before.iter().zip(after).enumerate() {
        for (category, name) in about.categories.iter().enumerate() {
            let of = |found: &OriginWindow| {
                let mut times = found.nearest[category].clone();
                times.push(found.median[category]);
                times
            };
            for (nth, (b, a)) in of(before).into_iter().zip(of(after)).enumerate() {
                if a.map_or(u32::MAX, |time| time.get()) < b.map_or(u32::MAX, |time| time.get()) {
                    let percentile = about.percentiles.get(nth).copied().unwrap_or(50);
                    let what = format!("the time to the nearest {name} (p{percentile})");
                    return Err(better(about, number, what, said(b), said(a)));
                }
            }
        }
        if let Some((b, a)) = before.jobs.as_ref().zip(after.jobs.as_ref()) {
            let pairs =
                |b: &[f64], a: &[f64]| b.iter().copied().zip(a.iter().copied()).collect::<Vec<_>>();
            let counts =
                [pairs(&b.of_median, &a.of_median), pairs(&b.median_of, &a.median_of)].concat();
            // Sums of shares in another order may differ in their last bits.
            if let Some((b, a)) = counts.into_iter().find(|(b, a)| *a > b + 1e-6 * b.abs().max(1.0))
            {
                let what = "the number of jobs within reach".to_owned();
                return Err(better(about, number, what, b.to_string(), a.to_string()));
            }
        }
    }
    Ok(())
}

fn said(time: Option<Seconds>) -> String {
    time.map_or_else(|| "unreachable".to_owned(), |time| format!("{} s", time.get()))
}

fn better(
    about: &GuardedNumbers,
    origin: usize,
    what: String,
    before: String,
    after: String,
) -> ScenarioError {
    let (origin, neighbourhood) = (about.origin)(origin);
    let (scenario, window) = (about.scenario.to_owned(), about.window.to_owned());
    let promise = "only takes away".to_owned();
    Box::new(BetterTime { scenario, promise, what, origin, neighbourhood, window, before, after })
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(p25: Option<u32>, p50: Option<u32>) -> Vec<OriginWindow> {
        let (p25, p50) = (p25.map(Seconds::new), p50.map(Seconds::new));
        vec![OriginWindow { nearest: vec![vec![p25, p50]], median: vec![p50], jobs: None }]
    }

    #[test]
    fn a_shorter_time_is_named_with_its_cell() {
        let about = GuardedNumbers {
            scenario: "evening",
            window: "am",
            categories: &["library"],
            percentiles: &[25, 50],
            origin: &|_| ("o1".into(), "Northmoor 007A".into()),
        };
        let before = found(Some(600), None);
        for (p25, p50) in [(Some(600), None), (Some(700), None), (None, None)] {
            nothing_better(&about, &before, &found(p25, p50)).expect("nothing is better");
        }
        let error =
            nothing_better(&about, &before, &found(Some(599), None)).expect_err("a second less");
        assert!(
            error.to_string().contains(
                "library (p25) from origin o1 (Northmoor 007A) in window am goes from 600 s to 599 s"
            ),
            "{error}"
        );
        assert!(nothing_better(&about, &before, &found(Some(600), Some(7000))).is_err(), "gained");
    }
}
