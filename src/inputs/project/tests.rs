use super::*;

const LEAST: &str = "osm = [\"a.pbf\"]\n[neighbourhoods]\nfile = \"n.geojson\"\n";

fn parse(text: &str) -> Result<Project, ProjectError> {
    Project::parse(text, "lastmile.toml", Path::new("town"))
}

fn complaint(more: &str) -> String {
    match parse(&format!("{LEAST}{more}")) {
        Ok(_) => panic!("should be refused: {more}"),
        Err(e) => e.to_string(),
    }
}

#[test]
fn the_least_file_is_filled_with_the_documented_defaults() {
    let p = parse(LEAST).expect("valid");
    assert_eq!(p.name, "town");
    assert_eq!(&*p.neighbourhoods.file, Path::new("town/n.geojson"));
    assert_eq!(p.neighbourhoods.file.given(), "n.geojson");
    assert_eq!((p.seed, p.percentiles, p.cutoffs_min), (1, vec![25, 50, 75], vec![15, 30, 45, 60]));
    assert!(
        (p.walk.speed.as_kmh() - 4.8).abs() < 1e-12
            && (p.walk.steps_speed.as_kmh() - 2.4).abs() < 1e-12
    );
    assert_eq!(
        (p.walk.max_walk, p.walk.max_snap, p.walk.max_snap_stop),
        (Seconds::new(1800), Metres::new(300.0), Metres::new(100.0))
    );
    assert_eq!(
        (p.transit.max_rides, p.transit.board_slack, p.transit.max_time),
        (4, Seconds::new(60), Seconds::new(7200))
    );
    assert_eq!(p.transit.max_transfer, Metres::new(1000.0));
    let windows: Vec<_> = p
        .windows
        .iter()
        .map(|w| (w.name.as_str(), w.day, w.from.get() / 3600, w.to.get() / 3600))
        .collect();
    assert_eq!(
        windows,
        [
            ("am", WindowDay::Weekday, 7, 9),
            ("midday", WindowDay::Weekday, 11, 13),
            ("evening", WindowDay::Weekday, 19, 22),
            ("night", WindowDay::Weekday, 23, 25),
            ("saturday", WindowDay::Saturday, 10, 12),
            ("sunday", WindowDay::Sunday, 10, 12),
        ]
    );
    let meeting: Vec<_> = p
        .categories
        .iter()
        .filter(|c| c.group == CategoryGroup::Meeting)
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(meeting, ["community_centre", "pub", "place_of_worship", "library", "park"]);
    assert_eq!(p.categories.len(), 9);
}

#[test]
fn unknown_keys_are_refused_with_line_and_suggestion() {
    assert_eq!(
        complaint("[walk]\nspeed_kph = 5\n"),
        "lastmile.toml, line 5: unknown key `speed_kph`; did you mean `speed_kmh`?"
    );
    assert!(complaint("[wlak]\nspeed_kmh = 5\n").contains("did you mean `walk`?"));
    assert!(
        complaint("[windows.am]\nday=\"weekday\"\nfrom=\"07:00\"\nuntil=\"09:00\"\n")
            .contains("`until`")
    );
    assert!(complaint("[transit]\nqqq = 1\n").contains("known here: max_rides, max_transfer_m"));
}

