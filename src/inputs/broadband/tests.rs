use super::*;
use crate::inputs::neighbourhoods::Named;
use crate::inputs::project::ProjectPath;

const OA: &str = "output_area,All Premises,All Matched Premises,SFBB availability (% premises),\
                  Number of premises with SFBB availability,Number of premises with UFBB (100Mbit/s) availability,\
                  Number of premises with UFBB availability,Number of premises with Gigabit availability,\
                  Number of premises below the USO\n";
const PC: &str = "postcode,postcode_space,postcode area,SFBB availability (% premises),\
                  UFBB (100Mbit/s) availability (% premises),UFBB availability (% premises),\
                  Gigabit availability (% premises),% of premises unable to receive 30Mbit/s,\
                  % of premises below the USO\n";

fn neighbourhoods(key: &str, ids: &[&str]) -> Neighbourhoods {
    let feature = |(x, id): (usize, &&str)| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"{key}\":\"{id}\"}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[{x},50],[{},50],[{x},51],[{x},50]]]}}}}",
            x + 1
        )
    };
    let all: Vec<_> = ids.iter().enumerate().map(feature).collect();
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","));
    Neighbourhoods::parse("n", text.as_bytes(), &Named::default(), &mut Findings::new()).expect("valid")
}

fn read(
    files: &[(&str, &str)],
    lookup: Option<&str>,
    n: &Neighbourhoods,
) -> (Result<Broadband, TableError>, Findings) {
    read_as(files, lookup, n, false)
}

fn read_as(
    files: &[(&str, &str)],
    lookup: Option<&str>,
    n: &Neighbourhoods,
    allow_unmatched: bool,
) -> (Result<Broadband, TableError>, Findings) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
        ProjectPath::new(name, folder.path())
    };
    let input = BroadbandInput {
        files: files.iter().map(|(name, text)| write(name, text)).collect(),
        lookup: lookup.map(|text| write("lookup.csv", text)),
        allow_unmatched,
    };
    let mut findings = Findings::new();
    (Broadband::read(&input, n, &mut findings), findings)
}

fn share(s: Option<Share>) -> f64 {
    s.expect("known").0
}

#[test]
fn output_areas_are_summed_by_their_premises() {
    // 100 premises of which 50 superfast, and 300 all superfast: 350 of 400, not the mean of 50 % and 100 %.
    let text = format!(
        "{OA}W1,100,100,50,50,40,30,20,10\nW2,300,300,100,300,300,<4,0,0\nW3,10,10,100,10,10,10,10,0\n"
    );
    let lookup =
        "OA11CD,OA21CD,LSOA11CD,LSOA21CD,LSOA21NM\nX1,W1,L9,L1,Town\nX2,W2,L9,L1,Town\nX3,W3,L9,L2,Town\n";
    let n = neighbourhoods("LSOA21CD", &["L1", "L2"]);
    let (b, findings) = read(&[("202501_fixed_oa_coverage_r01.csv", &text)], Some(lookup), &n);
    assert_eq!(findings.total("missing_coverage"), 1);
    let b = b.expect("readable");
    assert_eq!(
        (b.layout, b.basis, b.weighting),
        ("output areas, 2024–2025", Basis::Counts, Weighting::Premises)
    );
    assert_eq!(b.release.as_deref(), Some("202501"));
    let zone = b.zones[ZoneIdx(0)].expect("covered");
    assert_eq!((zone.premises, zone.areas), (Some(400.0), 2));
    assert!((share(zone.shares.superfast) - 0.875).abs() < 1e-12);
    assert!((share(zone.shares.ultrafast100) - 0.85).abs() < 1e-12);
    // The suppressed count is missing, not 0: 30 of the 100 that are known.
    assert!((share(zone.shares.ultrafast) - 0.3).abs() < 1e-12);
    assert!((share(zone.shares.below_decent) - 0.025).abs() < 1e-12);
    assert_eq!(b.joins.iter().map(|j| (j.matched, j.total)).collect::<Vec<_>>(), [(2, 2), (3, 3)]);
}

#[test]
fn the_renamed_columns_of_2026_are_read() {
    let header = OA.replace("below the USO", "unable to receive decent broadband from fixed or FWA");
    let n = neighbourhoods("OA21CD", &["W1"]);
    let (b, _) = read(
        &[("202601_fixed_oa_coverage_r1.csv", &format!("{header}W1,100,100,50,50,40,30,20,10\n"))],
        None,
        &n,
    );
    let b = b.expect("readable");
    assert_eq!(b.layout, "output areas, 2026");
    assert!((share(b.zones[ZoneIdx(0)].expect("covered").shares.below_decent) - 0.1).abs() < 1e-12);
}

#[test]
fn postcodes_without_premises_count_alike_and_it_is_said() {
    let text = format!(
        "{PC}AB11AA,AB1 1AA,AB,100.0,90.0,80.0,70.0,0.0,1.0\nAB11AB,AB1 1AB,AB,0.0,0.0,0.0,0.0,100.0,N/A\n"
    );
    let n = neighbourhoods("area_code", &["L1"]);
    let lookup = "pcd7,pcds,doterm,oa21,lsoa21\nAB1 1AA,AB1 1AA,,O,L1\nAB1 1AB,AB1 1AB,,O,L1\nAB1 9ZZ,AB1 9ZZ,199606,O,L1\n";
    let file = [("202507_fixed_pc_coverage_r01_AB.csv", text.as_str())];
    let (b, findings) = read(&file, Some(lookup), &n);
    let b = b.expect("readable");
    let zone = b.zones[ZoneIdx(0)].expect("covered");
    assert_eq!((b.weighting, zone.premises, zone.areas), (Weighting::Unweighted, None, 2));
    assert!((share(zone.shares.superfast) - 0.5).abs() < 1e-12);
    assert!((share(zone.shares.below_decent) - 0.01).abs() < 1e-12, "N/A is missing");
    assert_eq!(findings.total("unweighted_broadband"), 1);
    let weighed = "postcode,lsoa_code,premises\nAB11AA,L1,30\nAB11AB,L1,10\n";
    let (b, findings) = read(&file, Some(weighed), &n);
    let b = b.expect("readable");
    assert!((share(b.zones[ZoneIdx(0)].expect("covered").shares.superfast) - 0.75).abs() < 1e-12);
    assert_eq!((b.weighting, findings.total("unweighted_broadband")), (Weighting::Premises, 0));
}

