//! agency.txt, routes.txt and feed_info.txt: who runs what, in which time zone.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::archive::Archive;
use super::calendar;
use super::error::GtfsError;
use super::ids::TableIds;
use super::ledger::{FileAccount, Ledger, shown};
use super::policy;
use super::records::{FeedPeriod, Route};
use super::table::{GtfsRow, GtfsTable, WantedColumns};

const AGENCIES: WantedColumns = WantedColumns {
    table: "agency.txt",
    required: &["agency_name"],
    // The address is never shown, but `gtfs_structures::Agency` asks for it.
    optional: &["agency_id", "agency_timezone", "agency_url"],
    beside: &[],
};
const ROUTES: WantedColumns = WantedColumns {
    table: "routes.txt",
    required: &["route_id", "route_type"],
    optional: &[
        "agency_id",
        "route_short_name",
        "route_long_name",
        "continuous_pickup",
        "continuous_drop_off",
    ],
    beside: &[],
};
const FEED_INFO: WantedColumns = WantedColumns {
    table: "feed_info.txt",
    required: &[],
    optional: &["feed_version", "feed_start_date", "feed_end_date"],
    beside: &[],
};

/// What a route is called when its kind cannot be read: 1700 is "miscellaneous service" among the
/// extended types.
const MISCELLANEOUS: u16 = 1700;

/// The agencies' names by id, and their one time zone.
pub struct Agencies {
    names: BTreeMap<String, String>,
    /// An IANA name that the time zone database knows.
    pub timezone: String,
}

/// Reads the agencies.
pub fn read_agencies(
    archive: &mut Archive,
    ledger: &mut Ledger<'_>,
) -> Result<Agencies, GtfsError> {
    let mut page = ledger.page(archive.written(AGENCIES.table));
    let Some(mut table) = GtfsTable::open(archive, &AGENCIES, &mut page)? else {
        let what = "agency.txt is missing or empty, so the time zone of the times is not known";
        return Err(page.refuse(&policy::MISSING_FILE, None, what));
    };
    if !table.column("agency_timezone").is_there() {
        return Err(page.refuse(
            &policy::MISSING_TIMEZONE,
            Some(1),
            "there is no column agency_timezone",
        ));
    }
    let (mut names, mut zone) = (BTreeMap::new(), None::<(String, u64)>);
    while let Some(row) = table.next(&mut page)? {
        row.check_text(&mut page);
        let agency = match row.record::<gtfs_structures::Agency>() {
            Ok(agency) => agency,
            Err(bad) => {
                page.at(&policy::INVALID_FIELD, row.line, bad.what);
                continue;
            }
        };
        let named = zone_of(&row, &agency.timezone, &page)?;
        match &zone {
            Some((first, line)) if *first != named => {
                let what = format!("agency_timezone is {named}, but {first} at line {line}");
                return Err(page.refuse(&policy::TWO_TIMEZONES, Some(row.line), what));
            }
            _ => zone = Some((named, row.line)),
        }
        let id = agency.id.unwrap_or_default();
        match names.get(&id) {
            None => drop(names.insert(id, agency.name)),
            Some(name) if *name == agency.name => {
                page.at(&policy::SAME_ROW_AGAIN, row.line, row.show("agency_id"))
            }
            Some(_) => page.at(&policy::REPEATED_AGENCY, row.line, row.show("agency_id")),
        }
    }
    let Some((timezone, _)) = zone else {
        return Err(page.refuse(&policy::MISSING_TIMEZONE, None, "agency.txt has no row"));
    };
    page.close()?;
    Ok(Agencies { names, timezone })
}

fn zone_of(row: &GtfsRow<'_>, name: &str, page: &FileAccount<'_, '_>) -> Result<String, GtfsError> {
    if name.is_empty() {
        return Err(page.refuse(
            &policy::MISSING_TIMEZONE,
            Some(row.line),
            "agency_timezone is blank",
        ));
    }
    let zone = TimeZone::get(name).ok().filter(|zone| !zone.is_unknown());
    let known = zone.as_ref().and_then(|zone| zone.iana_name());
    known.map(str::to_owned).ok_or_else(|| {
        let what = format!("{} is not in the time zone database", row.show("agency_timezone"));
        page.refuse(&policy::INVALID_TIMEZONE, Some(row.line), what)
    })
}

