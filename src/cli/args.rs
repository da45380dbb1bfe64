//! What can be typed. Nothing here does anything.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// How far is each neighbourhood, on foot and by public transport, from where people meet, from jobs and from services?
#[derive(Debug, Parser)]
#[command(name = "lastmile", version, max_term_width = 110)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to say it.
    #[command(flatten)]
    pub global: Global,
}

/// For every command.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// Print only warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print the summary as JSON on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Threads to use [default: all cores]; results do not depend on it
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Exit with 1 if a finding of this code stands (repeatable; `warnings` and `errors` name all of a severity); codes are those
    /// of findings.csv
    #[arg(long, global = true, value_name = "CODE")]
    pub deny: Vec<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole analysis: load, check, compute every window, write every output and the report
    Run(RunArgs),
    /// Before and after: what a cut, another timetable or a closed place does, to whom, and why
    Compare(Box<CompareArgs>),
    /// Travel times from origins to destinations; works from flags alone
    Matrix(Box<MatrixArgs>),
    /// For each origin the nearest place of each category, from flags alone
    Nearest(Box<NearestArgs>),
    /// Polygons of what is reached from a point within each cut-off, on foot or with public transport
    Isochrone(Box<IsochroneArgs>),
    /// The journey behind one number, leg by leg, or why there is none
    Explain(Box<ExplainArgs>),
    /// What is in the data and what is wrong with it, without computing access
    Check(CheckArgs),
    /// Look at the files in a folder and write a commented lastmile.toml
    Init(InitArgs),
    /// A page in the browser: see the map, click a home, try a cut, keep it as a scenario or as evidence
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// Shell completions, on stdout
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// `lastmile run`.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// The project file
    pub project: PathBuf,
    /// The folder to write; everything or nothing
    #[arg(long, default_value = "lastmile-out", value_name = "DIR")]
    pub out: PathBuf,
    /// Replace an earlier output
    #[arg(long)]
    pub force: bool,
    /// Also write a page about the neighbourhood with this id, neighbourhoods/ID.html (repeatable)
    #[arg(long = "neighbourhood", value_name = "ID")]
    pub neighbourhoods: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: Lenient,
}

/// `lastmile serve`.
#[cfg(feature = "serve")]
#[derive(Args, Debug)]
#[command(after_long_help = SERVE)]
pub struct ServeArgs {
    /// The project file; a scenario that is saved in the page is appended to it
    pub project: PathBuf,
    /// The port of 127.0.0.1 [default: a free one]
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "PORT")]
    pub port: u16,
    /// The folder that evidence packs are put in, each in a new folder with the scenario's name
    #[arg(long, default_value = "lastmile-evidence", value_name = "DIR")]
    pub out: PathBuf,
    /// Draw the map over tiles from this address; without it the page asks nothing of any other machine
    #[arg(long, value_name = "https://…/{z}/{x}/{y}.png")]
    pub tiles: Option<crate::web::Tiles>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: Lenient,
}

#[cfg(feature = "serve")]
const SERVE: &str = "Prints the address of the page, which holds a token that is drawn anew each time: only who has the address can ask. \
It listens on this machine alone (127.0.0.1) until it is stopped with Ctrl-C.";

