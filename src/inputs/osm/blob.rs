//! The blobs of a pbf file: where they lie, and what is in them, unpacked. The one file that knows
//! osmpbf.
//!
//! osmpbf 0.3.8 finds the blobs and reads the header. It takes an empty file, a file cut between
//! two blobs, a header in the wrong place and required features it does not know without a word,
//! and may panic: each of these is checked here.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;
use osmpbf::{BlobReader, BlobType, ByteOffset, HeaderBlock};
use sha2::{Digest, Sha256};

use super::OsmError;
use super::wire::{Message, WireField};
use crate::geometry::LonLat;

/// The format's own limit on an unpacked blob.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// Features a reader must know (wiki.openstreetmap.org/wiki/PBF_Format) that this one does.
const KNOWN_FEATURES: [&str; 3] = ["OsmSchema-V0.6", "DenseNodes", "LocationsOnWays"];

/// A pbf file whose header has been read and whose blobs have been found.
pub(super) struct PbfFile {
    pub path: PathBuf,
    pub header: PbfHeader,
    /// Blobs of data, in file order.
    pub blobs: Vec<BlobSpan>,
}

/// What the header says.
pub(super) struct PbfHeader {
    /// South-west and north-east corners.
    pub bbox: Option<[LonLat; 2]>,
    /// Seconds since 1970.
    pub replication_timestamp: Option<i64>,
}

/// Where the bytes of a blob lie.
#[derive(Clone, Copy)]
pub(super) struct BlobSpan {
    start: u64,
    bytes: u64,
}

impl PbfFile {
    pub(super) fn open(path: &Path) -> Result<PbfFile, OsmError> {
        let io = |source| OsmError::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        refuse_other_formats(path, &mut file).map_err(io)??;
        let spans = catch_unwind(AssertUnwindSafe(|| frame(path, length)))
            .unwrap_or_else(|_| Err(corrupt(path, 0, "the blobs cannot be told apart".into())))?;
        let mut spans = spans.into_iter();
        let header = match spans.next() {
            Some((span, true)) => {
                unpack_span(path, span)?;
                catch_unwind(|| read_header(path))
                    .unwrap_or_else(|_| Err(corrupt(path, 0, "the header cannot be read".into())))?
            }
            _ => return Err(corrupt(path, 0, "it does not begin with an OSMHeader blob".into())),
        };
        Ok(PbfFile {
            path: path.to_owned(),
            header,
            blobs: spans.filter(|s| !s.1).map(|s| s.0).collect(),
        })
    }

    /// The unpacked content of a blob.
    pub(super) fn unpack(&self, span: BlobSpan) -> Result<Vec<u8>, OsmError> {
        unpack_span(&self.path, span)
    }

    /// The error for a fault within a blob.
    pub(super) fn corrupt(&self, span: BlobSpan, what: &str) -> OsmError {
        corrupt(&self.path, span.start, what.into())
    }
}

/// The SHA-256 of a file, in hexadecimal.
pub(super) fn sha256(path: &Path) -> Result<String, OsmError> {
    let io = |source| OsmError::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(io)?;
        if read == 0 {
            return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hash.update(&buffer[..read]);
    }
}

fn corrupt(path: &Path, offset: u64, what: String) -> OsmError {
    OsmError::Corrupt { path: path.to_owned(), offset, what }
}

/// What people hand in by mistake: an empty download, an error page, OSM's XML, a zip.
fn refuse_other_formats(path: &Path, file: &mut File) -> std::io::Result<Result<(), OsmError>> {
    let mut start = Vec::new();
    file.take(512).read_to_end(&mut start)?;
    let text = String::from_utf8_lossy(&start)
        .trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t'])
        .to_lowercase();
    let found = if start.is_empty() {
        "it is empty; download it again"
    } else if text.starts_with("<!doctype html") || text.starts_with("<html") {
        "it is a web page, perhaps an error page saved by a download; open it to see, and download the extract again"
    } else if text.starts_with("<?xml") || text.starts_with("<osm") {
        "it is OSM XML; turn it into pbf with `osmium cat in.osm -o out.osm.pbf`"
    } else if start.starts_with(b"PK\x03\x04")
        || start.starts_with(b"\x1f\x8b")
        || start.starts_with(b"BZh")
    {
        "it is a zip, gzip or bzip2 archive; unpack it first"
    } else {
        return Ok(Ok(()));
    };
    Ok(Err(OsmError::NotPbf { path: path.to_owned(), what: found.into() }))
}

