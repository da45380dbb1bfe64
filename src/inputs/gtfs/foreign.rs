//! Timetables in other formats than GTFS, told by how they begin: whoever gives one is told what it
//! is.

use super::policy::{self, FaultRule};

/// What a file without a table of GTFS is, and the rule that says what to do about it.
pub struct Foreign {
    /// The rule that refuses it.
    pub rule: &'static FaultRule,
    /// What it is, as a message goes on after "it is" or "it holds".
    pub what: &'static str,
}

const TRANSXCHANGE: Foreign = Foreign {
    rule: &policy::TRANSXCHANGE,
    what: "TransXChange (XML), another format of timetables",
};
const NETEX: Foreign =
    Foreign { rule: &policy::NETEX, what: "NeTEx (XML), another format of timetables" };
const CIF: Foreign =
    Foreign { rule: &policy::CIF, what: "CIF, the format of Great Britain's railways and of ATCO" };
const FEEDS: Foreign = Foreign {
    rule: &policy::FEEDS_IN_FEED,
    what: "further zips and no table of GTFS, such as stops.txt",
};

/// How much of a file tells what it is: XML says it in its first element, behind comments.
pub const TELLING: u64 = 4096;

/// Whether a file's name makes it worth a look.
pub fn may_be(path: &str) -> bool {
    let ends = |end: &str| path.len() > end.len() && path.to_ascii_lowercase().ends_with(end);
    [".xml", ".cif", ".mca", ".zip"].iter().any(|end| ends(end))
}

/// What the first bytes of a file tell.
pub fn told_by(start: &[u8]) -> Option<Foreign> {
    // UTF-16 has a zero byte beside each letter of these words.
    let text: String = String::from_utf8_lossy(start).chars().filter(|c| *c != '\0').collect();
    if text.contains("<TransXChange") || text.contains(":TransXChange") {
        Some(TRANSXCHANGE)
    } else if text.contains("PublicationDelivery") {
        Some(NETEX)
    } else if text.starts_with("ATCO-CIF") || text.starts_with("HD") && text.contains("TPS.UDF") {
        Some(CIF)
    } else if start.starts_with(b"PK\x03\x04") {
        Some(FEEDS)
    } else {
        None
    }
}
