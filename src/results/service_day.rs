//! What runs on a day, hour by hour.

/// Vehicles by the hour, from 04:00 to 04:00 of the next day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceDay {
    /// Which day, in words.
    pub day: String,
    /// Vehicles that first call at a stop of the map in each hour, the first from 04:00 to 05:00.
    pub hours: Vec<u32>,
    /// The same before a change; none where nothing is compared.
    pub before: Option<Vec<u32>>,
}
