#!/usr/bin/env bash
# Makes 1/2000 of the made-up country twice, compares the two byte for byte, and lets lastmile check it.
#
#   scripts/country/check.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: scripts/country/check.sh PROGRAM}")
cd "$(dirname "$0")/../.."
cargo build --quiet --release --locked --manifest-path scripts/country/Cargo.toml --target-dir target/country
maker=target/country/release/lastmile-country
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
for name in one again; do
    "$maker" 0.0005 "$scratch/$name" > "$scratch/$name.txt"
done
diff -r "$scratch/one" "$scratch/again"
"$program" check "$scratch/one/lastmile.toml" --deny errors > "$scratch/checked.txt" 2>&1 \
    || { status=$?; cat "$scratch/checked.txt" >&2; exit "$status"; }
grep -q '^neighbourhoods: 21; origin points: 115, 115 joined' "$scratch/checked.txt" \
    || { echo "the check tells of another country:" >&2; cat "$scratch/checked.txt" >&2; exit 1; }
echo "1/2000 of the made-up country is the same twice, and lastmile finds no error in it"
