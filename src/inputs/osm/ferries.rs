//! Ferries whose time stands on the relation of their route.

use rustc_hash::FxHashMap;

use super::merge::MergedExtracts;
use super::scan::FoundWay;
use super::walk_rules::{WalkAccess, WayKind};
use crate::geometry::Projection;
use crate::units::Seconds;

impl MergedExtracts {
    /// Gives ferries that do not say how long they take their share of their route's time, by
    /// length. What other ways of the route say is taken off first. Of several routes, the one with
    /// the fewest ways tells; a route that is not whole tells nothing.
    pub(super) fn time_ferries(&self, ways: &mut [(FoundWay, WalkAccess)]) {
        let timed = |kind| matches!(kind, WayKind::Ferry(Some(_)));
        let mut routes: Vec<(&[i64], Seconds)> = self
            .relations
            .iter()
            .filter_map(|route| match route.uses.walk?.kind {
                WayKind::Ferry(Some(time)) => Some((route.outline.as_slice(), time)),
                _ => None,
            })
            .collect();
        routes.sort_by_key(|(ways, _)| ways.len());
        let positions: FxHashMap<i64, usize> =
            ways.iter().enumerate().map(|(n, (way, _))| (way.id, n)).collect();
        for (route, time) in routes {
            let members: Option<Vec<usize>> =
                route.iter().map(|id| positions.get(id).copied()).collect();
            let Some(mut members) = members else { continue };
            members.sort_unstable();
            members.dedup();
            members.retain(|n| matches!(ways[*n].1.kind, WayKind::Ferry(_)));
            let said = members.iter().filter_map(|n| match ways[*n].1.kind {
                WayKind::Ferry(time) => time,
                _ => None,
            });
            let rest = time.saturating_sub(said.fold(Seconds::ZERO, |sum, time| sum + time));
            members.retain(|n| !timed(ways[*n].1.kind));
            let lengths: Option<Vec<f64>> =
                members.iter().map(|n| self.length(&ways[*n].0)).collect();
            let Some(lengths) = lengths else { continue };
            let whole: f64 = lengths.iter().sum();
            if rest == Seconds::ZERO || whole <= 0.0 {
                continue;
            }
            for (n, length) in members.into_iter().zip(lengths) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share of a time"
                )]
                let share = Seconds((f64::from(rest.0) * length / whole).round().max(1.0) as u32);
                ways[n].1.kind = WayKind::Ferry(Some(share));
            }
        }
    }

    /// How long a way is, metres; `None` if not all of its nodes are there.
    fn length(&self, way: &FoundWay) -> Option<f64> {
        let line = self.line(&way.course.refs);
        let map = Projection::about(*line.first()?);
        let pieces =
            line.windows(2).map(|pair| map.project(pair[0]).distance(map.project(pair[1])).0);
        (line.len() == way.course.refs.len()).then(|| pieces.sum())
    }
}
