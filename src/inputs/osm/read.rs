//! The passes of all files put together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::block::FixedDegrees;
use super::homes::{HomeTags, Homes};
use super::merge::MergedExtracts;
use super::places::{self, PlaceArea, PlaceNode};
use super::scan::{ElementUse, FoundRelation, FoundWay, OddValues, Scan, TimedGate, WayNodes};
use super::tags::TagRule;
use super::timed_ways::{TimedWays, WayHours};
use super::walk_rules::{NodeBarrier, WalkAccess, WayKind};
use super::{BarrierLine, OsmData, OsmError, OsmFile, Square, WalkWay, WayNames, blob, rings};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::rings::bounds;
use crate::geometry::{LonLat, MapExtent, Projected, Projection};
use crate::ids::{HoursIdx, Idx, IdxVec};
use crate::units::Metres;

/// Still water that measures less is a pond.
const SMALL_WATER: Metres = Metres::new(150.0);

/// Reads extracts as one map: an element that stands in several of them counts once, in its latest
/// version. Places are those that any of the rules picks.
///
/// ```
/// use lastmile::prelude::*;
///
/// let library: TagRule = "amenity=library".parse()?;
/// let files = ["fixtures/town/town.osm.pbf".into()];
/// let map = read_osm(&files, &[library], &mut Findings::new())?;
/// assert!(map.places.iter().any(|place| place.name == "Wharf Library"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A file that cannot be read, is damaged, is no pbf, or a set of files without a single walkable
/// street.
pub fn read_osm(
    paths: &[PathBuf],
    place_rules: &[TagRule],
    findings: &mut Findings,
) -> Result<OsmData, OsmError> {
    let several = paths.len() > 1;
    let mut scans = paths
        .iter()
        .map(|path| Scan::of(path, place_rules, several))
        .collect::<Result<Vec<_>, _>>()?;
    let map = MergedExtracts::of(&mut scans, place_rules)?;
    let mut data = OsmData { files: files(paths, &scans, &map.counts)?, ..OsmData::default() };
    report_scans(&data.files, &scans, findings);
    let what = "an element stands in several extracts in different versions: the greater version counts, else the later time, \
                else the extract of the later date, else the first";
    findings.count(
        Severity::Warning,
        "osm_versions_differ",
        Outcome::Repaired,
        "streets",
        map.differ,
        what,
    );
    map.streets(&mut data, findings);
    if data.ways.is_empty() {
        let files = paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(OsmError::NoStreets { files });
    }
    map.barriers(&mut data);
    map.homes_and_places(&mut data, findings);
    Ok(data)
}

impl MergedExtracts {
    fn position(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok().filter(|n| self.at[*n].is_some())
    }

    fn lonlat(&self, position: usize) -> Option<LonLat> {
        self.at[position]?.lonlat()
    }

    /// Where those of some nodes are that the extracts have.
    fn corners(&self, refs: &[i64]) -> impl Iterator<Item = FixedDegrees> {
        refs.iter().filter_map(|id| self.at[self.position(*id)?])
    }

    pub(super) fn line(&self, refs: &[i64]) -> Vec<LonLat> {
        refs.iter().filter_map(|id| self.lonlat(self.position(*id)?)).collect()
    }

    fn refs_of(&self, way: i64) -> Option<&[i64]> {
        self.course_of(way).map(|course| course.refs.as_slice())
    }

    fn course_of(&self, way: i64) -> Option<&WayNodes> {
        let found = self.members.binary_search_by_key(&way, |(id, _)| *id).ok()?;
        Some(&self.members[found].1)
    }

