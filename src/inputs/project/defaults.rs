//! What holds when the project file does not say otherwise: six windows and nine kinds of places.
//!
//! The OSM rules follow the tags in use in Britain (OSM wiki, and counts over the Newport 2023 and Rutland 2022
//! extracts). What is left out is as deliberate as what is in:
//! - `community_centre` takes in halls that are mapped as buildings only, unless they are already another amenity, and
//!   social clubs; it leaves out sports clubs, which serve their members.
//! - `park` takes in recreation grounds under both keys and village greens; it leaves out pitches and gardens, most of
//!   which are private or inside a park, and nature reserves, which are seldom a place to meet.
//! - `gp` takes in `healthcare=doctor` and, since many surgeries are mapped so, `amenity=clinic` and
//!   `healthcare=centre`; it leaves out hospitals and dentists.
//! - `school` leaves out nurseries and colleges; `supermarket` leaves out convenience shops.
//!
//! An object that carries two of the tags is one place.

use super::{Category, Day, Group, Window};
use crate::units::ServiceTime;

/// The windows used when the project file has none.
pub fn built_in_windows() -> Vec<Window> {
    let window = |name: &str, day, from, to| Window {
        name: name.to_owned(),
        day,
        from: ServiceTime::hms(from, 0, 0),
        to: ServiceTime::hms(to, 0, 0),
    };
    vec![
        window("am", Day::Weekday, 7, 9),
        window("midday", Day::Weekday, 11, 13),
        window("evening", Day::Weekday, 18, 20),
        window("night", Day::Weekday, 23, 25),
        window("saturday", Day::Saturday, 10, 12),
        window("sunday", Day::Sunday, 10, 12),
    ]
}

/// The kinds of places used when the project file has none.
pub fn built_in_categories() -> Vec<Category> {
    use Group::{Meeting, Service};
    vec![
        category(
            "community_centre",
            "Community centres and halls",
            Meeting,
            &[
                "amenity=community_centre|community_hall|social_centre|social_club",
                "club=social|working_mens",
                "building=village_hall|church_hall|community_centre & !amenity=place_of_worship",
            ],
        ),
        category("pub", "Pubs", Meeting, &["amenity=pub"]),
        category("place_of_worship", "Places of worship", Meeting, &["amenity=place_of_worship"]),
        category("library", "Libraries", Meeting, &["amenity=library"]),
        category(
            "park",
            "Parks and recreation grounds",
            Meeting,
            &["leisure=park|recreation_ground|common", "landuse=recreation_ground|village_green"],
        ),
        category(
            "gp",
            "GP surgeries",
            Service,
            &["amenity=doctors|clinic", "healthcare=doctor|clinic|centre"],
        ),
        category("pharmacy", "Pharmacies", Service, &["amenity=pharmacy", "healthcare=pharmacy"]),
        category("school", "Schools", Service, &["amenity=school"]),
        category("supermarket", "Supermarkets", Service, &["shop=supermarket"]),
    ]
}

fn category(name: &str, label: &str, group: Group, osm: &[&str]) -> Category {
    Category {
        name: name.to_owned(),
        label: label.to_owned(),
        group,
        osm: osm.iter().map(|&rule| rule.to_owned()).collect(),
        files: Vec::new(),
        replace_osm: false,
        capacity: None,
    }
}
