//! The tables beside map and feeds: who lives where, jobs, deprivation, broadband, registers.

use crate::{
    areas::{Neighbourhood, area_code, code},
    dice::Dice,
    places::KINDS,
    plan::Plan,
    town::{OutputArea, Place},
};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// Jobs of a person.
const JOBS_EACH: f64 = 30.07 / 65.0;

/// What the broadband file tells of premises, in the order of its columns.
const MEASURES: [&str; 16] = [
    "SFBB availability",
    "UFBB (100Mbit/s) availability",
    "UFBB availability",
    "Gigabit availability",
    "unable to receive 2Mbit/s",
    "unable to receive 5Mbit/s",
    "unable to receive 10Mbit/s",
    "unable to receive 30Mbit/s",
    "below the USO",
    "with NGA",
    "able to receive decent broadband from FWA",
    "with 0<2Mbit/s download speed",
    "with 2<5Mbit/s download speed",
    "with 5<10Mbit/s download speed",
    "with 10<30Mbit/s download speed",
    "with 30<300Mbit/s download speed",
];
const LAST_MEASURE: &str = "with >=300Mbit/s download speed";

/// What the tables are made from.
pub struct Tables<'a> {
    /// The settlements.
    pub plan: &'a Plan,
    /// The output areas, by number.
    pub areas: &'a [OutputArea],
    /// The neighbourhoods, by number.
    pub neighbourhoods: &'a [Neighbourhood],
    /// The places of the map.
    pub places: &'a [Place],
}

