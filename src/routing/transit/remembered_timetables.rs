//! Timetables that are laid out once and shared by all that ask about them.
//!
//! A scenario that changes trips shares the feeds' tables with its baseline, and with them the
//! timetables as published. It lays out anew only those that hold a run it touches; every other one
//! is the baseline's very own, which tells that whatever was found with it holds as well
//! ([`Arc::ptr_eq`]). What a network does not remember is laid out each time it is asked for.

use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::inputs::gtfs::Feed;
use crate::network::calendar::CalendarError;
use crate::network::stops::Stops;
use crate::network::timetable::{Timetable, TimetableQuery};
use crate::routing::transit::window_timetable::{Rides, WindowError};
use crate::routing::{DepartureWindow, JourneyLimits};
use crate::units::ServiceTime;

/// The timetables and rides of one network.
pub(in crate::routing) struct RememberedTimetables {
    /// Those of the feeds as published, shared by all networks with the same tables.
    published: Arc<Shelf<TimetableKey, Timetable>>,
    /// The rides in those, shared by all networks that also have the same walks between stops.
    published_rides: Arc<Shelf<RidesKey, Rides>>,
    /// Those that this network's scenario touches.
    changed: Shelf<TimetableKey, Timetable>,
    changed_rides: Shelf<RidesKey, Rides>,
}

/// All that a timetable depends on besides the feeds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct TimetableKey {
    date: Date,
    timezone: String,
    from: ServiceTime,
    until: ServiceTime,
    phone_pickups: bool,
    step_free: bool,
    seed: u64,
}

/// All that rides depend on besides the walks between stops: the timetable is told by its place in
/// memory, where it stays as long as it is remembered.
type RidesKey = (usize, DepartureWindow, JourneyLimits);

impl RememberedTimetables {
    /// Nothing remembered yet.
    pub fn new() -> RememberedTimetables {
        RememberedTimetables {
            published: Arc::default(),
            published_rides: Arc::default(),
            changed: Shelf::default(),
            changed_rides: Shelf::default(),
        }
    }

    /// For a network with the same tables of the same feeds and the same walks between stops.
    pub fn with_changes(&self) -> RememberedTimetables {
        RememberedTimetables {
            published: self.published.clone(),
            published_rides: self.published_rides.clone(),
            ..RememberedTimetables::new()
        }
    }

    /// For a network with the same tables of the same feeds, but with other walks between stops.
    pub fn with_other_walks(&self) -> RememberedTimetables {
        RememberedTimetables { published: self.published.clone(), ..RememberedTimetables::new() }
    }

    /// Forgets what this network's scenario touches.
    pub fn forget_changed(&self) {
        self.changed_rides.clear();
        self.changed.clear();
    }

    /// The timetable of a query on the first draw of phases.
    pub fn timetable(
        &self,
        feeds: &[Feed],
        stops: &Stops,
        query: &TimetableQuery,
    ) -> Result<Arc<Timetable>, CalendarError> {
        let published = self.published(feeds, stops, query)?;
        if feeds.iter().all(|feed| feed.changes.is_empty()) {
            return Ok(published);
        }
        self.changed.get_or(TimetableKey::of(query), || {
            let changed = published.changed(feeds, query.clock)?;
            Ok(changed.map_or_else(|| published.clone(), Arc::new))
        })
    }

    /// The timetable of a query as the feeds publish it, whatever a scenario does to them.
    pub fn published(
        &self,
        feeds: &[Feed],
        stops: &Stops,
        query: &TimetableQuery,
    ) -> Result<Arc<Timetable>, CalendarError> {
        let published = || Timetable::published(feeds, stops, query).map(Arc::new);
        self.published.get_or(TimetableKey::of(query), published)
    }

    /// The rides of a timetable that is remembered here.
    pub fn rides(
        &self,
        timetable: &Arc<Timetable>,
        (window, limits): (DepartureWindow, JourneyLimits),
        lay_out: impl FnOnce() -> Result<Rides, WindowError>,
    ) -> Result<Arc<Rides>, WindowError> {
        let key = (Arc::as_ptr(timetable).addr(), window, limits);
        let is_published = self.published.holds(timetable);
        let shelf = if is_published { &*self.published_rides } else { &self.changed_rides };
        shelf.get_or(key, || lay_out().map(Arc::new))
    }
}

impl TimetableKey {
    fn of(query: &TimetableQuery) -> TimetableKey {
        TimetableKey {
            date: query.clock.date(),
            timezone: query.clock.timezone().to_owned(),
            from: query.from,
            until: query.until,
            phone_pickups: query.phone_pickups,
            step_free: query.step_free,
            seed: query.seed,
        }
    }
}

/// Values by their keys. Of two threads that make the same value the first one's is kept.
struct Shelf<K, V>(Mutex<FxHashMap<K, Arc<V>>>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Shelf<K, V> {
        Shelf(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Shelf<K, V> {
    fn get_or<E>(&self, key: K, make: impl FnOnce() -> Result<Arc<V>, E>) -> Result<Arc<V>, E> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        // Made outside the lock: making it may ask for others.
        let made = make()?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(all.entry(key).or_insert(made).clone())
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn holds(&self, value: &Arc<V>) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().any(|known| Arc::ptr_eq(known, value))
    }
}
