//! The project file, with everything that a study of the whole country would ask for.

use std::io::{self, Write};

/// Writes `lastmile.toml`.
pub fn write(mut out: impl Write, fraction: f64, with_trains: bool) -> io::Result<()> {
    let feeds =
        if with_trains { "\"bus.gtfs.zip\", \"rail.gtfs.zip\"" } else { "\"bus.gtfs.zip\"" };
    writeln!(out, "# A made-up country, {fraction} of the size of Great Britain.")?;
    writeln!(out, "name = \"A made-up country\"\nosm = [\"country.osm.pbf\"]\ngtfs = [{feeds}]")?;
    out.write_all(SETTINGS.as_bytes())?;
    out.flush()
}

const SETTINGS: &str = r#"date = "2026-03-10"
timezone = "Europe/London"

[neighbourhoods]
file = "neighbourhoods.geojson"
id = "LSOA21CD"
name = "LSOA21NM"
population = "population"
deprivation_file = "deprivation.csv"

[origins]
file = "origins.csv"
weight = "population"

[windows.am]
day = "weekday"
from = "07:00"
to = "09:00"

[windows.midday]
day = "weekday"
from = "11:00"
to = "13:00"

[windows.evening]
day = "weekday"
from = "18:00"
to = "20:00"

[windows.night]
day = "weekday"
from = "23:00"
to = "25:00"

[windows.saturday]
day = "saturday"
from = "10:00"
to = "12:00"

[windows.sunday]
day = "sunday"
from = "10:00"
to = "12:00"

[categories.community_centre]
[categories.pub]
[categories.place_of_worship]
[categories.park]
[categories.school]
[categories.supermarket]

[categories.library]
files = ["library.csv"]
replace_osm = true

[categories.gp]
files = ["gp.csv"]
replace_osm = true

# Joined to the map by name and distance.
[categories.pharmacy]
files = ["pharmacy.csv"]

[jobs]
file = "jobs.csv"
code = "LSOA21CD"
count = "jobs"

[broadband]
files = ["202501_fixed_oa_coverage_r01.csv"]
lookup = "oa-lookup.csv"

[measures]
ptal = true
people = true
loss_base = "am"
loss_windows = ["evening", "sunday"]

[index]
vary_pct = 20
draws = 1000
"#;
