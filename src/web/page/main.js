// Joins the controls to the questions.

import { Refused, ask, download, make, newestPack, study as askStudy } from './ask.js';
import * as areas from './areas.js';
import * as here from './here.js';
import * as lists from './lists.js';
import { drawn, openMap } from './map.js';
import * as measures from './measures.js';

const $ = (id) => document.getElementById(id);
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const study = await askStudy();
let map = null;
/** What was answered last, and where one sets out. */
const now = { change: null, point: null, zone: null, category: null, kept: [], shown: 0, measures: null, key: null, areas: null, reach: null };

// What is ticked

const ticked = (box) => [...box.querySelectorAll('input:checked')].map((input) => Number(input.value));
const ticks = () => ({ lines: ticked($('lines')), hours: ticked($('hours')), days: ticked($('days')) });
const isEmpty = (cut) => !cut.lines.length && !cut.hours.length && !cut.days.length;
const otherwise = () => {
  if ($('scenario').value) return { scenario: $('scenario').value };
  const cuts = [...now.kept, ticks()].filter((cut) => !isEmpty(cut));
  return cuts.length ? { cuts } : {};
};
const isCut = () => Object.keys(otherwise()).length > 0;
const asked = () => ({ window: $('window').value || null, otherwise: otherwise() });
const view = () => document.querySelector('input[name=view]:checked').value;
/** Not a kind of place but another number, of which there is a list of its own. */
const MORE = 'more';
const isMore = () => $('category').value === MORE;
const category = () => {
  if (!isMore()) now.shown = Number($('category').value);
  return now.shown;
};
const measure = () => (isMore() ? now.measures?.list[Number($('measure').value)] : undefined);
/** What is said of a neighbourhood on the map. */
const look = (zone) => {
  const shown = measure();
  return shown ? measures.drawn(study, shown, view(), zone) : drawn(study, now.change.categories[category()], view(), zone);
};

function tick(value, label, title = '') {
  const box = make('label', '', { class: 'tick' });
  const input = make('input', '', { type: 'checkbox', value });
  const text = make('span');
  text.append(make('span', label), make('span', title ? ` ${title}` : '', { class: 'quiet' }));
  box.append(input, text);
  return box;
}

function hourName(hour) {
  const two = (n) => String(n % 24).padStart(2, '0');
  if (hour === 4) return 'to 05';
  return hour === 27 ? '03 on' : two(hour);
}

function inWords(cut) {
  const lines = cut.lines.map((n) => study.lines[n].name).join(', ');
  const hours = cut.hours.length ? `, trips leaving ${cut.hours.map(hourName).join(', ')}` : '';
  const days = cut.days.length ? `, ${cut.days.map((n) => DAYS[n]).join(', ')}` : '';
  return `${lines ? `line ${lines}` : 'all lines'}${hours}${days}`;
}

function showKept() {
  $('kept').replaceChildren(...now.kept.map((cut, n) => {
    const item = make('li', `${inWords(cut)} `);
    const button = make('button', 'take back', { type: 'button', 'aria-label': `take back the cut of ${inWords(cut)}` });
    button.addEventListener('click', () => {
      now.kept.splice(n, 1);
      showKept();
      update();
    });
    item.append(button);
    return item;
  }));
}

function untick() {
  for (const input of $('ticks').querySelectorAll('input:checked')) input.checked = false;
  countLines();
}

function countLines() {
  const chosen = ticked($('lines')).length;
  $('lines-count').textContent = chosen ? `${chosen} of ${study.lines.length} ticked` : `${study.lines.length}; none ticked: all, if hours or days are`;
}

function findLines() {
  const wanted = $('find').value.trim().toLowerCase();
  [...$('lines').children].forEach((label, n) => {
    const line = study.lines[n];
    const fits = [line.name, line.operator, line.long_name].some((text) => text.toLowerCase().includes(wanted));
    label.hidden = !fits && !label.querySelector('input').checked;
  });
}

// What is answered

