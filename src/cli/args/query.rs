//! What a query is about: the data, the journey and the departures; and how their values are written.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::LenientArgs;
use super::headings::{DEPARTURES, INPUT, JOURNEY};
use crate::analysis::network_query::{DepartureQuery, NetworkInputs};
use crate::cli::failure::Failure;
use crate::network::streets::WalkProfile;
use crate::outputs::input_files::InputFiles;
use crate::routing::JourneyLimits;
use crate::routing::network::{ServiceQuery, WalkSettings};
use crate::units::{Metres, MetresPerSecond, Seconds, ServiceTime};

/// The data a command reads when there is no project file.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = INPUT)]
pub struct NetworkArgs {
    /// OpenStreetMap extract, .osm.pbf (repeatable)
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub osm: Vec<PathBuf>,
    /// GTFS feed, a zip or a folder (repeatable)
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub gtfs: Vec<PathBuf>,
    /// The date of travel; needed with --gtfs
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<jiff::civil::Date>,
    /// The timezone of date and times [default: that of the first feed]
    #[arg(long, value_name = "IANA NAME")]
    pub timezone: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: LenientArgs,
    /// `walk`: on foot; `transit`: by public transport and on foot [default: transit with --gtfs,
    /// else walk]
    #[arg(long, value_name = "MODE", help_heading = JOURNEY, hide_possible_values = true)]
    pub modes: Option<TravelMode>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub journey: JourneyArgs,
    /// The seed of what is drawn at random: the phases of headway services
    #[arg(long, default_value_t = 1, value_name = "N", help_heading = DEPARTURES)]
    #[arg(display_order = LAST)]
    pub seed: u64,
}

impl NetworkArgs {
    /// What is to be read, and how one may travel.
    ///
    /// # Errors
    /// If a timetable is needed and none is named.
    pub fn inputs(&self) -> Result<NetworkInputs, Failure> {
        let given = if self.gtfs.is_empty() { TravelMode::Walk } else { TravelMode::Transit };
        let mode = self.modes.unwrap_or(given);
        if mode == TravelMode::Transit && self.gtfs.is_empty() {
            let why = "--modes transit needs a timetable: name one with --gtfs";
            return Err(Failure::Usage(why.into()));
        }
        Ok(NetworkInputs {
            osm: self.osm.clone(),
            gtfs: if mode == TravelMode::Transit { self.gtfs.clone() } else { Vec::new() },
            date: self.date,
            timezone: self.timezone.clone(),
            lenient: self.lenient.into(),
            walk: self.journey.walk_settings(),
            limits: self.journey.limits(),
            service: ServiceQuery { phone_pickups: self.journey.phone_pickups, seed: self.seed },
        })
    }
}

impl JourneyArgs {
    /// How far and how fast one walks.
    fn walk_settings(&self) -> WalkSettings {
        let speed = MetresPerSecond::kmh(self.walk_speed);
        let steps_speed =
            self.steps_speed.map_or(MetresPerSecond::new(speed.get() / 2.0), MetresPerSecond::kmh);
        let base = if self.step_free { WalkProfile::step_free() } else { WalkProfile::walk() };
        WalkSettings {
            profile: WalkProfile { speed, steps_speed, ..base },
            max_walk: Seconds::minutes(self.max_walk),
            max_transfer: Metres::new(self.max_transfer),
            max_snap: Metres::new(self.max_snap),
            max_snap_stop: Metres::new(self.max_snap_stop),
        }
    }

    /// What a journey may be.
    fn limits(&self) -> JourneyLimits {
        JourneyLimits {
            max_rides: self.max_rides,
            max_time: Seconds::minutes(self.max_time),
            board_slack: Seconds::new(self.board_slack),
        }
    }
}

impl DepartureArgs {
    /// The departures that are asked about.
    pub fn asked(&self) -> DepartureQuery {
        DepartureQuery {
            first: self.depart.by_clock(),
            window: Seconds::minutes(self.window),
            step: Seconds::minutes(self.step),
            percentiles: self.percentiles.clone(),
            arrive_by: self.arrive_by.map(ClockTime::by_clock),
        }
    }
}

impl ClockTime {
    /// The same as a time of the service day, by the clock.
    pub fn by_clock(self) -> ServiceTime {
        ServiceTime::new(0) + Seconds::minutes(self.0)
    }
}

