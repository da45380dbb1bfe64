//! Zips: a shapefile or a table as it was downloaded, and Ofcom's zips within zips.
//!
//! What an entry claims of its size is not believed: it is unpacked up to a bound, and a zip within
//! a zip is the deepest.

use std::io::{Cursor, Read, Seek};
use std::path::Path;

use zip::ZipArchive;

use super::TableError;

/// The first bytes of a zip.
pub(super) const MAGIC: &[u8] = b"PK";
/// More than any table or boundary file that is published; what unpacks to more is no honest one.
const LARGEST: u64 = 2 << 30;
/// All files of a zip together.
const LARGEST_TOGETHER: u64 = 2 * LARGEST;
/// Entries of one zip; Ofcom's postcode files have some 240.
const MOST: usize = 20_000;

/// Whether a file is a zip.
pub(in crate::inputs) fn is_zip(path: &Path) -> Result<bool, TableError> {
    let reading = |source| TableError::Read { file: path.display().to_string(), source };
    let mut head = Vec::new();
    std::fs::File::open(path).map_err(reading)?.take(2).read_to_end(&mut head).map_err(reading)?;
    Ok(head == MAGIC)
}

/// A file from a zip.
pub(in crate::inputs) struct Unpacked {
    /// Its name, behind that of the zip: `a.zip/b.csv`.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The files of a zip whose names (in small letters) are `wanted`, in the order of their names.
pub(in crate::inputs) fn unpack(
    path: &Path,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<Unpacked>, TableError> {
    let file = path.display().to_string();
    let handle = std::fs::File::open(path)
        .map_err(|source| TableError::Read { file: file.clone(), source })?;
    let mut found = Vec::new();
    from(&file, std::io::BufReader::new(handle), wanted, 1, &mut found)?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The one table of a zip.
pub(super) fn only_table(path: &Path, file: &str) -> Result<Unpacked, TableError> {
    let format = |what: String| TableError::Format { file: file.to_owned(), what };
    let names = names(path)?;
    if names.iter().any(|name| name.ends_with("workbook.xml")) {
        return Err(format(
            "is an Excel workbook, not a CSV; save the sheet as CSV (UTF-8)".to_owned(),
        ));
    }
    let is_table = |name: &str| name.to_lowercase().ends_with(".csv");
    let tables: Vec<&String> = names.iter().filter(|name| is_table(name)).collect();
    if tables.len() > 1 {
        let some: Vec<&str> = tables.iter().take(5).map(|name| name.as_str()).collect();
        let what = format!(
            "holds {} tables ({} …); unpack it and name the one that is meant",
            tables.len(),
            some.join(", ")
        );
        return Err(format(what));
    }
    let mut found = unpack(path, &is_table)?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            Err(format("holds several tables; unpack it and name the one that is meant".to_owned()))
        }
        (None, _) => Err(format(
            "is a zip without any table (.csv) or layer; unpack it and name the file".to_owned(),
        )),
    }
}

/// What is unpacked while it is read: past the bound it fails, rather than end as if that were all.
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R) -> Bounded<R> {
        Bounded { inner, left: LARGEST }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::other("unpacks to more than 2 GiB; unpack it and name the file itself")
        })?;
        Ok(read)
    }
}

/// The names in a zip.
pub(super) fn names(path: &Path) -> Result<Vec<String>, TableError> {
    let file = path.display().to_string();
    let handle = std::fs::File::open(path)
        .map_err(|source| TableError::Read { file: file.clone(), source })?;
    let archive = archive(&file, std::io::BufReader::new(handle))?;
    Ok(archive.file_names().map(str::to_owned).collect())
}

fn archive<R: Read + Seek>(file: &str, bytes: R) -> Result<ZipArchive<R>, TableError> {
    let format = |what: String| TableError::Format { file: file.to_owned(), what };
    let archive = ZipArchive::new(bytes).map_err(|e| format(format!("cannot be unpacked: {e}")))?;
    if archive.len() > MOST {
        return Err(format(format!(
            "holds {} files; unpack it and name those that are meant",
            archive.len()
        )));
    }
    Ok(archive)
}

fn from<R: Read + Seek>(
    file: &str,
    bytes: R,
    wanted: &dyn Fn(&str) -> bool,
    depth: u8,
    found: &mut Vec<Unpacked>,
) -> Result<(), TableError> {
    let format = |what: String| TableError::Format { file: file.to_owned(), what };
    let mut archive = archive(file, bytes)?;
    for n in 0..archive.len() {
        let mut entry = archive.by_index(n).map_err(|e| format(format!("entry {n}: {e}")))?;
        let name = entry.name().to_owned();
        let key = name.to_lowercase();
        let inner = key.ends_with(".zip");
        // What a Macintosh packs beside each file has its name and none of its contents.
        let shadow = key.contains("__macosx/")
            || key.rsplit('/').next().is_some_and(|n| n.starts_with("._"));
        if entry.is_dir() || shadow || !(inner && depth > 0 || !inner && wanted(&key)) {
            continue;
        }
        let mut bytes = Vec::new();
        let read = entry.by_ref().take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|e| format(format!("{name}: {e}")))?;
        if bytes.len() as u64 > LARGEST {
            return Err(format(format!(
                "{name} unpacks to more than 2 GiB; unpack it and name the file itself"
            )));
        }
        if found.iter().map(|f: &Unpacked| f.bytes.len() as u64).sum::<u64>() > LARGEST_TOGETHER {
            return Err(format(
                "unpacks to more than 4 GiB; unpack it and name the files that are meant"
                    .to_owned(),
            ));
        }
        let name = format!("{file}/{name}");
        if inner {
            from(&name, Cursor::new(bytes), wanted, depth - 1, found)?;
        } else {
            found.push(Unpacked { name, bytes });
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use super::*;

    /// A zip of some files.
    pub(in crate::inputs::tables) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
            zip.write_all(bytes).expect("written");
        }
        zip.finish().expect("ended").into_inner()
    }

    #[test]
    fn what_is_past_the_bound_is_an_error_and_not_an_end() {
        let mut bounded = Bounded { inner: std::io::repeat(7), left: 10 };
        assert_eq!(bounded.read(&mut [0; 10]).ok(), Some(10));
        assert!(bounded.read(&mut [0; 1]).is_err());
    }

    #[test]
    fn a_zip_in_a_zip_is_unpacked_and_one_deeper_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.zip");
        let deep = zipped(&[("deep.csv", b"d")]);
        let inner = zipped(&[("sub/b.csv", b"b"), ("deep.zip", &deep), ("__MACOSX/._b.csv", b"-")]);
        std::fs::write(&path, zipped(&[("z.CSV", b"z"), ("read.me", b"-"), ("inner.zip", &inner)]))
            .expect("written");
        let found = unpack(&path, &|name| name.ends_with(".csv")).expect("unpacked");
        let names: Vec<_> =
            found.iter().map(|f| f.name.rsplit("a.zip/").next().unwrap_or_default()).collect();
        assert_eq!(names, ["inner.zip/sub/b.csv", "z.CSV"]);
        std::fs::write(&path, &zipped(&[("z.csv", b"zzz")])[..40]).expect("written");
        assert!(unpack(&path, &|_| true).is_err());
    }
}
