//! What can be typed. Nothing here does anything.
//!
//! Each option stands under a heading of [`headings`], and each help ends with an example of
//! [`examples`], which the tests run in `fixtures/town`.

mod examples;
mod headings;
mod points;
mod query;

use std::path::PathBuf;

use crate::analysis::Lenient;
use clap::{ArgAction, Args, Parser, Subcommand};
#[cfg(feature = "serve")]
use headings::SERVER;
use headings::{CHANGES_TO_PLACES, CHANGES_TO_TRIPS, GLOBAL, INPUT, OUTPUT, SCENARIO_OPTIONS};

pub use points::{ExplainArgs, IsochroneArgs, MatrixArgs, NearestArgs};
pub use query::{ClockTime, DepartureArgs, JourneyArgs, NetworkArgs, Shard, TravelMode};

/// How far is each neighbourhood, on foot and by public transport, from the places where people
/// meet, from jobs and from services?
#[derive(Debug, Parser)]
#[command(name = "lastmile", bin_name = "lastmile", version, max_term_width = 100)]
#[command(disable_help_flag = true, disable_version_flag = true)]
#[command(after_help = examples::LASTMILE)]
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
#[command(next_help_heading = GLOBAL)]
pub struct Global {
    /// Print only warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print the summary as JSON on the standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Threads to use [default: all cores]; the results are the same for any number
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Exit with 1 if there is a finding with this code, as in findings.csv; `warnings` and
    /// `errors` stand for all of a severity (repeatable)
    #[arg(long, global = true, value_name = "CODE")]
    pub deny: Vec<String>,
    /// Print help
    #[arg(short, long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print the version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse a project: read and check the data, compute every window, write tables, maps and the
    /// report
    Run(RunArgs),
    /// Compare before and after: what a cut, another timetable or a closed place does, to whom, and
    /// why
    Compare(Box<CompareArgs>),
    /// Travel times from origins to destinations, without a project file
    Matrix(Box<MatrixArgs>),
    /// The nearest place of each category from each origin, without a project file
    Nearest(Box<NearestArgs>),
    /// Areas that can be reached from a point within each cut-off, as polygons
    Isochrone(Box<IsochroneArgs>),
    /// The journey behind one number, leg by leg, or the reason why there is none
    Explain(Box<ExplainArgs>),
    /// What the data holds and what is wrong with it, without computing access
    Check(CheckArgs),
    /// Look at the files in a folder and write a commented lastmile.toml
    Init(InitArgs),
    /// Open a local page: see the map, click a home, try a cut, save it as a scenario or as evidence
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// Print a script with the completions of a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// `lastmile run`.
#[derive(Args, Debug)]
#[command(after_help = examples::RUN)]
pub struct RunArgs {
    /// The project file
    pub project: PathBuf,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: LenientArgs,
    /// The folder to write, all of it or nothing
    #[arg(long, default_value = "lastmile-out", value_name = "DIR", help_heading = OUTPUT)]
    pub out: PathBuf,
    /// Replace an earlier output
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
    /// Also write each map of the report as a picture, maps/FIELD.png
    #[arg(long, help_heading = OUTPUT)]
    pub png: bool,
    /// Also write the neighbourhoods as FlatGeobuf, neighbourhoods.fgb, for maps on a web server
    #[arg(long, help_heading = OUTPUT)]
    pub fgb: bool,
    /// Also write a page about the neighbourhood with this id, neighbourhoods/ID.html (repeatable)
    #[arg(long = "neighbourhood", value_name = "ID", help_heading = OUTPUT)]
    pub neighbourhoods: Vec<String>,
}

/// `lastmile serve`.
#[cfg(feature = "serve")]
#[derive(Args, Debug)]
#[command(after_help = examples::SERVE)]
pub struct ServeArgs {
    /// The project file; the page appends the scenarios that are saved to it
    pub project: PathBuf,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: LenientArgs,
    /// The port of 127.0.0.1 [default: a free one]
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "PORT")]
    #[arg(help_heading = SERVER)]
    pub port: u16,
    /// Draw the map over tiles from this address, https://…/{z}/{x}/{y}.png; without it the page
    /// asks no other machine
    #[arg(long, value_name = "URL", help_heading = SERVER)]
    pub tiles: Option<crate::web::Tiles>,
    /// The folder for evidence packs; each goes into a new folder with the name of its scenario
    #[arg(long, default_value = "lastmile-evidence", value_name = "DIR", help_heading = OUTPUT)]
    pub out: PathBuf,
}

