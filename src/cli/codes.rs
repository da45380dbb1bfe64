//! The names that findings may have, for `--deny`.

use crate::cli::failure::Failure;
use crate::inputs::gtfs::policy::RULES;
use crate::inputs::project::nearest;

/// Names for all findings of a severity.
pub(super) const SEVERITIES: [&str; 2] = ["warnings", "errors"];

/// The codes of findings about anything but a feed's rows, which have theirs in the table of rules.
const OTHERS: &[&str] = &[
    "attribute_off_layer",
    "bad_code",
    "bad_coordinate",
    "bad_geometry",
    "bad_number",
    "bad_offer",
    "blank_code",
    "blank_id",
    "block_elsewhere",
    "category_without_places",
    "centroid_origin",
    "coordinates_exchanged",
    "coordinates_far_away",
    "coordinates_nought",
    "crs_mismatch",
    "date_beyond_feed_period",
    "duplicate_id",
    "duplicate_row",
    "duplicate_trip",
    "entrances_off_network",
    "foreign_key_violation",
    "fractional_jobs",
    "grouped_number",
    "hours_unknown",
    "invalid_polygon",
    "lift_time_assumed",
    "lone_negative",
    "missing_coordinate",
    "missing_coverage",
    "mixed_releases",
    "no_broadband",
    "no_code",
    "no_count",
    "no_deprivation",
    "no_geometry",
    "no_origin_given",
    "no_places",
    "no_point",
    "no_population",
    "no_postcode",
    "no_premises",
    "no_service_dates",
    "no_value",
    "no_weight",
    "odd_coverage",
    "origin_outside",
    "osm_access_unknown",
    "osm_broken_multipolygon",
    "osm_ferry_in_timetable",
    "osm_ferry_wait_unknown",
    "osm_ferry_without_duration",
    "osm_missing_nodes",
    "osm_no_streets",
    "osm_place_closed",
    "osm_place_twice",
    "osm_place_without_outline",
    "osm_text_not_utf8",
    "osm_versions_differ",
    "osm_wall_across_way",
    "osm_wall_on_junction",
    "overlapping_neighbourhoods",
    "overlapping_polygons",
    "pathway_time_assumed",
    "pathway_time_by_steps",
    "pathways_shut",
    "place_of_other_brand",
    "place_off_map",
    "place_off_network",
    "place_too_small",
    "placed_by_grid",
    "placed_by_postcode",
    "places_merged",
    "platform_without_pathways",
    "point_neighbourhood",
    "point_off_map",
    "point_off_network",
    "postcode_twice",
    "register_closed",
    "residential_passed_over",
    "same_place_twice",
    "satellite_offer",
    "shifted_datum",
    "snap_crosses",
    "snap_far",
    "snap_on_island",
    "snap_passed_over",
    "stop_access_off_network",
    "stop_access_shut",
    "stop_at_station",
    "stop_off_network",
    "straight_transfer",
    "streets_enclosed",
    "streets_islands",
    "streets_shut_in_window",
    "streets_with_hours",
    "timed_transfer_too_far",
    "too_few_cells",
    "too_many_cells",
    "unmatched_code",
    "unweighted_broadband",
    "way_without_nodes",
    "wheelchair_unknown",
    "zero_weight",
    "zone_exchanged",
];

/// Whether a finding may be called so.
pub(super) fn is_known(code: &str) -> bool {
    all().any(|known| known == code)
}

fn all() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.code).chain(OTHERS.iter().copied())
}

/// Holds the words of `--deny` to the names there are: one that is mistyped would deny nothing.
///
/// # Errors
/// If nothing is ever called so.
pub(super) fn check(deny: &[String]) -> Result<(), Failure> {
    let is_name = |word: &str| SEVERITIES.contains(&word) || is_known(word);
    let Some(word) = deny.iter().find(|word| !is_name(word)) else { return Ok(()) };
    let advice = match nearest(word, all().chain(SEVERITIES)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "give a code as findings.csv has it, or `warnings` or `errors`".to_owned(),
    };
    Err(Failure::Usage(format!("--deny: no finding is called `{word}`; {advice}")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The text behind each `Severity::…,` of the sources, if it is a literal, and that before each
    /// `, Outcome::…`.
    fn said_in(folder: &Path, said: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                said_in(&path, said);
            } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs")
            {
                let text = std::fs::read_to_string(&path).expect("text");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                said.extend(text.split("Severity::").skip(1).filter_map(|after| {
                    let (severity, next) = after.split_once(',')?;
                    severity.chars().all(char::is_alphabetic).then_some(())?;
                    let code = next.trim_start().strip_prefix('"')?;
                    Some(code.split_once('"')?.0.to_owned())
                }));
                let mut parts: Vec<&str> = text.split("\", Outcome::").collect();
                parts.pop();
                said.extend(
                    parts.iter().filter_map(|part| Some(part.rsplit_once('"')?.1.to_owned())),
                );
            }
        }
    }

    #[test]
    fn every_finding_of_the_sources_is_known() {
        let mut said = Vec::new();
        said_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut said);
        assert!(said.len() > 20, "{said:?}");
        let unknown: Vec<&String> =
            said.iter().filter(|code| !code.ends_with(":") && !is_known(code)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn a_code_that_is_mistyped_is_not_let_pass() {
        let said = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            check(&words).map_err(|failure| failure.to_string())
        };
        assert_eq!(said(&["warnings", "errors", "snap_far", "foreign_key_violation"]), Ok(()));
        let near = said(&["errors", "forein_key_violation"]).expect_err("no such code");
        assert!(near.contains("did you mean `foreign_key_violation`?"), "{near}");
        let far = said(&["xyz"]).expect_err("no such code");
        assert!(far.contains("`xyz`") && far.contains("findings.csv"), "{far}");
    }
}
