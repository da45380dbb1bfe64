//! What the opening hours of places are taken for, to hold them against other readers
//! (`scripts/long/opening_hours_against_js.py`). Reads lines of `date timezone lon lat hours`, with tabs between, and writes for
//! each the states of that date: `07:00-08:30 open, …`, or `?` where the text is not understood.

use std::io::{self, BufRead, BufWriter, Write};

use jiff::tz::TimeZone;
use lastmile::geometry::LonLat;
use lastmile::inputs::hours::{OpenState, Opening};
use lastmile::units::ServiceTime;

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", states(&line?).unwrap_or_else(|| "?".to_owned()))?;
    }
    Ok(())
}

fn states(line: &str) -> Option<String> {
    let cells: Vec<&str> = line.splitn(5, '\t').collect();
    let [date, zone, lon, lat, hours] = cells.as_slice() else { return None };
    let opening = Opening {
        date: date.parse().ok()?,
        from: ServiceTime::hms(0, 0, 0),
        to: ServiceTime::hms(24, 0, 0),
        zone: TimeZone::get(zone).ok()?,
        nation: None,
    };
    let spans = opening.states(hours, LonLat::new(lon.parse().ok()?, lat.parse().ok()?)?)?;
    let clock = |time: ServiceTime| format!("{:02}:{:02}", time.get() / 3600, time.get() / 60 % 60);
    let word = |state| match state {
        OpenState::Open => "open",
        OpenState::Closed => "closed",
        OpenState::Unknown => "unknown",
    };
    let told = spans.iter().map(|s| format!("{}-{} {}", clock(s.from), clock(s.to), word(s.state)));
    Some(told.collect::<Vec<_>>().join(", "))
}