/// `lastmile compare`.
#[derive(Args, Debug)]
#[command(after_help = examples::COMPARE)]
pub struct CompareArgs {
    /// The project file
    pub project: PathBuf,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: LenientArgs,
    /// A scenario of the project file [default: all, unless a change is given here] (repeatable)
    #[arg(long = "scenario", value_name = "NAME", help_heading = SCENARIO_OPTIONS)]
    pub scenarios: Vec<String>,
    /// A change of any kind, such as 'thin route=12 every=2'; applied in the given order, before
    /// those below (repeatable)
    #[arg(long = "change", value_name = "KIND KEY=VALUE …", help_heading = SCENARIO_OPTIONS)]
    pub changes: Vec<String>,
    /// Trips that no longer run: 'route=12 after=19:00 days=sun' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub cut: Vec<String>,
    /// A whole route or operator that no longer runs: 'operator=Bloggs Buses' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub withdraw: Vec<String>,
    /// Keep every second trip: 'route=12 every=2 between=09:00-16:00' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub thin: Vec<String>,
    /// Another headway within a band of hours: 'route=12 minutes=60 between=09:00-16:00'
    /// (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub headway: Vec<String>,
    /// Trips that end or begin on the way: 'route=12 to=High Street' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub shorten: Vec<String>,
    /// Stops that trips pass without a call: 'route=12 stops=Mill Lane;Town Hall' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub skip: Vec<String>,
    /// Slower trips: 'route=12 factor=1.2 between=07:00-09:00' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub slow: Vec<String>,
    /// Faster trips: 'route=12 factor=1.2' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub speed: Vec<String>,
    /// Another way between two stops: 'route=12 from=Mill Lane to=Town Hall
    /// via=-2.99 51.58;High Street minutes=3,2,4' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub reroute: Vec<String>,
    /// One more stop: 'route=12 stop=-2.99 51.58 behind=Mill Lane dwell=20 adds=1' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub add_stop: Vec<String>,
    /// A stop that moves: 'stop=Mill Lane to=-2.99 51.58' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub move_stop: Vec<String>,
    /// A new line: 'name=N1 stops=Mill Lane;Town Hall headway=20 speed=18 after=06:00
    /// before=24:00', or 'line=n1.geojson spacing=400 headway=20' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_TRIPS)]
    pub add_route: Vec<String>,
    /// A place that closes: 'category=library place=Central Library' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_PLACES)]
    pub close: Vec<String>,
    /// A new place: 'category=library at=-2.99 51.58' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_PLACES)]
    pub open: Vec<String>,
    /// Streets that are closed to walkers: 'way=123456', 'name=High Street near=-2.99 51.58',
    /// 'area=works.geojson', 'line=bridge.geojson' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_PLACES)]
    pub close_street: Vec<String>,
    /// A new footpath: 'line=bridge.geojson snap=25' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_PLACES)]
    pub add_path: Vec<String>,
    /// Broadband that premises gain: 'speed=gigabit code=W01001420 share=80', or with
    /// area=POLYGON.geojson (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_PLACES)]
    pub add_broadband: Vec<String>,
    /// Broadband that premises lose, with the same words (repeatable)
    #[arg(long, value_name = "KEY=VALUE …", help_heading = CHANGES_TO_PLACES)]
    pub remove_broadband: Vec<String>,
    /// The folder to write, all of it or nothing
    #[arg(long, default_value = "lastmile-compare", value_name = "DIR", help_heading = OUTPUT)]
    pub out: PathBuf,
    /// Replace an earlier output
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
    /// Also write each map of the reports as a picture, maps/FIELD.png
    #[arg(long, help_heading = OUTPUT)]
    pub png: bool,
}

/// Errors that can be turned into warnings, which are then repeated in every output.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = INPUT)]
pub struct LenientArgs {
    /// Accept a date outside a feed's range, or one with unusually little service
    #[arg(long)]
    pub allow_unusual_date: bool,
    /// Accept a table of which fewer than 98 % of the area codes match
    #[arg(long)]
    pub allow_unmatched: bool,
}

impl From<LenientArgs> for Lenient {
    fn from(args: LenientArgs) -> Lenient {
        let LenientArgs { allow_unusual_date, allow_unmatched } = args;
        Lenient { allow_unusual_date, allow_unmatched }
    }
}

/// `lastmile check`.
#[derive(Args, Debug)]
#[command(after_help = examples::CHECK)]
pub struct CheckArgs {
    /// The project file; or name files with --osm and --gtfs
    #[arg(required_unless_present_any = ["osm", "gtfs"])]
    pub project: Option<PathBuf>,
    /// OpenStreetMap extract, .osm.pbf (repeatable)
    #[arg(long, num_args = 1.., value_name = "FILE", help_heading = INPUT)]
    pub osm: Vec<PathBuf>,
    /// GTFS feed, a zip or a folder (repeatable)
    #[arg(long, num_args = 1.., value_name = "FILE", help_heading = INPUT)]
    pub gtfs: Vec<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: LenientArgs,
    /// Write every finding, with file and line, to this CSV
    #[arg(long, value_name = "FILE.csv", help_heading = OUTPUT)]
    pub findings: Option<PathBuf>,
    /// Replace the file of findings if it exists
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
}

/// `lastmile init`.
#[derive(Args, Debug)]
#[command(after_help = examples::INIT)]
pub struct InitArgs {
    /// The folder with the files
    #[arg(required_unless_present = "categories")]
    pub dir: Option<PathBuf>,
    /// Show the known kinds of places with their rules, as a file to copy from
    #[arg(long, help_heading = INPUT)]
    pub categories: bool,
    /// Replace a lastmile.toml that exists
    #[arg(long, help_heading = OUTPUT)]
    pub force: bool,
}
