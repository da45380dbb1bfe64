//! Zips that are damaged, hostile, or both.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::super::{archive, policy};
use super::{Sample, read_bytes};

fn code_of(bytes: &[u8]) -> &'static str {
    read_bytes(bytes).0.expect_err("a refusal").code().expect("a fault in the data")
}

#[test]
fn a_flipped_bit_in_a_table_is_told_as_damage() {
    let mut stored = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in &Sample::clean().files {
        stored.start_file(name, options).expect("an entry");
        stored.write_all(text).expect("its bytes");
    }
    let mut bytes = stored.finish().expect("a zip").into_inner();
    let at = bytes.windows(8).position(|window| window == b"T1,08:10").expect("a row") + 4;
    bytes[at] ^= 1;
    assert_eq!(code_of(&bytes), policy::UNREADABLE_ENTRY.code);
    // In the header too, where the first thing to go wrong is that a column is missing.
    let at = bytes.windows(9).position(|window| window == b"stop_id,s").expect("a header");
    bytes[at] ^= 1;
    assert_eq!(code_of(&bytes), policy::UNREADABLE_ENTRY.code);
}

#[test]
fn a_link_and_a_locked_entry_are_refused() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("stops.txt", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    assert_eq!(code_of(&zip.finish().expect("a zip").into_inner()), policy::SYMLINK_ENTRY.code);
    // Bit 0 of the general purpose flags, at byte 6 of a local and 8 of a central header, says
    // encrypted.
    let mut bytes = Sample::clean().zip();
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let starts: Vec<usize> = bytes
            .windows(4)
            .enumerate()
            .filter(|(_, window)| window == signature)
            .map(|(at, _)| at)
            .collect();
        for start in starts {
            bytes[start + flags] |= 1;
        }
    }
    assert_eq!(code_of(&bytes), policy::ENCRYPTED_ENTRY.code);
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    // Two names of one length, of which one is then overwritten with the other.
    let mut bytes = Sample::clean().with("stopz.txt", "stop_id\nOLD\n").zip();
    while let Some(at) = bytes.windows(9).position(|window| window == b"stopz.txt") {
        bytes[at + 4] = b's';
    }
    assert_eq!(code_of(&bytes), policy::DUPLICATE_ENTRY.code);
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("stops.txt", SimpleFileOptions::default()).expect("an entry");
    let zeros = vec![b'0'; 1 << 20];
    (0..65).for_each(|_| zip.write_all(&zeros).expect("its bytes"));
    assert_eq!(code_of(&zip.finish().expect("a zip").into_inner()), policy::ENTRY_TOO_LARGE.code);
}

#[test]
fn too_many_entries_are_refused() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    (0..=archive::MOST_ENTRIES).for_each(|n| {
        zip.start_file(format!("{n}.txt"), SimpleFileOptions::default()).expect("an entry");
    });
    assert_eq!(code_of(&zip.finish().expect("a zip").into_inner()), policy::TOO_MANY_ENTRIES.code);
}

#[test]
fn a_quote_that_swallows_a_file_stops_at_a_row_of_a_mebibyte() {
    let rows = "T1,08:40:00,08:40:00,S3,4\n".repeat(60_000);
    let text = format!(
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1,\"08:00:00,08:00:00,S1,1\n{rows}"
    );
    let (feed, _) = Sample::clean().with("stop_times.txt", text).read();
    let error = feed.expect_err("a refusal");
    assert_eq!(error.code(), Some(policy::PARSING_FAILED.code));
    assert!(error.to_string().contains("line 2: a row is longer than 1 MiB"), "{error}");
}

#[test]
fn litter_of_file_managers_is_no_table() {
    let sample = Sample::clean().with("__MACOSX/._stops.txt", "junk").with("._trips.txt", "junk");
    sample.feed();
    let (feed, findings) =
        Sample::clean().below("feed").with("__MACOSX/feed/._stops.txt", "junk").read();
    feed.expect("a feed");
    assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [policy::IN_SUBFOLDER.code]);
}

