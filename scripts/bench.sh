#!/bin/bash
# Builds the program and prints one Markdown page of what it takes: CPU seconds (user + system, so that other work on the
# machine does not show) and peak memory of whole commands on real data, where LASTMILE_DATA names it, and how the cost
# of a made-up city grows. Needs GNU time at /usr/bin/time.
#
#   LASTMILE_DATA=../data scripts/bench.sh > benches/table.md
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
program=${PROGRAM:-target/release/lastmile}
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -1)
echo "Measured on $cpu, $(nproc) cores, $(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1048576)) GiB, Linux $(uname -m), with $("$program" --version)."
echo

# Runs a command three times; sets cpu (the least), wall (the least) and memory (the most, MB).
measure() {
    for _ in 1 2 3; do
        /usr/bin/time -a -o "$scratch/times" -f "%U %S %e %M" "$program" matrix "$@" --out "$scratch/out.csv" --force -q 2> "$scratch/errors" \
            || { cat "$scratch/errors" >&2; exit 1; }
    done
    read -r cpu wall memory < <(awk '{ c = $1 + $2; if (!n++ || c < cpu) cpu = c; if (n == 1 || $3 < wall) wall = $3; if ($4 > m) m = $4 }
        END { printf "%.2f %.2f %.0f\n", cpu, wall, m / 1024 }' "$scratch/times")
    rm "$scratch/times"
}
less() { awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; printf "%.2f", d < 0 ? 0 : d }'; }

# As the other routers were set: 1.4 m/s, 30 minutes on foot, 120 minutes at most, 8 rides, a minute before each boarding.
journey=(--max-walk 30 --walk-speed 5.04 --steps-speed 5.04 --max-time 120 --max-rides 8 --board-slack 60
    --max-transfer 1000 --max-snap 1600 --max-snap-stop 1600 --seconds)
percentiles=(--window 120 --percentiles 5,25,50,75,95)

city() {
    local name=$1 points=$2 depart=$3
    shift 3
    local from=(--origins "$points") one=(--origins "$scratch/one.csv")
    head -2 "$points" > "$scratch/one.csv"
    local transit=("${map[@]}" "${feeds[@]}" "${journey[@]}" --depart "$depart")
    measure "${transit[@]}" "${one[@]}" --window 1 --threads 1
    local ready=$cpu
    echo "| $name | load and build, the rides of one departure, one origin | $cpu | | $wall | $memory |"
    measure "${map[@]}" --modes walk --max-walk 30 --walk-speed 5.04 --steps-speed 5.04 --max-snap 1600 "${one[@]}" --threads 1
    local walk=$cpu
    measure "${map[@]}" --modes walk --max-walk 30 --walk-speed 5.04 --steps-speed 5.04 --max-snap 1600 "${from[@]}" --threads 1
    echo "| $name | all walks up to 30 min | $cpu | $(less "$cpu" "$walk") | $wall | $memory |"
    measure "${transit[@]}" "${from[@]}" --window 1 --threads 1
    echo "| $name | one departure | $cpu | $(less "$cpu" "$ready") | $wall | $memory |"
    measure "${transit[@]}" "${from[@]}" "${percentiles[@]}" --threads 1
    echo "| $name | 120 departures, 5 percentiles | $cpu | $(less "$cpu" "$ready") | $wall | $memory |"
    measure "${transit[@]}" "${from[@]}" "${percentiles[@]}" --threads 2
    echo "| $name | the same with two threads | $cpu | $(less "$cpu" "$ready") | $wall | $memory |"
}

data=${LASTMILE_DATA:-}
if [[ -d $data/porto-alegre && -d $data/newport ]]; then
    echo "Whole commands, reading the files and writing the CSV included; the second figure is less the first row."
    echo
    echo "| city | what | CPU s | less loading | wall s | memory MB |"
    echo "|---|---|---|---|---|---|"
    map=(--osm "$data/porto-alegre/poa_osm.pbf")
    feeds=(--gtfs "$data/porto-alegre/poa_eptc.zip" --gtfs "$data/porto-alegre/poa_trensurb.zip" --date 2019-05-14)
    city "Porto Alegre, 1,227 × 1,227" "$data/porto-alegre/poa_hexgrid.csv" 13:00
    map=(--osm "$data/newport/newport-2023-06-13.osm.pbf")
    feeds=(--gtfs "$data/newport/bus-2024-03-05.gtfs.zip" --gtfs "$data/newport/rail-2024-03-05.gtfs.zip" --date 2024-03-05)
    city "Newport, 380 × 380" "$data/newport/oa_pwc_covered.csv" 08:00
else
    echo "SKIPPED: no real data. LASTMILE_DATA must name a folder with porto-alegre and newport." >&2
    echo "*Real cities were skipped: LASTMILE_DATA names no data.*"
fi
echo
cargo bench --quiet --bench scaling
