//! Streets, buildings, places and output areas of one settlement.

use crate::{
    dice::Dice,
    lattice::{Axis, BLOCKS_OF_AREA, Corner, Lattice, MAIN, SHAPE, next},
    pbf::{Member, OsmWriter, Tags, WAY},
    places::{KINDS, kinds_of_area},
    plan::{PEOPLE_OF_AREA, Settlement},
    plane::Point,
};
use std::{
    collections::{HashMap, hash_map::Entry},
    io,
};

/// Where some hundreds of people live.
pub struct OutputArea {
    /// Where they live, weighted by people.
    pub at: Point,
    /// How many.
    pub people: u32,
    /// From 0 in the middle of its settlement to 1 at the edge.
    pub far_out: f64,
    /// Its settlement.
    pub settlement: usize,
}

/// A place on the map.
pub struct Place {
    /// Its number in [`KINDS`].
    pub kind: usize,
    /// Where it is.
    pub at: Point,
    /// What it is called.
    pub name: String,
}

/// What a settlement adds to the country beside its map.
pub struct Town {
    /// Its main corners' nodes.
    pub mains: HashMap<Corner, i64>,
    /// Its output areas.
    pub areas: Vec<OutputArea>,
    /// Its places.
    pub places: Vec<Place>,
}

/// Writes a settlement's map. `areas_before` counts the output areas of those before it.
pub fn write_town(
    seed: u64,
    settlement: &Settlement,
    lattice: &Lattice,
    areas_before: usize,
    osm: &mut OsmWriter,
) -> io::Result<Town> {
    let mut streets = Streets::write(lattice, osm)?;
    let mut mains = HashMap::new();
    for (&corner, &node) in &streets.corners {
        if corner.0 % MAIN == 0 && corner.1 % MAIN == 0 {
            mains.insert(corner, node);
        }
    }
    let mut town = Town { mains, areas: Vec::new(), places: Vec::new() };
    let reach = settlement.radius();
    for (n, blocks) in lattice.blocks().chunks(BLOCKS_OF_AREA).enumerate() {
        let mut dice = Dice::of(&[seed, 6, settlement.number as u64, n as u64]);
        let middle = blocks[blocks.len() / 2];
        let at = lattice.within(middle, dice.within(0.2, 0.8), dice.within(0.2, 0.8));
        town.areas.push(OutputArea {
            at,
            people: (PEOPLE_OF_AREA * (0.6 + 0.8 * dice.unit())) as u32,
            far_out: (at.metres(settlement.centre) / reach).min(1.0),
            settlement: settlement.number,
        });
        let mut kinds: Vec<Vec<usize>> = vec![Vec::new(); blocks.len()];
        for kind in kinds_of_area(areas_before + n) {
            kinds[dice.below(blocks.len())].push(kind);
        }
        for (&block, kinds) in blocks.iter().zip(&kinds) {
            let key = [seed, 7, settlement.number as u64, block.0 as u64, block.1 as u64];
            let dice = Dice::of(&key);
            let mut block = Block { lattice, block, dice, osm, streets: &mut streets };
            block.write(kinds, &mut town.places)?;
        }
        streets.write_relations(n, osm)?;
    }
    Ok(town)
}

/// The nodes of the grid's streets.
struct Streets {
    corners: HashMap<Corner, i64>,
    shapes: HashMap<(Corner, Axis), i64>,
    ways: Vec<i64>,
    greens: Vec<i64>,
}

impl Streets {
    fn write(lattice: &Lattice, osm: &mut OsmWriter) -> io::Result<Streets> {
        let mut streets = Streets {
            corners: HashMap::new(),
            shapes: HashMap::new(),
            ways: Vec::new(),
            greens: Vec::new(),
        };
        let half = lattice.half();
        for i in -half..=half {
            for j in -half..=half {
                for axis in [Axis::First, Axis::Second] {
                    if lattice.has_street((i, j), axis) {
                        streets.write_nodes(lattice, (i, j), axis, osm)?;
                    }
                }
            }
        }
        for axis in [Axis::First, Axis::Second] {
            for row in -half..=half {
                streets.write_row(lattice, axis, row, osm)?;
            }
        }
        Ok(streets)
    }