    /// Walkable ways over nodes numbered in the order of their ids; ways are cut where nodes are
    /// missing.
    fn streets(&self, data: &mut OsmData, findings: &mut Findings) {
        let mut number = vec![u32::MAX; self.ids.len()];
        let ways = self.walkable();
        let drawn = self.outlines_of_squares();
        let squares = self.relations.iter().filter(|relation| relation.uses.area);
        let holes =
            squares.flat_map(|relation| &relation.holes).filter_map(|way| self.refs_of(*way));
        let walked = ways.iter().map(|way| way.refs).chain(holes);
        for id in walked.flatten() {
            if let Some(n) = self.position(*id) {
                number[n] = 0;
            }
        }
        for (n, number) in number.iter_mut().enumerate().filter(|(_, number)| **number == 0) {
            *number = u32::try_from(data.nodes.len()).unwrap_or(u32::MAX);
            data.nodes.extend(self.lonlat(n));
        }
        let (mut missing, mut cut, mut refs) = (0, 0, 0);
        let gates: Vec<_> =
            self.gates.iter().filter(|(n, _)| number[*n as usize] != u32::MAX).collect();
        let timed =
            hours(ways.iter().filter_map(|way| way.hours), gates.iter().map(|(_, gate)| gate));
        for way in &ways {
            let access = WalkAccess { hours: index_of(&timed, way.hours), ..way.access };
            let at = |id: &i64| self.position(*id).map(|n| number[n]);
            let gaps = way.refs.iter().filter(|id| at(id).is_none()).count() as u64;
            missing += gaps;
            refs += way.refs.len() as u64;
            cut += u64::from(gaps > 0);
            for part in way.refs.split(|id| at(id).is_none()) {
                let mut nodes: Vec<u32> = part.iter().filter_map(at).collect();
                nodes.dedup();
                if nodes.len() > 1 {
                    if way.area && gaps == 0 && drawn.binary_search(&way.id).is_err() {
                        let rings = vec![nodes[1..].to_vec()];
                        data.squares.push(Square { ways: vec![way.id], access, rings });
                    }
                    data.ways.push(WalkWay { id: way.id, nodes, access });
                }
            }
        }
        data.squares.extend(self.drawn_as_relations(&number, &timed));
        let what = format!(
            "{missing} nodes of {cut} walkable ways are not in the extract; those ways are cut there"
        );
        // An extract cut at a border lacks a few; one that lacks more than a hundredth is cut short
        // or badly joined.
        let severity = if missing * 100 > refs { Severity::Error } else { Severity::Warning };
        findings.count(severity, "osm_missing_nodes", Outcome::Repaired, "streets", missing, what);
        data.node_barriers = self
            .marks
            .iter()
            .filter(|(n, mark)| {
                mark.barrier != NodeBarrier::None && number[*n as usize] != u32::MAX
            })
            .map(|(n, mark)| (number[*n as usize], mark.barrier))
            .collect();
        for (n, TimedGate { hours, step_free }) in gates {
            let Some(hours) = index_of(&timed, Some(hours)) else { continue };
            data.node_barriers
                .push((number[*n as usize], NodeBarrier::Timed { hours, step_free: *step_free }));
        }
        // Behind what else is said of the same gate: the last word counts.
        data.node_barriers.sort_by_key(|(node, _)| *node);
        data.hours = timed;
        let named = ways.iter().filter_map(|way| Some((way.id, way.name?)));
        data.names = WayNames::new(named);
        data.extent = extent(data);
    }

    /// The ways that squares drawn as multipolygons have as their outlines, ascending: tagged as
    /// squares themselves, they are these very ones, without their holes.
    fn outlines_of_squares(&self) -> Vec<i64> {
        let squares = self.relations.iter().filter(|relation| relation.uses.area);
        let mut ways: Vec<i64> = squares.flat_map(|relation| &relation.outline).copied().collect();
        ways.sort_unstable();
        ways
    }

    /// The squares that are multipolygons with all of their nodes in the extract, over nodes
    /// numbered so.
    fn drawn_as_relations(
        &self,
        number: &[u32],
        timed: &IdxVec<HoursIdx, TimedWays>,
    ) -> Vec<Square> {
        let squares = self.relations.iter().filter(|relation| relation.uses.area);
        let square = |relation: &FoundRelation| {
            let mut ways = [&relation.outline[..], &relation.holes].concat();
            ways.sort_unstable();
            let lines = |ids: &[i64]| -> Option<Vec<Vec<u32>>> {
                let whole = |id: &i64| -> Option<Vec<u32>> {
                    self.refs_of(*id)?
                        .iter()
                        .map(|node| Some(number[self.position(*node)?]))
                        .collect()
                };
                ids.iter().map(whole).collect()
            };
            let (outline, holes) = (lines(&relation.outline)?, lines(&relation.holes)?);
            let (outline, holes) = (rings::join(outline), rings::join(holes));
            let closed = outline.open == 0 && holes.open == 0 && !outline.rings.is_empty();
            let access = relation.uses.walk.filter(|_| closed)?;
            let access =
                WalkAccess { hours: index_of(timed, relation.uses.hours.as_deref()), ..access };
            Some(Square { ways, access, rings: [outline.rings, holes.rings].concat() })
        };
        squares.filter_map(square).collect()
    }

