#!/usr/bin/env bash
# gtfs-structures 0.52.0 (crates.io): a row of transfers.txt that links two trips becomes one about stops.
#
# Seen: transfers.txt has two rows for stop B: "stay seated" (type 4) from trip t to trip u, and "not
# possible" (type 3) from trip t to trip v. The crate's transfers have no trip fields: what comes out is
# two transfers from B to B, one StayOnBoard and one Impossible, and nothing says which trips they are of.
# No error, no warning. Taken at its word, changing at B is forbidden to all, and who stays seated is lost.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p src gtfs
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"
[dependencies]
gtfs-structures = { version = "=0.52.0", default-features = false }
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let feed = gtfs_structures::RawGtfs::from_path("gtfs").expect("a feed");
    for transfer in feed.transfers.expect("the table").expect("its rows") {
        println!("{transfer:?}");
    }
}
RUST
cd gtfs
echo 'agency_id,agency_name,agency_url,agency_timezone
a,A,http://example.org,Europe/London' > agency.txt
echo 'route_id,agency_id,route_short_name,route_long_name,route_type
r,a,1,One,3' > routes.txt
echo 'stop_id,stop_name,stop_lat,stop_lon
A,A,51.5,-1
B,B,51.6,-1' > stops.txt
echo 'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
s,1,1,1,1,1,1,1,20260101,20261231' > calendar.txt
echo 'route_id,service_id,trip_id
r,s,t
r,s,u
r,s,v' > trips.txt
echo 'trip_id,arrival_time,departure_time,stop_id,stop_sequence
t,08:00:00,08:00:00,A,1
t,08:10:00,08:10:00,B,2
u,08:12:00,08:12:00,B,1
u,08:22:00,08:22:00,A,2
v,08:15:00,08:15:00,B,1
v,08:25:00,08:25:00,A,2' > stop_times.txt
echo 'from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type
B,B,t,u,4
B,B,t,v,3' > transfers.txt
cd ..
seen=$(cargo run --quiet 2>/dev/null)
echo "gtfs-structures 0.52.0:"
echo "$seen"
[ "$(wc -l <<<"$seen")" = 2 ] && grep -q Impossible <<<"$seen" && ! grep -qE '"[tuv]"' <<<"$seen" \
  || { echo "the behaviour has changed"; exit 1; }
