//! Blank times between two timed calls are filled in proportion to the way between the stops.

use super::calls::RawCall;
use super::records::{Call, Stop};
use crate::units::ServiceTime;

/// The stops as points of the unit sphere. Straight distances between stops of a trip are so short
/// against the earth that the chord does for the arc: 40 km differ by 7 cm.
pub struct StopPoints(Vec<Option<[f64; 3]>>);

/// The mean radius of the earth (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// How many calls were filled in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilledCalls {
    /// By `shape_dist_traveled`.
    pub shape: u64,
    /// By straight lines between stops.
    pub line: u64,
    /// In equal steps.
    pub even: u64,
}

impl StopPoints {
    /// The stops' places.
    pub fn of(stops: &[Stop]) -> StopPoints {
        let on_sphere = |stop: &Stop| {
            let point = stop.point?;
            let (lon, lat) = (point.lon().to_radians(), point.lat().to_radians());
            Some([lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()])
        };
        StopPoints(stops.iter().map(on_sphere).collect())
    }

    /// The straight distance in metres; `None` if one of the stops has no place.
    pub fn metres(&self, from: u32, to: u32) -> Option<f64> {
        let place = |stop: u32| self.0.get(stop as usize).copied().flatten();
        let (a, b) = (place(from)?, place(to)?);
        let square: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
        Some(square.sqrt() * EARTH_RADIUS_M)
    }
}

/// Pushes the calls of a trip whose first and last times are known and whose known times never
/// fall.
pub fn fill(rows: &[RawCall], places: &StopPoints, calls: &mut Vec<Call>, ways: &mut FilledCalls) {
    let mut rest = rows;
    while let Some((row, behind)) = rest.split_first() {
        let (Some(arrival), Some(departure)) = (row.arrival, row.departure) else { return };
        calls.push(call(row, arrival, departure, false));
        let blanks = behind.iter().take_while(|row| row.arrival.is_none()).count();
        // From this timed call to the next one, both included.
        if let Some(stretch) = rest.get(..blanks + 2).filter(|_| blanks > 0) {
            fill_stretch(stretch, departure, places, calls, ways);
        }
        rest = behind.get(blanks..).unwrap_or_default();
    }
}

/// Fills the calls between the two ends of a stretch.
fn fill_stretch(
    stretch: &[RawCall],
    left: ServiceTime,
    places: &StopPoints,
    calls: &mut Vec<Call>,
    ways: &mut FilledCalls,
) {
    let [_, blanks @ .., last] = stretch else { return };
    let Some(span) = last.arrival.and_then(|arrival| arrival.since(left)) else { return };
    let (shares, way) = if let Some(shares) = shares(&shape_steps(stretch)) {
        (shares, &mut ways.shape)
    } else if let Some(shares) = shares(&line_steps(stretch, places)) {
        (shares, &mut ways.line)
    } else {
        (even_shares(stretch.len() - 1), &mut ways.even)
    };
    *way += blanks.len() as u64;
    for (row, share) in blanks.iter().zip(shares) {
        // A share is between 0 and 1, so the product lies within the span.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "within the span, which is whole seconds"
        )]
        let time = ServiceTime::new(left.get() + (f64::from(span.get()) * share).round() as i32);
        calls.push(call(row, time, time, true));
    }
}

fn shape_steps(stretch: &[RawCall]) -> Option<Vec<f64>> {
    stretch.iter().zip(stretch.iter().skip(1)).map(|(a, b)| Some(b.along? - a.along?)).collect()
}

fn line_steps(stretch: &[RawCall], places: &StopPoints) -> Option<Vec<f64>> {
    stretch.iter().zip(stretch.iter().skip(1)).map(|(a, b)| places.metres(a.stop, b.stop)).collect()
}

/// The share of the whole way behind each step; `None` unless every step leads on and there is a
/// way at all.
fn shares(steps: &Option<Vec<f64>>) -> Option<Vec<f64>> {
    let steps = steps.as_ref()?;
    let whole: f64 = steps.iter().sum();
    if !(whole.is_finite() && whole > 0.0) || steps.iter().any(|step| *step < 0.0) {
        return None;
    }
    let mut done = 0.0;
    let share = |step: &f64| {
        done += step;
        (done / whole).min(1.0)
    };
    Some(steps.iter().map(share).collect())
}

#[expect(clippy::cast_precision_loss, reason = "a trip has far fewer than 2^52 calls")]
fn even_shares(steps: usize) -> Vec<f64> {
    (1..=steps).map(|step| step as f64 / steps as f64).collect()
}

fn call(row: &RawCall, arrival: ServiceTime, departure: ServiceTime, interpolated: bool) -> Call {
    Call {
        stop: row.stop,
        arrival,
        departure,
        pickup: row.pickup,
        drop_off: row.drop_off,
        interpolated,
    }
}