/// `lastmile compare`.
#[derive(Args, Debug)]
#[command(after_long_help = CHANGES)]
pub struct CompareArgs {
    /// The project file
    pub project: PathBuf,
    /// A scenario of the project file (repeatable) [default: all, unless a change is given here]
    #[arg(long = "scenario", value_name = "NAME")]
    pub scenarios: Vec<String>,
    /// The folder to write; everything or nothing
    #[arg(long, default_value = "lastmile-compare", value_name = "DIR")]
    pub out: PathBuf,
    /// Replace an earlier output
    #[arg(long)]
    pub force: bool,
    /// A change of any kind, such as 'thin route=12 every=2' (repeatable; applied in this order, before those below)
    #[arg(long = "change", value_name = "KIND KEY=VALUE …")]
    pub changes: Vec<String>,
    /// Trips that no longer run, such as 'route=12 after=19:00 days=sun' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub cut: Vec<String>,
    /// The same, for a whole route or operator: 'operator=Bloggs Buses' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub withdraw: Vec<String>,
    /// Keeps each second trip: 'route=12 every=2 between=09:00-16:00' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub thin: Vec<String>,
    /// Another headway in a band, the rest stays: 'route=12 minutes=60 between=09:00-16:00' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub headway: Vec<String>,
    /// Trips that end or begin on the way: 'route=12 to=High Street' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub shorten: Vec<String>,
    /// Stops that are passed: 'route=12 stops=Mill Lane;Town Hall' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub skip: Vec<String>,
    /// Slower trips: 'route=12 factor=1.2 between=07:00-09:00' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub slow: Vec<String>,
    /// Faster trips: 'route=12 factor=1.2' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub speed: Vec<String>,
    /// Another way between two stops: 'route=12 from=Mill Lane to=Town Hall via=-2.99 51.58;High Street minutes=3,2,4' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub reroute: Vec<String>,
    /// One stop more: 'route=12 stop=-2.99 51.58 behind=Mill Lane dwell=20 adds=1' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_stop: Vec<String>,
    /// A stop that is put elsewhere: 'stop=Mill Lane to=-2.99 51.58' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub move_stop: Vec<String>,
    /// A new line: 'name=N1 stops=Mill Lane;Town Hall headway=20 speed=18 after=06:00 before=24:00', or 'line=n1.geojson spacing=400 headway=20' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_route: Vec<String>,
    /// A place that shuts: 'category=library place=Central Library' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub close: Vec<String>,
    /// A new place: 'category=library at=-2.99 51.58' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub open: Vec<String>,
    /// Streets that nobody can walk: 'way=123456', 'name=High Street near=-2.99 51.58', 'area=works.geojson', 'line=bridge.geojson' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub close_street: Vec<String>,
    /// A new footpath: 'line=bridge.geojson snap=25' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_path: Vec<String>,
    /// Broadband that premises get: 'speed=gigabit code=W01001420 share=80', or with area=POLYGON.geojson (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_broadband: Vec<String>,
    /// Broadband that premises lose, likewise (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub remove_broadband: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: Lenient,
}

const CHANGES: &str = "Which trips: route (name or id; several with commas), operator (several with ;), trip (id), feed, direction (0 or 1), \
headsign, stop (calls there), pattern=\"First Stop > Last Stop\" (stops on the way may stand between); \
after (leaving the first stop at this time or later), before, between=09:00-16:00, in service time: past midnight count on, as in 25:30; \
days (mon-fri, sat, sun …). A line or area is a GeoJSON file beside the project file, or points as \"LON LAT; LON LAT\". Every name is looked up in the data first, and a change that changes nothing is an error.\n\n\
In the project file: [scenarios.evening] with modifications = [{ cut = { route = \"12\", after = \"19:00\", days = \"sun\" } }], \
or with gtfs = [\"next-year.zip\"] for another timetable.";

/// Errors that can be turned into warnings, which are then repeated in every output.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Lenient {
    /// Go on with a date outside a feed's range, or with unusually little service
    #[arg(long)]
    pub allow_unusual_date: bool,
    /// Go on when fewer than 98 % of a table's area codes match
    #[arg(long)]
    pub allow_unmatched: bool,
}

/// The data a command reads when there is no project file.
#[derive(Args, Clone, Debug)]
pub struct NetworkArgs {
    /// OpenStreetMap extract (.osm.pbf; repeatable)
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub osm: Vec<PathBuf>,
    /// GTFS feed, a zip or a folder (repeatable)
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub gtfs: Vec<PathBuf>,
    /// The date of travel; needed with --gtfs
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<jiff::civil::Date>,
    /// The timezone of date and times [default: the first feed's]
    #[arg(long, value_name = "IANA NAME")]
    pub timezone: Option<String>,
    /// On foot only, or on foot and by public transport [default: transit with --gtfs, else walk]
    #[arg(long, value_name = "MODE")]
    pub modes: Option<Mode>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub journey: JourneyArgs,
    /// Seeds what is drawn at random: the phases of headway services
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: Lenient,
}

/// How to travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// On foot.
    Walk,
    /// By public transport and on foot.
    Transit,
}

