use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::*;
use crate::outputs::input_files::InputFiles;

const TWO: [MatrixMeasure; 2] = [MatrixMeasure::Percentile(25), MatrixMeasure::Percentile(50)];
const SOME: [Option<Seconds>; 2] = [Some(Seconds::new(897)), Some(Seconds::new(903))];
const LATE: [Option<Seconds>; 2] = [Some(Seconds::new(59)), None];

/// A stream whose bytes can be looked at afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panicked").write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn csv_of(unit: TimeUnit, ids: &[(&str, &str)]) -> String {
    let out = Shared::default();
    let stream = NewOutput::stream(Box::new(out.clone()));
    let mut matrix = MatrixWriter::create(stream, MatrixFormat::Csv, &TWO, unit).expect("opens");
    for (from, to) in ids {
        matrix
            .write_origin(from, [(*to, &SOME[..]), ("b", &LATE[..])].into_iter())
            .expect("writes");
    }
    matrix.finish().expect("ends");
    let bytes = out.0.lock().expect("no writer panicked").clone();
    String::from_utf8(bytes).expect("is UTF-8")
}

#[test]
fn minutes_have_one_decimal_and_unreachable_is_empty() {
    let expected = "from_id,to_id,travel_time_p25,travel_time_p50\na,x,15.0,15.1\na,b,1.0,\n";
    assert_eq!(csv_of(TimeUnit::Minutes, &[("a", "x")]), expected);
}

#[test]
fn seconds_are_whole() {
    let expected = "from_id,to_id,travel_time_s_p25,travel_time_s_p50\na,x,897,903\na,b,59,\n";
    assert_eq!(csv_of(TimeUnit::Seconds, &[("a", "x")]), expected);
}

#[test]
fn ids_come_back_as_they_were_from_a_csv_reader() {
    let text = csv_of(
        TimeUnit::Seconds,
        &[("a,\"b\"", "Ty'n y Coed 3"), ("=1", "-1"), ("", "\u{1b}[31mé")],
    );
    let rows =
        ::csv::Reader::from_reader(text.as_bytes()).into_records().map(|row| row.expect("is CSV"));
    let ids: Vec<(String, String)> =
        rows.step_by(2).map(|row| (row[0].to_owned(), row[1].to_owned())).collect();
    let expected = [("a,\"b\"", "Ty'n y Coed 3"), ("=1", "-1"), ("", "\u{fffd}[31mé")];
    assert_eq!(ids, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

#[test]
fn a_file_has_its_name_only_when_it_is_complete() -> io::Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("matrix.csv");
    let open = |force| {
        let file = NewOutput::create(&path, force, &InputFiles::default())?;
        MatrixWriter::create(
            file,
            MatrixFormat::Csv,
            &[MatrixMeasure::Percentile(50)],
            TimeUnit::Minutes,
        )
    };
    let unfinished = open(false).expect("opens");
    assert!(!path.exists() && std::fs::read_dir(dir.path())?.count() == 1);
    drop(unfinished);
    assert_eq!(std::fs::read_dir(dir.path())?.count(), 0);
    open(false).expect("opens").finish().expect("ends");
    assert_eq!(std::fs::read_to_string(&path)?, "from_id,to_id,travel_time_p50\n");
    assert!(matches!(open(false), Err(MatrixError::Output(NewOutputError::Exists(_)))));
    open(true).expect("may replace").finish().expect("ends");
    assert_eq!(std::fs::read_dir(dir.path())?.count(), 1);
    Ok(())
}

#[test]
fn what_a_matrix_is_written_as_is_said_by_its_name() {
    let of = |name: &str, stream| MatrixFormat::of(Path::new(name), stream).ok();
    assert_eq!([of("a.csv", false), of("A.CSV", false)], [Some(MatrixFormat::Csv); 2]);
    assert_eq!([of("a.txt", false), of("a", false)], [None, None]);
    assert_eq!(of("/dev/null", true), Some(MatrixFormat::Csv), "a stream needs no name");
    let parquet = cfg!(feature = "parquet").then_some(MatrixFormat::Parquet);
    assert_eq!([of("a.parquet", false), of("pipe.parquet", true)], [parquet; 2]);
}

#[cfg(feature = "parquet")]
mod parquet {
    use std::fs::File;

    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::RowAccessor;

    use super::*;

    fn reader(dir: &Path, unit: TimeUnit) -> SerializedFileReader<File> {
        let path = dir.join("matrix.parquet");
        let file = NewOutput::create(&path, true, &InputFiles::default()).expect("opens");
        let mut matrix =
            MatrixWriter::create(file, MatrixFormat::Parquet, &TWO, unit).expect("opens");
        matrix
            .write_origin("=a", [("x", &SOME[..]), ("y", &LATE[..])].into_iter())
            .expect("writes");
        matrix.write_origin("b", std::iter::empty()).expect("writes");
        matrix.write_origin("c", std::iter::once(("x", &LATE[..]))).expect("writes");
        matrix.finish().expect("ends");
        SerializedFileReader::new(File::open(path).expect("is there")).expect("is Parquet")
    }

    #[test]
    fn minutes_come_back_and_unreachable_is_null() {
        let dir = tempfile::tempdir().expect("a folder");
        let reader = reader(dir.path(), TimeUnit::Minutes);
        let rows: Vec<_> = reader
            .get_row_iter(None)
            .expect("has rows")
            .map(|row| row.expect("is a row"))
            .collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(
            (
                rows[0].get_string(0).expect("id").as_str(),
                rows[0].get_string(1).expect("id").as_str()
            ),
            ("=a", "x")
        );
        assert_eq!(
            [rows[0].get_double(2), rows[0].get_double(3)].map(|time| time.expect("reached")),
            [15.0, 15.1]
        );
        assert_eq!(rows[1].get_double(2).expect("reached"), 1.0);
        assert!(
            rows[1].get_double(3).is_err() && rows[2].get_double(3).is_err(),
            "null is no number"
        );
        assert_eq!(rows[2].get_string(0).expect("id"), "c");
        let names: Vec<&str> = reader
            .metadata()
            .file_metadata()
            .schema_descr()
            .columns()
            .iter()
            .map(|c| c.name())
            .collect();
        assert_eq!(names, ["from_id", "to_id", "travel_time_p25", "travel_time_p50"]);
    }

    #[test]
    fn seconds_come_back_as_integers() {
        let dir = tempfile::tempdir().expect("a folder");
        let reader = reader(dir.path(), TimeUnit::Seconds);
        let row = reader
            .get_row_iter(None)
            .expect("has rows")
            .next()
            .expect("one row")
            .expect("is a row");
        assert_eq!([row.get_int(2), row.get_int(3)].map(|time| time.expect("reached")), [897, 903]);
    }
}
