// Uses the page as a campaigner would: node explore.mjs ADDRESS FOLDER
// PLAYWRIGHT names the folder that playwright-core is installed in, CHROMIUM the browser. Pictures and downloads go to FOLDER.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [address, folder] = process.argv.slice(2);
const { chromium } = createRequire(join(process.env.PLAYWRIGHT, 'x.js'))('playwright-core');
const quiet = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const webGl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const patience = 60_000;

/** Opens the page in a browser of its own; anything that goes wrong in it, or leaves this machine, fails the test. */
async function opened(size, args) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...quiet, ...args] });
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(patience);
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  page.on('request', (request) => { if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) faults.push(`asks ${request.url()}`); });
  await page.goto(address);
  await page.waitForFunction(() => document.body.dataset.ready === 'yes');
  return { browser, page, faults };
}

/** Waits until the answer to what was just chosen is on the page. */
async function settled(page, act) {
  const before = await page.evaluate(() => Number(document.body.dataset.done ?? 0));
  await act();
  await page.waitForFunction((n) => Number(document.body.dataset.done ?? 0) > n, before);
}

/** Where a point of the globe is on the page: the map shows the study's bounds with 24 pixels round them. */
async function pixel(page, lon, lat) {
  const { bounds: [west, south, east, north] } = await page.evaluate(async () => (await fetch('api/study')).json());
  const y = (degrees) => (Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) * 180) / Math.PI;
  const box = await page.locator('#map').boundingBox();
  const scale = Math.min((box.width - 48) / (east - west), (box.height - 48) / (y(north) - y(south)));
  return [box.x + box.width / 2 + (lon - (west + east) / 2) * scale, box.y + box.height / 2 - (y(lat) - (y(south) + y(north)) / 2) * scale];
}

const text = (page, selector) => page.locator(selector).innerText();

