//! Bytes that are read while their quotation marks are counted.

use std::io::Read;

/// A reader of a CSV that knows whether the quotation marks that went by make pairs.
pub(super) struct Quotes {
    inner: Box<dyn Read + Send>,
    odd: bool,
}

impl Quotes {
    pub(super) fn new(inner: Box<dyn Read + Send>) -> Quotes {
        Quotes { inner, odd: false }
    }

    /// Whether one is left without another.
    pub(super) fn is_odd(&self) -> bool {
        self.odd
    }
}

impl Read for Quotes {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        let quotes = into.iter().take(read).filter(|&&b| b == b'"').count();
        self.odd ^= quotes % 2 == 1;
        Ok(read)
    }
}
