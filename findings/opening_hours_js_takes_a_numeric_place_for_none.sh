#!/usr/bin/env bash
# opening_hours.js 3.15.0 (npm): a place given in numbers has the same sunrise all year.
#
# Seen: the package's own types declare `lat: number` and `lon: number`. With numbers `sunrise-sunset` opens in
# Newport, Wales, at 06:00 in June and in December, without a word; with the same coordinates as text it opens at 04:54 and
# 08:15, which is right. Whoever follows the types has parks and paths open in the dark, or shut by day.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm install --silent --no-audit --no-fund opening_hours@3.15.0 >/dev/null
grep -q 'lat: number' node_modules/opening_hours/types/index.d.ts || { echo "the behaviour has changed"; exit 1; }
seen=$(TZ=Europe/London node - <<'JS'
const OpeningHours = require("opening_hours");
const opens = (lat, lon, date) => {
  const place = { lat, lon, address: { country_code: "gb", state: "Wales" } };
  const hours = new OpeningHours("sunrise-sunset", place);
  return hours.getNextChange(new Date(`${date}T00:01:00`)).toTimeString().slice(0, 5);
};
const year = (lat, lon) => ["2026-06-21", "2026-12-21"].map((date) => opens(lat, lon, date)).join(" and ");
console.log(`numbers ${year(51.58, -3.0)}; text ${year("51.58", "-3.0")}`);
JS
)
echo "opening_hours.js 3.15.0: sunrise in June and in December with $seen"
[ "$seen" = "numbers 06:00 and 06:00; text 04:54 and 08:15" ] || { echo "the behaviour has changed"; exit 1; }
