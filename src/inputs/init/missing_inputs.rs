//! What a folder lacks, and where it is to be had.

use super::recognise::RecognisedFiles;

/// Something that is not in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingInput {
    /// What it is, and what for.
    pub what: &'static str,
    /// Where it is to be had.
    pub from: &'static str,
    /// Whether nothing can be computed without it.
    pub needed: bool,
}

const fn needed(what: &'static str, from: &'static str) -> MissingInput {
    MissingInput { what, from, needed: true }
}

const fn more(what: &'static str, from: &'static str) -> MissingInput {
    MissingInput { what, from, needed: false }
}

const OSM: MissingInput = needed(
    "streets and places (.osm.pbf), of more than your area",
    "https://download.geofabrik.de (your county)",
);
const AREAS: MissingInput = needed(
    "neighbourhoods (polygons of LSOAs: GeoJSON, GeoPackage or Shapefile)",
    "https://geoportal.statistics.gov.uk (LSOA boundaries, BGC)",
);
const GTFS: MissingInput = more(
    "timetables (GTFS); without them only walking is computed",
    "https://data.bus-data.dft.gov.uk/timetable/download (GTFS of your region)",
);
const ORIGINS: MissingInput = more(
    "points where people live; without them homes on the map stand for them",
    "https://geoportal.statistics.gov.uk (output-area population-weighted centroids)",
);
const PEOPLE: MissingInput = more(
    "the number of people of each neighbourhood; without it results speak of points",
    "https://www.nomisweb.co.uk (census 2021 or mid-year estimates, by LSOA)",
);
const JOBS: MissingInput =
    more("jobs", "https://www.nomisweb.co.uk (Business Register and Employment Survey, by LSOA)");
const DEPRIVATION: MissingInput = more(
    "deprivation",
    "https://www.gov.uk/government/collections/english-indices-of-deprivation (File 7), \
     or https://statswales.gov.wales (WIMD)",
);
const BROADBAND: MissingInput = more(
    "broadband, by output area",
    "https://www.ofcom.org.uk (Connected Nations: fixed coverage), \
     with the ONS lookup from output areas to LSOAs",
);

/// What is not there, the needed things first.
pub(super) fn missing(found: &RecognisedFiles) -> Vec<MissingInput> {
    let people = found.population.is_empty()
        && found.polygons.first().is_none_or(|polygons| polygons.population.is_none());
    let lacks = [
        (found.osm.is_empty(), OSM),
        (found.polygons.is_empty(), AREAS),
        (found.gtfs.is_empty(), GTFS),
        (found.origins.is_empty(), ORIGINS),
        (people, PEOPLE),
        (found.jobs.is_empty(), JOBS),
        (found.deprivation.is_empty(), DEPRIVATION),
        (found.broadband.iter().all(Vec::is_empty), BROADBAND),
    ];
    lacks.into_iter().filter(|(lacks, _)| *lacks).map(|(_, what)| what).collect()
}
