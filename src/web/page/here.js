// What is reached from one home, and the journeys in words.

import { ask, make, minutes } from './ask.js';

/** Times from here to the nearest place of each category; `tell` is called with the number of one. */
export function nearest(study, found, cut, chosen, tell) {
  const box = document.getElementById('here');
  const where = found.neighbourhood ? `In ${found.neighbourhood}.` : 'In none of the neighbourhoods.';
  if (found.off_map) {
    box.replaceChildren(make('p', `${where} This point lies off the map: what is reached from it is not known.`));
    return;
  }
  if (!found.on_street) {
    box.replaceChildren(make('p', `${where} This point lies too far from any street: nothing can be said.`));
    return;
  }
  const table = make('table');
  const head = make('tr');
  for (const text of ['To the nearest of', 'on foot', 'now', ...(cut ? ['after'] : [])]) head.append(make('th', text, { scope: 'col' }));
  table.append(make('caption', 'Minutes from here, median over the departures; – is not reached'), make('thead'), make('tbody'));
  table.tHead.append(head);
  study.categories.forEach((category, n) => {
    const times = found.nearest[n];
    const button = make('button', category.label, { type: 'button', class: 'plain', 'aria-pressed': String(n === chosen) });
    button.addEventListener('click', () => tell(n));
    const line = make('tr');
    const name = make('td');
    name.append(button);
    line.append(name, ...[times.walk, times.before, ...(cut ? [times.after] : [])].map((time) => make('td', minutes(time), { class: 'number' })));
    if (cut && times.before !== times.after) line.className = 'changed';
    table.tBodies[0].append(line);
  });
  box.replaceChildren(make('p', `${where} Choose one to read the journey.`), table);
}

function told(title, journey) {
  const box = make('div', '', { class: 'journey' });
  box.append(make('h3', journey.minutes === null ? `${title}: not reached` : `${title}: ${minutes(journey.minutes)} min`));
  if (journey.leave) box.append(make('p', `Ready to leave: ${journey.leave}`, { class: 'quiet' }));
  if (journey.reason) box.append(make('p', `Not reachable: ${journey.reason}.`));
  const legs = make('ol');
  for (const leg of journey.legs) {
    const item = make('li', '', { class: leg.kind });
    item.append(make('span', leg.begins, { class: 'clock' }), make('span', `${leg.says} · ${leg.takes}`));
    legs.append(item);
  }
  if (journey.arrive) {
    const item = make('li', '', { class: 'arrive' });
    item.append(make('span', journey.arrive, { class: 'clock' }), make('span', 'arrive'));
    legs.append(item);
  }
  box.append(legs);
  return box;
}

/** The very journeys to the nearest place of a category. */
export async function journeys(study, from, category, map) {
  const box = document.getElementById('journeys');
  const found = await ask('journey', { from, category });
  const label = study.categories[category].label;
  const parts = [make('h3', `To the nearest of: ${label}`), told('Now', found.before)];
  if (found.after) parts.push(told('After the cut', found.after));
  box.replaceChildren(...parts);
  map?.way((found.after?.legs.length ? found.after : found.before).legs);
}
