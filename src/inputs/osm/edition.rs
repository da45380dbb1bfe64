//! Which of several versions of one element counts.
//!
//! Extracts of different dates that overlap hold the same element in two versions. The greater
//! version counts; where one of the two says no version, the later timestamp; where it says none
//! either (metadata can be stripped), the extract whose header has the later date; and at last the
//! extract that is given first.

use std::cmp::Ordering;
use std::num::{NonZeroI64, NonZeroU32};

use super::wire::{Corrupt, Deltas, Message, PackedIntegers, WireField};

/// The version of an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ElementVersion {
    /// Counted from 1.
    version: Option<NonZeroU32>,
    /// Milliseconds since 1970.
    timestamp: Option<NonZeroI64>,
}

/// The metadata of an element as they are written; 0 where they are not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ElementInfo {
    version: u64,
    timestamp: i64,
}

/// The metadata of a list of nodes.
#[derive(Clone, Copy, Default)]
pub(super) struct DenseInfo<'a> {
    versions: PackedIntegers<'a>,
    timestamps: Deltas<'a>,
}

/// An element of one of several extracts.
#[derive(Clone, Copy, Debug)]
pub(super) struct ElementSource<T> {
    pub id: i64,
    /// The extract, in the order given.
    pub file: usize,
    pub edition: ElementVersion,
    pub what: T,
}

/// The dates of extracts as their headers have them, in the order given.
pub(super) struct Dates(pub Vec<Option<i64>>);

impl ElementInfo {
    pub(super) fn parse(bytes: &[u8]) -> Result<ElementInfo, Corrupt> {
        let mut info = ElementInfo::default();
        let mut fields = Message::new(bytes);
        while let Some((number, field)) = fields.next()? {
            match (number, field) {
                (1, WireField::Number(version)) => info.version = version,
                (2, WireField::Number(timestamp)) => {
                    info.timestamp = i64::try_from(timestamp).unwrap_or(0)
                }
                (6, WireField::Number(0)) => return Err(DELETED),
                _ => {}
            }
        }
        Ok(info)
    }

    /// What it says, with timestamps in units of so many milliseconds.
    pub(super) fn edition(self, granularity: i64) -> ElementVersion {
        // −1, which is how some writers say that there is no version, is no version of any element
        // either.
        let version = u32::try_from(self.version).ok().and_then(NonZeroU32::new);
        let said = Some(self.timestamp).filter(|timestamp| *timestamp > 0);
        let timestamp = said.and_then(|said| NonZeroI64::new(said.saturating_mul(granularity)));
        ElementVersion { version, timestamp }
    }
}

impl<'a> DenseInfo<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<DenseInfo<'a>, Corrupt> {
        let mut infos = DenseInfo::default();
        let mut fields = Message::new(bytes);
        while let Some((number, field)) = fields.next()? {
            match (number, field) {
                (1, WireField::Bytes(versions)) => infos.versions = PackedIntegers::new(versions),
                (2, WireField::Bytes(timestamps)) => {
                    infos.timestamps = Deltas::new(PackedIntegers::new(timestamps))
                }
                (6, WireField::Bytes(visible)) if visible.contains(&0) => return Err(DELETED),
                _ => {}
            }
        }
        Ok(infos)
    }

    /// The metadata of the next node; a list that is too short says nothing.
    #[inline]
    pub(super) fn next(&mut self) -> Result<ElementInfo, Corrupt> {
        let version = self.versions.next()?.unwrap_or(0);
        Ok(ElementInfo { version, timestamp: self.timestamps.next()?.unwrap_or(0) })
    }
}

/// `visible`, field 6 of the metadata, is false for what was deleted: the mark of a history file.
const DELETED: Corrupt =
    Corrupt("it holds deleted elements: it is a history file, not a map of one day");

