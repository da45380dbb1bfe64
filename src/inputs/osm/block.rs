//! A primitive block of a pbf file: nodes, ways and relations with their tags, every index and sum
//! checked.
//!
//! Field numbers are those of osmformat.proto (wiki.openstreetmap.org/wiki/PBF_Format). osmpbf's
//! own element layer is not used: it ends a list of tags at the first bad string, shortens lists of
//! unequal length without a word, and hides the granularity.

use std::borrow::Cow;

use super::edition::{DenseInfo, ElementInfo, ElementVersion};
use super::tags::Tags;
use super::wire::{Corrupt, Deltas, Message, PackedIntegers};
use crate::geometry::LonLat;

/// More strings than any writer puts into a block of 8,000 elements: a bomb.
const MOST_STRINGS: usize = 1 << 20;
/// Ids beyond this are damage: OpenStreetMap is far from it, and sums of such ids overflow.
const MOST_ID: u64 = 1 << 53;
/// A ten-millionth of a degree in nanodegrees, the unit of coordinates here.
const NANO_PER_UNIT: i64 = 100;

/// A point in ten-millionths of a degree, known to be in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FixedDegrees {
    pub lon: i32,
    pub lat: i32,
}

impl FixedDegrees {
    /// The same point in degrees.
    pub(super) fn lonlat(self) -> Option<LonLat> {
        LonLat::new(f64::from(self.lon) / 1e7, f64::from(self.lat) / 1e7)
    }
}

pub(super) struct NodeRecord<'a> {
    pub id: i64,
    pub at: FixedDegrees,
    pub tags: &'a Tags<'a>,
    pub edition: ElementVersion,
}

pub(super) struct WayRecord<'a> {
    pub id: i64,
    pub refs: &'a [i64],
    /// Where its nodes are, in a file that says so on its ways; else empty. `None` where the writer
    /// did not know.
    pub places: &'a [Option<FixedDegrees>],
    pub tags: &'a Tags<'a>,
    pub edition: ElementVersion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberKind {
    Node,
    Way,
    Relation,
}

pub(super) struct Member<'a> {
    pub kind: MemberKind,
    pub id: i64,
    pub role: &'a str,
}

pub(super) struct RelationRecord<'a> {
    pub id: i64,
    pub members: &'a [Member<'a>],
    pub tags: &'a Tags<'a>,
    pub edition: ElementVersion,
}

/// A decoded block: its strings, and its groups still as bytes.
pub(super) struct PbfBlock<'a> {
    strings: Vec<Cow<'a, str>>,
    /// How many strings were not UTF-8 and had characters replaced.
    pub lossy: u64,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
    /// Milliseconds to a unit of timestamps.
    date_granularity: i64,
}

