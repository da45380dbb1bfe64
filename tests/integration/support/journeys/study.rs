//! Streets, feeds and points made ready, with the feeds' rows beside them.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;
use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::ids::{Csr, FeedIdx, Idx, OriginIdx, PlaceIdx, RunIdx, StopIdx};
use lastmile::inputs::gtfs::read_feed;
use lastmile::inputs::osm::read_osm;
use lastmile::network::calendar::Clock;
use lastmile::network::streets::Streets;
use lastmile::network::timetable::Timetable;
use lastmile::routing::network::{Joined, Network, ServiceQuery, WalkSettings};
use lastmile::routing::query::departure_window::Departures;
use lastmile::routing::transit::access_egress::StopWalk;
use lastmile::routing::transit::raptor::range::Walks;
use lastmile::routing::{DepartureWindow, JourneyLimits};
use lastmile::units::Seconds;

use super::rows::Rows;

/// A network with the rows of its feeds, in the order of the feeds.
pub struct Study {
    pub network: Network,
    pub rows: Vec<Rows>,
}

impl Study {
    pub fn read(osm: &Path, feeds: &[&Path]) -> Study {
        let mut findings = Findings::new();
        let data = read_osm(&[osm.to_owned()], &[], &mut findings).expect("a sound extract");
        let streets = Streets::build(&data, &mut findings);
        let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
        let read =
            feeds.iter().map(|path| read_feed(path, &name(path), &mut findings).expect("a feed"));
        let read = read.collect();
        let network = Network::build(streets, read, WalkSettings::default(), &mut findings);
        Study { network, rows: feeds.iter().map(|path| Rows::read(path)).collect() }
    }

    pub fn departures<'a>(&'a self, clock: &'a Clock, window: DepartureWindow) -> Departures<'a> {
        let service = ServiceQuery { phone_pickups: false, seed: 1 };
        Departures::of(&self.network, clock, window, JourneyLimits::default(), service)
            .expect("a window")
    }

    /// What the feeds' rows say of each run, on the query's clock.
    pub fn run_rows(&self, timetable: &Timetable, date: Date) -> Vec<RunRows<'_>> {
        let stops = &self.network.stops;
        let numbers: Numbers =
            stops.indices().map(|n| ((stops.source(n).feed, self.stop_id(n)), n)).collect();
        timetable.runs.indices().map(|run| self.rows_of(timetable, run, date, &numbers)).collect()
    }

    pub fn stop_id(&self, stop: StopIdx) -> &str {
        &self.network.stop(stop).id
    }

    fn rows_of(
        &self,
        timetable: &Timetable,
        run: RunIdx,
        date: Date,
        numbers: &Numbers,
    ) -> RunRows<'_> {
        let row = &timetable.runs[run];
        let id = &self.network.feeds[row.feed.at()].trips[row.trip as usize].id;
        let rows = &self.rows[row.feed.at()];
        let trip = &rows.trips[id];
        assert!(rows.runs_on(&trip.service, row.date), "{id} does not run on {}", row.date);
        let days = (row.date - date).get_days();
        let begins = timetable.calls_of(run)[0].departure.get();
        let mut shift = days * 86_400;
        if let Some(spans) = rows.frequencies.get(id) {
            let first = begins - shift;
            let departs = spans.iter().any(|(start, end, headway)| {
                first >= *start && first < *end && (first - start) % headway == 0
            });
            assert!(departs, "{id} does not depart at {first} s");
            shift = begins - trip.calls[0].departure;
        }
        let stops =
            trip.calls.iter().map(|call| numbers[&(row.feed, call.stop.as_str())]).collect();
        RunRows { trip: id, block: &trip.block, shift, calls: &trip.calls, stops, date: row.date }
    }
}

type Numbers<'a> = HashMap<(FeedIdx, &'a str), StopIdx>;

/// A trip's rows on a date.
pub struct RunRows<'a> {
    pub trip: &'a str,
    pub block: &'a str,
    /// To be added to the rows' times.
    pub shift: i32,
    pub calls: &'a [super::rows::CallRow],
    /// The stops of the calls.
    pub stops: Vec<StopIdx>,
    pub date: Date,
}

/// The walks between origins and places.
pub struct Tables {
    pub from: Joined,
    pub to: Joined,
    pub access: Csr<OriginIdx, StopWalk>,
    pub egress: Csr<PlaceIdx, StopWalk>,
    pub direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl Tables {
    pub fn of(network: &Network, from: &[LonLat], to: &[LonLat]) -> Tables {
        let from = network.join(from.iter().map(std::slice::from_ref));
        let to = network.join(to.iter().map(std::slice::from_ref));
        let (access, egress, direct) =
            (network.access(&from), network.egress(&to), network.direct(&from, &to));
        Tables { from, to, access, egress, direct }
    }

    pub fn walks(&self) -> Walks<'_> {
        Walks { access: &self.access, egress: &self.egress, direct: &self.direct }
    }
}

/// The points of tables with the columns id, lon and lat.
pub fn points(tables: &[&Path]) -> Vec<(String, LonLat)> {
    let mut points = Vec::new();
    for table in tables {
        let mut reader = csv::Reader::from_path(table).expect("a table");
        for row in reader.deserialize() {
            let row: HashMap<String, String> = row.expect("a row");
            let degrees = |column: &str| row[column].parse().expect("degrees");
            let point = LonLat::new(degrees("lon"), degrees("lat")).expect("on the globe");
            points.push((row["id"].clone(), point));
        }
    }
    points
}
