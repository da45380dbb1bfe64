//! Walking times against R5's on two real cities (walking at 1.4 m/s, at most 30 minutes, snapping up to 1,600 m).
//!
//! R5 is a second opinion, not the truth. What is known to differ: R5 rounds each street up to whole seconds and walks
//! the gap to the street at 1.3 m/s; does not walk through streets tagged `access=destination|customers`, nor join
//! them; knows no piers, squares or ferries; and removes small islands. Its minutes are rounded down.

mod osm_support;

use std::collections::BTreeMap;
use std::path::Path;

use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::ids::{Csr, Idx, OriginIdx};
use lastmile::inputs::osm::read_osm;
use lastmile::network::streets::{Snap, Streets, WalkProfile};
use lastmile::routing::walk::{WalkGraph, WalkTargets, walk_table};
use lastmile::units::{Metres, MetresPerSecond, Seconds};
use osm_support::real_data;

#[test]
fn porto_alegre_is_as_far_on_foot_as_r5_says() {
    compare("porto-alegre/poa_osm.pbf", "porto-alegre/poa_hexgrid.csv", "oracle/r5-porto-alegre-walk.csv.gz");
}

#[test]
fn newport_is_as_far_on_foot_as_r5_says() {
    compare(
        "newport/newport-2023-06-13.osm.pbf",
        "newport/oa_pwc_covered.csv",
        "oracle/r5-newport-walk.csv.gz",
    );
}

/// How two tables agree.
#[derive(Debug, Default)]
struct Agreement {
    both: u32,
    within_a_minute: u32,
    only_we: u32,
    only_r5: u32,
}

#[expect(clippy::print_stderr, reason = "the figures are for those who read the test's output")]
fn compare(osm: &str, points: &str, oracle: &str) {
    let (Some(osm), Some(points), Some(oracle)) = (real_data(osm), real_data(points), real_data(oracle))
    else {
        return;
    };
    let (ids, points) = read_points(&points);
    let table = our_table(&osm, &points);
    let theirs = read_oracle(&oracle, &ids);
    let mut found = Agreement::default();
    for n in 0..ids.len() {
        for (to, seconds) in &table[OriginIdx::new(n)] {
            match theirs.get(&(n, *to as usize)) {
                Some(minutes) => {
                    found.both += 1;
                    found.within_a_minute += u32::from((seconds.0 / 60).abs_diff(*minutes) <= 1);
                }
                None => found.only_we += 1,
            }
        }
    }
    found.only_r5 = u32::try_from(theirs.len()).expect("few") - found.both;
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
    let all = found.both + found.only_we + found.only_r5;
    eprintln!(
        "{}: {found:?}: {:.2} % within a minute; {:.2} % of pairs reached by us alone, {:.2} % by R5 alone",
        osm.display(),
        100.0 * share(found.within_a_minute, found.both),
        100.0 * share(found.only_we, all),
        100.0 * share(found.only_r5, all),
    );
    assert!(found.both > 30_000, "{found:?}");
    assert!(share(found.within_a_minute, found.both) >= 0.96, "{found:?}");
    assert!(share(found.only_we + found.only_r5, all) <= 0.09, "{found:?}");
}

fn our_table(osm: &Path, points: &[LonLat]) -> Csr<OriginIdx, (u32, Seconds)> {
    let data = read_osm(&[osm.to_owned()], &[], &mut Findings::new()).expect("a sound extract");
    let streets = Streets::build(&data, &mut Findings::new());
    let speed = MetresPerSecond(1.4);
    let profile = WalkProfile { name: "r5".into(), speed, steps_speed: speed, step_free: false };
    let snap = |at: &LonLat| -> Vec<Snap> {
        streets.snap(streets.project(*at), Metres(1600.0), &profile).into_iter().collect()
    };
    let snaps: Vec<Vec<Snap>> = points.iter().map(snap).collect();
    let graph = WalkGraph::new(&streets, &profile);
    let targets = WalkTargets::new(&graph, &snaps);
    let there = walk_table(&graph, &snaps, &targets, Seconds::minutes(30), false);
    let back = walk_table::<OriginIdx>(&graph, &snaps, &targets, Seconds::minutes(30), true);
    let pairs = |table: &Csr<OriginIdx, (u32, Seconds)>| -> usize { table.items().len() };
    assert_eq!(pairs(&there), pairs(&back), "as many pairs backwards as forwards");
    there
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