    fn write_nodes(
        &mut self,
        lattice: &Lattice,
        corner: Corner,
        axis: Axis,
        osm: &mut OsmWriter,
    ) -> io::Result<()> {
        for end in [corner, next(corner, axis)] {
            if let Entry::Vacant(free) = self.corners.entry(end) {
                let crossing = end.0 % MAIN == 0 && end.1 % MAIN == 0;
                let tags: Tags = if crossing { &[("highway", "traffic_signals")] } else { &[] };
                free.insert(osm.node(lattice.at(end), tags)?);
            }
        }
        self.shapes.insert((corner, axis), osm.next_node());
        for (n, at) in lattice.shape(corner, axis).into_iter().enumerate() {
            let crossed = n == 2 && (corner.0 + 3 * corner.1) % 7 == 0;
            let tags: Tags = if crossed { &[("highway", "crossing")] } else { &[] };
            osm.node(at, tags)?;
        }
        Ok(())
    }

    /// The ways of one row of the grid, each over a few blocks.
    fn write_row(
        &mut self,
        lattice: &Lattice,
        axis: Axis,
        row: i32,
        osm: &mut OsmWriter,
    ) -> io::Result<()> {
        let mut refs: Vec<i64> = Vec::new();
        let mut blocks = 0;
        for along in -lattice.half()..=lattice.half() {
            let corner = if axis == Axis::First { (along, row) } else { (row, along) };
            let there = self.shapes.get(&(corner, axis)).copied();
            let long_enough = blocks >= 3 + (row + along).rem_euclid(3);
            if !refs.is_empty() && (there.is_none() || long_enough) {
                self.write_street(&refs, row, along, osm)?;
                refs.clear();
                blocks = 0;
            }
            if let Some(first) = there {
                if refs.is_empty() {
                    refs.push(self.corners[&corner]);
                }
                refs.extend(first..first + SHAPE as i64);
                refs.push(self.corners[&next(corner, axis)]);
                blocks += 1;
            }
        }
        Ok(())
    }

    fn write_street(
        &mut self,
        refs: &[i64],
        row: i32,
        along: i32,
        osm: &mut OsmWriter,
    ) -> io::Result<()> {
        let name = street_name(row, along);
        let class = match row {
            _ if row % (4 * MAIN) == 0 => "primary",
            _ if row % (2 * MAIN) == 0 => "secondary",
            _ if row % MAIN == 0 => "tertiary",
            _ if (row + along) % 11 == 0 => "unclassified",
            _ => "residential",
        };
        let tags =
            [("highway", class), ("name", &name), ("maxspeed", "30 mph"), ("surface", "asphalt")];
        let way = osm.way(refs, &tags[..if row % 3 == 0 { 4 } else { 3 }])?;
        if row % MAIN == 0 {
            self.ways.push(way);
        }
        Ok(())
    }

    /// A wood or lake of each output area; a road's relation now and then.
    fn write_relations(&mut self, area: usize, osm: &mut OsmWriter) -> io::Result<()> {
        if let Some(green) = self.greens.pop() {
            let tags = [("landuse", "grass"), ("type", "multipolygon")];
            osm.relation(&[(WAY, green, "outer")], &tags)?;
        }
        self.greens.clear();
        if area % 20 == 19 && !self.ways.is_empty() {
            let from = (area * 3) % self.ways.len();
            let members: Vec<Member> =
                self.ways[from..].iter().take(25).map(|&way| (WAY, way, "")).collect();
            osm.relation(&members, &[("network", "ncn"), ("route", "road"), ("type", "route")])?;
        }
        Ok(())
    }
}

/// One block under way.
struct Block<'a> {
    lattice: &'a Lattice,
    block: Corner,
    dice: Dice,
    osm: &'a mut OsmWriter,
    streets: &'a mut Streets,
}

