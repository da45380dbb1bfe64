//! Lines by the names that passengers know.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{ScenarioError, advice};
use super::trip_selection::{fits_route, same};
use crate::inputs::gtfs::{Feed, Route};
use crate::inputs::project::scenarios::TripSelection;

/// Operators that are listed one by one.
const LISTED: usize = 12;

/// Whether a route has this name, with or without what its publisher puts behind it.
pub(super) fn is_route(route: &Route, name: &str) -> bool {
    let own = |known: &str| !known.trim().is_empty() && same(name, known);
    own(&route.name) || own(route.known_as()) || own(&route.long_name)
}

/// What each line is called: the name that passengers know, or the published one where an operator
/// has several of that name.
pub struct LineNames {
    /// By operator and the name that passengers know: names as published.
    published: BTreeMap<(String, String), BTreeSet<String>>,
}

impl LineNames {
    /// Of the routes of some feeds.
    pub fn of(feeds: &[Feed]) -> LineNames {
        let mut published: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for route in feeds.iter().flat_map(|feed| &feed.routes) {
            let key = (route.agency.clone(), route.known_as().to_owned());
            published.entry(key).or_default().insert(route.name.clone());
        }
        LineNames { published }
    }

    /// The name of a route.
    pub fn name<'a>(&self, route: &'a Route) -> &'a str {
        let key = (route.agency.clone(), route.known_as().to_owned());
        let alone = self.published.get(&key).is_none_or(|names| names.len() == 1);
        if alone { route.known_as() } else { &route.name }
    }
}

/// A name, or an id, that routes of several operators have means none of them, unless an operator
/// is named.
pub(super) fn one_operator(
    feeds: &[Feed],
    wanted: &TripSelection,
    modification: &str,
) -> Result<(), ScenarioError> {
    if !wanted.operators.is_empty() {
        return Ok(());
    }
    let names = wanted.routes.iter().map(|name| (true, name));
    for (by_name, word) in names.chain(wanted.route_ids.iter().map(|id| (false, id))) {
        let is = |route: &Route| if by_name { is_route(route, word) } else { route.id == *word };
        let mut operators: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for feed in
            feeds.iter().filter(|feed| wanted.feed.as_ref().is_none_or(|name| *name == feed.name))
        {
            let run: BTreeSet<u32> = feed.trips.iter().map(|trip| trip.route).collect();
            let routes = (0u32..).zip(&feed.routes).filter(|(number, _)| run.contains(number));
            for (_, route) in routes.filter(|(_, route)| fits_route(wanted, route) && is(route)) {
                // Whoever names no operator is nobody's namesake but in its own feed.
                let blank = route.agency.trim().is_empty();
                let who =
                    if blank { format!("the one of {}", feed.name) } else { route.agency.clone() };
                let named = if by_name {
                    route.name.clone()
                } else {
                    format!("{} in {}", route.name, feed.name)
                };
                let known = operators.keys().find(|known| same(known, &who)).cloned();
                operators.entry(known.unwrap_or(who)).or_default().insert(named);
            }
        }
        if operators.len() > 1 {
            return Err(ScenarioError::SeveralOperators {
                modification: modification.to_owned(),
                what: if by_name { "route" } else { "route_id" },
                name: word.clone(),
                operators: listed(&operators),
            });
        }
    }
    Ok(())
}

fn listed(operators: &BTreeMap<String, BTreeSet<String>>) -> String {
    let routes = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let each =
        operators.iter().take(LISTED).map(|(who, names)| format!("{who} ({})", routes(names)));
    let each = each.collect::<Vec<_>>().join("; ");
    match operators.len().saturating_sub(LISTED) {
        0 => each,
        more => format!("{each}; and {more} more"),
    }
}

/// There is no such route, and what might have been meant: an id, another operator's, a name much
/// like it.
pub(super) fn no_such_route<'a>(
    feeds: impl Iterator<Item = &'a Feed> + Clone,
    wanted: &TripSelection,
    name: &str,
    modification: &str,
) -> ScenarioError {
    let routes = || feeds.clone().flat_map(|feed| &feed.routes);
    let by_operator = |route: &&Route| {
        wanted.operators.is_empty() || wanted.operators.iter().any(|o| same(o, &route.agency))
    };
    let place = feeds.clone().map(|feed| feed.name.as_str()).collect::<Vec<_>>().join(", ");
    let others: BTreeSet<&str> =
        routes().filter(|route| is_route(route, name)).map(|route| route.agency.as_str()).collect();
    let with_id = routes().filter(by_operator).find(|route| route.id == name);
    let advice = match (with_id, others.is_empty()) {
        (_, false) => {
            format!("it is run by: {}", others.into_iter().collect::<Vec<_>>().join("; "))
        }
        (Some(route), true) => {
            let by = if route.agency.is_empty() {
                String::new()
            } else {
                format!(" ({})", route.agency)
            };
            format!("it is the id of route {}{by}: route_id={name} chooses by id", route.known_as())
        }
        (None, true) => {
            advice(name, routes().filter(by_operator).map(|route| route.known_as().to_owned()))
        }
    };
    let place = match wanted.operators.as_slice() {
        [] => place,
        operators => format!("{place} by {}", operators.join("; ")),
    };
    ScenarioError::NoSuch {
        modification: modification.to_owned(),
        what: "route",
        name: name.to_owned(),
        place,
        advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::gtfs::without_suffix;

    fn route(id: &str, name: &str, long_name: &str) -> Route {
        let text = str::to_owned;
        Route {
            id: text(id),
            name: text(name),
            long_name: text(long_name),
            agency: text("Bus"),
            route_type: 3,
        }
    }

    #[test]
    fn what_a_publisher_puts_behind_a_name_is_its_id_or_a_long_number() {
        let known = [
            ("2-63708", "r"),
            ("2-29", "29"),
            ("2-29", "r"),
            ("50-51", "50"),
            ("-4444", "r"),
            ("X5-", ""),
            ("A-B", "B"),
        ];
        let known = known.map(|(name, id)| without_suffix(name, Some(id)));
        assert_eq!(known, ["2", "2", "2-29", "50-51", "-4444", "X5-", "A"]);
        // A long name keeps its year.
        assert_eq!(
            route("r", "Park and Ride-2026", "Park and Ride-2026").known_as(),
            "Park and Ride-2026"
        );
    }

    #[test]
    fn a_line_is_called_as_passengers_know_it_unless_its_operator_has_two_of_that_name() {
        let routes = vec![
            route("7001", "2-7001", ""),
            route("7002", "2-7002", ""),
            route("7003", "3-7003", ""),
        ];
        let feeds = [Feed { routes, ..Feed::default() }];
        let names = LineNames::of(&feeds);
        let called: Vec<&str> = feeds[0].routes.iter().map(|route| names.name(route)).collect();
        assert_eq!(called, ["2-7001", "2-7002", "3"]);
    }

    #[test]
    fn a_route_has_each_of_its_names_and_is_not_its_id() {
        let own = route("13", "40-5555", "Town to Hospital");
        let names = ["40", "40-5555", "town to hospital", "13", ""];
        assert_eq!(names.map(|name| is_route(&own, name)), [true, true, true, false, false]);
    }
}
