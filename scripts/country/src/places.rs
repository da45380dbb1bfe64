//! Which places there are: nine kinds, at rates as in Great Britain.

/// A kind of place.
pub struct Kind {
    /// Its category in the project file.
    pub category: &'static str,
    /// Its tag on the map.
    pub tag: (&'static str, &'static str),
    /// How many the whole country has.
    pub count: f64,
    /// Share that is mapped as an area.
    pub as_area: f64,
    /// What follows the street's name in a place's own.
    pub called: &'static str,
}

/// All kinds.
pub const KINDS: [Kind; 9] = [
    kind("community_centre", ("amenity", "community_centre"), 35_000.0, 0.6, "Community Centre"),
    kind("pub", ("amenity", "pub"), 50_000.0, 0.2, "Arms"),
    kind("place_of_worship", ("amenity", "place_of_worship"), 55_000.0, 0.8, "Church"),
    kind("library", ("amenity", "library"), 4_000.0, 0.5, "Library"),
    kind("park", ("leisure", "park"), 40_000.0, 1.0, "Park"),
    kind("gp", ("amenity", "doctors"), 12_000.0, 0.3, "Surgery"),
    kind("pharmacy", ("amenity", "pharmacy"), 14_000.0, 0.1, "Pharmacy"),
    kind("school", ("amenity", "school"), 30_000.0, 0.95, "School"),
    kind("supermarket", ("shop", "supermarket"), 10_000.0, 0.6, "Foodstore"),
];

/// The kinds of which the `n`-th output area of the order has one, by their number in [`KINDS`].
pub fn kinds_of_area(n: usize) -> impl Iterator<Item = usize> {
    (0..KINDS.len()).flat_map(move |kind| {
        let rate = KINDS[kind].count / crate::plan::OUTPUT_AREAS as f64;
        let until = |n: usize| (n as f64 * rate + 0.11 * kind as f64) as usize;
        std::iter::repeat_n(kind, until(n + 1) - until(n))
    })
}

const fn kind(
    category: &'static str,
    tag: (&'static str, &'static str),
    count: f64,
    as_area: f64,
    called: &'static str,
) -> Kind {
    Kind { category, tag, count, as_area, called }
}