const busy = (text) => { $('status').textContent = text; };

function say(error) {
  $('error').hidden = !error;
  $('error').textContent = error ? error.message : '';
}

/** Runs a question; one that a newer one overtook says nothing. */
async function attempt(text, question) {
  busy(text);
  try {
    const result = await question();
    say(null);
    return result;
  } catch (error) {
    if (error instanceof Refused && error.status === 409) return undefined;
    say(error);
    return undefined;
  } finally {
    busy('');
  }
}

let asking = 0;
async function update() {
  asking += 1;
  const mine = asking;
  const [question, began] = [asked(), performance.now()];
  const change = await attempt('Computing …', () => ask('change', question));
  if (mine !== asking || !change) return;
  const found = isMore() ? await attempt('Counting what is within reach …', () => ask('measures', question)) : null;
  if (mine !== asking || (isMore() && !found)) return;
  now.change = change;
  offer(found);
  const cut = isCut();
  for (const input of document.querySelectorAll('input[name=view]')) input.disabled = !cut && input.value !== 'before';
  if (!cut) document.querySelector('input[name=view][value=before]').checked = true;
  else if (!now.wasCut) document.querySelector('input[name=view][value=change]').checked = true;
  now.wasCut = cut;
  $('says').replaceChildren(
    ...change.says.map((text) => make('p', text)),
    ...[...change.idle, ...change.warnings].map((text) => make('p', text, { class: 'warning' })),
  );
  draw();
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  document.body.dataset.seconds = seconds;
  document.body.dataset.done = String(mine);
  busy(cut ? `Computed in ${seconds} s.` : '');
  if (now.point) await setOut(now.point, false);
}

function offer(found) {
  now.measures = found;
  $('measure-label').hidden = !found;
  if (found) measures.offer($('measure'), found.list, now.key);
}

function draw() {
  if (!now.change) return;
  $('when').textContent = now.change.when;
  const shown = measure();
  $('meaning').hidden = !shown;
  if (shown) drawMeasure(shown);
  else drawTimes();
  map?.zones(look);
}

function drawTimes() {
  const [found, cut] = [now.change.categories[category()], isCut()];
  const label = study.categories[category()].label;
  const titles = { before: 'Minutes to the nearest', after: 'Minutes, after the cut', change: 'After the cut' };
  lists.legend(study, view(), `${titles[view()]}: ${label}`, study, true);
  lists.whoLoses(study, cut ? found : null, label);
  $('who-how').textContent = 'Tick a cut, or choose a scenario.';
  lists.zones(study, found, cut, choose);
}

function drawMeasure(shown) {
  const cut = isCut();
  now.key = shown.key;
  $('meaning').textContent = `${shown.meaning}. In the tables: ${shown.field}.`;
  const titles = { before: '', after: 'After the cut: ', change: 'After the cut: ' };
  const unreached = [...shown.before, ...shown.after].includes('unreached');
  lists.legend(study, view(), `${titles[view()]}${shown.label}`, { times: shown.classes, changes: shown.changes }, unreached);
  lists.whoLoses(study, null, '');
  $('who-how').textContent = 'People are counted by their time to a kind of place: choose one under “What the map shows”.';
  $('headline').textContent = cut ? measures.headline(study, shown) : '';
  lists.measured(study, shown, cut, choose);
}

async function setOut(point, tell = true) {
  now.point = point;
  // Nothing of another point or another cut stays on the map.
  [now.areas, now.reach] = [null, null];
  drawFar();
  map?.home(point);
  const from = { lon: point[0], lat: point[1], asked: asked() };
  const found = await attempt('Looking from here …', () => ask('here', from));
  if (!found || now.point !== point) return;
  const journey = (n) => {
    now.category = n;
    here.nearest(study, found, isCut(), n, journey);
    return attempt('Finding the journey …', () => here.journeys(study, from, n, map));
  };
  if (tell && now.category === null) now.category = category();
  here.nearest(study, found, isCut(), now.category, journey);
  if (!found.on_street) {
    $('journeys').replaceChildren();
    map?.way([]);
    return;
  }
  if (now.category !== null) await journey(now.category);
  if (now.point !== point) return;
  const within = await attempt('Finding how far one gets …', () => ask('areas', from));
  if (!within || now.point !== point) return;
  now.areas = within;
  areas.table(study, within, drawFar);
  await far();
  document.body.dataset.far = String(Number(document.body.dataset.far ?? 0) + 1);
}

