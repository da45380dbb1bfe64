//! Walking times against R5's on two real cities (walking at 1.4 m/s, at most 30 minutes, snapping
//! up to 1,600 m).
//!
//! R5 is a second opinion, not the truth. What is known to differ: R5 rounds each street up to
//! whole seconds and walks the gap to the street at 1.3 m/s; does not walk streets tagged
//! `access=private|destination|customers`, nor join them; joins tunnels and bridges, and streets
//! across a river; knows no piers, squares or ferries; and removes small islands. Its minutes are
//! rounded down. So pairs are counted by where their ends join: where one is on private ground, or
//! a nearer street was passed over, the two programs walk from different streets.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::maps::real_data;
use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::ids::{Csr, Idx, OriginIdx};
use lastmile::inputs::osm::read_osm;
use lastmile::network::streets::{Snap, Streets, WalkProfile};
use lastmile::routing::street::{WalkGraph, WalkTargets, walk_table};
use lastmile::units::{Metres, MetresPerSecond, Seconds};

#[test]
fn porto_alegre_is_as_far_on_foot_as_r5_says() {
    compare(
        "porto-alegre/poa_osm.pbf",
        "porto-alegre/poa_hexgrid.csv",
        "oracle/r5-porto-alegre-walk.csv.gz",
    );
}

#[test]
fn newport_is_as_far_on_foot_as_r5_says() {
    compare(
        "newport/newport-2023-06-13.osm.pbf",
        "newport/oa_pwc_covered.csv",
        "oracle/r5-newport-walk.csv.gz",
    );
}

/// Where the ends of a pair join the streets: the stranger of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Joined {
    /// Both the nearest street, open to all.
    Plainly,
    /// One passes over a nearer one: in a tunnel, on a bridge, on an island or across a river.
    PassingOver,
    /// One is on private ground.
    OnPrivateGround,
}

/// How two tables agree.
#[derive(Clone, Copy, Debug, Default)]
struct Agreement {
    both: u32,
    within_a_minute: u32,
    only_we: u32,
    only_r5: u32,
}

#[expect(clippy::print_stderr, reason = "the figures are for those who read the test's output")]
fn compare(osm: &str, points: &str, oracle: &str) {
    let (Some(osm), Some(points), Some(oracle)) =
        (real_data(osm), real_data(points), real_data(oracle))
    else {
        return;
    };
    let (ids, points) = read_points(&points);
    let (table, joined) = our_table(&osm, &points);
    let theirs = read_oracle(&oracle, &ids);
    let kinds = [Joined::Plainly, Joined::PassingOver, Joined::OnPrivateGround];
    let mut by_kind = kinds.map(|_| Agreement::default());
    let kind = |n: usize, m: usize| joined[n].max(joined[m]) as usize;
    for (n, m) in theirs.keys() {
        by_kind[kind(*n, *m)].only_r5 += 1;
    }
    for n in 0..ids.len() {
        for (to, seconds) in &table[OriginIdx::new(n)] {
            let found = &mut by_kind[kind(n, *to as usize)];
            match theirs.get(&(n, *to as usize)) {
                Some(minutes) => {
                    found.both += 1;
                    found.only_r5 -= 1;
                    found.within_a_minute +=
                        u32::from((seconds.get() / 60).abs_diff(*minutes) <= 1);
                }
                None => found.only_we += 1,
            }
        }
    }
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
    let all = |found: &Agreement| found.both + found.only_we + found.only_r5;
    for (kind, found) in kinds.iter().zip(&by_kind) {
        eprintln!(
            "{}: {kind:?}: {found:?}: {:.2} % within a minute; {:.2} % of pairs reached by us alone, {:.2} % by R5 alone",
            osm.display(),
            100.0 * share(found.within_a_minute, found.both),
            100.0 * share(found.only_we, all(found)),
            100.0 * share(found.only_r5, all(found)),
        );
    }
    let [plain, ..] = &by_kind;
    assert!(plain.both > 20_000, "{plain:?}");
    assert!(share(plain.within_a_minute, plain.both) >= 0.97, "{plain:?}");
    assert!(share(plain.only_we + plain.only_r5, all(plain)) <= 0.09, "{plain:?}");
}

fn our_table(osm: &Path, points: &[LonLat]) -> (Csr<OriginIdx, (u32, Seconds)>, Vec<Joined>) {
    let data = read_osm(&[osm.to_owned()], &[], &mut Findings::new()).expect("a sound extract");
    let streets = Streets::build(&data, &mut Findings::new());
    let speed = MetresPerSecond::new(1.4);
    let profile = WalkProfile { name: "r5".into(), speed, steps_speed: speed, step_free: false };
    let snap = |at: &LonLat| -> Vec<Snap> {
        streets.snap(streets.project(*at), Metres::new(1600.0), &profile).into_iter().collect()
    };
    let snaps: Vec<Vec<Snap>> = points.iter().map(snap).collect();
    let graph = WalkGraph::new(&streets, &profile);
    let targets = WalkTargets::new(&graph, &snaps);
    let there = walk_table(&graph, &snaps, &targets, Seconds::minutes(30), false);
    let back = walk_table::<OriginIdx>(&graph, &snaps, &targets, Seconds::minutes(30), true);
    let pairs = |table: &Csr<OriginIdx, (u32, Seconds)>| -> usize { table.items().len() };
    assert_eq!(pairs(&there), pairs(&back), "as many pairs backwards as forwards");
    let joined = |snaps: &Vec<Snap>| match snaps.first() {
        Some(snap) if streets.edges[snap.edge].traits.private => Joined::OnPrivateGround,
        Some(snap) if snap.nearest < snap.gap || snap.crosses.is_some() => Joined::PassingOver,
        _ => Joined::Plainly,
    };
    (there, snaps.iter().map(joined).collect())
}

fn read_points(path: &Path) -> (BTreeMap<String, usize>, Vec<LonLat>) {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|field| field == name).expect("the column");
    let (id, lon, lat) = (column("id"), column("lon"), column("lat"));
    let (mut ids, mut points) = (BTreeMap::new(), Vec::new());
    for row in reader.records() {
        let row = row.expect("a row");
        let degrees = |n: usize| row[n].parse::<f64>().expect("degrees");
        ids.insert(row[id].to_owned(), points.len());
        points.push(LonLat::new(degrees(lon), degrees(lat)).expect("on the globe"));
    }
    (ids, points)
}

fn read_oracle(path: &Path, ids: &BTreeMap<String, usize>) -> BTreeMap<(usize, usize), u32> {
    let file = flate2::read::GzDecoder::new(std::fs::File::open(path).expect("the table"));
    let rows = csv::Reader::from_reader(file).into_records().map(|row| row.expect("a row"));
    rows.map(|row| ((ids[&row[0]], ids[&row[1]]), row[2].parse().expect("minutes"))).collect()
}