    /// Walkable ways, and the untagged outlines of walkable multipolygons.
    fn walkable(&self) -> Vec<WalkedWay<'_>> {
        let barred = self.barred_ferries();
        let mut ways: Vec<_> = self
            .ways
            .iter()
            .filter(|way| barred.binary_search(&way.id).is_err())
            .filter_map(WalkedWay::of)
            .collect();
        for relation in &self.relations {
            let Some(access) = relation.uses.walk else { continue };
            let is_ferry = matches!(access.kind, WayKind::Ferry(_));
            for id in &relation.outline {
                // A way that says something of itself is a ferry, or none, by what it says.
                let Some(course) = self.course_of(*id).filter(|course| course.bare || !is_ferry)
                else {
                    continue;
                };
                let (name, hours) = (relation.uses.name.as_deref(), relation.uses.hours.as_deref());
                // The route's time is shared out among its ways.
                let kind = if is_ferry { WayKind::Ferry(None) } else { access.kind };
                let access = WalkAccess { kind, ..access };
                let refs = &course.refs[..];
                ways.push(WalkedWay { id: *id, refs, access, area: false, name, hours });
            }
        }
        ways.sort_by_key(|way| way.id);
        ways.dedup_by_key(|way| way.id);
        self.time_ferries(&mut ways);
        ways
    }

    fn barriers(&self, data: &mut OsmData) {
        let Some(middle) = data.nodes.get(data.nodes.len() / 2) else { return };
        let map = Projection::about(*middle);
        let mut add = |uses: &ElementUse, lines: &[&[i64]]| {
            let Some(kind) = uses.barrier else { return };
            let lines: Vec<Vec<LonLat>> = lines.iter().map(|refs| self.line(refs)).collect();
            if uses.still_water && is_small(&lines, &map) {
                return;
            }
            let lines = lines.into_iter().filter(|line| line.len() > 1);
            data.barriers.extend(lines.map(|line| BarrierLine { kind, line }));
        };
        for way in &self.ways {
            add(&way.uses, &[&way.course.refs]);
        }
        for relation in &self.relations {
            let outline: Vec<&[i64]> =
                relation.outline.iter().filter_map(|id| self.refs_of(*id)).collect();
            add(&relation.uses, &outline);
        }
    }

    fn homes_and_places(&self, data: &mut OsmData, findings: &mut Findings) {
        let Some(centre) = data.nodes.get(data.nodes.len() / 2) else { return };
        let map = Projection::about(*centre);
        let (mut areas, mut open, mut lost) = (Vec::new(), 0, 0);
        let project = |refs: &[i64]| -> Vec<Projected> {
            self.line(without_its_end(refs)).into_iter().map(|p| map.project(p)).collect()
        };
        // A relation and its own outer way that say the same are one home.
        let of_relations = self.relations.iter().filter_map(|r| Some((r.uses.home?, &r.outline)));
        let outlines: FxHashMap<i64, HomeTags> = of_relations
            .flat_map(|(home, ways)| ways.iter().map(move |way| (*way, home)))
            .collect();
        let home =
            |way: &FoundWay| way.uses.home.filter(|home| outlines.get(&way.id) != Some(home));
        data.homes = Homes::on(map);
        for (way, home) in self.ways.iter().filter_map(|way| Some((way, home(way)?))) {
            data.homes.add(home, self.corners(without_its_end(&way.course.refs)));
        }
        for way in &self.ways {
            if let Some(place) = &way.uses.place {
                let ring =
                    Ring { nodes: way.course.refs.clone(), points: project(&way.course.refs) };
                let rings = Some(ring).filter(|ring| !ring.points.is_empty()).into_iter().collect();
                let closed = way.course.refs.first() == way.course.refs.last();
                areas.push(self.area(format!("w{}", way.id), place, rings, &[], closed));
            }
        }
        for relation in
            self.relations.iter().filter(|r| r.uses.place.is_some() || r.uses.home.is_some())
        {
            let join = |ways: &[i64]| {
                let lines =
                    ways.iter().filter_map(|id| self.refs_of(*id)).map(|refs| self.numbers(refs));
                rings::join(lines.collect())
            };
            let joined = join(&relation.outline);
            let ring = |ring: &Vec<u32>| {
                Some(self.ring(ring, &map)).filter(|ring| !ring.points.is_empty())
            };
            let mut rings: Vec<Ring> = joined.rings.iter().filter_map(ring).collect();
            if let Some(home) = relation.uses.home {
                rings.iter().for_each(|ring| data.homes.add(home, self.corners(&ring.nodes)));
            }
            let Some(place) = &relation.uses.place else { continue };
            open += u64::from(joined.open > 0);
            lost += u64::from(rings.is_empty());
            let holes = join(&relation.holes);
            let outlines = rings.len();
            // A hole that does not close cannot be told from a line across the ground.
            let whole = holes.rings.iter().filter(|_| holes.open == 0);
            rings.extend(whole.filter_map(ring));
            let id = format!("r{}", relation.id);
            let area = self.area(id, place, rings, &relation.entrances, joined.open == 0);
            areas.push(PlaceArea { outlines, outline_ways: relation.outline.clone(), ..area });
        }
        let what = "the outline of a multipolygon does not close; its lines were used as they are";
        findings.count(
            Severity::Warning,
            "osm_broken_multipolygon",
            Outcome::Repaired,
            "places",
            open,
            what,
        );
        let what = "a place is a relation with no outline in the extract";
        findings.count(
            Severity::Warning,
            "osm_place_without_outline",
            Outcome::Dropped,
            "places",
            lost,
            what,
        );
        let nodes = self.places.iter().filter_map(|found| {
            let point = found.at.lonlat()?;
            Some(PlaceNode {
                id: found.id,
                at: map.project(point),
                point,
                place: found.place.clone(),
            })
        });
        data.places = places::resolve(nodes.collect(), areas, data, &map, findings);
    }

    fn numbers(&self, refs: &[i64]) -> Vec<u32> {
        refs.iter()
            .filter_map(|id| self.position(*id).and_then(|n| u32::try_from(n).ok()))
            .collect()
    }

    fn ring(&self, numbers: &[u32], map: &Projection) -> Ring {
        let nodes: Vec<i64> = numbers.iter().map(|n| self.ids[*n as usize]).collect();
        let points = self.line(&nodes).into_iter().map(|p| map.project(p)).collect();
        Ring { nodes, points }
    }

    fn area(
        &self,
        id: String,
        place: &places::PlaceTags,
        rings: Vec<Ring>,
        entrances: &[i64],
        closed: bool,
    ) -> PlaceArea {
        let mark = |id: &i64| {
            let n = u32::try_from(self.position(*id)?).ok()?;
            let found = self.marks.binary_search_by_key(&n, |(n, _)| *n).ok()?;
            Some(self.marks[found].1.entrance)
        };
        let tagged = rings
            .iter()
            .flat_map(|r| &r.nodes)
            .filter(|id| mark(id).is_some_and(|e| e.is_public()));
        let doors =
            tagged.chain(entrances).filter_map(|id| self.lonlat(self.position(*id)?)).collect();
        PlaceArea {
            id,
            place: place.clone(),
            outlines: rings.len(),
            outline_ways: Vec::new(),
            rings: rings.into_iter().map(|ring| ring.points).collect(),
            doors,
            closed,
        }
    }
}

