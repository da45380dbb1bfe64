//! How far is each neighbourhood, on foot and by public transport, from the places where people meet,
//! from jobs and from services?
//!
//! The crate is the library below the program `lastmile`. The data flows one way through its rooms,
//! and each room may use only those before it:
//!
//! 1. [`units`], [`ids`], [`finding`], [`sanitise`], [`random`]: quantities, indices, faults in data,
//!    text made harmless, what is drawn by lot
//! 2. [`geometry`]: points, projections, the index of what is near
//! 3. [`inputs`]: files → plain records and findings
//! 4. [`network`]: records → one compact, immutable network of streets and timetable
//! 5. [`routing`]: network and query → travel times and journeys
//! 6. [`access`]: travel times and opportunities → indicators of neighbourhoods
//! 7. [`scenario`]: a changed network, and what the change does to people
//! 8. [`results`]: indicators → tables with their dictionary
//! 9. [`analysis`]: the questions that are asked: run, compare, matrix, nearest, isochrone, explain
//! 10. [`outputs`]: tables → files that other programs read
//! 11. [`report`]: the pages a person reads
//! 12. `web`: the local page that asks questions (feature `serve`)
//! 13. [`cli`]: the commands, and everything that is printed
//!
//! # The pipeline
//!
//! Travel times take six steps; [`prelude`] has the names. Faults in the data are no errors: they are
//! counted in [`finding::Findings`] with file and line.
//!
//! ```
//! use lastmile::prelude::*;
//!
//! let mut findings = Findings::new();
//! // 1. Files become records.
//! let map = read_osm(&["fixtures/town/town.osm.pbf".into()], &[], &mut findings)?;
//! let feed = read_feed("fixtures/town/gtfs-before".as_ref(), "before", &mut findings)?;
//! let clock = Clock::new("2026-03-10".parse()?, &feed.timezone)?;
//! // 2. Records become a network.
//! let streets = Streets::build(&map, &mut findings);
//! let network = Network::build(streets, vec![feed], WalkSettings::default(), &mut findings);
//! // 3. A date and a window say which departures are looked at: here each minute of two hours.
//! let (from, to) = (clock.wall(ServiceTime::hms(7, 0, 0))?, clock.wall(ServiceTime::hms(9, 0, 0))?);
//! let window = DepartureWindow::new(from, to, Seconds::minutes(1)).expect("it is not empty");
//! let (limits, service) = (JourneyLimits::default(), ServiceQuery::default());
//! let departures = Departures::of(&network, &clock, window, limits, service)?;
//! // 4. Points join the nearest street.
//! let home = LonLat::new(-1.907278, 52.201158).expect("is on the globe");
//! let library = LonLat::new(-1.893100, 52.202267).expect("is on the globe");
//! let (home, library) = (network.join([&[home][..]]), network.join([&[library][..]]));
//! // 5. The search finds the earliest arrival of each departure, and the median of the times.
//! let times = departures.times_at(50, &home, &library)?;
//! // 6. A time is there, or the destination is unreachable within the limits.
//! let median = times[OriginIdx(0)][PlaceIdx(0)].expect("the library is within reach");
//! assert!(median <= limits.max_time);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Streets and gates with opening hours are open or shut for a whole window: `Network::in_window` has
//! the network of one. `examples/matrix.rs` takes it, and gives the numbers of `lastmile matrix`.
//! `examples/compare.rs` holds two timetables against each other, and `examples/isochrone.rs` measures
//! areas within reach.
//!
//! # Features
//!
//! Each file format and page that needs a heavy crate is a feature; all but `flatgeobuf` are on by
//! default. `default-features = false` leaves streets, timetables, travel times, scenarios, CSV,
//! GeoJSON and the report.
//!
//! | feature | what it adds |
//! |---|---|
//! | `bng` | British National Grid coordinates by OSTN15 |
//! | `gpkg` | GeoPackage, read and written, and the QGIS project |
//! | `opening-hours` | opening hours of places, ways and gates |
//! | `parquet` | Parquet and GeoParquet |
//! | `png` | the report's maps as pictures |
//! | `serve` | the local page in the browser |
//! | `flatgeobuf` | FlatGeobuf, read and written |

// Some of what several features share is idle where one of them is off.
#![cfg_attr(
    not(all(feature = "gpkg", feature = "parquet", feature = "serve")),
    allow(dead_code, unused_imports)
)]

pub mod access;
pub mod analysis;
pub mod cli;
pub mod finding;
pub mod geometry;
pub mod ids;
pub mod inputs;
pub mod network;
pub mod outputs;
pub mod prelude;
pub mod random;
pub mod report;
pub mod results;
pub mod routing;
pub mod sanitise;
pub mod scenario;
pub mod units;
#[cfg(feature = "serve")]
pub mod web;
