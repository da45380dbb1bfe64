//! calendar.txt and calendar_dates.txt → the dates on which each service runs.

use std::collections::{BTreeMap, BTreeSet};

use gtfs_structures::Exception;
use jiff::ToSpan;
use jiff::civil::Date;

use super::archive::Archive;
use super::error::GtfsError;
use super::ids::TableIds;
use super::ledger::{FileAccount, Ledger, shown};
use super::policy;
use super::records::Service;
use super::table::{GtfsRow, GtfsTable, WantedColumns};
use super::trips::FeedTrips;

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const WEEKS: WantedColumns = WantedColumns {
    table: "calendar.txt",
    required: &[
        "service_id",
        DAYS[0],
        DAYS[1],
        DAYS[2],
        DAYS[3],
        DAYS[4],
        DAYS[5],
        DAYS[6],
        "start_date",
        "end_date",
    ],
    optional: &[],
    beside: &[],
};
const EXCEPTIONS: WantedColumns = WantedColumns {
    table: "calendar_dates.txt",
    required: &["service_id", "date", "exception_type"],
    optional: &[],
    beside: &[],
};
/// Calendars that end in the year 9999 mean "until further notice".
const LONGEST_RANGE_YEARS: i64 = 10;

/// The services in the order of their ids, and those whose dates could not be read.
pub struct Services {
    /// Those that can be used.
    pub list: Vec<Service>,
    unreadable: BTreeSet<String>,
}

impl Services {
    /// The position of a service.
    pub fn find(&self, id: &str) -> Option<u32> {
        let at = self.list.binary_search_by(|service| service.id.as_str().cmp(id)).ok();
        at.and_then(|at| u32::try_from(at).ok())
    }

    /// Whether the service is there, but its dates could not be read.
    pub fn is_unreadable(&self, id: &str) -> bool {
        self.unreadable.contains(id)
    }
}

/// The dates of one service while they are read.
#[derive(Default)]
struct ServiceDraft {
    weekly: Vec<Date>,
    added: BTreeSet<Date>,
    removed: BTreeSet<Date>,
}

/// Reads the services.
pub fn read_services(
    archive: &mut Archive,
    ledger: &mut Ledger<'_>,
) -> Result<Services, GtfsError> {
    if !archive.has(WEEKS.table) && !archive.has(EXCEPTIONS.table) {
        return Err(ledger
            .refuse(&policy::NO_CALENDAR, "it has neither calendar.txt nor calendar_dates.txt"));
    }
    let (mut drafts, mut unreadable) = (BTreeMap::new(), BTreeSet::new());
    read_weeks(archive, &mut drafts, &mut unreadable, ledger)?;
    read_exceptions(archive, &mut drafts, ledger)?;
    drafts.retain(|id, _| !unreadable.contains(id));
    let list: Vec<Service> =
        drafts.into_iter().map(|(id, draft)| Service { id, dates: draft.dates() }).collect();
    if list.is_empty() {
        let why = ledger.first_loss().map_or(String::new(), |loss| format!(": {loss}"));
        return Err(ledger.refuse(&policy::NO_SERVICE, format!("no service is left{why}")));
    }
    if list.iter().all(|service| service.dates.is_empty()) {
        ledger.note(&policy::NEVER_RUNS, "none of its services has a date");
    }
    Ok(Services { list, unreadable })
}

impl ServiceDraft {
    fn dates(self) -> Vec<Date> {
        let ServiceDraft { weekly: mut dates, added, removed } = self;
        dates.extend(added);
        dates.retain(|date| !removed.contains(date));
        dates.sort();
        dates.dedup();
        dates
    }
}

fn read_weeks(
    archive: &mut Archive,
    drafts: &mut BTreeMap<String, ServiceDraft>,
    unreadable: &mut BTreeSet<String>,
    ledger: &mut Ledger<'_>,
) -> Result<(), GtfsError> {
    if !archive.has(WEEKS.table) {
        return Ok(());
    }
    let mut page = ledger.page(archive.written(WEEKS.table));
    let mut keys = TableIds::default();
    if let Some(mut table) = GtfsTable::open(archive, &WEEKS, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            if !keys.claim(&row, "service_id", 0, &mut page)? {
                continue;
            }
            let id = row.text("service_id").into_owned();
            match calendar(&row, &mut page) {
                Some(calendar) => {
                    drafts.entry(id).or_default().weekly = weekly_dates(&calendar, &row, &mut page);
                }
                None => drop(unreadable.insert(id)),
            }
        }
    }
    page.close()
}

fn calendar(
    row: &GtfsRow<'_>,
    page: &mut FileAccount<'_, '_>,
) -> Option<gtfs_structures::Calendar> {
    let is_bad_day = |day: &&&str| !matches!(row.named(day), b"0" | b"1");
    if let Some(day) = DAYS.iter().find(is_bad_day) {
        page.at(
            &policy::UNREADABLE_DAY,
            row.line,
            format!("{}: {}", row.show("service_id"), row.show(day)),
        );
        return None;
    }
    for column in ["start_date", "end_date"] {
        check_date(row, column, page)?;
    }
    row.record().map_err(|bad| page.at(&policy::INVALID_FIELD, row.line, bad.what)).ok()
}

