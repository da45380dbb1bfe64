//! The commands about points: travel times, the nearest places, areas, the way behind one number.

use std::path::PathBuf;

use clap::Args;

use super::examples;
use super::headings::{AREA, DEPARTURES, INPUT, OUTPUT, THERE_AND_BACK};
use super::query::{ClockTime, DepartureArgs, NetworkArgs, Shard, cell, metres};
use crate::access::isochrone;

/// `lastmile matrix`.
#[derive(Args, Debug)]
#[command(after_help = examples::MATRIX)]
pub struct MatrixArgs {
    /// Points to start from: CSV with id and lon/lat (or easting/northing), or GeoJSON points
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    pub origins: PathBuf,
    /// Points to reach [default: the origins]
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    pub destinations: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub departure: DepartureArgs,
    /// The file to write, .csv or .parquet [default, and `-`: CSV on the standard output]
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub out: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
    /// Whole seconds (travel_time_s_p50) instead of minutes to one decimal
    #[arg(long, help_heading = OUTPUT)]
    pub seconds: bool,
    /// Also write the pairs that are not reached, with empty times
    #[arg(long, help_heading = OUTPUT)]
    pub all_pairs: bool,
    /// Only the K-th of N parts of the origins
    #[arg(long, value_name = "K/N", help_heading = OUTPUT)]
    pub shard: Option<Shard>,
}

/// `lastmile nearest`.
#[derive(Args, Debug)]
#[command(after_help = examples::NEAREST)]
pub struct NearestArgs {
    /// Points to start from: CSV with id and lon/lat (or easting/northing), or GeoJSON points
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    pub origins: PathBuf,
    /// A category with its OpenStreetMap rule or its file of points, such as
    /// library=amenity=library or gp=gps.csv [default: the built-in categories] (repeatable)
    #[arg(long = "place", value_name = "NAME=RULE|FILE", help_heading = INPUT)]
    pub places: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub departure: DepartureArgs,
    /// From which share of the departures people get there, stay this many minutes and are home by
    /// 04:00, and how long that takes (round_trip_pct, away_time_p50)
    #[arg(long, value_name = "MIN", conflicts_with = "arrive_by", help_heading = THERE_AND_BACK)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=600))]
    pub stay: Option<u32>,
    /// The last time, from 17:00 to 04:00, to leave any place of the category and still get home
    /// (last_home)
    #[arg(long, help_heading = THERE_AND_BACK)]
    pub last_home: bool,
    /// In how many hours of the date, from 04:00 to 04:00, a vehicle can be boarded within the
    /// longest walk
    #[arg(long, help_heading = THERE_AND_BACK)]
    pub service_hours: bool,
    /// The file to write [default, and `-`: CSV on the standard output]
    #[arg(long, value_name = "FILE.csv", help_heading = OUTPUT)]
    pub out: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
    /// Whole seconds instead of minutes to one decimal
    #[arg(long, help_heading = OUTPUT)]
    pub seconds: bool,
    /// The K nearest places of each category, a row each
    #[arg(long, default_value_t = 1, value_name = "K", help_heading = OUTPUT)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=20))]
    pub k: u8,
}

