use super::*;
use crate::inputs::neighbourhoods::NamedProperties;
use crate::inputs::project::ProjectPath;

fn two() -> Neighbourhoods {
    two_of("LSOA11CD", ["E01000001", "E01000002"])
}

fn two_of(key: &str, ids: [&str; 2]) -> Neighbourhoods {
    let feature = |id: &str, x: i32| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"{key}\":\"{id}\"}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[{x},50],[{},50],[{x},51],[{x},50]]]}}}}",
            x + 1
        )
    };
    let all = [feature(ids[0], 0), feature(ids[1], 1)];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","));
    Neighbourhoods::parse("n", text.as_bytes(), &NamedProperties::default(), &mut Findings::new())
        .expect("valid")
}

fn read(
    jobs: &str,
    points: Option<&str>,
    code: Option<&str>,
) -> (Result<Jobs, TableError>, Findings) {
    read_for(&two(), jobs, points, code)
}

fn read_for(
    zones: &Neighbourhoods,
    jobs: &str,
    points: Option<&str>,
    code: Option<&str>,
) -> (Result<Jobs, TableError>, Findings) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
        ProjectPath::new(name, folder.path())
    };
    let input = JobsInput {
        file: write("jobs.csv", jobs),
        code: code.map(str::to_owned),
        count: None,
        points: points.map(|text| write("points.csv", text)),
        allow_unmatched: false,
    };
    let mut findings = Findings::new();
    (Jobs::read(&input, zones, &mut findings), findings)
}

fn jobs_of(records: &[JobsRecord]) -> Vec<(&str, f64)> {
    records.iter().map(|r| (r.id.as_str(), r.jobs)).collect()
}

#[test]
fn nomis_on_the_web_is_read_through_its_title_lines() {
    let text = "\"Business Register and Employment Survey : open access\"\n\
                \"ONS Crown Copyright Reserved [from Nomis on 21 April 2021]\"\n\n\"date     :\",\"2019\"\n\
                \"variable :\",\"Number\"\n\n\
                \"2011 super output area - lower layer\",\"mnemonic\",\"Total\",\"\"\n\n\
                \"City 001A\",\"E01000001\",\"1,200\",\"\"\n\"City 001B\",\"E01000002\",0,\"\"\n\
                \"City 001C\",\"E01000003\",!,\"\"\n\n\"Figures are rounded\"\n";
    let (jobs, findings) = read(text, None, None);
    let jobs = jobs.expect("readable");
    assert_eq!(jobs_of(&jobs.records), [("E01000001", 1200.0), ("E01000002", 0.0)]);
    assert_eq!((findings.total("no_count"), findings.total("no_code")), (1, 1));
    let join = jobs.join.expect("by code");
    assert_eq!((join.matched, join.total), (2, 2));
    let (jobs, _) =
        read(&format!("{text}{}", text.lines().skip(6).collect::<Vec<_>>().join("\n")), None, None);
    let e = jobs.expect_err("two tables").to_string();
    assert!(e.contains("a second table begins"), "{e}");
}

#[test]
fn nomis_by_its_interface_is_read() {
    let text = "\"DATE\",\"GEOGRAPHY_NAME\",\"GEOGRAPHY_CODE\",\"INDUSTRY_NAME\",\"OBS_VALUE\",\"OBS_STATUS\"\n\
                2019,\"City 001A\",\"E01000001\",\"Total\",5,\"A\"\n2019,\"City 001B\",\"E01000002\",\"Total\",,\"Q\"\n";
    let (jobs, findings) = read(text, None, None);
    assert_eq!(findings.total("no_count"), 1);
    // A blank count is missing, which is no 0 and says nothing against the join.
    assert_eq!(jobs_of(&jobs.expect("readable").records), [("E01000001", 5.0)]);
    let (jobs, _) = read(&text.replace(",,\"Q\"", ",7,\"A\""), None, None);
    assert_eq!(jobs_of(&jobs.expect("readable").records), [("E01000001", 5.0), ("E01000002", 7.0)]);
    let twice = format!("{text}2019,\"City 001A\",\"E01000001\",\"Retail\",5,\"A\"\n");
    assert!(read(&twice, None, None).0.expect_err("twice").to_string().contains("lines 2 and 4"));
}