#[cfg(unix)]
#[test]
fn a_linked_table_in_a_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("stops.txt")).expect("a link");
    let mut findings = crate::finding::Findings::new();
    let error = super::read_feed(folder.path(), "feed", &mut findings).expect_err("a refusal");
    assert_eq!(error.code(), Some(policy::SYMLINK_ENTRY.code));
}

#[test]
fn what_is_not_there_is_an_error() {
    let mut findings = crate::finding::Findings::new();
    let error =
        super::read_feed(std::path::Path::new("no/such/feed.zip"), "feed.zip", &mut findings);
    assert!(error.expect_err("a refusal").to_string().starts_with("cannot read feed.zip: "));
}

/// Xorshift (Marsaglia 2003): enough to pick bytes, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).expect("below a usize")
    }
}

fn full() -> Sample {
    Sample::clean()
        .with("calendar_dates.txt", "service_id,date,exception_type\nWK,20260106,2\nX,20260201,1\n")
        .with(
            "frequencies.txt",
            "trip_id,start_time,end_time,headway_secs,exact_times\nT1,06:00:00,07:00:00,600,1\n",
        )
        .with(
            "transfers.txt",
            "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nS1,S2,2,60\n",
        )
        .with(
            "pathways.txt",
            "from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length\nS1,S2,1,1,20\n",
        )
        .with("feed_info.txt", "feed_publisher_name,feed_version\nX,1\n")
}

/// A feed that was read holds together, whatever it was read from.
fn check_whole(bytes: &[u8]) -> bool {
    let Ok(feed) = read_bytes(bytes).0 else { return false };
    for trip in &feed.trips {
        assert!(
            (trip.route as usize) < feed.routes.len()
                && (trip.service as usize) < feed.services.len()
        );
        let calls = &feed.calls[trip.calls.start as usize..trip.calls.end as usize];
        assert!(calls.len() >= 2);
        assert!(
            calls
                .iter()
                .all(|call| (call.stop as usize) < feed.stops.len()
                    && call.arrival <= call.departure)
        );
        assert!(calls.windows(2).all(|pair| pair[0].departure <= pair[1].arrival));
    }
    assert!(
        feed.frequencies
            .iter()
            .all(|f| (f.trip as usize) < feed.trips.len() && f.headway.get() > 0)
    );
    assert!(feed.services.iter().all(|service| service.dates.is_sorted_by(|a, b| a < b)));
    true
}

#[test]
fn mutated_zips_are_read_or_refused_and_never_panic() {
    let (whole, mut dice) = (full().zip(), Dice(0x9E37_79B9_7F4A_7C15));
    for _ in 0..1000 {
        let mut bytes = whole.clone();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(bytes.len());
            bytes[at] = u8::try_from(dice.roll(256)).expect("a byte");
        }
        if dice.roll(8) == 0 {
            bytes.truncate(dice.roll(bytes.len()));
        }
        check_whole(&bytes);
    }
}

#[test]
fn mutated_tables_are_read_or_refused_and_never_panic() {
    let (sample, mut dice) = (full(), Dice(0x2545_F491_4F6C_DD1D));
    let names: Vec<String> = sample.files.keys().cloned().collect();
    let spice: [&[u8]; 14] = [
        b"",
        b"\"",
        b",",
        b"\n",
        b"\r\n",
        b"-1",
        b"99999999999999999999",
        b"24:00:00",
        b"NaN",
        b"\xff",
        b"\0",
        b"S1",
        b"T1",
        "\u{202e}é".as_bytes(),
    ];
    let mut read = 0;
    for _ in 0..2000 {
        let mut mutated = sample.clone();
        for _ in 0..=dice.roll(3) {
            let name = &names[dice.roll(names.len())];
            let bytes = mutated.files.get_mut(name).expect("a file");
            let at = dice.roll(bytes.len() + 1);
            let to = (at + dice.roll(4)).min(bytes.len());
            bytes.splice(at..to, spice[dice.roll(spice.len())].iter().copied());
        }
        read += u32::from(check_whole(&mutated.zip()));
    }
    assert!(
        read > 200,
        "only {read} of 2000 could be read: the mutations are too coarse to test much"
    );
}
