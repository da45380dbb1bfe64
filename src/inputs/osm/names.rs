//! What ways are called.

use std::collections::BTreeMap;

/// The names of walkable ways, each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayNames {
    names: Vec<Box<str>>,
    /// By way, ascending: the number of its name.
    of: Vec<(i64, u32)>,
}

impl WayNames {
    /// Of ways and their names.
    pub fn new<'a>(named: impl IntoIterator<Item = (i64, &'a str)>) -> WayNames {
        let mut by_name: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        named.into_iter().for_each(|(way, name)| by_name.entry(name).or_default().push(way));
        let mut all = WayNames::default();
        for (number, (name, ways)) in (0..).zip(by_name) {
            all.names.push(name.into());
            all.of.extend(ways.into_iter().map(|way| (way, number)));
        }
        all.of.sort_unstable();
        all
    }

    /// What a way is called.
    pub fn of(&self, way: i64) -> Option<&str> {
        let at = self.of.binary_search_by_key(&way, |(id, _)| *id).ok()?;
        self.names.get(self.of[at].1 as usize).map(|name| &**name)
    }
}
