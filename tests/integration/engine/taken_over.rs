//! What a comparison takes over from the baseline is what a full search of the scenario finds: on
//! random scenarios of the town, whose walks without steps are searched too.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use lastmile::analysis::run::{BaselineResults, ProfileNetwork, ProfileResults, RunResults};
use lastmile::analysis::study::{DatedWindow, Study};
use lastmile::analysis::world::ScenarioWorld;
use lastmile::analysis::{Lenient, Silent};
use lastmile::finding::Findings;
use lastmile::inputs::project::{Modification, Scenario};

use crate::support::random_feeds::seeded::Dice;

const TOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/town/lastmile.toml");

/// How many scenarios are drawn.
const SCENARIOS: u64 = 40;

#[test]
fn what_is_taken_over_is_what_a_full_search_finds() -> Result<(), Box<dyn Error>> {
    let mut study = Study::read(Path::new(TOWN), Lenient::default(), &mut Findings::new())?;
    study.world.remember_timetables();
    let windows = study.windows(Lenient::default())?;
    let baseline = RunResults::of(&study, &windows, &Silent, &mut Findings::new())?;
    let (mut taken_over, mut searched) = (0, 0);
    for seed in 0..SCENARIOS {
        let scenario = drawn(&mut Dice::new(seed));
        let aside = &mut Findings::new();
        // A cut may fit no trip.
        let Ok(side) = ScenarioWorld::of(&study, &scenario, &windows, Lenient::default(), aside)
        else {
            continue;
        };
        for (nth, before) in baseline.profiles.iter().enumerate() {
            let on = &side.world.walkers[nth];
            if !on.has_walks_of(&study.world.walkers[nth]) {
                continue;
            }
            let known = BaselineResults {
                network: &study.world.walkers[nth].network,
                windows: &windows,
                results: before,
            };
            let quick = found(&study, &side, nth, Some(&known))?;
            let full = found(&study, &side, nth, None)?;
            for ((quick, full), before) in
                quick.windows.iter().zip(&full.windows).zip(&before.windows)
            {
                if Arc::ptr_eq(quick, before) {
                    taken_over += 1
                } else {
                    searched += 1
                }
                let told = format!("seed {seed}, {:?}, {}", scenario.modifications, full.name);
                assert_eq!(format!("{:?}", quick.origins), format!("{:?}", full.origins), "{told}");
                assert_eq!(quick.has_service, full.has_service, "{told}");
                assert_eq!(quick.departures_per_hour, full.departures_per_hour, "{told}");
                assert_eq!(quick.service_hours, full.service_hours, "{told}");
                assert_eq!(
                    format!("{:?}", (&quick.on_lines, &quick.each)),
                    format!("{:?}", (&full.on_lines, &full.each)),
                    "{told}"
                );
            }
        }
    }
    // The test has looked at both kinds of windows.
    assert!(taken_over >= 20 && searched >= 20, "{taken_over} taken over, {searched} searched");
    Ok(())
}

/// One to three modifications of lines, hours and days.
fn drawn(dice: &mut Dice) -> Scenario {
    let mut modifications = Vec::new();
    for _ in 0..dice.between(1, 3) {
        let route = dice.between(1, 9);
        let hour = dice.between(6, 21);
        let (kind, words) = match dice.roll(5) {
            0 => ("cut", format!("route={route} after={hour}:00")),
            1 => ("cut", format!("route={route} before={hour}:00 days=sun")),
            2 => ("withdraw", format!("route={route}")),
            3 => ("thin", format!("route={route} every=2 days=sat")),
            _ => ("cut", format!("route={route} after={hour}:30 days=mon-fri")),
        };
        modifications.extend(Modification::from_words(kind, &words));
    }
    let (name, label) = ("drawn".to_owned(), "drawn by lot".to_owned());
    Scenario { name, label, gtfs: None, date: None, modifications }
}

fn found<'a>(
    study: &'a Study,
    side: &'a ScenarioWorld<'a>,
    nth: usize,
    baseline: Option<&BaselineResults<'a>>,
) -> Result<ProfileResults<'a>, Box<dyn Error>> {
    let on = &side.world.walkers[nth];
    let survey = on.survey(study.jobs.as_ref()).clone();
    let searched = ProfileNetwork { nth, on, places: &side.world.places, survey, baseline };
    let windows: &[DatedWindow] = &side.windows;
    Ok(ProfileResults::on(study, searched, windows, &Silent, &mut Findings::new())?)
}
