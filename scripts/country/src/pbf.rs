//! A writer of OpenStreetMap pbf files that holds one block at a time. Ways and relations wait in
//! files of their own until all nodes are written. The messages are those of
//! <https://wiki.openstreetmap.org/wiki/PBF_Format> (fileformat.proto and osmformat.proto).

use crate::plane::Point;
use flate2::{Compression, write::ZlibEncoder};
use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

const BLOCK_ELEMENTS: usize = 8000;

/// Tags of an element.
pub type Tags<'a> = &'a [(&'a str, &'a str)];

/// A member of a relation: its kind in the format's numbers, id and role.
pub type Member<'a> = (u8, i64, &'a str);

/// A member of this kind is a way.
pub const WAY: u8 = 1;

/// How much was written.
#[derive(Clone, Copy, Default)]
pub struct Written {
    /// Nodes; the last one's id.
    pub nodes: i64,
    /// Ways; the last one's id.
    pub ways: i64,
    /// Relations; the last one's id.
    pub relations: i64,
}

/// An OpenStreetMap file under way. Ids are given in the order of writing, from 1.
pub struct OsmWriter {
    nodes: DenseBlock,
    ways: Spool,
    relations: Spool,
    written: Written,
    out: BufWriter<File>,
}

impl OsmWriter {
    /// Begins a file whose header says that it holds what lies between two corners.
    pub fn create(path: &Path, south_west: Point, north_east: Point) -> io::Result<OsmWriter> {
        let mut out = BufWriter::new(File::create(path)?);
        write_blob(&mut out, "OSMHeader", &header(south_west, north_east))?;
        Ok(OsmWriter {
            nodes: DenseBlock::default(),
            ways: Spool::create(&path.with_extension("ways.part"), 3)?,
            relations: Spool::create(&path.with_extension("relations.part"), 4)?,
            written: Written::default(),
            out,
        })
    }

    /// Writes a node and tells its id.
    pub fn node(&mut self, at: Point, tags: Tags) -> io::Result<i64> {
        if self.nodes.places.len() == BLOCK_ELEMENTS {
            self.nodes.flush(&mut self.out, self.written.nodes)?;
        }
        self.nodes.add(at.degrees_e7(), tags);
        self.written.nodes += 1;
        Ok(self.written.nodes)
    }

    /// Writes a way and tells its id.
    pub fn way(&mut self, refs: &[i64], tags: Tags) -> io::Result<i64> {
        self.written.ways += 1;
        let mut body = Vec::with_capacity(refs.len() * 2 + 16);
        put_number(&mut body, 1, self.written.ways as u64);
        self.ways.strings.put_tags(&mut body, tags);
        put_bytes(&mut body, 8, &deltas(refs.iter().copied()));
        self.ways.add(&body)?;
        Ok(self.written.ways)
    }

    /// Writes a relation and tells its id.
    pub fn relation(&mut self, members: &[Member], tags: Tags) -> io::Result<i64> {
        self.written.relations += 1;
        let mut body = Vec::new();
        put_number(&mut body, 1, self.written.relations as u64);
        self.relations.strings.put_tags(&mut body, tags);
        let (mut roles, mut kinds) = (Vec::new(), Vec::new());
        for &(kind, _, role) in members {
            put_varint(&mut roles, self.relations.strings.number(role));
            put_varint(&mut kinds, kind.into());
        }
        put_bytes(&mut body, 8, &roles);
        put_bytes(&mut body, 9, &deltas(members.iter().map(|member| member.1)));
        put_bytes(&mut body, 10, &kinds);
        self.relations.add(&body)?;
        Ok(self.written.relations)
    }

    /// The id that the next node will have.
    pub fn next_node(&self) -> i64 {
        self.written.nodes + 1
    }

    /// Puts nodes, ways and relations together.
    pub fn finish(mut self) -> io::Result<Written> {
        self.nodes.flush(&mut self.out, self.written.nodes)?;
        self.ways.append_to(&mut self.out)?;
        self.relations.append_to(&mut self.out)?;
        self.out.flush()?;
        Ok(self.written)
    }
}

#[derive(Default)]
struct DenseBlock {
    places: Vec<(i32, i32)>,
    tags: Vec<u8>,
    strings: Strings,
}

impl DenseBlock {
    fn add(&mut self, place: (i32, i32), tags: Tags) {
        self.places.push(place);
        for (key, value) in tags {
            put_varint(&mut self.tags, self.strings.number(key));
            put_varint(&mut self.tags, self.strings.number(value));
        }
        self.tags.push(0);
    }

