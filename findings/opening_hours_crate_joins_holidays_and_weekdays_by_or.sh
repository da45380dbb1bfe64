#!/usr/bin/env bash
# opening-hours 2.1.4 (crates.io): `PH Mo off` shuts every Monday.
#
# Seen: a museum with `Mo-Su 10:00-17:00; PH Mo off` is shut at noon on Monday 9 March 2026, an ordinary day, and on Good
# Friday. By the specification selectors of different kinds that a blank joins must all hold: the rule means public holidays
# that are Mondays. Right is open on both; `PH,Mo`, with a comma, is the list that shuts on either.
# The parser keeps no trace of the difference, so whoever builds on it cannot mend this.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "seen"
version = "0.1.0"
edition = "2024"
[dependencies]
chrono = { version = "0.4", default-features = false }
opening-hours = { version = "=2.1.4", default-features = false }
opening-hours-syntax = "=2.1.4"
TOML
cat > src/main.rs <<'RUST'
use chrono::NaiveDate;
use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours};

fn main() {
    let context = Context::default().with_holidays(Country::GB.holidays());
    let museum: OpeningHours = "Mo-Su 10:00-17:00; PH Mo off".parse().unwrap();
    let museum = museum.with_context(context);
    let days = [(3, 9), (3, 10), (4, 3)].map(|(month, day)| {
        let at = NaiveDate::from_ymd_opt(2026, month, day).unwrap().and_hms_opt(12, 0, 0).unwrap();
        format!("{day}/{month} {}", if museum.is_open(at) { "open" } else { "shut" })
    });
    let same = opening_hours_syntax::parse("PH Mo off").unwrap() == opening_hours_syntax::parse("PH,Mo off").unwrap();
    println!("{}; the two are parsed {}", days.join(", "), if same { "alike" } else { "apart" });
}
RUST
seen=$(cargo run --quiet --release 2>/dev/null)
echo "opening-hours 2.1.4, PH Mo off: $seen"
[ "$seen" = "9/3 shut, 10/3 open, 3/4 shut; the two are parsed alike" ] || { echo "the behaviour has changed"; exit 1; }