/// A way that is walked, with what is said of it by its own tags or by its relation's.
pub(super) struct WalkedWay<'a> {
    pub id: i64,
    pub refs: &'a [i64],
    pub access: WalkAccess,
    /// Whether it is the outline of an open square.
    pub area: bool,
    pub name: Option<&'a str>,
    pub hours: Option<&'a WayHours>,
}

impl WalkedWay<'_> {
    fn of(way: &FoundWay) -> Option<WalkedWay<'_>> {
        let ElementUse { area, name, hours, .. } = &way.uses;
        Some(WalkedWay {
            id: way.id,
            refs: &way.course.refs,
            access: way.uses.walk?,
            area: *area,
            name: name.as_deref(),
            hours: hours.as_deref(),
        })
    }
}

/// The hours of ways and gates, each once.
fn hours<'a>(
    ways: impl Iterator<Item = &'a WayHours>,
    gates: impl Iterator<Item = &'a TimedGate>,
) -> IdxVec<HoursIdx, TimedWays> {
    let mut found: BTreeMap<&WayHours, (u64, u64)> = BTreeMap::new();
    ways.for_each(|hours| found.entry(hours).or_default().0 += 1);
    gates.for_each(|gate| found.entry(&gate.hours).or_default().1 += 1);
    found
        .into_iter()
        .map(|(hours, (ways, gates))| TimedWays { hours: hours.clone(), ways, gates })
        .collect()
}