    fn flush(&mut self, out: &mut impl Write, last: i64) -> io::Result<()> {
        if self.places.is_empty() {
            return Ok(());
        }
        let first = last + 1 - self.places.len() as i64;
        let mut dense = Vec::new();
        put_bytes(&mut dense, 1, &deltas(first..=last));
        put_bytes(&mut dense, 8, &deltas(self.places.iter().map(|place| place.1.into())));
        put_bytes(&mut dense, 9, &deltas(self.places.iter().map(|place| place.0.into())));
        put_bytes(&mut dense, 10, &self.tags);
        let mut group = Vec::new();
        put_bytes(&mut group, 2, &dense);
        write_block(out, &mut self.strings, &group)?;
        self.places.clear();
        self.tags.clear();
        Ok(())
    }
}

/// Blocks of ways or relations, in a file of their own.
struct Spool {
    path: PathBuf,
    out: BufWriter<File>,
    field: u64,
    group: Vec<u8>,
    elements: usize,
    strings: Strings,
}

impl Spool {
    fn create(path: &Path, field: u64) -> io::Result<Spool> {
        let out = BufWriter::new(File::create(path)?);
        let strings = Strings::default();
        Ok(Spool { path: path.to_path_buf(), out, field, group: Vec::new(), elements: 0, strings })
    }

    fn add(&mut self, body: &[u8]) -> io::Result<()> {
        put_bytes(&mut self.group, self.field, body);
        self.elements += 1;
        if self.elements == BLOCK_ELEMENTS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.elements > 0 {
            write_block(&mut self.out, &mut self.strings, &self.group)?;
        }
        self.group.clear();
        self.elements = 0;
        Ok(())
    }

    fn append_to(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.flush()?;
        self.out.flush()?;
        io::copy(&mut File::open(&self.path)?, out)?;
        std::fs::remove_file(&self.path)
    }
}

/// A block's table of strings; 0 is the empty one, as dense nodes need.
#[derive(Default)]
struct Strings {
    numbers: HashMap<String, u64>,
    listed: Vec<u8>,
}

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        put_bytes(&mut self.listed, 1, text.as_bytes());
        let number = self.numbers.len() as u64 + 1;
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn put_tags(&mut self, body: &mut Vec<u8>, tags: Tags) {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value) in tags {
            put_varint(&mut keys, self.number(key));
            put_varint(&mut values, self.number(value));
        }
        if !tags.is_empty() {
            put_bytes(body, 2, &keys);
            put_bytes(body, 3, &values);
        }
    }

    fn take(&mut self) -> Vec<u8> {
        self.numbers.clear();
        let mut table = vec![0x0A, 0];
        table.append(&mut self.listed);
        table
    }
}

fn header(south_west: Point, north_east: Point) -> Vec<u8> {
    let (left, bottom) = south_west.degrees_e7();
    let (right, top) = north_east.degrees_e7();
    let mut bbox = Vec::new();
    for (field, e7) in [(1, left), (2, right), (3, top), (4, bottom)] {
        put_number(&mut bbox, field, zigzag(i64::from(e7) * 100));
    }
    let mut body = Vec::new();
    put_bytes(&mut body, 1, &bbox);
    for (field, text) in [
        (4, "OsmSchema-V0.6"),
        (4, "DenseNodes"),
        (5, "Sort.Type_then_ID"),
        (16, "lastmile-country"),
    ] {
        put_bytes(&mut body, field, text.as_bytes());
    }
    body
}

fn write_block(out: &mut impl Write, strings: &mut Strings, group: &[u8]) -> io::Result<()> {
    let mut block = Vec::with_capacity(group.len() + 1024);
    put_bytes(&mut block, 1, &strings.take());
    put_bytes(&mut block, 2, group);
    write_blob(out, "OSMData", &block)
}

fn write_blob(out: &mut impl Write, kind: &str, payload: &[u8]) -> io::Result<()> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::new(4));
    packed.write_all(payload)?;
    let mut blob = Vec::new();
    put_number(&mut blob, 2, payload.len() as u64);
    put_bytes(&mut blob, 3, &packed.finish()?);
    let mut head = Vec::new();
    put_bytes(&mut head, 1, kind.as_bytes());
    put_number(&mut head, 3, blob.len() as u64);
    out.write_all(&(head.len() as u32).to_be_bytes())?;
    out.write_all(&head)?;
    out.write_all(&blob)
}

fn deltas(values: impl Iterator<Item = i64>) -> Vec<u8> {
    let (mut out, mut before) = (Vec::new(), 0);
    for value in values {
        put_varint(&mut out, zigzag(value - before));
        before = value;
    }
    out
}

fn put_number(out: &mut Vec<u8>, field: u64, value: u64) {
    put_varint(out, field << 3);
    put_varint(out, value);
}

fn put_bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7F {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}
