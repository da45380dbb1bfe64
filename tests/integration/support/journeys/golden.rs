//! Golden journeys: a page for people that a test can read.
//!
//! Each section has a title, a block with the question and the journey, and the reasoning.
//! Everything in the block is held to the program; the reasoning is for who checks the block
//! against the feeds.

use jiff::civil::Date;
use lastmile::geometry::LonLat;
use lastmile::ids::{Idx, OriginIdx, PlaceIdx};
use lastmile::network::calendar::Clock;
use lastmile::network::timetable::Timetable;
use lastmile::routing::DepartureWindow;
use lastmile::routing::query::journey::{Journey, Journeys, Leg, WalkEnd};
use lastmile::routing::query::unreachable::why;
use lastmile::units::{Seconds, ServiceTime};

use super::possible::Ground;
use super::rows::{metres, seconds};
use super::study::{Study, Tables};

/// A section of the page.
pub struct Golden {
    pub title: String,
    /// Which network of the test's.
    pub timetable: String,
    pub date: Date,
    pub leave: ServiceTime,
    pub from: String,
    pub to: String,
    /// The journey as [`answer`] writes it.
    pub journey: Vec<String>,
    pub reasoning: String,
}

/// Reads a page.
pub fn read(page: &str) -> Vec<Golden> {
    page.split("\n## ").skip(1).map(section).collect()
}

fn section(text: &str) -> Golden {
    let (title, rest) = text.split_once('\n').expect("a title and more");
    let (_, rest) = rest.split_once("```text\n").unwrap_or_else(|| panic!("{title}: no block"));
    let (block, reasoning) =
        rest.split_once("```").unwrap_or_else(|| panic!("{title}: the block has no end"));
    let mut lines = block.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let mut value = |key: &str| {
        let line = lines.next().unwrap_or_default();
        let found = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(": "));
        found
            .unwrap_or_else(|| panic!("{title}: `{key}: …` should stand where `{line}` does"))
            .to_owned()
    };
    let (timetable, date, leave) = (value("timetable"), value("date"), value("leave"));
    let (from, to) = (value("from"), value("to"));
    Golden {
        title: title.to_owned(),
        timetable,
        date: date.split(' ').next().unwrap_or_default().parse().expect("a date"),
        leave: ServiceTime::new(seconds(&leave)),
        from,
        to,
        journey: lines.map(str::to_owned).collect(),
        reasoning: reasoning.trim().to_owned(),
    }
}

/// What the program answers, and what is wrong with it by the feeds' rows.
pub fn answer(
    golden: &Golden,
    study: &Study,
    points: &[(String, LonLat)],
) -> (Vec<String>, Option<String>) {
    let clock = Clock::new(golden.date, "Europe/London").expect("a date");
    let window = DepartureWindow { first: golden.leave, step: Seconds::new(60), departures: 1 };
    let departures = study.departures(&clock, window);
    let ends = [point(&golden.from, points), point(&golden.to, points)];
    let tables = Tables::of(&study.network, &ends[..1], &ends[1..]);
    let (origin, place) = (OriginIdx(0), PlaceIdx(0));
    let answer = departures.look(0, |at| {
        let journey = Journeys::towards(at.rides, tables.walks(), place).from(origin, at.number)?;
        let changes = study.network.changes(departures.limits().board_slack);
        let runs = study.run_rows(at.timetable, golden.date);
        let ground =
            Ground { runs, tables: &tables, changes: &changes, limits: departures.limits() };
        let told = Told { study, timetable: at.timetable, date: golden.date };
        let fault =
            ground.fault(origin, place, &journey).or_else(|| too_quick(study, &ends, &journey));
        Some((told.lines(&journey), fault))
    });
    answer.expect("a timetable").unwrap_or_else(|| {
        let reason =
            why(&departures, 0, &tables.from, &tables.to, &tables.walks()).expect("a reason");
        (vec![format!("not reachable: {reason:?}")], None)
    })
}

