//! Feeds as they are published: the columns, ids and habits of Britain's open bus data.

use crate::{
    dice::Dice,
    network::{Line, Pattern, Stop},
    plan::Plan,
    plane::six_decimals,
    rail,
    timetable::{ALL_DAYS, Days, Times, Trip, call_times, is_timing_point, times_of, trips},
};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const FIRST_DATE: &str = "20260216";
const LAST_DATE: &str = "20261120";
const HOLIDAYS: [&str; 5] = ["20260403", "20260406", "20260504", "20260525", "20260831"];

/// A feed to be written.
pub struct Feed<'a> {
    /// The settlements, whose names stops take.
    pub plan: &'a Plan,
    /// Its lines.
    pub lines: &'a [Line],
    /// Its stops.
    pub stops: &'a [Stop],
    /// What its ids begin with: 1 for buses, 9 for trains.
    pub prefix: u64,
}

/// How much a feed holds.
#[derive(Clone, Copy, Default)]
pub struct Rows {
    /// Trips.
    pub trips: u64,
    /// Rows of `stop_times.txt`.
    pub calls: u64,
    /// Rows of `stops.txt`.
    pub stops: u64,
    /// Rows of `shapes.txt`.
    pub shape_points: u64,
}

impl Feed<'_> {
    /// Writes the feed as a zip.
    pub fn write(&self, path: &Path) -> io::Result<Rows> {
        let mut zip = ZipWriter::new(BufWriter::new(File::create(path)?));
        let mut rows = Rows::default();
        self.write_agencies(table(&mut zip, "agency.txt")?)?;
        rows.stops = self.write_stops(table(&mut zip, "stops.txt")?)?;
        self.write_routes(table(&mut zip, "routes.txt")?)?;
        rows.trips = self.write_trips(table(&mut zip, "trips.txt")?)?;
        rows.calls = self.write_stop_times(table(&mut zip, "stop_times.txt")?)?;
        self.write_calendar(table(&mut zip, "calendar.txt")?)?;
        self.write_calendar_dates(table(&mut zip, "calendar_dates.txt")?)?;
        if self.stops.iter().any(|stop| stop.station.is_some()) {
            self.write_transfers(table(&mut zip, "transfers.txt")?)?;
        } else {
            rows.shape_points = self.write_shapes(table(&mut zip, "shapes.txt")?)?;
        }
        self.write_feed_info(table(&mut zip, "feed_info.txt")?)?;
        zip.finish()?;
        Ok(rows)
    }

    fn write_agencies(&self, mut out: impl Write) -> io::Result<()> {
        let header = "agency_id,agency_name,agency_url,agency_timezone,agency_lang,agency_phone,\
                      agency_noc";
        writeln!(out, "{header}")?;
        let operators: BTreeSet<usize> = self.lines.iter().map(|line| line.operator).collect();
        for n in operators {
            let town = self.plan.settlements[n % self.plan.settlements.len()].name();
            let name = match n % 9 {
                _ if self.prefix == 9 => format!("{town} Railway"),
                // The comma makes the cell a quoted one.
                4 => format!("\"{town} Coaches, Tours and Taxis\""),
                _ => format!("{town} Buses"),
            };
            let noc = ["A", "B", "C", "D"][n % 4];
            writeln!(
                out,
                "OP{n},{name},https://country.example/{n},Europe/London,EN,,{noc}{n:03}"
            )?;
        }
        out.flush()
    }

    fn write_stops(&self, mut out: impl Write) -> io::Result<u64> {
        let header = "stop_id,stop_code,stop_name,stop_lat,stop_lon,wheelchair_boarding,\
                      location_type,parent_station,platform_code";
        writeln!(out, "{header}")?;
        let mut rows = 0;
        let mut stations = BTreeSet::new();
        for (n, stop) in self.stops.iter().enumerate() {
            let town = self.plan.settlements[stop.settlement].name();
            if let Some(station) = stop.station.filter(|&station| stations.insert(station)) {
                let (lon, lat) = rail::station(self.plan, station).degrees();
                let id = self.station_id(station);
                writeln!(out, "{id},,{town} Rail Station,{lat},{lon},0,1,,")?;
                rows += 1;
            }
            let (lon, lat) = stop.at.degrees();
            let id = self.stop_id(n);
            rows += 1;
            if let Some(station) = stop.station {
                let (parent, platform) = (self.station_id(station), n % 2 + 1);
                let name = format!("{town} Rail Station");
                writeln!(out, "{id},,{name},{lat},{lon},0,0,{parent},{platform}")?;
                continue;
            }
            let name = stop_name(&town, n);
            writeln!(out, "{id},{},{name},{lat},{lon},0,,,", stop_code(n))?;
            if n % 12 == 5 {
                let (lon, lat) = stop.at.plus(60.0, 35.0).degrees();
                let id = format!("{}5{:010}", self.prefix, n);
                writeln!(out, "{id},,{name} (disused),{lat},{lon},0,,,")?;
                rows += 1;
            }
        }
        out.flush()?;
        Ok(rows)
    }

    fn write_routes(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "route_id,agency_id,route_short_name,route_long_name,route_type")?;
        for line in self.lines {
            let name = |n: usize| self.plan.settlements[n].name();
            let long = match line.route_type {
                2 => format!("{} - {}", name(line.ends.0), name(line.ends.1)),
                _ => String::new(),
            };
            let Line { number, operator, route_type, .. } = line;
            writeln!(out, "{number},OP{operator},{},{long},{route_type}", line.name)?;
        }
        out.flush()
    }

    fn write_trips(&self, mut out: impl Write) -> io::Result<u64> {
        let header = "route_id,service_id,trip_id,trip_headsign,block_id,shape_id,\
                      wheelchair_accessible,trip_direction_name,vehicle_journey_code";
        writeln!(out, "{header}")?;
        let mut rows = 0;
        for line in self.lines {
            for trip in trips(self.plan.seed, line) {
                let pattern = &line.patterns[trip.pattern];
                let block = trip
                    .block
                    .map_or(String::new(), |n| format!("B{}-{}-{n}", line.number, trip.days as u8));
                let shape = if pattern.shape.is_empty() {
                    String::new()
                } else {
                    shape_id(line, trip.pattern, trip.days != Days::Weekdays)
                };
                out.write_all(line.number.to_string().as_bytes())?;
                write!(out, ",{},", service_id(line, trip.days))?;
                out.write_all(&self.trip_id(line, &trip))?;
                let direction = if pattern.back { "inbound" } else { "outbound" };
                let headsign = self.plan.settlements[pattern.to].name();
                let code = trip.number + 1;
                writeln!(out, ",{headsign},{block},{shape},0,{direction},VJ{code}")?;
                rows += 1;
            }
        }
        out.flush()?;
        Ok(rows)
    }

    fn write_stop_times(&self, mut out: impl Write) -> io::Result<u64> {
        let header = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,stop_headsign,\
                      pickup_type,drop_off_type,shape_dist_traveled,timepoint";
        writeln!(out, "{header}")?;
        let mut rows = 0;
        for line in self.lines {
            for trip in trips(self.plan.seed, line) {
                let pattern = &line.patterns[trip.pattern];
                self.write_calls(&mut out, line, &trip, pattern)?;
                rows += pattern.calls.len() as u64;
            }
        }
        out.flush()?;
        Ok(rows)
    }

    fn write_calls(
        &self,
        out: &mut impl Write,
        line: &Line,
        trip: &Trip,
        pattern: &Pattern,
    ) -> io::Result<()> {
        let id = self.trip_id(line, trip);
        let style = times_of(line);
        let calls = pattern.calls.len();
        for (n, after) in call_times(line, pattern, trip.departs).into_iter().enumerate() {
            let point = is_timing_point(n, calls);
            let time = trip.departs + after;
            let time = match style {
                Times::Seconds => Some(time),
                Times::Minutes => Some(time / 60 * 60),
                Times::TimingPoints => point.then_some(time),
            };
            let (stop, along) = pattern.calls[n];
            let mut row = Vec::with_capacity(128);
            row.extend_from_slice(&id);
            for _ in 0..2 {
                row.push(b',');
                put_time(&mut row, time);
            }
            write!(row, ",{},{n},,", self.stop_id(stop as usize))?;
            write!(row, "{},{},", u8::from(n + 1 == calls), u8::from(n == 0))?;
            if !pattern.shape.is_empty() {
                write!(row, "{}", along as u32)?;
            }
            writeln!(row, ",{}", u8::from(point))?;
            out.write_all(&row)?;
        }
        Ok(())
    }

    fn write_calendar(&self, mut out: impl Write) -> io::Result<()> {
        let header = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,\
                      start_date,end_date";
        writeln!(out, "{header}")?;
        for line in self.lines {
            for days in ALL_DAYS {
                let week = match days {
                    Days::Weekdays | Days::WeekdaysAgain | Days::School => "1,1,1,1,1,0,0",
                    Days::Saturdays => "0,0,0,0,0,1,0",
                    Days::Sundays => "0,0,0,0,0,0,1",
                    Days::Market => "0,1,1,0,0,0,0",
                };
                let id = service_id(line, days);
                if days_used(self.plan.seed, line).contains(&days) {
                    writeln!(out, "{id},{week},{FIRST_DATE},{LAST_DATE}")?;
                }
            }
        }
        out.flush()
    }

    fn write_calendar_dates(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "service_id,date,exception_type")?;
        for line in self.lines {
            for days in days_used(self.plan.seed, line) {
                let id = service_id(line, days);
                match days {
                    Days::Weekdays | Days::WeekdaysAgain => {
                        for date in HOLIDAYS {
                            writeln!(out, "{id},{date},2")?;
                        }
                    }
                    Days::Sundays => {
                        for date in HOLIDAYS {
                            writeln!(out, "{id},{date},1")?;
                        }
                    }
                    Days::School => {
                        for date in school_holidays() {
                            writeln!(out, "{id},{date},2")?;
                        }
                    }
                    Days::Saturdays | Days::Market => {}
                }
            }
        }
        out.flush()
    }

    fn write_shapes(&self, mut out: impl Write) -> io::Result<u64> {
        let header = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled";
        writeln!(out, "{header}")?;
        let mut rows = 0;
        for line in self.lines {
            let patterns = line.patterns.iter().enumerate();
            for ((n, pattern), other_days) in patterns.flat_map(|p| [(p, false), (p, true)]) {
                let id = shape_id(line, n, other_days);
                for (at, &((lon, lat), along)) in pattern.shape.iter().enumerate() {
                    let (lat, lon) = (six_decimals(lat), six_decimals(lon));
                    writeln!(out, "{id},{lat},{lon},{at},{}", along as u32)?;
                    rows += 1;
                }
            }
        }
        out.flush()?;
        Ok(rows)
    }

    fn write_transfers(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "from_stop_id,to_stop_id,transfer_type,min_transfer_time")?;
        let stations: BTreeSet<usize> = self.stops.iter().filter_map(|stop| stop.station).collect();
        for station in stations {
            let (id, seconds) = (self.station_id(station), 120 + 60 * (station % 4));
            writeln!(out, "{id},{id},2,{seconds}")?;
        }
        out.flush()
    }

    fn write_feed_info(&self, mut out: impl Write) -> io::Result<()> {
        let header = "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,\
                      feed_end_date,feed_version";
        writeln!(out, "{header}")?;
        writeln!(out, "A made-up country,https://country.example,EN,{FIRST_DATE},{LAST_DATE},1")?;
        out.flush()
    }

    fn stop_id(&self, n: usize) -> String {
        format!("{}0{n:010}", self.prefix)
    }

    fn station_id(&self, settlement: usize) -> String {
        format!("{}10G{settlement:08}", self.prefix)
    }

    /// `VJ` and forty hexadecimal digits.
    fn trip_id(&self, line: &Line, trip: &Trip) -> [u8; 42] {
        let mut dice =
            Dice::of(&[self.plan.seed, 15, self.prefix, line.number as u64, trip.number as u64]);
        let mut id = [b'V'; 42];
        id[1] = b'J';
        for part in id[2..].chunks_mut(16) {
            let mut bits = dice.bits();
            for digit in part {
                *digit = b"0123456789abcdef"[(bits & 15) as usize];
                bits >>= 4;
            }
        }
        id
    }
}

