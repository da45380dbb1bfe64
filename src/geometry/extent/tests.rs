//! Maps whose edges are known by construction. A thousandth of a degree of latitude is 111 m; so it
//! is of longitude at the equator.

use super::*;

fn at(east: f64, north: f64) -> LonLat {
    LonLat::new(east / 111_319.5, north / 110_574.4).expect("on the globe")
}

fn globe(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("on the globe")
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

/// The map of some segments.
fn map(segments: &[(LonLat, LonLat)]) -> MapExtent {
    let nodes: Vec<LonLat> = segments.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let numbers: Vec<u32> = (0..).take(nodes.len()).collect();
    MapExtent::of(&nodes, &numbers.chunks(2).collect::<Vec<_>>())
}

#[track_caller]
fn near(extent: &MapExtent, (east, north): (f64, f64), expected: f64) {
    let found = extent.to_edge(at(east, north)).get();
    assert!(
        (found - expected).abs() <= 2.0 * FINEST.get(),
        "{found} m for {expected} at {east}, {north}"
    );
}

#[test]
fn the_edge_of_a_square_is_its_outermost_street() {
    let extent = map(&streets(0.0, 0.0, 6000.0, 6000.0));
    near(&extent, (3000.0, 3000.0), 3000.0);
    near(&extent, (5500.0, 3000.0), 500.0);
    for beyond in [(6100.0, 3000.0), (-100.0, 10.0), (3000.0, 9000.0), (90_000.0, 3000.0)] {
        assert_eq!(extent.to_edge(at(beyond.0, beyond.1)), Metres::new(0.0), "{beyond:?}");
    }
    for outermost in [(6000.0, 3000.0), (0.0, 0.0), (6000.0, 6000.0)] {
        assert!(extent.holds(at(outermost.0, outermost.1)), "{outermost:?}");
    }
}

/// An L: the convex hull takes the ground between its arms for ground on the map.
#[test]
fn the_edge_follows_the_map_into_its_bays() {
    let l = [streets(0.0, 0.0, 8000.0, 2000.0), streets(0.0, 2000.0, 2000.0, 8000.0)].concat();
    let extent = map(&l);
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
    let whole = map(&moor);
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
    assert!(map(&open).holds(at(4000.0, 4000.0)));
}

/// One road is a map without breadth: it is there, and nothing beside it.
#[test]
fn a_single_road_is_a_map() {
    let extent = map(&[(at(0.0, 0.0), at(5000.0, 0.0))]);
    assert!(extent.holds(at(2500.0, 0.0)));
    assert!(!extent.holds(at(2500.0, 200.0)));
}

/// Two towns far from each other are two maps; between them is nothing.
#[test]
fn towns_apart_are_maps_apart() {
    let towns =
        [streets(0.0, 0.0, 2000.0, 2000.0), streets(40_000.0, 0.0, 42_000.0, 2000.0)].concat();
    let extent = map(&towns);
    assert!(extent.holds(at(1000.0, 1000.0)) && extent.holds(at(41_000.0, 1000.0)));
    assert!(!extent.holds(at(20_000.0, 1000.0)));
}

#[test]
fn maps_too_wide_for_fine_cells_have_coarser_ones() {
    let town = streets(0.0, 0.0, 2000.0, 2000.0);
    let far = [(at(900_000.0, 800_000.0), at(902_000.0, 800_000.0))];
    let extent = map(&[&town[..], &far].concat());
    assert!(extent.holds(at(1000.0, 1000.0)));
    assert!(!extent.holds(at(450_000.0, 1000.0)) && !extent.holds(at(1000.0, 12_000.0)));
    assert!(extent.corners().is_some_and(|[_, high]| high.lat() > 7.0));
}

/// A node that somebody put at the other end of the world makes no map of all between.
#[test]
fn nodes_far_off_are_no_part_of_the_map() {
    let stray = [(at(0.0, 0.0), globe(-120.0, 51.0))];
    let extent = map(&[&streets(0.0, 0.0, 6000.0, 6000.0)[..], &stray].concat());
    near(&extent, (5500.0, 3000.0), 500.0);
    assert!(extent.corners().is_some_and(|[low, _]| low.lon() > -0.01));
}

/// In Fiji the meridian of 180° runs through a town: its roads lie some 4 km about it, 221 m apart.
#[test]
fn a_map_over_180_degrees_is_one() {
    let roads: Vec<(LonLat, LonLat)> = (0..20)
        .map(|n| -16.8 + 0.002 * f64::from(n))
        .map(|lat| (globe(179.98, lat), globe(-179.98, lat)))
        .collect();
    let extent = map(&roads);
    for on_map in [180.0, -180.0, -179.99, 179.99] {
        assert!(extent.holds(globe(on_map, -16.78)), "{on_map}");
    }
    for beyond in [-179.9, 179.9, 0.0] {
        assert!(!extent.holds(globe(beyond, -16.78)), "{beyond}");
    }
}

/// Extracts of far isles hold two ends of the world, and slips of mappers the poles: the outline is
/// found all the same, and never goes on for ever.
#[test]
fn maps_all_round_the_globe_end() {
    let all_round: Vec<(LonLat, LonLat)> = (-18..18)
        .flat_map(|ten| {
            let (from, to) = (f64::from(ten) * 10.0, f64::from(ten + 1) * 10.0);
            [(globe(from, 0.0), globe(to, 0.0)), (globe(from, -90.0), globe(to, 90.0))]
        })
        .collect();
    // The middle is the median: 0° (or one of the ends of its segment, both of which are there).
    let extent = map(&all_round);
    assert!(extent.holds(globe(0.0, 0.0)));
    assert!(!extent.holds(globe(90.0, 0.0)), "farther than any map that is measured in metres");
    // Two isles, a few segments on either side of 180°, and nothing between them but the meridian.
    let isles = [
        (globe(179.99, -16.8), globe(179.98, -16.8)),
        (globe(-179.99, -16.8), globe(-179.98, -16.8)),
    ];
    let extent = map(&isles);
    assert!(extent.holds(globe(179.985, -16.8)) && extent.holds(globe(-179.985, -16.8)));
}

#[test]
fn without_lines_there_is_no_map() {
    let extent = MapExtent::of(&[], &[]);
    assert!(!extent.holds(at(0.0, 0.0)));
    assert!(extent.corners().is_none());
}
