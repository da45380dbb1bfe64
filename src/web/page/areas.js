// How far one gets: the areas within each cut-off, as a table and as outlines on the map.

import { count, make } from './ask.js';

/** How the outline of each cut-off is drawn: told apart by its dashes, not by colour alone. */
export const DASHES = [[1], [4, 1.5], [1.2, 1.2], [6, 1.5, 1, 1.5], [2.5, 2.5], [0.6, 1.4]];
export const dash = (n) => DASHES[n % DASHES.length];
/** Black, which no class of the map has; the farther the thinner. */
export const INK = '#000';
export const width = (n) => Math.max(3.2 - n * 0.4, 1.6);

const km2 = (area) => (area.km2 < 10 ? area.km2.toFixed(1) : count(area.km2));
const cell = (text) => make('td', text, { class: 'number' });

/** The cut-offs that are ticked in the table, by their place. */
export const ticked = () => [...document.querySelectorAll('#areas input:checked')].map((input) => Number(input.value));

/** What is drawn of an answer: the areas of the side that is looked at, and for the difference those before too. */
export function outlines(found, view) {
  const wanted = ticked();
  const of = (side, areas) => wanted.map((n) => ({
    type: 'Feature',
    properties: { side, nth: n },
    geometry: { type: 'MultiPolygon', coordinates: areas[n].shape },
  }));
  if (view === 'before' || !found.after) return of('shown', found.before);
  return view === 'change' ? [...of('was', found.before), ...of('shown', found.after)] : of('shown', found.after);
}

/** The table: a row for each cut-off with people and area on foot, now and after. */
export function table(study, found, told) {
  const columns = [
    ...(found.on_foot.length ? [['on foot', found.on_foot]] : []),
    [found.after ? 'now' : 'in this window', found.before],
    ...(found.after ? [['after', found.after]] : []),
  ];
  const who = study.people_known ? 'people' : 'origin points';
  const head = make('tr');
  head.append(make('th', 'Within', { scope: 'col' }));
  for (const [name] of columns) head.append(make('th', `${name}: ${who}`, { scope: 'col', class: 'number' }), make('th', 'km²', { scope: 'col', class: 'number' }));
  // At first each second one: four outlines at once are hard to read.
  const first = found.cutoffs_min.map((_, n) => n).filter((n) => n % 2 === 1 || found.cutoffs_min.length < 2);
  const chosen = new Set(document.querySelector('#areas input') ? ticked() : first);
  const rows = found.cutoffs_min.map((minutes, n) => {
    const row = make('tr');
    const label = make('label', '', { class: 'tick' });
    const input = make('input', '', { type: 'checkbox', value: n });
    input.checked = chosen.has(n);
    label.append(input, make('span', `${minutes} min`));
    const name = make('td');
    name.append(label);
    // On foot nothing was searched beyond the longest walk, so nothing is said.
    const onFoot = (title) => title === 'on foot' || !document.getElementById('window').value;
    const beyond = (title) => onFoot(title) && minutes > found.max_walk_min;
    row.append(name, ...columns.flatMap(([title, areas]) => (beyond(title) ? [cell('–'), cell('–')] : [cell(count(areas[n].people)), cell(km2(areas[n]))])));
    if (found.after && found.before[n].people !== found.after[n].people) row.className = 'changed';
    return row;
  });
  const element = document.getElementById('areas');
  const [top, body] = [make('thead'), make('tbody')];
  top.append(head);
  body.append(...rows);
  body.addEventListener('change', told);
  element.replaceChildren(make('caption', `The ${who} who live where one gets to at half of the departures or more, and the size of that area. Ticked ones are on the map.`), top, body);
  document.getElementById('areas-how').textContent = notes(found).join(' ');
}

function notes(found) {
  const all = [];
  const longest = found.cutoffs_min.at(-1);
  if (found.cutoffs_min.some((minutes) => minutes > found.max_walk_min)) all.push(`No walk is longer than ${found.max_walk_min} min: on foot alone nothing is said of longer cut-offs.`);
  const shown = found.after ?? found.before;
  const islands = shown.at(-1)?.islands ?? [];
  if (islands.length) {
    const names = [...new Set(islands)];
    const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
    all.push(`Within ${longest} min there ${islands.length === 1 ? 'is a patch' : `are ${islands.length} patches`} apart from yours, where one gets off: ${names.slice(0, 4).join(', ')}${more}.`);
  }
  if (found.cell_m > 20) all.push(`It is a large area, drawn in steps of ${found.cell_m} m.`);
  return all;
}

/** The legend of the outlines on the map. */
export function legend(found, shown, view) {
  const box = document.getElementById('far-legend');
  box.hidden = !shown || !found;
  if (box.hidden) return;
  const items = ticked().map((n) => key(`within ${found.cutoffs_min[n]} min`, dash(n), width(n)));
  const both = view === 'change' && found.after;
  if (both) items.push(key('the same, now', [1], 1));
  box.replaceChildren(make('strong', `Outlined: from your point${found.after && view !== 'before' ? ', after the cut' : ''}`), ...items);
}

function key(says, dashes, thick) {
  const svg = 'http://www.w3.org/2000/svg';
  const line = document.createElementNS(svg, 'line');
  const box = document.createElementNS(svg, 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 40 8', width: 40, height: 8 })) box.setAttribute(name, value);
  const dashArray = dashes.length > 1 ? dashes.map((part) => part * thick).join(' ') : 'none';
  for (const [name, value] of Object.entries({ x1: 0, x2: 40, y1: 4, y2: 4, stroke: INK, 'stroke-width': thick, 'stroke-dasharray': dashArray })) line.setAttribute(name, value);
  box.append(line);
  const item = make('div', '', { class: 'key' });
  item.append(box, make('span', says));
  return item;
}