/// What a journey may be.
#[derive(Args, Clone, Debug)]
pub struct JourneyArgs {
    /// The longest journey that counts, minutes
    #[arg(long, default_value_t = 120, value_name = "MIN", value_parser = clap::value_parser!(u32).range(1..=600))]
    pub max_time: u32,
    /// The longest walk, minutes: all the way, to the first stop, and from the last stop, each by itself
    #[arg(long, default_value_t = 30, value_name = "MIN", value_parser = clap::value_parser!(u32).range(0..=600))]
    pub max_walk: u32,
    /// Walking speed, km/h
    #[arg(long, default_value_t = 4.8, value_name = "KMH", value_parser = speed)]
    pub walk_speed: f64,
    /// Walking speed on steps, km/h [default: half the walking speed]
    #[arg(long, value_name = "KMH", value_parser = speed)]
    pub steps_speed: Option<f64>,
    /// Avoid steps and other barriers
    #[arg(long)]
    pub step_free: bool,
    /// Most rides of a journey
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub max_rides: u8,
    /// Longest walk between two rides, metres
    #[arg(long, default_value_t = 1000.0, value_name = "M", value_parser = metres)]
    pub max_transfer: f64,
    /// Needed before each boarding, seconds
    #[arg(long, default_value_t = 60, value_name = "S", value_parser = clap::value_parser!(u32).range(0..=3600))]
    pub board_slack: u32,
    /// How far from a street a point may lie, metres
    #[arg(long, default_value_t = 300.0, value_name = "M", value_parser = metres)]
    pub max_snap: f64,
    /// How far from a street a stop may lie, metres
    #[arg(long, default_value_t = 100.0, value_name = "M", value_parser = metres)]
    pub max_snap_stop: f64,
    /// Let in stops that must be phoned for (pickup_type and drop_off_type 2)
    #[arg(long)]
    pub phone_pickups: bool,
}

/// The departures.
#[derive(Args, Clone, Debug)]
pub struct DepartureArgs {
    /// The first departure by the clock; past 24:00 for the night of the date
    #[arg(long, default_value = "08:00", value_name = "HH:MM")]
    pub depart: ClockTime,
    /// Departures in each minute of so many minutes; 1 is a single departure
    #[arg(long, default_value_t = 120, value_name = "MIN", value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub window: u32,
    /// Minutes between departures
    #[arg(long, default_value_t = 1, value_name = "MIN", value_parser = clap::value_parser!(u32).range(1..=120))]
    pub step: u32,
    /// Percentiles of the travel time over the departures, comma-separated
    #[arg(long, default_value = "50", value_delimiter = ',', value_name = "P,P", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub percentiles: Vec<u8>,
    /// Arrive by this time: the travel time is that from the latest departure, to the second, that arrives in time until then
    /// (travel_time_arrive_by), in place of a window's percentiles
    #[arg(long, value_name = "HH:MM", conflicts_with_all = ["depart", "window", "step", "percentiles"])]
    pub arrive_by: Option<ClockTime>,
}

/// `lastmile matrix`.
#[derive(Args, Debug)]
pub struct MatrixArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub departure: DepartureArgs,
    /// Points to start from: CSV with id and lon/lat (or easting/northing), or GeoJSON points
    #[arg(long, value_name = "FILE")]
    pub origins: PathBuf,
    /// Points to reach [default: the origins]
    #[arg(long, value_name = "FILE")]
    pub destinations: Option<PathBuf>,
    /// The file to write, .csv or .parquet [default, and `-`: CSV on stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
    /// Integer seconds (travel_time_s_p50) in place of minutes to one decimal
    #[arg(long)]
    pub seconds: bool,
    /// Write the pairs that are not reached too, with empty times
    #[arg(long)]
    pub all_pairs: bool,
    /// Only the K-th of N parts of the origins
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
}