impl Agencies {
    /// The name of a route's agency. A blank id means the only one there is.
    fn name(&self, id: &str) -> Option<&str> {
        let found = self.names.get(id);
        let only = || self.names.values().next().filter(|_| id.is_empty() && self.names.len() == 1);
        found.or_else(only).map(String::as_str)
    }
}

/// Reads the routes.
///
/// Their cells are read one by one: `gtfs_structures::Route` refuses a row for a `route_type` such
/// as `undefined`, which converters of UK timetables write, and for any fault of a colour.
pub fn read_routes(
    archive: &mut Archive,
    agencies: &Agencies,
    ledger: &mut Ledger<'_>,
) -> Result<(Vec<Route>, TableIds), GtfsError> {
    let mut page = ledger.page(archive.written(ROUTES.table));
    let Some(mut table) = GtfsTable::open(archive, &ROUTES, &mut page)? else {
        return Err(page.refuse(&policy::MISSING_FILE, None, "routes.txt is missing or empty"));
    };
    let (mut routes, mut keys, mut continuous) = (Vec::new(), TableIds::default(), 0);
    while let Some(row) = table.next(&mut page)? {
        if keys.claim(&row, "route_id", routes.len(), &mut page)? {
            row.check_text(&mut page);
            continuous += u64::from(is_continuous(&row));
            routes.push(route(&row, agencies, &mut page));
        }
    }
    page.count(
        &policy::CONTINUOUS,
        continuous,
        "continuous_pickup or continuous_drop_off of routes",
    );
    page.close()?;
    Ok((routes, keys))
}

fn route(row: &GtfsRow<'_>, agencies: &Agencies, page: &mut FileAccount<'_, '_>) -> Route {
    let agency = agencies.name(&row.text("agency_id"));
    if agency.is_none() {
        page.at(&policy::UNKNOWN_AGENCY, row.line, row.show("agency_id"));
    }
    let (short, long) =
        (row.text("route_short_name").into_owned(), row.text("route_long_name").into_owned());
    Route {
        id: row.text("route_id").into_owned(),
        name: if short.is_empty() { long.clone() } else { short },
        long_name: long,
        agency: agency.unwrap_or_default().to_owned(),
        route_type: route_type(row, page),
    }
}

fn route_type(row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> u16 {
    let route = shown(row.named("route_id"));
    match row.text("route_type").parse() {
        Ok(kind @ (0..=7 | 11 | 12 | 100..=1702)) => kind,
        Ok(kind) => {
            let what = format!("route {route}: {}", row.show("route_type"));
            page.at(&policy::UNKNOWN_ROUTE_TYPE, row.line, what);
            kind
        }
        Err(_) => {
            page.at(
                &policy::BAD_ROUTE_TYPE,
                row.line,
                format!("route {route}: {}", row.show("route_type")),
            );
            MISCELLANEOUS
        }
    }
}

fn is_continuous(row: &GtfsRow<'_>) -> bool {
    ["continuous_pickup", "continuous_drop_off"]
        .iter()
        .any(|name| matches!(row.named(name), b"0" | b"2" | b"3"))
}

/// What feed_info.txt says of the feed as a whole.
#[derive(Default)]
pub struct FeedInfo {
    /// Its own version, if it says one.
    pub version: Option<String>,
    /// The days for which it answers.
    pub period: FeedPeriod,
}

/// Reads feed_info.txt; of several rows the first that says a thing holds.
pub fn read_feed_info(
    archive: &mut Archive,
    ledger: &mut Ledger<'_>,
) -> Result<FeedInfo, GtfsError> {
    let mut info = FeedInfo::default();
    if !archive.has(FEED_INFO.table) {
        return Ok(info);
    }
    let mut page = ledger.page(archive.written(FEED_INFO.table));
    if let Some(mut table) = GtfsTable::open(archive, &FEED_INFO, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            let said = row.text("feed_version");
            info.version = info.version.or_else(|| (!said.is_empty()).then(|| said.into_owned()));
            info.period.first =
                info.period.first.or_else(|| period_end(&row, "feed_start_date", &mut page));
            info.period.last =
                info.period.last.or_else(|| period_end(&row, "feed_end_date", &mut page));
        }
    }
    page.close()?;
    Ok(info)
}

fn period_end(row: &GtfsRow<'_>, column: &str, page: &mut FileAccount<'_, '_>) -> Option<Date> {
    let cell = row.named(column);
    let date = calendar::date(cell);
    if date.is_none() && !cell.is_empty() {
        page.at(&policy::BAD_PERIOD, row.line, row.show(column));
    }
    date
}