/// Puts an option behind the others of its heading.
const LAST: usize = 998;

impl NetworkArgs {
    /// The files that are read, with others beside them.
    pub fn input_files<'a>(&'a self, more: impl IntoIterator<Item = &'a PathBuf>) -> InputFiles {
        InputFiles::of(self.osm.iter().chain(&self.gtfs).chain(more))
    }
}

/// How to travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TravelMode {
    /// On foot.
    Walk,
    /// By public transport and on foot.
    Transit,
}

/// What a journey may be.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = JOURNEY)]
pub struct JourneyArgs {
    /// The longest journey that counts, minutes
    #[arg(long, default_value_t = 120, value_name = "MIN")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=600))]
    pub max_time: u32,
    /// The longest walk, minutes: all the way, to the first stop, and from the last stop, each by
    /// itself
    #[arg(long, default_value_t = 30, value_name = "MIN")]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=600))]
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
    /// The most rides of a journey
    #[arg(long, default_value_t = 4, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=16))]
    pub max_rides: u8,
    /// The longest walk between two rides, metres
    #[arg(long, default_value_t = 1000.0, value_name = "M", value_parser = metres)]
    pub max_transfer: f64,
    /// Seconds at the stop before each boarding
    #[arg(long, default_value_t = 60, value_name = "S")]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=3600))]
    pub board_slack: u32,
    /// How far from a street a point may lie, metres
    #[arg(long, default_value_t = 300.0, value_name = "M", value_parser = metres)]
    pub max_snap: f64,
    /// How far from a street a stop may lie, metres
    #[arg(long, default_value_t = 100.0, value_name = "M", value_parser = metres)]
    pub max_snap_stop: f64,
    /// Include stops that passengers have to phone for (pickup_type and drop_off_type 2)
    #[arg(long)]
    pub phone_pickups: bool,
}

/// The departures.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = DEPARTURES)]
pub struct DepartureArgs {
    /// The first departure by the clock; past 24:00 for the night of the date
    #[arg(long, default_value = "08:00", value_name = "HH:MM")]
    pub depart: ClockTime,
    /// The length of the departure window; 1 is a single departure
    #[arg(long, default_value_t = 120, value_name = "MIN")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub window: u32,
    /// Minutes between departures
    #[arg(long, default_value_t = 1, value_name = "MIN")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=120))]
    pub step: u32,
    /// Percentiles of the travel time over the departures, comma-separated
    #[arg(long, default_value = "50", value_delimiter = ',', value_name = "P,P")]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=99))]
    pub percentiles: Vec<u8>,
    /// The latest departure, to the second, that arrives by HH:MM, instead of a window; reports the
    /// time from that departure to HH:MM (travel_time_arrive_by)
    #[arg(long, value_name = "HH:MM")]
    #[arg(conflicts_with_all = ["depart", "window", "step", "percentiles"])]
    pub arrive_by: Option<ClockTime>,
}

/// A time by the clock, in minutes after midnight; hours may pass 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime(pub u32);

impl std::str::FromStr for ClockTime {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text
            .split_once(':')
            .and_then(|(h, m)| Some((h.parse::<u32>().ok()?, m.parse::<u32>().ok()?)));
        match parsed {
            Some((hours, minutes)) if hours < 48 && minutes < 60 => {
                Ok(ClockTime(hours * 60 + minutes))
            }
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
        let parsed =
            text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parsed {
            Some((k, n)) if k >= 1 && k <= n => Ok(Shard { k, n }),
            _ => Err("write a part as K/N with 1 ≤ K ≤ N, such as 2/8".to_owned()),
        }
    }
}

pub(super) fn speed(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|kmh| (0.1..=30.0).contains(kmh))
        .ok_or_else(|| "a speed is between 0.1 and 30 km/h".to_owned())
}

pub(super) fn metres(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|m| (0.0..=20_000.0).contains(m))
        .ok_or_else(|| "a distance is between 0 and 20000 m".to_owned())
}

pub(super) fn cell(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|m| (5.0..=500.0).contains(m))
        .ok_or_else(|| "a cell's side is between 5 and 500 m".to_owned())
}

pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}
