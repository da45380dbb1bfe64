//! The extracts of one reading put together: each element once, in the version that counts, and the
//! nodes that are needed.

use rayon::prelude::*;

use super::OsmError;
use super::block::FixedDegrees;
use super::edition::{Dates, ElementSource, ElementVersion};
use super::scan::{
    FileNodes, FoundPlace, FoundRelation, FoundWay, NodeMark, Scan, TimedGate, WayNodes,
};
use super::tags::TagRule;

/// Elements of all files, each once, with the nodes they need.
pub(super) struct MergedExtracts {
    pub ways: Vec<FoundWay>,
    pub relations: Vec<FoundRelation>,
    /// Ways that relations name, by id.
    pub members: Vec<(i64, WayNodes)>,
    /// Ids of the nodes wanted, ascending, and where they are.
    pub ids: Vec<i64>,
    pub at: Vec<Option<FixedDegrees>>,
    pub marks: Vec<(u32, NodeMark)>,
    pub gates: Vec<(u32, TimedGate)>,
    pub places: Vec<FoundPlace>,
    /// How many nodes each file holds.
    pub counts: Vec<u64>,
    /// How many elements stand in several files in different versions.
    pub differ: u64,
}

impl MergedExtracts {
    /// Takes the elements that count out of the scans, which keep the others.
    pub(super) fn of(scans: &mut [Scan], rules: &[TagRule]) -> Result<MergedExtracts, OsmError> {
        let dates = Dates(scans.iter().map(|scan| scan.header().replication_timestamp).collect());
        let mut differ = 0;
        let same = |a: &FoundWay, b: &FoundWay| a.course.refs == b.course.refs;
        let ways = chosen(scans, &dates, ("way", 0, same), &mut differ, |scan| {
            let found = scan.ways.iter().enumerate();
            found.map(|(n, way)| (way.id, way.edition, Some((n, way)))).collect()
        })?;
        let same =
            |a: &FoundRelation, b: &FoundRelation| (&a.outline, &a.holes) == (&b.outline, &b.holes);
        let relations = chosen(scans, &dates, ("relation", 1, same), &mut differ, |scan| {
            let found = scan.relations.iter().enumerate();
            found.map(|(n, way)| (way.id, way.edition, Some((n, way)))).collect()
        })?;
        let files = ways.iter().map(|(file, _)| *file).collect::<Vec<_>>();
        let ways: Vec<FoundWay> =
            ways.iter().map(|(file, n)| std::mem::take(&mut scans[*file].ways[*n])).collect();
        let relations: Vec<FoundRelation> = relations
            .iter()
            .map(|(file, n)| std::mem::take(&mut scans[*file].relations[*n]))
            .collect();
        for scan in &mut *scans {
            (scan.ways, scan.relations) = (Vec::new(), Vec::new());
        }
        let scans = &*scans;
        let members = members(scans, &dates, (&ways, &files), &relations)?;
        let mut ids = wanted(&ways, members.iter().map(|(_, held)| &held.what), &relations);
        if scans.len() > 1 {
            ids.extend(places_of(scans, rules)?);
            ids.par_sort_unstable();
            ids.dedup();
        }
        let mut nodes = IncomingNodes::new(&ids, dates);
        let courses = ways.iter().zip(&files).map(|(way, file)| (*file, &way.course));
        for (file, course) in courses.chain(members.iter().map(|(file, held)| (*file, &held.what)))
        {
            nodes.along(file, course);
        }
        for (file, scan) in scans.iter().enumerate() {
            nodes.take(file, scan.nodes(&ids, rules)?, scan)?;
        }
        differ += nodes.differ;
        let IncomingNodes { at, marks, gates, places, counts, .. } = nodes.only_what_counts(&ids);
        let members = members.into_iter().map(|(_, held)| (held.id, held.what)).collect();
        Ok(MergedExtracts {
            ways,
            relations,
            members,
            ids,
            at,
            marks,
            gates,
            places,
            counts,
            differ,
        })
    }
}

/// What a scan tells of an element: its id and version, and where it is in the scan's list, if it
/// is good for something.
type ScannedElement<'s, T> = (i64, ElementVersion, Option<(usize, &'s T)>);