#[test]
fn codes_of_their_own_are_placed_by_a_points_file() {
    let jobs = "wz11cd,jobs\nE33000001,10\nE33000002,20\n";
    let points = "wz,lon,lat\nE33000001,0.5,50.5\nE33000002,0.6,50.5\nE33000009,0.6,50.5\n";
    let (read_jobs, _) = read(jobs, Some(points), None);
    let records = read_jobs.expect("readable").records;
    assert_eq!(jobs_of(&records), [("E33000001", 10.0), ("E33000002", 20.0)]);
    assert!(matches!(records[0].place, JobsPlace::Point(p) if p.lon() == 0.5));
    let (refused, _) = read(jobs, Some("wz,lon,lat\nE33000001,0.5,50.5\n"), None);
    assert!(refused.expect_err("half").to_string().contains("not found: E33000002"));
}

#[test]
fn jobs_by_point_need_no_code() {
    let (jobs, findings) =
        read("wz,jobs,lat,lon\nE33,2201,50.5,0.5\nE34,<5,50.6,0.5\n", None, None);
    assert_eq!(jobs_of(&jobs.expect("readable").records), [("E33", 2201.0)]);
    assert_eq!(findings.total("no_count"), 1);
    assert!(read("lat,lon,x1\n50.5,0.5,3\n", None, None).0.is_err());
    assert!(
        read("LSOA11CD,jobs\nE01000001,1\n", None, Some("LSOA"))
            .0
            .expect_err("named")
            .to_string()
            .contains("did you mean `LSOA11CD`")
    );
}

#[test]
fn blocks_of_the_united_states_are_summed_up_by_the_beginnings_of_their_codes() {
    let zones = two_of("GEOID20", ["01001020100", "01001020200"]);
    let text = "w_geocode,C000,CA01,createdate\n010010201001000,5,1,20230321\n010010201001001,7,1,20230321\n\
                010010202001000,100,1,20230321\n019990202001000,9,1,20230321\n10010202001000,9,1,20230321\n";
    let (jobs, findings) = read_for(&zones, text, None, None);
    let jobs = jobs.expect("joined");
    assert_eq!(jobs_of(&jobs.records), [("01001020100", 12.0), ("01001020200", 100.0)]);
    assert_eq!((findings.total("bad_code"), findings.total("block_elsewhere")), (1, 1));
    assert_eq!(jobs.count_column, "C000");
}

#[test]
fn a_download_that_nomis_cut_is_refused() {
    let text = "GEOGRAPHY_CODE,OBS_VALUE,RECORD_COUNT\nE01000001,5,25004\nE01000002,6,25004\n";
    let e = read(text, None, None).0.expect_err("cut").to_string();
    assert!(e.contains("2 of 25004 rows") && e.contains("RecordOffset"), "{e}");
    assert!(read(&text.replace("25004", "2"), None, None).0.is_ok());
}

#[test]
fn employment_centres_are_areas_of_a_size() {
    let zones = two();
    let jobs = read("LSOA11CD,jobs\nE01000001,499\nE01000002,500\n", None, None).0.expect("joined");
    let small = employment_centres(&jobs, &zones, JobsBand { from: 100, to: Some(499) });
    let medium = employment_centres(&jobs, &zones, JobsBand { from: 500, to: Some(4999) });
    let ids = |places: &[CategoryPlace]| places.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&small), ids(&medium)),
        (vec!["E01000001".to_owned()], vec!["E01000002".to_owned()])
    );
    // The middle of the triangle (1, 50), (2, 50), (1, 51).
    let at = medium[0].points[0];
    assert!(
        (at.lon() - 4.0 / 3.0).abs() < 1e-9 && (at.lat() - (50.0 + 1.0 / 3.0)).abs() < 1e-9,
        "{at:?}"
    );
    assert!(employment_centres(&jobs, &zones, JobsBand { from: 5000, to: None }).is_empty());
}

#[test]
fn a_header_alone_is_no_number_of_jobs() {
    for text in ["id,lon,lat,jobs\n", "id,lon,lat,jobs\na,0.5,50.2,*\n"] {
        let e = read(text, None, None).0.expect_err(text).to_string();
        assert!(e.contains("jobs are not known (which is not 0)"), "{e}");
    }
    assert!(read("LSOA11CD,jobs\n", None, None).0.is_err());
}

#[test]
fn rows_of_jobs_without_a_code_are_told_apart_from_notes() {
    let text = "LSOA11CD,jobs\nE01000001,5\nE01000002,-3\n,700\n,\nTotal,12\n";
    let (jobs, findings) = read(text, None, None);
    assert_eq!(jobs.expect("read").records.len(), 1);
    let total = |code: &str| findings.total(code);
    assert_eq!((total("blank_code"), total("bad_number"), total("no_count")), (1, 1, 1));
}
