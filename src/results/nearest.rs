//! The nearest places of an origin, and the journey to them in figures.

use crate::access::round_trip::RoundTrips;
use crate::units::Seconds;

/// One origin and category.
#[derive(Clone, Debug)]
pub struct NearestRow {
    pub(crate) id: String,
    pub(crate) category: String,
    /// 1 is the nearest.
    pub k: usize,
    pub(crate) walk: Option<Seconds>,
    pub(crate) place: Option<(String, String)>,
    /// The travel time, for each measure.
    pub times: Vec<Option<Seconds>>,
    /// Of the journey at the median departure, or of that which arrives by the deadline: its time
    /// without the first wait.
    pub planned: Option<Seconds>,
    /// How often a vehicle is boarded.
    pub boardings: Option<usize>,
    /// Time on foot.
    pub walking: Option<Seconds>,
    /// Time waiting.
    pub waiting: Option<Seconds>,
    /// The last way home, by the clock.
    pub last_home: Option<String>,
    /// There, a stay, and back.
    pub round_trips: Option<RoundTrips>,
    /// Hours of the day in which a vehicle can be boarded within the longest walk.
    pub service_hours: Option<u32>,
}

impl NearestRow {
    /// A row with the walk to the place, if it can be walked to.
    pub fn new(id: &str, category: &str, k: usize, walk: Option<Seconds>) -> NearestRow {
        let (id, category, times) = (id.to_owned(), category.to_owned(), Vec::new());
        let (place, planned, boardings, walking, waiting) = (None, None, None, None, None);
        let (last_home, round_trips, service_hours) = (None, None, None);
        NearestRow {
            id,
            category,
            k,
            walk,
            place,
            times,
            planned,
            boardings,
            walking,
            waiting,
            last_home,
            round_trips,
            service_hours,
        }
    }

    /// The place's id, as the data has it.
    pub fn place_id(&self) -> Option<&str> {
        self.place.as_ref().map(|(id, _)| id.as_str())
    }

    /// Says which place it is: its id and name.
    pub fn name_place(&mut self, place: Option<(&str, &str)>) {
        self.place = place.map(|(id, name)| (id.to_owned(), name.to_owned()));
    }
}
