//! stops.txt: what each stop is, what it belongs to, and whether its place can be believed.

use std::collections::BTreeMap;

use super::archive::Archive;
use super::error::GtfsError;
use super::ids::TableIds;
use super::ledger::{FileAccount, Ledger, shown};
use super::levels::read_levels;
use super::policy;
use super::records::{Call, Level, Stop, StopAccess, StopKind};
use super::table::{GtfsRow, GtfsTable, WantedColumns};
use crate::geometry::LonLat;

const STOPS: WantedColumns = WantedColumns {
    table: "stops.txt",
    required: &["stop_id"],
    optional: &["stop_name", "parent_station", "platform_code"],
    // A bad one of these is not worth losing the calls of a stop, as `gtfs_structures::Stop` would
    // have it.
    beside: &[
        "stop_lat",
        "stop_lon",
        "location_type",
        "wheelchair_boarding",
        "stop_access",
        "level_id",
    ],
};

/// Where easting 0, northing 0 of the British National Grid lies: converters of UK timetables put
/// stops of unknown place there.
const GRID_ORIGIN: (f64, f64) = (-7.555_903, 49.766_132);
/// Some ten metres.
const GRID_ORIGIN_DEGREES: f64 = 1e-4;
/// A boarding area's stop's station has no parent: no chain is longer.
const LONGEST_CHAIN: usize = 4;

/// A stop as read, with what is only needed until all are.
struct StopDraft {
    stop: Stop,
    line: u64,
    parent: String,
}

/// The stops in the order of the file.
pub struct FeedStops {
    /// Each stop.
    pub list: Vec<Stop>,
    /// Their ids.
    pub keys: TableIds,
    /// The line of each.
    pub lines: Vec<u64>,
}

/// Reads the stops.
pub fn read_stops(archive: &mut Archive, ledger: &mut Ledger<'_>) -> Result<FeedStops, GtfsError> {
    let levels = read_levels(archive, ledger)?;
    let mut page = ledger.page(archive.written(STOPS.table));
    let Some(mut table) = GtfsTable::open(archive, &STOPS, &mut page)? else {
        return Err(page.refuse(&policy::MISSING_FILE, None, "stops.txt is missing or empty"));
    };
    let (mut drafts, mut keys) = (Vec::new(), TableIds::default());
    while let Some(row) = table.next(&mut page)? {
        if keys.claim(&row, "stop_id", drafts.len(), &mut page)? {
            row.check_text(&mut page);
            match draft(&row, &levels, &mut page) {
                Some(draft) => drafts.push(draft),
                None => keys.drop(row.named("stop_id")),
            }
        }
    }
    let parents: Vec<Option<u32>> =
        drafts.iter().map(|draft| parent(draft, &keys, &mut page)).collect();
    for (at, draft) in drafts.iter_mut().enumerate() {
        draft.stop.parent = parents.get(at).copied().flatten();
        if draft.stop.parent.is_some() && runs_in_a_circle(&parents, at) {
            page.at(
                &policy::PARENT_CYCLE,
                draft.line,
                format!("parent_station={}", shown(draft.parent.as_bytes())),
            );
            draft.stop.parent = None;
        }
    }
    drop_access_of_no_station(&mut drafts, &mut page);
    take_parents_places(&mut drafts, &mut page);
    take_parents_word_on_wheelchairs(&mut drafts);
    page.close()?;
    let (list, lines) = drafts.into_iter().map(|draft| (draft.stop, draft.line)).unzip();
    Ok(FeedStops { list, keys, lines })
}

fn draft(
    row: &GtfsRow<'_>,
    levels: &BTreeMap<Vec<u8>, Level>,
    page: &mut FileAccount<'_, '_>,
) -> Option<StopDraft> {
    let record: gtfs_structures::Stop =
        row.record().map_err(|bad| page.at(&policy::INVALID_FIELD, row.line, bad.what)).ok()?;
    let stop = Stop {
        id: record.id,
        name: record.name.unwrap_or_default(),
        platform: record.platform_code,
        kind: kind(row, page),
        parent: None,
        point: point(row, page),
        wheelchair: wheelchair(row, "wheelchair_boarding", page),
        access: access(row, page),
        level: level(row, levels, page),
    };
    Some(StopDraft { stop, line: row.line, parent: record.parent_station.unwrap_or_default() })
}