/// `lastmile isochrone`.
#[derive(Args, Debug)]
#[command(mut_arg("osm", |arg| arg.required(false).required_unless_present("project")))]
#[command(after_help = examples::ISOCHRONE)]
pub struct IsochroneArgs {
    /// A project file instead of --osm, --gtfs, --date and the limits of a journey; it also says
    /// where people live
    #[arg(conflicts_with_all = ["osm", "gtfs", "date", "timezone", "depart", "window", "step",
        "seed", "max_time", "max_walk", "walk_speed", "steps_speed", "step_free", "max_rides",
        "max_transfer", "board_slack", "max_snap", "max_snap_stop", "phone_pickups"])]
    pub project: Option<PathBuf>,
    /// The window of the project file [default: the first]
    #[arg(long, value_name = "NAME", requires = "project", help_heading = INPUT)]
    pub project_window: Option<String>,
    /// A point to start from (repeatable)
    #[arg(long, value_name = "LON,LAT", required_unless_present = "points", help_heading = INPUT)]
    #[arg(allow_hyphen_values = true)]
    pub from: Vec<String>,
    /// Points to start from: CSV with id and lon/lat (or easting/northing), or GeoJSON points
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    pub points: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    /// The first departure by the clock; past 24:00 for the night of the date
    #[arg(long, default_value = "08:00", value_name = "HH:MM", help_heading = DEPARTURES)]
    pub depart: ClockTime,
    /// The length of the departure window; 1 is a single departure
    #[arg(long, default_value_t = 120, value_name = "MIN", help_heading = DEPARTURES)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub window: u32,
    /// Minutes between departures
    #[arg(long, default_value_t = 1, value_name = "MIN", help_heading = DEPARTURES)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=120))]
    pub step: u32,
    /// Percentiles of the travel time over the departures, comma-separated; on foot all are equal
    #[arg(long, default_value = "50", value_delimiter = ',', value_name = "P,P")]
    #[arg(help_heading = DEPARTURES, value_parser = clap::value_parser!(u8).range(1..=99))]
    pub percentiles: Vec<u8>,
    /// Cut-offs in minutes, comma-separated
    #[arg(long, default_value = "15,30,45,60", value_delimiter = ',', value_name = "MIN,MIN")]
    #[arg(help_heading = AREA, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub cutoffs: Vec<u32>,
    /// Whole areas (0 to 30 min) instead of bands that do not overlap (15 to 30 min)
    #[arg(long, help_heading = AREA)]
    pub cumulative: bool,
    /// How far from a street the area goes, metres
    #[arg(long, default_value_t = isochrone::MARGIN_M, value_name = "M", value_parser = metres)]
    #[arg(help_heading = AREA)]
    pub margin: f64,
    /// The side of the square cells that make up the area, metres
    #[arg(long, default_value_t = isochrone::CELL_M, value_name = "M", value_parser = cell)]
    #[arg(help_heading = AREA)]
    pub cell: f64,
    /// The file to write, .geojson (with a .qml beside it) or .gpkg [default: GeoJSON on the
    /// standard output]
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub out: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
}

/// `lastmile explain`.
#[derive(Args, Debug)]
#[command(mut_arg("osm", |osm| osm.required(false).required_unless_present("project")))]
#[command(after_help = examples::EXPLAIN)]
pub struct ExplainArgs {
    /// The origin: LON,LAT, or an id with --origins; with --project the id of an origin point, or
    /// the code of a neighbourhood
    #[arg(long, value_name = "LON,LAT|ID", allow_hyphen_values = true, help_heading = INPUT)]
    pub from: String,
    /// The destination: LON,LAT, or an id with --destinations, or the nearest by an OpenStreetMap
    /// rule such as amenity=library; with --project the nearest of a category, by its name
    #[arg(long, value_name = "LON,LAT|ID|RULE", allow_hyphen_values = true, help_heading = INPUT)]
    pub to: String,
    /// Points to take the origin from
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    pub origins: Option<PathBuf>,
    /// Points to take the destination from
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    pub destinations: Option<PathBuf>,
    /// A project file: its data, windows, places and limits, instead of --osm, --gtfs, --date and
    /// the limits below
    #[arg(long, value_name = "FILE", help_heading = INPUT, conflicts_with_all = ["osm", "gtfs",
        "date", "depart", "window", "arrive_by", "origins", "destinations"])]
    pub project: Option<PathBuf>,
    /// With --project: the journey before and after this scenario
    #[arg(long, value_name = "NAME", requires = "project", conflicts_with = "geojson")]
    #[arg(help_heading = INPUT)]
    pub scenario: Option<String>,
    /// With --project: the window [default: the first]
    #[arg(long = "in", value_name = "WINDOW", requires = "project", help_heading = INPUT)]
    pub in_window: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub network: NetworkArgs,
    /// The first departure by the clock; with --window and --percentile the journey of that
    /// percentile, else of this minute
    #[arg(long, default_value = "08:00", value_name = "HH:MM", help_heading = DEPARTURES)]
    pub depart: ClockTime,
    /// The length of the departure window, with a departure in each minute
    #[arg(long, default_value_t = 1, value_name = "MIN", help_heading = DEPARTURES)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub window: u32,
    /// Which departure of the window: the one whose travel time is this percentile
    #[arg(long, default_value_t = 50, value_name = "P", help_heading = DEPARTURES)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=99))]
    pub percentile: u8,
    /// The latest journey that arrives by this time, instead of the one that leaves at --depart
    #[arg(long, value_name = "HH:MM", conflicts_with_all = ["depart", "window", "percentile"])]
    #[arg(help_heading = DEPARTURES)]
    pub arrive_by: Option<ClockTime>,
    /// Also write the legs as GeoJSON
    #[arg(long, value_name = "FILE.geojson", help_heading = OUTPUT)]
    pub geojson: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
}
