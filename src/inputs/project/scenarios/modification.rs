//! One modification: its words and what they mean.

use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::kinds::{ModificationKind, TripSelection};
use super::words::{self, BadWord, KeyValue, WordReader};
use crate::units::Seconds;

/// One change, as it was asked for and as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Modification {
    /// What it does.
    pub what: ModificationKind,
    pub(super) name: String,
    words: Vec<KeyValue>,
    files: Vec<PathBuf>,
}

/// Which way something may act on travel times, whatever the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acts {
    /// It may make one longer.
    pub longer: bool,
    /// It may make one shorter.
    pub shorter: bool,
}

impl Acts {
    /// Not at all.
    pub const NOT: Acts = Acts { longer: false, shorter: false };
    /// It takes away.
    pub const LONGER: Acts = Acts { longer: true, shorter: false };
    /// It adds.
    pub const SHORTER: Acts = Acts { longer: false, shorter: true };
    /// Either way: who comes later may miss a vehicle, or catch one that waits for nobody.
    pub const EITHER: Acts = Acts { longer: true, shorter: true };

    /// The one and the other together.
    #[must_use]
    pub fn and(self, other: Acts) -> Acts {
        Acts { longer: self.longer || other.longer, shorter: self.shorter || other.shorter }
    }
}

impl Modification {
    /// What is written on the command line: `cut route=12 after=19:00 days=sun`. No file can be
    /// named.
    ///
    /// # Errors
    /// If a word is not known, its value not allowed, or one is missing.
    pub fn from_words(kind: &str, text: &str) -> Result<Modification, BadWord> {
        Modification::new(kind, words::split(text)?)
    }

    /// The same where files that it names are looked for in a folder.
    ///
    /// # Errors
    /// As [`Modification::from_words`], and if a file cannot be used.
    pub fn from_words_in(kind: &str, text: &str, folder: &Path) -> Result<Modification, BadWord> {
        Modification::read(kind, words::split(text)?, Some(folder))
    }

    /// Of a kind and its words. No file can be named.
    ///
    /// # Errors
    /// As [`Modification::from_words`].
    pub fn new(kind: &str, words: Vec<KeyValue>) -> Result<Modification, BadWord> {
        Modification::read(kind, words, None)
    }

    pub(super) fn read(
        kind: &str,
        words: Vec<KeyValue>,
        folder: Option<&Path>,
    ) -> Result<Modification, BadWord> {
        let mut reader = WordReader::new(&words, folder);
        // Every reader asks for all its words before it misses one, so that a word nobody knows is
        // named first.
        let what = match ModificationKind::read(kind, &mut reader) {
            Err(missing @ BadWord::Missing { .. }) => {
                return Err(reader.nothing_left().err().unwrap_or(missing));
            }
            read => read?,
        };
        reader.nothing_left()?;
        let files = reader.files;
        Ok(Modification { what, name: kind.to_owned(), words, files })
    }

    /// As a project file has it: `{ cut = { route = "12" } }`.
    pub fn to_toml(&self) -> String {
        let words: Vec<String> = self.words.iter().map(KeyValue::to_toml).collect();
        format!("{{ {} = {{ {} }} }}", self.name, words.join(", "))
    }

    /// The files that it was read from.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Which trips it is about, if it is about trips.
    pub fn trips(&self) -> Option<&TripSelection> {
        match &self.what {
            ModificationKind::Cut(trips)
            | ModificationKind::Thin { trips, .. }
            | ModificationKind::Headway { trips, .. }
            | ModificationKind::Shorten { trips, .. }
            | ModificationKind::Skip { trips, .. }
            | ModificationKind::Pace { trips, .. }
            | ModificationKind::Reroute { trips, .. }
            | ModificationKind::AddStop { trips, .. }
            | ModificationKind::MoveStop { trips, .. } => Some(trips),
            ModificationKind::AddRoute(_)
            | ModificationKind::Close { .. }
            | ModificationKind::Open { .. }
            | ModificationKind::CloseStreet(_)
            | ModificationKind::AddPath { .. }
            | ModificationKind::Broadband(_) => None,
        }
    }

    /// Which way it may act on travel times. A closed street may act either way: who lived on it
    /// joins another, which may be the better one; and where two streets lie in one place, a path
    /// that parts one of them may put somebody on the other.
    pub fn acts(&self) -> Acts {
        match &self.what {
            ModificationKind::Cut(_)
            | ModificationKind::Thin { .. }
            | ModificationKind::Shorten { .. }
            | ModificationKind::Skip { .. }
            | ModificationKind::Close { .. } => Acts::LONGER,
            ModificationKind::AddRoute(_) | ModificationKind::Open { .. } => Acts::SHORTER,
            ModificationKind::AddStop { dwell: Seconds::ZERO, adds: Seconds::ZERO, .. } => {
                Acts::SHORTER
            }
            ModificationKind::Headway { .. }
            | ModificationKind::Pace { .. }
            | ModificationKind::Reroute { .. }
            | ModificationKind::AddStop { .. }
            | ModificationKind::MoveStop { .. }
            | ModificationKind::CloseStreet(_)
            | ModificationKind::AddPath { .. } => Acts::EITHER,
            ModificationKind::Broadband(_) => Acts::NOT,
        }
    }

    /// Whether it is about the timetable: trips of it, or a line that is new.
    pub fn is_about_timetable(&self) -> bool {
        self.trips().is_some() || matches!(self.what, ModificationKind::AddRoute(_))
    }

    /// Whether it is about streets, so that walks have to be searched again.
    pub fn is_about_streets(&self) -> bool {
        matches!(self.what, ModificationKind::CloseStreet(_) | ModificationKind::AddPath { .. })
    }

    /// Whether it only takes away, so that it can make no travel time shorter.
    pub fn only_removes(&self) -> bool {
        !self.acts().shorter
    }
}

impl std::fmt::Display for Modification {
    /// As on the command line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.words.iter().try_for_each(|pair| write!(f, " {pair}"))
    }
}

impl Serialize for Modification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
