//! The names of columns, found however they are spelt.

/// A column of the table whose header it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableColumn(pub(super) usize);

/// The column names of a table.
#[derive(Clone, Debug, Default)]
pub struct TableHeader {
    names: Vec<String>,
    keys: Vec<String>,
}

impl TableHeader {
    pub(super) fn new(names: Vec<String>) -> TableHeader {
        let keys = names.iter().map(|name| key_of(name)).collect();
        TableHeader { names, keys }
    }

    /// The names as they stand in the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The names as they are compared, see [`key_of`].
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a column as it stands in the file.
    pub fn name(&self, column: TableColumn) -> &str {
        self.names.get(column.0).map_or("", String::as_str)
    }

    /// The columns in order.
    pub fn columns(&self) -> impl Iterator<Item = TableColumn> + use<> {
        (0..self.names.len()).map(TableColumn)
    }

    /// The column of a name: the very name if it is there, else one that differs only in case,
    /// blanks and signs.
    pub fn find(&self, name: &str) -> Option<TableColumn> {
        let key = key_of(name);
        let exact = self.names.iter().position(|n| n == name);
        exact.or_else(|| self.keys.iter().position(|k| *k == key && !k.is_empty())).map(TableColumn)
    }

    pub(super) fn stands_twice(&self, column: TableColumn) -> bool {
        let name = self.name(column);
        self.names.iter().filter(|n| *n == name).count() > 1
            || self
                .keys
                .get(column.0)
                .is_some_and(|key| self.keys.iter().filter(|k| *k == key).count() > 1)
    }
}

/// A name as it is compared: small letters and digits, `pct` for `%`, one `_` for any run of
/// anything else.
pub fn key_of(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.trim_start_matches('\u{feff}').chars() {
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else {
            if c == '%' {
                key.push_str(if key.is_empty() || key.ends_with('_') { "pct" } else { "_pct" });
            }
            if !key.is_empty() && !key.ends_with('_') {
                key.push('_');
            }
        }
    }
    key.truncate(key.trim_end_matches('_').len());
    key
}
