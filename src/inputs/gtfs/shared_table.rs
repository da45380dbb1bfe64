//! Rows that several feeds have in common: a scenario's feed holds the published rows, not a copy.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A table of a feed. Clones share its rows until one of them is changed, which then has rows of
/// its own.
#[derive(Debug, PartialEq, Eq)]
pub struct SharedTable<T>(Arc<Vec<T>>);

impl<T> SharedTable<T> {
    /// Whether both hold the very same rows. Equal rows may be held twice: then this is false.
    pub fn is_same(&self, other: &SharedTable<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Clone for SharedTable<T> {
    fn clone(&self) -> SharedTable<T> {
        SharedTable(self.0.clone())
    }
}

impl<T> Default for SharedTable<T> {
    fn default() -> SharedTable<T> {
        SharedTable(Arc::default())
    }
}

impl<T> From<Vec<T>> for SharedTable<T> {
    fn from(rows: Vec<T>) -> SharedTable<T> {
        SharedTable(Arc::new(rows))
    }
}

impl<T> FromIterator<T> for SharedTable<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> SharedTable<T> {
        rows.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T> Deref for SharedTable<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Clone> DerefMut for SharedTable<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<'a, T> IntoIterator for &'a SharedTable<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.0.iter()
    }
}

impl<'a, T: Clone> IntoIterator for &'a mut SharedTable<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;
    fn into_iter(self) -> std::slice::IterMut<'a, T> {
        Arc::make_mut(&mut self.0).iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shared_until_they_differ() {
        let published: SharedTable<u32> = vec![1, 2].into();
        let mut other = published.clone();
        assert!(other.is_same(&published));
        other.push(3);
        assert!(!other.is_same(&published));
        assert_eq!((published.as_slice(), other.as_slice()), (&[1, 2][..], &[1, 2, 3][..]));
    }
}
