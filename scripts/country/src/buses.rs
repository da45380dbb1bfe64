//! Bus lines: across towns through the middle, and from town to town with villages between.

use crate::{
    dice::Dice,
    lattice::{Corner, Lattice, low_end},
    network::{Course, Line, Pattern, Stop, StopBook, StopKey},
    plan::Plan,
    roads::{course, way_out},
};

const PEOPLE_OF_TOWN_LINE: f64 = 13_000.0;
const HUB: f64 = 40_000.0;
const MOST_LINKS: usize = 8;
/// Main corners on either side of where a line crosses a town: in a large city it is a district.
const ARM: usize = 22;
const ROAD_STOP_STEPS: usize = 24;

/// The bus lines of a country and their stops.
pub fn lines(plan: &Plan, lattices: &[Lattice]) -> (Vec<Line>, StopBook) {
    let mut buses = Buses { plan, lattices, stops: StopBook::default(), best: best_links(plan) };
    let mut lines = Vec::new();
    for settlement in &plan.settlements {
        let here = settlement.number;
        for n in 0..(settlement.people() / PEOPLE_OF_TOWN_LINE) as usize {
            buses.town_line(here, n, &mut lines);
        }
        let mut dice = Dice::of(&[plan.seed, 10, here as u64]);
        let share = if settlement.people() < 1000.0 { 0.3 } else { 0.9 };
        if buses.best[here].is_some() && dice.chance(share) {
            buses.long_line(here, &mut dice, &mut lines);
        }
    }
    (lines, buses.stops)
}

struct Buses<'a> {
    plan: &'a Plan,
    lattices: &'a [Lattice],
    stops: StopBook,
    best: Vec<Option<usize>>,
}

/// The link of each settlement that leads to the largest other.
fn best_links(plan: &Plan) -> Vec<Option<usize>> {
    let mut best: Vec<Option<usize>> = vec![None; plan.settlements.len()];
    let size = |link: usize| plan.settlements[plan.links[link].to].output_areas;
    for (n, link) in plan.links.iter().enumerate() {
        if best[link.from].is_none_or(|other| size(n) > size(other)) {
            best[link.from] = Some(n);
        }
    }
    best
}

