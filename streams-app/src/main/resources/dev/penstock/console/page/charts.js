// Three small charts of the last ten minutes.

import { el, byId, rate, millis, count } from './parts.js';

const KEPT_MS = 10 * 60 * 1000;
const HEIGHT = 172;
const data = { at: [], answered: [], dead: [], p50: [], p95: [], in_flight: [], waiting: [] };
const charts = [];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** With seconds only where minutes would be the same twice. */
function clock(t, ticks) {
  const fine = ticks.length > 1 && ticks[1] - ticks[0] < 60;
  return new Date(t * 1000).toTimeString().slice(0, fine ? 8 : 5);
}

class Chart {
  constructor(id, title, format, series) {
    this.place = byId(id);
    this.title = title;
    this.format = format;
    this.series = series;
    this.values = series.map(() => el('strong', {}, '–'));
    const legend = el('ul', { class: 'legend' }, series.map((one, i) =>
      el('li', {}, el('span', { class: 'key ' + one.key, 'aria-hidden': 'true' }), this.values[i], ' ' + one.name)));
    this.canvas = el('div', { role: 'img' });
    this.place.replaceChildren(legend, this.canvas);
    this.draw();
    new ResizeObserver(() => this.plot.setSize(this.size())).observe(this.place);
  }

  size() {
    return { width: Math.max(160, this.place.clientWidth), height: HEIGHT };
  }

  draw() {
    this.plot?.destroy();
    const axis = { stroke: colour('--muted'), font: '11px system-ui, sans-serif', ticks: { show: false } };
    const grid = { stroke: colour('--line'), width: 1 };
    this.plot = new uPlot({
      ...this.size(),
      padding: [8, 6, 0, 0],
      cursor: { y: false, points: { size: 6 } },
      legend: { show: false },
      scales: { y: { range: (u, min, max) => [0, Math.max(1, (max ?? 0) * 1.15)] } },
      axes: [
        { ...axis, grid: { show: false }, size: 28, space: 84, values: (u, ticks) => ticks.map((t) => clock(t, ticks)) },
        { ...axis, grid, size: 60, space: 34, values: (u, ticks) => ticks.map((t) => this.format(t)) },
      ],
      series: [{}, ...this.series.map((one, i) => ({
        stroke: colour(one.colour), width: 2, dash: i === 0 ? undefined : [5, 4], points: { show: false },
        fill: i === 0 ? colour('--accent-soft') : undefined,
      }))],
    }, this.columns(), this.canvas);
    this.tell();
  }

  columns() {
    return [data.at.map((at) => at / 1000), ...this.series.map((one) => data[one.column])];
  }

  update() {
    this.plot.setData(this.columns());
    this.tell();
  }

  /** The figures as text: under the chart's name for all, and as its description for those who cannot see it. */
  tell() {
    const said = this.series.map((one, i) => {
      const column = data[one.column];
      const now = column.length ? column[column.length - 1] : null;
      const most = column.reduce((a, b) => Math.max(a, b ?? 0), 0);
      this.values[i].textContent = now === null ? '–' : this.format(now);
      return one.name + ' now ' + (now === null ? 'none' : this.format(now)) + ', highest ' + this.format(most);
    });
    this.canvas.setAttribute('aria-label', this.title + ', the last ten minutes: ' + said.join('; '));
  }
}

export function start() {
  charts.push(
    new Chart('c-throughput', 'Throughput', rate, [
      { name: 'answered', column: 'answered', colour: '--accent', key: '' },
      { name: 'dead letters', column: 'dead', colour: '--bad', key: 'second c-bad' }]),
    new Chart('c-latency', 'Latency', millis, [
      { name: 'median', column: 'p50', colour: '--accent', key: '' },
      { name: '95th percentile', column: 'p95', colour: '--second', key: 'second c-second' }]),
    new Chart('c-calls', 'Calls', count, [
      { name: 'in flight', column: 'in_flight', colour: '--accent', key: '' },
      { name: 'waiting', column: 'waiting', colour: '--second', key: 'second c-second' }]));
}

/** Takes new samples; the oldest ones go. */
export function add(samples) {
  for (const name of Object.keys(data)) {
    data[name].push(...samples[name]);
  }
  const first = data.at.findIndex((at) => at > data.at[data.at.length - 1] - KEPT_MS);
  for (const name of Object.keys(data)) {
    data[name].splice(0, Math.max(0, first));
  }
  charts.forEach((chart) => chart.update());
}

export const lastSample = () => data.at.length ? data.at[data.at.length - 1] : 0;

export function redraw() {
  charts.forEach((chart) => chart.draw());
}
