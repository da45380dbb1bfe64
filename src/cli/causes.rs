//! What lies behind an error: each cause, and what the system said where a library holds it back.

use std::error::Error;
use std::io;

/// An error and all that it names as its cause.
pub fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// What the system said, at the bottom of an error.
pub fn said_by_system<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a io::Error> {
    causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(innermost)
}

/// A table's writer makes an error without a kind of one that has one, and does not name it as its
/// cause.
fn innermost(error: &io::Error) -> &io::Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<csv::Error>());
    match inner.map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(inner)) => innermost(inner),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_s_writer_holds_back_is_found() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let held_back = io::Error::from(csv::Error::from(full()));
        assert_eq!(held_back.kind(), io::ErrorKind::Other);
        let found: Vec<io::ErrorKind> = said_by_system(&held_back).map(io::Error::kind).collect();
        assert_eq!(found, [io::ErrorKind::StorageFull]);
        let plain = full();
        assert_eq!(
            said_by_system(&plain).map(io::Error::kind).next(),
            Some(io::ErrorKind::StorageFull)
        );
    }
}