impl Block<'_> {
    fn write(&mut self, kinds: &[usize], places: &mut Vec<Place>) -> io::Result<()> {
        self.write_cul_de_sac()?;
        self.write_driveways()?;
        self.write_footpath()?;
        for &kind in kinds {
            places.push(self.write_place(kind)?);
        }
        self.write_buildings()?;
        self.write_grounds()
    }

    /// A street that begins on the block's first side and ends within.
    fn write_cul_de_sac(&mut self) -> io::Result<()> {
        let from = self.on_side(self.block, Axis::First);
        let Some((n, share)) = from.filter(|_| self.dice.chance(0.45)) else {
            return Ok(());
        };
        let deep = self.dice.within(0.35, 0.7);
        let bent = self.dice.within(-0.15, 0.15);
        let ends = (share, 0.0, share + bent, deep);
        let name = street_name(self.block.0 * 5 + 1, self.block.1 * 3 + 2).replace("Road", "Close");
        let tags = [("highway", "residential"), ("name", name.as_str())];
        self.write_line(n, ends, 5, None, &tags)
    }

    fn write_driveways(&mut self) -> io::Result<()> {
        let (i, j) = self.block;
        for (side, axis, chance) in [((i, j), Axis::Second, 0.65), ((i + 1, j), Axis::Second, 0.3)]
        {
            let from = self.on_side(side, axis);
            let Some((n, share)) = from.filter(|_| self.dice.chance(chance)) else { continue };
            let (near, far) = if side == self.block { (0.0, 0.3) } else { (1.0, 0.72) };
            let private = self.dice.chance(0.15);
            let tags = [("highway", "service"), ("service", "driveway"), ("access", "private")];
            let tags = &tags[..if private { 3 } else { 1 + usize::from(self.dice.chance(0.5)) }];
            self.write_line(n, (near, share, far, share), 2, None, tags)?;
        }
        Ok(())
    }

    /// A path from the block's last side to a side beside it, or through to the first.
    fn write_footpath(&mut self) -> io::Result<()> {
        let (i, j) = self.block;
        let from = self.on_side((i, j + 1), Axis::First);
        let through = self.dice.chance(0.5);
        let to = if through {
            self.on_side((i, j), Axis::First)
        } else {
            self.on_side((i + 1, j), Axis::Second)
        };
        let (Some((n, share)), Some((last, end))) = (from, to) else { return Ok(()) };
        if !self.dice.chance(0.4) {
            return Ok(());
        }
        let (first, second) = if through { (end, 0.0) } else { (1.0, end) };
        let tags = [("highway", "footway"), ("lit", "yes"), ("surface", "paved")];
        let kept = 1 + self.dice.below(3);
        self.write_line(n, (share, 1.0, first, second), 3, Some(last), &tags[..kept])
    }

    /// A way from a node, over `inner` points between two shares of the block's sides, to a node
    /// that is there or a new one.
    fn write_line(
        &mut self,
        from: i64,
        (a, b, c, d): (f64, f64, f64, f64),
        inner: usize,
        to: Option<i64>,
        tags: Tags,
    ) -> io::Result<()> {
        let mut refs = vec![from];
        for n in 1..=inner + usize::from(to.is_none()) {
            let share = n as f64 / (inner + 1) as f64;
            let (first, second) = (a + (c - a) * share, b + (d - b) * share);
            let at = self.lattice.within(self.block, first, second);
            let (x, y) = (self.dice.within(-1.0, 1.0), self.dice.within(-1.0, 1.0));
            refs.push(self.osm.node(at.plus(x, y), &[])?);
        }
        refs.extend(to);
        self.osm.way(&refs, tags)?;
        Ok(())
    }

    /// A shape node of a street of the grid and its share of the side.
    fn on_side(&mut self, corner: Corner, axis: Axis) -> Option<(i64, f64)> {
        let first = *self.streets.shapes.get(&(corner, axis))?;
        let n = self.dice.below(SHAPE);
        Some((first + n as i64, (n + 1) as f64 / (SHAPE + 1) as f64))
    }

    fn write_buildings(&mut self) -> io::Result<()> {
        for slot in 0..8 {
            if !self.dice.chance(0.86) {
                continue;
            }
            let first = 0.14 + 0.24 * f64::from(slot % 4);
            let at = self.lattice.within(self.block, first, if slot < 4 { 0.13 } else { 0.87 });
            let home = self.dice.chance(0.3);
            let tags =
                [("building", if home { "house" } else { "yes" }), ("addr:housenumber", "7")];
            let kept = if self.dice.chance(0.25) { 2 } else { 1 };
            let half = self.dice.within(3.5, 6.5);
            self.write_outline(at, half, &tags[..kept])?;
        }
        Ok(())
    }

    /// Fences, hedges, car parks and greens, and things that are one node.
    fn write_grounds(&mut self) -> io::Result<()> {
        const LINES: [(&str, &str); 4] =
            [("barrier", "fence"), ("barrier", "hedge"), ("barrier", "wall"), ("power", "line")];
        for _ in 0..1 + usize::from(self.dice.chance(0.3)) {
            let points: Vec<Point> = (0..8)
                .map(|n| self.lattice.within(self.block, 0.06 + 0.11 * f64::from(n), 0.45))
                .collect();
            let mut refs = Vec::new();
            for at in points {
                let (x, y) = (self.dice.within(-3.0, 3.0), self.dice.within(-3.0, 3.0));
                refs.push(self.osm.node(at.plus(x, y), &[])?);
            }
            let line = LINES[self.dice.below(4)];
            self.osm.way(&refs, &[line])?;
        }
        if self.dice.chance(0.5) {
            let at = self.lattice.within(self.block, 0.7, 0.6);
            let tags: Tags = if self.dice.chance(0.3) {
                &[("amenity", "parking")]
            } else {
                &[("landuse", "grass")]
            };
            let way = self.write_ring(at, 9.0, 11, tags)?;
            self.streets.greens.push(way);
        }
        for tag in [("natural", "tree"), ("highway", "street_lamp")] {
            if self.dice.chance(0.8) {
                let at = self.lattice.within(self.block, self.dice.unit(), self.dice.unit());
                self.osm.node(at, &[tag])?;
            }
        }
        Ok(())
    }

    fn write_place(&mut self, number: usize) -> io::Result<Place> {
        let kind = &KINDS[number];
        let (first, second) = (self.dice.within(0.25, 0.75), self.dice.within(0.25, 0.75));
        let at = self.lattice.within(self.block, first, second);
        let street = street_name(self.block.0, self.block.1).replace(" Road", "");
        let name = format!("{street} {}", kind.called);
        let tags = [kind.tag, ("name", &name), ("building", "yes")];
        if !self.dice.chance(kind.as_area) {
            self.osm.node(at, &tags[..2])?;
        } else if kind.category == "park" {
            self.write_ring(at, 25.0, 14, &tags[..2])?;
        } else {
            let half = self.dice.within(6.0, 14.0);
            self.write_outline(at, half, &tags)?;
        }
        Ok(Place { kind: number, at, name })
    }

    /// A rectangle or an L.
    fn write_outline(&mut self, at: Point, half: f64, tags: Tags) -> io::Result<()> {
        let deep = half * self.dice.within(0.7, 1.3);
        let corners: &[(f64, f64)] = if self.dice.chance(0.4) {
            &[(-1.0, -1.0), (1.0, -1.0), (1.0, 0.2), (0.1, 0.2), (0.1, 1.0), (-1.0, 1.0)]
        } else {
            &[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
        };
        let points: Vec<Point> = corners.iter().map(|c| at.plus(c.0 * half, c.1 * deep)).collect();
        self.write_closed(&points, tags)?;
        Ok(())
    }

    fn write_ring(&mut self, at: Point, radius: f64, nodes: usize, tags: Tags) -> io::Result<i64> {
        let points: Vec<Point> = (0..nodes)
            .map(|n| {
                let angle = n as f64 / nodes as f64 * std::f64::consts::TAU;
                let far = radius * self.dice.within(0.8, 1.2);
                at.plus(far * angle.cos(), far * angle.sin())
            })
            .collect();
        self.write_closed(&points, tags)
    }

    fn write_closed(&mut self, points: &[Point], tags: Tags) -> io::Result<i64> {
        let mut refs = Vec::with_capacity(points.len() + 1);
        for &at in points {
            refs.push(self.osm.node(at, &[])?);
        }
        refs.push(refs[0]);
        self.osm.way(&refs, tags)
    }
}

fn street_name(row: i32, along: i32) -> String {
    const NAMES: [&str; 17] = [
        "Mill", "Church", "Station", "Park", "Green", "Victoria", "Queen", "Meadow", "Orchard",
        "Hill", "Bridge", "Manor", "Forge", "School", "Chapel", "River", "Garden",
    ];
    const SIDES: [&str; 7] = ["", "North ", "South ", "East ", "West ", "Upper ", "Lower "];
    let side = SIDES[(along.div_euclid(4) + 2 * row).rem_euclid(7) as usize];
    format!("{side}{} Road", NAMES[(row * 3 + along.div_euclid(6)).rem_euclid(17) as usize])
}
