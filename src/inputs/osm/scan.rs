//! The passes over one pbf file: ways and relations, members of relations, nodes.

use std::path::Path;

use rayon::prelude::*;

use super::blob::{BlobSpan, PbfFile, PbfHeader};
use super::block::{FixedDegrees, MemberKind, PbfBlock, RelationRecord, WayRecord};
use super::edition::ElementVersion;
use super::homes::HomeTags;
use super::places::{Entrance, PlaceTags};
use super::tags::{TagRule, Tags};
use super::timed_ways::WayHours;
use super::walk_rules::{NodeBarrier, UK, WalkAccess};
use super::wire::Corrupt;
use super::{BarrierKind, OsmError};

/// What an element is good for.
#[derive(Clone, Debug, Default)]
pub(super) struct ElementUse {
    pub walk: Option<WalkAccess>,
    /// When it is walked, if not always.
    pub hours: Option<Box<WayHours>>,
    /// The walk is over an open square.
    pub area: bool,
    pub place: Option<Box<PlaceTags>>,
    pub home: Option<HomeTags>,
    pub barrier: Option<BarrierKind>,
    /// That barrier is water which bars nobody unless it is large.
    pub still_water: bool,
    /// What is walked is called so.
    pub name: Option<Box<str>>,
    /// Whether `foot` or `access` is said of it at all.
    pub says_who: bool,
}

/// A way that is good for something.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundWay {
    pub id: i64,
    pub course: WayNodes,
    pub uses: ElementUse,
    pub edition: ElementVersion,
}

/// The nodes of a way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WayNodes {
    pub refs: Vec<i64>,
    /// Where each is, in a file that says so on its ways; else empty.
    pub places: Vec<Option<FixedDegrees>>,
    /// Whether the way has no tags of its own.
    pub bare: bool,
}

/// A relation whose outline, or whose course, is good for something.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundRelation {
    pub id: i64,
    /// Ways of the outline, in the order given; of the route of a ferry, its ways.
    pub outline: Vec<i64>,
    /// Ways of the inner rings, in the order given.
    pub holes: Vec<i64>,
    /// Of the route of a ferry: the ways of a crossing, or those out and those back where it tells
    /// them apart.
    pub crossings: Vec<Vec<i64>>,
    /// Whether it is the route of a ferry that takes nobody on foot.
    pub bars_walkers: bool,
    pub entrances: Vec<i64>,
    pub uses: ElementUse,
    pub edition: ElementVersion,
}

/// A node that is wanted: its position in the list of wanted ids, and where it is.
pub(super) type FoundNode = (u32, FixedDegrees, ElementVersion);

/// A node that is a place.
#[derive(Clone, Debug)]
pub(super) struct FoundPlace {
    pub id: i64,
    pub at: FixedDegrees,
    pub place: PlaceTags,
}

/// What a node of a way carries.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeMark {
    pub barrier: NodeBarrier,
    pub entrance: Entrance,
}

/// A gate that is not open at all times.
#[derive(Clone, Debug)]
pub(super) struct TimedGate {
    pub hours: WayHours,
    pub step_free: bool,
}

/// The ways and relations of one file, and where its nodes are.
pub(super) struct Scan {
    file: PbfFile,
    kinds: Vec<[bool; 3]>,
    pub ways: Vec<FoundWay>,
    pub relations: Vec<FoundRelation>,
    /// Whether any of the ways may be walked.
    pub has_streets: bool,
    /// The ways, and the relations, that are good for nothing: only beside other files, whose
    /// versions of them may be good for something.
    pub others: [Vec<(i64, ElementVersion)>; 2],
    pub lossy: u64,
    pub counts: [u64; 3],
    /// Ways whose `foot` or `access` says nothing that is known, and one of the values.
    pub odd_access: OddValues,
}

/// Values that mean nothing: how many, and the first of them by the alphabet.
#[derive(Clone, Debug, Default)]
pub(super) struct OddValues {
    pub count: u64,
    pub first: Option<String>,
}

/// The nodes of one file.
#[derive(Default)]
pub(super) struct FileNodes {
    /// Positions in the list of wanted ids, and where those nodes are; block by block, so that no
    /// list of all nodes of a file stands beside the blocks' own.
    pub found: Vec<Vec<FoundNode>>,
    pub marks: Vec<(u32, NodeMark)>,
    pub gates: Vec<(u32, TimedGate)>,
    pub places: Vec<FoundPlace>,
    pub count: u64,
}

