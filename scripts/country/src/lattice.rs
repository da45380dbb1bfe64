//! The bent grid of streets of a settlement: which blocks are built up, where its corners and the
//! shape of its streets lie. All of it follows from draws by place, so that streets and bus lines
//! find the same without one holding the other.

use crate::{dice::Dice, plan::Settlement, plane::Point};

/// Blocks of an output area.
pub const BLOCKS_OF_AREA: usize = 9;

/// Each street of this number, both ways, is a main street without gaps, and may have buses.
pub const MAIN: i32 = 4;

/// Shape nodes between two corners of the grid.
pub const SHAPE: usize = 5;

/// A corner of the grid, from the middle of the settlement.
pub type Corner = (i32, i32);

/// Which way a street of the grid runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// From a corner to the next with a larger first number.
    First,
    /// From a corner to the next with a larger second number.
    Second,
}

/// The grid of one settlement.
pub struct Lattice {
    seed: u64,
    number: u64,
    centre: Point,
    turn: (f64, f64),
    spacing: f64,
    half: i32,
    built: Vec<bool>,
}

impl Lattice {
    /// The grid of a settlement.
    pub fn of(seed: u64, settlement: &Settlement) -> Lattice {
        let number = settlement.number as u64;
        let mut dice = Dice::of(&[seed, 2, number]);
        let angle = dice.within(0.0, std::f64::consts::FRAC_PI_2);
        let area_km2 = settlement.people() / settlement.output_areas as f64 / settlement.density;
        let spacing = (area_km2 * 1e6 / BLOCKS_OF_AREA as f64).sqrt();
        let half = (settlement.radius() * 1.45 / spacing).ceil() as i32 + 2;
        let mut lattice = Lattice {
            seed,
            number,
            centre: settlement.centre,
            turn: (angle.cos(), angle.sin()),
            spacing,
            half,
            built: vec![false; (2 * half * 2 * half) as usize],
        };
        lattice.build(settlement.output_areas * BLOCKS_OF_AREA, &mut dice);
        lattice
    }

    /// How far blocks lie from the middle at most.
    pub fn half(&self) -> i32 {
        self.half
    }

    /// The built-up blocks, in threes of rows: neighbours in the list are near each other.
    pub fn blocks(&self) -> Vec<Corner> {
        let mut blocks: Vec<Corner> = (-self.half..self.half)
            .flat_map(|i| (-self.half..self.half).map(move |j| (i, j)))
            .filter(|&(i, j)| self.is_built(i, j))
            .collect();
        blocks.sort_by_key(|&(i, j)| {
            let strip = i.div_euclid(3);
            (strip, if strip % 2 == 0 { j } else { -j }, i)
        });
        blocks
    }

    /// Where a corner of the grid lies.
    pub fn at(&self, (i, j): Corner) -> Point {
        let mut dice = Dice::of(&[self.seed, 3, self.number, i as u64, j as u64]);
        let x = (f64::from(i) + dice.within(-0.18, 0.18)) * self.spacing;
        let y = (f64::from(j) + dice.within(-0.18, 0.18)) * self.spacing;
        self.centre.plus(x * self.turn.0 - y * self.turn.1, x * self.turn.1 + y * self.turn.0)
    }

    /// Whether a street leads from a corner to the next.
    pub fn has_street(&self, (i, j): Corner, axis: Axis) -> bool {
        let (one, other, row) = match axis {
            Axis::First => (self.is_built(i, j - 1), self.is_built(i, j), j),
            Axis::Second => (self.is_built(i - 1, j), self.is_built(i, j), i),
        };
        let gap = || {
            let key = [self.seed, 4, self.number, i as u64, j as u64, axis as u64];
            Dice::of(&key).chance(0.12)
        };
        (one || other) && !(one && other && row % MAIN != 0 && gap())
    }

    /// The shape of the street from a corner to the next, without the corners.
    pub fn shape(&self, corner: Corner, axis: Axis) -> [Point; SHAPE] {
        let (from, to) = (self.at(corner), self.at(next(corner, axis)));
        let key = [self.seed, 5, self.number, corner.0 as u64, corner.1 as u64, axis as u64];
        let mut dice = Dice::of(&key);
        let bulge = dice.within(-0.06, 0.06) * self.spacing;
        std::array::from_fn(|n| {
            let share = (n + 1) as f64 / (SHAPE + 1) as f64;
            let left = bulge * (share * std::f64::consts::PI).sin() + dice.within(-0.8, 0.8);
            let on = from.towards(to, share);
            from.plus(on.x - from.x, on.y - from.y)
                .plus(-(to.y - from.y) / self.spacing * left, (to.x - from.x) / self.spacing * left)
        })
    }