fn kind(row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> StopKind {
    match row.named("location_type") {
        b"" | b"0" => StopKind::Platform,
        b"1" => StopKind::Station,
        b"2" => StopKind::Entrance,
        b"3" => StopKind::Node,
        b"4" => StopKind::BoardingArea,
        _ => {
            page.at(&policy::UNKNOWN_LOCATION_TYPE, row.line, row.show("location_type"));
            StopKind::Platform
        }
    }
}

/// `stop_access`, as far as it is known what it means.
fn access(row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> Option<StopAccess> {
    match row.named("stop_access") {
        b"" => None,
        b"0" => Some(StopAccess::ThroughStation),
        b"1" => Some(StopAccess::FromStreet),
        _ => {
            page.at(&policy::UNKNOWN_ACCESS, row.line, row.show("stop_access"));
            None
        }
    }
}

fn level(
    row: &GtfsRow<'_>,
    levels: &BTreeMap<Vec<u8>, Level>,
    page: &mut FileAccount<'_, '_>,
) -> Option<Level> {
    let id = row.named("level_id");
    let level = levels.get(id).copied();
    // A feed without levels.txt may still name them: nothing is lost.
    if level.is_none() && !id.is_empty() && !levels.is_empty() {
        page.at(&policy::UNKNOWN_LEVEL, row.line, row.show("level_id"));
    }
    level
}

/// Only a platform of a station has a `stop_access` (GTFS reference); elsewhere it would leave the
/// stop without a way in.
fn drop_access_of_no_station(drafts: &mut [StopDraft], page: &mut FileAccount<'_, '_>) {
    for draft in drafts.iter_mut().filter(|draft| draft.stop.access.is_some()) {
        if draft.stop.kind != StopKind::Platform || draft.stop.parent.is_none() {
            let what = format!("stop {}", shown(draft.stop.id.as_bytes()));
            page.at(&policy::ACCESS_OF_NO_STATION, draft.line, what);
            draft.stop.access = None;
        }
    }
}

/// Where a stop says it is, if that can be believed.
fn point(row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> Option<LonLat> {
    let (lat, lon) = (row.named("stop_lat"), row.named("stop_lon"));
    if lat.is_empty() && lon.is_empty() {
        return None;
    }
    let shown = || {
        format!(
            "stop {}: {}, {}",
            shown(row.named("stop_id")),
            row.show("stop_lat"),
            row.show("stop_lon")
        )
    };
    let number = |cell| std::str::from_utf8(cell).ok()?.parse::<f64>().ok();
    let Some(point) = number(lon).zip(number(lat)).and_then(|(lon, lat)| LonLat::new(lon, lat))
    else {
        page.at(&policy::BAD_COORDINATE, row.line, shown());
        return None;
    };
    let (from_grid_lon, from_grid_lat) = (point.lon() - GRID_ORIGIN.0, point.lat() - GRID_ORIGIN.1);
    let rule = if point.lon().abs() <= 1.0 && point.lat().abs() <= 1.0 {
        &policy::NEAR_ORIGIN
    } else if point.lat().abs() >= 89.0 {
        &policy::NEAR_POLE
    } else if from_grid_lon.abs() < GRID_ORIGIN_DEGREES && from_grid_lat.abs() < GRID_ORIGIN_DEGREES
    {
        &policy::GRID_ORIGIN
    } else {
        return Some(point);
    };
    page.at(rule, row.line, shown());
    None
}

fn parent(draft: &StopDraft, keys: &TableIds, page: &mut FileAccount<'_, '_>) -> Option<u32> {
    if draft.parent.is_empty() {
        return None;
    }
    let parent = keys.find(draft.parent.as_bytes()).used();
    if parent.is_none() {
        let what = format!("parent_station={}", shown(draft.parent.as_bytes()));
        page.at(&policy::UNKNOWN_PARENT, draft.line, what);
    }
    parent
}

fn runs_in_a_circle(parents: &[Option<u32>], start: usize) -> bool {
    let mut at = start;
    for _ in 0..LONGEST_CHAIN {
        match parents.get(at).copied().flatten() {
            Some(parent) if parent as usize == start => return true,
            Some(parent) => at = parent as usize,
            None => return false,
        }
    }
    true
}

/// A stop without a place takes that of the nearest of its parents that has one.
fn take_parents_places(drafts: &mut [StopDraft], page: &mut FileAccount<'_, '_>) {
    for at in 0..drafts.len() {
        let Some(draft) = drafts.get(at) else { continue };
        if draft.stop.point.is_some() {
            continue;
        }
        let (line, id, mut parent) = (draft.line, draft.stop.id.clone(), draft.stop.parent);
        let mut point = None;
        while let Some(above) = parent.and_then(|p| drafts.get(p as usize)) {
            point = above.stop.point;
            parent = above.stop.parent.filter(|_| point.is_none());
        }
        if point.is_some() {
            page.at(&policy::PARENTS_POINT, line, format!("stop {}", shown(id.as_bytes())));
        }
        if let Some(draft) = drafts.get_mut(at) {
            draft.stop.point = point;
        }
    }
}

/// A blank means what the parent says (GTFS reference, stops.txt, `wheelchair_boarding`).
fn take_parents_word_on_wheelchairs(drafts: &mut [StopDraft]) {
    for at in 0..drafts.len() {
        let (mut said, mut next) = (None, Some(at));
        while let Some(draft) = next.and_then(|next| drafts.get(next)).filter(|_| said.is_none()) {
            said = draft.stop.wheelchair;
            next = draft.stop.parent.map(|parent| parent as usize);
        }
        if let Some(draft) = drafts.get_mut(at) {
            draft.stop.wheelchair = said;
        }
    }
}

/// 1 is yes and 2 is no; 0 and a blank say nothing.
pub fn wheelchair(row: &GtfsRow<'_>, column: &str, page: &mut FileAccount<'_, '_>) -> Option<bool> {
    match row.named(column) {
        b"1" => Some(true),
        b"2" => Some(false),
        b"" | b"0" => None,
        _ => {
            page.at(&policy::UNKNOWN_WHEELCHAIR, row.line, row.show(column));
            None
        }
    }
}

/// Notes the stops without a place at which trips call; the others harm nobody.
pub fn note_unplaced(
    stops: &FeedStops,
    calls: &[Call],
    archive: &Archive,
    ledger: &mut Ledger<'_>,
) {
    let mut is_called = vec![false; stops.list.len()];
    for call in calls {
        if let Some(called) = is_called.get_mut(call.stop as usize) {
            *called = true;
        }
    }
    let mut page = ledger.page(archive.written(STOPS.table));
    for ((stop, line), is_called) in stops.list.iter().zip(&stops.lines).zip(is_called) {
        if is_called && stop.point.is_none() {
            page.at(&policy::NO_LOCATION, *line, format!("stop {}", shown(stop.id.as_bytes())));
        }
    }
}