impl<'a> PbfBlock<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<PbfBlock<'a>, Corrupt> {
        let mut block = PbfBlock {
            strings: Vec::new(),
            lossy: 0,
            groups: Vec::new(),
            granularity: 100,
            lat_offset: 0,
            lon_offset: 0,
            date_granularity: 1000,
        };
        let mut fields = Message::new(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => block.read_strings(field.bytes()?)?,
                2 => block.groups.push(field.bytes()?),
                17 => block.granularity = int64(field.number()?),
                18 => block.date_granularity = int64(field.number()?),
                19 => block.lat_offset = int64(field.number()?),
                20 => block.lon_offset = int64(field.number()?),
                _ => {}
            }
        }
        if !(1..=1_000_000_000).contains(&block.granularity) {
            return Err(Corrupt(
                "the granularity of coordinates is not a positive number of nanodegrees",
            ));
        }
        Ok(block)
    }

    fn read_strings(&mut self, bytes: &'a [u8]) -> Result<(), Corrupt> {
        let mut fields = Message::new(bytes);
        while let Some((number, field)) = fields.next()? {
            if number != 1 {
                continue;
            }
            if self.strings.len() == MOST_STRINGS {
                return Err(Corrupt("the string table has more than a million strings"));
            }
            let text = String::from_utf8_lossy(field.bytes()?);
            self.lossy += u64::from(matches!(text, Cow::Owned(_)));
            self.strings.push(text);
        }
        Ok(())
    }

    /// Calls `each` for every node.
    pub(super) fn nodes(&self, mut each: impl FnMut(NodeRecord<'_>)) -> Result<(), Corrupt> {
        let mut tags = Tags::default();
        self.members_of(1, |bytes| self.node(bytes, &mut tags, &mut each))?;
        self.members_of(2, |bytes| self.dense(bytes, &mut tags, &mut each))
    }

    /// Calls `each` for every way.
    pub(super) fn ways(&self, mut each: impl FnMut(WayRecord<'_>)) -> Result<(), Corrupt> {
        let (mut tags, mut refs, mut places) = (Tags::default(), Vec::new(), Vec::new());
        self.members_of(3, |bytes| {
            let element = Element::parse(bytes)?;
            self.read_tags(element.keys, element.vals, &mut tags)?;
            refs.clear();
            let mut sums = Deltas::new(element.lists[0]);
            while let Some(node) = sums.next()? {
                refs.push(node);
            }
            self.read_places(&element, refs.len(), &mut places)?;
            let edition = element.info.edition(self.date_granularity);
            each(WayRecord { id: element.id, refs: &refs, places: &places, tags: &tags, edition });
            Ok(())
        })
    }

    /// The places of a way's nodes, as `LocationsOnWays` has them: fields 9 and 10, beside the
    /// refs.
    fn read_places(
        &self,
        way: &Element<'_>,
        refs: usize,
        places: &mut Vec<Option<FixedDegrees>>,
    ) -> Result<(), Corrupt> {
        places.clear();
        let [mut lats, mut lons] = [way.lists[1], way.lists[2]].map(Deltas::new);
        loop {
            match (lats.next()?, lons.next()?) {
                // What a writer does not know it puts off the globe.
                (Some(lat), Some(lon)) => places.push(self.point(lat, lon).ok()),
                (None, None) => break,
                _ => return Err(Corrupt("a way has more latitudes than longitudes, or fewer")),
            }
        }
        if places.is_empty() || places.len() == refs {
            return Ok(());
        }
        Err(Corrupt("a way has more places than nodes, or fewer"))
    }

    /// Calls `each` for every relation.
    pub(super) fn relations(
        &self,
        mut each: impl FnMut(RelationRecord<'_>),
    ) -> Result<(), Corrupt> {
        let mut tags = Tags::default();
        self.members_of(4, |bytes| {
            let element = Element::parse(bytes)?;
            self.read_tags(element.keys, element.vals, &mut tags)?;
            let members = self.read_members(element.lists)?;
            let edition = element.info.edition(self.date_granularity);
            each(RelationRecord { id: element.id, members: &members, tags: &tags, edition });
            Ok(())
        })
    }

    /// Which kinds of element there are: nodes, ways, relations.
    pub(super) fn kinds(&self) -> Result<[bool; 3], Corrupt> {
        let mut kinds = [false; 3];
        for group in &self.groups {
            if let Some((number @ 1..=4, _)) = Message::new(group).next()? {
                kinds[[0, 0, 0, 1, 2][number as usize]] = true;
            }
        }
        Ok(kinds)
    }

    fn members_of(
        &self,
        wanted: u64,
        mut each: impl FnMut(&'a [u8]) -> Result<(), Corrupt>,
    ) -> Result<(), Corrupt> {
        for group in &self.groups {
            let mut fields = Message::new(group);
            while let Some((number, field)) = fields.next()? {
                if number == wanted {
                    each(field.bytes()?)?;
                }
            }
        }
        Ok(())
    }

    fn node<'s>(
        &'s self,
        bytes: &'a [u8],
        tags: &mut Tags<'s>,
        each: &mut impl FnMut(NodeRecord<'_>),
    ) -> Result<(), Corrupt> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let (mut keys, mut vals) = (PackedIntegers::default(), PackedIntegers::default());
        let mut info = ElementInfo::default();
        let mut fields = Message::new(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => id = field.signed()?,
                2 => keys = PackedIntegers::new(field.bytes()?),
                3 => vals = PackedIntegers::new(field.bytes()?),
                4 => info = ElementInfo::parse(field.bytes()?)?,
                8 => lat = field.signed()?,
                9 => lon = field.signed()?,
                _ => {}
            }
        }
        check_id(id)?;
        self.read_tags(keys, vals, tags)?;
        let edition = info.edition(self.date_granularity);
        each(NodeRecord { id, at: self.point(lat, lon)?, tags, edition });
        Ok(())
    }

    fn dense<'s>(
        &'s self,
        bytes: &'a [u8],
        tags: &mut Tags<'s>,
        each: &mut impl FnMut(NodeRecord<'_>),
    ) -> Result<(), Corrupt> {
        let mut lists = [PackedIntegers::default(); 4];
        let mut infos = DenseInfo::default();
        let mut fields = Message::new(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => lists[0] = PackedIntegers::new(field.bytes()?),
                5 => infos = DenseInfo::parse(field.bytes()?)?,
                8 => lists[1] = PackedIntegers::new(field.bytes()?),
                9 => lists[2] = PackedIntegers::new(field.bytes()?),
                10 => lists[3] = PackedIntegers::new(field.bytes()?),
                _ => {}
            }
        }
        let [mut ids, mut lats, mut lons] = [lists[0], lists[1], lists[2]].map(Deltas::new);
        let mut keys_vals = lists[3];
        let tagged = !keys_vals.is_empty();
        tags.clear();
        loop {
            let (id, lat, lon) = match (ids.next()?, lats.next()?, lons.next()?) {
                (Some(id), Some(lat), Some(lon)) => (id, lat, lon),
                (None, None, None) => break,
                _ => {
                    return Err(Corrupt(
                        "a dense node list has more ids than coordinates, or fewer",
                    ));
                }
            };
            check_id(id)?;
            if tagged {
                self.read_dense_tags(&mut keys_vals, tags)?;
            }
            let edition = infos.next()?.edition(self.date_granularity);
            each(NodeRecord { id, at: self.point(lat, lon)?, tags, edition });
        }
        if keys_vals.is_empty() {
            Ok(())
        } else {
            Err(Corrupt("a dense node list has tags of no node"))
        }
    }

    fn read_dense_tags<'s>(
        &'s self,
        keys_vals: &mut PackedIntegers<'_>,
        tags: &mut Tags<'s>,
    ) -> Result<(), Corrupt> {
        const UNENDED: Corrupt = Corrupt("the tags of a dense node have no end");
        tags.clear();
        loop {
            let key = keys_vals.next()?.ok_or(UNENDED)?;
            if key == 0 {
                return Ok(());
            }
            let value = keys_vals.next()?.ok_or(UNENDED)?;
            tags.push(self.string(key)?, self.string(value)?);
        }
    }

    fn read_tags<'s>(
        &'s self,
        mut keys: PackedIntegers<'_>,
        mut vals: PackedIntegers<'_>,
        tags: &mut Tags<'s>,
    ) -> Result<(), Corrupt> {
        tags.clear();
        loop {
            match (keys.next()?, vals.next()?) {
                (Some(key), Some(value)) => tags.push(self.string(key)?, self.string(value)?),
                (None, None) => return Ok(()),
                _ => return Err(Corrupt("an element has more keys than values, or fewer")),
            }
        }
    }

    fn read_members(&self, lists: [PackedIntegers<'_>; 3]) -> Result<Vec<Member<'_>>, Corrupt> {
        let [mut roles, ids, mut kinds] = lists;
        let mut ids_at = Deltas::new(ids);
        let mut members = Vec::with_capacity(ids.count());
        loop {
            let (role, id, kind) = match (roles.next()?, ids_at.next()?, kinds.next()?) {
                (Some(role), Some(id), Some(kind)) => (role, id, kind),
                (None, None, None) => return Ok(members),
                _ => {
                    return Err(Corrupt(
                        "a relation has more members than roles or types, or fewer",
                    ));
                }
            };
            let kind = match kind {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                2 => MemberKind::Relation,
                _ => return Err(Corrupt("a relation has a member of an unknown type")),
            };
            members.push(Member { kind, id, role: self.string(role)? });
        }
    }

    fn string(&self, index: u64) -> Result<&str, Corrupt> {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.strings.get(index))
            .map(Cow::as_ref)
            .ok_or(Corrupt("a tag points outside the string table"))
    }

    #[inline]
    fn point(&self, lat: i64, lon: i64) -> Result<FixedDegrees, Corrupt> {
        let fixed = |offset: i64, steps: i64, most: i64| {
            let nano = steps.checked_mul(self.granularity)?.checked_add(offset)?;
            let units = nano / NANO_PER_UNIT;
            (units.abs() <= most).then(|| i32::try_from(units).ok()).flatten()
        };
        match (fixed(self.lon_offset, lon, 1_800_000_000), fixed(self.lat_offset, lat, 900_000_000))
        {
            (Some(lon), Some(lat)) => Ok(FixedDegrees { lon, lat }),
            _ => Err(Corrupt("a node lies off the globe")),
        }
    }
}

