//! Travel times by public transport against R5's on two real cities, with R5's settings.
//!
//! R5 is a second opinion, not the truth; why the two differ, and by how much, stands in
//! docs/r5-agreement.md. R5's minutes are rounded down, so ours are too before they are compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::maps::real_data;
use jiff::tz::TimeZone;
use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::ids::{Csr, Idx, PlaceIdx};
use lastmile::inputs::gtfs::read_feed;
use lastmile::inputs::hours::Opening;
use lastmile::inputs::osm::read_osm;
use lastmile::network::calendar::Clock;
use lastmile::network::streets::{Snap, Streets};
use lastmile::routing::network::{Network, ServiceQuery, WalkSettings};
use lastmile::routing::query::departure_window::Departures;
use lastmile::routing::transit::access_egress::StopWalk;
use lastmile::routing::transit::raptor::range::Walks;
use lastmile::routing::{DepartureWindow, JourneyLimits};
use lastmile::units::{Metres, MetresPerSecond, Seconds, ServiceTime};

const PERCENTILES: [u8; 5] = [5, 25, 50, 75, 95];

/// A city and what R5 was asked there.
struct City {
    name: &'static str,
    feeds: [&'static str; 2],
    osm: &'static str,
    points: &'static str,
    date: &'static str,
    hour: i32,
    timezone: &'static str,
    /// Of the origins R5 has, every so many.
    every: usize,
}

const PORTO_ALEGRE: City = City {
    name: "porto-alegre",
    feeds: ["porto-alegre/poa_eptc.zip", "porto-alegre/poa_trensurb.zip"],
    osm: "porto-alegre/poa_osm.pbf",
    points: "porto-alegre/poa_hexgrid.csv",
    date: "2019-05-14",
    hour: 13,
    timezone: "America/Sao_Paulo",
    every: 3,
};

const NEWPORT: City = City {
    name: "newport",
    feeds: ["newport/bus-2024-03-05.gtfs.zip", "newport/rail-2024-03-05.gtfs.zip"],
    osm: "newport/newport-2023-06-13.osm.pbf",
    points: "newport/oa_pwc_covered.csv",
    date: "2024-03-05",
    hour: 8,
    timezone: "Europe/London",
    every: 1,
};

#[test]
fn porto_alegre_takes_as_long_as_r5_says() {
    PORTO_ALEGRE.compare();
}

#[test]
fn newport_takes_as_long_as_r5_says() {
    NEWPORT.compare();
}

/// Seconds (ours) or minutes (R5's) by origin, destination and percentile.
type Times = BTreeMap<(usize, usize), Vec<Option<u32>>>;

/// How two tables agree.
#[derive(Debug, Default)]
struct Agreement {
    both: u32,
    within: [u32; 4],
    longer: u32,
    shorter: u32,
    only_we: u32,
    only_r5: u32,
}

impl City {
    fn compare(&self) {
        let paths: Option<Vec<PathBuf>> = self.feeds.iter().map(|feed| real_data(feed)).collect();
        let oracle = |what: &str| real_data(&format!("oracle/r5-{}-{what}.csv.gz", self.name));
        let (Some(feeds), Some(osm), Some(points), Some(window), Some(once)) = (
            paths,
            real_data(self.osm),
            real_data(self.points),
            oracle("window"),
            oracle("one-departure"),
        ) else {
            return;
        };
        let (ids, points) = read_points(&points);
        let network = network(&feeds, &osm);
        // Park gates that are shut in the window are shut for us as for R5.
        let zone = TimeZone::get(self.timezone).expect("a known timezone");
        let [from, to] = [0, 2].map(|hours| ServiceTime::hms(self.hour + hours, 0, 0));
        let window_of =
            Opening { date: self.date.parse().expect("a date"), from, to, zone, nation: None };
        let network = network.in_window(&window_of).unwrap_or(network);
        let ends = ends(&network, &points);
        let theirs = read_oracle(&window, &ids, self.every);
        let ours = self.times(&network, &points, &theirs, 120, &PERCENTILES);
        for (n, percent) in PERCENTILES.iter().enumerate() {
            let found = agreement(&ours, n, &theirs, &ends);
            for (ends, found) in ENDS.iter().zip(&found) {
                found.print(&format!("{} 120 departures, p{percent}, {ends:?}", self.name));
            }
            if *percent == 50 {
                found[0].holds();
            }
        }
        let theirs = read_oracle(&once, &ids, self.every);
        let ours = self.times(&network, &points, &theirs, 1, &[50]);
        let found = agreement(&ours, 0, &theirs, &ends);
        for (ends, found) in ENDS.iter().zip(&found) {
            found.print(&format!("{} one departure, {ends:?}", self.name));
        }
        found[0].holds_once();
    }

