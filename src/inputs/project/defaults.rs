//! What holds when the project file does not say otherwise: six windows. The kinds of places stand in the taxonomy.

use super::{Day, Window};
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
        window("evening", Day::Weekday, 19, 22),
        window("night", Day::Weekday, 23, 25),
        window("saturday", Day::Saturday, 10, 12),
        window("sunday", Day::Sunday, 10, 12),
    ]
}
