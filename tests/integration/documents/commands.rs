//! The commands of README, the book and the helps, run on the town as they stand there.
//!
//! In the pages `…` stands for words that change or are many, and a line of `…` for any number of
//! lines. `tests/cmd/*.trycmd` hold the helps to the letter; `TRYCMD=overwrite` writes them anew, and
//! what it wrote is read before it is kept.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{pages, read, root};
use crate::support::fixture_copy::copied;

const PROGRAM: &str = env!("CARGO_BIN_EXE_lastmile");

/// A folder with a copy of the town in it, as `fixtures/town`.
fn folder_with_town(folder: &Path) {
    copied(&root().join("fixtures/town"), &folder.join("fixtures/town"));
}

fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases.register_bin("lastmile", Path::new(PROGRAM));
    cases.env("COLUMNS", "100").env("NO_COLOR", "1");
    cases
}

#[test]
fn each_help_reads_as_it_is_kept() {
    cases().case("tests/cmd/*.trycmd").run();
}

#[test]
fn the_commands_of_the_pages_do_what_stands_below_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut commands = 0;
    for page in pages() {
        let text = runnable(&read(&page));
        let of_page = text.lines().filter(|line| line.starts_with("$ lastmile")).count();
        if of_page == 0 {
            continue;
        }
        commands += of_page;
        let name = page.file_name().expect("a name");
        fs::write(folder.path().join(name), text).expect("written");
        folder_with_town(&folder.path().join(name).with_extension("in"));
    }
    assert!(commands >= 8, "README and the book have commands: {commands} were found");
    cases().case(folder.path().join("*.md")).run();
}

/// A page in the words of trycmd: commands on one line, without those that build or never end.
fn runnable(page: &str) -> String {
    let joined = page.replace("\\\n", " ");
    let mut lines = Vec::new();
    for line in joined.lines().filter(|line| *line != "$ cargo test") {
        lines.push(match line {
            "…" => "...".to_owned(),
            // To trycmd the last line of a block has no line feed unless a blank one follows.
            "```" => "\n```".to_owned(),
            _ if line.starts_with("$ ") => line.replace("$ cargo run --release -- ", "$ lastmile "),
            _ => line.replace('…', "[..]"),
        });
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_example_at_the_end_of_each_help_runs() {
    let help = help_of(&[]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 10, "the commands of lastmile: {names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let help = help_of(&[name]);
        let example =
            example(&help).unwrap_or_else(|| panic!("{name} --help ends without example"));
        assert_eq!(example[..2], ["lastmile", name], "the example of {name}");
        // The page is served until it is stopped; `tests/serve.rs` does so.
        if name != "serve" {
            run(&example);
        }
    }
}

fn help_of(words: &[&str]) -> String {
    let mut command = Command::new(PROGRAM);
    let output = command.args(words).arg("--help").env("COLUMNS", "100").output().expect("it runs");
    String::from_utf8(output.stdout).expect("text")
}

/// The words of the command that stands below `Example:`.
fn example(help: &str) -> Option<Vec<String>> {
    let text = help.split_once("\nExample:\n")?.1.replace("\\\n", " ");
    let line = text.lines().next()?.split(" > ").next()?.to_owned();
    let mut words: Vec<String> = Vec::new();
    // Every second piece between quotes is one word.
    for (nth, piece) in line.split('\'').enumerate() {
        if nth % 2 == 1 {
            words.push(piece.to_owned());
        } else {
            words.extend(piece.split_whitespace().map(str::to_owned));
        }
    }
    Some(words)
}

fn run(words: &[String]) {
    let folder = tempfile::tempdir().expect("a folder");
    folder_with_town(folder.path());
    let mut command = Command::new(PROGRAM);
    command.args(&words[1..]).current_dir(folder.path().join("fixtures/town"));
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", words.join(" "));
}

#[test]
fn the_help_of_a_command_ends_with_what_all_commands_take() {
    for name in ["run", "compare", "matrix", "nearest", "isochrone", "explain", "check", "init"] {
        let help = help_of(&[name]);
        let heads: Vec<&str> =
            help.lines().filter(|line| line.ends_with(':') && !line.starts_with(' ')).collect();
        let global = heads.iter().position(|head| *head == "Global options:").expect("a heading");
        let below = &heads[global + 1..];
        assert!(
            below.iter().all(|head| !head.contains("ptions")) && below.contains(&"Example:"),
            "{name}: {heads:?}"
        );
        assert!(!heads.contains(&"Options:"), "{name}: each option has a heading: {heads:?}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{name}: lines to 100");
    }
}