    /// Our times, from the origins that R5's table has to all points.
    fn times(
        &self,
        network: &Network,
        points: &[LonLat],
        theirs: &Times,
        departures: u16,
        percents: &[u8],
    ) -> Times {
        let mut origins: Vec<usize> = theirs.keys().map(|(from, _)| *from).collect();
        origins.dedup();
        let from = network.join(origins.iter().map(|n| std::slice::from_ref(&points[*n])));
        let to = network.join(points.iter().map(std::slice::from_ref));
        let (access, egress) =
            (network.access(&from), as_r5_walks_from_stops(&network.egress(&to)));
        let direct = network.direct(&from, &to);
        let walks = Walks { access: &access, egress: &egress, direct: &direct };
        let date = self.date.parse().expect("a date");
        let clock = Clock::new(date, self.timezone).expect("a known timezone");
        let limits = JourneyLimits {
            max_rides: 8,
            max_time: Seconds::minutes(120),
            board_slack: Seconds::new(60),
        };
        let window = DepartureWindow {
            first: ServiceTime::hms(self.hour, 0, 0),
            step: Seconds::new(60),
            departures,
        };
        let service = ServiceQuery { phone_pickups: false, seed: 1 };
        let rides = Departures::of(network, &clock, window, limits, service).expect("rides");
        let mut rows: Vec<Vec<(usize, Vec<Option<u32>>)>> = vec![Vec::new(); origins.len()];
        rides
            .travel_times(&walks, &mut rows, &|_| (), |_, row, times| {
                times.percentiles(percents, |place, found| {
                    row.push((
                        place.at(),
                        found.iter().map(|time| time.map(|time| time.get())).collect(),
                    ));
                });
            })
            .expect("times");
        let of = |(from, row): (&usize, Vec<_>)| {
            let from = *from;
            row.into_iter().map(move |(to, times)| ((from, to), times)).collect::<Vec<_>>()
        };
        origins.iter().zip(rows).flat_map(of).collect()
    }
}

impl Agreement {
    #[expect(clippy::print_stderr, reason = "the figures are for those who read the test's output")]
    fn print(&self, what: &str) {
        let of = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole);
        let [same, one, two, five] = self.within.map(|n| of(n, self.both));
        let all = self.both + self.only_we + self.only_r5;
        eprintln!(
            "{what}: of {} pairs that both reach {same:.1} % are the same, {one:.1} % within 1 min, {two:.1} % within 2, \
             {five:.2} % within 5; ours is more than 2 min longer for {:.1} %, shorter for {:.1} %; only we reach {:.2} %, \
             only R5 {:.2} %",
            self.both,
            of(self.longer, self.both),
            of(self.shorter, self.both),
            of(self.only_we, all),
            of(self.only_r5, all),
        );
    }

    fn share(&self, minutes: usize) -> f64 {
        f64::from(self.within[minutes]) / f64::from(self.both)
    }

    /// Medians over a window.
    fn holds(&self) {
        assert!(self.both > 60_000, "{self:?}");
        assert!(self.share(2) >= 0.90, "{self:?}");
        assert!(self.share(3) >= 0.97, "{self:?}");
    }

    /// A single departure, where one missed vehicle is a whole headway.
    fn holds_once(&self) {
        assert!(self.both > 60_000, "{self:?}");
        assert!(self.share(2) >= 0.85, "{self:?}");
    }
}

/// Where the ends of a pair are: the stranger of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ends {
    /// Both at open streets.
    AtStreets,
    /// One farther than 300 m from any street. Ours goes straight to what is nearer than the
    /// street, R5's over the street.
    FarOff,
    /// One on a private way, which R5 shuts and we open at the ends of a journey.
    OnPrivateGround,
}

