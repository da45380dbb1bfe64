// The states that opening_hours.js sees; called by opening_hours_against_js.py, with its package's folder as argument.
// Reads lines of `date timezone lon lat country state hours`, with tabs between; the process's own timezone must be theirs.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.argv[2] + "/");
const OpeningHours = require("opening_hours");
const clock = (minutes) => [minutes / 60, minutes % 60].map((n) => String(Math.floor(n)).padStart(2, "0")).join(":");

function states(line) {
  const [date, , lon, lat, country_code, state, ...rest] = line.split("\t");
  // As text: with numbers it takes 05:30, 06:00, 18:00 and 18:30 for the events of the sun.
  const place = { lat, lon, address: { country_code, state } };
  const hours = new OpeningHours(rest.join("\t"), place);
  const start = new Date(date + "T00:00:00");
  const word = (it) => (it.getState() ? "open" : it.getUnknown() ? "unknown" : "closed");
  const minute = (when) => Math.round((when - start) / 60000);
  const it = hours.getIterator(start);
  const spans = [];
  for (let from = 0; from < 1440; ) {
    const state = word(it);
    const more = it.advance();
    const to = more ? Math.min(minute(it.getDate()), 1440) : 1440;
    const last = spans.at(-1);
    if (last && last[2] === state) last[1] = to;
    else if (to > from) spans.push([from, to, state]);
    from = to;
  }
  return spans.map(([from, to, state]) => `${clock(from)}-${clock(to)} ${state}`).join(", ");
}

for await (const line of createInterface({ input: process.stdin })) {
  let told;
  try {
    told = states(line);
  } catch (error) {
    told = "?";
  }
  console.log(told);
}