/// `lastmile nearest`.
#[derive(Args, Debug)]
pub struct NearestArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub departure: DepartureArgs,
    /// Points to start from: CSV with id and lon/lat (or easting/northing), or GeoJSON points
    #[arg(long, value_name = "FILE")]
    pub origins: PathBuf,
    /// A category and its OpenStreetMap rule or its file of points, such as library=amenity=library or gp=gps.csv (repeatable) [default: the built-in categories]
    #[arg(long = "place", value_name = "NAME=RULE|FILE")]
    pub places: Vec<String>,
    /// The file to write [default, and `-`: CSV on stdout]
    #[arg(long, value_name = "FILE.csv")]
    pub out: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
    /// Integer seconds in place of minutes to one decimal
    #[arg(long)]
    pub seconds: bool,
    /// The K nearest places of each category, a row each
    #[arg(long, default_value_t = 1, value_name = "K", value_parser = clap::value_parser!(u8).range(1..=20))]
    pub k: u8,
    /// Say from which share of the departures one gets there, stays so many minutes and gets home by 04:00, and how long
    /// that takes (round_trip_pct, away_time_p50)
    #[arg(long, value_name = "MIN", conflicts_with = "arrive_by", value_parser = clap::value_parser!(u32).range(0..=600))]
    pub stay: Option<u32>,
    /// Say in how many hours of the date, from 04:00 to 04:00, a vehicle can be boarded within the longest walk
    #[arg(long)]
    pub service_hours: bool,
    /// Say until when one gets home in the night of the date from any place of the category (last_home); looked for from
    /// 17:00 to 04:00
    #[arg(long)]
    pub last_home: bool,
}

/// `lastmile isochrone`.
#[derive(Args, Debug)]
#[command(mut_arg("osm", |arg| arg.required(false).required_unless_present("project")))]
#[command(after_long_help = AREAS)]
pub struct IsochroneArgs {
    /// A project file, in place of --osm, --gtfs, --date and how to travel; it also says where people live
    #[arg(conflicts_with_all = ["osm", "gtfs", "date", "timezone", "depart", "window", "step", "seed", "max_time", "max_walk", "walk_speed", "steps_speed", "step_free", "max_rides", "max_transfer", "board_slack", "max_snap", "max_snap_stop", "phone_pickups"])]
    pub project: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    /// The window of the project file [default: the first]
    #[arg(long, value_name = "NAME", requires = "project")]
    pub project_window: Option<String>,
    /// The first departure by the clock; past 24:00 for the night of the date
    #[arg(long, default_value = "08:00", value_name = "HH:MM")]
    pub depart: ClockTime,
    /// Departures in each minute of so many minutes; 1 is a single departure
    #[arg(long, default_value_t = 120, value_name = "MIN", value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub window: u32,
    /// Minutes between departures
    #[arg(long, default_value_t = 1, value_name = "MIN", value_parser = clap::value_parser!(u32).range(1..=120))]
    pub step: u32,
    /// Percentiles of the travel time over the departures, comma-separated; on foot there is but one time
    #[arg(long, default_value = "50", value_delimiter = ',', value_name = "P,P", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub percentiles: Vec<u8>,
    /// A point to set out from (repeatable)
    #[arg(long, value_name = "LON,LAT", required_unless_present = "points", allow_hyphen_values = true)]
    pub from: Vec<String>,
    /// Points to set out from: CSV with id and lon/lat (or easting/northing), or GeoJSON points
    #[arg(long, value_name = "FILE")]
    pub points: Option<PathBuf>,
    /// Cut-offs in minutes, comma-separated
    #[arg(long, default_value = "15,30,45,60", value_delimiter = ',', value_name = "MIN,MIN", value_parser = clap::value_parser!(u32).range(1..=600))]
    pub cutoffs: Vec<u32>,
    /// Whole areas (0 to 30 min) in place of bands that do not overlap (15 to 30 min)
    #[arg(long)]
    pub cumulative: bool,
    /// How far from a street the area goes, metres
    #[arg(long, default_value_t = 50.0, value_name = "M", value_parser = metres)]
    pub margin: f64,
    /// The side of a square cell of which the area is made, metres
    #[arg(long, default_value_t = 20.0, value_name = "M", value_parser = cell)]
    pub cell: f64,
    /// The file to write, .geojson (with a .qml beside it) or .gpkg [default: GeoJSON on stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
}

const AREAS: &str = "Travel times are those of `lastmile matrix`: a place on a street is in the area if the matrix's time to it \
is within the cut-off. The area is what lies within --margin of such places and nearer to them than to a street out of reach, to \
the nearest --cell; enclosed blocks below a hectare without a street join it. Every piece holds a street that is reached; \
island_stops names the stop one gets off at for each piece without the point.";

