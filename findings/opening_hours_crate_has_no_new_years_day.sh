#!/usr/bin/env bash
# opening-hours 2.1.4 (crates.io): New Year's Day and Easter Monday are no holidays in Great Britain.
#
# Seen: with `Country::GB.holidays()` a library with `Mo-Fr 09:00-17:00; PH off` is open at ten on Thursday 1 January,
# on Easter Monday 6 April and on Monday 31 August 2026, and shut on Good Friday and at Christmas. The list holds only what all
# four nations share, and not even 1 January, which they do. Right is shut on each of these days in England and Wales.
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
TOML
cat > src/main.rs <<'RUST'
use chrono::NaiveDate;
use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours};

fn main() {
    let context = Context::default().with_holidays(Country::GB.holidays());
    let library: OpeningHours = "Mo-Fr 09:00-17:00; PH off".parse().unwrap();
    let library = library.with_context(context);
    let days = [(1, 1), (4, 3), (4, 6), (8, 31), (12, 25)].map(|(month, day)| {
        let at = NaiveDate::from_ymd_opt(2026, month, day).unwrap().and_hms_opt(10, 0, 0).unwrap();
        let state = if library.is_open(at) { "open" } else { "shut" };
        format!("{day}/{month} {state}")
    });
    println!("{}", days.join(", "));
}
RUST
seen=$(cargo run --quiet --release 2>/dev/null)
echo "opening-hours 2.1.4, Great Britain, PH off: $seen"
[ "$seen" = "1/1 open, 3/4 shut, 6/4 open, 31/8 open, 25/12 shut" ] || { echo "the behaviour has changed"; exit 1; }
