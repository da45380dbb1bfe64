//! Places that shut, and new ones.

use super::error::{ScenarioError, advice};
use super::trip_selection::same;
use crate::geometry::{Entries, LonLat, Projection};
use crate::inputs::project::scenarios::{Modification, ModificationKind, PlaceChoice};

/// A place as a scenario sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioSite {
    /// Its id in its source.
    pub id: String,
    /// What it is called; may be empty.
    pub name: String,
    /// Where it is reached.
    pub points: Entries,
}

/// The places of each category, and what was done, each with its place among the modifications.
pub type ChangedPlaces = (Vec<Vec<ScenarioSite>>, Vec<(usize, String)>);

/// Closes and opens places of categories, and says what that was, with its place among the
/// modifications. Nothing if no modification is about places.
///
/// # Errors
/// If one names what is not there.
pub fn apply(
    modifications: &[Modification],
    categories: &[&str],
    sites: &[Vec<ScenarioSite>],
) -> Result<Option<ChangedPlaces>, ScenarioError> {
    let mut sites = sites.to_vec();
    let mut says = Vec::new();
    for (number, modification) in modifications.iter().enumerate() {
        let words = modification.to_string();
        match &modification.what {
            ModificationKind::Close { category, places } => {
                let sites = &mut sites[find(categories, category, &words)?];
                let closed = close(sites, places, &words)?;
                says.push((number, format!("{category}: {} shut", closed.join(", "))));
            }
            ModificationKind::Open { category, at } => {
                let (lon, lat) = (at.lon(), at.lat());
                let id = format!("opened at {lon} {lat}");
                sites[find(categories, category, &words)?].push(ScenarioSite {
                    name: id.clone(),
                    id,
                    points: vec![*at].into(),
                });
                says.push((number, format!("{category}: a new one at {lon} {lat}")));
            }
            _ => {}
        }
    }
    Ok((!says.is_empty()).then_some((sites, says)))
}

fn find(categories: &[&str], name: &str, modification: &str) -> Result<usize, ScenarioError> {
    categories.iter().position(|category| *category == name).ok_or_else(|| ScenarioError::NoSuch {
        modification: modification.to_owned(),
        what: "category",
        name: name.to_owned(),
        place: "the project".to_owned(),
        advice: advice(name, categories.iter().map(|&category| category.to_owned())),
    })
}

fn close(
    sites: &mut Vec<ScenarioSite>,
    which: &PlaceChoice,
    modification: &str,
) -> Result<Vec<String>, ScenarioError> {
    let is = |site: &ScenarioSite, name: &str| {
        site.id == name || (!site.name.is_empty() && same(&site.name, name))
    };
    let shut: Vec<bool> = match which {
        PlaceChoice::All => vec![true; sites.len()],
        PlaceChoice::Named(names) => {
            if let Some(name) = names.iter().find(|name| !sites.iter().any(|site| is(site, name))) {
                return Err(ScenarioError::NoSuch {
                    modification: modification.to_owned(),
                    what: "place",
                    name: name.clone(),
                    place: "the category".to_owned(),
                    advice: advice(name, sites.iter().map(|site| site.name.clone())),
                });
            }
            sites.iter().map(|site| names.iter().any(|name| is(site, name))).collect()
        }
        PlaceChoice::Nearest(point) => {
            let projection = Projection::about(*point);
            let far = |site: &ScenarioSite| {
                let metres = |at: &LonLat| {
                    projection.project(*point).distance(projection.project(*at)).get()
                };
                site.points.iter().map(metres).fold(f64::INFINITY, f64::min)
            };
            let nearest =
                (0..sites.len()).min_by(|a, b| far(&sites[*a]).total_cmp(&far(&sites[*b])));
            (0..sites.len()).map(|number| Some(number) == nearest).collect()
        }
    };
    let mut shut = shut.into_iter();
    let mut closed = Vec::new();
    sites.retain(|site| {
        let shut = shut.next() == Some(true);
        if shut {
            closed.push(if site.name.is_empty() { site.id.clone() } else { site.name.clone() });
        }
        !shut
    });
    if closed.is_empty() {
        let why = "the category has no place".to_owned();
        return Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why });
    }
    Ok(closed)
}
