//! The rooms stand in one order, and no arrow runs the other way.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// In the order in which data flows; each room may use those before it.
const ROOMS: [&str; 16] = [
    "units", "ids", "finding", "sanitise", "random", "geometry", "inputs", "network", "routing",
    "access", "scenario", "results", "analysis", "outputs", "report", "web",
];

pub fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn room_of(path: &Path, src: &Path) -> Option<String> {
    let first = path.strip_prefix(src).ok()?.components().next()?;
    Some(first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned())
}

#[test]
fn every_arrow_points_back_towards_the_ground() -> Result<(), Box<dyn Error>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files)?;
    let mut arrows = 0;
    let mut wrong = Vec::new();
    for file in &files {
        let Some(room) = room_of(file, &src) else { continue };
        // `cli` and the crate's roots stand above all rooms.
        let Some(place) = ROOMS.iter().position(|name| *name == room) else { continue };
        for (number, line) in fs::read_to_string(file)?.lines().enumerate() {
            for used in line.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                arrows += 1;
                match ROOMS.iter().position(|name| *name == used) {
                    Some(of) if of <= place => {}
                    _ => {
                        wrong.push(format!("{}:{}: {room} uses {used}", file.display(), number + 1))
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that run the wrong way:\n{}", wrong.join("\n"));
    assert!(arrows > 20, "the check must see the arrows: {arrows}");
    Ok(())
}

#[test]
fn only_cli_prints() -> Result<(), Box<dyn Error>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files)?;
    for file in files.iter().filter(|file| room_of(file, &src).is_some_and(|room| room != "cli")) {
        // A file of tests may say that it skips one.
        if file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(file)?;
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for printing in
            ["println!", "eprintln!", "print!(", "eprint!(", "std::io::stdout", "std::io::stderr"]
        {
            assert!(!code.contains(printing), "{} uses {printing}", file.display());
        }
    }
    Ok(())
}
