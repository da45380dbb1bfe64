// The other numbers that the map can show: jobs, counts, broadband and whatever else a run has.

import { make } from './ask.js';
import { classOf } from './map.js';

/** A number as its field is written. */
export function number(measure, value) {
  if (measure.is_flag) return value > 0 ? 'yes' : 'no';
  return value.toLocaleString('en-GB', { minimumFractionDigits: measure.decimals, maximumFractionDigits: measure.decimals });
}

export const unit = (measure) => (measure.unit === '' || measure.unit === 'count' ? '' : ` ${measure.unit}`);

/** A cell in words: what is no number is never shown as one. */
export function cell(measure, reading) {
  if (reading === 'unreached') return 'not reached';
  return reading === 'unknown' ? 'not known' : number(measure, reading);
}

export function change(measure, zone) {
  const value = measure.change[zone];
  if (value === null) return '–';
  if (measure.is_flag) return ['no longer so', 'as before', 'newly so'][value + 1];
  return `${value > 0 ? '+' : ''}${number(measure, value)}`;
}

/** What is drawn of a neighbourhood, as `drawn` of map.js says it of times. */
export function drawn(study, measure, view, zone) {
  const [before, after] = [measure.before[zone], measure.after[zone]];
  const seen = view === 'change' ? [before, after] : [view === 'before' ? before : after];
  if (seen.includes('unknown')) return { kind: 'unknown', says: 'nothing is known here' };
  if (view === 'change' && before !== after) {
    if (after === 'unreached') return { kind: 'own', colour: study.lost[1], says: study.lost[0] };
    if (before === 'unreached') return { kind: 'own', colour: study.gained[1], says: study.gained[0] };
  }
  if (seen.includes('unreached')) return { kind: 'hatch', says: 'not reached' };
  const classed = view === 'change' ? measure.changes : measure.classes;
  const value = view === 'change' ? measure.change[zone] : seen[0];
  const nth = classOf(classed, value);
  const exact = view === 'change' ? change(measure, zone) : number(measure, value);
  return { kind: 'class', colour: classed.colours[nth], says: classed.labels[nth], exact: measure.is_flag ? classed.labels[nth] : `${exact}${unit(measure)}` };
}

/** Offers the measures, in their groups; keeps the one that was chosen where the window has it too. */
export function offer(select, list, key) {
  const groups = new Map();
  list.forEach((measure, n) => {
    if (!groups.has(measure.group)) groups.set(measure.group, make('optgroup', '', { label: measure.group }));
    groups.get(measure.group).append(make('option', measure.label, { value: n, title: measure.field }));
  });
  const order = ['Jobs', 'Buses and trains', 'Broadband and mobile'];
  const place = ([name]) => (order.includes(name) ? order.indexOf(name) : order.length);
  select.replaceChildren(...[...groups].sort((a, b) => place(a) - place(b)).map(([, group]) => group));
  const first = list.findIndex((measure) => /^jobs_transit_.*_45min_of_p50$/.test(measure.field));
  const known = list.findIndex((measure) => measure.key === key);
  const chosen = known >= 0 ? known : Math.max(first, 0);
  select.value = String(chosen);
}

/** One sentence of what a cut does to a measure. */
export function headline(study, measure) {
  const fewer = measure.change.filter((value) => value !== null && value < 0).length;
  const more = measure.change.filter((value) => value !== null && value > 0).length;
  const lost = study.zones.filter((_, n) => measure.after[n] === 'unreached' && typeof measure.before[n] === 'number').length;
  const known = measure.change.filter((value) => value !== null).length;
  if (!fewer && !more && !lost) return `${measure.label}: the same in each neighbourhood that is known (${known}).`;
  const order = study.zones.map((_, n) => n).filter((n) => measure.change[n]);
  order.sort((a, b) => Math.abs(measure.change[b]) - Math.abs(measure.change[a]) || a - b);
  const most = order.length && !measure.is_flag ? ` Most in ${study.zones[order[0]].name}: ${change(measure, order[0])}${unit(measure)}.` : '';
  const parts = [`less in ${fewer}`, `more in ${more}`, ...(lost ? [`out of reach in ${lost}`] : [])];
  const flags = [`no longer so in ${fewer}`, `newly so in ${more}`];
  return `${measure.label}: ${(measure.is_flag ? flags : parts).join(', ')} of ${study.zones.length} neighbourhoods.${most}`;
}
