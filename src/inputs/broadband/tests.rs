use super::*;
use crate::inputs::neighbourhoods::NamedProperties;
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
    Neighbourhoods::parse("n", text.as_bytes(), &NamedProperties::default(), &mut Findings::new())
        .expect("valid")
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
        mobile: None,
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
    // 100 premises of which 50 superfast, and 300 all superfast: 350 of 400, not the mean of 50 %
    // and 100 %.
    let text = format!(
        "{OA}W1,100,100,50,50,40,30,20,10\nW2,300,300,100,300,300,<4,0,0\nW3,10,10,100,10,10,10,10,0\n"
    );
    let lookup = "OA11CD,OA21CD,LSOA11CD,LSOA21CD,LSOA21NM\nX1,W1,L9,L1,Town\nX2,W2,L9,L1,Town\nX3,W3,L9,L2,Town\n";
    let n = neighbourhoods("LSOA21CD", &["L1", "L2"]);
    let (b, findings) = read(&[("202501_fixed_oa_coverage_r01.csv", &text)], Some(lookup), &n);
    assert_eq!(findings.total("missing_coverage"), 1);
    let b = b.expect("readable");
    assert_eq!(b.whose, OFCOM);
    assert_eq!(
        (b.layout, b.basis, b.weighting),
        ("output areas, 2024–2025", CoverageBasis::Counts, Weighting::Premises)
    );
    assert_eq!(b.release.as_deref(), Some("202501"));
    let zone = b.zones[NeighbourhoodIdx(0)].expect("covered");
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
    let header =
        OA.replace("below the USO", "unable to receive decent broadband from fixed or FWA");
    let n = neighbourhoods("OA21CD", &["W1"]);
    let (b, _) = read(
        &[("202601_fixed_oa_coverage_r1.csv", &format!("{header}W1,100,100,50,50,40,30,20,10\n"))],
        None,
        &n,
    );
    let b = b.expect("readable");
    assert_eq!(b.layout, "output areas, 2026");
    assert!(
        (share(b.zones[NeighbourhoodIdx(0)].expect("covered").shares.below_decent) - 0.1).abs()
            < 1e-12
    );
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
    let zone = b.zones[NeighbourhoodIdx(0)].expect("covered");
    assert_eq!((b.weighting, zone.premises, zone.areas), (Weighting::Unweighted, None, 2));
    assert!((share(zone.shares.superfast) - 0.5).abs() < 1e-12);
    assert!((share(zone.shares.below_decent) - 0.01).abs() < 1e-12, "N/A is missing");
    assert_eq!(findings.total("unweighted_broadband"), 1);
    let weighed = "postcode,lsoa_code,premises\nAB11AA,L1,30\nAB11AB,L1,10\n";
    let (b, findings) = read(&file, Some(weighed), &n);
    let b = b.expect("readable");
    assert!(
        (share(b.zones[NeighbourhoodIdx(0)].expect("covered").shares.superfast) - 0.75).abs()
            < 1e-12
    );
    assert_eq!((b.weighting, findings.total("unweighted_broadband")), (Weighting::Premises, 0));
}

/// Of 100 postcodes of the neighbourhoods at least 98 must be with Ofcom, as of any codes, unless
/// the user goes on.
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
    let zone = b.expect("readable").zones[NeighbourhoodIdx(0)].expect("covered");
    // 60 % at 30 to 300 and 30 % above: 90 %. Of 100 premises 95 were matched, of which 5 are
    // slower.
    assert!((share(zone.shares.superfast) - 0.9).abs() < 1e-12);
    assert_eq!(
        (zone.shares.gigabit, zone.shares.ultrafast100, zone.premises),
        (None, None, Some(100.0))
    );
}

#[test]
fn what_is_not_known_is_refused_with_what_was_wanted_and_found() {
    let n = neighbourhoods("OA21CD", &["W1"]);
    let refused = |files: &[(&str, &str)], lookup| {
        read(files, lookup, &n).0.map(drop).expect_err("refused").to_string()
    };
    let older = OA.replace("Number of premises with Gigabit availability,", "");
    let e = refused(&[("a.csv", &format!("{older}W1,1,1,1,1,1,1,0\n"))], None);
    assert!(
        e.contains("of which are missing: Number of premises with Gigabit availability;"),
        "{e}"
    );
    assert!(e.contains("found output_area, All Premises"), "{e}");
    assert!(
        refused(&[("a.csv", "code,speed\nW1,3\n")], None)
            .contains("one of output_area, postcode, laua")
    );
    let other = refused(&[("a.csv", &format!("{OA}W9,1,1,1,1,1,1,1,0\n"))], None);
    assert!(
        other.contains("0 of 1 codes matched") && other.contains("W9") && other.contains("W1"),
        "{other}"
    );
    let good = format!("{OA}W1,1,1,1,1,1,1,1,0\n");
    assert!(
        refused(&[("a.csv", &good), ("b_res.csv", &good)], None).contains("residential premises")
    );
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
                mobile: None,
                allow_unmatched: true,
            };
            drop(Broadband::read(&input, &n, &mut Findings::new()));
        }
    }
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("ended").into_inner()
}

