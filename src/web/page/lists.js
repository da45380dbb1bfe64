// What is said in words and tables: the legend, who loses, all neighbourhoods.

import { count, make, minutes } from './ask.js';
import { drawn } from './map.js';
import { cell, change, unit } from './measures.js';

function row(cells, tag = 'td', numbers = 0) {
  const line = make('tr');
  cells.forEach((cell, n) => {
    const attributes = tag === 'th' ? { scope: 'col' } : {};
    const element = cell instanceof Node ? make(tag, '', attributes) : make(tag, cell, attributes);
    if (cell instanceof Node) element.append(cell);
    if (n >= numbers) element.className = 'number';
    line.append(element);
  });
  return line;
}

function table(element, caption, head, rows) {
  const [top, body] = [make('thead'), make('tbody')];
  top.append(head);
  body.append(...rows);
  element.replaceChildren(make('caption', caption), top, body);
  element.hidden = false;
}

function key(colour, says, extra = '') {
  const item = make('div', '', { class: 'key' });
  const swatch = make('span', '', { class: `swatch ${extra}` });
  if (colour) swatch.style.background = colour;
  item.append(swatch, make('span', says));
  return item;
}

/** How far was searched, minutes: on foot less far than by public transport. */
const searched = (study) => (document.getElementById('window').value ? study.max_time_min : study.max_walk_min);

/** The legend of what is on the map. */
export function legend(study, view, title, classes, unreached) {
  const classed = view === 'change' ? classes.changes : classes.times;
  const items = classed.colours.map((colour, n) => key(colour, classed.labels[n]));
  if (unreached && view === 'change') items.push(key(study.lost[1], study.lost[0]), key(study.gained[1], study.gained[0]));
  if (unreached) items.push(key('', view === 'change' ? 'reached neither before nor after' : `not reached in ${searched(study)} min`, 'hatched'));
  if (!unreached || study.zones.some((zone) => zone.edge === 'off')) items.push(key('#d5d5d5', unreached ? 'off the map: nothing is known' : 'nothing is known'));
  if (study.zones.some((zone) => zone.edge === 'edge')) items.push(key('', 'near the edge of the map: times may be too long', 'edged'));
  document.getElementById('legend').replaceChildren(make('strong', title), ...items);
}

/** What the dots of the homes mean, once one has set out. */
export function dots(study, shown, title) {
  const box = document.getElementById('dots');
  const items = study.times.colours.map((colour, n) => key(colour, study.times.breaks[n] ? `to ${study.times.breaks[n]}` : `over ${study.times.breaks[n - 1]}`, 'dot'));
  const row = make('div', '', { class: 'dots' });
  row.append(...items, key('#fff', 'not reached', 'dot'), key('#d5d5d5', 'off the map: nothing is known', 'dot'));
  box.replaceChildren(make('strong', title), row);
  box.hidden = !shown;
}

const who = (study) => (study.people_known ? 'people' : 'origin points');

/** One sentence and a table of people by group. */
export function whoLoses(study, category, label) {
  const [headline, element] = [document.getElementById('headline'), document.getElementById('groups')];
  document.getElementById('who-how').hidden = Boolean(category);
  element.hidden = !category;
  headline.textContent = '';
  if (!category) return;
  const all = category.groups[0];
  const share = (part) => (all.people > 0 ? ` (${((part / all.people) * 100).toFixed(part / all.people < 0.01 && part > 0 ? 1 : 0)} %)` : '');
  const parts = [];
  if (all.lost > 0) parts.push(`${count(all.lost)}${share(all.lost)} can no longer get there within ${searched(study)} minutes`);
  if (all.longer[0] > 0) parts.push(`${count(all.longer[0])}${share(all.longer[0])} need 5 minutes longer or more`);
  if (all.gained > 0) parts.push(`${count(all.gained)}${share(all.gained)} can get there newly`);
  if (all.better > 0) parts.push(`${count(all.better)}${share(all.better)} get there sooner`);
  if (parts.length === 0) parts.push(all.worse > 0 ? `${count(all.worse)} need longer, but by less than 5 minutes` : 'nobody’s median time changes');
  headline.textContent = `${label}: of ${count(all.people)} ${who(study)}, ${parts.join('; ')}.`;
  const head = row(['Who', who(study), 'lose it', '5 min +', '15 min +', '30 min +', 'mean change, min'], 'th', 1);
  const rows = category.groups.map((group) => row([
    group.by === 'all' ? 'All neighbourhoods' : `${group.by}: ${group.name}`,
    count(group.people), count(group.lost), ...group.longer.map(count), minutes(group.mean),
  ], 'td', 1));
  table(element, 'Counted where they live, each by the own time in the median over the departures', head, rows);
}