impl Dates {
    /// Of the same element in two extracts, `other`'s if it counts rather than `first`'s.
    pub(super) fn counts_rather<T, U>(
        &self,
        other: &ElementSource<T>,
        first: &ElementSource<U>,
    ) -> bool {
        let both = |a: Option<i64>, b: Option<i64>| Some(a?.cmp(&b?)).filter(|order| order.is_ne());
        let version = |held: ElementVersion| held.version.map(|version| i64::from(version.get()));
        let by_version = both(version(other.edition), version(first.edition));
        let time = |held: ElementVersion| held.timestamp.map(NonZeroI64::get);
        let by_time = || both(time(other.edition), time(first.edition));
        let by_header = || both(self.0[other.file], self.0[first.file]);
        let order = by_version.or_else(by_time).or_else(by_header);
        order.unwrap_or_else(|| first.file.cmp(&other.file)) == Ordering::Greater
    }

    /// Elements of all extracts, each id once, ascending: that which counts. Also how many stand in
    /// several extracts in different versions, as their editions or what they hold tell, and the
    /// first that one extract holds twice.
    pub(super) fn one_of_each<T>(
        &self,
        mut held: Vec<ElementSource<T>>,
        same: impl Fn(&T, &T) -> bool,
    ) -> CurrentVersions<T> {
        held.sort_by_key(|held| (held.id, held.file));
        let mut chosen =
            CurrentVersions { elements: Vec::with_capacity(held.len()), differ: 0, twice: None };
        let (mut last_file, mut differs) = (0, false);
        for next in held {
            match chosen
                .elements
                .last_mut()
                .filter(|known: &&mut ElementSource<T>| known.id == next.id)
            {
                None => {
                    (last_file, differs) = (next.file, false);
                    chosen.elements.push(next);
                }
                Some(known) => {
                    if last_file == next.file {
                        chosen.twice.get_or_insert((next.file, next.id));
                    }
                    last_file = next.file;
                    let differ = next.edition != known.edition || !same(&next.what, &known.what);
                    let first_difference = !differs && differ;
                    differs |= first_difference;
                    chosen.differ += u64::from(first_difference);
                    if self.counts_rather(&next, known) {
                        *known = next;
                    }
                }
            }
        }
        chosen
    }
}

/// What [`Dates::one_of_each`] found.
pub(super) struct CurrentVersions<T> {
    pub elements: Vec<ElementSource<T>>,
    pub differ: u64,
    /// The extract and the id.
    pub twice: Option<(usize, i64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(file: usize, version: u64, timestamp: i64) -> ElementSource<()> {
        ElementSource {
            id: 1,
            file,
            edition: ElementInfo { version, timestamp }.edition(1000),
            what: (),
        }
    }

    #[test]
    fn the_greater_version_counts_then_the_later_time_then_the_later_extract_then_the_first() {
        let dates = Dates(vec![Some(10), Some(20), None]);
        let rather = |other: (usize, u64, i64), first: (usize, u64, i64)| {
            dates.counts_rather(&held(other.0, other.1, other.2), &held(first.0, first.1, first.2))
        };
        assert!(rather((0, 3, 5), (1, 2, 9)), "version before time");
        assert!(!rather((1, 2, 9), (0, 3, 5)));
        assert!(rather((0, 3, 9), (1, 3, 5)), "of equal versions the later");
        assert!(rather((0, 0, 9), (1, 3, 5)), "one says no version");
        assert!(rather((1, 0, 0), (0, 3, 9)), "one says nothing: the later extract");
        assert!(!rather((0, 0, 0), (1, 0, 0)));
        assert!(!rather((2, 0, 0), (1, 0, 0)), "an extract without a date: the first");
        assert!(rather((1, 3, 5), (0, 3, 5)), "the same edition");
    }

    #[test]
    fn a_version_that_is_not_there_is_none() {
        let edition = |version: u64| ElementInfo { version, timestamp: 0 }.edition(1000).version;
        // Protobuf writes −1, the default of the format, as its two's complement.
        assert_eq!([edition(0), edition(u64::MAX), edition(1)], [None, None, NonZeroU32::new(1)]);
    }

    #[test]
    fn what_stands_twice_in_one_extract_is_found_beside_another() {
        let dates = Dates(vec![None, None]);
        assert!(
            dates.one_of_each(vec![held(0, 1, 1), held(1, 2, 2)], |(), ()| true).twice.is_none()
        );
        assert_eq!(
            dates
                .one_of_each(vec![held(1, 1, 1), held(0, 2, 2), held(1, 1, 1)], |(), ()| true)
                .twice,
            Some((1, 1))
        );
    }
}
