//! The end of each help: an example to copy, on the files of `fixtures/town`.

pub const LASTMILE: &str = "\
Examples:
  lastmile init .
  lastmile check lastmile.toml
  lastmile run lastmile.toml --out result

`lastmile COMMAND --help` explains a command and ends with an example of it.";

pub const RUN: &str = "\
Example:
  lastmile run lastmile.toml --out result --png

Open result/report.html in a browser and result/lastmile.qgz in QGIS.";

#[cfg(feature = "serve")]
pub const SERVE: &str = "\
The command prints the address of the page. The address holds a token that is drawn anew at each
start, so only those who have the address can ask. The server listens on this machine alone
(127.0.0.1) until Ctrl-C stops it.

Example:
  lastmile serve lastmile.toml --port 8080";

pub const COMPARE: &str = "\
Which trips a change is about:
  route=12                  the name that passengers know, with or without a publisher's suffix;
                            several with commas
  route_id=63708            the feed's id of the route
  operator=Bloggs Buses     whose route it is, where several operators have the name; several with ;
  trip=ID, feed=NAME        one trip; the trips of one feed
  direction=0               0 or 1
  headsign=Town Hall        what the front of the vehicle says
  stop=Mill Lane            trips that call there
  pattern=First > Last      trips from one stop to another; stops between them may be named
  after=19:00               trips that leave their first stop at this time or later
  before=07:00              trips that leave it earlier
  between=09:00-16:00       both
  days=mon-fri              the weekday of the service date: mon … sun, and ranges

Times are service time: past midnight they count on, as in 25:30. A line or an area is a GeoJSON
file beside the project file, or points as \"LON LAT; LON LAT\". A name that is not in the data is an
error, and so is a change that changes nothing.

The same in the project file:
  [scenarios.evening]
  modifications = [{ cut = { route = \"1\", after = \"19:00\", days = \"sun\" } }]

Another timetable in the project file:
  [scenarios.next_year]
  gtfs = [\"next-year.zip\"]

Example:
  lastmile compare lastmile.toml --cut 'route=1 after=19:00' --cut 'route=1 days=sun' --out evening";

pub const MATRIX: &str = "\
Example:
  lastmile matrix --osm town.osm.pbf --gtfs gtfs-before --date 2026-03-10 --depart 07:00 \\
    --origins origins.csv --destinations libraries.csv --percentiles 25,50,75 --out times.csv";

pub const NEAREST: &str = "\
Example:
  lastmile nearest --osm town.osm.pbf --gtfs gtfs-before --date 2026-03-10 --origins origins.csv \\
    --place library=amenity=library --place gp=amenity=doctors --last-home --out nearest.csv";

pub const ISOCHRONE: &str = "\
Travel times are those of `lastmile matrix`: a place on a street is in the area if its time is within
the cut-off. The area is the ground within --margin of such places that is nearer to them than to a
street out of reach, to the nearest --cell. Enclosed blocks below a hectare without a street join it.
Every piece holds a street that is reached. For each piece without the point, island_stops names the
stop where one gets off.

Example:
  lastmile isochrone lastmile.toml --from -1.8931,52.2023 --cutoffs 20,40 --out reach.geojson";

pub const EXPLAIN: &str = "\
Example:
  lastmile explain --osm town.osm.pbf --gtfs gtfs-before --date 2026-03-10 --depart 08:05 \\
    --origins origins.csv --from E00990112 --to amenity=doctors";

pub const CHECK: &str = "\
Example:
  lastmile check lastmile.toml --findings findings.csv";

pub const INIT: &str = "\
Example:
  lastmile init . --force";

pub const COMPLETIONS: &str = "\
Example:
  lastmile completions bash > lastmile.bash";