impl Tables<'_> {
    /// Writes all tables into a folder.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        self.write_origins(file(folder, "origins.csv")?)?;
        self.write_lookup(file(folder, "oa-lookup.csv")?)?;
        self.write_jobs(file(folder, "jobs.csv")?)?;
        self.write_deprivation(file(folder, "deprivation.csv")?)?;
        self.write_broadband(file(folder, "202501_fixed_oa_coverage_r01.csv")?)?;
        for register in ["library", "gp", "pharmacy"] {
            self.write_register(file(folder, &format!("{register}.csv"))?, register)?;
        }
        Ok(())
    }

    fn write_origins(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "id,lon,lat,population")?;
        for (n, area) in self.areas.iter().enumerate() {
            let (lon, lat) = area.at.degrees();
            writeln!(out, "{},{lon},{lat},{}", area_code(n), area.people)?;
        }
        out.flush()
    }

    fn write_lookup(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "OA21CD,LSOA21CD")?;
        let mut of_area = vec![0; self.areas.len()];
        for (n, neighbourhood) in self.neighbourhoods.iter().enumerate() {
            for &area in &neighbourhood.areas {
                of_area[area] = n;
            }
        }
        for (area, &neighbourhood) in of_area.iter().enumerate() {
            writeln!(out, "{},{}", area_code(area), code(neighbourhood))?;
        }
        out.flush()
    }

    /// Most jobs are in the middle of towns, rounded to five as in the published survey.
    fn write_jobs(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "LSOA21CD,jobs")?;
        for (n, neighbourhood) in self.neighbourhoods.iter().enumerate() {
            let mut dice = Dice::of(&[self.plan.seed, 16, n as u64]);
            let central = dice.within(0.4, 1.6);
            let jobs: f64 = neighbourhood
                .areas
                .iter()
                .map(|&area| {
                    let area = &self.areas[area];
                    let inner = (1.0 - area.far_out).powi(2) * 5.0 + 0.17;
                    f64::from(area.people) * JOBS_EACH * inner * central
                })
                .sum();
            writeln!(out, "{},{}", code(n), (jobs / 5.0).round() * 5.0)?;
        }
        out.flush()
    }

    fn write_deprivation(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "LSOA21CD,score,rank,decile")?;
        let count = self.neighbourhoods.len();
        let mut scores: Vec<(u32, usize)> = (0..count).map(|n| (self.score(n), n)).collect();
        scores.sort_by(|a, b| b.cmp(a));
        let mut ranks = vec![(0, 0); count];
        for (at, &(score, n)) in scores.iter().enumerate() {
            ranks[n] = (score, at + 1);
        }
        for (n, (score, rank)) in ranks.into_iter().enumerate() {
            let decile = (rank - 1) * 10 / count + 1;
            let (whole, part) = (score / 1000, score % 1000);
            writeln!(out, "{},{whole}.{part:03},{rank},{decile}", code(n))?;
        }
        out.flush()
    }

    /// Thousandths, skewed to the low side as the published scores are.
    fn score(&self, n: usize) -> u32 {
        let mut dice = Dice::of(&[self.plan.seed, 17, n as u64]);
        let first = self.neighbourhoods[n].areas[0];
        let town = self.areas[first].settlement as u64;
        let of_town = Dice::of(&[self.plan.seed, 18, town]).unit();
        (1000.0 * (3.0 + 25.0 * of_town * dice.unit() + 55.0 * dice.unit().powi(3))) as u32
    }

    fn write_broadband(&self, mut out: impl Write) -> io::Result<()> {
        let mut header = vec!["output_area".to_owned()];
        header.extend(["All Premises", "All Matched Premises"].map(str::to_owned));
        for measure in MEASURES.into_iter().chain([LAST_MEASURE]) {
            header.push(match measure.ends_with("availability") {
                true => format!("{measure} (% premises)"),
                false => format!("% of premises {measure}"),
            });
        }
        for measure in MEASURES.into_iter().chain([LAST_MEASURE]) {
            let with = if measure.ends_with("availability") { "with " } else { "" };
            header.push(format!("Number of premises {with}{measure}"));
        }
        writeln!(out, "{}", header.join(","))?;
        for n in 0..self.areas.len() {
            let premises = self.areas[n].people * 10 / 23 + 1;
            let counts = self.premises(n, premises);
            write!(out, "{},{premises},{premises}", area_code(n))?;
            for count in counts {
                let tenths = (f64::from(count) / f64::from(premises) * 1000.0).round() as u32;
                write!(out, ",{}.{}", tenths / 10, tenths % 10)?;
            }
            for count in counts {
                write!(out, ",{count}")?;
            }
            writeln!(out)?;
        }
        out.flush()
    }

    /// Most areas have fast lines for all, a few for none: the bands add up to all premises.
    fn premises(&self, n: usize, all: u32) -> [u32; 17] {
        let mut dice = Dice::of(&[self.plan.seed, 19, n as u64]);
        let village = self.plan.settlements[self.areas[n].settlement].people() < 1500.0;
        let share = |dice: &mut Dice, none: f64, most: f64| {
            if dice.chance(none) { dice.within(0.0, 0.2) } else { dice.within(most, 1.0) }
        };
        let fast = share(&mut dice, if village { 0.45 } else { 0.22 }, 0.85);
        let fastest = (f64::from(all) * fast) as u32;
        let superfast = share(&mut dice, if village { 0.1 } else { 0.01 }, 0.9);
        let middle = (f64::from(all - fastest) * superfast) as u32;
        let slow = all - fastest - middle;
        let bands = [slow / 16, slow / 8, slow / 4];
        let ten = slow - bands.iter().sum::<u32>();
        let below = [bands[0], bands[0] + bands[1], bands.iter().sum(), slow];
        let wireless = below[2] / 3;
        [
            fastest + middle,
            fastest + middle / 3,
            fastest,
            fastest - fastest / 10,
            below[0],
            below[1],
            below[2],
            below[3],
            below[2] - wireless,
            fastest + middle + ten / 2,
            wireless + all / 10,
            bands[0],
            bands[1],
            bands[2],
            ten,
            middle,
            fastest,
        ]
    }

    fn write_register(&self, mut out: impl Write, register: &str) -> io::Result<()> {
        writeln!(out, "id,name,lon,lat")?;
        let listed = self.places.iter().filter(|place| KINDS[place.kind].category == register);
        for (n, place) in listed.enumerate() {
            let (lon, lat) = place.at.degrees();
            writeln!(out, "{register}-{n},{},{lon},{lat}", place.name)?;
        }
        out.flush()
    }
}

/// A new file of the folder.
pub fn file(folder: &Path, name: &str) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(folder.join(name))?))
}
