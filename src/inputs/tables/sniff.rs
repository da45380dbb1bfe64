//! What kind of file the first bytes show.

use super::header::key_of;
use super::sample::TableSample;

/// The first bytes of what gzip packs.
pub(super) const GZIP: &[u8] = b"\x1f\x8b";
/// How much of a file is looked at.
pub(super) const HEAD: usize = 64 * 1024;

/// How a CSV is written.
#[derive(Clone, Debug)]
pub(super) struct Dialect {
    /// What parts the cells.
    pub delimiter: u8,
    /// Byte order mark and title lines before the header.
    pub skip_bytes: usize,
    /// How many lines these are.
    pub skip_lines: u64,
    /// Whether lines end as on a Macintosh of old, so that a reader that counts line feeds counts
    /// none.
    pub returns_alone: bool,
    /// What its first rows show.
    pub sample: TableSample,
}

impl Dialect {
    /// The dialect, or why the file is no CSV and what to do.
    pub(super) fn of(head: &[u8]) -> Result<Dialect, String> {
        if let Some(what) = other_kind(head) {
            return Err(what.to_owned());
        }
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let text = head.get(mark..).unwrap_or_default();
        let said = delimiter_said(text);
        let (skip_lines, skip_bytes) = match said {
            Some((_, length)) => (1, length),
            None => titles_before(text),
        };
        let header = text.get(skip_bytes..).unwrap_or_default();
        let line = header.split(|&b| b == b'\n' || b == b'\r').find(|l| !l.trim_ascii().is_empty());
        let Some(line) = line else {
            return Err("the file is empty; a table begins with its column names".to_owned());
        };
        let delimiter = said.map_or_else(|| delimiter_of(line), |(delimiter, _)| delimiter);
        let sample = TableSample::of(header, head.len() < HEAD, delimiter)?;
        let returns_alone = text.contains(&b'\r') && !text.contains(&b'\n');
        Ok(Dialect { delimiter, skip_bytes: mark + skip_bytes, skip_lines, returns_alone, sample })
    }
}

/// Whether the file is JSON: its first sign is a brace.
pub(super) fn is_json(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start().first() == Some(&b'{')
}

fn other_kind(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"PK") {
        return Some(
            "is a zip or an Excel workbook, not a CSV; unpack it, or save the sheet as CSV (UTF-8)",
        );
    }
    if head.starts_with(GZIP) {
        return Some("is compressed with gzip (within another file, or twice); unpack it first");
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some("is written in UTF-16; save it as CSV (UTF-8)");
    }
    if head.trim_ascii_start().starts_with(b"<") {
        return Some("is a web page or XML, not a CSV; download the data file itself");
    }
    head.contains(&0)
        .then_some("holds zero bytes, so it is not a text file; save it as CSV (UTF-8)")
}

/// Excel takes a first line `sep=;` for the sign that parts the cells. With it comes the line's
/// length.
fn delimiter_said(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let line = line.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(line);
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = line else { return None };
    let ending = if rest.starts_with(b"\r\n") { 2 } else { rest.len().min(1) };
    Some((*delimiter, end + ending))
}

/// Nomis writes title lines before its header, which is known by the column `mnemonic`.
fn titles_before(text: &[u8]) -> (u64, usize) {
    let mut start = 0;
    let ends = if text.contains(&b'\n') { b'\n' } else { b'\r' };
    for (number, line) in text.split_inclusive(|&b| b == ends).take(60).enumerate() {
        let delimiter = delimiter_of(line);
        let mut cells =
            line.split(|&b| b == delimiter).map(|cell| key_of(&String::from_utf8_lossy(cell)));
        if cells.any(|key| key == "mnemonic") {
            return (number as u64, start);
        }
        start += line.len();
    }
    (0, 0)
}

/// The sign that parts the cells of a header: the most frequent outside quotation marks.
fn delimiter_of(line: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in line {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| *sign == byte && !quoted) {
            *count += 1;
        }
    }
    let (sign, _) =
        counts.iter().fold((b',', 0), |best, &(sign, n)| if n > best.1 { (sign, n) } else { best });
    sign
}
