//! THIRD-PARTY.md names every crate that gets into the program.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::process::Command;

use serde_json::Value;

use super::{read, root};

#[test]
fn every_crate_in_the_program_is_named_with_its_licence() -> Result<(), Box<dyn Error>> {
    let data = metadata()?;
    let page = read(&root().join("THIRD-PARTY.md"));
    let named: BTreeSet<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "))
        .collect();
    let contained = contained(&data)?;
    for (name, licence) in &contained {
        let found = named.iter().find(|(crate_name, _)| crate_name == name);
        let (_, written) =
            found.ok_or(format!("{name} is missing: python3 scripts/third_party.py"))?;
        assert!(
            written.split("; ").any(|one| one == *licence),
            "{name} is {licence}, not {written}"
        );
    }
    assert!(contained.len() > 100, "the check must see the crates: {}", contained.len());
    Ok(())
}

/// The packages of the default build on this system, as far as they are at hand.
fn metadata() -> Result<Value, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = String::from_utf8(Command::new(rustc).arg("-vV").output()?.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("no host")?;
    let words =
        ["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host];
    let output = Command::new(cargo).args(words).current_dir(root()).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Name and licence of what normal dependencies lead to.
fn contained(data: &Value) -> Result<Vec<(&str, &str)>, Box<dyn Error>> {
    let nodes = data["resolve"]["nodes"].as_array().ok_or("nodes")?;
    let nodes: BTreeMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let mut waiting = vec![data["resolve"]["root"].as_str().ok_or("a root")?];
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        for dep in nodes[id]["deps"].as_array().ok_or("deps")? {
            let kinds = dep["dep_kinds"].as_array().ok_or("kinds")?;
            let package = dep["pkg"].as_str().ok_or("a package")?;
            if kinds.iter().any(|kind| kind["kind"].is_null()) && found.insert(package) {
                waiting.push(package);
            }
        }
    }
    let packages = data["packages"].as_array().ok_or("packages")?;
    let inside = |id: &Value| id.as_str().is_some_and(|id| found.contains(id));
    let packages = packages.iter().filter(|package| inside(&package["id"]));
    Ok(packages.filter_map(|p| Some((p["name"].as_str()?, p["license"].as_str()?))).collect())
}
