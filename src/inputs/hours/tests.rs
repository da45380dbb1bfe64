use super::OpenState::{Closed, Open, Unknown};
use super::*;

const NEWPORT: (f64, f64) = (-3.0, 51.58);
const EDINBURGH: (f64, f64) = (-3.19, 55.95);
const DUBLIN: (f64, f64) = (-6.26, 53.35);
const PARIS: (f64, f64) = (2.35, 48.85);

fn opening(date: &str, from: (i32, i32), to: (i32, i32)) -> Opening {
    let time = |(h, m)| ServiceTime::hms(h, m, 0);
    let zone = TimeZone::get("Europe/London").expect("a timezone");
    Opening {
        date: date.parse().expect("a date"),
        from: time(from),
        to: time(to),
        zone,
        nation: None,
    }
}

fn point((lon, lat): (f64, f64)) -> LonLat {
    LonLat::new(lon, lat).expect("a point")
}

fn state(hours: &str, date: &str, from: (i32, i32), to: (i32, i32)) -> OpenState {
    opening(date, from, to).state(Some(hours), point(NEWPORT))
}

/// Tuesday 2024-03-05.
fn evening(hours: &str) -> OpenState {
    state(hours, "2024-03-05", (18, 0), (20, 0))
}

fn morning(hours: &str, date: &str, place: (f64, f64)) -> OpenState {
    opening(date, (10, 0), (12, 0)).state(Some(hours), point(place))
}

#[test]
fn half_an_hour_of_the_window_is_enough() {
    assert_eq!(evening("Mo-Fr 09:00-18:15"), Closed);
    assert_eq!(evening("Mo-Fr 09:00-18:30"), Open);
    assert_eq!(evening("Mo-Fr 19:30-23:00"), Open);
    assert_eq!(evening("Mo-Fr 19:31-23:00"), Closed);
    assert_eq!(evening("Mo-Fr 18:00-18:20,18:40-19:00"), Closed, "two bits are not one piece");
    assert_eq!(evening("24/7"), Open);
    assert_eq!(evening("Mo-Su 24/7"), Open);
    assert_eq!(evening("Mo-Su 00:00-24:00"), Open);
    assert_eq!(evening("off"), Closed);
    assert_eq!(
        state("Tu 10:00-10:20", "2024-03-05", (10, 0), (10, 20)),
        Open,
        "all of a shorter window"
    );
}

#[test]
fn days_and_nights_are_told_apart() {
    assert_eq!(evening("Mo,We-Su 09:00-22:00"), Closed, "a Tuesday");
    assert_eq!(state("Su 10:00-16:00", "2024-03-10", (10, 0), (12, 0)), Open);
    // A window through midnight, and a bar that keeps open through it.
    assert_eq!(state("Tu 20:00-02:00", "2024-03-05", (23, 0), (25, 0)), Open);
    assert_eq!(
        state("Mo 20:00-02:00", "2024-03-05", (0, 0), (2, 0)),
        Open,
        "since the evening before"
    );
    assert_eq!(state("Tu 20:00-23:00", "2024-03-05", (23, 0), (25, 0)), Closed);
    assert_eq!(state("Mo 12:00-00:00", "2024-03-05", (0, 0), (1, 0)), Closed);
    assert_eq!(state("Tu 18:00-26:00", "2024-03-06", (1, 0), (2, 0)), Open, "26:00 is two o'clock");
}

#[test]
fn a_span_past_midnight_is_not_cut_by_an_earlier_rule() {
    // Sunday 2026-03-15.
    let night = |hours| state(hours, "2026-03-15", (0, 0), (0, 45));
    assert_eq!(night("Su-Th 12:00-23:00; Fr-Sa 12:00-01:00"), Open);
    assert_eq!(night("Su-Th 12:00-23:00; Fr-Sa 12:00-00:20"), Closed);
    assert_eq!(night("Su off; Mo-Sa 18:00-02:00"), Open);
    // By the letter a later rule cuts it off; people mean otherwise.
    assert_eq!(night("Fr-Sa 12:00-01:00; Su-Th 12:00-23:00"), Unknown);
    assert_eq!(night("Mo-Sa 18:00-02:00; Su off"), Unknown);
    assert_eq!(night("Mo-Sa 18:00-02:00, Su 12:00-20:00"), Open, "rules that add");
    assert_eq!(night("Mo-Sa 18:00-02:00; Su 00:00-03:00 off"), Closed, "times that are closed");
    assert_eq!(state("Su-Th 12:00-23:00; Fr-Sa 12:00-01:00", "2026-03-15", (12, 0), (14, 0)), Open);
}