fn point(name: &str, points: &[(String, LonLat)]) -> LonLat {
    let id = name.split(' ').next().unwrap_or_default();
    if let Some((lon, lat)) = id.split_once(',') {
        let degrees = |text: &str| text.parse().expect("degrees");
        return LonLat::new(degrees(lon), degrees(lat)).expect("on the globe");
    }
    points.iter().find(|(known, _)| known == id).unwrap_or_else(|| panic!("no point {id}")).1
}

/// No walk is shorter than the straight line at 4.8 km/h.
fn too_quick(study: &Study, ends: &[LonLat; 2], journey: &Journey) -> Option<String> {
    let at = |end: WalkEnd| match end {
        WalkEnd::Origin => Some(ends[0]),
        WalkEnd::Destination => Some(ends[1]),
        WalkEnd::Stop(stop) => study.network.stop(stop).point,
    };
    journey.legs.iter().find_map(|leg| {
        let Leg::Walk { from, to, time } = leg else { return None };
        let line = metres(at(*from)?, at(*to)?) / (4.8 / 3.6);
        (line > 1.002 * f64::from(time.get()) + 1.0)
            .then(|| format!("{from:?} to {to:?} would take {line:.0} s"))
    })
}

/// A journey in the words of the page.
struct Told<'a> {
    study: &'a Study,
    timetable: &'a Timetable,
    date: Date,
}

impl Told<'_> {
    fn lines(&self, journey: &Journey) -> Vec<String> {
        let mut clock = journey.departure;
        let mut lines = Vec::new();
        for leg in &journey.legs {
            lines.push(format!("{clock} {}", self.leg(leg)));
            clock = clock + leg.time();
        }
        lines.push(format!("{clock} arrive"));
        let (all, walk, wait) = (journey.travel_time(), journey.walking(), journey.waiting());
        let ride = all.saturating_sub(walk + wait);
        lines.push(format!(
            "travel time {} s = walk {} + wait {} + ride {}; rides: {}",
            all.get(),
            walk.get(),
            wait.get(),
            ride.get(),
            journey.boardings()
        ));
        lines
    }

    fn leg(&self, leg: &Leg) -> String {
        match leg {
            Leg::Wait { at, .. } => format!("wait at {}", self.end(*at)),
            Leg::Walk { from, to, .. } => format!("walk {} -> {}", self.end(*from), self.end(*to)),
            Leg::Ride { run, from, to, seated, .. } => {
                let row = &self.timetable.runs[*run];
                let feed = &self.study.network.feeds[row.feed.at()];
                let calls = self.timetable.calls_of(*run);
                let stop = |n: u16| self.end(WalkEnd::Stop(calls[usize::from(n)].stop));
                let (route, trip) =
                    (&feed.routes[row.route as usize].name, &feed.trips[row.trip as usize].id);
                let seated = if *seated { "stay seated, " } else { "" };
                let of =
                    if row.date == self.date { String::new() } else { format!(" of {}", row.date) };
                format!("{seated}ride {route}, trip {trip}{of}: {} -> {}", stop(*from), stop(*to))
            }
        }
    }

    fn end(&self, end: WalkEnd) -> String {
        match end {
            WalkEnd::Origin => "the origin".to_owned(),
            WalkEnd::Destination => "the destination".to_owned(),
            WalkEnd::Stop(stop) => {
                let stop = self.study.network.stop(stop);
                format!("{} [{}]", stop.name, stop.id)
            }
        }
    }
}

/// Holds a page to the program; tells every section that differs.
pub fn hold(page: &str, at_least: usize, ask: impl Fn(&Golden) -> (Vec<String>, Option<String>)) {
    let journeys = read(page);
    assert!(journeys.len() >= at_least, "only {} journeys", journeys.len());
    let mut differ = String::new();
    for golden in &journeys {
        assert!(golden.reasoning.len() > 80, "{}: no reasoning", golden.title);
        let (found, fault) = ask(golden);
        if found != golden.journey || fault.is_some() {
            let (wanted, found) = (golden.journey.join("\n"), found.join("\n"));
            differ +=
                &format!("\n## {}\nwanted:\n{wanted}\nfound:\n{found}\n{fault:?}\n", golden.title);
        }
    }
    assert!(differ.is_empty(), "{differ}");
}