#[test]
fn ofcoms_zips_within_zips_are_read_and_residential_files_left_aside() {
    let a = format!("{PC}AA11AA,AA1 1AA,AA,100,100,50,50,0,0\n");
    let b = format!("{PC}BB11AA,BB1 1AA,BB,0,0,0,0,100,10\n");
    let res = format!("{PC}AA11AA,AA1 1AA,AA,90,90,40,40,10,0\n");
    let inner = zipped(&[
        ("postcode_files/202507_fixed_pc_coverage_r01_AA.csv", a.as_bytes()),
        ("postcode_files/202507_fixed_pc_coverage_r01_BB.csv", b.as_bytes()),
        ("postcode_res_files/202507_fixed_pc_coverage_res_r01_AA.csv", res.as_bytes()),
    ]);
    let outer = zipped(&[("202507_fixed_pc_coverage_r01.zip", &inner), ("about.txt", b"-")]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("202507_fixed_broadband_coverage_r01.zip");
    std::fs::write(&path, outer).expect("written");
    let mut findings = Findings::new();
    let coverage = CoverageRelease::read(&[&path], &mut findings).expect("read");
    let codes: Vec<_> =
        coverage.areas.iter().map(|a| (a.code.as_str(), a.values.superfast)).collect();
    assert_eq!(codes, [("AA11AA", Some(100.0)), ("BB11AA", Some(0.0))]);
    assert_eq!(coverage.release.as_deref(), Some("202507"));
    assert_eq!(findings.total("residential_passed_over"), 1);
}

#[test]
fn full_fibre_is_read_where_it_is_published() {
    let text = "laua,laua_name,All Premises,All Matched Premises,Number of premises with SFBB availability,\
                Number of premises with UFBB (100Mbit/s) availability,Number of premises with UFBB availability,\
                Number of premises with Full Fibre availability,Number of premises with Gigabit availability,\
                Number of premises unable to receive decent broadband from fixed or FWA\n\
                E07000001,A,1000,990,950,900,800,600,700,5\n";
    let n = neighbourhoods("LAD23CD", &["E07000001"]);
    let (b, _) = read(&[("202601_fixed_laua_coverage_r01.csv", text)], None, &n);
    let b = b.expect("read");
    assert_eq!(b.layout, "local authorities, 2026");
    let shares = b.zones[NeighbourhoodIdx(0)].as_ref().expect("known").shares;
    assert!(
        (share(shares.full_fibre) - 0.6).abs() < 1e-12
            && (share(shares.below_decent) - 0.005).abs() < 1e-12
    );
    // An authority's figures do not tell its neighbourhoods apart.
    let n = neighbourhoods("LSOA21CD", &["L1", "L2"]);
    let lookup = "LSOA21CD,LAD23CD\nL1,E07000001\nL2,E07000001\n";
    let e = read(&[("202601_fixed_laua_coverage_r01.csv", text)], Some(lookup), &n)
        .0
        .map(drop)
        .expect_err("coarse");
    assert!(e.to_string().contains("output-area files"), "{e}");
}

#[test]
fn locations_of_the_fcc_have_the_best_of_their_offers_on_the_ground() {
    let head = "frn,provider_id,brand_name,location_id,technology,max_advertised_download_speed,\
                max_advertised_upload_speed,low_latency,business_residential_code,state_usps,block_geoid,h3_res8_id\n";
    let row = |location: &str, tech: u32, down: u32, up: u32, block: &str| {
        format!("1,1,\"A, Inc\",{location},{tech},{down},{up},1,X,AL,{block},88\n")
    };
    let block = "010010201001000";
    let text = [
        head.to_owned(),
        row("7", 10, 10, 1, block),
        row("7", 50, 1000, 1000, block),
        row("8", 10, 25, 0, block),
        row("8", 60, 150, 20, block),
        row("9", 71, 100, 20, "010010202001000"),
        row("9", 71, 100, 20, "10010202001000"),
    ];
    let n = neighbourhoods("GEOID20", &["01001020100", "01001020200"]);
    let (b, findings) = read(&[("bdc_01_J24.csv", &text.concat())], None, &n);
    let b = b.expect("read");
    assert!(b.whose.contains("Federal Communications Commission"), "{}", b.whose);
    let first = b.zones[NeighbourhoodIdx(0)].expect("known");
    assert_eq!(first.premises, Some(2.0));
    assert_eq!([share(first.shares.gigabit), share(first.shares.full_fibre)], [0.5, 0.5]);
    assert_eq!([share(first.shares.superfast), share(first.shares.below_decent)], [0.5, 0.5]);
    assert_eq!(share(b.zones[NeighbourhoodIdx(1)].expect("known").shares.ultrafast100), 1.0);
    assert_eq!((findings.total("satellite_offer"), findings.total("bad_code")), (1, 1));
}

#[test]
fn mobile_coverage_is_that_of_the_local_authority() {
    let text = "laua,laua_name,4G_prem_in_0,4G_prem_in_1,4G_prem_in_2,4G_prem_in_3,4G_prem_in_4\n\
                E07000001,A,,1.5,2.5,6,90\nE07000002,B,20,20,20,20,20\nE07000003,C,50,20,20,20,20\n";
    let n = neighbourhoods("LSOA21CD", &["L1", "L2", "L3"]);
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
        ProjectPath::new(name, folder.path())
    };
    let lookup = "LSOA21CD,LAD23CD,LAD23NM\nL1,E07000001,A\nL2,E07000001,A\nL3,E07000002,B\n";
    let mut input = BroadbandInput {
        files: vec![],
        lookup: Some(write("lookup.csv", lookup)),
        mobile: Some(write("202501_mobile_coverage_laua_r01.csv", text)),
        allow_unmatched: false,
    };
    let mut findings = Findings::new();
    let path = input.mobile.clone().expect("given");
    let table = mobile::read(&path, &input, &n, &mut findings).expect("read");
    let of = |key: &str| {
        let column = table.column(key).expect(key);
        [0, 1, 2].map(|n| column.number(NeighbourhoodIdx(n)))
    };
    assert_eq!(of("4g_prem_in_any_pct"), [Some(100.0), Some(100.0), Some(80.0)], "a blank is 0");
    assert_eq!(of("4g_prem_in_all_pct"), [Some(90.0), Some(90.0), Some(20.0)]);
    assert_eq!(findings.total("odd_coverage"), 1, "C adds up to 130 %");
    input.mobile = Some(write("m.csv", "laua,4G_prem_in_0,4G_prem_in_1\nE07000001,0,100\n"));
    let path = input.mobile.clone().expect("given");
    let e = mobile::read(&path, &input, &n, &mut findings).expect_err("no _2 to _4").to_string();
    assert!(e.contains("4G_prem_in_4"), "{e}");
    // What is no share is not known, and no 0 either: with 0 in the first column everybody would be
    // served.
    let said = "laua,4G_prem_in_0,4G_prem_in_1,4G_prem_in_2,4G_prem_in_3,4G_prem_in_4\nE07000001,N/A,1,1,1,1\nE07000002,20,20,20,20,no\n";
    input.mobile = Some(write("m.csv", said));
    let path = input.mobile.clone().expect("given");
    let table = mobile::read(&path, &input, &n, &mut findings).expect("read");
    let any = table.column("4g_prem_in_any_pct").expect("there");
    assert_eq!([0, 1, 2].map(|n| any.number(NeighbourhoodIdx(n))), [None, None, None]);
    assert_eq!(findings.total("bad_number"), 2);
}