#[test]
fn public_holidays_are_those_of_the_nation() {
    let library = "Mo-Sa 09:00-17:00; PH off";
    for date in [
        "2026-04-03",
        "2026-04-06",
        "2026-08-31",
        "2026-12-25",
        "2026-12-26",
        "2026-12-28",
        "2026-01-01",
    ] {
        assert_eq!(morning(library, date, NEWPORT), Closed, "{date}");
    }
    assert_eq!(morning(library, "2026-03-10", NEWPORT), Open);
    assert_eq!(morning(library, "2026-01-02", NEWPORT), Open);
    assert_eq!(morning(library, "2026-01-02", EDINBURGH), Closed);
    assert_eq!(
        morning(library, "2026-04-06", EDINBURGH),
        Open,
        "Easter Monday is no holiday in Scotland"
    );
    assert_eq!(morning(library, "2026-04-03", DUBLIN), Open, "nor Good Friday in Ireland");
    assert_eq!(morning(library, "2026-10-26", DUBLIN), Closed);
    assert_eq!(
        morning(library, "2026-12-28", DUBLIN),
        Unknown,
        "no law of Ireland makes substitute days"
    );
    assert_eq!(morning(library, "2026-07-14", PARIS), Unknown, "France's holidays are not known");
    assert_eq!(morning(library, "2026-07-12", PARIS), Closed, "a Sunday whatever is a holiday");
    assert_eq!(morning(library, "2031-12-25", NEWPORT), Unknown, "a year that is not known");
    assert_eq!(morning("Mo-Sa 09:00-17:00", "2026-12-25", PARIS), Open, "no word of holidays");
    let told =
        Opening { nation: Some(Nation::Scotland), ..opening("2026-01-02", (10, 0), (12, 0)) };
    assert_eq!(told.state(Some(library), point(NEWPORT)), Closed, "the project's word");
    assert_eq!(
        morning("Mo-Sa 09:00-17:00; PH -1 day off", "2026-12-24", NEWPORT),
        Closed,
        "Christmas Eve"
    );
}

#[test]
fn selectors_of_one_rule_are_joined_by_and() {
    let museum = "Mo-Su 10:00-17:00; PH Mo off";
    assert_eq!(morning(museum, "2026-03-09", NEWPORT), Open, "a Monday");
    assert_eq!(morning(museum, "2026-12-25", NEWPORT), Open, "a holiday, a Friday");
    assert_eq!(morning(museum, "2026-04-06", NEWPORT), Closed, "Easter Monday");
    assert_eq!(morning("Mo-Su 10:00-17:00; PH,Mo off", "2026-03-09", NEWPORT), Closed);
    assert_eq!(morning("Mo-Su 10:00-17:00; Mo PH off", "2026-03-09", NEWPORT), Open);
    assert_eq!(morning("Mo-Su, PH 05:00-09:00", "2026-03-09", NEWPORT), Closed, "one list of days");
}

#[test]
fn school_holidays_are_unknown() {
    let club = "SH Mo-Fr 09:00-17:00";
    assert_eq!(morning(club, "2026-03-10", NEWPORT), Unknown);
    assert_eq!(morning(club, "2026-03-14", NEWPORT), Closed, "a Saturday");
    assert_eq!(state(club, "2026-03-10", (18, 0), (20, 0)), Closed);
    assert_eq!(morning("Mo-Fr 09:00-17:00; SH off", "2026-03-10", NEWPORT), Unknown);
    assert_eq!(
        morning("Mo-Fr 09:00-17:00; SH 10:00-16:00", "2026-03-10", NEWPORT),
        Open,
        "either way"
    );
}

#[test]
fn a_comment_without_a_state_is_unknown() {
    assert_eq!(evening("\"by appointment\""), Unknown);
    assert_eq!(evening("Mo-Fr 09:00-20:00 \"ring the bell\""), Unknown);
    assert_eq!(evening("We 09:00-20:00 \"ring the bell\""), Closed);
    assert_eq!(evening("Mo-Fr 09:00-20:00 open \"ring the bell\""), Open);
    assert_eq!(evening("closed \"for ever\""), Closed);
    assert_eq!(evening("Mo-Fr 09:00-17:00 || \"by appointment\""), Unknown);
    assert_eq!(
        state("Mo-Fr 09:00-17:00 || \"by appointment\"", "2024-03-05", (10, 0), (12, 0)),
        Open
    );
    assert_eq!(evening("Mo-Fr 18:00+"), Unknown, "until when nobody says");
    assert_eq!(evening("Mo-Fr 17:00-19:00+"), Open);
}

