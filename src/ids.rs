//! Dense inner indices, each of a type of its own, and the two containers that only take the right
//! one.
//!
//! Outer ids (a feed's `stop_id`, an area code) are strings and live in `inputs` and `outputs`;
//! inside, everything is numbered from 0 and indexed by its own type, so that a stop can never be
//! looked up with a pattern's number.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// A dense index: a number from 0 that stands for one thing of one kind.
pub trait Idx: Copy + Eq + Ord + std::hash::Hash + std::fmt::Debug {
    /// The index of the `n`th thing. Panics past 2³²: nothing here is that many.
    fn new(n: usize) -> Self;
    /// The position in a slice.
    fn at(self) -> usize;
}

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl Idx for $name {
            fn new(n: usize) -> Self {
                assert!(n < u32::MAX as usize, concat!("too many for ", stringify!($name)));
                #[expect(clippy::cast_possible_truncation, reason = "checked above")]
                $name(n as u32)
            }
            fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// A junction or end of the street graph.
    NodeIdx;
    /// A street edge between two nodes.
    EdgeIdx;
    /// The hours of ways and gates that are not open at all times.
    HoursIdx;
    /// A connected component of the street graph; 0 is the largest.
    ComponentIdx;
    /// A GTFS feed, in the order they were named.
    FeedIdx;
    /// A stop or platform that trips call at, over all feeds.
    StopIdx;
    /// A FIFO set of trips with the same stops, pick-up and drop-off rules.
    PatternIdx;
    /// A trip running on a date, within the timetable of a query.
    RunIdx;
    /// A point people start from.
    OriginIdx;
    /// A point people go to.
    PlaceIdx;
    /// A kind of place, such as `library`.
    CategoryIdx;
    /// A neighbourhood polygon.
    NeighbourhoodIdx;
}

/// A vector that is indexed by one kind of index alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdxVec<I, T> {
    items: Vec<T>,
    kind: PhantomData<fn(I)>,
}

impl<I: Idx, T> IdxVec<I, T> {
    /// An empty vector.
    pub fn new() -> Self {
        Vec::new().into()
    }

    /// Adds an item and tells its index.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// The items in order, to change.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// The indices in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// Indices and items.
    pub fn enumerate(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(n, item)| (I::new(n), item))
    }

    /// The item, or `None` past the end.
    pub fn get(&self, index: I) -> Option<&T> {
        self.items.get(index.at())
    }

    /// The items as a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The items as a plain vector.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<I: Idx, T> Default for IdxVec<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Idx, T> From<Vec<T>> for IdxVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        IdxVec { items, kind: PhantomData }
    }
}

impl<I: Idx, T> FromIterator<T> for IdxVec<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(items: It) -> Self {
        items.into_iter().collect::<Vec<_>>().into()
    }
}

impl<I: Idx, T> Index<I> for IdxVec<I, T> {
    type Output = T;
    fn index(&self, index: I) -> &T {
        &self.items[index.at()]
    }
}

impl<I: Idx, T> IndexMut<I> for IdxVec<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.at()]
    }
}

/// Rows of different lengths in one run of memory (compressed sparse rows), a row for each index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csr<I, T> {
    starts: Vec<u32>,
    items: Vec<T>,
    kind: PhantomData<fn(I)>,
}

impl<I: Idx, T> Csr<I, T> {
    /// Rows in the order of their index.
    pub fn from_rows<R: IntoIterator<Item = T>>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut csr = Csr { starts: vec![0], items: Vec::new(), kind: PhantomData };
        for row in rows {
            csr.items.extend(row);
            csr.starts.push(u32::try_from(csr.items.len()).expect("fewer than 2^32 items"));
        }
        csr
    }

    /// Rows from pairs in any order; within a row the pairs keep their order.
    pub fn from_pairs(rows: usize, pairs: Vec<(I, T)>) -> Self {
        let mut pairs = pairs;
        pairs.sort_by_key(|(row, _)| *row);
        let mut csr = Csr {
            starts: vec![0; rows + 1],
            items: Vec::with_capacity(pairs.len()),
            kind: PhantomData,
        };
        for (row, item) in pairs {
            csr.starts[row.at() + 1] += 1;
            csr.items.push(item);
        }
        for row in 0..rows {
            csr.starts[row + 1] += csr.starts[row];
        }
        csr
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Where a row stands in [`Csr::items`].
    pub fn span(&self, row: I) -> Range<usize> {
        self.starts[row.at()] as usize..self.starts[row.at() + 1] as usize
    }

    /// All items, row after row.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// All items, to change in place.
    pub fn items_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<I: Idx, T> Index<I> for Csr<I, T> {
    type Output = [T];
    fn index(&self, row: I) -> &[T] {
        &self.items[self.span(row)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csr_rows_keep_their_items_in_order() {
        let csr = Csr::<NodeIdx, char>::from_pairs(
            3,
            vec![(NodeIdx(2), 'a'), (NodeIdx(0), 'b'), (NodeIdx(2), 'c')],
        );
        assert_eq!(&csr[NodeIdx(0)], ['b']);
        assert!(csr[NodeIdx(1)].is_empty());
        assert_eq!(&csr[NodeIdx(2)], ['a', 'c']);
        assert_eq!(csr, Csr::from_rows([vec!['b'], vec![], vec!['a', 'c']]));
    }
}
