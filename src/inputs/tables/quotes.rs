//! Bytes that are read while their quotation marks are counted.

use std::io::Read;

/// A reader of a CSV that knows whether the quotation marks that went by make pairs.
pub(super) struct Quotes {
    inner: Box<dyn Read + Send>,
    odd: bool,
    ended: bool,
}

impl Quotes {
    pub(super) fn new(inner: Box<dyn Read + Send>) -> Quotes {
        Quotes { inner, odd: false, ended: false }
    }

    /// Whether all was read and one is left without another.
    pub(super) fn end_odd(&self) -> bool {
        self.odd && self.ended
    }
}

impl Read for Quotes {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        let quotes = into.iter().take(read).filter(|&&b| b == b'"').count();
        self.odd ^= quotes % 2 == 1;
        self.ended |= read == 0 && !into.is_empty();
        Ok(read)
    }
}
