//! Kinds of places.

use toml::Spanned;

use super::super::defaults::built_in_categories;
use super::super::raw;
use super::super::{Category, Group, ProjectError};
use super::Checker;
use super::values::{as_label, in_file_order};

/// Names that head fields of their own in the outputs, so that no category may bear them.
const RESERVED: [&str; 15] = [
    "id",
    "name",
    "population",
    "jobs",
    "broadband",
    "index",
    "deprivation",
    "edge",
    "meeting",
    "service",
    "group",
    "ptal",
    "on",
    "terminus",
    "doubly",
];

impl Checker<'_> {
    pub(super) fn categories(&self, raw: raw::Named<raw::Category>) -> Result<Vec<Category>, ProjectError> {
        if raw.is_empty() {
            return Ok(built_in_categories());
        }
        in_file_order(raw).into_iter().map(|(name, category)| self.category(&name, category)).collect()
    }

    /// A category with the name of a built-in one takes from that what it does not say itself.
    pub(super) fn category(
        &self,
        given: &Spanned<String>,
        raw: raw::Category,
    ) -> Result<Category, ProjectError> {
        let name = self.key_name("categories", given)?;
        if RESERVED.contains(&name.as_str()) {
            let wanted = format!("another name: `{name}` heads fields of its own in the outputs");
            return Err(self.bad(&given.span(), "categories", name, wanted));
        }
        let key = |k: &str| format!("categories.{name}.{k}");
        let like = built_in_categories().into_iter().find(|c| c.name == name);
        let groups = [("meeting", Group::Meeting), ("service", Group::Service)];
        let group = match &raw.group {
            Some(group) => self.choice(&key("group"), group, &groups)?,
            None => like.as_ref().map_or(Group::Service, |c| c.group),
        };
        let label =
            self.text_of(&key("label"), raw.label)?.or_else(|| like.as_ref().map(|c| c.label.clone()));
        let osm = match raw.osm {
            Some(rules) => rules.into_iter().map(Spanned::into_inner).collect(),
            None => like.map(|c| c.osm).unwrap_or_default(),
        };
        let files = self.paths(&key("files"), &raw.files)?;
        let replace_osm = raw.replace_osm.as_ref().is_some_and(|r| *r.get_ref());
        if files.is_empty() && (osm.is_empty() || replace_osm) {
            let wanted = "`osm` rules, such as osm = [\"amenity=library\"], or `files` of a register";
            return Err(self.bad(&given.span(), &format!("categories.{name}"), "nothing", wanted));
        }
        let label = label.unwrap_or_else(|| as_label(&name));
        let capacity = self.text_of(&key("capacity"), raw.capacity)?;
        Ok(Category { label, group, osm, files, replace_osm, capacity, name })
    }
}
