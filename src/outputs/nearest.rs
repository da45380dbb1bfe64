//! The nearest places as CSV. Ids are written as they were read, as in a matrix; names and
//! categories are disarmed for spreadsheets.

use std::io::{self, Write};

use super::matrix::{MatrixMeasure, TimeUnit};
use crate::access::round_trip::RoundTrips;
use crate::results::nearest::NearestRow;
use crate::sanitise::{clean_text, csv_text};
use crate::units::Seconds;

/// All of them.
pub struct NearestTable<'a> {
    /// In the order they are written.
    pub rows: Vec<NearestRow>,
    /// Whose columns there are.
    pub measures: &'a [MatrixMeasure],
    /// Whole seconds in place of minutes.
    pub seconds: bool,
    /// Whether there is a column for the last way home.
    pub last_home: bool,
    /// Whether there is a column for the hours with service.
    pub service_hours: bool,
    /// Whether there are columns for round trips.
    pub round_trips: bool,
    /// Whether there is public transport.
    pub transit: bool,
}

impl NearestTable<'_> {
    /// Writes the table.
    ///
    /// # Errors
    /// If writing fails.
    pub fn write(&self, out: impl Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        let unit = if self.seconds { "_s" } else { "" };
        let mut header: Vec<String> =
            ["id", "category", "k", "place_id", "place_name"].map(str::to_owned).to_vec();
        header.push(format!("walk_time{unit}"));
        if self.transit {
            let of = if self.seconds { TimeUnit::Seconds } else { TimeUnit::Minutes };
            header.extend(self.measures.iter().map(|measure| of.column(*measure)));
            header.extend(
                ["planned_time", "walking_time", "waiting_time"]
                    .map(|name| format!("{name}{unit}")),
            );
            header.push("boardings".to_owned());
        }
        if self.last_home {
            header.push("last_home".to_owned());
        }
        if self.round_trips {
            header.extend(["round_trip_pct".to_owned(), format!("away_time{unit}_p50")]);
        }
        if self.service_hours {
            header.push("service_hours".to_owned());
        }
        csv.write_record(&header)?;
        for row in &self.rows {
            csv.write_record(self.cells(row))?;
        }
        csv.flush()
    }

    fn cells(&self, row: &NearestRow) -> Vec<String> {
        let text = |text: &str| csv_text(text).into_owned();
        let key = |text: &str| clean_text(text).into_owned();
        let (place_id, place_name) = row
            .place
            .as_ref()
            .map_or((String::new(), String::new()), |(id, name)| (key(id), text(name)));
        let mut cells = vec![
            key(&row.id),
            text(&row.category),
            row.k.to_string(),
            place_id,
            place_name,
            self.time(row.walk),
        ];
        if self.transit {
            cells.extend(row.times.iter().map(|time| self.time(*time)));
            cells.extend([row.planned, row.walking, row.waiting].map(|time| self.time(time)));
            cells.push(row.boardings.map_or_else(String::new, |n| n.to_string()));
        }
        if self.last_home {
            cells.push(row.last_home.clone().unwrap_or_default());
        }
        if self.round_trips {
            let percent = |trips: &RoundTrips| format!("{:.1}", trips.possible.percent());
            cells.push(row.round_trips.as_ref().map_or_else(String::new, percent));
            cells.push(self.time(row.round_trips.and_then(|trips| trips.away)));
        }
        if self.service_hours {
            cells.push(row.service_hours.map_or_else(String::new, |hours| hours.to_string()));
        }
        cells
    }

    /// Minutes to a tenth, rounded half up; empty when unreachable.
    fn time(&self, time: Option<Seconds>) -> String {
        time.map_or_else(String::new, |time| {
            let tenths = (time.get() * 10 + 30) / 60;
            if self.seconds {
                time.get().to_string()
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            }
        })
    }
}
