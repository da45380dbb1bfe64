//! The places of a category: the map's, the registers', and what is true of both.

use rustc_hash::FxHashMap;

use super::merge::{self, PlacesMerge};
use super::{CategoryPlace, PlaceSource, read_register};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::MapExtent;
use crate::inputs::crs::Bounds;
use crate::inputs::osm::OsmPlace;
use crate::inputs::project::Category;
use crate::inputs::tables::{Postcodes, TableError, key_of};

/// A category's places.
#[derive(Clone, Debug, Default)]
pub struct CategoryPlaces {
    /// Each real place once.
    pub places: Vec<CategoryPlace>,
    /// How the map and the registers compare, where there are both.
    pub merge: Option<PlacesMerge>,
}

/// What registers are read with.
#[derive(Clone, Copy)]
pub struct RegisterContext<'a> {
    /// Places of postcodes.
    pub postcodes: Option<&'a Postcodes>,
    /// Where places should lie.
    pub area: Option<Bounds>,
    /// How far the map reaches: beyond it, a place it lacks says nothing against it.
    pub map: &'a MapExtent,
}

/// Puts a category's places together. `osm` are the objects that its rules picked.
///
/// # Errors
/// When a register cannot be used.
pub fn gather<'a>(
    category: &Category,
    osm: impl Iterator<Item = &'a OsmPlace>,
    around: &RegisterContext<'_>,
    findings: &mut Findings,
) -> Result<CategoryPlaces, TableError> {
    let osm = of_the_map(category, osm, findings);
    if category.files.is_empty() {
        return Ok(CategoryPlaces { places: osm, merge: None });
    }
    let mut registers: Vec<CategoryPlace> = Vec::new();
    let mut twice = 0;
    let closed = findings.total("register_closed");
    for file in &category.files {
        let register = read_register(
            file,
            category.capacity.as_deref(),
            around.postcodes,
            around.area,
            findings,
        )?;
        let places: Vec<CategoryPlace> = register.into_iter().map(CategoryPlace::from).collect();
        if registers.is_empty() {
            registers = places;
        } else {
            let (all, count) = merge::join(registers, places);
            (registers, twice) = (all, twice + count);
        }
    }
    let alone = category.osm.is_empty() || category.replace_osm;
    if alone && registers.is_empty() && findings.total("register_closed") == closed {
        return Err(nothing(category));
    }
    let report = compare(category, &osm, &registers, twice, around.map);
    let has_map = !category.osm.is_empty();
    if has_map {
        tell(&report, findings);
    }
    let places = if category.replace_osm { registers } else { merge::join(osm, registers).0 };
    Ok(CategoryPlaces { places, merge: has_map.then_some(report) })
}

/// A category of which nothing is known, which is not the same as none.
fn nothing(category: &Category) -> TableError {
    let files: Vec<String> = category.files.iter().map(|file| file.display().to_string()).collect();
    let what = format!(
        "no usable place of `{}`, so that they are not known (which is not 0): give a register with rows, or leave out the \
         category",
        category.name
    );
    TableError::Format { file: files.join(", "), what }
}

/// The map's places that the category's further conditions take, each once.
fn of_the_map<'a>(
    category: &Category,
    osm: impl Iterator<Item = &'a OsmPlace>,
    findings: &mut Findings,
) -> Vec<CategoryPlace> {
    let (mut small, mut other_chain) = (0, 0);
    let taken = osm.filter(|place| {
        let too_small = category
            .min_area_m2
            .zip(place.area_m2)
            .is_some_and(|(least, area)| area < f64::from(least));
        let other = !is_of_chain(place, &category.brands);
        small += u64::from(too_small);
        other_chain += u64::from(other && !too_small);
        !too_small && !other
    });
    let places: Vec<CategoryPlace> = once(taken.collect(), &category.name, findings);
    let what = format!("places of `{}` that are smaller than its `min_area_m2`", category.name);
    findings.count(Severity::Info, "place_too_small", Outcome::Dropped, "places", small, what);
    let what = format!("places of `{}` that are of none of its `brands`", category.name);
    findings.count(
        Severity::Info,
        "place_of_other_brand",
        Outcome::Dropped,
        "places",
        other_chain,
        what,
    );
    places
}

