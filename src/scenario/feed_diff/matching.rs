//! Which route after is which route before.
//!
//! A route that has its operator and name on both sides is the same. Publishers also give routes
//! other numbers, or put something behind them to tell namesakes apart (`13` becomes `13-57665`).
//! So of the routes that are there on one side only, two are the same where at least [`ALIKE`] of
//! what they run is over the same hops from stop to stop, and the operator or the number is the
//! same; those most alike first.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{RouteDiff, RouteFate, RouteName, Signature};
use crate::inputs::gtfs::without_suffix;

/// How much of two routes has to be over the same hops for them to be one.
const ALIKE: f64 = 0.5;

/// A route's trips by what they call at. Only counted and summed, so that no order can matter.
type RouteTrips<'a> = FxHashMap<&'a Signature, usize>;

/// A vehicle of a route.
pub(super) type RouteVehicle<'a> = (&'a RouteName, &'a Signature);

/// What became of each route, in the order of operators and names.
pub(super) fn routes(before: &[RouteVehicle<'_>], after: &[RouteVehicle<'_>]) -> Vec<RouteDiff> {
    let (old, new) = (by_route(before), by_route(after));
    let mut now: BTreeMap<&RouteName, &RouteName> =
        old.keys().filter(|name| new.contains_key(*name)).map(|name| (*name, *name)).collect();
    now.extend(renamed(&old, &new));
    let was: BTreeMap<&RouteName, &RouteName> = now.iter().map(|(old, new)| (*new, *old)).collect();
    let nothing = RouteTrips::default();
    let mut found = Vec::new();
    for (name, trips) in &old {
        let other = now.get(name).and_then(|now| new.get(now)).unwrap_or(&nothing);
        found.push(diff(name, now.get(name).copied(), trips, other));
    }
    for (name, trips) in new.iter().filter(|(name, _)| !was.contains_key(*name)) {
        found.push(diff(name, None, &nothing, trips));
    }
    share(&mut found, &old, &new);
    found.iter_mut().for_each(|diff| diff.fate = fate(diff));
    found.sort_by(|a, b| a.route.cmp(&b.route));
    found
}

fn by_route<'a>(trips: &[RouteVehicle<'a>]) -> BTreeMap<&'a RouteName, RouteTrips<'a>> {
    // By the place of a name first, which vehicles share: names are long to compare.
    let mut places: FxHashMap<*const RouteName, (&RouteName, Vec<&Signature>)> =
        FxHashMap::default();
    for (route, signature) in trips {
        let place = places.entry(std::ptr::from_ref(*route));
        place.or_insert_with(|| (*route, Vec::new())).1.push(signature);
    }
    let mut routes: BTreeMap<&RouteName, RouteTrips> = BTreeMap::new();
    for (route, signatures) in places.into_values() {
        let trips = routes.entry(route).or_default();
        signatures.into_iter().for_each(|signature| *trips.entry(signature).or_default() += 1);
    }
    routes
}

/// The routes that are there on one side only and are the same, by their names before.
fn renamed<'a>(
    old: &BTreeMap<&'a RouteName, RouteTrips>,
    new: &BTreeMap<&'a RouteName, RouteTrips>,
) -> BTreeMap<&'a RouteName, &'a RouteName> {
    type Hops = FxHashMap<(u32, u32), f64>;
    let only = |these: &BTreeMap<&'a RouteName, RouteTrips>,
                others: &BTreeMap<&'a RouteName, RouteTrips>| {
        let alone = these.iter().filter(|(name, _)| !others.contains_key(*name));
        alone.map(|(name, trips)| (*name, hops(trips))).collect::<Vec<(&'a RouteName, Hops)>>()
    };
    let (gone, come) = (only(old, new), only(new, old));
    let mut pairs: Vec<(f64, &RouteName, &RouteName)> = Vec::new();
    for (name, hops) in &gone {
        let kin = |other: &RouteName| other.0 == name.0 || number(&other.1) == number(&name.1);
        for (other, theirs) in come.iter().filter(|(other, _)| kin(other)) {
            let alike = alike(hops, theirs);
            if alike >= ALIKE {
                pairs.push((alike, name, other));
            }
        }
    }
    // Of those as much alike the one that keeps its number.
    let keeps = |(_, a, b): &(f64, &RouteName, &RouteName)| number(&a.1) != number(&b.1);
    pairs.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then(keeps(a).cmp(&keeps(b))).then((a.1, a.2).cmp(&(b.1, b.2)))
    });
    let mut found: BTreeMap<&RouteName, &RouteName> = BTreeMap::new();
    let mut taken: BTreeSet<&RouteName> = BTreeSet::new();
    for (_, name, other) in pairs {
        if !found.contains_key(name) && taken.insert(other) {
            found.insert(name, other);
        }
    }
    found
}

