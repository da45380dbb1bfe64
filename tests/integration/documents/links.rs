//! Every relative link of README, the other pages of the root and the book leads to a file that is
//! there, and every anchor to a heading.

use std::collections::BTreeSet;
use std::path::Path;

use super::{pages, read, root};

#[test]
fn every_link_leads_somewhere() {
    let (mut links, mut broken) = (0, Vec::new());
    for page in pages() {
        let folder = page.parent().expect("a folder");
        for target in targets(&read(&page)) {
            links += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if path.is_empty() { page.clone() } else { folder.join(path) };
            if !file.exists() || !(anchor.is_empty() || headings(&file).contains(anchor)) {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
    assert!(links > 60, "the check must see the links: {links}");
}

#[test]
fn every_page_of_the_book_stands_in_its_summary() {
    let summary: BTreeSet<String> =
        targets(&read(&root().join("docs/SUMMARY.md"))).into_iter().collect();
    let book = pages().into_iter().filter(|page| page.starts_with(root().join("docs")));
    for page in book {
        let name = page.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(
            name == "SUMMARY.md" || summary.contains(&name),
            "{name} is in no table of contents"
        );
    }
}

/// The relative links of a page, `[words](target)`, outside of code.
fn targets(page: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for line in outside_code(page) {
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                targets.push(target.to_owned());
            }
        }
    }
    targets
}

fn outside_code(page: &str) -> impl Iterator<Item = String> {
    let mut fenced = false;
    page.lines().filter_map(move |line| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        // Every second piece between backquotes is code.
        let plain = || line.split('`').step_by(2).collect::<String>();
        (!fenced).then(plain)
    })
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn headings(file: &Path) -> BTreeSet<String> {
    let text = read(file);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn anchors_are_made_as_readers_make_them() {
    assert_eq!(
        anchor("7. Known biases, and their direction"),
        "7-known-biases-and-their-direction"
    );
    assert_eq!(anchor("Areas within reach: `isochrone`"), "areas-within-reach-isochrone");
}