fn weekly_dates(
    calendar: &gtfs_structures::Calendar,
    row: &GtfsRow<'_>,
    page: &mut FileAccount<'_, '_>,
) -> Vec<Date> {
    let service = row.show("service_id");
    let (start, mut end) = (calendar.start_date, calendar.end_date);
    if end < start {
        page.at(
            &policy::RANGE_REVERSED,
            row.line,
            format!("{service}: end_date {end} before start_date {start}"),
        );
        return Vec::new();
    }
    let latest = start.saturating_add(LONGEST_RANGE_YEARS.years());
    if end > latest {
        page.at(&policy::RANGE_TOO_LONG, row.line, format!("{service}: from {start} to {end}"));
        end = latest;
    }
    let dates: Vec<Date> = start
        .series(1.day())
        .take_while(|date| *date <= end)
        .filter(|date| calendar.valid_weekday(*date))
        .collect();
    if dates.is_empty() {
        page.at(&policy::NO_WEEKDAY, row.line, service);
    }
    dates
}

fn read_exceptions(
    archive: &mut Archive,
    drafts: &mut BTreeMap<String, ServiceDraft>,
    ledger: &mut Ledger<'_>,
) -> Result<(), GtfsError> {
    if !archive.has(EXCEPTIONS.table) {
        return Ok(());
    }
    let mut page = ledger.page(archive.written(EXCEPTIONS.table));
    if let Some(mut table) = GtfsTable::open(archive, &EXCEPTIONS, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            let service = row.text("service_id");
            if service.is_empty() {
                page.at(&policy::MISSING_FIELD, row.line, "service_id is blank");
                continue;
            }
            // The service is there even if this exception to it is not.
            let draft = drafts.entry(service.into_owned()).or_default();
            if let Some(exception) = exception(&row, &mut page) {
                note_exception(&exception, draft, &row, &mut page);
            }
        }
    }
    page.close()
}

fn exception(
    row: &GtfsRow<'_>,
    page: &mut FileAccount<'_, '_>,
) -> Option<gtfs_structures::CalendarDate> {
    let service = row.show("service_id");
    check_date(row, "date", page)?;
    if !matches!(row.named("exception_type"), b"1" | b"2") {
        page.at(
            &policy::INVALID_FIELD,
            row.line,
            format!("{service}: {}", row.show("exception_type")),
        );
        return None;
    }
    row.record()
        .map_err(|bad| page.at(&policy::INVALID_DATE, row.line, format!("{service}: {}", bad.what)))
        .ok()
}

fn note_exception(
    exception: &gtfs_structures::CalendarDate,
    draft: &mut ServiceDraft,
    row: &GtfsRow<'_>,
    page: &mut FileAccount<'_, '_>,
) {
    let is_added = exception.exception_type == Exception::Added;
    let (mine, other) = if is_added {
        (&mut draft.added, &draft.removed)
    } else {
        (&mut draft.removed, &draft.added)
    };
    let what = || format!("{} on {}", row.show("service_id"), exception.date);
    if other.contains(&exception.date) {
        page.at(&policy::ADDED_AND_REMOVED, row.line, what());
    }
    if !mine.insert(exception.date) {
        page.at(&policy::SAME_ROW_AGAIN, row.line, what());
    }
}

/// Eight digits that are a day of the calendar; `None`, and a note, if not.
fn check_date(row: &GtfsRow<'_>, column: &str, page: &mut FileAccount<'_, '_>) -> Option<()> {
    let is_date = date(row.named(column)).is_some();
    if !is_date {
        page.at(
            &policy::INVALID_DATE,
            row.line,
            format!("{}: {}", row.show("service_id"), row.show(column)),
        );
    }
    is_date.then_some(())
}

/// Eight digits that are a day of the calendar.
pub fn date(cell: &[u8]) -> Option<Date> {
    let is_written = cell.len() == 8 && cell.iter().all(u8::is_ascii_digit);
    Date::strptime("%Y%m%d", cell).ok().filter(|_| is_written)
}

/// Notes the services that run on no date, each with its trips, at the first of them.
pub fn note_never_running(
    services: &Services,
    trips: &FeedTrips,
    archive: &Archive,
    ledger: &mut Ledger<'_>,
) {
    let mut of_service: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for (trip, line) in trips.list.iter().zip(&trips.lines) {
        of_service.entry(trip.service).or_insert((*line, 0)).1 += 1;
    }
    let mut page = ledger.page(archive.written("trips.txt"));
    for (number, (line, trips)) in of_service {
        if let Some(service) =
            services.list.get(number as usize).filter(|service| service.dates.is_empty())
        {
            let id = shown(service.id.as_bytes());
            let what = match trips {
                1 => format!("service_id={id} has no date: its one trip never runs"),
                _ => format!(
                    "service_id={id} has no date: its {trips} trips, this the first, never run"
                ),
            };
            page.at(&policy::SERVICE_NEVER_RUNS, line, what);
        }
    }
}