type Zip = ZipWriter<BufWriter<File>>;

fn table<'a>(zip: &'a mut Zip, name: &str) -> io::Result<BufWriter<&'a mut Zip>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(4))
        .large_file(true);
    zip.start_file(name, options)?;
    Ok(BufWriter::with_capacity(1 << 16, zip))
}

fn days_used(seed: u64, line: &Line) -> BTreeSet<Days> {
    trips(seed, line).into_iter().map(|trip| trip.days).collect()
}

fn service_id(line: &Line, days: Days) -> usize {
    line.number * 10 + days as usize + 1
}

/// Publishers give a course anew for each timetable: one for weekdays, one for other days.
fn shape_id(line: &Line, pattern: usize, other_days: bool) -> String {
    format!("RS{:06}x{pattern}{}", line.number, if other_days { "w" } else { "d" })
}

fn stop_name(town: &str, n: usize) -> String {
    const NAMES: [&str; 8] = [
        "High Street",
        "The Green",
        "Post Office",
        "School",
        "Church",
        "Mill Lane",
        "Turn",
        "Hospital",
    ];
    format!("{town} {} {}", NAMES[n % 8], n / 8 % 40)
}

fn stop_code(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    let (a, b, c) = (letter(n / 17_576 / 26), letter(n / 17_576), letter(n / 676));
    format!("{a}{b}{c}{}{}", letter(n / 26), letter(n))
}

fn put_time(row: &mut Vec<u8>, time: Option<u32>) {
    let Some(time) = time else { return };
    for (n, part) in [time / 3600, time / 60 % 60, time % 60].into_iter().enumerate() {
        if n > 0 {
            row.push(b':');
        }
        row.extend([b'0' + (part / 10) as u8, b'0' + (part % 10) as u8]);
    }
}

fn school_holidays() -> impl Iterator<Item = u32> {
    let spring = (20260330..=20260331).chain(20260401..=20260410);
    let half_terms = (20260525..=20260529).chain(20261026..=20261030);
    let summer = (20260722..=20260731).chain(20260801..=20260831);
    spring.chain(half_terms).chain(summer)
}