/// What one blob gave in the first pass.
#[derive(Default)]
struct ScannedBlob {
    kinds: [bool; 3],
    ways: Vec<FoundWay>,
    relations: Vec<FoundRelation>,
    others: [Vec<(i64, ElementVersion)>; 2],
    lossy: u64,
    counts: [u64; 3],
    odd_access: OddValues,
}

impl OddValues {
    fn add(&mut self, count: u64, value: Option<&str>) {
        self.count += count;
        if let Some(value) = value
            && self.first.as_deref().is_none_or(|first| value < first)
        {
            self.first = Some(value.to_owned());
        }
    }
}

impl Scan {
    /// Reads the ways and relations that are good for something; `beside` other files, also the ids
    /// of the others.
    pub(super) fn of(path: &Path, rules: &[TagRule], beside: bool) -> Result<Scan, OsmError> {
        let file = PbfFile::open(path)?;
        let parts = each_block(&file, |_| true, |block| first_pass(block, rules, beside))?;
        let mut scan = Scan {
            file,
            kinds: Vec::new(),
            ways: vec![],
            relations: vec![],
            has_streets: false,
            others: [vec![], vec![]],
            lossy: 0,
            counts: [0; 3],
            odd_access: OddValues::default(),
        };
        for mut part in parts {
            (0..2).for_each(|kind| scan.others[kind].append(&mut part.others[kind]));
            scan.odd_access.add(part.odd_access.count, part.odd_access.first.as_deref());
            scan.kinds.push(part.kinds);
            scan.ways.append(&mut part.ways);
            scan.relations.append(&mut part.relations);
            scan.lossy += part.lossy;
            (0..3).for_each(|kind| scan.counts[kind] += part.counts[kind]);
        }
        scan.has_streets = scan.ways.iter().any(|way| way.uses.walk.is_some());
        Ok(scan)
    }

    pub(super) fn header(&self) -> &PbfHeader {
        &self.file.header
    }

    /// The nodes of ways whose ids stand, sorted, in `wanted`.
    pub(super) fn members(
        &self,
        wanted: &[i64],
    ) -> Result<Vec<(i64, WayNodes, ElementVersion)>, OsmError> {
        let parts = each_block(
            &self.file,
            |n| self.kinds[n][1],
            |block| {
                let mut found = Vec::new();
                block.ways(|way| {
                    if wanted.binary_search(&way.id).is_ok() {
                        found.push((way.id, WayNodes::of(&way), way.edition));
                    }
                })?;
                Ok(found)
            },
        )?;
        Ok(parts.concat())
    }

    /// The nodes whose ids stand, sorted, in `wanted`, and those that are places.
    pub(super) fn nodes(&self, wanted: &[i64], rules: &[TagRule]) -> Result<FileNodes, OsmError> {
        let parts =
            each_block(&self.file, |n| self.kinds[n][0], |block| node_pass(block, wanted, rules))?;
        let mut all = FileNodes::default();
        for mut part in parts {
            all.found.append(&mut part.found);
            all.marks.append(&mut part.marks);
            all.gates.append(&mut part.gates);
            all.places.append(&mut part.places);
            all.count += part.count;
        }
        Ok(all)
    }

    pub(super) fn twice(&self, kind: &str, id: i64) -> OsmError {
        OsmError::Twice { path: self.file.path.clone(), element: format!("{kind} {id}") }
    }
}

