#![allow(dead_code, missing_docs, reason = "each bench uses its part")]
//! A city made in code, so that the benches need no data: streets on a grid, lines along every
//! fifth of them.

use std::io::Write as _;
use std::path::Path;

use jiff::civil::{Date, date};
use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::ids::{Csr, OriginIdx, PlaceIdx};
use lastmile::inputs::gtfs::{
    Call, CallRule, Feed, Route, Service as FeedService, Stop, StopKind, Trip,
};
use lastmile::inputs::osm::walk_rules::WalkAccess;
use lastmile::inputs::osm::{OsmData, WalkWay};
use lastmile::network::calendar::Clock;
use lastmile::network::streets::Streets;
use lastmile::routing::network::{Joined, Network, ServiceQuery, WalkSettings};
use lastmile::routing::query::algorithm_choice::SearchDirection;
use lastmile::routing::query::departure_window::Departures;
use lastmile::routing::transit::access_egress::StopWalk;
use lastmile::routing::transit::raptor::range::{TravelTimes, Walks};
use lastmile::routing::{DepartureWindow, JourneyLimits};
use lastmile::units::{Seconds, ServiceTime};

/// Metres between two streets.
const BLOCK_M: f64 = 100.0;
/// Streets from one with a line to the next, and from one stop to the next.
const LINE_EVERY: usize = 5;
const STOP_EVERY: usize = 3;
/// From stop to stop.
const HOP_S: i32 = 60;
const FIRST_S: i32 = 6 * 3600;
const LAST_S: i32 = 22 * 3600;
pub const DAY: Date = date(2026, 3, 10);

/// How big a city is and how well it is served.
#[derive(Clone, Copy, Debug)]
pub struct City {
    /// Streets each way; the side is 100 m less than that many times 100 m.
    pub streets: usize,
    /// Between two vehicles of a line.
    pub headway_s: usize,
}

impl City {
    pub fn osm(&self) -> OsmData {
        let n = self.streets;
        let number = |x: usize, y: usize| u32::try_from(y * n + x).expect("a small city");
        let nodes = (0..n * n).map(|node| at((node % n) as f64, (node / n) as f64)).collect();
        let along = (0..n).map(|y| (0..n).map(|x| number(x, y)).collect());
        let across = (0..n).map(|x| (0..n).map(|y| number(x, y)).collect());
        let way = |(id, nodes): (i64, Vec<u32>)| WalkWay {
            id,
            nodes,
            access: WalkAccess { step_free: true, ..WalkAccess::default() },
        };
        OsmData {
            nodes,
            ways: (1..).zip(along.chain(across)).map(way).collect(),
            ..OsmData::default()
        }
    }

    pub fn feed(&self) -> Feed {
        let mut feed = Feed {
            name: "city".into(),
            timezone: "UTC".into(),
            services: vec![FeedService { id: "daily".into(), dates: vec![DAY] }].into(),
            ..Feed::default()
        };
        for street in (2..self.streets).step_by(LINE_EVERY) {
            for across in [false, true] {
                self.add_line(&mut feed, street, across);
            }
        }
        feed
    }

    /// A line there and back, its first departure a little after that of the line before.
    fn add_line(&self, feed: &mut Feed, street: usize, across: bool) {
        let route = number(feed.routes.len());
        let id = format!("{}{street}", if across { "A" } else { "B" });
        feed.routes.push(Route {
            id: id.clone(),
            name: id.clone(),
            long_name: String::new(),
            agency: "city".into(),
            route_type: 3,
        });
        for back in [false, true] {
            let first = number(feed.stops.len());
            let mut places: Vec<usize> = (0..self.streets).step_by(STOP_EVERY).collect();
            if back {
                places.reverse();
            }
            for (nth, place) in places.iter().enumerate() {
                // Each direction stops on its own side of the street.
                let (along, side) =
                    (*place as f64 + 0.3, street as f64 + if back { 0.05 } else { -0.05 });
                feed.stops.push(Stop {
                    id: format!("{id}-{back}-{nth}"),
                    name: id.clone(),
                    platform: None,
                    kind: StopKind::Platform,
                    parent: None,
                    wheelchair: None,
                    access: None,
                    level: None,
                    point: Some(if across { at(side, along) } else { at(along, side) }),
                });
            }
            let shift = i32::try_from(feed.routes.len() * 137 % self.headway_s).expect("small");
            for start in (FIRST_S + shift..LAST_S).step_by(self.headway_s) {
                let begin = number(feed.calls.len());
                for nth in 0..number(places.len()) {
                    let time = ServiceTime::new(start + i32::try_from(nth).expect("small") * HOP_S);
                    feed.calls.push(Call {
                        stop: first + nth,
                        arrival: time,
                        departure: time,
                        pickup: CallRule::Regular,
                        drop_off: CallRule::Regular,
                        interpolated: false,
                    });
                }
                feed.trips.push(Trip {
                    id: format!("{id}-{back}-{start}"),
                    route,
                    service: 0,
                    headsign: None,
                    block: None,
                    direction: Some(back),
                    shape: None,
                    wheelchair: None,
                    withdrawn: false,
                    calls: begin..number(feed.calls.len()),
                });
            }
        }
    }

    /// Points in rows over the whole city, `each_way` times as many.
    pub fn points(&self, each_way: usize) -> Vec<LonLat> {
        let gap = (self.streets - 1) as f64 / each_way as f64;
        let place = |n: usize| (n as f64 + 0.37) * gap;
        (0..each_way * each_way).map(|n| at(place(n % each_way), place(n / each_way))).collect()
    }