async function atADesk() {
  const { browser, page, faults } = await opened({ width: 1280, height: 900 }, webGl);
  assert.equal(await text(page, '#title'), 'Wenbury');
  assert.equal(await page.locator('#zones tbody tr').count(), 27);
  assert.equal(await page.locator('canvas.maplibregl-canvas').count(), 1);

  // Look and choose.
  await page.selectOption('#category', { label: 'GP surgeries (10)' });
  await settled(page, () => page.selectOption('#window', 'sunday'));
  assert.match(await text(page, '#legends'), /up to 15 min[\s\S]*over 60 min[\s\S]*not reached/);
  assert.equal(await page.locator('#groups').isVisible(), false);

  // Click a home in Northmoor, and read the way.
  const northmoor = await page.evaluate(async () => (await (await fetch('api/study')).json()).zones.find((zone) => zone.name.includes('007A')));
  await page.mouse.click(...await pixel(page, ...northmoor.home));
  await page.locator('#journeys .ride').first().waitFor();
  assert.match(await text(page, '#here'), /In Wenbury 007A/);
  assert.match(await text(page, '#journeys'), /ride 1 \(Wenbury Buses\)/);
  await farFound(page);
  await page.screenshot({ path: join(folder, 'click.png') });
  await howFar(page);

  // Cut line 1: all of its Sundays are lost.
  await settled(page, () => page.check('#lines label:has-text("Northmoor") input >> nth=0'));
  assert.match(await text(page, '#says'), /buses of line 1 \(Wenbury Buses\) withdrawn/);
  assert.match(await text(page, '#headline'), /can no longer get there within 120 minutes/);
  assert.equal(await page.isChecked('input[value=change]'), true);
  assert.match(await text(page, '#zones tbody tr >> nth=0'), /007[AB][\s\S]*no longer in reach[\s\S]*lost/);
  await page.locator('.journey >> nth=1').waitFor();
  await page.locator('#journeys >> text=After the cut: not reached').waitFor();
  await farFound(page, 2);
  assert.match(await text(page, '#areas'), /on foot: people[\s\S]*now: people[\s\S]*after: people/);
  assert.ok(await page.locator('#areas tr.changed').count() > 0, 'without its bus, the areas are smaller');
  await page.screenshot({ path: join(folder, 'cut.png') });
  await jobsInstead(page);
  const everybody = page.locator('#groups tbody tr >> nth=0');
  const lost = await everybody.locator('td >> nth=2').innerText();
  assert.ok((await text(page, '#headline')).includes(lost), 'sentence and table say the same');

  // In the evening only: a Sunday morning keeps its bus, and the page says what it did.
  await settled(page, () => page.click('#evenings'));
  assert.equal(await everybody.locator('td >> nth=2').innerText(), '0');
  await settled(page, () => page.selectOption('#window', 'evening'));
  assert.match(await text(page, '#headline'), /GP surgeries: of 47,412 people/);

  // A second cut on top, then taken back.
  await page.click('#add');
  assert.match(await text(page, '#kept'), /line 1, trips leaving 19/);
  await settled(page, () => page.check('#lines input[value="1"]'));
  assert.match(await text(page, '#says'), /of line 1 [\s\S]*of line 2 /);
  await settled(page, () => page.uncheck('#lines input[value="1"]'));

  // Keep it: once, and not twice.
  await page.fill('#name', 'evenings_of_line_1');
  await page.fill('#label', 'Line 1 ends at "seven" <b>');
  await page.click('#save');
  await page.locator('#kept-says >> text=evenings_of_line_1').waitFor();
  await page.click('#save');
  await page.locator('#error >> text=already').waitFor();
  assert.equal(await page.locator('#scenario option', { hasText: 'Line 1 ends at "seven" <b>' }).count(), 1);

  // The evidence pack, twice clicked: the page goes on meanwhile, and one is written.
  await page.evaluate(() => { const button = document.getElementById('evidence'); button.click(); button.click(); });
  await page.fill('#name', '');
  await page.locator('#error >> text=/already|small letters/').waitFor();
  await page.fill('#name', 'pack_of_evenings');
  await page.click('#evidence');
  await page.locator('#pack-says.busy').waitFor();
  assert.equal(await page.isDisabled('#evidence'), true);
  await settled(page, () => page.selectOption('#window', 'am'));
  assert.equal(await page.isDisabled('#evidence'), true, 'the map was answered before the pack was there');
  await settled(page, () => page.selectOption('#window', 'evening'));
  await page.locator('#report').waitFor({ timeout: 600_000 });
  assert.equal(await page.isEnabled('#evidence'), true);
  const report = page.waitForEvent('download');
  await page.click('#report');
  await (await report).saveAs(join(folder, 'report.html'));
  assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /<html/);

  // Take the numbers along.
  const download = page.waitForEvent('download');
  await page.click('#download');
  await (await download).saveAs(join(folder, 'change.csv'));
  const rows = readFileSync(join(folder, 'change.csv'), 'utf8').split('\n');
  assert.equal(rows.length, 29, 'a head, 27 neighbourhoods and a last line end');
  assert.ok(rows[0].includes('gp_transit_evening_p50_change_min'));

  // The saved scenario, chosen by name, shows the same as the ticks.
  const byTicks = await text(page, '#groups');
  await settled(page, () => page.selectOption('#scenario', 'evenings_of_line_1'));
  assert.equal(await text(page, '#groups'), byTicks);
  assert.equal(await page.locator('#ticks').isVisible(), false);
  assert.deepEqual(faults.filter((fault) => !fault.includes('422')), []);
  await browser.close();
}

/** Waits until it is found how far one gets, for the nth time. */
const farFound = (page, nth = 1) => page.waitForFunction((n) => Number(document.body.dataset.far ?? 0) >= n, nth);

const rendered = (page, layer) => page.evaluate((name) => window.lastmileMap.queryRenderedFeatures({ layers: [name] }).length, layer);