const draws = () => document.querySelector('input[name=draws]:checked').value;

/** Draws how far one gets, and asks for the times to the homes where those are wanted. */
async function far() {
  const point = now.point;
  if (draws() === 'dots' && point && now.areas && !now.reach) {
    const from = { lon: point[0], lat: point[1], asked: asked() };
    const reach = await attempt('Finding the times to the homes …', () => ask('reach', from));
    if (!reach || now.point !== point) return;
    now.reach = reach;
  }
  drawFar();
}

function drawFar() {
  $('far').hidden = !now.areas;
  const [outlined, dotted] = [now.areas && draws() === 'areas', now.areas && now.reach && draws() === 'dots'];
  map?.far(outlined ? areas.outlines(now.areas, view()) : []);
  areas.legend(now.areas, Boolean(map) && outlined, view());
  const times = dotted ? (view() === 'before' ? now.reach.before : now.reach.after) : null;
  map?.origins(times);
  lists.dots(study, Boolean(map && dotted), `Dots: minutes from your point to the homes${view() === 'before' ? '' : ', after the cut'}`);
}

function choose(zone) {
  now.zone = zone;
  map?.chosen(zone);
  const { home, name } = study.zones[zone];
  $('place').value = name;
  if (!home) return;
  map?.show(home);
  setOut(home);
  $('h-here').scrollIntoView({ block: 'start' });
}

// What is kept

const named = () => ({ name: $('name').value.trim() || $('scenario').value, label: $('label').value.trim(), otherwise: otherwise() });

async function save() {
  $('kept-says').textContent = '';
  const kept = await attempt('Saving …', () => ask('save', named()));
  if (!kept) return;
  $('kept-says').textContent = kept.says;
  scenarios(kept.scenarios);
}

async function evidence() {
  if ($('evidence').disabled) return;
  $('evidence').disabled = true;
  const pack = await attempt('', () => ask('evidence', named()));
  if (pack) await follow(pack);
  else $('evidence').disabled = false;
}

/** Says how a pack stands until it is there; all else can be asked meanwhile. */
async function follow(pack) {
  const began = performance.now();
  $('evidence').disabled = true;
  $('pack-says').className = 'busy';
  $('pack-says').textContent = `Writing the evidence pack “${pack.name}”: every window is computed, which takes a while. You can go on meanwhile.`;
  let stands = pack;
  while (stands.state === 'writing') {
    await new Promise((done) => { setTimeout(done, 700); });
    try {
      stands = await newestPack();
    } catch {
      stands = { ...pack, state: 'failed', says: 'lastmile serve does not answer any more: is it still running?' };
    }
  }
  $('evidence').disabled = false;
  $('pack-says').className = stands.state === 'failed' ? 'warning' : '';
  const took = ` (${Math.round((performance.now() - began) / 1000)} s)`;
  $('pack-says').textContent = stands.state === 'failed' ? `The evidence pack “${stands.name}” was not written: ${stands.says}` : `${stands.says}${took}. `;
  if (stands.state !== 'written') return;
  const button = make('button', 'Download its report', { type: 'button', id: 'report' });
  button.addEventListener('click', () => attempt('', () => download(`report-${stands.number}`)));
  $('pack-says').append(button);
}

function scenarios(all) {
  const chosen = $('scenario').value;
  const options = all.map((one) => make('option', `${one.name}: ${one.label}`, { value: one.name }));
  $('scenario').replaceChildren($('scenario').options[0], ...options);
  $('scenario').value = chosen;
  $('scenario-label').hidden = all.length === 0;
}

