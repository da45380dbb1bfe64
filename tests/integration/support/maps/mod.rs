//! Small maps for tests: drawn in letters, written as real pbf bytes, read by the library.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::Write;
use std::path::PathBuf;

use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::inputs::osm::{OsmData, OsmError, TagRule, read_osm};
use tempfile::{Builder, NamedTempFile};

/// Tags as they are written in tests.
pub type Pairs<'a> = &'a [(&'a str, &'a str)];

/// Where the drawing's upper left corner lies, and metres to a degree there (WGS 84 at 51.5° N).
const WEST: f64 = -3.0;
const NORTH: f64 = 51.5;
const LAT_M: f64 = 111_257.0;
const LON_M: f64 = 69_437.0;

type OwnTags = Vec<(String, String)>;
/// Type (0 node, 1 way, 2 relation), id and role.
type Member = (u64, i64, String);

/// A map under construction: ids, what elements are made of, and their tags.
#[derive(Default)]
pub struct Map {
    nodes: Vec<(i64, f64, f64, OwnTags)>,
    ways: Vec<(i64, Vec<i64>, OwnTags)>,
    relations: Vec<(i64, Vec<Member>, OwnTags)>,
    features: Vec<String>,
    /// The version and the timestamp of every element; 0 for none.
    edition: (u64, u64),
    /// The date in the header, seconds since 1970.
    date: Option<u64>,
    places_on_ways: bool,
}

impl Map {
    /// A map whose nodes are the letters of a drawing; a character is ten metres wide and ten high.
    /// The id of a node is its letter's code.
    pub fn drawn(drawing: &str) -> Map {
        let mut map = Map::default();
        for (row, line) in (0_u32..).zip(drawing.lines()) {
            for (column, letter) in (0_u32..).zip(line.chars()).filter(|(_, c)| c.is_alphanumeric())
            {
                let at = spot(f64::from(column) * 10.0, f64::from(row) * 10.0);
                map.nodes.push((id(letter), at.lon(), at.lat(), Vec::new()));
            }
        }
        map.nodes.sort_by_key(|node| node.0);
        map
    }

    /// Streets that cross at right angles: so many each way, so many metres apart, from the upper
    /// left corner.
    pub fn grid(streets: u32, apart: f64) -> Map {
        let mut map = Map::default();
        let id = |column: u32, row: u32| i64::from(row * streets + column + 1);
        for (row, column) in
            (0..streets).flat_map(|row| (0..streets).map(move |column| (row, column)))
        {
            let at = spot(f64::from(column) * apart, f64::from(row) * apart);
            map.nodes.push((id(column, row), at.lon(), at.lat(), Vec::new()));
        }
        for n in 0..streets {
            let (across, down) = ((0..streets).map(|m| id(m, n)), (0..streets).map(|m| id(n, m)));
            map.ways.push((
                i64::from(2 * n + 1),
                across.collect(),
                owned(&[("highway", "residential")]),
            ));
            map.ways.push((
                i64::from(2 * n + 2),
                down.collect(),
                owned(&[("highway", "residential")]),
            ));
        }
        map
    }

    /// Tags on a node.
    pub fn node(mut self, letter: char, tags: Pairs<'_>) -> Map {
        let node = self
            .nodes
            .iter_mut()
            .find(|node| node.0 == id(letter))
            .expect("a letter of the drawing");
        node.3.extend(owned(tags));
        self
    }

    /// Takes a node away, though ways may still name it.
    pub fn without(mut self, letter: char) -> Map {
        self.nodes.retain(|node| node.0 != id(letter));
        self
    }

    /// A way over letters; its id is its number from 1.
    pub fn way(mut self, letters: &str, tags: Pairs<'_>) -> Map {
        let way = i64::try_from(self.ways.len() + 1).expect("few");
        self.ways.push((way, letters.chars().map(id).collect(), owned(tags)));
        self
    }

