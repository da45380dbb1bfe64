// The map: neighbourhoods in their classes, hatched where nothing is reached, over the extract's own streets.

import { DASHES, INK, dash, width } from './areas.js';

const HATCH = 'hatch';

/** The class of a number: a value on a break belongs to the lower one. */
export const classOf = (classed, value) => classed.breaks.filter((upper) => value > upper).length;

/** What is drawn of a neighbourhood: a colour, or a hatch, or nothing known. */
export function drawn(study, category, view, zone) {
  const state = category.state[zone];
  if (state === null) return { kind: 'unknown', says: 'nothing is known here' };
  if (view === 'change') {
    if (state === 'lost') return { kind: 'own', colour: study.lost[1], says: study.lost[0] };
    if (state === 'gained') return { kind: 'own', colour: study.gained[1], says: study.gained[0] };
    if (state === 'never') return { kind: 'hatch', says: 'not reached' };
    const nth = classOf(study.changes, category.change[zone]);
    const change = category.change[zone];
    return { kind: 'class', colour: study.changes.colours[nth], says: study.changes.labels[nth], exact: change === 0 ? 'no change' : `${change > 0 ? '+' : ''}${change.toFixed(1)} min` };
  }
  const time = category[view][zone];
  if (time === null) return { kind: 'hatch', says: 'not reached' };
  const nth = classOf(study.times, time);
  return { kind: 'class', colour: study.times.colours[nth], says: study.times.labels[nth], exact: `${time.toFixed(1)} min` };
}

