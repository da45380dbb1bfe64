//! The kinds of places that are known by name: those shipped with the program, and those of a file
//! of the user's own.

use std::path::Path;

use toml::Spanned;

use super::check::Checker;
use super::check::values::in_file_order;
use super::error;
use super::{Category, ProjectError, raw};

/// The taxonomy that is shipped, as text: a file to copy from.
pub const TAXONOMY: &str = include_str!("taxonomy.toml");

/// Categories by name.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    categories: Vec<Category>,
    defaults: Vec<String>,
}

/// The kinds of places used when the project file has none.
pub fn built_in_categories() -> Vec<Category> {
    Taxonomy::shipped().defaults()
}

impl Taxonomy {
    /// The one that is shipped.
    pub fn shipped() -> Taxonomy {
        let mut taxonomy = Taxonomy::default();
        let read = taxonomy.extend(TAXONOMY, "taxonomy.toml", Path::new(""));
        debug_assert!(read.is_ok(), "{read:?}");
        taxonomy
    }

    /// Adds a file's categories; one of the same name takes from that of before what it does not
    /// say itself.
    pub(super) fn extend_from(&mut self, path: &Path) -> Result<(), ProjectError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| ProjectError::Read { file: file.clone(), source })?;
        self.extend(&text, &file, path.parent().unwrap_or(Path::new("")))
    }

    fn extend(&mut self, text: &str, file: &str, root: &Path) -> Result<(), ProjectError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: raw::RawTaxonomy =
            toml::from_str(text).map_err(|e| error::from_toml(&e, text, file))?;
        let checker = Checker { text, file, root };
        for (name, raw) in in_file_order(raw.categories) {
            let category = checker.category(&name, raw, self)?;
            match self.categories.iter_mut().find(|c| c.name == category.name) {
                Some(before) => *before = category,
                None => self.categories.push(category),
            }
        }
        if let Some(defaults) = raw.defaults {
            if let Some(name) = defaults.iter().find(|name| self.find(name.get_ref()).is_none()) {
                return Err(checker.bad(
                    &name.span(),
                    "defaults",
                    name.get_ref(),
                    "the name of a category",
                ));
            }
            self.defaults = defaults.into_iter().map(Spanned::into_inner).collect();
        }
        Ok(())
    }

    /// A category by its name.
    pub fn find(&self, name: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.name == name)
    }

    /// All names, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.categories.iter().map(|category| category.name.as_str())
    }

    /// Those that are used when a project names none.
    pub fn defaults(&self) -> Vec<Category> {
        self.defaults.iter().filter_map(|name| self.find(name).cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::osm::TagRule;
    use crate::inputs::project::{CategoryGroup, Project};

    fn parse(more: &str, root: &Path) -> Result<Project, ProjectError> {
        Project::parse(
            &format!("osm = [\"a.pbf\"]\n{more}\n[neighbourhoods]\nfile = \"n.geojson\"\n"),
            "p.toml",
            root,
        )
    }

    #[test]
    fn what_is_shipped_is_read_whole_and_every_rule_of_it_is_one() {
        let mut taxonomy = Taxonomy::default();
        taxonomy.extend(TAXONOMY, "taxonomy.toml", Path::new("")).expect("valid");
        assert_eq!(taxonomy.defaults().len(), 9);
        for name in [
            "community_centre",
            "village_hall",
            "church_hall",
            "pub",
            "social_club",
            "place_of_worship",
            "library",
            "cafe",
            "youth_centre",
            "scout_hut",
            "park",
            "open_space",
            "sports_centre",
            "allotments",
            "museum",
            "arts_centre",
            "gp",
            "pharmacy",
            "dentist",
            "hospital",
            "primary_school",
            "secondary_school",
            "college",
            "childcare",
            "supermarket",
            "large_supermarket",
            "convenience",
            "post_office",
            "bank",
            "cash",
            "jobcentre",
            "food_bank",
            "town_hall",
            "employment_small",
            "employment_medium",
            "employment_large",
            "community_group",
        ] {
            let category = taxonomy.find(name).expect(name);
            for rule in &category.osm {
                let read: TagRule = rule.parse().expect(rule);
                assert_eq!(&read.to_string(), rule);
            }
        }
        assert_eq!(
            taxonomy.find("community_group").map(|c| c.group),
            Some(CategoryGroup::Community)
        );
        let large = taxonomy.find("large_supermarket").expect("there");
        assert_eq!((large.min_area_m2, large.brands.len()), (Some(280), 7));
    }

    /// Schools as Newport (2023) and Rutland (2022) have them on the map.
    #[test]
    fn schools_are_told_by_level_ages_years_or_name() {
        let taxonomy = Taxonomy::shipped();
        let is = |kind: &str, tags: &[(&str, &str)]| {
            let mut all = vec![("amenity", "school")];
            all.extend(tags);
            let of = crate::inputs::osm::Tags::new(all.iter().map(|(k, v)| (*k, *v)));
            let rules = &taxonomy.find(kind).expect("shipped").osm;
            rules.iter().any(|rule| rule.parse::<TagRule>().expect("a rule").matches(&of))
        };
        let both =
            |tags: &[(&str, &str)]| (is("primary_school", tags), is("secondary_school", tags));
        for (primary, secondary, tags) in [
            (true, false, &[("name", "Tredegar Park Primary School")][..]),
            (true, false, &[("name", "Ysgol Gymraeg Casnewydd"), ("grades", "0-5")]),
            (true, false, &[("name", "Gaer Junior and Infants' School")]),
            (
                true,
                false,
                &[
                    ("name", "Edith Weston Academy"),
                    ("isced:level", "0;1"),
                    ("min_age", "2"),
                    ("max_age", "11"),
                ],
            ),
            (true, false, &[("name", "Ysgol Gynradd Malpas")]),
            (false, true, &[("name", "John Frost School"), ("grades", "6-12")]),
            (false, true, &[("name", "Llanwern High School"), ("grades", "7-12")]),
            (
                false,
                true,
                &[
                    ("name", "Uppingham School"),
                    ("isced:level", "2;3"),
                    ("min_age", "13"),
                    ("max_age", "18"),
                ],
            ),
            (false, true, &[("name", "Oakham School"), ("min_age", "9"), ("max_age", "18")]),
            (false, true, &[("name", "Casterton College Rutland")]),
            (false, true, &[("name", "Ysgol Gyfun Gwent Is Coed")]),
            (true, true, &[("name", "Maes Ebbw School"), ("grades", "0-13")]),
            (true, false, &[("name", "College Road Primary School")]),
            (false, false, &[("name", "Greenfields Nursery"), ("min_age", "2"), ("max_age", "4")]),
            (false, false, &[("name", "Bassaleg School")]),
        ] {
            assert_eq!(both(tags), (primary, secondary), "{tags:?}");
        }
    }

    #[test]
    fn categories_are_taken_by_name_alone() {
        let root = Path::new("");
        let p = parse("categories = [\"pub\", \"dentist\"]", root).expect("valid");
        let names: Vec<_> =
            p.categories.iter().map(|c| (c.name.as_str(), c.label.as_str())).collect();
        assert_eq!(names, [("pub", "Pubs"), ("dentist", "Dentists")]);
        let p = parse("[categories.youth_centre]\n[categories.pub]\nlabel = \"Inns\"", root)
            .expect("valid");
        assert_eq!((p.categories[0].osm.len(), p.categories[1].label.as_str()), (5, "Inns"));
        let e = parse("categories = [\"pubb\"]", root).expect_err("no such").to_string();
        assert!(e.contains("line 2") && e.contains("did you mean \"pub\"?"), "{e}");
        let e = parse("categories = [\"community_group\"]", root).expect_err("no file").to_string();
        assert!(e.contains("`files` of a register"), "{e}");
        let e = parse("categories = 3", root).expect_err("a number").to_string();
        assert!(e.contains("[categories.NAME], or a list of names"), "{e}");
    }

    #[test]
    fn a_taxonomy_of_ones_own_adds_and_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = "defaults = [\"repair_cafe\", \"pub\"]\n[categories.repair_cafe]\nlabel = \"Repair cafés\"\n\
                   group = \"meeting\"\nosm = [\"repair=assisted_self_service\"]\n[categories.pub]\nosm = [\"amenity=pub|bar\"]\n";
        std::fs::write(folder.path().join("own.toml"), own).expect("written");
        let p = parse("taxonomy = \"own.toml\"", folder.path()).expect("valid");
        assert_eq!(p.categories[0].label, "Repair cafés");
        assert_eq!(
            (p.categories[1].label.as_str(), &p.categories[1].osm[..]),
            ("Pubs", &["amenity=pub|bar".to_owned()][..])
        );
        std::fs::write(folder.path().join("own.toml"), "[categories.pub]\nosn = []\n")
            .expect("written");
        let e = parse("taxonomy = \"own.toml\"", folder.path()).expect_err("a slip").to_string();
        assert!(e.contains("own.toml, line 2") && e.contains("`osm`"), "{e}");
    }

    #[test]
    fn employment_centres_are_bands_of_jobs() {
        let p = parse("categories = [\"employment_small\", \"employment_large\"]", Path::new(""))
            .expect("valid");
        let bands: Vec<_> = p.categories.iter().filter_map(|c| c.jobs).collect();
        assert!(
            bands[0].holds(100.0)
                && bands[0].holds(499.9)
                && !bands[0].holds(500.0)
                && !bands[0].holds(99.0)
        );
        assert!(bands[1].holds(5000.0) && bands[1].holds(1e6) && !bands[1].holds(4999.0));
    }
}