/// What `read` makes of each block that `wanted` picks by position, in file order. The first faulty
/// one is told.
fn each_block<T: Send>(
    file: &PbfFile,
    wanted: impl Fn(usize) -> bool + Sync,
    read: impl Fn(&PbfBlock<'_>) -> Result<T, Corrupt> + Sync,
) -> Result<Vec<T>, OsmError> {
    let chosen: Vec<BlobSpan> =
        file.blobs.iter().enumerate().filter(|(n, _)| wanted(*n)).map(|(_, span)| *span).collect();
    let parts: Vec<Result<T, OsmError>> = chosen
        .par_iter()
        .map(|span| {
            let bytes = file.unpack(*span)?;
            let block = PbfBlock::parse(&bytes).and_then(|block| read(&block));
            block.map_err(|fault| file.corrupt(*span, fault.0))
        })
        .collect();
    parts.into_iter().collect()
}

fn first_pass(
    block: &PbfBlock<'_>,
    rules: &[TagRule],
    beside: bool,
) -> Result<ScannedBlob, Corrupt> {
    let mut part =
        ScannedBlob { kinds: block.kinds()?, lossy: block.lossy, ..ScannedBlob::default() };
    let ScannedBlob {
        ways,
        relations,
        others: [other_ways, other_relations],
        counts,
        odd_access,
        ..
    } = &mut part;
    block.ways(|way| {
        counts[1] += 1;
        if let Some(value) = UK.unknown_value(way.tags) {
            odd_access.add(1, Some(value));
        }
        match found_way(&way, rules) {
            Some(found) => ways.push(found),
            None if beside => other_ways.push((way.id, way.edition)),
            None => {}
        }
    })?;
    block.relations(|relation| {
        counts[2] += 1;
        match found_relation(&relation, rules) {
            Some(found) => relations.push(found),
            None if beside => other_relations.push((relation.id, relation.edition)),
            None => {}
        }
    })?;
    Ok(part)
}

fn node_pass(
    block: &PbfBlock<'_>,
    wanted: &[i64],
    rules: &[TagRule],
) -> Result<FileNodes, Corrupt> {
    let mut nodes = FileNodes::default();
    let mut here: Vec<FoundNode> = Vec::new();
    // Sorted files take the next wanted id in turn; a jump is found by bisection.
    let mut next = 0;
    block.nodes(|node| {
        nodes.count += 1;
        if next > 0 && wanted[next - 1] >= node.id
            || wanted.get(next).is_some_and(|id| *id < node.id)
        {
            next = wanted.partition_point(|id| *id < node.id);
        }
        let position = (wanted.get(next) == Some(&node.id)).then_some(next);
        if let Some(at) = position.and_then(|at| u32::try_from(at).ok()) {
            here.push((at, node.at, node.edition));
            next += 1;
            if !node.tags.is_empty() {
                let mark =
                    NodeMark { barrier: UK.node(node.tags), entrance: Entrance::of(node.tags) };
                if mark.barrier != NodeBarrier::None || mark.entrance != Entrance::None {
                    nodes.marks.push((at, mark));
                }
                if let Some((hours, step_free)) = UK.timed_gate(node.tags) {
                    nodes.gates.push((at, TimedGate { hours, step_free }));
                }
            }
        }
        if !node.tags.is_empty()
            && let Some(place) = PlaceTags::of(node.tags, rules)
        {
            nodes.places.push(FoundPlace { id: node.id, at: node.at, place });
        }
    })?;
    here.shrink_to_fit();
    nodes.found.push(here);
    Ok(nodes)
}

fn found_way(way: &WayRecord<'_>, rules: &[TagRule]) -> Option<FoundWay> {
    let mut uses = ElementUse::of(way.tags, rules)?;
    let closed = way.refs.len() > 3 && way.refs.first() == way.refs.last();
    uses.area &= closed;
    if !closed {
        uses.home = None;
    }
    uses.is_any().then(|| FoundWay {
        id: way.id,
        course: WayNodes::of(way),
        uses,
        edition: way.edition,
    })
}

impl WayNodes {
    fn of(way: &WayRecord<'_>) -> WayNodes {
        WayNodes { refs: way.refs.to_vec(), places: way.places.to_vec(), bare: way.tags.is_empty() }
    }
}

fn found_relation(relation: &RelationRecord<'_>, rules: &[TagRule]) -> Option<FoundRelation> {
    let ferry = relation.tags.is("type", "route") && relation.tags.is("route", "ferry");
    if !ferry && !relation.tags.is_any("type", &["multipolygon", "boundary", "site"]) {
        return None;
    }
    let mut uses = ElementUse::of(relation.tags, rules)?;
    uses.area = uses.walk.is_some()
        && relation.tags.is("type", "multipolygon")
        && !relation.tags.is("area", "no");
    if ferry {
        uses = ElementUse { walk: uses.walk, hours: uses.hours, ..ElementUse::default() };
    }
    if uses.barrier.is_some_and(|kind| kind != BarrierKind::Water) {
        uses.barrier = None;
    }
    let outer = ["outer", "", "outline", "perimeter"];
    let members = |kind, fits: &dyn Fn(&str) -> bool| -> Vec<i64> {
        relation.members.iter().filter(|m| m.kind == kind && fits(m.role)).map(|m| m.id).collect()
    };
    // Of a ferry's route, all its ways but platforms, whatever their part in it.
    let sailed = |role: &str| !(role.starts_with("platform") || role.starts_with("stop"));
    let outline =
        members(MemberKind::Way, &|role| if ferry { sailed(role) } else { outer.contains(&role) });
    let one_way = |other: &'static str| {
        members(MemberKind::Way, &|role| ferry && sailed(role) && !role.starts_with(other))
    };
    let mut crossings = vec![one_way("backward"), one_way("forward")];
    crossings.dedup();
    let bars_walkers = ferry && uses.walk.is_none();
    (uses.is_any() || bars_walkers).then(|| FoundRelation {
        id: relation.id,
        outline,
        holes: members(MemberKind::Way, &|role| role == "inner"),
        crossings,
        bars_walkers,
        entrances: members(MemberKind::Node, &|role| ["entrance", "main_entrance"].contains(&role)),
        uses,
        edition: relation.edition,
    })
}