const edge = { edge: 'near the edge of the map', off: 'off the map' };

function named(study, n, choose) {
  const zone = study.zones[n];
  const button = make('button', zone.name, { type: 'button', class: 'plain' });
  button.addEventListener('click', () => choose(n));
  const name = make('span');
  const part = zone.edge === 'edge' && zone.off_map_pct > 0 ? `, ${Math.max(1, Math.round(zone.off_map_pct))} % of it off the map` : '';
  name.append(button, make('span', edge[zone.edge] ? ` (${edge[zone.edge]}${part})` : '', { class: 'quiet' }));
  return name;
}

const people = (zone) => (zone.people === null ? '–' : count(zone.people));

/** All neighbourhoods by another number than a time, the largest change or the largest number first. */
export function measured(study, measure, cut, choose) {
  const order = study.zones.map((_, n) => n);
  const size = (n) => (cut ? Math.abs(measure.change[n] ?? -1) : (typeof measure.before[n] === 'number' ? measure.before[n] : -1e9));
  order.sort((a, b) => size(b) - size(a) || a - b);
  const head = row(['Neighbourhood', cut ? 'Now' : `Now${unit(measure)}`, ...(cut ? ['After', 'Change'] : []), who(study)], 'th', 1);
  const rows = order.map((n) => {
    const after = cut ? [cell(measure, measure.after[n]), change(measure, n)] : [];
    return row([named(study, n, choose), cell(measure, measure.before[n]), ...after, people(study.zones[n])], 'td', 1);
  });
  document.getElementById('all-how').textContent = `${cut ? 'The largest change' : 'The largest number'} first. Choose one to set out from there.`;
  table(document.getElementById('zones'), measure.meaning, head, rows);
}

/** All neighbourhoods in words, the worst hit or the farthest first. */
export function zones(study, category, cut, choose) {
  const order = study.zones.map((_, n) => n);
  const state = { lost: 1e9, gained: -1e9 };
  const bad = (n) => (cut ? (state[category.state[n]] ?? category.change[n] ?? -1e8) : (category.before[n] ?? (category.state[n] === null ? -1 : 1e9)));
  order.sort((a, b) => bad(b) - bad(a) || category.lost[b] + category.longer[b] - category.lost[a] - category.longer[a] || a - b);
  const head = row(['Neighbourhood', 'Class', 'Now', ...(cut ? ['After', 'Change', 'lose it', '5 min +'] : []), who(study)], 'th', 2);
  const rows = order.map((n) => {
    const said = drawn(study, category, cut ? 'change' : 'before', n).says;
    const change = category.state[n] === 'lost' || category.state[n] === 'gained' ? category.state[n] : minutes(category.change[n]);
    const after = cut ? [minutes(category.after[n]), change, count(category.lost[n]), count(category.longer[n])] : [];
    return row([named(study, n, choose), said, minutes(category.before[n]), ...after, people(study.zones[n])], 'td', 2);
  });
  document.getElementById('all-how').textContent = cut ? 'The worst hit first; minutes, the median of its people. Choose one to set out from there.' : 'The farthest first; minutes, the median of its people. Choose one to set out from there.';
  table(document.getElementById('zones'), 'Every neighbourhood, as the map shows it', head, rows);
}
