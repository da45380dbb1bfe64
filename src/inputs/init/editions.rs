//! Feeds that are newer editions of others: not beside them, but a scenario each.

use super::{line, list, quoted};

/// A feed that is a newer edition of another, both by their names in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewerEdition {
    /// The one to begin with.
    pub older: String,
    /// The one that is held against it.
    pub newer: String,
}

/// The feeds of the project as it is: without newer editions.
pub(super) fn baseline(gtfs: &[String], editions: &[NewerEdition]) -> Vec<String> {
    gtfs.iter()
        .filter(|feed| editions.iter().all(|edition| edition.newer != **feed))
        .cloned()
        .collect()
}

/// A scenario for each newer edition, in the place of the older one.
pub(super) fn scenarios(text: &mut String, gtfs: &[String], editions: &[NewerEdition]) {
    let baseline = baseline(gtfs, editions);
    for (number, edition) in editions.iter().enumerate() {
        let NewerEdition { older, newer } = edition;
        let feeds: Vec<String> = baseline
            .iter()
            .map(|feed| if feed == older { newer.clone() } else { feed.clone() })
            .collect();
        text.push_str(&format!(
            "# {} and {} have the same operators' lines: together their vehicles would add up. `lastmile compare` holds the newer against the older.\n",
            quoted(older),
            quoted(newer)
        ));
        let name = if number == 0 { "newer".to_owned() } else { format!("newer_{}", number + 1) };
        text.push_str(&format!("[scenarios.{name}]\nlabel = {}\n", quoted(newer)));
        line(text, &format!("gtfs = {}", list(&feeds)), "on its own dates of the same weekdays");
        text.push('\n');
    }
}
