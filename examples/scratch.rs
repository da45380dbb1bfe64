//! scratch
#![allow(clippy::all, clippy::print_stdout, clippy::unwrap_used)]
use lastmile::finding::Findings;
use lastmile::geometry::*;
use lastmile::inputs::gtfs::read_feed;
use lastmile::inputs::osm::read_osm;
use lastmile::network::calendar::Clock;
use lastmile::network::streets::*;
use lastmile::routing::network::*;
use lastmile::routing::profile::Walks;
use lastmile::routing::*;
use lastmile::units::*;
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::time::Instant;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let poa = args[1] == "poa";
    let deps: u16 = args[2].parse().unwrap();
    let d = "/work/shared/data/";
    let (feeds, osm, pts, date, hour, tz) = if poa {
        (
            vec!["porto-alegre/poa_eptc.zip", "porto-alegre/poa_trensurb.zip"],
            "porto-alegre/poa_osm.pbf",
            "porto-alegre/poa_hexgrid.csv",
            "2019-05-14",
            13,
            "America/Sao_Paulo",
        )
    } else {
        (
            vec!["newport/bus-2024-03-05.gtfs.zip", "newport/rail-2024-03-05.gtfs.zip"],
            "newport/newport-2023-06-13.osm.pbf",
            "newport/oa_pwc_covered.csv",
            "2024-03-05",
            8,
            "Europe/London",
        )
    };
    let t = Instant::now();
    let mut f = Findings::new();
    let feeds: Vec<_> =
        feeds.iter().map(|n| read_feed(Path::new(&format!("{d}{n}")), n, &mut f).unwrap()).collect();
    println!("feeds {:?}", t.elapsed());
    let t = Instant::now();
    let osm = read_osm(&[format!("{d}{osm}").into()], &[], &mut f).unwrap();
    println!("osm {:?}", t.elapsed());
    let t = Instant::now();
    let streets = Streets::build(&osm, &mut f);
    println!("streets {:?}", t.elapsed());
    let t = Instant::now();
    let mut settings = WalkSettings::default();
    settings.profile.speed = MetresPerSecond(1.4);
    settings.profile.steps_speed =
        MetresPerSecond(std::env::var("STEPS").map(|s| s.parse().unwrap()).unwrap_or(1.4));
    settings.max_snap = Metres(1600.0);
    settings.max_snap_stop = Metres(std::env::var("SNAP").map(|s| s.parse().unwrap()).unwrap_or(1600.0));
    let net = Network::build(streets, feeds, settings, &mut f);
    println!("network {:?}", t.elapsed());
    let text = std::fs::read_to_string(format!("{d}{pts}")).unwrap();
    let mut rd = csv::Reader::from_reader(text.as_bytes());
    let h = rd.headers().unwrap().clone();
    let (lo, la) = (h.iter().position(|x| x == "lon").unwrap(), h.iter().position(|x| x == "lat").unwrap());
    let mut ids = vec![];
    let pts: Vec<LonLat> = rd
        .records()
        .map(|r| {
            let r = r.unwrap();
            ids.push(r[0].to_string());
            LonLat::new(r[lo].parse().unwrap(), r[la].parse().unwrap()).unwrap()
        })
        .collect();
    let t = Instant::now();
    let joined = net.join(pts.iter().map(std::slice::from_ref));
    println!("join {:?}", t.elapsed());
    let t = Instant::now();
    let access = net.access(&joined);
    let egress = net.egress(&joined);
    println!("access egress {:?} {}", t.elapsed(), access.items().len());
    let t = Instant::now();
    let direct = net.direct(&joined, &joined);
    println!("direct {:?} {}", t.elapsed(), direct.items().len());
    let t = Instant::now();
    let clock = Clock::new(date.parse().unwrap(), tz).unwrap();
    let from = ServiceTime::hms(hour, 0, 0);
    let limits = Limits { max_rides: 8, max_time: Seconds::minutes(120), board_slack: Seconds(60) };
    let window = Window { first: from, step: Seconds(60), departures: deps };
    let (_tt, rides) = net
        .rides(
            &clock,
            window,
            limits,
            &Service { date: date.parse().unwrap(), phone_pickups: false, seed: 1 },
        )
        .unwrap();
    println!("rides {:?}", t.elapsed());
    let t = Instant::now();
    let ps = [5u8, 25, 50, 75, 95];
    let mut res = vec![vec![[None; 5]; pts.len()]; pts.len()];
    rides.travel_times(
        &Walks { access: &access, egress: &egress, direct: &direct },
        &mut res,
        &|_| (),
        |_, r, found| {
            found.percentiles(&ps, |p, times| r[p.0 as usize].copy_from_slice(times));
        },
    );
    println!("window {:?}", t.elapsed());
    // oracle
    let name = if poa { "porto-alegre" } else { "newport" };
    let file = std::fs::File::open(format!(
        "{d}oracle/r5-{name}-{}.csv.gz",
        if deps == 1 { "one-departure" } else { "window" }
    ))
    .unwrap();
    let mut s = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut s).unwrap();
    let idx: HashMap<&str, usize> = ids.iter().enumerate().map(|(n, s)| (s.as_str(), n)).collect();
    for (pi, p) in ps.iter().enumerate() {
        let mut diffs: Vec<i64> = vec![];
        let (mut only_r5, mut seen) = (0, vec![vec![false; pts.len()]; pts.len()]);
        for line in s.lines().skip(1) {
            let c: Vec<&str> = line.split(',').collect();
            let (a, b) = (idx[c[0]], idx[c[1]]);
            let cell = if c.len() == 3 { c[2] } else { c[2 + pi] };
            let Ok(r) = cell.parse::<i64>() else { continue };
            seen[a][b] = true;
            match res[a][b][pi] {
                Some(Seconds(t)) => {
                    diffs.push(t as i64 / 60 - r);
                    if std::env::var("DUMP").is_ok() && *p == 50 {
                        println!("D,{},{},{},{},{},{}", c[0], c[1], r, t, pts[a].lat(), pts[a].lon());
                    }
                }
                None => only_r5 += 1,
            }
        }
        let mut only_us = 0;
        for a in 0..pts.len() {
            if seen[a].iter().any(|x| *x) {
                for b in 0..pts.len() {
                    if res[a][b][pi].is_some() && !seen[a][b] {
                        only_us += 1;
                    }
                }
            }
        }
        diffs.sort();
        let n = diffs.len() as f64;
        let w = |k: i64| diffs.iter().filter(|d| d.abs() <= k).count() as f64 / n * 100.0;
        println!(
            "p{p}: n {n} within0 {:.1} 1 {:.1} 2 {:.1} 5 {:.1} median {} p5 {} p95 {} only_r5 {only_r5} only_us {only_us}",
            w(0),
            w(1),
            w(2),
            w(5),
            diffs[diffs.len() / 2],
            diffs[diffs.len() / 20],
            diffs[diffs.len() * 19 / 20]
        );
    }
    for (f, c) in f.summary() {
        println!("{} {} {} {c}: {}", f.severity, f.code, f.file, f.what);
    }
}