/// Those elements that are good for something in the version that counts, by id: the file of each,
/// and its position in the list of that file's scan.
fn chosen<'s, T: 's>(
    scans: &'s [Scan],
    dates: &Dates,
    (kind, others, same): (&str, usize, impl Fn(&T, &T) -> bool),
    differ: &mut u64,
    list: impl Fn(&'s Scan) -> Vec<ScannedElement<'s, T>>,
) -> Result<Vec<(usize, usize)>, OsmError> {
    let each = scans.iter().enumerate().flat_map(|(file, scan)| {
        let others = scan.others[others].iter().map(|(id, edition)| (*id, *edition, None));
        list(scan).into_iter().chain(others).map(move |(id, edition, what)| ElementSource {
            id,
            file,
            edition,
            what,
        })
    });
    let chosen = dates.one_of_each(each.collect(), |a: &Option<(usize, &T)>, b| match (a, b) {
        (Some((_, a)), Some((_, b))) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    });
    if let Some((file, id)) = chosen.twice {
        return Err(scans[file].twice(kind, id));
    }
    *differ += chosen.differ;
    Ok(chosen.elements.into_iter().filter_map(|held| Some((held.file, held.what?.0))).collect())
}

/// The ways that relations name, by id, with the file of each.
fn members(
    scans: &[Scan],
    dates: &Dates,
    (ways, files): (&[FoundWay], &[usize]),
    relations: &[FoundRelation],
) -> Result<Vec<(usize, ElementSource<WayNodes>)>, OsmError> {
    let named =
        relations.iter().flat_map(|relation| relation.outline.iter().chain(&relation.holes));
    let mut wanted: Vec<i64> = named.copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let known = |id: &i64| ways.binary_search_by_key(id, |way| way.id).ok();
    let held = |n: usize| {
        let (way, file) = (&ways[n], files[n]);
        ElementSource { id: way.id, file, edition: way.edition, what: way.course.clone() }
    };
    let mut members: Vec<ElementSource<WayNodes>> =
        wanted.iter().filter_map(known).map(held).collect();
    wanted.retain(|id| known(id).is_none());
    if !wanted.is_empty() {
        for (file, scan) in scans.iter().enumerate() {
            let found = scan.members(&wanted)?.into_iter();
            members.extend(found.map(|(id, what, edition)| ElementSource {
                id,
                file,
                edition,
                what,
            }));
        }
    }
    Ok(dates
        .one_of_each(members, |_, _| true)
        .elements
        .into_iter()
        .map(|held| (held.file, held))
        .collect())
}

fn wanted<'a>(
    ways: &'a [FoundWay],
    members: impl Iterator<Item = &'a WayNodes>,
    relations: &'a [FoundRelation],
) -> Vec<i64> {
    let courses = ways.iter().map(|way| &way.course).chain(members);
    let mut ids: Vec<i64> = courses
        .flat_map(|course| &course.refs)
        .chain(relations.iter().flat_map(|relation| &relation.entrances))
        .copied()
        .collect();
    ids.par_sort_unstable();
    ids.dedup();
    ids
}

/// The ids of nodes that are a place in any of several files: in a later version they may be none.
fn places_of(scans: &[Scan], rules: &[TagRule]) -> Result<Vec<i64>, OsmError> {
    let mut ids = Vec::new();
    for scan in scans {
        ids.extend(scan.nodes(&[], rules)?.places.iter().map(|place| place.id));
    }
    Ok(ids)
}

/// Nodes as they come in, file by file.
struct IncomingNodes<'a> {
    ids: &'a [i64],
    dates: Dates,
    at: Vec<Option<FixedDegrees>>,
    /// Whose each place is, where there are several files.
    held: Vec<ElementSource<IsNode>>,
    marks: Vec<(u32, NodeMark)>,
    gates: Vec<(u32, TimedGate)>,
    places: Vec<FoundPlace>,
    /// The file of each mark, gate and place.
    files: [Vec<usize>; 3],
    counts: Vec<u64>,
    differ: u64,
}

/// Whether a place comes from the node itself, rather than from a way that says where its nodes
/// are; and whether the node is known to stand in several files in different versions.
#[derive(Clone, Copy, Default)]
struct IsNode {
    itself: bool,
    differs: bool,
}

