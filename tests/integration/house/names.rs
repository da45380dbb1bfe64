//! One name for one thing: a reader who searches for a type finds one definition.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::architecture::rust_files;

/// Words that say nothing of what a file holds.
const EMPTY_NAMES: [&str; 22] = [
    "after", "chosen", "common", "dice", "found", "ground", "helper", "helpers", "here", "horizon",
    "keep", "leftover", "manager", "misc", "near", "shown", "side", "strips", "tour", "util",
    "utils", "why",
];

/// The name that a line defines as a type, if it does.
fn defined_type(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
    let keyword = words.find(|word| !word.ends_with(')'))?;
    if !["struct", "enum", "trait", "union"].contains(&keyword) {
        return None;
    }
    words.next()?.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()
}

#[test]
fn no_two_types_share_a_name() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files).expect("the source");
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.to_string_lossy().contains("test")) {
        let text = fs::read_to_string(file).expect("a source file");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for name in text.lines().filter_map(defined_type) {
            let place = file.strip_prefix(&src).expect("within src").display().to_string();
            places.entry(name.to_owned()).or_default().push(place);
        }
    }
    assert!(places.len() > 500, "the source was read: {}", places.len());
    let shared: Vec<_> = places.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(shared.is_empty(), "types that share a name: {shared:#?}");
}

#[test]
fn files_say_what_they_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches"] {
        rust_files(&root.join(folder), &mut files).expect("the source");
    }
    let empty = |file: &&std::path::PathBuf| {
        file.file_stem().is_some_and(|stem| EMPTY_NAMES.contains(&stem.to_string_lossy().as_ref()))
    };
    let empty: Vec<_> = files.iter().filter(empty).collect();
    assert!(empty.is_empty(), "file names that say nothing: {empty:#?}");
}

#[test]
fn definitions_are_recognised() {
    assert_eq!(defined_type("pub(in crate::routing) struct StopWalk {"), Some("StopWalk"));
    assert_eq!(defined_type("enum Outcome<T> {"), Some("Outcome"));
    assert_eq!(defined_type("pub fn structure() {"), None);
}