fn is_of_chain(place: &OsmPlace, brands: &[String]) -> bool {
    let squeeze = |text: &str| key_of(text).replace('_', "");
    let tags =
        place.tags.iter().filter(|(key, _)| key == "brand" || key == "operator").map(|(_, v)| v);
    let said: Vec<String> = tags.chain([&place.name]).map(|text| squeeze(text)).collect();
    brands.is_empty()
        || brands.iter().map(|b| squeeze(b)).any(|b| said.iter().any(|text| text.contains(&b)))
}

/// A node and an area of the same name within 50 m of each other are one place, mapped twice under
/// different tags (`amenity=doctors` on the door, `healthcare=centre` on the house).
fn once(osm: Vec<&OsmPlace>, category: &str, findings: &mut Findings) -> Vec<CategoryPlace> {
    let (nodes, areas): (Vec<&OsmPlace>, Vec<&OsmPlace>) =
        osm.iter().partition(|p| p.area_m2.is_none());
    let named = |list: Vec<&OsmPlace>| -> Vec<CategoryPlace> {
        list.into_iter().filter(|p| !p.name.is_empty()).map(CategoryPlace::from).collect()
    };
    let (nodes, areas) = (named(nodes), named(areas));
    let mut repeated: FxHashMap<String, ()> = FxHashMap::default();
    for (area, node) in merge::pairs(&areas, &nodes) {
        if merge::likeness(&areas[area].name, &nodes[node].name) == Some(1.0)
            && merge::apart(&areas[area], &nodes[node]) <= merge::SAME_SPOT
        {
            repeated.insert(nodes[node].id.clone(), ());
        }
    }
    let what = format!(
        "a node of `{category}` repeats an area beside it (same name, other tag); the area alone counts"
    );
    findings.count(
        Severity::Info,
        "osm_place_twice",
        Outcome::Dropped,
        "places",
        repeated.len() as u64,
        what,
    );
    osm.into_iter().filter(|p| !repeated.contains_key(&p.id)).map(CategoryPlace::from).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of places")]
fn compare(
    category: &Category,
    osm: &[CategoryPlace],
    registers: &[CategoryPlace],
    twice: u64,
    map: &MapExtent,
) -> PlacesMerge {
    let pairs = merge::pairs(osm, registers);
    let mut known = merge::within_reach(registers, map);
    for (_, register) in &pairs {
        known[*register] = true;
    }
    let could = known.iter().filter(|known| **known).count();
    let matched = pairs.len();
    let recall = (could > 0).then(|| (1000.0 * matched as f64 / could as f64).round() / 10.0);
    PlacesMerge {
        category: category.name.clone(),
        register: registers.len() as u64,
        osm: osm.len() as u64,
        matched: matched as u64,
        only_osm: (osm.len() - matched) as u64,
        only_register: (registers.len() - matched) as u64,
        register_twice: twice,
        osm_recall_pct: recall,
    }
}

fn tell(report: &PlacesMerge, findings: &mut Findings) {
    let PlacesMerge { category, register, osm, matched, only_osm, only_register, .. } = report;
    let recall = report
        .osm_recall_pct
        .map_or("no place of the register lies on the map".to_owned(), |pct| {
            format!("the map has {pct:.1} % of the register's places that lie on it")
        });
    let what = format!(
        "`{category}`: {register} places in the register, {osm} on the map, {matched} in both, {only_osm} on the map \
         alone, {only_register} in the register alone; {recall}"
    );
    findings.count(
        Severity::Info,
        "places_merged",
        Outcome::Kept,
        "places",
        (*register).max(1),
        what,
    );
}

impl From<&OsmPlace> for CategoryPlace {
    fn from(place: &OsmPlace) -> CategoryPlace {
        let hours = place
            .tags
            .iter()
            .find(|(key, _)| key == "opening_hours")
            .map(|(_, hours)| hours.clone());
        CategoryPlace {
            id: place.id.clone(),
            name: place.name.clone(),
            points: place.points.clone(),
            capacity: None,
            opening_hours: hours,
            source: PlaceSource::Osm,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::geometry::LonLat;
    use crate::inputs::project::{Project, Taxonomy};

    fn osm(id: &str, name: &str, area: Option<f64>, tags: &[(&str, &str)]) -> OsmPlace {
        OsmPlace {
            id: id.into(),
            name: name.into(),
            rules: vec![0],
            points: vec![LonLat::new(-3.0, 51.6).expect("on the globe")].into(),
            area_m2: area,
            tags: tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }

    static NOWHERE: LazyLock<MapExtent> = LazyLock::new(MapExtent::default);

    fn around() -> RegisterContext<'static> {
        RegisterContext { postcodes: None, area: None, map: &NOWHERE }
    }

    #[test]
    fn the_published_filter_of_supermarkets_takes_size_and_chain() {
        let category = Taxonomy::shipped().find("large_supermarket").cloned().expect("there");
        let all = [
            osm("w1", "Tesco Extra", Some(5000.0), &[]),
            osm("w2", "Tesco Express", Some(200.0), &[]),
            osm("n3", "", None, &[("brand", "Sainsbury's")]),
            osm("w4", "Spar", Some(900.0), &[]),
            osm("w5", "Supermarket", Some(900.0), &[("operator", "The Co-operative")]),
        ];
        let mut findings = Findings::new();
        let found = gather(&category, all.iter(), &around(), &mut findings).expect("read");
        let ids: Vec<_> = found.places.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, ["w1", "n3", "w5"]);
        assert_eq!(
            (findings.total("place_too_small"), findings.total("place_of_other_brand")),
            (1, 1)
        );
        assert!(found.merge.is_none());
    }

    #[test]
    fn a_surgery_with_a_tag_on_its_door_and_another_on_its_house_is_one() {
        let category = Taxonomy::shipped().find("gp").cloned().expect("there");
        let all = [
            osm("n1", "Beechwood", None, &[("amenity", "doctors")]),
            osm("n2", "Isca Medical", None, &[("amenity", "doctors")]),
            osm("w3", "Beechwood", Some(300.0), &[("healthcare", "centre")]),
        ];
        let mut findings = Findings::new();
        let found = gather(&category, all.iter(), &around(), &mut findings).expect("read");
        let ids: Vec<_> = found.places.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, ["n2", "w3"]);
        assert_eq!(findings.total("osm_place_twice"), 1);
    }

    #[test]
    fn registers_are_added_or_stand_in_the_maps_stead() {
        let folder = tempfile::tempdir().expect("a folder");
        // The second lies 20 km off; the streets below run about the first and the third alone.
        let csv = "name,lon,lat\nCentral Library,-3.0001,51.6001\nFar Library,-3.3,51.6\nNew Library,-3.01,51.6\n";
        std::fs::write(folder.path().join("r.csv"), csv).expect("written");
        let read = |more: &str| {
            let toml = format!(
                "osm = [\"x\"]\n[neighbourhoods]\nfile = \"x\"\n[categories.library]\nfiles = [\"r.csv\"]\n{more}"
            );
            let project = Project::parse(&toml, "p", folder.path()).expect("valid");
            let all =
                [osm("w1", "Central Library", Some(900.0), &[]), osm("n2", "Bücherei", None, &[])];
            let at = |lon, lat| LonLat::new(lon, lat).expect("on the globe");
            let block =
                [at(-3.02, 51.598), at(-2.98, 51.598), at(-2.98, 51.602), at(-3.02, 51.602)];
            let map = MapExtent::of(&block, &[&[0, 1, 2, 3, 0]]);
            let around = RegisterContext { map: &map, ..around() };
            let mut findings = Findings::new();
            let found =
                gather(&project.categories[0], all.iter(), &around, &mut findings).expect("read");
            (found, findings)
        };
        let (found, findings) = read("");
        let report = found.merge.expect("both");
        assert_eq!((report.register, report.osm, report.matched), (3, 2, 1));
        assert_eq!(
            (report.only_osm, report.only_register, report.osm_recall_pct),
            (1, 2, Some(50.0))
        );
        assert_eq!(found.places.len(), 4);
        assert_eq!(found.places[0].source, PlaceSource::Both);
        assert_eq!(findings.total("places_merged"), 3);
        let (found, _) = read("replace_osm = true\n");
        assert_eq!(found.places.iter().filter(|p| p.source == PlaceSource::Register).count(), 3);
        assert_eq!((found.places.len(), found.merge.map(|m| m.matched)), (3, Some(1)));
    }
}
