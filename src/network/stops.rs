//! The stops that vehicles call at, numbered over all feeds.

use rustc_hash::FxHashMap;

use crate::geometry::LonLat;
use crate::ids::{FeedIdx, Idx, IdxVec, StopIdx};
use crate::inputs::gtfs::Feed;

/// All stops with at least one call, over all feeds. Ids are scoped by feed: two feeds may both
/// have a stop "1".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stops {
    all: IdxVec<StopIdx, StopRef>,
    numbers: FxHashMap<StopRef, StopIdx>,
}

/// Where a stop's row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StopRef {
    /// The feed.
    pub feed: FeedIdx,
    /// The position in that feed's stops.
    pub stop: u32,
}

impl Stops {
    /// Numbers the stops that are called at, near ones near each other in the numbering.
    pub fn number(feeds: &[Feed]) -> Stops {
        let mut called: Vec<StopRef> = Vec::new();
        for (f, feed) in feeds.iter().enumerate() {
            let mut has_call = vec![false; feed.stops.len()];
            for call in &feed.calls {
                has_call[call.stop as usize] = true;
            }
            let stops = (0u32..).zip(has_call).filter(|(_, called)| *called);
            called.extend(stops.map(|(stop, _)| StopRef { feed: FeedIdx::new(f), stop }));
        }
        called.sort_by_key(|at| (cell(feeds[at.feed.at()].stops[at.stop as usize].point), *at));
        let all: IdxVec<StopIdx, StopRef> = called.into();
        let numbers = all.enumerate().map(|(number, at)| (*at, number)).collect();
        Stops { all, numbers }
    }

    /// The number of a feed's stop; `None` if nothing calls there.
    pub fn find(&self, feed: FeedIdx, stop: u32) -> Option<StopIdx> {
        self.numbers.get(&StopRef { feed, stop }).copied()
    }

    /// Where a stop's row is.
    pub fn source(&self, stop: StopIdx) -> StopRef {
        self.all[stop]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Their numbers in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = StopIdx> + ExactSizeIterator + use<> {
        self.all.indices()
    }
}

/// A place on a Z-order curve of cells some 60 m across, so that stops near each other on the
/// ground are so in memory.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "degrees are in range")]
fn cell(point: Option<LonLat>) -> u64 {
    let Some(point) = point else { return u64::MAX };
    let spread = |degrees: f64, span: f64| {
        let mut bits = (degrees / span * f64::from(1 << 20)) as u64;
        bits = (bits | bits << 16) & 0x0000_ffff_0000_ffff;
        bits = (bits | bits << 8) & 0x00ff_00ff_00ff_00ff;
        bits = (bits | bits << 4) & 0x0f0f_0f0f_0f0f_0f0f;
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333;
        (bits | bits << 1) & 0x5555_5555_5555_5555
    };
    spread(point.lon() + 180.0, 360.0) << 1 | spread(point.lat() + 90.0, 180.0)
}