/// The share of a route's hops from stop to stop that each one has.
fn hops(trips: &RouteTrips) -> FxHashMap<(u32, u32), f64> {
    let mut hops: FxHashMap<(u32, u32), f64> = FxHashMap::default();
    let mut all = 0.0;
    for (signature, n) in trips {
        for pair in signature.windows(2) {
            #[expect(clippy::cast_precision_loss, reason = "few trips")]
            let n = *n as f64;
            *hops.entry((pair[0].0, pair[1].0)).or_default() += n;
            all += n;
        }
    }
    hops.values_mut().for_each(|n| *n /= all);
    hops
}

/// How much of what two routes run is over the same hops, of 1.
fn alike(a: &FxHashMap<(u32, u32), f64>, b: &FxHashMap<(u32, u32), f64>) -> f64 {
    let mut both: Vec<f64> = a.iter().filter_map(|(hop, n)| Some(n.min(*b.get(hop)?))).collect();
    // In an order of its own, so that the sum is the same whatever the hashes.
    both.sort_by(f64::total_cmp);
    both.iter().sum()
}

/// A route's number without what a publisher puts behind it to tell namesakes apart.
fn number(name: &str) -> &str {
    without_suffix(name, None)
}

fn diff(
    name: &RouteName,
    now: Option<&RouteName>,
    before: &RouteTrips,
    after: &RouteTrips,
) -> RouteDiff {
    let same = before.iter().map(|(trip, n)| *n.min(after.get(trip).unwrap_or(&0))).sum();
    RouteDiff {
        route: name.clone(),
        now: now.filter(|now| *now != name).cloned(),
        before: before.values().sum(),
        after: after.values().sum(),
        same,
        shared: BTreeSet::new(),
        moved: 0,
        fate: RouteFate::Same,
    }
}

/// Finds which of the trips that are not the same under their own route are some other route's on
/// the other side.
fn share(
    found: &mut [RouteDiff],
    old: &BTreeMap<&RouteName, RouteTrips>,
    new: &BTreeMap<&RouteName, RouteTrips>,
) {
    type Rest<'a> = FxHashMap<&'a Signature, (Vec<usize>, Vec<usize>)>;
    let nothing = RouteTrips::default();
    let mut rest: Rest = FxHashMap::default();
    for (number, diff) in found.iter().enumerate() {
        let before = old.get(&diff.route).unwrap_or(&nothing);
        let after = new.get(diff.now.as_ref().unwrap_or(&diff.route)).unwrap_or(&nothing);
        for (trip, n) in before {
            let more = n.saturating_sub(*after.get(trip).unwrap_or(&0));
            if more == 0 {
                continue;
            }
            rest.entry(*trip).or_default().0.extend(std::iter::repeat_n(number, more));
        }
        for (trip, n) in after {
            let more = n.saturating_sub(*before.get(trip).unwrap_or(&0));
            if more == 0 {
                continue;
            }
            rest.entry(*trip).or_default().1.extend(std::iter::repeat_n(number, more));
        }
    }
    let pairs: Vec<(usize, usize)> =
        rest.into_values().flat_map(|(before, after)| before.into_iter().zip(after)).collect();
    for (from, to) in pairs {
        let names =
            [found[from].route.clone(), found[to].now.clone().unwrap_or(found[to].route.clone())];
        for (one, other) in [(from, &names[1]), (to, &names[0])] {
            found[one].shared.insert(other.clone());
            found[one].moved += 1;
        }
    }
}

