//! A world's feeds as GTFS tables.

use std::fs;
use std::path::{Path, PathBuf};

use super::model::{Feed, Service, Trip, World, Written, month_and_day};
use super::seeded::Dice;

/// Writes each feed into a folder of its own below `folder`, rows in order or, where that means
/// nothing, shuffled.
pub fn write(world: &World, folder: &Path, mut shuffle: Option<Dice>) -> Vec<PathBuf> {
    let paths: Vec<PathBuf> =
        (0..world.feeds.len()).map(|n| folder.join(format!("feed{n}"))).collect();
    for (feed, path) in world.feeds.iter().zip(&paths) {
        fs::create_dir_all(path).expect("a folder");
        for (name, header, mut rows) in tables(feed) {
            let file = path.join(name);
            if rows.is_empty() {
                let _ = fs::remove_file(file);
                continue;
            }
            if let Some(dice) = &mut shuffle {
                dice.shuffle(&mut rows);
            }
            fs::write(file, format!("{header}\n{}\n", rows.join("\n"))).expect("a table");
        }
    }
    paths
}

/// A world for who must find a fault in it.
pub fn show(world: &World) -> String {
    let mut text = format!(
        "{:?}\nfootpaths {:?}\naccess {:?}\negress {:?}\ndirect {:?}\n",
        world.query, world.footpaths, world.access, world.egress, world.direct
    );
    for feed in &world.feeds {
        for (name, header, rows) in tables(feed).into_iter().filter(|(_, _, rows)| !rows.is_empty())
        {
            text += &format!("-- {name}\n{header}\n{}\n", rows.join("\n"));
        }
    }
    text
}

type Table = (&'static str, &'static str, Vec<String>);

fn tables(feed: &Feed) -> Vec<Table> {
    vec![
        (
            "agency.txt",
            "agency_id,agency_name,agency_url,agency_timezone",
            vec![format!("a,Buses,https://example.org,{}", feed.zone.expect("a zone").name())],
        ),
        (
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station",
            stops(feed),
        ),
        ("routes.txt", "route_id,agency_id,route_short_name,route_type", {
            feed.routes.iter().map(|id| format!("{id},a,{id},3")).collect()
        }),
        (
            "calendar.txt",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            feed.services.iter().filter_map(week).collect(),
        ),
        ("calendar_dates.txt", "service_id,date,exception_type", {
            feed.services.iter().flat_map(exceptions).collect()
        }),
        ("trips.txt", "route_id,service_id,trip_id,block_id", {
            feed.trips.iter().map(|trip| self::trip(feed, trip)).collect()
        }),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type,shape_dist_traveled",
            feed.trips.iter().flat_map(|trip| calls(feed, trip)).collect(),
        ),
        (
            "frequencies.txt",
            "trip_id,start_time,end_time,headway_secs,exact_times",
            frequencies(feed),
        ),
        (
            "transfers.txt",
            "from_stop_id,to_stop_id,from_route_id,to_route_id,from_trip_id,to_trip_id,transfer_type,min_transfer_time",
            transfers(feed),
        ),
    ]
}

fn stops(feed: &Feed) -> Vec<String> {
    let row = |stop: &super::model::Stop| {
        let (lat, lon) = place(stop);
        let parent = stop.parent.map_or("", |parent| &feed.stops[parent].id);
        format!("{0},Stop {0},{lat},{lon},{1},{parent}", stop.id, u8::from(stop.is_station))
    };
    feed.stops.iter().map(row).collect()
}

/// Latitude and longitude as they are written.
pub fn place(stop: &super::model::Stop) -> (String, String) {
    #[expect(clippy::cast_precision_loss, reason = "a few kilometres")]
    let (x, y) = (stop.x as f64, stop.y as f64);
    (format!("{:.7}", 51.5 + y / 111_200.0), format!("{:.7}", -0.1 + x / 69_200.0))
}

fn date(day: i64) -> String {
    let (month, day) = month_and_day(day);
    format!("2026{month:02}{day:02}")
}

fn week(service: &Service) -> Option<String> {
    let (first, last, days) = service.weekly?;
    let days = days.map(|runs| if runs { "1" } else { "0" }).join(",");
    Some(format!("{},{days},{},{}", service.id, date(first), date(last)))
}

fn exceptions(service: &Service) -> Vec<String> {
    let row = |day: &i64, kind| format!("{},{},{kind}", service.id, date(*day));
    let added = service.added.iter().map(|day| row(day, 1));
    added.chain(service.removed.iter().map(|day| row(day, 2))).collect()
}

fn trip(feed: &Feed, trip: &Trip) -> String {
    let (route, service) = (&feed.routes[trip.route], &feed.services[trip.service].id);
    format!("{route},{service},{},{}", trip.id, trip.block.as_deref().unwrap_or_default())
}

pub fn time(seconds: i64) -> String {
    assert!(seconds >= 0, "a feed has no times below zero");
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn calls(feed: &Feed, trip: &Trip) -> Vec<String> {
    let row = |(number, call): (usize, &super::model::Call)| {
        let (arrival, departure) = match call.written {
            Written::Both => (time(call.arrival), time(call.departure)),
            Written::ArrivalAlone => (time(call.arrival), String::new()),
            Written::DepartureAlone => (String::new(), time(call.departure)),
            Written::Blank => (String::new(), String::new()),
        };
        let rule =
            |rule: u8| if rule == 0 && number % 2 == 0 { String::new() } else { rule.to_string() };
        let (stop, along) =
            (&feed.stops[call.stop].id, call.along.map_or(String::new(), |a| a.to_string()));
        let (pickup, drop_off) = (rule(call.pickup), rule(call.drop_off));
        format!(
            "{},{arrival},{departure},{stop},{},{pickup},{drop_off},{along}",
            trip.id,
            3 * number
        )
    };
    trip.calls.iter().enumerate().map(row).collect()
}

fn frequencies(feed: &Feed) -> Vec<String> {
    let row = |f: &super::model::Frequency| {
        let (start, end) = (time(f.start), time(f.end));
        let exact = if f.exact { "1" } else { ["0", ""][f.trip % 2] };
        format!("{},{start},{end},{},{exact}", feed.trips[f.trip].id, f.headway)
    };
    feed.frequencies.iter().map(row).collect()
}

fn transfers(feed: &Feed) -> Vec<String> {
    let row = |t: &super::model::Transfer| {
        let stop = |stop: Option<usize>| stop.map_or("", |stop| feed.stops[stop].id.as_str());
        let route = |route: Option<usize>| route.map_or("", |route| feed.routes[route].as_str());
        let trip = |trip: Option<usize>| trip.map_or("", |trip| feed.trips[trip].id.as_str());
        let least = t.least.map_or(String::new(), |least| least.to_string());
        [
            stop(t.from_stop),
            stop(t.to_stop),
            route(t.from_route),
            route(t.to_route),
            trip(t.from_trip),
            trip(t.to_trip),
            &t.kind.to_string(),
            &least,
        ]
        .join(",")
    };
    feed.transfers.iter().map(row).collect()
}
