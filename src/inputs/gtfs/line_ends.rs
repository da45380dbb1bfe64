//! One kind of line end for all tables: spreadsheets and old systems end lines with CR alone, or
//! mix CR, LF and both.

use std::io::{self, Cursor, Read};

/// The byte order mark of UTF-8. Before a quoted header it would hide the quote.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The bytes of a table without its byte order mark, each line of which ends with LF.
pub fn with_line_feeds<'a>(mut bytes: Box<dyn Read + 'a>) -> io::Result<Box<dyn Read + 'a>> {
    let mut start = Vec::new();
    bytes.by_ref().take(MARK.len() as u64).read_to_end(&mut start)?;
    if start == MARK {
        start.clear();
    }
    Ok(Box::new(LineFeeds { inner: Cursor::new(start).chain(bytes), after_return: false }))
}

/// CR, and CR with LF, become LF, so that lines are counted as an editor counts them.
struct LineFeeds<R> {
    inner: R,
    /// The last byte was a CR: an LF that follows belongs to it.
    after_return: bool,
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(buffer)?;
            let kept = self.unify(buffer.get_mut(..read).unwrap_or_default());
            // A lone LF that belongs to the CR before it leaves nothing, which is not the end.
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

impl<R> LineFeeds<R> {
    /// Rewrites bytes in place, and tells how many are left.
    fn unify(&mut self, bytes: &mut [u8]) -> usize {
        if !self.after_return && !bytes.contains(&b'\r') {
            return bytes.len();
        }
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            let belongs = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !belongs {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives at most so many bytes at a time.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    fn read(bytes: &[u8], at_a_time: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut reader = with_line_feeds(Box::new(Slow(bytes, at_a_time))).expect("bytes");
        reader.read_to_end(&mut out).expect("bytes");
        out
    }

    #[test]
    fn every_line_end_becomes_a_line_feed_however_the_bytes_come() {
        for at_a_time in 1..9 {
            assert_eq!(
                read(b"a\rb\r\nc\nd\r\r\ne\r", at_a_time),
                b"a\nb\nc\nd\n\ne\n",
                "{at_a_time}"
            );
            assert_eq!(read(b"\xEF\xBB\xBF\"a\"\r\n", at_a_time), b"\"a\"\n", "{at_a_time}");
            assert_eq!(read(b"\xEF\xBB", at_a_time), b"\xEF\xBB");
            assert_eq!(read(b"", at_a_time), b"");
        }
    }
}