fn index_of(all: &IdxVec<HoursIdx, TimedWays>, hours: Option<&WayHours>) -> Option<HoursIdx> {
    let hours = hours?;
    let found = all.as_slice().binary_search_by(|timed| timed.hours.cmp(hours)).ok()?;
    Some(HoursIdx::new(found))
}

/// The nodes of a way, that of a closed one which it ends at left out.
fn without_its_end(refs: &[i64]) -> &[i64] {
    &refs[..refs.len().saturating_sub(usize::from(refs.first() == refs.last()))]
}

/// Whether still water is so small that a way round it is no matter: its box is less than 150 m
/// from corner to corner.
fn is_small(lines: &[Vec<LonLat>], map: &Projection) -> bool {
    let points: Vec<Projected> = lines.iter().flatten().map(|point| map.project(*point)).collect();
    let (low, high) = bounds(&points);
    points.is_empty() || low.distance(high) < SMALL_WATER
}

/// A ring's nodes and where those are that the extract has.
struct Ring {
    nodes: Vec<i64>,
    points: Vec<Projected>,
}

fn files(paths: &[PathBuf], scans: &[Scan], nodes: &[u64]) -> Result<Vec<OsmFile>, OsmError> {
    let mut files = Vec::new();
    for ((path, scan), nodes) in paths.iter().zip(scans).zip(nodes) {
        files.push(OsmFile {
            path: path.clone(),
            sha256: blob::sha256(path)?,
            replication_timestamp: scan.header().replication_timestamp,
            bbox: scan.header().bbox,
            counts: [*nodes, scan.counts[1], scan.counts[2]],
        });
    }
    Ok(files)
}

fn report_scans(files: &[OsmFile], scans: &[Scan], findings: &mut Findings) {
    for (file, scan) in files.iter().zip(scans) {
        let name = file.path.display().to_string();
        let what = "a text is not UTF-8; what could not be read stands as �";
        findings.count(
            Severity::Warning,
            "osm_text_not_utf8",
            Outcome::Repaired,
            &name,
            scan.lossy,
            what,
        );
        let OddValues { count, first } = &scan.odd_access;
        let what = format!(
            "`access` or `foot` of a way has a value that says nothing, such as `{}`; it is passed over",
            first.as_deref().unwrap_or_default()
        );
        findings.count(
            Severity::Info,
            "osm_access_unknown",
            Outcome::Repaired,
            &name,
            *count,
            what,
        );
        let empty = u64::from(!scan.has_streets);
        let what = "no walkable street: is the extract cut short, or filtered to something else?";
        findings.count(Severity::Error, "osm_no_streets", Outcome::Kept, &name, empty, what);
    }
}

/// How far the walkable ways reach. Ferries lead beyond the map.
fn extent(data: &OsmData) -> MapExtent {
    let ways = data.ways.iter().filter(|way| !matches!(way.access.kind, WayKind::Ferry(_)));
    let lines: Vec<&[u32]> = ways.map(|way| way.nodes.as_slice()).collect();
    MapExtent::of(&data.nodes, &lines)
}