/// The fields that ways and relations share; `lists` are refs, latitudes and longitudes of a way,
/// or roles, ids and types of members.
struct Element<'a> {
    id: i64,
    keys: PackedIntegers<'a>,
    vals: PackedIntegers<'a>,
    info: ElementInfo,
    lists: [PackedIntegers<'a>; 3],
}

impl<'a> Element<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Element<'a>, Corrupt> {
        let none = PackedIntegers::default();
        let mut element = Element {
            id: 0,
            keys: none,
            vals: none,
            info: ElementInfo::default(),
            lists: [none; 3],
        };
        let mut fields = Message::new(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => element.id = int64(field.number()?),
                2 => element.keys = PackedIntegers::new(field.bytes()?),
                3 => element.vals = PackedIntegers::new(field.bytes()?),
                4 => element.info = ElementInfo::parse(field.bytes()?)?,
                8 => element.lists[0] = PackedIntegers::new(field.bytes()?),
                9 => element.lists[1] = PackedIntegers::new(field.bytes()?),
                10 => element.lists[2] = PackedIntegers::new(field.bytes()?),
                _ => {}
            }
        }
        check_id(element.id)?;
        Ok(element)
    }
}

fn check_id(id: i64) -> Result<(), Corrupt> {
    if id.unsigned_abs() <= MOST_ID {
        Ok(())
    } else {
        Err(Corrupt("the id of an element is out of range"))
    }
}

#[expect(
    clippy::cast_possible_wrap,
    reason = "protobuf writes negative int64 as their two's complement"
)]
fn int64(number: u64) -> i64 {
    number as i64
}