/// `lastmile explain`.
#[derive(Args, Debug)]
#[command(mut_arg("osm", |osm| osm.required(false).required_unless_present("project")))]
pub struct ExplainArgs {
    /// A project file: its data, windows, places and limits, in place of --osm, --gtfs, --date and the limits below
    #[arg(long, value_name = "FILE", conflicts_with_all = ["osm", "gtfs", "date", "depart", "window", "arrive_by", "origins", "destinations"])]
    pub project: Option<PathBuf>,
    /// With --project: the journey before and after this scenario of it
    #[arg(long, value_name = "NAME", requires = "project", conflicts_with = "geojson")]
    pub scenario: Option<String>,
    /// With --project: the window [default: the first]
    #[arg(long = "in", value_name = "WINDOW", requires = "project")]
    pub in_window: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    /// The first departure by the clock; with --window and --percentile the journey of that percentile, else of this minute
    #[arg(long, default_value = "08:00", value_name = "HH:MM")]
    pub depart: ClockTime,
    /// Departures in each minute of so many minutes
    #[arg(long, default_value_t = 1, value_name = "MIN", value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub window: u32,
    /// Which departure of the window: the one whose time is this percentile
    #[arg(long, default_value_t = 50, value_name = "P", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub percentile: u8,
    /// The latest journey that arrives by this time, in place of the one that leaves at --depart
    #[arg(long, value_name = "HH:MM", conflicts_with_all = ["depart", "window", "percentile"])]
    pub arrive_by: Option<ClockTime>,
    /// The origin, LON,LAT, or an id with --origins; with --project the id of an origin point, or the code of a neighbourhood
    #[arg(long, value_name = "LON,LAT|ID")]
    pub from: String,
    /// The destination: LON,LAT, or an id with --destinations, or the nearest by an OpenStreetMap rule such as amenity=library;
    /// with --project the nearest of a category, by its name
    #[arg(long, value_name = "LON,LAT|ID|RULE")]
    pub to: String,
    /// Points to take the origin from
    #[arg(long, value_name = "FILE")]
    pub origins: Option<PathBuf>,
    /// Points to take the destination from
    #[arg(long, value_name = "FILE")]
    pub destinations: Option<PathBuf>,
    /// Write the legs as GeoJSON too
    #[arg(long, value_name = "FILE.geojson")]
    pub geojson: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
}

/// `lastmile check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The project file; or bare files with --osm and --gtfs
    #[arg(required_unless_present_any = ["osm", "gtfs"])]
    pub project: Option<PathBuf>,
    /// OpenStreetMap extract (.osm.pbf; repeatable)
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub osm: Vec<PathBuf>,
    /// GTFS feed, a zip or a folder (repeatable)
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub gtfs: Vec<PathBuf>,
    /// Write every finding, with file and line, to this CSV
    #[arg(long, value_name = "FILE.csv")]
    pub findings: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: Lenient,
}

/// `lastmile init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The folder with the files
    #[arg(required_unless_present = "categories")]
    pub dir: Option<PathBuf>,
    /// Replace a lastmile.toml that is there
    #[arg(long)]
    pub force: bool,
    /// Show the kinds of places that are known by name, with their rules: a file to copy from
    #[arg(long)]
    pub categories: bool,
}

/// A time by the clock, in minutes after midnight; hours may pass 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime(pub u32);

impl std::str::FromStr for ClockTime {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed =
            text.split_once(':').and_then(|(h, m)| Some((h.parse::<u32>().ok()?, m.parse::<u32>().ok()?)));
        match parsed {
            Some((hours, minutes)) if hours < 48 && minutes < 60 => Ok(ClockTime(hours * 60 + minutes)),
            _ => Err("write a time as HH:MM, at most 47:59".to_owned()),
        }
    }
}

/// A part of the origins: the `k`th of `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub k: u32,
    /// How many parts there are.
    pub n: u32,
}

impl std::str::FromStr for Shard {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parsed {
            Some((k, n)) if k >= 1 && k <= n => Ok(Shard { k, n }),
            _ => Err("write a part as K/N with 1 ≤ K ≤ N, such as 2/8".to_owned()),
        }
    }
}

fn speed(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|kmh| (0.1..=30.0).contains(kmh))
        .ok_or_else(|| "a speed is between 0.1 and 30 km/h".to_owned())
}

fn metres(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|m| (0.0..=20_000.0).contains(m))
        .ok_or_else(|| "a distance is between 0 and 20000 m".to_owned())
}

fn cell(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|m| (5.0..=500.0).contains(m))
        .ok_or_else(|| "a cell's side is between 5 and 500 m".to_owned())
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}