#[test]
fn bad_values_name_line_key_value_and_what_is_allowed() {
    assert_eq!(
        complaint("[walk]\nspeed_kmh = -1\n"),
        "lastmile.toml, line 5: walk.speed_kmh = -1 is not allowed; give a number from 0.5 to 20 (km/h)"
    );
    let e = complaint("[walk]\nspeed_kmh = \"fast\"\n");
    assert!(e.starts_with("lastmile.toml, line 5: walk.speed_kmh: ") && e.contains("fast"), "{e}");
    assert!(complaint("[walk]\nspeed_kmh = nan\n").contains("not allowed"));
    assert!(complaint("[walk]\nprofile = \"stepfree\"\n").contains("did you mean \"step_free\"?"));
    assert!(
        complaint("[walk]\nprofiles = [\"stepfree\"]\n").contains("did you mean \"step_free\"?")
    );
    assert!(complaint("[walk]\nprofiles = []\n").contains("walk.profiles = [] is not allowed"));
    assert!(
        complaint("[walk]\nprofiles = [\"default\", \"default\"]\n").contains("each profile once")
    );
    assert!(
        complaint("[walk]\nprofile = \"default\"\nprofiles = [\"default\"]\n").contains("not both")
    );
    let twin = "[windows.step_free_am]\nfrom = \"09:00\"\nto = \"10:00\"\n";
    assert!(complaint(twin).contains("begin like a walking profile"), "{}", complaint(twin));
    let window = |rest: &str| complaint(&format!("[windows.am]\n{rest}\n"));
    assert!(window("from = \"9:00\"\nto = \"10:00\"").contains("\"HH:MM\", from 00:00 to 47:59"));
    assert!(
        window("from = \"09:00\"\nto = \"48:00\"").contains("line 6: windows.am.to = \"48:00\"")
    );
    assert!(window("from = \"09:00\"\nto = \"09:00\"").contains("a time after `from`"));
    assert!(
        window("day = \"monday\"\nfrom = \"09:00\"\nto = \"10:00\"")
            .contains("\"weekday\" or \"saturday\"")
    );
    assert!(
        window("day = \"sunday\"\ndate = \"2026-03-10\"\nfrom = \"09:00\"\nto = \"10:00\"")
            .contains("not both")
    );
    assert!(
        complaint("[windows.\"A M\"]\nfrom = \"09:00\"\nto = \"10:00\"\n")
            .contains("small letters")
    );
    assert!(complaint("[categories.jobs]\nosm = [\"office=yes\"]\n").contains("another name"));
    assert!(complaint("[categories.spa]\nlabel = \"Spas\"\n").contains("`osm` rules"));
    assert!(parse(&format!("percentiles = [0]\n{LEAST}")).is_err());
    assert!(parse(&format!("percentiles = []\n{LEAST}")).is_err());
    assert!(parse(&format!("cutoffs_min = [0]\n{LEAST}")).is_err());
    assert!(parse(&format!("date = \"2026-02-30\"\n{LEAST}")).is_err());
    assert!(parse(&format!("timezone = \"Europe/Wenbury\"\n{LEAST}")).is_err());
    let whose = |key: &str| parse(&format!("public_holidays = \"{key}\"\n{LEAST}"));
    assert_eq!(whose("scotland").expect("valid").public_holidays, Some(Nation::Scotland));
    assert!(
        whose("wenbury").expect_err("no nation").to_string().contains("\"northern_ireland\" or")
    );
    assert!(
        parse("osm = [\"a.pbf\"]")
            .expect_err("no polygons")
            .to_string()
            .contains("neighbourhoods.file is missing")
    );
}

#[test]
fn walking_profiles_stand_in_the_order_of_the_file() {
    let profiles =
        |walk: &str| parse(&format!("{LEAST}[walk]\n{walk}")).expect("valid").walk.profiles;
    assert_eq!(profiles(""), [ProfileName::Default]);
    assert_eq!(profiles("profile = \"step_free\"\n"), [ProfileName::StepFree]);
    let both = [ProfileName::StepFree, ProfileName::Default];
    assert_eq!(profiles("profiles = [\"step_free\", \"default\"]\n"), both);
}

#[test]
fn what_is_written_is_what_is_used() {
    let p = parse(&format!(
        "percentiles = [90, 50, 50]\ndate = 2026-03-10\n{LEAST}\
         [windows.late]\ndate = \"2026-03-13\"\nfrom = \"23:30\"\nto = \"26:00\"\n\
         [windows.early]\nfrom = \"05:00\"\nto = \"06:00\"\n\
         [categories.library]\nfiles = [\"l.csv\"]\nreplace_osm = true\n\
         [categories.foot_clinic]\nosm = [\"social_facility=foot_clinic\"]\n"
    ))
    .expect("valid");
    assert_eq!(p.percentiles, [50, 90]);
    assert_eq!(p.date, Some(jiff::civil::date(2026, 3, 10)));
    let names: Vec<_> = p.windows.iter().map(|w| w.name.as_str()).collect();
    assert_eq!(names, ["late", "early"]);
    assert_eq!(p.windows[0].day, WindowDay::Date(jiff::civil::date(2026, 3, 13)));
    assert_eq!(p.windows[0].to, ServiceTime::hms(26, 0, 0));
    assert_eq!(p.categories[0].label, "Libraries");
    assert_eq!(p.categories[1].label, "Foot clinic");
    let json = serde_json::to_string(&p).expect("serialises");
    assert!(json.contains("\"file\":\"n.geojson\"") && !json.contains("town/n"), "{json}");
}