    /// Writes the timetable as a folder of GTFS tables.
    pub fn write_feed(&self, folder: &Path) -> std::io::Result<()> {
        let feed = self.feed();
        let table =
            |name: &str| std::fs::File::create(folder.join(name)).map(std::io::BufWriter::new);
        writeln!(
            table("agency.txt")?,
            "agency_name,agency_url,agency_timezone\ncity,http://localhost,UTC"
        )?;
        writeln!(table("calendar_dates.txt")?, "service_id,date,exception_type\ndaily,20260310,1")?;
        let mut out = table("routes.txt")?;
        writeln!(out, "route_id,route_short_name,route_type")?;
        for route in &feed.routes {
            writeln!(out, "{},{},3", route.id, route.name)?;
        }
        let mut out = table("stops.txt")?;
        writeln!(out, "stop_id,stop_name,stop_lon,stop_lat")?;
        for stop in &feed.stops {
            let point = stop.point.expect("every stop has its place");
            writeln!(out, "{},{},{},{}", stop.id, stop.name, point.lon(), point.lat())?;
        }
        let (mut trips, mut times) = (table("trips.txt")?, table("stop_times.txt")?);
        writeln!(trips, "route_id,service_id,trip_id")?;
        writeln!(times, "trip_id,arrival_time,departure_time,stop_id,stop_sequence")?;
        for trip in &feed.trips {
            writeln!(trips, "{},daily,{}", feed.routes[trip.route as usize].id, trip.id)?;
            let calls = &feed.calls[trip.calls.start as usize..trip.calls.end as usize];
            for (nth, call) in calls.iter().enumerate() {
                let s = call.arrival.get();
                let time = format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
                writeln!(
                    times,
                    "{},{time},{time},{},{nth}",
                    trip.id, feed.stops[call.stop as usize].id
                )?;
            }
        }
        Ok(())
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).expect("a small city")
}

/// A place so many streets east and north of the south-west corner.
fn at(east: f64, north: f64) -> LonLat {
    const METRES_PER_DEGREE: f64 = 111_320.0;
    let (lon, lat) = (east * BLOCK_M / METRES_PER_DEGREE, north * BLOCK_M / METRES_PER_DEGREE);
    LonLat::new(lon, lat).expect("near the equator")
}

/// A city that is built, with the walks of its points.
pub struct Ready {
    pub network: Network,
    clock: Clock,
    access: Csr<OriginIdx, StopWalk>,
    egress: Csr<PlaceIdx, StopWalk>,
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl Ready {
    pub fn new(city: City, origins: &[LonLat], places: &[Vec<LonLat>]) -> Ready {
        let mut findings = Findings::new();
        let streets = Streets::build(&city.osm(), &mut findings);
        let network =
            Network::build(streets, vec![city.feed()], WalkSettings::default(), &mut findings);
        let from = network.join(origins.iter().map(std::slice::from_ref));
        let to = network.join(places.iter().map(Vec::as_slice));
        Ready::of(network, Clock::new(DAY, "UTC").expect("UTC is known"), &from, &to)
    }

    fn of(network: Network, clock: Clock, from: &Joined, to: &Joined) -> Ready {
        let (access, egress) = (network.access(from), network.egress(to));
        let direct = network.direct(from, to);
        Ready { network, clock, access, egress, direct }
    }

    /// Morning departures, one in each minute.
    pub fn departures(&self, departures: u16) -> Departures<'_> {
        let window = DepartureWindow {
            first: ServiceTime::new(8 * 3600),
            step: Seconds::new(60),
            departures,
        };
        let service = ServiceQuery { phone_pickups: false, seed: 1 };
        Departures::of(&self.network, &self.clock, window, JourneyLimits::default(), service)
            .expect("a window that fits")
    }

    /// The sum over origins and destinations of the median times, so that nothing is left out.
    pub fn medians(&self, departures: &Departures) -> u64 {
        self.sum(departures, |times, sum| {
            times.percentiles(&[50], |_, found| *sum += seconds(found[0]))
        })
    }

    /// The sum of the times of the first departure.
    pub fn first_departure(&self, departures: &Departures) -> u64 {
        self.sum(departures, |times, sum| {
            *sum += (0..times.places().len()).map(|nth| seconds(times.at(0, nth))).sum::<u64>();
        })
    }

    /// The same, searched one way or the other.
    pub fn first_departure_found(
        &self,
        departures: &Departures,
        direction: SearchDirection,
    ) -> u64 {
        let mut sums = vec![0; self.access.rows()];
        let add = |_, sum: &mut u64, times: &mut TravelTimes| {
            *sum += (0..times.places().len()).map(|nth| seconds(times.at(0, nth))).sum::<u64>();
        };
        let walks = self.walks();
        departures
            .look(0, |at| at.rides.travel_times_found(direction, &walks, &mut sums, &|_| (), add))
            .expect("rides are laid out");
        sums.iter().sum()
    }

    /// How many rides are worth boarding after getting off, on average.
    pub fn boarded_of_each_call(&self, departures: &Departures) -> f64 {
        departures.look(0, |at| at.rides.boarded_of_each_call()).expect("rides are laid out")
    }

    fn walks(&self) -> Walks<'_> {
        Walks { access: &self.access, egress: &self.egress, direct: &self.direct }
    }

    fn sum(&self, departures: &Departures, add: impl Fn(&mut TravelTimes, &mut u64) + Sync) -> u64 {
        let walks = self.walks();
        let mut sums = vec![0; self.access.rows()];
        departures
            .travel_times(&walks, &mut sums, &|_| (), |_, sum, times| add(times, sum))
            .expect("rides are laid out");
        sums.iter().sum()
    }
}

fn seconds(time: Option<Seconds>) -> u64 {
    time.map_or(0, |time| u64::from(time.get()))
}
