//! The protobuf wire format: fields of a message, and runs of packed integers. Every read is
//! checked; nothing panics.

/// What is wrong with the bytes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Corrupt(pub &'static str);

/// The fields of one message, in order.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    bytes: &'a [u8],
}

/// The content of a field.
#[derive(Clone, Copy)]
pub(super) enum WireField<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// 32 or 64 bits of a kind that no OSM message uses.
    Fixed,
}

impl<'a> Message<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Message<'a> {
        Message { bytes }
    }

    /// The next field and its number; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, WireField<'a>)>, Corrupt> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let key = varint(&mut self.bytes)?;
        let field = match key & 7 {
            0 => WireField::Number(varint(&mut self.bytes)?),
            1 => self.skip(8)?,
            2 => {
                let length = usize::try_from(varint(&mut self.bytes)?).unwrap_or(usize::MAX);
                WireField::Bytes(self.take(length)?)
            }
            5 => self.skip(4)?,
            _ => return Err(Corrupt("a field of an unknown wire type")),
        };
        Ok(Some((key >> 3, field)))
    }

    fn skip(&mut self, length: usize) -> Result<WireField<'a>, Corrupt> {
        self.take(length).map(|_| WireField::Fixed)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Corrupt> {
        let (head, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(Corrupt("a field runs past the end of its message"))?;
        self.bytes = rest;
        Ok(head)
    }
}

impl<'a> WireField<'a> {
    pub(super) fn number(self) -> Result<u64, Corrupt> {
        match self {
            WireField::Number(n) => Ok(n),
            _ => Err(Corrupt("a field is not a number, as it should be")),
        }
    }

    pub(super) fn signed(self) -> Result<i64, Corrupt> {
        self.number().map(zigzag)
    }

    pub(super) fn bytes(self) -> Result<&'a [u8], Corrupt> {
        match self {
            WireField::Bytes(bytes) => Ok(bytes),
            _ => Err(Corrupt("a field is a number where a run of bytes should be")),
        }
    }
}

/// A run of packed integers.
#[derive(Clone, Copy, Default)]
pub(super) struct PackedIntegers<'a> {
    bytes: &'a [u8],
}

impl<'a> PackedIntegers<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> PackedIntegers<'a> {
        PackedIntegers { bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many integers there are: each ends in the one byte that has no continuation bit.
    pub(super) fn count(&self) -> usize {
        self.bytes.iter().filter(|byte| **byte < 0x80).count()
    }

    /// The next integer; `None` at the end.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<u64>, Corrupt> {
        if self.bytes.is_empty() { Ok(None) } else { varint(&mut self.bytes).map(Some) }
    }
}

/// A running sum of zigzag differences, as ids and coordinates are written.
#[derive(Clone, Copy, Default)]
pub(super) struct Deltas<'a> {
    packed: PackedIntegers<'a>,
    sum: i64,
}

impl<'a> Deltas<'a> {
    pub(super) fn new(packed: PackedIntegers<'a>) -> Deltas<'a> {
        Deltas { packed, sum: 0 }
    }

    /// The next sum; `None` at the end.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<i64>, Corrupt> {
        let Some(delta) = self.packed.next()? else { return Ok(None) };
        self.sum = self.sum.checked_add(zigzag(delta)).ok_or(Corrupt("a running sum overflows"))?;
        Ok(Some(self.sum))
    }
}

#[inline]
fn varint(bytes: &mut &[u8]) -> Result<u64, Corrupt> {
    let mut value = 0_u64;
    for (n, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * n);
        if *byte < 0x80 {
            *bytes = &bytes[n + 1..];
            return Ok(value);
        }
    }
    Err(Corrupt("a number has no end"))
}

#[expect(clippy::cast_possible_wrap, reason = "the zigzag code fills the whole of 64 bits")]
#[inline]
fn zigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_decode_as_the_protobuf_manual_says() {
        // protobuf.dev, "Encoding": 150 is 96 01; zigzag 0, -1, 1, -2 are 0, 1, 2, 3.
        assert_eq!(varint(&mut [0x96, 0x01].as_slice()), Ok(150));
        assert_eq!([0, 1, 2, 3].map(zigzag), [0, -1, 1, -2]);
        assert_eq!(zigzag(u64::MAX), i64::MIN);
    }

    #[test]
    fn a_number_without_an_end_is_corrupt() {
        assert!(varint(&mut [0xff].as_slice()).is_err());
        assert!(varint(&mut [0xff; 11].as_slice()).is_err());
    }

    #[test]
    fn a_field_that_runs_past_the_end_is_corrupt() {
        assert!(Message::new(&[0x0a, 5, 1, 2]).next().is_err());
        assert!(
            Message::new(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])
                .next()
                .is_err()
        );
    }

    #[test]
    fn a_sum_that_overflows_is_corrupt() {
        let most = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        let twice = [most, most].concat();
        let mut sums = Deltas::new(PackedIntegers::new(&twice));
        assert_eq!(sums.next(), Ok(Some(i64::MAX)));
        assert!(sums.next().is_err());
    }
}
