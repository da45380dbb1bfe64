//! Where the settlements lie, how large they are, and which of them a road joins.
//!
//! They come in one order, whatever the country's size: a smaller country is the first of them.
//! Sizes go by rank (Zipf). Each takes a square of a grid along a Hilbert curve, so that any number
//! of them makes one compact land.

use crate::{dice::Dice, plane::Point};

/// Output areas of the whole country, as in Great Britain.
pub const OUTPUT_AREAS: usize = 230_000;

/// People of an output area, on average.
pub const PEOPLE_OF_AREA: f64 = 283.0;

/// Side of the smallest square that a settlement takes, with the country round it, in metres.
pub const CELL: f64 = 2700.0;

const SETTLEMENTS: usize = 16_384;
const CURVE_ORDER: u32 = 9;
const LINKS: usize = 3;
const FARTHEST_LINK: f64 = 12_000.0;

/// A city, town or village, and the country round it.
pub struct Settlement {
    /// Its place in the order, from 0: what its draws go by.
    pub number: usize,
    /// How many output areas it has.
    pub output_areas: usize,
    /// The corner of its square.
    pub corner: Point,
    /// Side of its square, in metres.
    pub side: f64,
    /// Its middle.
    pub centre: Point,
    /// People of a square kilometre of its built-up part.
    pub density: f64,
}

/// A road between two settlements; `to` comes earlier in the order.
pub struct Link {
    /// The later settlement.
    pub from: usize,
    /// The earlier one.
    pub to: usize,
}

/// The settlements of a country, in order, and the roads between them.
pub struct Plan {
    /// The seed of all draws.
    pub seed: u64,
    /// In their order.
    pub settlements: Vec<Settlement>,
    /// By the later settlement, the best connected first.
    pub links: Vec<Link>,
}

impl Settlement {
    /// How many people live in it, about.
    pub fn people(&self) -> f64 {
        self.output_areas as f64 * PEOPLE_OF_AREA
    }

    /// Radius of its built-up part, in metres.
    pub fn radius(&self) -> f64 {
        radius(self.people(), self.density)
    }

    /// What it is called.
    pub fn name(&self) -> String {
        const FIRST: [&str; 24] = [
            "Al", "Bar", "Cal", "Dun", "East", "Far", "Gal", "Har", "Ink", "Kel", "Lang", "Mar",
            "Nor", "Oak", "Pen", "Quar", "Red", "Sal", "Thorn", "Up", "Wal", "Wes", "Yar", "Ash",
        ];
        const LAST: [&str; 16] = [
            "ton", "ham", "bury", "ford", "ley", "wick", "by", "worth", "combe", "den", "mouth",
            "stead", "thorpe", "well", "field", "bridge",
        ];
        let (first, last) = (FIRST[self.number % 24], LAST[self.number / 24 % 16]);
        match self.number / 384 {
            0 => format!("{first}{last}"),
            more => format!("{first}{last} {}", FIRST[(more - 1) % 24]) + &"e".repeat(more / 25),
        }
    }
}

impl Plan {
    /// The first settlements of the order that make `fraction` of the country; the last is cut
    /// short where it has more than is wanted.
    pub fn draw(seed: u64, fraction: f64) -> Plan {
        let wanted = ((OUTPUT_AREAS as f64 * fraction).round() as usize).max(1);
        let mut ground = Ground::default();
        let (mut settlements, mut areas) = (Vec::new(), 0);
        for (number, people) in sizes_in_order().into_iter().enumerate() {
            if areas >= wanted {
                break;
            }
            let full = ((people / PEOPLE_OF_AREA).round() as usize).max(1);
            let mut settlement = placed(seed, number, full, &mut ground);
            settlement.output_areas = full.min(wanted - areas);
            areas += settlement.output_areas;
            settlements.push(settlement);
        }
        let links = links(&settlements);
        Plan { seed, settlements, links }
    }

    /// The corners of the smallest upright box round all squares, and a kilometre more.
    pub fn corners(&self) -> (Point, Point) {
        let mut low = Point { x: f64::MAX, y: f64::MAX };
        let mut high = Point { x: f64::MIN, y: f64::MIN };
        for settlement in &self.settlements {
            low.x = low.x.min(settlement.corner.x - 1000.0);
            low.y = low.y.min(settlement.corner.y - 1000.0);
            high.x = high.x.max(settlement.corner.x + settlement.side + 1000.0);
            high.y = high.y.max(settlement.corner.y + settlement.side + 1000.0);
        }
        (low, high)
    }
}