function hatch() {
  const [size, data] = [16, new Uint8Array(16 * 16 * 4)];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const dark = (x + y) % 8 < 2;
      data.set(dark ? [90, 90, 90, 255] : [250, 250, 250, 215], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

const line = (id, kind, colour, width, extra = {}) => ({
  id, type: 'line', source: 'backdrop', filter: ['==', ['get', 'kind'], kind],
  layout: { 'line-cap': 'round', 'line-join': 'round' },
  paint: { 'line-color': colour, 'line-width': width, ...extra },
});
const wider = (at10, at16) => ['interpolate', ['exponential', 1.6], ['zoom'], 10, at10, 16, at16];
const state = (key, otherwise) => ['coalesce', ['feature-state', key], otherwise];

function style(study) {
  const data = (name) => new URL(`map/${name}`, location.href).href;
  const sources = {
    backdrop: { type: 'geojson', data: data('backdrop'), tolerance: 0.5, attribution: '© OpenStreetMap contributors' },
    zones: { type: 'geojson', data: data('neighbourhoods'), generateId: true, tolerance: 0.2 },
    origins: { type: 'geojson', data: data('origins'), generateId: true },
    far: { type: 'geojson', data: { type: 'FeatureCollection', features: [] }, tolerance: 0.2 },
    way: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    home: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
  };
  const layers = [{ id: 'ground', type: 'background', paint: { 'background-color': '#f4f3ef' } }];
  if (study.tiles) {
    sources.tiles = { type: 'raster', tiles: [study.tiles.url], tileSize: 256, attribution: study.tiles.host };
    layers.push({ id: 'tiles', type: 'raster', source: 'tiles' });
  }
  layers.push(
    { id: 'zones', type: 'fill', source: 'zones', paint: { 'fill-color': state('colour', '#d5d5d5'), 'fill-opacity': state('opacity', 0) } },
    { id: 'hatched', type: 'fill', source: 'zones', filter: ['in', ['id'], ['literal', []]], paint: { 'fill-pattern': HATCH, 'fill-opacity': 0.75 } },
  );
  if (!study.tiles) {
    layers.push(
      line('water', 'water', '#6fa8d6', wider(1.2, 6)),
      line('street', 'street', '#6b6b6b', wider(0.5, 3), { 'line-opacity': 0.6 }),
      line('steps', 'steps', '#6b6b6b', wider(0.3, 2), { 'line-opacity': 0.5, 'line-dasharray': [1, 1.5] }),
      line('motorway', 'motorway', '#b0653a', wider(1.2, 6), { 'line-opacity': 0.8 }),
      line('railway', 'railway', '#333', wider(0.8, 2.5), { 'line-dasharray': [4, 3], 'line-opacity': 0.7 }),
    );
  }
  layers.push(
    { id: 'borders', type: 'line', source: 'zones', paint: { 'line-color': '#4a4a4a', 'line-width': wider(0.4, 1.2), 'line-opacity': 0.7 } },
    { id: 'edge', type: 'line', source: 'zones', filter: ['in', ['id'], ['literal', study.zones.flatMap((zone, n) => (zone.edge === 'edge' ? [n] : []))]],
      paint: { 'line-color': '#c51b8a', 'line-width': wider(0.9, 2), 'line-offset': wider(1, 3), 'line-dasharray': [1.5, 4], 'line-opacity': 0.8 } },
    { id: 'chosen', type: 'line', source: 'zones', filter: ['==', ['id'], -1], paint: { 'line-color': '#111', 'line-width': 3 } },
    { id: 'far-was', type: 'line', source: 'far', filter: ['==', ['get', 'side'], 'was'], paint: { 'line-color': INK, 'line-width': 1 } },
    { id: 'far-case', type: 'line', source: 'far', filter: ['==', ['get', 'side'], 'shown'], layout: { 'line-join': 'round' }, paint: { 'line-color': '#fff', 'line-width': 5.5, 'line-opacity': 0.85 } },
    ...Array.from({ length: DASHES.length }, (_, n) => ({
      id: `far-${n}`, type: 'line', source: 'far', layout: { 'line-join': 'round' },
      filter: ['all', ['==', ['get', 'side'], 'shown'], ['==', ['%', ['get', 'nth'], DASHES.length], n]],
      paint: { 'line-color': INK, 'line-width': width(n), ...(dash(n).length > 1 ? { 'line-dasharray': dash(n) } : {}) },
    })),
    { id: 'origins', type: 'circle', source: 'origins', layout: { visibility: 'none' },
      paint: { 'circle-radius': wider(3, 9), 'circle-color': state('colour', '#ffffff'), 'circle-stroke-color': '#222', 'circle-stroke-width': state('stroke', 0.8) } },
    { id: 'way-case', type: 'line', source: 'way', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': '#fff', 'line-width': 8 } },
    { id: 'way', type: 'line', source: 'way', filter: ['in', ['get', 'kind'], ['literal', ['ride', 'ferry']]], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': '#c2185b', 'line-width': 5 } },
    { id: 'way-walk', type: 'line', source: 'way', filter: ['==', ['get', 'kind'], 'walk'], paint: { 'line-color': '#111', 'line-width': 3, 'line-dasharray': [1, 1] } },
    { id: 'home', type: 'circle', source: 'home', paint: { 'circle-radius': 8, 'circle-color': '#e6007e', 'circle-stroke-color': '#fff', 'circle-stroke-width': 3 } },
  );
  return { version: 8, sources, layers };
}

function hasWebGl() {
  const canvas = document.createElement('canvas');
  return Boolean(canvas.getContext('webgl2') || canvas.getContext('webgl'));
}

/** The map; none where the browser cannot draw it. `pick` is told of each click, `hover` of each neighbourhood under the pointer. */
export async function openMap(study, pick, hover) {
  const box = document.getElementById('map');
  if (!window.maplibregl || !hasWebGl()) {
    document.getElementById('no-map').hidden = false;
    box.hidden = true;
    return null;
  }
  const { maplibregl } = window;
  maplibregl.setWorkerUrl(new URL('maplibre-gl-csp-worker.js', location.href).href);
  const bounds = study.bounds ?? [-8, 50, 2, 59];
  const map = new maplibregl.Map({
    container: box, style: style(study), bounds, fitBoundsOptions: { padding: 24 }, attributionControl: { compact: false },
    dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 18,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), 'bottom-right');
  map.getCanvas().setAttribute('aria-label', 'Map. Arrow keys move it, plus and minus zoom; the button “Set out from the middle of the map” sets out from where it is.');
  map.on('click', (event) => pick(event.lngLat.lng, event.lngLat.lat));
  map.on('mousemove', 'zones', (event) => hover(event.features[0]?.id ?? null));
  map.on('mouseleave', 'zones', () => hover(null));
  map.on('style.load', () => map.addImage(HATCH, hatch(), { pixelRatio: 2 }));
  await new Promise((done) => { map.on('load', done); });
  // For whoever looks at the page from the console, and for its test.
  window.lastmileMap = map;
  return new Drawn(map, study);
}

class Drawn {
  constructor(map, study) {
    Object.assign(this, { map, study });
  }

  /** Colours the neighbourhoods by what is said of each. */
  zones(look) {
    const hatched = [];
    this.study.zones.forEach((_, zone) => {
      const one = look(zone);
      if (one.kind === 'hatch') hatched.push(zone);
      const colour = one.colour ?? '#d5d5d5';
      this.map.setFeatureState({ source: 'zones', id: zone }, { colour, opacity: one.kind === 'hatch' ? 0 : 0.8 });
    });
    this.map.setFilter('hatched', ['in', ['id'], ['literal', hatched]]);
  }

  chosen(zone) {
    this.map.setFilter('chosen', ['==', ['id'], zone ?? -1]);
  }

  /** Colours the origin points by the time to them; hides them without times. */
  origins(times) {
    this.map.setLayoutProperty('origins', 'visibility', times ? 'visible' : 'none');
    (times ?? []).forEach((time, id) => {
      const words = { unknown: '#d5d5d5' };
      const reached = typeof time === 'number';
      const colour = reached ? this.study.times.colours[classOf(this.study.times, time)] : (words[time] ?? '#ffffff');
      this.map.setFeatureState({ source: 'origins', id }, { colour, stroke: reached ? 1.2 : 0.4 });
    });
  }

  /** Outlines areas, over which the neighbourhoods keep their colours. */
  far(features) {
    this.map.getSource('far').setData({ type: 'FeatureCollection', features });
  }

  home(point) {
    const features = point ? [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: point } }] : [];
    this.map.getSource('home').setData({ type: 'FeatureCollection', features });
  }

  /** Draws the legs of a journey. */
  way(legs) {
    const features = legs.filter((leg) => leg.course.length > 1).map((leg) => ({
      type: 'Feature', properties: { kind: leg.kind }, geometry: { type: 'LineString', coordinates: leg.course },
    }));
    this.map.getSource('way').setData({ type: 'FeatureCollection', features });
  }

  show(point) {
    if (!this.map.getBounds().contains(point)) this.map.easeTo({ center: point, duration: 0 });
  }

  centre() {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }
}