impl<'a> IncomingNodes<'a> {
    fn new(ids: &'a [i64], dates: Dates) -> IncomingNodes<'a> {
        let nobody = ElementSource {
            id: 0,
            file: 0,
            edition: ElementVersion::default(),
            what: IsNode::default(),
        };
        let held = if dates.0.len() > 1 { vec![nobody; ids.len()] } else { Vec::new() };
        let (at, files) = (vec![None; ids.len()], <[Vec<usize>; 3]>::default());
        IncomingNodes {
            ids,
            dates,
            at,
            held,
            marks: vec![],
            gates: vec![],
            places: vec![],
            files,
            counts: vec![],
            differ: 0,
        }
    }

    /// Takes the places of nodes from a way that says them.
    fn along(&mut self, file: usize, course: &WayNodes) {
        for (id, at) in course.refs.iter().zip(&course.places) {
            if let (Ok(node), Some(at)) = (self.ids.binary_search(id), at) {
                self.put(
                    node,
                    *at,
                    ElementSource {
                        id: *id,
                        file,
                        edition: ElementVersion::default(),
                        what: IsNode::default(),
                    },
                );
            }
        }
    }

    /// Takes the nodes of a file.
    fn take(&mut self, file: usize, nodes: FileNodes, scan: &Scan) -> Result<(), OsmError> {
        let mut here = vec![false; self.ids.len()];
        for (node, at, edition) in nodes.found.into_iter().flatten() {
            let (node, id) = (node as usize, self.ids[node as usize]);
            if std::mem::replace(&mut here[node], true) {
                return Err(scan.twice("node", id));
            }
            self.put(
                node,
                at,
                ElementSource { id, file, edition, what: IsNode { itself: true, differs: false } },
            );
        }
        self.files[0].extend(nodes.marks.iter().map(|_| file));
        self.files[1].extend(nodes.gates.iter().map(|_| file));
        self.files[2].extend(nodes.places.iter().map(|_| file));
        self.marks.extend(nodes.marks);
        self.gates.extend(nodes.gates);
        self.places.extend(nodes.places);
        self.counts.push(nodes.count);
        Ok(())
    }

    fn put(&mut self, node: usize, at: FixedDegrees, mut held: ElementSource<IsNode>) {
        let Some(known) = self.held.get_mut(node) else {
            self.at[node].get_or_insert(at);
            return;
        };
        if self.at[node].is_some() {
            let differs = known.edition != held.edition || self.at[node] != Some(at);
            if known.what.itself && held.what.itself && differs && !known.what.differs {
                known.what.differs = true;
                self.differ += 1;
            }
            held.what.differs = known.what.differs;
            // A way says where its nodes are, not in which version; the same file's node does.
            let same_file = known.file == held.file && held.what.itself;
            if !same_file && !self.dates.counts_rather(&held, known) {
                return;
            }
        }
        *known = held;
        self.at[node] = Some(at);
    }

    /// Leaves marks and places of the versions that count.
    fn only_what_counts(mut self, ids: &[i64]) -> IncomingNodes<'a> {
        let held = std::mem::take(&mut self.held);
        let counts = |node: usize, file: usize| held.get(node).is_none_or(|held| held.file == file);
        let [of_marks, of_gates, of_places] = &self.files;
        let mut files = of_marks.iter();
        self.marks
            .retain(|(node, _)| files.next().is_some_and(|file| counts(*node as usize, *file)));
        let mut files = of_gates.iter();
        self.gates
            .retain(|(node, _)| files.next().is_some_and(|file| counts(*node as usize, *file)));
        let mut files = of_places.iter();
        let node = |id: i64| ids.binary_search(&id).unwrap_or(usize::MAX);
        self.places.retain(|place| files.next().is_some_and(|file| counts(node(place.id), *file)));
        self.marks.sort_by_key(|(node, _)| *node);
        self.marks.dedup_by_key(|(node, _)| *node);
        self.gates.sort_by_key(|(node, _)| *node);
        self.gates.dedup_by_key(|(node, _)| *node);
        self.places.sort_by_key(|place| place.id);
        self.places.dedup_by_key(|place| place.id);
        self
    }
}
