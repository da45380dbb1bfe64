// How long a cut takes in the explorer: node seconds.mjs ADDRESS [ROUNDS]
// As explore.mjs: PLAYWRIGHT names the folder that playwright-core is installed in, CHROMIUM the browser. The seconds are those the page
// itself counts, from the tick to the map: each cut is new to the server, the times before are known.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const [address, rounds = '5'] = process.argv.slice(2);
const { chromium } = createRequire(join(process.env.PLAYWRIGHT, 'x.js'))('playwright-core');
const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(600_000);
await page.goto(address);
await page.waitForFunction(() => document.body.dataset.ready === 'yes');

/** Does something that asks for the map anew, and gives back the seconds it took. */
async function seconds(act) {
  const before = await page.evaluate(() => Number(document.body.dataset.done ?? 0));
  await act();
  await page.waitForFunction((n) => Number(document.body.dataset.done ?? 0) > n, before);
  return Number(await page.evaluate(() => document.body.dataset.seconds));
}

const spread = (all) => {
  const sorted = [...all].sort((a, b) => a - b);
  return `${sorted[0].toFixed(2)} to ${sorted.at(-1).toFixed(2)} s, median ${sorted[Math.floor(sorted.length / 2)].toFixed(2)} s (${sorted.length})`;
};
const windows = await page.locator('#window option').evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
const lines = await page.locator('#lines input').count();
console.log(`${windows.length} windows, ${lines} lines`);
for (const window of windows) {
  const first = await seconds(() => page.selectOption('#window', window));
  const line = [];
  for (let n = 0; n < Math.min(Number(rounds), lines); n += 1) {
    // Spread over the list: long and short lines.
    const at = Math.floor((n * lines) / Number(rounds));
    line.push(await seconds(() => page.check(`#lines input[value="${at}"]`)));
    await seconds(() => page.click('#clear'));
  }
  const evening = [await seconds(() => page.click('#evenings'))];
  await seconds(() => page.click('#clear'));
  console.log(`${window}: first seen ${first.toFixed(2)} s; a line ${spread(line)}; all evenings ${spread(evening)}`);
}
// A click on the middle of the map: how far one gets.
const far = [];
for (let n = 0; n < Number(rounds); n += 1) {
  const began = Date.now();
  const before = await page.evaluate(() => Number(document.body.dataset.far ?? 0));
  await page.click('#centre');
  await page.waitForFunction((count) => Number(document.body.dataset.far ?? 0) > count, before);
  far.push((Date.now() - began) / 1000);
}
console.log(`a home, with its journey and areas: ${spread(far)}`);
await browser.close();