impl ElementUse {
    fn of(tags: &Tags<'_>, rules: &[TagRule]) -> Option<ElementUse> {
        if tags.is_empty() {
            return None;
        }
        let (walk, hours) = UK.timed_way(tags).unzip();
        Some(ElementUse {
            walk,
            hours: hours.flatten().map(Box::new),
            area: walk.is_some() && is_square(tags),
            place: PlaceTags::of(tags, rules).map(Box::new),
            home: HomeTags::of(tags),
            barrier: barrier(tags),
            still_water: is_still_water(tags),
            name: tags.get("name").filter(|_| walk.is_some()).map(Into::into),
            says_who: tags.get("foot").is_some() || tags.get("access").is_some(),
        })
    }

    fn is_any(&self) -> bool {
        self.walk.is_some() || self.place.is_some() || self.home.is_some() || self.barrier.is_some()
    }
}

/// Whether a closed way is a square that may be crossed anywhere.
fn is_square(tags: &Tags<'_>) -> bool {
    let platform = tags.is("railway", "platform") || tags.is("public_transport", "platform");
    let place = tags.is("place", "square") && tags.is_any("highway", &["pedestrian", "footway"]);
    !tags.is("area", "no") && (tags.is("area", "yes") || platform || place)
}

/// Water that does not flow, as far as its tags tell.
fn is_still_water(tags: &Tags<'_>) -> bool {
    tags.is("natural", "water")
        && !tags.is_any("water", &["river", "canal", "lock", "tidal", "oxbow", "harbour"])
        && !tags.is_any("waterway", &["river", "canal", "riverbank"])
}

/// What a line or outline bars, unless it runs below ground. Nobody walks far round a pond, a
/// siding or a spur; standing water that may be one is looked at for its size (see
/// `ElementUse::still_water`).
fn barrier(tags: &Tags<'_>) -> Option<BarrierKind> {
    const PONDS: [&str; 14] = [
        "pond",
        "basin",
        "fountain",
        "reflecting_pool",
        "wastewater",
        "stream_pool",
        "fishpond",
        "moat",
        "ditch",
        "drain",
        "stream",
        "puddle",
        "swimming_pool",
        "fish_pass",
    ];
    if tags.get("tunnel").is_some_and(|value| value != "no") || tags.is("location", "underground") {
        return None;
    }
    let is_pond = tags.is_any("water", &PONDS);
    if tags.is_any("waterway", &["river", "canal", "riverbank"])
        || tags.is("natural", "coastline")
        || tags.is("natural", "water") && !is_pond
    {
        Some(BarrierKind::Water)
    } else if tags.is_any("railway", &["rail", "light_rail", "narrow_gauge", "subway"])
        && !tags.is("disused", "yes")
        && !tags.is("abandoned", "yes")
        && !tags.is_any("service", &["spur", "yard", "siding", "crossover"])
    {
        Some(BarrierKind::Railway)
    } else if tags.is_any("highway", &["motorway", "motorway_link"]) {
        Some(BarrierKind::Motorway)
    } else {
        None
    }
}