    /// A way with an id of its own.
    pub fn way_numbered(mut self, number: i64, letters: &str, tags: Pairs<'_>) -> Map {
        self.ways.push((number, letters.chars().map(id).collect(), owned(tags)));
        self
    }

    /// A relation of `(type, id, role)` members, the type being 0 for a node, 1 for a way, 2 for a
    /// relation.
    pub fn relation(mut self, members: &[(u64, i64, &str)], tags: Pairs<'_>) -> Map {
        let relation = i64::try_from(self.relations.len() + 1).expect("few");
        let members =
            members.iter().map(|(kind, id, role)| (*kind, *id, (*role).to_owned())).collect();
        self.relations.push((relation, members, owned(tags)));
        self
    }

    /// A feature that the file asks its readers to know.
    pub fn requires(mut self, feature: &str) -> Map {
        self.features.push(feature.to_owned());
        self
    }

    /// Gives every element a version and a timestamp (seconds since 1970); 0 is none.
    pub fn edition(mut self, version: u64, timestamp: u64) -> Map {
        self.edition = (version, timestamp);
        self
    }

    /// Gives the file a date, in seconds since 1970.
    pub fn dated(mut self, date: u64) -> Map {
        self.date = Some(date);
        self
    }

    /// Writes the places of nodes on the ways, and leaves nodes without tags out, as `osmium
    /// add-locations-to-ways` does.
    pub fn with_places_on_ways(mut self) -> Map {
        self.places_on_ways = true;
        self
    }

    /// The map as a pbf file.
    pub fn file(&self) -> NamedTempFile {
        file_of(&self.bytes())
    }

    /// The map in the pbf format, uncompressed.
    pub fn bytes(&self) -> Vec<u8> {
        let known = ["OsmSchema-V0.6", "DenseNodes"];
        let features = known.into_iter().chain(self.features.iter().map(String::as_str));
        let mut header: Vec<u8> =
            features.flat_map(|feature| field(4, feature.as_bytes())).collect();
        header.extend(self.date.iter().flat_map(|date| varint_field(32, *date)));
        if self.places_on_ways {
            header.extend(field(5, b"LocationsOnWays"));
        }
        [blob("OSMHeader", &header), blob("OSMData", &self.block())].concat()
    }

    /// The map as the library reads it.
    pub fn read(&self, rules: &[&str], findings: &mut Findings) -> Result<OsmData, OsmError> {
        let file = self.file();
        let rules: Vec<TagRule> = rules.iter().map(|rule| rule.parse().expect("a rule")).collect();
        read_osm(&[file.path().to_owned()], &rules, findings)
    }

