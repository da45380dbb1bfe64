//! The commands about points: travel times, the nearest places, areas, the way behind one number.

use std::path::PathBuf;

use clap::Args;

use super::query::{ClockTime, DepartureArgs, NetworkArgs, Shard, cell, metres};
use crate::access::isochrone;

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
    /// A category and its OpenStreetMap rule or its file of points, such as library=amenity=library
    /// or gp=gps.csv (repeatable) [default: the built-in categories]
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
    /// Say from which share of the departures one gets there, stays so many minutes and gets home
    /// by 04:00, and how long that takes (round_trip_pct, away_time_p50)
    #[arg(long, value_name = "MIN", conflicts_with = "arrive_by", value_parser = clap::value_parser!(u32).range(0..=600))]
    pub stay: Option<u32>,
    /// Say in how many hours of the date, from 04:00 to 04:00, a vehicle can be boarded within the
    /// longest walk
    #[arg(long)]
    pub service_hours: bool,
    /// Say until when one gets home in the night of the date from any place of the category
    /// (last_home); looked for from 17:00 to 04:00
    #[arg(long)]
    pub last_home: bool,
}

/// `lastmile isochrone`.
#[derive(Args, Debug)]
#[command(mut_arg("osm", |arg| arg.required(false).required_unless_present("project")))]
#[command(after_long_help = AREAS)]
pub struct IsochroneArgs {
    /// A project file, in place of --osm, --gtfs, --date and how to travel; it also says where
    /// people live
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
    /// Percentiles of the travel time over the departures, comma-separated; on foot there is but
    /// one time
    #[arg(long, default_value = "50", value_delimiter = ',', value_name = "P,P", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub percentiles: Vec<u8>,
    /// A point to set out from (repeatable)
    #[arg(
        long,
        value_name = "LON,LAT",
        required_unless_present = "points",
        allow_hyphen_values = true
    )]
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
    #[arg(long, default_value_t = isochrone::MARGIN_M, value_name = "M", value_parser = metres)]
    pub margin: f64,
    /// The side of a square cell of which the area is made, metres
    #[arg(long, default_value_t = isochrone::CELL_M, value_name = "M", value_parser = cell)]
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
    /// A project file: its data, windows, places and limits, in place of --osm, --gtfs, --date and
    /// the limits below
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
    /// The first departure by the clock; with --window and --percentile the journey of that
    /// percentile, else of this minute
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
    /// The origin, LON,LAT, or an id with --origins; with --project the id of an origin point, or
    /// the code of a neighbourhood
    #[arg(long, value_name = "LON,LAT|ID", allow_hyphen_values = true)]
    pub from: String,
    /// The destination: LON,LAT, or an id with --destinations, or the nearest by an OpenStreetMap
    /// rule such as amenity=library; with --project the nearest of a category, by its name
    #[arg(long, value_name = "LON,LAT|ID|RULE", allow_hyphen_values = true)]
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