#[test]
fn rules_without_days_add_up() {
    let halves = "10:00-12:00; 18:00-20:00";
    assert_eq!(evening(halves), Open);
    assert_eq!(state(halves, "2024-03-05", (10, 0), (12, 0)), Open);
    assert_eq!(state(halves, "2024-03-05", (13, 0), (17, 0)), Closed);
    // The later replaces what it overlaps.
    assert_eq!(state("10:00-14:00; 12:00-16:00", "2024-03-05", (10, 0), (11, 0)), Closed);
    // After a rule with days: every day, or those days too?
    assert_eq!(state("Mo-Fr 10:00-12:00; 18:00-20:00", "2024-03-05", (10, 0), (12, 0)), Unknown);
    assert_eq!(state("10:00-18:00; Tu off", "2024-03-05", (10, 0), (12, 0)), Closed);
    assert_eq!(state("10:00-18:00; Tu 14:00-16:00", "2024-03-05", (10, 0), (12, 0)), Closed);
}

#[test]
fn a_rule_that_would_say_nothing_is_doubted() {
    assert_eq!(morning("PH off; Mo-Su 09:00-17:00", "2026-12-25", NEWPORT), Unknown);
    assert_eq!(morning("PH off; Mo-Su 09:00-17:00", "2026-03-10", NEWPORT), Open);
    assert_eq!(morning("Jan 01 off; Dec 25,26 off; 09:00-17:00", "2026-12-26", NEWPORT), Unknown);
    assert_eq!(
        morning("Dec 20-31 off; Dec 24 09:00-17:00", "2026-12-24", NEWPORT),
        Open,
        "an exception"
    );
    assert_eq!(morning("Th off; Dec 20-24 09:00-17:00", "2026-12-24", NEWPORT), Open, "likewise");
    assert_eq!(morning("PH off; Mo-Su 13:00-17:00", "2026-12-25", NEWPORT), Closed);
}

#[test]
fn the_sun_is_that_of_the_place_and_the_date() {
    let park = "dawn-dusk";
    assert_eq!(state(park, "2026-12-21", (17, 30), (19, 0)), Closed);
    assert_eq!(state(park, "2026-06-23", (20, 15), (21, 30)), Open);
    assert_eq!(state("sunrise-sunset", "2026-12-21", (7, 0), (8, 0)), Closed);
    assert_eq!(state("(sunrise-01:00)-(sunset+00:30)", "2026-12-21", (7, 20), (8, 0)), Open);
    assert_eq!(state("sunset-sunrise", "2026-12-22", (3, 0), (4, 0)), Open, "all night");
    assert_eq!(state("sunset-sunrise", "2026-12-22", (12, 0), (13, 0)), Closed);
    // In June it is dusk after ten.
    assert_eq!(state("dusk-22:00", "2026-06-23", (12, 0), (13, 0)), Closed);
    assert_eq!(state("dusk-22:00", "2026-12-21", (20, 0), (22, 0)), Open);
    // Where it is never dark.
    let unst = opening("2026-06-21", (23, 0), (24, 0)).state(Some(park), point((-0.85, 60.84)));
    assert_eq!(unst, Unknown);
}