fn fate(diff: &RouteDiff) -> RouteFate {
    match (diff.before, diff.after) {
        (before, 0) if diff.moved == before => RouteFate::Renamed,
        (0, after) if diff.moved == after => RouteFate::Renamed,
        (_, 0) => RouteFate::Withdrawn,
        (0, _) => RouteFate::New,
        (before, after) if after < before => RouteFate::Fewer,
        (before, after) if after > before => RouteFate::More,
        (before, _) if diff.same < before => RouteFate::Retimed,
        _ if diff.now.is_some() => RouteFate::Renamed,
        _ => RouteFate::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(operator: &str, name: &str) -> RouteName {
        (operator.into(), name.into())
    }

    /// Trips of a route along some stops, a minute from stop to stop, leaving at some minutes.
    fn trips(route: &RouteName, stops: &[u32], leave: &[i32]) -> Vec<(RouteName, Signature)> {
        let at =
            |minute: i32| (minute..).zip(stops).map(|(m, stop)| (*stop, m * 60, m * 60)).collect();
        leave.iter().map(|minute| (route.clone(), at(*minute))).collect()
    }

    fn routes(
        before: &[(RouteName, Signature)],
        after: &[(RouteName, Signature)],
    ) -> Vec<RouteDiff> {
        let [before, after] = [before, after]
            .map(|side| side.iter().map(|(name, trip)| (name, trip)).collect::<Vec<_>>());
        super::routes(&before, &after)
    }

    fn told(
        before: &[(RouteName, Signature)],
        after: &[(RouteName, Signature)],
    ) -> Vec<(String, RouteFate, Option<String>)> {
        let of = |diff: RouteDiff| (diff.route.1, diff.fate, diff.now.map(|now| now.1));
        routes(before, after).into_iter().map(of).collect()
    }

    #[test]
    fn a_route_keeps_its_way_under_another_number() {
        let (a, b, c) = (name("Bus", "13"), name("Bus", "13-57665"), name("Bus", "8"));
        let way = [1, 2, 3, 4];
        let before = [trips(&a, &way, &[0, 30]), trips(&c, &[9, 8, 7], &[5])].concat();
        // The same trips and one more; 8 goes, and something else altogether comes.
        let x = name("Bus", "X9");
        let after = [trips(&b, &way, &[0, 30, 60]), trips(&x, &[20, 21, 22], &[5])].concat();
        assert_eq!(
            told(&before, &after),
            [
                ("13".into(), RouteFate::More, Some("13-57665".into())),
                ("8".into(), RouteFate::Withdrawn, None),
                ("X9".into(), RouteFate::New, None)
            ]
        );
        // All at other times.
        let after = trips(&b, &way, &[10, 40]);
        assert_eq!(
            told(&trips(&a, &way, &[0, 30]), &after),
            [("13".into(), RouteFate::Retimed, Some("13-57665".into()))]
        );
        let after = trips(&b, &way, &[0, 30]);
        assert_eq!(
            told(&trips(&a, &way, &[0, 30]), &after),
            [("13".into(), RouteFate::Renamed, Some("13-57665".into()))]
        );
    }

    #[test]
    fn another_operators_route_is_another_one_unless_it_keeps_the_number() {
        let way = [1, 2, 3, 4];
        let before = trips(&name("Bus", "13"), &way, &[0, 30]);
        let other = trips(&name("Coach", "77"), &way, &[10]);
        assert_eq!(
            told(&before, &other).iter().map(|(.., fate, _)| *fate).collect::<Vec<_>>(),
            [RouteFate::Withdrawn, RouteFate::New]
        );
        let taken_over = routes(&before, &trips(&name("Coach", "13"), &way, &[10]));
        assert_eq!(
            (taken_over[0].fate, &taken_over[0].now),
            (RouteFate::Fewer, &Some(name("Coach", "13")))
        );
        // Half of its hops are another's: 1-2-3 of 1-2-3-4-5; less is not enough.
        let short = trips(&name("Bus", "14"), &[1, 2, 3, 30, 31], &[10]);
        assert_eq!(routes(&trips(&name("Bus", "13"), &[1, 2, 3, 4, 5], &[0]), &short).len(), 1);
        let shorter = trips(&name("Bus", "14"), &[1, 2, 29, 30, 31], &[10]);
        assert_eq!(routes(&trips(&name("Bus", "13"), &[1, 2, 3, 4, 5], &[0]), &shorter).len(), 2);
    }

    #[test]
    fn trips_that_another_route_runs_are_told_with_it() {
        let (a, b) = (name("Bus", "1"), name("Bus", "2"));
        let before = [trips(&a, &[1, 2], &[0, 10]), trips(&b, &[1, 2], &[20])].concat();
        let after = [trips(&a, &[1, 2], &[0]), trips(&b, &[1, 2], &[10, 20])].concat();
        let found = routes(&before, &after);
        assert_eq!((found[0].fate, found[0].same, found[0].moved), (RouteFate::Fewer, 1, 1));
        assert!(found[0].shared.contains(&b) && found[1].shared.contains(&a));
    }

    #[test]
    fn what_a_publisher_puts_behind_a_number_is_left_out() {
        let numbers = ["13-57665", "X5-", "5-6", "-44", "30", "A-B12"].map(number);
        assert_eq!(numbers, ["13", "X5-", "5-6", "-44", "30", "A-B12"]);
    }
}
