//! A scenario ready to be searched: its network, its places, its dates.

use crate::access::survey::Survey;
use crate::cli::args::Lenient;
use crate::cli::failure::Failure;
use crate::cli::study::{DatedWindow, Study};
use crate::finding::Findings;
use crate::inputs::gtfs::Feed;
use crate::inputs::project::Scenario;
use crate::routing::network::Network;
use crate::scenario::apply::apply;

/// A scenario made ready.
pub struct Side<'a> {
    /// What it says.
    pub scenario: &'a Scenario,
    /// Its streets, stops and feeds.
    pub network: Network,
    /// Its walks, where they are not the baseline's.
    pub survey: Option<Survey>,
    /// Its windows with their dates, in the order of the baseline's.
    pub windows: Vec<DatedWindow>,
    /// What each modification came to, in words.
    pub says: Vec<String>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// Whether it only takes away.
    pub only_removes: bool,
}

impl<'a> Side<'a> {
    /// Applies a scenario to the data.
    ///
    /// # Errors
    /// If it does not fit the data.
    pub fn of(
        study: &Study,
        scenario: &'a Scenario,
        windows: &[DatedWindow],
        _lenient: Lenient,
        findings: &mut Findings,
    ) -> Result<Side<'a>, Failure> {
        let feeds: &[Feed] = &study.network.feeds;
        let applied = apply(feeds, &scenario.modifications)?;
        let network = study.network.with_feeds(applied.feeds, findings);
        Ok(Side {
            scenario,
            network,
            survey: None,
            windows: windows.to_vec(),
            says: applied.says.into_iter().map(|(_, says)| says).collect(),
            warnings: applied.warnings,
            only_removes: scenario.gtfs.is_none()
                && scenario.modifications.iter().all(|modification| modification.only_removes()),
        })
    }
}
