//! Feeds written for one purpose each: the clean one below with single files replaced.

mod damage;
mod published;
mod reading;
mod rules;

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::{Feed, GtfsError, read_feed};
use crate::finding::Findings;
use crate::units::ServiceTime;

/// A feed of three stops, one route and one trip on weekdays of one week, with other files in place
/// of its own.
#[derive(Clone)]
pub struct Sample {
    files: BTreeMap<String, Vec<u8>>,
}

impl Sample {
    pub fn clean() -> Sample {
        let files = [
            (
                "agency.txt",
                "agency_id,agency_name,agency_url,agency_timezone\nA,Agency,http://x.example,Europe/London\n",
            ),
            (
                "stops.txt",
                "stop_id,stop_name,stop_lat,stop_lon\nS1,One,51.5,-3\nS2,Two,51.51,-3\nS3,Three,51.53,-3\n",
            ),
            (
                "routes.txt",
                "route_id,agency_id,route_short_name,route_long_name,route_type\nR1,A,1,Line 1,3\n",
            ),
            ("trips.txt", "route_id,service_id,trip_id\nR1,WK,T1\n"),
            (
                "stop_times.txt",
                "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
                 T1,08:00:00,08:00:00,S1,1\nT1,08:10:00,08:11:00,S2,2\nT1,08:30:00,08:30:00,S3,3\n",
            ),
            (
                "calendar.txt",
                "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
                 WK,1,1,1,1,1,0,0,20260105,20260111\n",
            ),
        ];
        Sample {
            files: files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into(),
        }
    }

    /// With a file of this text, new or in place of another.
    pub fn with(mut self, file: &str, text: impl AsRef<[u8]>) -> Sample {
        self.files.insert(file.to_owned(), text.as_ref().to_vec());
        self
    }

    /// With rows behind those of a file.
    pub fn and(mut self, file: &str, rows: &str) -> Sample {
        self.files.entry(file.to_owned()).or_default().extend_from_slice(rows.as_bytes());
        self
    }

    /// With a text put in place of another in one file, where it must stand.
    pub fn but(mut self, file: &str, from: &str, to: &str) -> Sample {
        let bytes = self.files.get_mut(file).expect("a file of the sample");
        let text = String::from_utf8(bytes.clone()).expect("text");
        assert!(text.contains(from), "{file} has no {from}");
        *bytes = text.replace(from, to).into_bytes();
        self
    }

    pub fn without(mut self, file: &str) -> Sample {
        self.files.remove(file).expect("a file of the sample");
        self
    }

    /// All files in a folder of this name.
    pub fn below(self, folder: &str) -> Sample {
        Sample {
            files: self
                .files
                .into_iter()
                .map(|(name, text)| (format!("{folder}/{name}"), text))
                .collect(),
        }
    }

    pub fn zip(&self) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in &self.files {
            zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
            zip.write_all(text).expect("its bytes");
        }
        zip.finish().expect("a zip").into_inner()
    }

    /// Reads it as a zip.
    pub fn read(&self) -> (Result<Feed, GtfsError>, Findings) {
        read_bytes(&self.zip())
    }

    /// Reads it as a folder.
    pub fn read_folder(&self) -> (Result<Feed, GtfsError>, Findings) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in &self.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        let mut findings = Findings::new();
        (read_feed(folder.path(), "feed", &mut findings), findings)
    }

    /// The feed, which must be read without a single finding.
    pub fn feed(&self) -> Feed {
        let (feed, findings) = self.read();
        assert!(findings.is_empty(), "{findings:?}");
        feed.expect("a feed")
    }
}

pub fn read_bytes(bytes: &[u8]) -> (Result<Feed, GtfsError>, Findings) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("its bytes");
    let mut findings = Findings::new();
    (read_feed(file.path(), "feed", &mut findings), findings)
}

/// Holds a feed to what `gtfs-structures` reads from the same bytes.
pub fn assert_same(ours: &Feed, theirs: &gtfs_structures::Gtfs) {
    assert_eq!((ours.stops.len(), ours.routes.len()), (theirs.stops.len(), theirs.routes.len()));
    assert_eq!(ours.trips.len(), theirs.trips.len());
    for stop in &ours.stops {
        let other = &theirs.stops[&stop.id];
        assert_eq!(
            (Some(&stop.name), stop.point.map(|p| p.lat())),
            (other.name.as_ref(), other.latitude)
        );
    }
    for trip in &ours.trips {
        let other = &theirs.trips[&trip.id];
        assert_eq!(ours.routes[trip.route as usize].id, other.route_id);
        let calls = &ours.calls[trip.calls.start as usize..trip.calls.end as usize];
        assert_eq!(calls.len(), other.stop_times.len());
        for (call, other) in calls.iter().zip(&other.stop_times) {
            assert_eq!(ours.stops[call.stop as usize].id, other.stop.id);
            let seconds = |time: ServiceTime| u32::try_from(time.get()).ok();
            if !call.interpolated {
                assert_eq!(
                    (seconds(call.arrival), seconds(call.departure)),
                    (other.arrival_time, other.departure_time)
                );
            }
        }
    }
    for service in &ours.services {
        let runs = |date: jiff::civil::Date| {
            let exception = theirs
                .calendar_dates
                .get(&service.id)
                .and_then(|all| all.iter().find(|e| e.date == date));
            let week = theirs.calendar.get(&service.id);
            match exception {
                Some(exception) => exception.exception_type == gtfs_structures::Exception::Added,
                None => week.is_some_and(|w| {
                    (w.start_date..=w.end_date).contains(&date) && w.valid_weekday(date)
                }),
            }
        };
        let (Some(first), Some(last)) = (service.dates.first(), service.dates.last()) else {
            continue;
        };
        let around = first.series(jiff::ToSpan::day(1)).take_while(|date| date <= last);
        assert!(
            around.into_iter().all(|date| runs(date) == service.runs_on(date)),
            "{}",
            service.id
        );
    }
}