/// Each blob of interest, and whether it is a header.
fn frame(path: &Path, length: u64) -> Result<Vec<(BlobSpan, bool)>, OsmError> {
    let io = |source| OsmError::Io { path: path.to_owned(), source };
    let not_pbf = |what: String| OsmError::NotPbf { path: path.to_owned(), what };
    let file = BufReader::with_capacity(512, File::open(path).map_err(io)?);
    let mut sizes = File::open(path).map_err(io)?;
    let mut blobs = BlobReader::new_seekable(file).map_err(|e| not_pbf(e.to_string()))?;
    let (mut spans, mut end) = (Vec::new(), 0);
    while end < length {
        let (header, start) = match blobs.next_header_skip_blob() {
            Some(Ok((header, Some(ByteOffset(start))))) => (header, start),
            None | Some(Ok((_, None))) => return Err(corrupt(path, end, "it is cut short".into())),
            Some(Err(e)) if end == 0 => {
                return Err(not_pbf(format!("its first bytes are no blob header ({e})")));
            }
            Some(Err(e)) => {
                return Err(corrupt(path, end, format!("a blob header cannot be read ({e})")));
            }
        };
        sizes.seek(SeekFrom::Start(start)).map_err(io)?;
        let mut header_bytes = [0; 4];
        sizes.read_exact(&mut header_bytes).map_err(io)?;
        let data = start + 4 + u64::from(u32::from_be_bytes(header_bytes));
        let bytes = u64::try_from(header.get_blob_size())
            .ok()
            .filter(|size| *size <= MOST_BYTES)
            .ok_or_else(|| {
            corrupt(path, start, format!("a blob says it has {} bytes", header.get_blob_size()))
        })?;
        end = data + bytes;
        if end > length {
            return Err(corrupt(
                path,
                start,
                "it is cut short within a blob; download it again".into(),
            ));
        }
        match header.blob_type() {
            BlobType::OsmHeader => spans.push((BlobSpan { start: data, bytes }, true)),
            BlobType::OsmData => spans.push((BlobSpan { start: data, bytes }, false)),
            BlobType::Unknown(_) => {}
        }
    }
    Ok(spans)
}

fn read_header(path: &Path) -> Result<PbfHeader, OsmError> {
    let what = |e: osmpbf::Error| corrupt(path, 0, format!("the header cannot be read ({e})"));
    let blob = BlobReader::from_path(path).map_err(what)?.next().transpose().map_err(what)?;
    let header = blob
        .ok_or_else(|| corrupt(path, 0, "it has no header".into()))?
        .to_headerblock()
        .map_err(what)?;
    for feature in header.required_features() {
        if !KNOWN_FEATURES.contains(&feature.as_str()) {
            let feature = feature.chars().take(60).collect();
            return Err(OsmError::Feature { path: path.to_owned(), feature });
        }
    }
    Ok(PbfHeader {
        bbox: bbox(&header),
        replication_timestamp: header.osmosis_replication_timestamp(),
    })
}

fn bbox(header: &HeaderBlock) -> Option<[LonLat; 2]> {
    let bbox = header.bbox()?;
    let corners = [LonLat::new(bbox.left, bbox.bottom)?, LonLat::new(bbox.right, bbox.top)?];
    (bbox.left < bbox.right && bbox.bottom < bbox.top).then_some(corners)
}

fn unpack_span(path: &Path, span: BlobSpan) -> Result<Vec<u8>, OsmError> {
    let io = |source| OsmError::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    file.seek(SeekFrom::Start(span.start)).map_err(io)?;
    let mut packed = Vec::with_capacity(usize::try_from(span.bytes).unwrap_or(0));
    file.take(span.bytes).read_to_end(&mut packed).map_err(io)?;
    match content(&packed) {
        Ok(BlobContent::Plain(bytes)) => Ok(bytes.to_vec()),
        Ok(BlobContent::Zipped { bytes, size }) => {
            inflate(bytes, size).map_err(|what| corrupt(path, span.start, what))
        }
        Ok(BlobContent::Other(method)) => {
            Err(OsmError::Compression { path: path.to_owned(), method })
        }
        Err(what) => Err(corrupt(path, span.start, what.into())),
    }
}

/// What a blob holds.
enum BlobContent<'a> {
    Plain(&'a [u8]),
    Zipped {
        bytes: &'a [u8],
        size: Option<u64>,
    },
    /// Something that was packed in a way this reader does not know.
    Other(String),
}

fn content(packed: &[u8]) -> Result<BlobContent<'_>, &'static str> {
    let mut fields = Message::new(packed);
    let (mut size, mut zipped, mut other) = (None, None, None);
    while let Some((number, field)) = fields.next().map_err(|e| e.0)? {
        match (number, field) {
            (1, WireField::Bytes(raw)) => return Ok(BlobContent::Plain(raw)),
            (2, WireField::Number(bytes)) => size = Some(bytes),
            (3, WireField::Bytes(bytes)) => zipped = Some(bytes),
            (_, WireField::Bytes(_)) => other = Some(number),
            _ => {}
        }
    }
    match (zipped, other) {
        (Some(bytes), _) => Ok(BlobContent::Zipped { bytes, size }),
        (None, Some(number @ 4..=7)) => {
            let method = ["lzma", "bzip2", "lz4", "zstd"][usize::try_from(number - 4).unwrap_or(0)];
            Ok(BlobContent::Other(method.to_owned()))
        }
        (None, Some(number)) => Ok(BlobContent::Other(format!("number {number} of the format"))),
        (None, None) => Err("a blob has no data"),
    }
}

fn inflate(zipped: &[u8], size: Option<u64>) -> Result<Vec<u8>, String> {
    let size = size
        .filter(|size| *size <= MOST_BYTES)
        .ok_or("a blob gives no size, or one over 32 MiB")?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    ZlibDecoder::new(zipped)
        .take(size + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("a blob cannot be inflated ({e})"))?;
    if bytes.len() as u64 == size {
        Ok(bytes)
    } else {
        Err("a blob has another size than it says".into())
    }
}
