//! The program as its users have it: the real binary, run on files, judged by what it writes and
//! says.

mod compare;
mod comparison_invariants;
mod folder;
mod gate_hours;
mod guidance;
mod hostile;
mod hours;
mod interrupted;
mod joined_tables;
mod messages;
mod modifications;
mod numbers;
mod outputs;
mod published;
mod record;
mod round_trips;
mod tables;
mod unknown;
mod vehicles;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

/// A row of a table: column → cell.
type Row = BTreeMap<String, String>;

/// Flags that make `matrix` the run of fixtures/crossroads, all but the departure.
const CROSSROADS: [&str; 10] = [
    "--osm",
    "fixtures/crossroads/crossroads.osm.pbf",
    "--gtfs",
    "fixtures/crossroads/gtfs",
    "--origins",
    "fixtures/crossroads/origins.csv",
    "--destinations",
    "fixtures/crossroads/destinations.csv",
    "--percentiles",
    "25,50,75",
];

/// The binary, standing in the crate's root, with nothing of the caller's terminal about it.
fn lastmile() -> Command {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("lastmile");
    command.current_dir(root()).env_remove("RUST_BACKTRACE").env("NO_COLOR", "1");
    command
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs with the words given, and expects an exit code.
#[track_caller]
fn runs<S: AsRef<std::ffi::OsStr>>(words: impl IntoIterator<Item = S>, code: i32) -> Output {
    let output = lastmile().args(words).output().expect("it starts");
    assert_eq!(output.status.code(), Some(code), "it said: {}", said(&output));
    output
}

/// `lastmile run PROJECT --out OUT`, and more words.
fn run_words<'a>(project: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a std::ffi::OsStr> {
    let mut words: Vec<&std::ffi::OsStr> =
        vec!["run".as_ref(), project.as_os_str(), "--out".as_ref(), out.as_os_str()];
    words.extend(more.iter().map(|word| std::ffi::OsStr::new(*word)));
    words
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn rows(csv: &[u8]) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv);
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Each file of a folder with its content.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    names(folder).into_iter().map(|name| (name.clone(), read(folder.join(name)))).collect()
}

/// What is in a folder, hidden things too, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A copy of a fixture's files, and of its folders' files, to be changed.
fn copy_of(fixture: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join(fixture);
    copy_folder(&root().join("fixtures").join(fixture), &copy);
    (folder, copy)
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a new folder");
    for name in names(from) {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            fs::copy(&from, &to).expect("copied");
        }
    }
}

/// Replaces a text in a file, which must be there.
#[track_caller]
fn edit(file: &Path, from: &str, to: &str) {
    let text = String::from_utf8(read(file)).expect("text");
    assert!(text.contains(from), "{} has no {from:?}", file.display());
    fs::write(file, text.replace(from, to)).expect("written");
}