    fn block(&self) -> Vec<u8> {
        let mut strings: Vec<String> = vec![String::new()];
        let mut number = |text: &str| -> u64 {
            let found = strings.iter().position(|s| s == text).unwrap_or_else(|| {
                strings.push(text.to_owned());
                strings.len() - 1
            });
            found as u64
        };
        let info = match self.edition {
            (0, 0) => Vec::new(),
            (version, timestamp) => {
                field(4, &[varint_field(1, version), varint_field(2, timestamp)].concat())
            }
        };
        let units = |degrees: f64| (degrees * 1e7).round() as i64;
        let mut groups = Vec::new();
        let kept = |tags: &OwnTags| !self.places_on_ways || !tags.is_empty();
        for (id, lon, lat, tags) in self.nodes.iter().filter(|node| kept(&node.3)) {
            let (keys, values) = tag_lists(tags, &mut number);
            let node = [
                varint_field(1, zigzag(*id)),
                field(2, &keys),
                field(3, &values),
                info.clone(),
                varint_field(8, zigzag(units(*lat))),
                varint_field(9, zigzag(units(*lon))),
            ];
            groups.push(field(1, &node.concat()));
        }
        let mut ways = Vec::new();
        for (id, refs, tags) in &self.ways {
            let (keys, values) = tag_lists(tags, &mut number);
            let mut way = vec![
                varint_field(1, *id as u64),
                field(2, &keys),
                field(3, &values),
                info.clone(),
                field(8, &deltas(refs)),
            ];
            if self.places_on_ways {
                // What is not known is written as the greatest number, which is off the globe.
                let unknown = i64::from(i32::MAX);
                let place = |id: &i64| {
                    let node = self.nodes.iter().find(|node| node.0 == *id);
                    node.map_or((unknown, unknown), |node| (units(node.2), units(node.1)))
                };
                let (lats, lons): (Vec<i64>, Vec<i64>) = refs.iter().map(place).unzip();
                way.extend([field(9, &deltas(&lats)), field(10, &deltas(&lons))]);
            }
            ways.push(field(3, &way.concat()));
        }
        let mut relations = Vec::new();
        for (id, members, tags) in &self.relations {
            let (keys, values) = tag_lists(tags, &mut number);
            let roles: Vec<u8> =
                members.iter().flat_map(|(_, _, role)| varint(number(role))).collect();
            let ids: Vec<i64> = members.iter().map(|(_, id, _)| *id).collect();
            let kinds: Vec<u8> = members.iter().flat_map(|(kind, ..)| varint(*kind)).collect();
            let relation = [
                varint_field(1, *id as u64),
                field(2, &keys),
                field(3, &values),
                info.clone(),
                field(8, &roles),
                field(9, &deltas(&ids)),
                field(10, &kinds),
            ];
            relations.push(field(4, &relation.concat()));
        }
        let table: Vec<u8> = strings.iter().flat_map(|text| field(1, text.as_bytes())).collect();
        let group = |parts: Vec<Vec<u8>>| field(2, &parts.concat());
        [field(1, &table), group(groups), group(ways), group(relations)].concat()
    }
}

/// A file of these bytes.
pub fn file_of(bytes: &[u8]) -> NamedTempFile {
    let mut file = Builder::new().suffix(".osm.pbf").tempfile().expect("a temporary file");
    file.write_all(bytes).expect("written");
    file
}

/// A point of the drawing, in metres from its upper left corner.
pub fn spot(east: f64, south: f64) -> LonLat {
    LonLat::new(WEST + east / LON_M, NORTH - south / LAT_M).expect("on the globe")
}

/// A file with one short street, to stand beside one that has none.
pub fn one_street() -> NamedTempFile {
    Map::drawn("A B").way_numbered(1_000_000, "AB", &[("highway", "residential")]).file()
}

/// The real data, if they are here.
#[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
pub fn real_data(part: &str) -> Option<PathBuf> {
    let data = std::env::var_os("LASTMILE_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = data.join(part);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there; set LASTMILE_DATA", path.display());
    None
}

fn id(letter: char) -> i64 {
    i64::from(u32::from(letter))
}

fn owned(tags: Pairs<'_>) -> OwnTags {
    tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn tag_lists(
    tags: &[(String, String)],
    number: &mut impl FnMut(&str) -> u64,
) -> (Vec<u8>, Vec<u8>) {
    let keys = tags.iter().flat_map(|(key, _)| varint(number(key))).collect();
    (keys, tags.iter().flat_map(|(_, value)| varint(number(value))).collect())
}

fn deltas(ids: &[i64]) -> Vec<u8> {
    let before = std::iter::once(&0).chain(ids);
    ids.iter().zip(before).flat_map(|(id, before)| varint(zigzag(id - before))).collect()
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let data = [field(1, content), varint_field(2, content.len() as u64)].concat();
    let header = [field(1, kind.as_bytes()), varint_field(3, data.len() as u64)].concat();
    let size = u32::try_from(header.len()).expect("short").to_be_bytes();
    [&size[..], &header, &data].concat()
}

fn field(number: u64, content: &[u8]) -> Vec<u8> {
    [varint(number << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

fn varint_field(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}