#[test]
fn mangled_files_are_refused_without_a_panic() {
    let whole = format!(
        "{LEAST}[windows.am]\nday = \"weekday\"\nfrom = \"07:00\"\nto = \"09:00\"\n[walk]\nspeed_kmh = 4.8\n"
    );
    for at in 0..whole.len() {
        for byte in ["", "\"", "[", "]", "=", "9", "\n", "\0", "é"] {
            let mangled = format!("{}{byte}{}", &whole[..at], &whole[at + 1..]);
            drop(parse(&mangled));
        }
    }
}

#[test]
fn the_record_is_read_with_its_defaults_and_held_to_its_word() {
    let p = parse(LEAST).expect("valid");
    assert_eq!(
        (p.measures.nearby, p.measures.loss_base.as_deref()),
        (Metres::new(1000.0), Some("am"))
    );
    assert_eq!(p.measures.loss_windows, ["evening", "sunday"]);
    assert!(p.index.is_none() && p.groups.is_empty() && p.preset.is_none() && !p.measures.counts);
    let doubly = p.doubly_cut_off.expect("there are libraries");
    assert_eq!(
        (doubly.categories, doubly.beyond),
        (vec!["library".to_owned()], Seconds::new(1800))
    );
    let p = parse(&format!(
        "{LEAST}[measures]\nnearest = [3, 2]\n[decays.far]\nfunction = \"logistic\"\ncutoff_min = 40\nsd_min = 10\n\
         [catchments.gps]\ncategory = \"gp\"\n[index.domains.b]\nindicators = [{{ field = \"x\", worse = \"low\" }}]\n\
         [index.domains.a]\nweight = 2\nindicators = [{{ field = \"y\", worse = \"high\", weight = 3 }}]\n\
         [groups.ward]\nfile = \"w.csv\"\ncolumn = \"WD22NM\"\n[outputs]\npreset = \"jts\"\n"
    ))
    .expect("valid");
    assert_eq!(
        (p.measures.nearest, p.measures.counts, p.preset),
        (vec![2, 3], true, Some(Preset::Jts))
    );
    assert_eq!(p.decays[0].decay, Decay::Logistic { cutoff_min: 40.0, sd_min: 10.0 });
    assert_eq!(
        (p.catchments[0].window.as_deref(), p.catchments[0].cutoff),
        (None, Seconds::new(1800))
    );
    let index = p.index.expect("asked for");
    assert_eq!((index.vary, index.draws), (0.2, 1000));
    let names: Vec<_> =
        index.domains.iter().map(|d| (d.name.as_str(), d.weight, d.indicators[0].weight)).collect();
    assert_eq!(names, [("b", 1.0, 1.0), ("a", 2.0, 3.0)], "in the order of the file");
    assert!(complaint("[index.domains.a]\nindicators = []\n").contains("one or more"));
    assert!(complaint("[index]\nvary_pct = 200\n").contains("0 to 90"));
    assert!(complaint("[measures]\nloss_base = \"mornings\"\n").contains("\"am\" or \"midday\""));
    assert!(
        complaint("[decays.x]\nfunction = \"linear\"\n").contains("decays.x.cutoff_min is missing")
    );
    assert!(complaint("[catchments.x]\ncategory = \"gps\"\n").contains("did you mean \"gp\"?"));
    assert!(complaint("[groups.x]\nfile = \"a.csv\"\n").contains("either `field`"));
    let twin = "[groups.x]\nfield = \"a\"\nequally_deprived_by = \"x\"\n";
    assert!(complaint(twin).contains("another table of `groups`"));
    assert!(complaint("[outputs]\npreset = \"jtz\"\n").contains("did you mean \"jts\"?"));
    assert!(complaint("[inequality.lines]\njobs = 0\n").contains("a line of access"));
}