const ENDS: [Ends; 3] = [Ends::AtStreets, Ends::FarOff, Ends::OnPrivateGround];

fn ends(network: &Network, points: &[LonLat]) -> Vec<Ends> {
    let joined = network.join(points.iter().map(std::slice::from_ref));
    let of = |snap: &Snap| {
        if network.streets.edges[snap.edge].traits.private {
            Ends::OnPrivateGround
        } else if snap.gap > Metres::new(300.0) {
            Ends::FarOff
        } else {
            Ends::AtStreets
        }
    };
    joined.snaps.iter().map(|snaps| snaps.first().map_or(Ends::FarOff, of)).collect()
}

/// By where the ends are.
fn agreement(ours: &Times, nth: usize, theirs: &Times, ends: &[Ends]) -> [Agreement; 3] {
    let mut by_ends = ENDS.map(|_| Agreement::default());
    for (pair, times) in ours {
        let found = &mut by_ends[ends[pair.0].max(ends[pair.1]) as usize];
        let minutes = theirs.get(pair).and_then(|times| times[nth]);
        match (times[nth], minutes) {
            (Some(seconds), Some(minutes)) => {
                let ours = seconds / 60;
                found.both += 1;
                for (within, limit) in found.within.iter_mut().zip([0, 1, 2, 5]) {
                    *within += u32::from(ours.abs_diff(minutes) <= limit);
                }
                found.longer += u32::from(ours > minutes + 2);
                found.shorter += u32::from(ours + 2 < minutes);
            }
            (Some(_), None) => found.only_we += 1,
            (None, Some(_)) => found.only_r5 += 1,
            (None, None) => {}
        }
    }
    by_ends
}

/// R5's settings: 1.4 m/s on steps too, and everything within 1,600 m of a street joins it.
fn network(feeds: &[PathBuf], osm: &Path) -> Network {
    let mut findings = Findings::new();
    let feeds = feeds.iter().map(|path| {
        let name = path.file_name().expect("a file").to_string_lossy();
        read_feed(path, &name, &mut findings).expect("a sound feed")
    });
    let feeds = feeds.collect();
    let data = read_osm(&[osm.to_owned()], &[], &mut Findings::new()).expect("a sound extract");
    let streets = Streets::build(&data, &mut Findings::new());
    let mut settings = WalkSettings::default();
    settings.profile.speed = MetresPerSecond::new(1.4);
    settings.profile.steps_speed = MetresPerSecond::new(1.4);
    settings.max_snap = Metres::new(1600.0);
    settings.max_snap_stop = Metres::new(1600.0);
    Network::build(streets, feeds, settings, &mut findings)
}

/// R5 has the walks from stops in tables that end at 2,000 m (its `WALK_DISTANCE_LIMIT_METERS`),
/// whatever longest walk is asked for: 1,428 s, not 30 min.
fn as_r5_walks_from_stops(egress: &Csr<PlaceIdx, StopWalk>) -> Csr<PlaceIdx, StopWalk> {
    let limit = Metres::new(2000.0) / MetresPerSecond::new(1.4);
    let near = |link: &&StopWalk| link.walk <= limit.ceil();
    Csr::from_rows(
        (0..egress.rows())
            .map(|n| egress[PlaceIdx::new(n)].iter().filter(near).copied().collect::<Vec<_>>()),
    )
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

/// R5's minutes, of every so many origins.
fn read_oracle(path: &Path, ids: &BTreeMap<String, usize>, every: usize) -> Times {
    let file = flate2::read::GzDecoder::new(std::fs::File::open(path).expect("the table"));
    let rows = csv::Reader::from_reader(file).into_records().map(|row| row.expect("a row"));
    let all: Times = rows
        .map(|row| {
            ((ids[&row[0]], ids[&row[1]]), row.iter().skip(2).map(|t| t.parse().ok()).collect())
        })
        .collect();
    let mut origins: Vec<usize> = all.keys().map(|(from, _)| *from).collect();
    origins.dedup();
    let kept: Vec<usize> = origins.into_iter().step_by(every).collect();
    all.into_iter().filter(|((from, _), _)| kept.binary_search(from).is_ok()).collect()
}
