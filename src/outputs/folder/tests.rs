use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;

use super::*;

const CHILD: &str = "LASTMILE_TEST_PUBLISHES_INTO";

fn manifest() -> Manifest {
    Manifest::new(json!({}))
}

fn publish(target: &Path, force: bool, text: &str) -> Result<(), FolderError> {
    let folder = OutputFolder::create(target, force, &InputFiles::default())?;
    for name in ["a.csv", "b.csv"] {
        folder.write(name, |out| out.write_all(text.as_bytes()))?;
    }
    folder.publish(&manifest())
}

fn entries(folder: &Path) -> Vec<String> {
    names(folder)
        .expect("a folder")
        .into_iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

#[test]
fn files_and_manifest_stand_together() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = dir.path().join("new/out");
    publish(&target, false, "1").expect("publishes");
    assert_eq!(entries(&target), ["a.csv", "b.csv", "run.json"]);
    assert_eq!(entries(&dir.path().join("new")), ["out"]);
    let json = fs::read(target.join(MANIFEST)).expect("is there");
    let manifest: Manifest = serde_json::from_slice(&json).expect("is a manifest");
    assert_eq!(
        manifest.outputs.iter().map(|o| (o.file.as_str(), o.bytes)).collect::<Vec<_>>(),
        [("a.csv", 1), ("b.csv", 1)]
    );
}

#[test]
fn a_failure_in_the_middle_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = OutputFolder::create(&dir.path().join("out"), false, &InputFiles::default())
        .expect("a free name");
    folder.write("a.csv", |out| out.write_all(b"1")).expect("writes");
    let failed = folder.write("b.csv", |out| {
        out.write_all(b"half a row")?;
        Err(io::Error::other("disk full"))
    });
    let message = failed.expect_err("the writer failed").to_string();
    assert!(message.ends_with("out/b.csv: disk full"), "{message}");
    assert_eq!(entries(dir.path()).len(), 1, "the staging folder");
    drop(folder);
    assert!(entries(dir.path()).is_empty());
}

#[test]
fn an_earlier_result_is_replaced_only_when_told_to() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = dir.path().join("out");
    fs::create_dir(&target).expect("an empty folder may be filled");
    publish(&target, false, "1").expect("publishes");
    assert!(matches!(publish(&target, false, "2"), Err(FolderError::Exists(_))));
    assert_eq!(fs::read_to_string(target.join("a.csv")).expect("is there"), "1");
    publish(&target, true, "2").expect("replaces");
    assert_eq!(fs::read_to_string(target.join("a.csv")).expect("is there"), "2");
    assert_eq!(entries(dir.path()), ["out"]);
}

#[test]
fn what_others_made_is_never_replaced() {
    let dir = tempfile::tempdir().expect("a folder");
    let photos = dir.path().join("photos");
    fs::create_dir(&photos).expect("makes a folder");
    fs::write(photos.join("x.jpg"), "x").expect("writes");
    assert!(matches!(publish(&photos, true, "1"), Err(FolderError::NotOurs { .. })));
    fs::write(photos.join(MANIFEST), "{\"name\": \"another\"}").expect("writes");
    assert!(matches!(publish(&photos, true, "1"), Err(FolderError::NotOurs { .. })));
    let file = dir.path().join("file");
    fs::write(&file, "x").expect("writes");
    assert!(matches!(publish(&file, true, "1"), Err(FolderError::NotOurs { .. })));
    let out = dir.path().join("out");
    publish(&out, false, "1").expect("publishes");
    fs::write(out.join("my map.qgz"), "x").expect("writes");
    let message = publish(&out, true, "2").expect_err("holds a map").to_string();
    assert!(message.contains("my map.qgz"), "{message}");
    assert_eq!(entries(dir.path()), ["file", "out", "photos"]);
}

#[test]
fn the_folder_of_the_inputs_is_not_the_output() {
    let dir = tempfile::tempdir().expect("a folder");
    let input = dir.path().join("feed.zip");
    fs::write(&input, "x").expect("writes");
    let inputs = InputFiles::of([&input]);
    let refused =
        |target: &Path| OutputFolder::create(target, true, &inputs).expect_err("holds the input");
    assert!(matches!(refused(dir.path()), FolderError::HoldsInput { .. }));
    assert!(matches!(
        refused(&dir.path().join("../").join(dir.path().file_name().expect("a name"))),
        FolderError::HoldsInput { .. }
    ));
    assert!(OutputFolder::create(&dir.path().join("out"), false, &inputs).is_ok());
}

#[test]
fn an_interrupted_replacement_is_put_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = dir.path().join("out");
    publish(&target, false, "1").expect("publishes");
    // As a kill between the two renames leaves it.
    fs::rename(&target, dir.path().join(".out.lastmile-old-1-0")).expect("renames");
    assert!(matches!(publish(&target, false, "2"), Err(FolderError::Exists(_))));
    assert_eq!(fs::read_to_string(target.join("a.csv")).expect("is back"), "1");
}

/// Not a test by itself: what the next test starts as a process of its own, and kills.
#[test]
fn publishes_for_ever_when_told_to() {
    if let Some(target) = std::env::var_os(CHILD) {
        for n in 0.. {
            let text = n.to_string().repeat(1 + n % 7);
            publish(Path::new(&target), true, &text).expect("publishes");
        }
    }
}

fn publishing_process(target: &Path) -> Child {
    let program = std::env::current_exe().expect("this test");
    Command::new(program)
        .args(["--exact", "outputs::folder::tests::publishes_for_ever_when_told_to"])
        .env(CHILD, target)
        .stdout(Stdio::null())
        .spawn()
        .expect("starts")
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_result() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = dir.path().join("out");
    publish(&target, false, "first").expect("publishes");
    for n in 0..25 {
        let mut child = publishing_process(&target);
        std::thread::sleep(Duration::from_micros(7_000 + 1_370 * n));
        child.kill().expect("is killed");
        child.wait().expect("ends");
        clear_leftovers(&resolved(&target).expect("a path").0).expect("puts back");
        assert_eq!(entries(&target), ["a.csv", "b.csv", "run.json"]);
        let json = fs::read(target.join(MANIFEST)).expect("is there");
        let manifest: Manifest = serde_json::from_slice(&json).expect("is whole");
        for output in manifest.outputs {
            let found = checksum(&target.join(&output.file)).expect("is there");
            assert_eq!(found, (output.bytes, output.sha256));
        }
    }
    let text = fs::read_to_string(target.join("a.csv")).expect("is there");
    assert_ne!(text, "first", "the killed processes got nowhere: nothing was tested");
}
