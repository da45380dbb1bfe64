//! `[categories.NAME]`: kinds of places, taken from the taxonomy and from what the project says
//! itself.

use serde::Serialize;
use toml::Spanned;

use super::check::Checker;
use super::check::values::{as_label, in_file_order, quoted};
use super::error::nearest;
use super::raw;
use super::taxonomy::Taxonomy;
use super::{ProjectError, ProjectPath};

/// Names that head fields of their own in the outputs, so that no category may bear them.
const RESERVED: [&str; 16] = [
    "id",
    "name",
    "population",
    "jobs",
    "broadband",
    "mobile",
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

/// `[categories.NAME]`: a kind of place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Category {
    /// The key, which is part of field names: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it is for.
    pub group: CategoryGroup,
    /// OSM rules, any of which makes an object such a place; in the spelling of the file.
    pub osm: Vec<String>,
    /// Registers: CSV or GeoJSON of points.
    pub files: Vec<ProjectPath>,
    /// Whether the registers alone count.
    pub replace_osm: bool,
    /// The registers' column of capacity, such as places at a school.
    pub capacity: Option<String>,
    /// The least ground, in square metres, of a place that is mapped as an area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_area_m2: Option<u32>,
    /// Chains: a place counts whose brand, operator or name holds one of these. Empty: any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brands: Vec<String>,
    /// Whether a place counts in a window only if it is open then, as far as that is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opening_hours: bool,
    /// Employment centres: the records of `[jobs]` with so many jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<JobsBand>,
}

/// From how many to how many jobs, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct JobsBand {
    /// The fewest.
    pub from: u32,
    /// The most; `None` for any number.
    pub to: Option<u32>,
}

impl JobsBand {
    /// Whether so many jobs are within it; 499.5 are fewer than 500.
    pub fn holds(self, jobs: f64) -> bool {
        jobs >= f64::from(self.from) && self.to.is_none_or(|to| jobs < f64::from(to) + 1.0)
    }
}

/// What a kind of place is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CategoryGroup {
    /// A place to meet.
    Meeting,
    /// A place to be served.
    #[default]
    Service,
    /// What people do together: groups and clubs, counted by head rather than reached.
    Community,
}

impl CategoryGroup {
    /// As project files spell it.
    pub fn name(self) -> &'static str {
        match self {
            CategoryGroup::Meeting => "meeting",
            CategoryGroup::Service => "service",
            CategoryGroup::Community => "community",
        }
    }
}

impl Checker<'_> {
    pub(super) fn categories(
        &self,
        raw: raw::RawCategories,
        taxonomy: Option<&ProjectPath>,
        opening_hours: bool,
    ) -> Result<Vec<Category>, ProjectError> {
        let mut known = Taxonomy::shipped();
        if let Some(path) = taxonomy {
            known.extend_from(path)?;
        }
        let mut chosen = match raw {
            raw::RawCategories::Names(names) => names
                .iter()
                .map(|name| self.by_name(name, &known))
                .collect::<Result<Vec<_>, _>>()?,
            raw::RawCategories::Tables(tables) if tables.is_empty() => known.defaults(),
            raw::RawCategories::Tables(tables) => {
                let tables = in_file_order(tables).into_iter();
                tables
                    .map(|(name, raw)| self.usable(&name, raw, &known))
                    .collect::<Result<_, _>>()?
            }
        };
        for category in &mut chosen {
            category.opening_hours |= opening_hours;
        }
        Ok(chosen)
    }

    fn by_name(&self, name: &Spanned<String>, known: &Taxonomy) -> Result<Category, ProjectError> {
        if known.find(name.get_ref()).is_some() {
            return self.usable(name, raw::RawCategory::default(), known);
        }
        let near = nearest(name.get_ref(), known.names());
        let near = near.map(|near| format!(" (did you mean \"{near}\"?)")).unwrap_or_default();
        let all = known.names().collect::<Vec<_>>().join(", ");
        let wanted = format!("a category of the taxonomy{near}: {all}");
        Err(self.bad(&name.span(), "categories", quoted(name.get_ref()), wanted))
    }

    /// A category that finds places by something.
    fn usable(
        &self,
        given: &Spanned<String>,
        raw: raw::RawCategory,
        known: &Taxonomy,
    ) -> Result<Category, ProjectError> {
        let category = self.category(given, raw, known)?;
        if category.jobs.is_none()
            && category.files.is_empty()
            && (category.osm.is_empty() || category.replace_osm)
        {
            let wanted =
                "`osm` rules, such as osm = [\"amenity=library\"], or `files` of a register";
            return Err(self.bad(
                &given.span(),
                &format!("categories.{}", category.name),
                "nothing",
                wanted,
            ));
        }
        Ok(category)
    }

    /// A category with the name of one that is known takes from that what it does not say itself.
    pub(super) fn category(
        &self,
        given: &Spanned<String>,
        raw: raw::RawCategory,
        known: &Taxonomy,
    ) -> Result<Category, ProjectError> {
        let name = self.key_name("categories", given)?;
        if RESERVED.contains(&name.as_str()) {
            let wanted = format!("another name: `{name}` heads fields of its own in the outputs");
            return Err(self.bad(&given.span(), "categories", name, wanted));
        }
        let key = |k: &str| format!("categories.{name}.{k}");
        let fresh =
            || Category { label: as_label(&name), name: name.clone(), ..Category::default() };
        let like = known.find(&name).cloned().unwrap_or_else(fresh);
        let groups = [CategoryGroup::Meeting, CategoryGroup::Service, CategoryGroup::Community]
            .map(|group| (group.name(), group));
        let group = match &raw.group {
            Some(group) => self.choice(&key("group"), group, &groups)?,
            None => like.group,
        };
        Ok(Category {
            label: self.text_of(&key("label"), raw.label)?.unwrap_or(like.label),
            group,
            osm: raw
                .osm
                .map_or(like.osm, |rules| rules.into_iter().map(Spanned::into_inner).collect()),
            files: if raw.files.is_empty() {
                like.files
            } else {
                self.paths(&key("files"), &raw.files)?
            },
            replace_osm: raw.replace_osm.map_or(like.replace_osm, Spanned::into_inner),
            capacity: self.text_of(&key("capacity"), raw.capacity)?.or(like.capacity),
            min_area_m2: raw.min_area_m2.or(like.min_area_m2),
            brands: raw.brands.unwrap_or(like.brands),
            opening_hours: raw.opening_hours.unwrap_or(like.opening_hours),
            jobs: raw.jobs.map(|band| self.band(&key("jobs"), &band)).transpose()?.or(like.jobs),
            name,
        })
    }

    fn band(&self, key: &str, given: &Spanned<raw::RawJobsBand>) -> Result<JobsBand, ProjectError> {
        let band = JobsBand { from: given.get_ref().from, to: given.get_ref().to };
        if band.to.is_some_and(|to| to < band.from) {
            let value = format!("{{ from = {}, to = {} }}", band.from, band.to.unwrap_or_default());
            return Err(self.bad(&given.span(), key, value, "a `to` that is not below `from`"));
        }
        Ok(band)
    }
}
