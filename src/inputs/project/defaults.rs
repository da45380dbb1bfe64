//! What holds when the project file does not say otherwise: six windows. The kinds of places stand
//! in the taxonomy.

use super::{Window, WindowDay};
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
        window("am", WindowDay::Weekday, 7, 9),
        window("midday", WindowDay::Weekday, 11, 13),
        window("evening", WindowDay::Weekday, 19, 22),
        window("night", WindowDay::Weekday, 23, 25),
        window("saturday", WindowDay::Saturday, 10, 12),
        window("sunday", WindowDay::Sunday, 10, 12),
    ]
}