impl Buses<'_> {
    /// A line across a town, with vehicles that turn early and others that end elsewhere.
    fn town_line(&mut self, town: usize, n: usize, lines: &mut Vec<Line>) {
        let mut dice = Dice::of(&[self.plan.seed, 11, town as u64, n as u64]);
        let people = self.plan.settlements[town].people();
        let angle = n as f64 * 2.4 + dice.within(-0.3, 0.3);
        let lattice = &self.lattices[town];
        let from_middle = lattice.outwards(angle);
        let hub = match from_middle.len() {
            long if long > ARM && n > 5 => from_middle[dice.below(long - ARM / 2)],
            _ => (0, 0),
        };
        let arm = |angle: f64| lattice.walk(hub, angle, ARM);
        let one = arm(angle);
        let other = arm(angle + std::f64::consts::PI + dice.within(-0.5, 0.5));
        let branch = arm(angle + std::f64::consts::PI + dice.within(-1.2, 1.2));
        let short = &one[..one.len().div_ceil(2)];
        let with_shape = dice.chance(0.7);
        let mut patterns = Vec::new();
        for (from, to, tenths) in [(&one[..], &other, 7), (short, &other, 2), (&one, &branch, 1)] {
            for back in [false, true] {
                let (from, to) = if back { (&to[..], from) } else { (from, &to[..]) };
                let mut course = Course::default();
                self.inwards(town, from, &mut course);
                if hub == (0, 0) {
                    self.call_at_middle(town, n, &mut course);
                }
                self.outwards(town, to, &mut course);
                patterns.push(course.pattern(town, back, tenths, with_shape));
            }
        }
        let headway = match people {
            100_000.0.. => dice.within(5.0, 11.0),
            20_000.0.. => dice.within(9.0, 19.0),
            _ => dice.within(17.0, 43.0),
        };
        let name = format!("{}", n + 1);
        self.push(lines, (town, town), name, patterns, headway, &mut dice);
    }

    /// A line from a settlement over its best roads, to a town that many go to.
    fn long_line(&mut self, here: usize, dice: &mut Dice, lines: &mut Vec<Line>) {
        let mut links = Vec::new();
        let mut end = here;
        while let Some(link) = self.best[end].filter(|_| links.len() < MOST_LINKS) {
            links.push(link);
            end = self.plan.links[link].to;
            if self.plan.settlements[end].people() > HUB {
                break;
            }
        }
        let with_shape = dice.chance(0.7);
        let half = links.len().div_ceil(2);
        let mut patterns = Vec::new();
        for (links, tenths) in [(&links[..], 8), (&links[..half], 2)] {
            let to = links.last().map_or(here, |&link| self.plan.links[link].to);
            for back in [false, true] {
                let course = self.long_course(here, links, back);
                let to = if back { here } else { to };
                patterns.push(course.pattern(to, back, tenths, with_shape));
            }
        }
        let larger = self.plan.settlements[here].people();
        let headway = match larger {
            20_000.0.. => dice.within(9.0, 19.0),
            3000.0.. => dice.within(17.0, 43.0),
            1000.0.. => dice.within(40.0, 85.0),
            _ => dice.within(110.0, 330.0),
        };
        let name = format!("{}{}", if dice.chance(0.2) { "X" } else { "" }, 20 + here % 700);
        self.push(lines, (here, end), name, patterns, headway, dice);
    }

    fn long_course(&mut self, here: usize, links: &[usize], back: bool) -> Course {
        let mut hops: Vec<(usize, usize, usize)> = Vec::new();
        let mut from = here;
        for &link in links {
            let to = self.plan.links[link].to;
            hops.push((link, from, to));
            from = to;
        }
        if back {
            hops.reverse();
            hops.iter_mut().for_each(|hop| (hop.1, hop.2) = (hop.2, hop.1));
        }
        let mut course = Course::default();
        if let Some(&(_, from, _)) = hops.first() {
            self.call_at_middle(from, here, &mut course);
        }
        for (link, from, to) in hops {
            let out = way_out(self.plan, self.lattices, from, to);
            self.outwards(from, &out, &mut course);
            self.along_road(link, !back, &mut course);
            let inwards = way_out(self.plan, self.lattices, to, from);
            self.inwards(to, &inwards, &mut course);
            self.call_at_middle(to, here, &mut course);
        }
        course
    }

    fn call_at_middle(&mut self, town: usize, line: usize, course: &mut Course) {
        let settlement = &self.plan.settlements[town];
        let bays = if settlement.people() > HUB { 6 } else { 2 };
        let bay = line % bays;
        let at = self.lattices[town].at((0, 0));
        course.go(at);
        let stop = self.stops.number(StopKey::Centre(town, bay), || Stop {
            at: at.plus(6.0 + 3.0 * bay as f64, 4.0 * bay as f64 - 8.0),
            settlement: town,
            station: None,
        });
        course.call(stop);
    }

    fn outwards(&mut self, town: usize, way: &[Corner], course: &mut Course) {
        for pair in way.windows(2) {
            self.along_street(town, pair[0], pair[1], course);
        }
    }

    fn inwards(&mut self, town: usize, way: &[Corner], course: &mut Course) {
        for pair in way.windows(2).rev() {
            self.along_street(town, pair[1], pair[0], course);
        }
    }

    /// Along a main street, with a call half way.
    fn along_street(&mut self, town: usize, from: Corner, to: Corner, course: &mut Course) {
        let points = self.lattices[town].main_street(from, to);
        let half = points.len() / 2;
        let (low, axis) = low_end(from, to);
        for (n, &at) in points.iter().enumerate() {
            course.go(at);
            if n == half {
                let key = StopKey::Street(town, low, axis, low == from);
                let stop = self.stops.number(key, || Stop {
                    at: at.beside(points[half + 1], 6.0),
                    settlement: town,
                    station: None,
                });
                course.call(stop);
            }
        }
    }

    /// Along a road from gate to gate, with a call every kilometre.
    fn along_road(&mut self, link: usize, outwards: bool, course: &mut Course) {
        let of = &self.plan.links[link];
        let mut road = course_points(self.plan, self.lattices, link);
        let last = road.len() - 1;
        if !outwards {
            road.reverse();
        }
        for (n, &at) in road.iter().enumerate() {
            course.go(at);
            let step = if outwards { n } else { last - n };
            if step % ROAD_STOP_STEPS == ROAD_STOP_STEPS / 2 && (4..last - 4).contains(&step) {
                let key = StopKey::Road(link, step, outwards);
                let stop = self.stops.number(key, || Stop {
                    at: at.beside(road[n + 1], 4.0),
                    settlement: of.from,
                    station: None,
                });
                course.call(stop);
            }
        }
    }

    fn push(
        &mut self,
        lines: &mut Vec<Line>,
        ends: (usize, usize),
        name: String,
        mut patterns: Vec<Pattern>,
        headway: f64,
        dice: &mut Dice,
    ) {
        patterns.retain(|pattern| pattern.calls.len() > 1);
        if patterns.is_empty() {
            return;
        }
        let often = headway < 35.0;
        lines.push(Line {
            number: lines.len(),
            name,
            ends,
            operator: ends.0 / 26,
            route_type: if dice.chance(0.01) { 200 } else { 3 },
            patterns,
            headway,
            evening: dice.chance(if often { 0.95 } else { 0.35 }),
            sunday: dice.chance(if often { 0.95 } else { 0.3 }),
        });
    }
}

fn course_points(plan: &Plan, lattices: &[Lattice], link: usize) -> Vec<crate::plane::Point> {
    course(plan, lattices, &plan.links[link]).points
}