#[test]
fn dates_of_the_year() {
    let on = |hours, date| morning(hours, date, NEWPORT);
    assert_eq!(on("2026 Jan-Mar 09:00-17:00", "2026-03-15"), Open, "all of March");
    assert_eq!(on("2026 Jan-Mar 09:00-17:00", "2025-03-15"), Closed);
    assert_eq!(on("2026 May 09:00-17:00", "2026-05-20"), Open);
    assert_eq!(on("Oct-Mar 09:00-17:00", "2026-01-20"), Open);
    assert_eq!(on("Oct-Mar 09:00-17:00", "2026-04-20"), Closed);
    assert_eq!(on("2025 Nov-Feb 09:00-17:00", "2026-02-20"), Open);
    assert_eq!(on("2025 Nov-Feb 09:00-17:00", "2026-11-20"), Closed);
    assert_eq!(on("Dec 24-Jan 02 09:00-17:00", "2026-01-01"), Open);
    assert_eq!(on("Dec 24-Jan 02 09:00-17:00", "2026-01-03"), Closed);
    assert_eq!(on("2025 Dec 24-2026 Jan 02 09:00-17:00", "2026-12-27"), Closed);
    assert_eq!(on("Mo-Su 09:00-17:00; Dec 25, Dec 26 off", "2026-12-25"), Closed);
    assert_eq!(on("Mo-Su 09:00-17:00; Dec 25,Dec 26 off", "2026-12-24"), Open);
    assert_eq!(on("Mo-Su 09:00-17:00; easter -2 days off", "2026-04-03"), Closed);
    assert_eq!(on("Mo-Su 09:00-17:00; easter off", "2026-04-05"), Closed);
    assert_eq!(on("Tu[2] 09:00-17:00", "2026-03-10"), Open);
    assert_eq!(on("Tu[1] 09:00-17:00", "2026-03-10"), Closed);
    assert_eq!(on("Tu[-1] 09:00-17:00", "2026-03-31"), Open);
    assert_eq!(on("Mar Su[-1]-Oct Su[-1] 09:00-17:00", "2026-03-28"), Closed);
    assert_eq!(on("Mar Su[-1]-Oct Su[-1] 09:00-17:00", "2026-03-29"), Open);
    assert_eq!(on("week 10-12/2 09:00-17:00", "2026-03-03"), Open, "week 10");
    assert_eq!(on("week 10-12/2 09:00-17:00", "2026-03-10"), Closed, "week 11");
    assert_eq!(on("Feb 29 09:00-17:00", "2026-02-28"), Closed);
    assert_eq!(on("Feb 20-Feb 29 09:00-17:00", "2026-02-28"), Open);
    assert_eq!(on("2024-2026 09:00-17:00", "2026-02-28"), Open);
    assert_eq!(on("2024-2025 09:00-17:00", "2026-02-28"), Closed);
    assert_eq!(on("Fr-Mo 09:00-17:00", "2026-03-08"), Open);
}