/** Areas as outlines that can be told apart, or the time to each home, or neither. */
async function howFar(page) {
  assert.equal(await page.locator('#areas tbody tr').count(), 4, 'a row for each cut-off');
  assert.match(await text(page, '#areas'), /15 min[\s\S]*60 min/);
  assert.match(await text(page, '#far-legend'), /within 30 min[\s\S]*within 60 min/);
  await page.check('#areas input[value="0"]');
  await page.check('#areas input[value="2"]');
  assert.match(await text(page, '#far-legend'), /15 min[\s\S]*30 min[\s\S]*45 min[\s\S]*60 min/);
  await page.waitForFunction(() => window.lastmileMap.areTilesLoaded());
  const outlined = [];
  for (const n of [0, 1, 2, 3]) outlined.push(await rendered(page, `far-${n}`));
  assert.ok(outlined.some((count) => count > 0), 'outlines are on the map');
  const people = await page.locator('#areas tbody tr td:nth-child(4)').allInnerTexts();
  const counts = people.map((said) => Number(said.replaceAll(',', '')));
  assert.deepEqual(counts, [...counts].sort((a, b) => a - b), 'farther is never fewer');
  await page.uncheck('#areas input[value="3"]');
  assert.doesNotMatch(await text(page, '#far-legend'), /within 60 min/);
  await page.check('#areas input[value="3"]');
  await page.check('input[name=draws][value=dots]');
  await page.locator('#dots').waitFor();
  assert.equal(await page.locator('#far-legend').isVisible(), false);
  await page.check('input[name=draws][value=areas]');
}

/** Another number than a time: jobs within 45 min before and after the cut, and broadband, which no bus changes. */
async function jobsInstead(page) {
  await settled(page, () => page.selectOption('#category', 'more'));
  assert.match(await text(page, '#meaning'), /jobs_transit_sunday_45min_of_p50/);
  assert.match(await text(page, '#legend'), /jobs/);
  assert.match(await text(page, '#headline'), /less in [1-9]\d*, more in 0 of 27 neighbourhoods/);
  assert.match(await text(page, '#zones tbody tr >> nth=0'), /-[\d,]+/);
  await page.screenshot({ path: join(folder, 'jobs.png') });
  await page.selectOption('#measure', { label: 'share of premises that can have 1 Gbit/s' });
  assert.match(await text(page, '#headline'), /the same in each neighbourhood/);
  await page.check('input[name=view][value=before]');
  assert.match(await text(page, '#legend'), /80 %/);
  await page.check('input[name=view][value=change]');
  await page.selectOption('#category', { label: 'GP surgeries (10)' });
}

async function byKeyboardOnANarrowScreen() {
  const { browser, page, faults } = await opened({ width: 390, height: 844 }, webGl);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip the map');
  await page.keyboard.press('Enter');
  const seen = new Set();
  for (let n = 0; n < 12 && !seen.has('scenario'); n += 1) {
    await page.keyboard.press('Tab');
    seen.add(await page.evaluate(() => document.activeElement.id || document.activeElement.name));
  }
  assert.deepEqual([...seen].slice(0, 4), ['category', 'window', 'view', 'scenario']);
  await page.focus('#lines input');
  await settled(page, () => page.keyboard.press('Space'));
  assert.match(await text(page, '#says'), /withdrawn/);
  await page.focus('#place');
  await page.keyboard.type('Wenbury 007A');
  await page.keyboard.press('Enter');
  await page.locator('#journeys .journey').first().waitFor();
  await farFound(page);
  await page.focus('#centre');
  await page.keyboard.press('Enter');
  await page.locator('#here >> text=/In (Wenbury 00|none)/').waitFor();
  await farFound(page, 2);
  await page.focus('#areas input');
  await page.keyboard.press('Space');
  assert.equal(await page.isChecked('#areas input >> nth=0'), true, 'cut-offs are ticked by keyboard');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `nothing is wider than the screen: ${wide}`);
  const nameless = await page.evaluate(() => [...document.querySelectorAll('input, select, button')]
    .filter((control) => !(control.labels?.length || control.textContent.trim() || control.ariaLabel)).length);
  assert.equal(nameless, 0, 'every control has a name');
  await page.screenshot({ path: join(folder, 'narrow.png'), fullPage: true });
  assert.deepEqual(faults, []);
  await browser.close();
}

async function withoutWebGl() {
  const { browser, page, faults } = await opened({ width: 1280, height: 900 }, ['--disable-3d-apis', '--disable-gpu']);
  await page.locator('#no-map').waitFor();
  assert.equal(await page.locator('#zones tbody tr').count(), 27);
  await settled(page, () => page.check('#lines input[value="0"]'));
  await page.locator('#zones tbody button').first().click();
  await page.locator('#journeys .journey').first().waitFor();
  assert.deepEqual(faults, []);
  await browser.close();
}

await atADesk();
await byKeyboardOnANarrowScreen();
await withoutWebGl();
console.log('explored');
