#!/usr/bin/env bash
# Makes the made-up country at several fractions, runs `lastmile check` and `lastmile run` on each, and prints what they
# took: processor seconds, peak memory, seconds by stage, and how they grow. Needs python3 and Linux.
#
#   scripts/long/country.sh "0.01 0.03" target/release/lastmile > table.md
#
# KEEP=FOLDER keeps the countries there. THREADS=1 and the like is handed on.
set -euo pipefail
usage='usage: scripts/long/country.sh "FRACTION ..." PROGRAM'
fractions=${1:?$usage}
program=$(realpath "${2:?$usage}")
cd "$(dirname "$0")/../.."
cargo build --quiet --release --locked --manifest-path scripts/country/Cargo.toml --target-dir target/country
maker=$PWD/target/country/release/lastmile-country
measure=(python3 "$PWD/scripts/long/measure.py")
growth=(python3 "$PWD/scripts/long/growth.py")
threads=${THREADS:+--threads $THREADS}
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
mkdir -p "${KEEP:=$scratch}"
for fraction in ${fractions//,/ }; do
    country=$KEEP/country-$fraction
    "${measure[@]}" --stdout "$scratch/counts" "$maker" "$fraction" "$country" > "$scratch/make.json"
    # shellcheck disable=SC2086
    "${measure[@]}" "$program" check $threads "$country/lastmile.toml" > "$scratch/check.json"
    # shellcheck disable=SC2086
    "${measure[@]}" "$program" run $threads "$country/lastmile.toml" --out "$scratch/result" --force > "$scratch/run.json"
    for what in make check run; do
        printf '%s\t%s\t%s\n' "$fraction" "$what" "$(cat "$scratch/$what.json")" >> "$scratch/measured"
    done
    sed "s/^/$fraction\tcount\t/" "$scratch/counts" >> "$scratch/measured"
    rm -rf "$scratch/result"
    [[ $KEEP != "$scratch" ]] || rm -r "$country"
    echo "$fraction is done" >&2
done
"${growth[@]}" "$scratch/measured"
