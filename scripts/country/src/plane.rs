//! The flat plan that everything is drawn on, and the bend that takes it to degrees.

/// Metres east and north of the plan's corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Metres east.
    pub x: f64,
    /// Metres north.
    pub y: f64,
}

const METRES_A_DEGREE: f64 = 111_320.0;
const CORNER_LON: f64 = -4.5;
const CORNER_LAT: f64 = 50.3;

impl Point {
    /// This point moved.
    pub fn plus(self, x: f64, y: f64) -> Point {
        Point { x: self.x + x, y: self.y + y }
    }

    /// The point at `share` of the way to another.
    pub fn towards(self, other: Point, share: f64) -> Point {
        self.plus((other.x - self.x) * share, (other.y - self.y) * share)
    }

    /// The point `left` metres to the left of the way from here to another.
    pub fn beside(self, towards: Point, left: f64) -> Point {
        let length = self.metres(towards).max(0.01);
        self.plus(-(towards.y - self.y) / length * left, (towards.x - self.x) / length * left)
    }

    /// The distance to another, in metres of the plan.
    pub fn metres(self, other: Point) -> f64 {
        (other.x - self.x).hypot(other.y - self.y)
    }

    /// Degrees × 10⁷, longitude first. Streets, stops and boundaries share one bend, so that what
    /// is on a side of a line in the plan stays there: its slopes add up to less than one.
    pub fn degrees_e7(self) -> (i32, i32) {
        let wave = |at: f64, other: f64, turn: f64| {
            250.0 * (at / 1432.0 + turn).sin()
                + 35.0 * (at / 143.0 + other / 410.0 + turn).sin()
                + 3.0 * (at / 17.5 + turn).sin()
        };
        let x = self.x + wave(self.y, self.x, 0.4);
        let y = self.y + wave(self.x, self.y, 1.9);
        let lat = CORNER_LAT + y / METRES_A_DEGREE;
        let lon = CORNER_LON + x / (METRES_A_DEGREE * lat.to_radians().cos());
        ((lon * 1e7).round() as i32, (lat * 1e7).round() as i32)
    }

    /// Degrees as text with six decimals, longitude first.
    pub fn degrees(self) -> (String, String) {
        let (lon, lat) = self.degrees_e7();
        (six_decimals(lon), six_decimals(lat))
    }
}

/// Degrees × 10⁷ as text with six decimals.
pub fn six_decimals(e7: i32) -> String {
    let micro = (e7 + if e7 < 0 { -5 } else { 5 }) / 10;
    let sign = if micro < 0 { "-" } else { "" };
    let micro = micro.unsigned_abs();
    format!("{sign}{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}
