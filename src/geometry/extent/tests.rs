//! Maps whose edges are known by construction. A thousandth of a degree of latitude is 111 m; so it
//! is of longitude at the equator.

use super::*;

fn at(east: f64, north: f64) -> LonLat {
    LonLat::new(east / 111_319.5, north / 110_574.4).expect("on the globe")
}

/// Streets each 200 m over a box of metres from the origin.
fn streets(west: f64, south: f64, east: f64, north: f64) -> Vec<(LonLat, LonLat)> {
    let steps = |low: f64, high: f64| {
        let count = ((high - low) / 200.0).round() as u32;
        (0..=count).map(move |n| low + 200.0 * f64::from(n))
    };
    let across = steps(south, north).map(|y| (at(west, y), at(east, y)));
    let down = steps(west, east).map(|x| (at(x, south), at(x, north)));
    across.chain(down).collect()
}

#[track_caller]
fn near(extent: &MapExtent, (east, north): (f64, f64), expected: f64) {
    let found = extent.to_edge(at(east, north)).0;
    assert!(
        (found - expected).abs() <= 2.0 * FINEST.0,
        "{found} m for {expected} at {east}, {north}"
    );
}

#[test]
fn the_edge_of_a_square_is_its_outermost_street() {
    let extent = MapExtent::of(streets(0.0, 0.0, 6000.0, 6000.0).into_iter());
    near(&extent, (3000.0, 3000.0), 3000.0);
    near(&extent, (5500.0, 3000.0), 500.0);
    for beyond in [(6100.0, 3000.0), (-100.0, 10.0), (3000.0, 9000.0), (90_000.0, 3000.0)] {
        assert_eq!(extent.to_edge(at(beyond.0, beyond.1)), Metres(0.0), "{beyond:?}");
    }
    for outermost in [(6000.0, 3000.0), (0.0, 0.0), (6000.0, 6000.0)] {
        assert!(extent.holds(at(outermost.0, outermost.1)), "{outermost:?}");
    }
}

/// An L: the convex hull takes the ground between its arms for ground on the map.
#[test]
fn the_edge_follows_the_map_into_its_bays() {
    let l = [streets(0.0, 0.0, 8000.0, 2000.0), streets(0.0, 2000.0, 2000.0, 8000.0)].concat();
    let extent = MapExtent::of(l.into_iter());
    assert!(!extent.holds(at(4500.0, 3500.0)), "within the convex hull, and off the map");
    assert!(extent.holds(at(1000.0, 7000.0)) && extent.holds(at(7000.0, 1000.0)));
    near(&extent, (1000.0, 7000.0), 1000.0);
}

/// Empty ground inside a map, however large, is no edge of it; nor is a bay that is narrower than
/// the disc.
#[test]
fn empty_ground_inside_is_on_the_map() {
    let moor = [
        streets(0.0, 0.0, 8000.0, 1000.0),
        streets(0.0, 7000.0, 8000.0, 8000.0),
        streets(0.0, 1000.0, 1000.0, 7000.0),
        streets(7000.0, 1000.0, 8000.0, 7000.0),
    ]
    .concat();
    let whole = MapExtent::of(moor.clone().into_iter());
    assert!(whole.holds(at(4000.0, 4000.0)));
    near(&whole, (4000.0, 4000.0), 4000.0);
    // A mouth of 1,500 m: the disc is 2,000 m across.
    let mouth = |(from, to): &(LonLat, LonLat)| {
        let in_it = |p: &LonLat| {
            p.lon() > at(6900.0, 0.0).lon()
                && (at(0.0, 3200.0).lat()..at(0.0, 4700.0).lat()).contains(&p.lat())
        };
        in_it(from) || in_it(to)
    };
    let open: Vec<_> = moor
        .into_iter()
        .flat_map(|(from, to)| {
            // In pieces of some 100 m, so that only the mouth is left out.
            (0..80).map(move |n| {
                let part = |n: u32| {
                    let share = f64::from(n) / 80.0;
                    LonLat::new(
                        from.lon() + share * (to.lon() - from.lon()),
                        from.lat() + share * (to.lat() - from.lat()),
                    )
                    .expect("on the globe")
                };
                (part(n), part(n + 1))
            })
        })
        .filter(|piece| !mouth(piece))
        .collect();
    assert!(MapExtent::of(open.into_iter()).holds(at(4000.0, 4000.0)));
}

/// One road is a map without breadth: it is there, and nothing beside it.
#[test]
fn a_single_road_is_a_map() {
    let extent = MapExtent::of([(at(0.0, 0.0), at(5000.0, 0.0))].into_iter());
    assert!(extent.holds(at(2500.0, 0.0)));
    assert!(!extent.holds(at(2500.0, 200.0)));
}

/// Two towns far from each other are two maps; between them is nothing.
#[test]
fn towns_apart_are_maps_apart() {
    let towns =
        [streets(0.0, 0.0, 2000.0, 2000.0), streets(40_000.0, 0.0, 42_000.0, 2000.0)].concat();
    let extent = MapExtent::of(towns.into_iter());
    assert!(extent.holds(at(1000.0, 1000.0)) && extent.holds(at(41_000.0, 1000.0)));
    assert!(!extent.holds(at(20_000.0, 1000.0)));
}

#[test]
fn maps_too_wide_for_fine_cells_have_coarser_ones() {
    let towns =
        [streets(0.0, 0.0, 2000.0, 2000.0), streets(900_000.0, 0.0, 902_000.0, 2000.0)].concat();
    let far = |(from, to): &(LonLat, LonLat)| from.lon().max(to.lon()) < 180.0;
    let extent = MapExtent::of(
        towns.into_iter().filter(far).chain([(at(0.0, 1_000_000.0), at(10.0, 1_000_000.0))]),
    );
    assert!(extent.holds(at(1000.0, 1000.0)));
    assert!(!extent.holds(at(450_000.0, 1000.0)));
    let corners = extent.corners().expect("a map");
    assert!(corners[0].lat() < 0.001 && corners[1].lat() > 8.9);
}

#[test]
fn without_lines_there_is_no_map() {
    let extent = MapExtent::of(std::iter::empty());
    assert!(!extent.holds(at(0.0, 0.0)));
    assert!(extent.corners().is_none());
}
