//! A run that is killed leaves a whole result or none.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{contents, lastmile, names, root, run_words, runs};

/// Kills (SIGKILL, which no program can answer) a run after a while.
fn killed_after(while_: Duration, project: &Path, out: &Path, more: &[&str]) {
    let mut child = Command::new(lastmile().get_program())
        .args(run_words(project, out, more))
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    sleep(while_);
    let _ = child.kill();
    child.wait().expect("it ended");
}

/// How long a run takes, and what it writes.
fn undisturbed(
    project: &Path,
    out: &Path,
) -> (Duration, std::collections::BTreeMap<String, Vec<u8>>) {
    let start = Instant::now();
    runs(run_words(project, out, &[]), 0);
    (start.elapsed(), contents(out))
}

#[test]
fn a_run_that_is_killed_leaves_a_whole_folder_or_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = Path::new("fixtures/town/lastmile.toml");
    let (time, whole) = undisturbed(project, &folder.path().join("whole"));
    for nth in 1..=12 {
        let out = folder.path().join(format!("out{nth}"));
        killed_after(time * nth / 11, project, &out, &[]);
        if out.exists() {
            assert!(contents(&out) == whole, "kill {nth}: a folder that is not whole");
        }
    }
    let left = folder.path().join("out6");
    let _ = fs::remove_dir_all(&left);
    runs(run_words(project, &left, &[]), 0);
    assert!(contents(&left) == whole, "leftovers do not disturb the next run");
}

#[test]
fn a_run_that_is_killed_while_it_replaces_a_result_leaves_the_old_or_the_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = Path::new("fixtures/crossroads/lastmile.toml");
    let out = folder.path().join("out");
    let (time, whole) = undisturbed(project, &out);
    for nth in 1..=24 {
        killed_after(time * nth / 20, project, &out, &["--force"]);
        // Between its two renames the earlier result has a hidden name, and the next run puts it
        // back.
        if out.exists() {
            assert!(contents(&out) == whole, "kill {nth}: a folder that is not whole");
        } else {
            assert!(
                names(folder.path()).iter().any(|name| name.starts_with('.')),
                "kill {nth}: the result is lost"
            );
        }
    }
    runs(run_words(project, &out, &["--force"]), 0);
    assert!(contents(&out) == whole);
}
