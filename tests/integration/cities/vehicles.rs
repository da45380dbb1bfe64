//! Real timetables publish vehicles twice: how many, as counted from the feeds' rows by a script of
//! its own in another language.

use crate::support::maps::real_data;
use jiff::civil::{Date, date};
use lastmile::access::boarded::first_boardings;
use lastmile::access::supply::of_date;
use lastmile::finding::Findings;
use lastmile::ids::{FeedIdx, IdxVec, RunIdx};
use lastmile::inputs::gtfs::{Feed, read_feed};
use lastmile::inputs::osm::OsmData;
use lastmile::network::calendar::{Clock, ServiceByDate};
use lastmile::network::streets::Streets;
use lastmile::network::timetable::Timetable;
use lastmile::routing::network::{Network, ServiceQuery, WalkSettings};
use lastmile::scenario::feed_diff::{DayTimetable, ListedRoutes, RouteFate, diff};
use lastmile::units::ServiceTime;

const SERVICE: ServiceQuery = ServiceQuery { phone_pickups: false, seed: 1 };

fn feed(name: &str) -> Option<Feed> {
    let path = real_data(&format!("newport/{name}"))?;
    Some(read_feed(&path, name, &mut Findings::new()).expect("can be read"))
}

fn network(feed: Feed) -> Network {
    let mut findings = Findings::new();
    let streets = Streets::build(&OsmData::default(), &mut findings);
    Network::build(streets, vec![feed], WalkSettings::default(), &mut findings)
}

fn clock(on: Date) -> Clock {
    Clock::new(on, "Europe/London").expect("known")
}

/// Everything of a service day.
fn timetable(network: &Network, on: Date) -> (Timetable, IdxVec<RunIdx, RunIdx>) {
    let (from, until) = (ServiceTime::hms(-12, 0, 0), ServiceTime::hms(96, 0, 0));
    let timetable =
        network.runs_between(&clock(on), from, until, &SERVICE, 0).expect("a timetable");
    let counted_as = timetable.counted_as(&network.feeds);
    (timetable, counted_as)
}

#[test]
fn newport_publishes_so_many_vehicles_twice() {
    let both = [
        ("bus-2024-03-05.gtfs.zip", date(2024, 3, 12), 4805, 382),
        ("bus-2023-06-13.gtfs.zip", date(2023, 6, 13), 1343, 109),
    ];
    for (name, on, published, copies) in both {
        let Some(feed) = feed(name) else { return };
        let service = ServiceByDate::count(&feed).expect("it runs");
        assert_eq!(
            (service.on(on) + service.copies_on(on), service.copies_on(on)),
            (published, copies),
            "{name}"
        );
        let network = network(feed);
        let (timetable, counted_as) = timetable(&network, on);
        let of_date = |run: RunIdx| timetable.runs[run].date == on;
        let runs = timetable.runs.indices().filter(|run| of_date(*run)).count();
        let vehicles = timetable
            .runs
            .indices()
            .filter(|run| of_date(*run) && counted_as[*run] == *run)
            .count();
        assert_eq!((runs, runs - vehicles), (published as usize, copies as usize), "{name}");
        assert_eq!(timetable.counted_as(&network.feeds), counted_as, "again the same");
        let boarded = first_boardings(&timetable, &counted_as, |_| true);
        assert!(boarded.enumerate().all(|(run, first)| first.is_none() || counted_as[run] == run));
    }
}

/// From 09:00 to 16:00 the layer had 70 trips of the X24.
#[test]
fn the_x24_runs_56_times_in_the_day() {
    let Some(feed) = feed("bus-2024-03-05.gtfs.zip") else { return };
    let on = date(2024, 3, 12);
    let route = feed.routes.iter().position(|route| route.name == "X24").expect("there");
    let network = network(feed);
    let (timetable, counted_as) = timetable(&network, on);
    let supply = of_date(&timetable, &counted_as, on, |run| run);
    let x24 = &supply.routes[&(FeedIdx(0), u32::try_from(route).expect("few"))];
    assert_eq!((x24.trips, x24.all()), ([26, 15, 56, 31, 16, 4], 148));
    let every_trip: IdxVec<RunIdx, RunIdx> = timetable.runs.indices().collect();
    let published = of_date(&timetable, &every_trip, on, |run| run);
    let x24 = &published.routes[&(FeedIdx(0), u32::try_from(route).expect("few"))];
    assert_eq!((x24.trips[2], x24.all()), (70, 190), "as it was told");
}

/// It was told to be retimed, 98 trips before and after.
#[test]
fn stagecoachs_23_runs_more_often_than_the_year_before() {
    let (Some(old), Some(new)) = (feed("bus-2023-06-13.gtfs.zip"), feed("bus-2024-03-05.gtfs.zip"))
    else {
        return;
    };
    let (old, new) = (network(old), network(new));
    let clocks = (clock(date(2023, 6, 13)), clock(date(2024, 3, 12)));
    let days = (
        DayTimetable { network: &old, clock: &clocks.0 },
        DayTimetable { network: &new, clock: &clocks.1 },
    );
    let found = diff(&days.0, &days.1, &SERVICE, ListedRoutes::All).expect("two days");
    let name = |agency: &str, name: &str| (agency.to_owned(), name.to_owned());
    let line = found
        .routes
        .iter()
        .find(|route| route.route == name("Stagecoach South Wales", "23"))
        .expect("there");
    assert_eq!((line.fate, line.before, line.after), (RouteFate::More, 51, 88));
    assert_eq!(line.now, Some(name("Stagecoach South Wales", "23-77727")));
    // Without streets nothing calls on the map: then every route is left out, and no sum has it.
    let nowhere = diff(&days.0, &days.1, &SERVICE, ListedRoutes::OnTheMap).expect("two days");
    assert_eq!((nowhere.routes.len(), nowhere.off_map.len()), (0, found.routes.len()));
    assert!(nowhere.hours.is_empty() && nowhere.stops.is_empty());
}
