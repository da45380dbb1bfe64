//! The page of `lastmile serve` in a real browser: `scripts/explorer/explore.mjs`, on a copy of the
//! town. Says so where Node.js, Chromium or playwright-core are not there.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::fixture_copy::copied;
use assert_cmd::cargo::cargo_bin;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Browser and the folder of playwright-core, or what is missing.
fn browser() -> Result<(PathBuf, PathBuf), &'static str> {
    let chromium = std::env::var_os("CHROMIUM")
        .map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    let playwright = std::env::var_os("PLAYWRIGHT")
        .map_or_else(|| root().join("target/explorer"), PathBuf::from);
    let node =
        Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !node.is_ok_and(|status| status.success()) {
        return Err("no Node.js");
    }
    if !chromium.is_file() {
        return Err("no Chromium");
    }
    if !playwright.join("node_modules/playwright-core").is_dir() {
        return Err("no playwright-core");
    }
    Ok((chromium, playwright))
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
fn the_page_in_a_real_browser() {
    let (chromium, playwright) = match browser() {
        Ok(found) => found,
        Err(missing) => {
            eprintln!("SKIPPED the_page_in_a_real_browser: {missing} (scripts/explorer/README.md)");
            return;
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    let town = folder.path().join("town");
    copied(&root().join("fixtures/town"), &town);
    let project = town.join("lastmile.toml");
    let before = std::fs::read(&project).expect("a project");
    let mut server = Command::new(cargo_bin!("lastmile"))
        .arg("serve")
        .arg(&project)
        .arg("--out")
        .arg(folder.path().join("packs"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut address = String::new();
    let out = server.stdout.take().expect("an output");
    BufReader::new(out).read_line(&mut address).expect("an address");
    let explored = Command::new("node")
        .arg(root().join("scripts/explorer/explore.mjs"))
        .arg(address.trim())
        .arg(folder.path())
        .env("CHROMIUM", chromium)
        .env("PLAYWRIGHT", playwright)
        .output();
    let _ = server.kill();
    let _ = server.wait();
    let explored = explored.expect("node runs");
    let said = String::from_utf8_lossy(&explored.stderr);
    assert!(explored.status.success(), "{said}");
    let after = std::fs::read(&project).expect("a project");
    assert!(after.starts_with(&before), "what was in the file stays");
    let added = String::from_utf8_lossy(&after[before.len()..]).into_owned();
    assert!(added.contains("[scenarios.evenings_of_line_1]"), "{added}");
    assert!(added.contains("between = \"19:00-22:00\""), "{added}");
}
