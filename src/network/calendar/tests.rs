use super::*;
use jiff::civil::date;

#[test]
fn on_the_days_the_clocks_change_the_service_day_begins_an_hour_off_midnight() {
    let spring = Clock::new(date(2026, 3, 29), "Europe/London").expect("known zone");
    // At 02:30 by the hands, BST, it is 01:30 UTC; noon minus 12 h is 23:00 UTC of the day before.
    assert_eq!(
        spring.wall(ServiceTime::hms(2, 30, 0)).expect("a time"),
        ServiceTime::hms(2, 30, 0)
    );
    assert_eq!(
        spring.wall(ServiceTime::hms(0, 30, 0)).expect("a time"),
        ServiceTime::hms(1, 30, 0)
    );
    assert_eq!(
        spring.wall(ServiceTime::hms(18, 0, 0)).expect("a time"),
        ServiceTime::hms(18, 0, 0)
    );
    let autumn = Clock::new(date(2026, 10, 25), "Europe/London").expect("known zone");
    assert_eq!(autumn.wall(ServiceTime::hms(0, 30, 0)).expect("a time"), ServiceTime::new(-1800));
    assert_eq!(
        autumn.wall(ServiceTime::hms(18, 0, 0)).expect("a time"),
        ServiceTime::hms(18, 0, 0)
    );
}

#[test]
fn the_next_service_day_begins_23_or_25_hours_later_when_the_clocks_change_between() {
    let begins = |day: Date, next: Date| {
        Clock::new(day, "Europe/London")
            .and_then(|clock| clock.day_begins(next, "Europe/London"))
            .expect("in range")
    };
    assert_eq!(begins(date(2026, 3, 28), date(2026, 3, 29)), ServiceTime::hms(23, 0, 0));
    assert_eq!(begins(date(2026, 3, 29), date(2026, 3, 30)), ServiceTime::hms(24, 0, 0));
    assert_eq!(begins(date(2026, 10, 24), date(2026, 10, 25)), ServiceTime::hms(25, 0, 0));
}

#[test]
fn a_feed_in_another_timezone_begins_its_day_by_its_own_clock() {
    let london = Clock::new(date(2026, 1, 15), "Europe/London").expect("known zone");
    assert_eq!(
        london.day_begins(date(2026, 1, 15), "Europe/Paris").expect("in range"),
        ServiceTime::hms(-1, 0, 0)
    );
}

fn weekday_feed() -> (String, ServiceByDate) {
    // Four weeks from Monday 2026-03-02: 100 trips on weekdays, 60 on Saturdays, none on Sundays, 5
    // on Friday the 13th.
    let first = date(2026, 3, 2);
    let trips = (0..28).map(|n| match (n, n % 7) {
        (11, _) => 5,
        (_, 5) => 60,
        (_, 6) => 0,
        _ => 100,
    });
    let (trips, copies) = (trips.collect(), vec![0; 28]);
    ("bus.zip".to_owned(), ServiceByDate { first, last: date(2026, 3, 29), trips, copies })
}

#[test]
fn a_day_far_below_its_weekdays_median_is_refused_and_an_ordinary_one_named() {
    let feeds = [weekday_feed()];
    assert!(check_date(date(2026, 3, 12), &feeds).is_ok());
    let error = check_date(date(2026, 3, 13), &feeds).expect_err("a holiday").to_string();
    assert!(error.contains("5 trips on 2026-03-13") && error.contains("2026-03-20"), "{error}");
    let error = check_date(date(2026, 4, 1), &feeds).expect_err("past the end").to_string();
    assert!(error.contains("2026-03-02 to 2026-03-29"), "{error}");
}

#[test]
fn a_weekday_that_is_never_served_is_a_fact_not_an_error() {
    assert!(check_date(date(2026, 3, 8), &[weekday_feed()]).is_ok());
}

#[test]
fn a_day_type_is_the_nearest_ordinary_date() {
    let feeds = [weekday_feed()];
    let near = date(2026, 3, 13);
    let found =
        resolve_day("weekday", |d| d != Weekday::Saturday && d != Weekday::Sunday, near, &feeds);
    assert_eq!(found.expect("one"), date(2026, 3, 12));
    assert_eq!(
        resolve_day("sunday", |d| d == Weekday::Sunday, near, &feeds).expect("one"),
        date(2026, 3, 15)
    );
    let saturdays = resolve_day("saturday", |d| d == Weekday::Saturday, date(2027, 1, 1), &feeds);
    assert_eq!(saturdays.expect("the last one"), date(2026, 3, 28));
}

#[test]
fn a_trip_that_is_published_twice_counts_once_on_the_dates_of_both() {
    use crate::inputs::gtfs::{Call, CallRule, Frequency, Service, Trip};
    use crate::units::Seconds;
    let call = |minutes: i32| Call {
        stop: 0,
        arrival: ServiceTime::new(minutes * 60),
        departure: ServiceTime::new(minutes * 60),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    let trip = |service, calls| Trip {
        id: String::new(),
        route: 0,
        service,
        headsign: None,
        block: None,
        direction: None,
        shape: None,
        wheelchair: None,
        withdrawn: false,
        calls,
    };
    let service = |days: &[i8]| Service {
        id: String::new(),
        dates: days.iter().map(|day| date(2026, 3, *day)).collect(),
    };
    // At 08:00 by both services, at 09:00 by one, and by one each half hour from 10:00 to 11:00, of
    // which 10:30 is the other's too.
    let mut feed = Feed {
        services: vec![service(&[2, 3, 4]), service(&[3, 4, 5])].into(),
        calls: vec![
            call(480),
            call(490),
            call(540),
            call(550),
            call(600),
            call(610),
            call(630),
            call(640),
        ]
        .into(),
        trips: vec![trip(0, 0..2), trip(1, 0..2), trip(1, 2..4), trip(0, 4..6), trip(1, 6..8)]
            .into(),
        ..Feed::default()
    };
    let (start, end) = (ServiceTime::hms(10, 0, 0), ServiceTime::hms(11, 0, 0));
    feed.frequencies =
        vec![Frequency { trip: 3, start, end, headway: Seconds::new(1800), exact: true }].into();
    let counted = ServiceByDate::count(&feed).expect("it runs");
    assert_eq!(
        (counted.trips.as_slice(), counted.copies.as_slice()),
        (&[3, 4, 4, 3][..], &[0, 2, 2, 0][..])
    );
    assert_eq!(
        (counted.most_copies(), counted.copies_on(date(2026, 3, 9))),
        (Some(date(2026, 3, 3)), 0)
    );
    // By headway it is nobody's copy.
    feed.frequencies[0].exact = false;
    let counted = ServiceByDate::count(&feed).expect("it runs");
    assert_eq!(
        (counted.trips.as_slice(), counted.copies.as_slice()),
        (&[3, 5, 5, 3][..], &[0, 1, 1, 0][..])
    );
}