/// People by place in the order. A place of rank `r` may come once the country is large enough
/// that it makes a fifth of it at most; from then on ranks are spread by the golden ratio.
fn sizes_in_order() -> Vec<f64> {
    let harmonic: f64 = (1..=SETTLEMENTS).map(|rank| 1.0 / rank as f64).sum();
    let largest = OUTPUT_AREAS as f64 * PEOPLE_OF_AREA / harmonic;
    let mut order: Vec<(f64, usize)> = (1..=SETTLEMENTS)
        .map(|rank| {
            let earliest = (0.5 / rank as f64).min(0.6);
            let spread = (rank as f64 * 0.618_033_988_749_895 + 0.16).fract();
            (earliest + (1.0 - earliest) * spread, rank)
        })
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    order.into_iter().map(|(_, rank)| largest / rank as f64).collect()
}

fn placed(seed: u64, number: usize, areas: usize, ground: &mut Ground) -> Settlement {
    let people = areas as f64 * PEOPLE_OF_AREA;
    let density = (2000.0 + 850.0 * (people / 400.0).log10().max(0.0)).min(5500.0);
    let reach = radius(people, density);
    let level = (2.7 * reach / CELL).log2().ceil().max(0.0) as u32;
    let side = CELL * f64::from(1 << level);
    let corner = ground.square(level);
    let mut dice = Dice::of(&[seed, 1, number as u64]);
    let slack = (side / 2.0 - 1.25 * reach).max(0.0) * 0.8;
    let centre = corner
        .plus(side / 2.0 + dice.within(-slack, slack), side / 2.0 + dice.within(-slack, slack));
    Settlement { number, output_areas: areas, corner, side, centre, density }
}

fn radius(people: f64, density: f64) -> f64 {
    (people / density / std::f64::consts::PI).sqrt() * 1000.0
}

/// Each settlement's roads to the nearest that came before it.
fn links(settlements: &[Settlement]) -> Vec<Link> {
    let mut links = Vec::new();
    for (from, here) in settlements.iter().enumerate() {
        let mut near: Vec<(f64, usize)> = settlements[..from]
            .iter()
            .enumerate()
            .map(|(to, there)| {
                let apart = here.centre.metres(there.centre);
                ((apart - here.radius() - there.radius()).max(0.0), to)
            })
            .collect();
        let kept = near.len().min(LINKS);
        if near.len() > LINKS {
            near.select_nth_unstable_by(LINKS, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        near.truncate(kept);
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (rank, &(metres, to)) in near.iter().enumerate() {
            if rank == 0 || metres < FARTHEST_LINK {
                links.push(Link { from, to });
            }
        }
    }
    links
}

/// Gives out squares of 4ˡ cells along the curve; what an alignment skips is given out later.
#[derive(Default)]
struct Ground {
    next: u64,
    skipped: Vec<Vec<u64>>,
}

impl Ground {
    /// The corner of a square of `1 << level` cells a side that nobody has.
    fn square(&mut self, level: u32) -> Point {
        let first = self.take_skipped(level).unwrap_or_else(|| self.take_next(level));
        let (x, y) = along_curve(first);
        let cells = 1_u64 << level;
        Point { x: (x / cells * cells) as f64 * CELL, y: (y / cells * cells) as f64 * CELL }
    }

    fn take_skipped(&mut self, level: u32) -> Option<u64> {
        self.skipped.resize(CURVE_ORDER as usize + 1, Vec::new());
        let mut from = (level..=CURVE_ORDER).find(|&l| !self.skipped[l as usize].is_empty())?;
        let first = self.skipped[from as usize].pop()?;
        while from > level {
            from -= 1;
            let quarter = 1 << (2 * from);
            self.skipped[from as usize].extend((1..4).rev().map(|n| first + n * quarter));
        }
        Some(first)
    }

    fn take_next(&mut self, level: u32) -> u64 {
        let cells = 1_u64 << (2 * level);
        while !self.next.is_multiple_of(cells) {
            let skipped = (self.next.trailing_zeros() / 2).min(level);
            self.skipped[skipped as usize].push(self.next);
            self.next += 1 << (2 * skipped);
        }
        self.next += cells;
        self.next - cells
    }
}

/// The cell at a distance along the Hilbert curve.
fn along_curve(distance: u64) -> (u64, u64) {
    let (mut x, mut y, mut rest) = (0, 0, distance);
    for order in 0..CURVE_ORDER {
        let side = 1_u64 << order;
        let right = (rest / 2) & 1;
        let up = (rest ^ right) & 1;
        if up == 0 {
            if right == 1 {
                (x, y) = (side - 1 - x, side - 1 - y);
            }
            (x, y) = (y, x);
        }
        x += side * right;
        y += side * up;
        rest /= 4;
    }
    (x, y)
}
