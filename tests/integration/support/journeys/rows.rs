//! The rows of a feed as they stand in its files, read with nothing but a CSV reader.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;
use lastmile::geometry::LonLat;

/// A feed, a zip or a folder.
#[derive(Default)]
pub struct Rows {
    pub trips: HashMap<String, TripRow>,
    services: HashMap<String, ServiceRow>,
    /// `start_time`, `end_time` and `headway_secs` of a trip in frequencies.txt, with exact times.
    pub frequencies: HashMap<String, Vec<(i32, i32, i32)>>,
}

/// A row of trips.txt with its rows of stop_times.txt, in order.
#[derive(Default)]
pub struct TripRow {
    pub route: String,
    pub service: String,
    pub block: String,
    pub calls: Vec<CallRow>,
}

/// A row of stop_times.txt.
#[derive(Clone)]
pub struct CallRow {
    sequence: u32,
    pub stop: String,
    /// Seconds; a blank is filled by the distance between the timed calls round it.
    pub arrival: i32,
    pub departure: i32,
    /// Filled: the program may round otherwise.
    pub blank: bool,
    along: Option<f64>,
    pub pickup: String,
    pub drop_off: String,
}

#[derive(Default)]
struct ServiceRow {
    weekdays: [bool; 7],
    first: String,
    last: String,
    exceptions: BTreeMap<String, bool>,
}

type Record = HashMap<String, String>;

impl Rows {
    pub fn read(feed: &Path) -> Rows {
        let mut rows = Rows::default();
        for row in table(feed, "calendar.txt") {
            const DAYS: [&str; 7] =
                ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
            let service = rows.services.entry(row["service_id"].clone()).or_default();
            service.weekdays = DAYS.map(|day| row[day] == "1");
            (service.first, service.last) = (row["start_date"].clone(), row["end_date"].clone());
        }
        for row in table(feed, "calendar_dates.txt") {
            let service = rows.services.entry(row["service_id"].clone()).or_default();
            service.exceptions.insert(row["date"].clone(), row["exception_type"] == "1");
        }
        for row in table(feed, "trips.txt") {
            let text = |column: &str| row.get(column).cloned().unwrap_or_default();
            let (route, service, block) = (text("route_id"), text("service_id"), text("block_id"));
            rows.trips
                .insert(text("trip_id"), TripRow { route, service, block, calls: Vec::new() });
        }
        for row in table(feed, "stop_times.txt") {
            let trip = rows.trips.get_mut(&row["trip_id"]).expect("a trip of trips.txt");
            trip.calls.push(call(&row));
        }
        let places: HashMap<String, LonLat> = table(feed, "stops.txt")
            .into_iter()
            .filter_map(|row| {
                let at = LonLat::new(row["stop_lon"].parse().ok()?, row["stop_lat"].parse().ok()?)?;
                Some((row["stop_id"].clone(), at))
            })
            .collect();
        for trip in rows.trips.values_mut() {
            trip.calls.sort_by_key(|call| call.sequence);
            fill_blanks(&mut trip.calls, &places);
        }
        for row in table(feed, "frequencies.txt") {
            assert_eq!(row["exact_times"], "1", "headways without times are not held to rows");
            let headway = row["headway_secs"].parse().expect("seconds");
            let span = (seconds(&row["start_time"]), seconds(&row["end_time"]), headway);
            rows.frequencies.entry(row["trip_id"].clone()).or_default().push(span);
        }
        rows
    }

    pub fn runs_on(&self, service: &str, date: Date) -> bool {
        let service = &self.services[service];
        let day = date.strftime("%Y%m%d").to_string();
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).expect("0 to 6");
        let usual = service.weekdays[weekday] && service.first <= day && day <= service.last;
        service.exceptions.get(&day).copied().unwrap_or(usual)
    }
}

impl CallRow {
    /// Regular or by asking the driver; who has to phone first does not count.
    pub fn boards(&self) -> bool {
        matches!(self.pickup.as_str(), "" | "0" | "3")
    }

    pub fn alights(&self) -> bool {
        matches!(self.drop_off.as_str(), "" | "0" | "3")
    }
}

fn call(row: &Record) -> CallRow {
    let text = |column: &str| row.get(column).map_or("", String::as_str).trim().to_owned();
    let (arrival, departure) = (text("arrival_time"), text("departure_time"));
    let time =
        |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
    let blank = arrival.is_empty() && departure.is_empty();
    let of = |text: String| if blank { 0 } else { seconds(&text) };
    CallRow {
        sequence: row["stop_sequence"].parse().expect("a number"),
        stop: text("stop_id"),
        arrival: of(time(&arrival, &departure)),
        departure: of(time(&departure, &arrival)),
        blank,
        along: text("shape_dist_traveled").parse().ok(),
        pickup: text("pickup_type"),
        drop_off: text("drop_off_type"),
    }
}

/// By `shape_dist_traveled` where all calls between have it, else along the straight lines between
/// the stops.
fn fill_blanks(calls: &mut [CallRow], places: &HashMap<String, LonLat>) {
    let timed: Vec<usize> = (0..calls.len()).filter(|n| !calls[*n].blank).collect();
    for pair in timed.windows(2).filter(|pair| pair[1] > pair[0] + 1) {
        let part = &mut calls[pair[0]..=pair[1]];
        let along: Vec<f64> = if part.iter().all(|call| call.along.is_some()) {
            part.iter().filter_map(|call| call.along).collect()
        } else {
            let mut sum = 0.0;
            let hops =
                part.windows(2).map(|hop| metres(places[&hop[0].stop], places[&hop[1].stop]));
            std::iter::once(0.0)
                .chain(hops)
                .map(|hop| {
                    sum += hop;
                    sum
                })
                .collect()
        };
        let last = part.len() - 1;
        let (from, to) = (f64::from(part[0].departure), f64::from(part[last].arrival));
        for (call, at) in part.iter_mut().zip(&along).filter(|(call, _)| call.blank) {
            let share = (at - along[0]) / (along[last] - along[0]);
            #[expect(clippy::cast_possible_truncation, reason = "a time of day")]
            let time = (from + share * (to - from)).round() as i32;
            (call.arrival, call.departure) = (time, time);
        }
    }
}

/// On a sphere flattened out: good to a part in a thousand over the length of a bus line.
pub fn metres(a: LonLat, b: LonLat) -> f64 {
    let north = (b.lat() - a.lat()) * 111_260.0;
    let east = (b.lon() - a.lon()) * 111_320.0 * ((a.lat() + b.lat()) / 2.0).to_radians().cos();
    north.hypot(east)
}

pub fn seconds(text: &str) -> i32 {
    let parts: Vec<i32> =
        text.trim().split(':').map(|part| part.parse().expect("a time")).collect();
    assert_eq!(parts.len(), 3, "{text}");
    parts[0] * 3600 + parts[1] * 60 + parts[2]
}

fn table(feed: &Path, name: &str) -> Vec<Record> {
    let Some(text) = bytes(feed, name) else { return Vec::new() };
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let mut reader = csv::Reader::from_reader(text);
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn bytes(feed: &Path, name: &str) -> Option<Vec<u8>> {
    if feed.is_dir() {
        return std::fs::read(feed.join(name)).ok();
    }
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(feed).expect("the feed")).expect("a zip");
    let mut text = Vec::new();
    zip.by_name(name).ok()?.read_to_end(&mut text).expect("readable");
    Some(text)
}
