//! What can be typed. Nothing here does anything.

mod points;
mod query;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use points::{ExplainArgs, IsochroneArgs, MatrixArgs, NearestArgs};
pub use query::{ClockTime, DepartureArgs, JourneyArgs, NetworkArgs, Shard, TravelMode};

/// How far is each neighbourhood, on foot and by public transport, from where people meet, from
/// jobs and from services?
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
    /// Exit with 1 if a finding of this code stands (repeatable; `warnings` and `errors` name all
    /// of a severity); codes are those of findings.csv
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
    /// Polygons of what is reached from a point within each cut-off, on foot or with public
    /// transport
    Isochrone(Box<IsochroneArgs>),
    /// The journey behind one number, leg by leg, or why there is none
    Explain(Box<ExplainArgs>),
    /// What is in the data and what is wrong with it, without computing access
    Check(CheckArgs),
    /// Look at the files in a folder and write a commented lastmile.toml
    Init(InitArgs),
    /// A page in the browser: see the map, click a home, try a cut, keep it as a scenario or as
    /// evidence
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
    /// Also write each map of the report as a picture, maps/FIELD.png
    #[arg(long)]
    pub png: bool,
    /// Also write the neighbourhoods as FlatGeobuf, neighbourhoods.fgb, for maps on a web server
    #[arg(long)]
    pub fgb: bool,
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
    /// Draw the map over tiles from this address; without it the page asks nothing of any other
    /// machine
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
    /// Also write each map of the reports as a picture, maps/FIELD.png
    #[arg(long)]
    pub png: bool,
    /// A change of any kind, such as 'thin route=12 every=2' (repeatable; applied in this order,
    /// before those below)
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
    /// Another headway in a band, the rest stays: 'route=12 minutes=60 between=09:00-16:00'
    /// (repeatable)
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
    /// Another way between two stops: 'route=12 from=Mill Lane to=Town Hall via=-2.99 51.58;High
    /// Street minutes=3,2,4' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub reroute: Vec<String>,
    /// One stop more: 'route=12 stop=-2.99 51.58 behind=Mill Lane dwell=20 adds=1' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_stop: Vec<String>,
    /// A stop that is put elsewhere: 'stop=Mill Lane to=-2.99 51.58' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub move_stop: Vec<String>,
    /// A new line: 'name=N1 stops=Mill Lane;Town Hall headway=20 speed=18 after=06:00
    /// before=24:00', or 'line=n1.geojson spacing=400 headway=20' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_route: Vec<String>,
    /// A place that shuts: 'category=library place=Central Library' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub close: Vec<String>,
    /// A new place: 'category=library at=-2.99 51.58' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub open: Vec<String>,
    /// Streets that nobody can walk: 'way=123456', 'name=High Street near=-2.99 51.58',
    /// 'area=works.geojson', 'line=bridge.geojson' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub close_street: Vec<String>,
    /// A new footpath: 'line=bridge.geojson snap=25' (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_path: Vec<String>,
    /// Broadband that premises get: 'speed=gigabit code=W01001420 share=80', or with
    /// area=POLYGON.geojson (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub add_broadband: Vec<String>,
    /// Broadband that premises lose, likewise (repeatable)
    #[arg(long, value_name = "KEY=VALUE …")]
    pub remove_broadband: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lenient: Lenient,
}

const CHANGES: &str = "Which trips: route (the name that passengers know, with or without what a publisher puts behind it; several with commas; where several operators have it, name one), route_id (the feed's id), operator (several with ;), trip (id), feed, direction (0 or 1), \
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
    /// Replace the file of findings if it is there
    #[arg(long)]
    pub force: bool,
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