/// A lookup from postcodes as the National Statistics Postcode Lookup of 2026 names its columns;
/// one postcode has ended.
#[test]
fn postcodes_find_their_neighbourhood_in_a_lookup_of_any_year() {
    let n = neighbourhoods("LSOA21CD", &["L1", "L2"]);
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
        ProjectPath::new(name, folder.path())
    };
    let nspl = "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,oa21cd,lad26cd,wd26cd,lsoa21cd,msoa21cd,lat,long\n\
                AA1 1AA,AA1  1AA,AA1 1AA,198001,,0,1,1,O1,D,W,L1,M,51,0\n\
                BB1 1AA,BB1  1AA,BB1 1AA,198001,,0,1,1,O2,D,W,L2,M,51,0\n\
                AA1 1AB,AA1  1AB,AA1 1AB,198001,201001,0,1,1,O1,D,W,L1,M,51,0\n";
    let coverage =
        format!("{PC}AA11AA,AA1 1AA,AA,100,100,50,50,0,0\nBB11AA,BB1 1AA,BB,0,0,0,0,100,10\n");
    let input = BroadbandInput {
        files: vec![write("202507_fixed_pc_coverage_r01.csv", &coverage)],
        lookup: Some(write("NSPL_AUG_2026_UK.csv", nspl)),
        mobile: None,
        allow_unmatched: false,
    };
    let found = Broadband::read(&input, &n, &mut Findings::new()).expect("joined");
    let superfast =
        |zone| found.zones[NeighbourhoodIdx(zone)].and_then(|zone| zone.shares.superfast);
    assert_eq!([superfast(0), superfast(1)], [Some(Share(1.0)), Some(Share(0.0))]);
}
