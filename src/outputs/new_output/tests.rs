use super::*;

fn write(path: &Path, force: bool, inputs: &InputFiles, text: &str) -> Result<(), NewOutputError> {
    NewOutput::create(path, force, inputs)?.write_whole(|out| out.write_all(text.as_bytes()))
}

fn none() -> InputFiles {
    InputFiles::default()
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_whole_or_not_there() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let mut begun = NewOutput::create(&path, false, &none()).expect("begins");
    begun.write_all(b"half a row").expect("writes");
    assert!(!path.exists());
    assert_eq!(entries(dir.path()).len(), 1, "a hidden one");
    drop(begun);
    assert!(entries(dir.path()).is_empty());
    let failed = NewOutput::create(&path, false, &none()).expect("begins");
    let failed = failed.write_whole(|_| Err(io::Error::from(io::ErrorKind::StorageFull)));
    assert!(matches!(failed, Err(NewOutputError::Io { .. })));
    assert!(entries(dir.path()).is_empty());
    write(&path, false, &none(), "whole").expect("writes");
    assert_eq!(entries(dir.path()), ["a.csv"]);
}

#[test]
fn two_that_write_one_name_do_not_meet() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let mut paused = NewOutput::create(&path, false, &none()).expect("begins");
    paused.write_all(b"the first half, ").expect("writes");
    write(&path, false, &none(), "the other's").expect("writes");
    paused.write_all(b"the second half").expect("writes");
    assert!(
        matches!(paused.publish(), Err(NewOutputError::Exists(_))),
        "without --force the first wins"
    );
    assert_eq!(fs::read_to_string(&path).expect("there"), "the other's");
    let mut paused = NewOutput::create(&path, true, &none()).expect("begins");
    paused.write_all(b"the first half, ").expect("writes");
    write(&path, true, &none(), "the other's again").expect("writes");
    paused.write_all(b"the second half").expect("writes");
    paused.publish().expect("with it the last wins");
    assert_eq!(fs::read_to_string(&path).expect("there"), "the first half, the second half");
    assert_eq!(entries(dir.path()), ["a.csv"]);
}

#[test]
fn an_input_is_never_replaced_by_whatever_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    fs::write(at("origins.csv"), "mine").expect("written");
    fs::create_dir(at("below")).expect("made");
    let inputs = InputFiles::of([at("origins.csv")]);
    let mut names = vec![at("origins.csv"), at("./origins.csv"), at("below/../origins.csv")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("origins.csv"), at("link.csv")).expect("linked");
        std::os::unix::fs::symlink(dir.path(), at("around")).expect("linked");
        names.extend([at("link.csv"), at("around/origins.csv")]);
        fs::hard_link(at("origins.csv"), at("hard.csv")).expect("linked");
        names.push(at("hard.csv"));
    }
    for name in names {
        for force in [false, true] {
            let refused = write(&name, force, &inputs, "gone");
            assert!(matches!(refused, Err(NewOutputError::Input { .. })), "{}", name.display());
        }
    }
    assert_eq!(fs::read_to_string(at("origins.csv")).expect("there"), "mine");
}

#[test]
fn no_output_becomes_a_table_of_a_feed_or_a_part_of_a_shapefile() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("gtfs")).expect("made");
    for name in ["gtfs/stops.txt", "areas.shp", "areas.dbf"] {
        fs::write(at(name), "mine").expect("written");
    }
    let inputs = InputFiles::of([at("gtfs"), at("areas.shp")]);
    for name in
        ["gtfs/stops.txt", "gtfs/shapes.txt", "gtfs/Locations.geojson", "areas.dbf", "areas.shp"]
    {
        let refused = write(&at(name), true, &inputs, "gone");
        assert!(matches!(refused, Err(NewOutputError::Input { .. })), "{name}");
    }
    write(&at("gtfs/times.csv"), false, &inputs, "new").expect("is no table of a feed");
    write(&at("areas.csv"), false, &inputs, "new").expect("is no part of it");
    assert!(matches!(write(&at("gtfs"), true, &none(), ""), Err(NewOutputError::Folder(_))));
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_the_rights_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    let mode = |name: &str| fs::metadata(at(name)).expect("there").permissions().mode() & 0o777;
    std::os::unix::fs::symlink("own.csv", at("link.csv")).expect("linked");
    write(&at("link.csv"), false, &none(), "1").expect("a link that leads nowhere yet");
    fs::write(at("plain"), "").expect("written");
    assert_eq!(mode("own.csv"), mode("plain"), "as any other file");
    fs::set_permissions(at("own.csv"), fs::Permissions::from_mode(0o640)).expect("set");
    write(&at("link.csv"), true, &none(), "2").expect("replaces");
    assert!(fs::symlink_metadata(at("link.csv")).expect("there").is_symlink());
    assert_eq!(
        (mode("own.csv"), fs::read_to_string(at("own.csv")).expect("there").as_str()),
        (0o640, "2")
    );
}

#[test]
fn a_long_name_has_a_temporary_one_too() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(format!("{}.csv", "é".repeat(125)));
    write(&path, false, &none(), "1").expect("254 bytes are allowed");
}
