//! The Broadband Data Collection of the Federal Communications Commission (United States): a row
//! for each provider at each location, with what it advertises.
//!
//! A location has what the best of its providers advertises. Satellites (technologies 60 and 61)
//! are left out: they are offered to every location, so that with them nobody would be without.
//! Locations that no provider offers anything to do not stand in the file: shares are of the
//! locations that some provider serves, and so are on the good side.

use rustc_hash::FxHashMap;

use super::layouts::Superfast;
use super::{AreaCoverage, CoverageBasis, CoverageKey, CoverageLayout, CoverageMeasures};
use crate::finding::{Findings, Outcome, Severity};
use crate::inputs::tables::{InputTable, TableError, TableRow};

/// A layout of its own, since its rows are not areas.
pub(super) static LAYOUT: CoverageLayout = CoverageLayout {
    name: "FCC Broadband Data Collection, by block (locations served by any provider, without satellites)",
    key: CoverageKey::Block,
    basis: CoverageBasis::Counts,
    key_columns: &["block_geoid"],
    premises: None,
    superfast: Superfast::Column(DOWN),
    ultrafast100: Some(DOWN),
    ultrafast: DOWN,
    gigabit: Some(DOWN),
    full_fibre: Some("technology"),
    below_decent: UP,
    marks: &[],
};
const DOWN: &str = "max_advertised_download_speed";
const UP: &str = "max_advertised_upload_speed";
const FIBRE: f64 = 50.0;
const SATELLITES: [f64; 2] = [60.0, 61.0];

/// Whether a table is such a file.
pub(super) fn is_fcc(table: &InputTable) -> bool {
    ["block_geoid", "location_id", DOWN].iter().all(|name| table.header().find(name).is_some())
}

/// The best that a location is offered.
#[derive(Clone, Copy, Default)]
struct LocationOffer {
    down: f64,
    decent: bool,
    fibre: bool,
}

/// Reads a file and counts the locations of each block.
pub(super) fn read_blocks(
    table: &mut InputTable,
    findings: &mut Findings,
) -> Result<Vec<(AreaCoverage, u64)>, TableError> {
    let column = |name| table.required("the FCC's coverage", None, &[name]);
    let (block, location, down, up, technology) = (
        column("block_geoid")?,
        column("location_id")?,
        column(DOWN)?,
        column(UP)?,
        column("technology")?,
    );
    let mut numbers: FxHashMap<String, usize> = FxHashMap::default();
    let mut blocks: Vec<(String, u64)> = Vec::new();
    let mut offers: FxHashMap<(usize, String), LocationOffer> = FxHashMap::default();
    let (mut row, mut satellites, mut unread) = (TableRow::default(), 0, 0);
    while table.next(&mut row, findings)? {
        let (Some(code), Some(location)) = (row.code(block), row.code(location)) else {
            unread += 1;
            continue;
        };
        if code.len() != 15 || !code.bytes().all(|b| b.is_ascii_digit()) {
            let what = format!(
                "block_geoid {code:?} is not of 15 digits (has a leading 0 been lost?): row dropped"
            );
            findings.at(
                Severity::Error,
                "bad_code",
                Outcome::Dropped,
                table.file(),
                row.line(),
                what,
            );
            continue;
        }
        let number = |column| row.count(column).ok().flatten();
        let (Some(technology), Some(down), Some(up)) =
            (number(technology), number(down), number(up))
        else {
            unread += 1;
            continue;
        };
        if SATELLITES.contains(&technology) {
            satellites += 1;
            continue;
        }
        let at = *numbers.entry(code.to_string()).or_insert_with(|| {
            blocks.push((code.to_string(), row.line()));
            blocks.len() - 1
        });
        let offer = offers.entry((at, location.to_string())).or_default();
        offer.down = offer.down.max(down);
        offer.decent |= down >= 10.0 && up >= 1.0;
        offer.fibre |= (technology - FIBRE).abs() < 0.5;
    }
    let what =
        "offers without a block, a location, a technology or a speed that can be read: left out";
    findings.count(Severity::Error, "bad_offer", Outcome::Dropped, table.file(), unread, what);
    let what = "offers by satellite: left out, since they are made to every location";
    findings.count(
        Severity::Info,
        "satellite_offer",
        Outcome::Dropped,
        table.file(),
        satellites,
        what,
    );
    let mut areas: Vec<AreaCoverage> = blocks.iter().map(|(code, _)| empty(code)).collect();
    for ((at, _), offer) in offers {
        let Some(area) = areas.get_mut(at) else { continue };
        let add = |count: &mut Option<f64>, holds: bool| {
            *count = count.map(|n| n + f64::from(u8::from(holds)))
        };
        add(&mut area.premises, true);
        add(&mut area.values.superfast, offer.down >= 30.0);
        add(&mut area.values.ultrafast100, offer.down >= 100.0);
        add(&mut area.values.ultrafast, offer.down >= 300.0);
        add(&mut area.values.gigabit, offer.down >= 1000.0);
        add(&mut area.values.full_fibre, offer.fibre);
        add(&mut area.values.below_decent, !offer.decent);
    }
    Ok(areas.into_iter().zip(blocks).map(|(area, (_, line))| (area, line)).collect())
}

fn empty(code: &str) -> AreaCoverage {
    let none = Some(0.0);
    let values = CoverageMeasures {
        superfast: none,
        ultrafast100: none,
        ultrafast: none,
        gigabit: none,
        full_fibre: none,
        below_decent: none,
    };
    AreaCoverage { code: code.to_owned(), premises: none, values }
}