/// Of 100 postcodes of the neighbourhoods at least 98 must be with Ofcom, as of any codes, unless the user goes on.
#[test]
fn postcodes_that_do_not_match_stop_the_run_as_other_codes_do() {
    let postcode = |n: u32| format!("AB{}{}AA", n / 10 + 1, n % 10);
    let row = |n: u32| format!("{0},{0},AB,100.0,90.0,80.0,70.0,0.0,1.0\n", postcode(n));
    let lookup: String = (0..100).map(|n| format!("{},L1,1\n", postcode(n))).collect();
    let lookup = format!("postcode,lsoa_code,premises\n{lookup}");
    let n = neighbourhoods("area_code", &["L1"]);
    let read = |matched: u32, allow| {
        let text = format!("{PC}{}", (0..matched).map(row).collect::<String>());
        read_as(&[("202507_fixed_pc_coverage_r01_AB.csv", &text)], Some(&lookup), &n, allow)
    };
    for matched in [81, 97] {
        let refused = read(matched, false).0.map(drop).expect_err("refused").to_string();
        assert!(refused.contains(&format!("{matched} of 100 codes matched")), "{refused}");
        assert!(refused.contains("allow_unmatched"), "{refused}");
    }
    for (matched, allow, severity) in [(98, false, Severity::Info), (81, true, Severity::Warning)] {
        let (read, findings) = read(matched, allow);
        assert!(read.is_ok());
        let told: Vec<_> = findings.iter().filter(|f| f.code == "unmatched_code").collect();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].severity, told[0].count), (severity, u64::from(100 - matched)));
    }
}

#[test]
fn in_2018_superfast_is_what_is_not_slower() {
    let text = "postcode,pcds,pca,SFBB availability (% premises),UFBB availability (% premises),\
                FTTP availability (% premises),% of premises unable to receive 30Mbit/s,% of premises unable meet USO,\
                All Premises,All Matched Premises\nAB11AA,AB1 1AA,AB,60,30,0,5,1,100,95\n";
    let n = neighbourhoods("id", &["AB1 1AA"]);
    let (b, _) = read(&[("201809_fixed_pc_coverage_r01.csv", text)], None, &n);
    let zone = b.expect("readable").zones[ZoneIdx(0)].expect("covered");
    // 60 % at 30 to 300 and 30 % above: 90 %. Of 100 premises 95 were matched, of which 5 are slower.
    assert!((share(zone.shares.superfast) - 0.9).abs() < 1e-12);
    assert_eq!((zone.shares.gigabit, zone.shares.ultrafast100, zone.premises), (None, None, Some(100.0)));
}

#[test]
fn what_is_not_known_is_refused_with_what_was_wanted_and_found() {
    let n = neighbourhoods("OA21CD", &["W1"]);
    let refused = |files: &[(&str, &str)], lookup| {
        read(files, lookup, &n).0.map(drop).expect_err("refused").to_string()
    };
    let older = OA.replace("Number of premises with Gigabit availability,", "");
    let e = refused(&[("a.csv", &format!("{older}W1,1,1,1,1,1,1,0\n"))], None);
    assert!(e.contains("of which are missing: Number of premises with Gigabit availability;"), "{e}");
    assert!(e.contains("found output_area, All Premises"), "{e}");
    assert!(refused(&[("a.csv", "code,speed\nW1,3\n")], None).contains("one of output_area, postcode, laua"));
    let other = refused(&[("a.csv", &format!("{OA}W9,1,1,1,1,1,1,1,0\n"))], None);
    assert!(
        other.contains("0 of 1 codes matched") && other.contains("W9") && other.contains("W1"),
        "{other}"
    );
    let good = format!("{OA}W1,1,1,1,1,1,1,1,0\n");
    assert!(refused(&[("a.csv", &good), ("b_res.csv", &good)], None).contains("residential premises"));
    assert!(refused(&[("a.csv", &good), ("b.csv", PC)], None).contains("another layout"));
    // In 2019 the percentage called SFBB was of 30 to 300 Mbit/s alone: less than those with 300.
    let misread = format!("{PC}W1,W1,A,10.0,85.0,80.0,70.0,5.0,1.0\n");
    assert!(refused(&[("a.csv", &misread)], None).contains("do not mean what they mean"));
}

#[test]
fn mangled_files_never_panic() {
    let n = neighbourhoods("OA21CD", &["W1"]);
    let whole = format!("{OA}W1,100,100,50,50,40,30,20,10\n");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    for at in (0..whole.len()).step_by(3) {
        for byte in [b'"', b',', b'9', 0xff] {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = byte;
            std::fs::write(&path, bytes).expect("written");
            let input = BroadbandInput {
                files: vec![ProjectPath::new("a.csv", folder.path())],
                lookup: None,
                allow_unmatched: true,
            };
            drop(Broadband::read(&input, &n, &mut Findings::new()));
        }
    }
}