#[test]
fn rules_as_they_are_met_in_the_field() {
    let on = |hours, date, from, to| state(hours, date, (from, 0), (to, 0));
    // Good Friday 2026-04-03; Tuesday 2026-03-10; Sunday 2026-03-15; Christmas Day 2026 is a
    // Friday.
    let cases = [
        ("Mo-Sa 09:00-17:00; PH,Su off", "2026-04-03", 10, 12, Closed),
        ("Mo-Sa 09:00-17:00; PH,Su off", "2026-03-15", 10, 12, Closed),
        ("Mo-Fr 09:00-17:00; PH closed; Dec 25 off", "2026-12-25", 10, 12, Closed),
        ("Mo-Fr 09:00-17:00; PH closed; Dec 24 off", "2026-12-24", 10, 12, Closed),
        ("24/7; PH off", "2026-12-25", 10, 12, Closed),
        ("24/7; PH off", "2026-12-24", 23, 25, Open),
        ("24/7; PH off", "2026-12-28", 23, 25, Open),
        ("24/7; PH off", "2026-12-25", 23, 25, Closed),
        ("week 1-53/2 Mo-Fr 09:00-17:00", "2026-03-10", 10, 12, Open),
        ("week 1-53/2 Mo-Fr 09:00-17:00", "2026-03-03", 10, 12, Closed),
        ("week 02-52/2 Tu 09:00-17:00", "2026-03-03", 10, 12, Open),
        ("Mo-Su 09:00-17:00; easter -2 days off", "2026-04-03", 10, 12, Closed),
        ("Mo-Su 09:00-17:00; easter +1 day off", "2026-04-06", 10, 12, Closed),
        ("Jan-Mar Mo[1] 10:00-12:00", "2026-03-02", 10, 12, Open),
        ("Jan-Mar Mo[1] 10:00-12:00", "2026-04-06", 10, 12, Closed),
        ("Mo[-1] 10:00-12:00", "2026-03-30", 10, 12, Open),
        ("Mo[2-3] 10:00-12:00", "2026-03-16", 10, 12, Open),
        ("sunrise-sunset; PH off", "2026-06-23", 20, 21, Open),
        ("08:00-(sunset+01:00)", "2026-12-21", 16, 17, Open),
        ("08:00-(sunset-01:00)", "2026-12-21", 16, 17, Closed),
        ("00:00-24:00", "2026-03-10", 23, 26, Open),
        ("Mo-Su 22:00-26:00", "2026-03-11", 1, 2, Open),
        ("Mo-Su 22:00-26:00", "2026-03-11", 2, 3, Closed),
        ("Fr,Sa 22:00-03:00", "2026-03-15", 1, 3, Open),
        ("Fr,Sa 22:00-03:00", "2026-03-16", 1, 3, Closed),
        ("Mo-Fr 09:00+", "2026-03-10", 10, 12, Unknown),
        ("Mo-Fr 09:00+", "2026-03-10", 7, 9, Closed),
        ("Mo-Fr 09:00-17:00; SH off", "2026-03-10", 10, 12, Unknown),
        ("SH off; Mo-Fr 09:00-17:00", "2026-03-14", 10, 12, Closed),
        ("2020 Mo-Fr 09:00-17:00", "2026-03-10", 10, 12, Closed),
        ("2020-2022 Mo-Fr 09:00-17:00; 2023+ Mo-Fr 13:00-17:00", "2026-03-10", 10, 12, Closed),
        ("2020-2022 Mo-Fr 09:00-17:00; 2023+ Mo-Fr 13:00-17:00", "2026-03-10", 13, 15, Open),
        ("2021 Mar 05-2021 Apr 10 off", "2026-03-10", 10, 12, Unknown),
        ("Mo-Fr 09:00-17:00; 2026 Mar 09-2026 Mar 13 off", "2026-03-10", 10, 12, Closed),
        ("PH Mo-Fr 10:00-12:00", "2026-04-03", 10, 12, Open),
        ("PH Mo-Fr 10:00-12:00", "2026-03-10", 10, 12, Closed),
        ("Mo-Fr 09:00-12:00 || 14:00-16:00", "2026-03-10", 14, 16, Open),
        ("Mo-Fr 09:00-12:00 || \"ask\"", "2026-03-14", 10, 12, Unknown),
        ("by appointment", "2026-03-10", 10, 12, Unknown),
        ("by appointment only", "2026-03-10", 10, 12, Unknown),
        ("Mo-Fr 09:00-17:00, Sa 10:00-12:00; PH off", "2026-03-14", 10, 12, Open),
        ("Mo-Fr 09:00-17:00;Sa 10:00-12:00;PH off", "2026-04-03", 10, 12, Closed),
        ("mo-fr 09:00-17:00", "2026-03-10", 10, 12, Open),
        ("Mo-Fr 9:00-17:00", "2026-03-10", 10, 12, Open),
        ("Mo-Fr 09:00-17:00; PH 10:00-16:00", "2026-04-03", 16, 17, Closed),
        ("Mo-Sa 09:00-17:00; Mar off", "2026-03-10", 10, 12, Closed),
        ("Mo-Sa 09:00-17:00; Dec 24-Jan 02 off", "2027-01-02", 10, 12, Closed),
        ("Mo-Th 09:00-17:00; Fr 09:00-13:00; Mar Tu off", "2026-03-10", 10, 12, Closed),
        ("Tu,Th 14:00-16:00; Tu 18:00-20:00", "2026-03-10", 14, 16, Closed),
        ("Tu,Th 14:00-16:00, Tu 18:00-20:00", "2026-03-10", 14, 16, Open),
        ("Mo-Fr 00:00-00:00", "2026-03-10", 10, 12, Open),
        ("Tu 10:00-10:00", "2026-03-10", 12, 13, Open),
        ("Mo-Su 06:00-01:00; Su off", "2026-03-15", 0, 1, Unknown),
    ];
    let wrong: Vec<String> = cases
        .into_iter()
        .map(|(hours, date, from, to, wanted)| {
            (hours, date, from, to, wanted, on(hours, date, from, to))
        })
        .filter(|(.., wanted, found)| wanted != found)
        .map(|case| format!("{case:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Shut on public holidays: a holiday of one nation, and of its places alone, wherever the rest of
/// the study lies.
#[test]
fn a_holiday_of_one_nation_shuts_its_own_places_alone() {
    const BELFAST: (f64, f64) = (-5.93, 54.6);
    let library = "Mo-Su 09:00-17:00; PH off";
    // England or Wales, Scotland, Northern Ireland, Ireland: closed or open.
    let cases = [
        ("2025-01-02", "ocoo"),
        ("2025-03-17", "oocc"),
        ("2025-07-12", "ooco"),
        ("2025-07-14", "ooco"),
        ("2026-07-13", "ooco"),
        ("2025-12-01", "ocoo"),
        ("2024-11-30", "ocoo"),
        ("2025-08-04", "ococ"),
        ("2025-08-25", "coco"),
        ("2025-04-18", "ccco"),
        ("2025-04-21", "cocc"),
        ("2022-06-02", "ccco"),
        ("2022-06-03", "ccco"),
        ("2022-05-30", "oooo"),
        ("2022-06-06", "oooc"),
        ("2023-05-08", "ccco"),
        ("2023-05-01", "cccc"),
        ("2020-05-04", "oooc"),
        ("2020-05-08", "ccco"),
        ("2022-09-19", "ccco"),
        ("2022-02-07", "oooo"),
        ("2023-02-06", "oooc"),
        ("2027-02-01", "oooc"),
        ("2030-12-25", "uuuu"),
        ("2009-12-25", "uuuu"),
    ];
    for (date, wanted) in cases {
        let letter = |place| match morning(library, date, place) {
            Open => 'o',
            Closed => 'c',
            Unknown => 'u',
        };
        let found: String = [NEWPORT, EDINBURGH, BELFAST, DUBLIN].into_iter().map(letter).collect();
        assert_eq!(found, wanted, "{date}");
    }
}

#[test]
fn what_is_not_known_is_unknown() {
    let texts = [
        "",
        "  ",
        "by appointment",
        "ring the bell",
        "Mo-Fr 9 til late",
        "unknown",
        "Su off",
        "Mo-Fr 18:00",
        "Mo-Fr 12; 00-23:00",
        &"Mo ".repeat(2000),
    ];
    for hours in texts {
        assert_eq!(evening(hours), Unknown, "{hours:.40}");
    }
    assert_eq!(opening("2024-03-05", (18, 0), (20, 0)).state(None, point(NEWPORT)), Unknown);
    assert_eq!(morning("PH off", "2026-12-25", NEWPORT), Closed, "that much it says");
}

#[test]
fn hours_hold_in_all_of_a_window_or_in_part_of_it() {
    let window = opening("2026-03-10", (17, 0), (19, 0));
    let times = |hours| {
        let times = window.times(hours, point(NEWPORT))?;
        let minutes = |(from, to): (ServiceTime, ServiceTime)| {
            ((from.get() / 60) - 1020, (to.get() / 60) - 1020)
        };
        Some(times.into_iter().map(minutes).collect::<Vec<_>>())
    };
    assert_eq!(times("07:00-19:00"), Some(vec![(0, 120)]));
    assert_eq!(times("07:00-18:30"), Some(vec![(0, 90)]));
    assert_eq!(times("07:00-18:30; 18:30-20:00"), Some(vec![(0, 120)]));
    assert_eq!(times("07:00-17:30; 18:59-20:00"), Some(vec![(0, 30), (119, 120)]));
    assert_eq!(times("19:00-20:00"), Some(vec![]));
    assert_eq!(times("SH 07:00-20:00"), None);
    assert_eq!(times("nonsense"), None);
}

#[test]
fn no_text_brings_it_down() {
    let seeds = [
        "Mo-Fr 09:00-17:30; Sa 10:00-16:00; PH off",
        "Apr-Sep Mo[1] 10:00+, SH,PH -1 day Tu off",
        "week 1-53/2 sunrise-sunset || \"é\"",
        "2024 Mar 05-2030 \"x\": 24/7, off",
        "no @ (Mo-Fr 07:00-09:00 AND wet); yes @ PH",
    ];
    let mut state = 7_u64;
    let mut next = |n: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % n
    };
    let window = opening("2026-03-10", (17, 0), (26, 0));
    for _ in 0..3000 {
        let mut text: Vec<u8> = seeds[next(seeds.len())].bytes().collect();
        for _ in 0..=next(4) {
            let at = next(text.len());
            match next(3) {
                0 => text[at] = b" 09:-,;[]+\"MoSuPH/@()"[next(21)],
                1 => drop(text.remove(at)),
                _ => text.insert(at, b"0123456789:-;,["[next(15)]),
            }
        }
        let text = String::from_utf8_lossy(&text);
        evening(&text);
        window.times(&text, point(NEWPORT));
    }
}