// The page

$('title').textContent = study.title;
document.title = `${study.title} – lastmile`;
const kinds = make('optgroup', '', { label: 'Time to the nearest of' });
kinds.append(...study.categories.map((one, n) => make('option', `${one.label} (${one.places})`, { value: n })));
const others = make('optgroup', '', { label: 'Other numbers' });
others.append(make('option', 'Jobs within reach, counts, broadband …', { value: MORE }));
$('category').append(kinds, others);
$('window').append(...study.windows.map((one) => make('option', one.says, { value: one.name ?? '' })));
$('lines').append(...study.lines.map((one, n) => tick(n, one.name, [one.long_name, one.operator, `${one.trips} a day`].filter(Boolean).join(' · '))));
$('hours').append(...Array.from({ length: 24 }, (_, n) => tick(n + 4, hourName(n + 4))));
$('days').append(...DAYS.map((day, n) => tick(n, day)));
$('places').append(...study.zones.map((zone) => make('option', '', { value: zone.name })));
$('sources').textContent = `Streets and places: © OpenStreetMap contributors, ODbL. Times are medians over the departures of a window, from timetables: nothing here is late or full.${study.warnings.length ? ` Note: ${study.warnings.join('; ')}.` : ''}`;
scenarios(study.scenarios);
countLines();

$('category').addEventListener('change', () => {
  if (isMore() && !now.measures) update();
  else {
    $('measure-label').hidden = !isMore();
    draw();
  }
});
$('measure').addEventListener('change', draw);
$('draws').addEventListener('change', far);
$('window').addEventListener('change', update);
$('view').addEventListener('change', () => {
  draw();
  drawFar();
});
$('scenario').addEventListener('change', () => {
  $('ticks').hidden = Boolean($('scenario').value);
  update();
});
for (const box of ['lines', 'hours', 'days']) $(box).addEventListener('change', () => { countLines(); update(); });
$('find').addEventListener('input', findLines);
const hours = (from, to) => () => {
  for (const input of $('hours').querySelectorAll('input')) input.checked = from <= Number(input.value) && Number(input.value) < to;
  update();
};
$('evenings').addEventListener('click', hours(19, 22));
$('no-hours').addEventListener('click', hours(0, 0));
$('add').addEventListener('click', () => {
  if (isEmpty(ticks())) return;
  now.kept.push(ticks());
  untick();
  showKept();
});
$('clear').addEventListener('click', () => {
  now.kept = [];
  untick();
  showKept();
  update();
});
const byName = () => study.zones.findIndex((zone) => zone.name === $('place').value.trim() || zone.id === $('place').value.trim());
$('go').addEventListener('click', () => {
  const zone = byName();
  if (zone >= 0) choose(zone);
  else say(new Error('There is no neighbourhood of this name: choose one of the list.'));
});
$('place').addEventListener('keydown', (event) => { if (event.key === 'Enter') $('go').click(); });
$('centre').addEventListener('click', () => { if (map) setOut(map.centre()); });
$('save').addEventListener('click', save);
$('evidence').addEventListener('click', evidence);
$('download').addEventListener('click', () => attempt('', () => download('change.csv', asked())));

function hover(zone) {
  $('hover').textContent = zone === null || !now.change
    ? '' : `${study.zones[zone].name}: ${inFull(look(zone))}.`;
}

const inFull = (said) => (said.exact ? `${said.exact} (${said.says})` : said.says);

await update();
map = await openMap(study, (lon, lat) => {
  now.zone = null;
  map.chosen(null);
  setOut([lon, lat]);
  // What was clicked for is told there.
  $('h-here').scrollIntoView({ block: 'start' });
}, hover);
$('centre').disabled = !map;
if (!map) $('here-how').textContent = 'Choose a neighbourhood:';
draw();
document.body.dataset.ready = 'yes';
// A pack that was begun before the page was loaded anew.
const begun = await newestPack().catch(() => null);
if (begun?.state === 'writing') follow(begun);