    /// The point at shares of a block's two sides.
    pub fn within(&self, (i, j): Corner, first: f64, second: f64) -> Point {
        let near = self.at((i, j)).towards(self.at((i + 1, j)), first);
        let far = self.at((i, j + 1)).towards(self.at((i + 1, j + 1)), first);
        near.towards(far, second)
    }

    /// The main corners on the way from the middle outwards, in a direction of the plan.
    pub fn outwards(&self, direction: f64) -> Vec<Corner> {
        self.walk((0, 0), direction, usize::MAX)
    }

    /// The main corners on the way from one of them in a direction, no more than `most`.
    pub fn walk(&self, from: Corner, direction: f64, most: usize) -> Vec<Corner> {
        let along = (direction.cos(), direction.sin());
        let wanted = (
            along.0 * self.turn.0 + along.1 * self.turn.1,
            along.1 * self.turn.0 - along.0 * self.turn.1,
        );
        let step = |share: f64| if share < 0.0 { -MAIN } else { MAIN };
        let off = |(i, j): Corner| {
            let (i, j) = (f64::from(i - from.0), f64::from(j - from.1));
            (i * wanted.1 - j * wanted.0).abs()
        };
        let mut way = vec![from];
        let mut here = from;
        while way.len() < most {
            let mut tries = [(here.0 + step(wanted.0), here.1), (here.0, here.1 + step(wanted.1))];
            tries.sort_by(|&a, &b| off(a).total_cmp(&off(b)));
            let Some(&there) = tries.iter().find(|&&there| self.has_main(here, there)) else {
                break;
            };
            way.push(there);
            here = there;
        }
        way
    }

    /// The points of a main street from a main corner to the next, without the first.
    pub fn main_street(&self, from: Corner, to: Corner) -> Vec<Point> {
        let (low, axis) = low_end(from, to);
        let mut points = vec![self.at(low)];
        let mut corner = low;
        for _ in 0..MAIN {
            points.extend(self.shape(corner, axis));
            corner = next(corner, axis);
            points.push(self.at(corner));
        }
        if low != from {
            points.reverse();
        }
        points.remove(0);
        points
    }

    fn build(&mut self, wanted: usize, dice: &mut Dice) {
        let lobes: [(f64, f64, f64); 3] = std::array::from_fn(|n| {
            (n as f64 + 2.0, dice.within(0.03, 0.12), dice.within(0.0, 6.3))
        });
        let far = |i: i32, j: i32| {
            let (x, y) = (f64::from(i) + 0.5, f64::from(j) + 0.5);
            let angle = y.atan2(x);
            let lobes = lobes.iter().map(|(n, high, from)| high * (n * angle + from).sin());
            x.hypot(y) / (1.0 + lobes.sum::<f64>())
        };
        let mut blocks: Vec<(f64, i32, i32)> = (-self.half..self.half)
            .flat_map(|i| (-self.half..self.half).map(move |j| (i, j)))
            .map(|(i, j)| (far(i, j), i, j))
            .collect();
        blocks.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for &(_, i, j) in blocks.iter().take(wanted) {
            let at = self.index(i, j);
            self.built[at] = true;
        }
    }

    fn is_built(&self, i: i32, j: i32) -> bool {
        let inside = -self.half..self.half;
        inside.contains(&i) && inside.contains(&j) && self.built[self.index(i, j)]
    }

    fn index(&self, i: i32, j: i32) -> usize {
        ((i + self.half) * 2 * self.half + j + self.half) as usize
    }

    fn has_main(&self, from: Corner, to: Corner) -> bool {
        let (mut corner, axis) = low_end(from, to);
        (0..MAIN).all(|_| {
            let there = self.has_street(corner, axis);
            corner = next(corner, axis);
            there
        })
    }
}

/// The next corner along an axis.
pub fn next((i, j): Corner, axis: Axis) -> Corner {
    match axis {
        Axis::First => (i + 1, j),
        Axis::Second => (i, j + 1),
    }
}

/// The end with the smaller numbers of a street between two corners, and its axis.
pub fn low_end(from: Corner, to: Corner) -> (Corner, Axis) {
    (from.min(to), if from.1 == to.1 { Axis::First } else { Axis::Second })
}
