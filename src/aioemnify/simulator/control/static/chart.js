// The chart of requests per second: what it shows, and reading one second of it.

import {byId, make} from "./dom.js";
import {scenarioText} from "./bands.js";
import {bars, Frame, grid, lanes, limitLines, marker, shape, times, TOTAL_HEIGHT} from "./chart_shapes.js";
import {speed} from "./clock.js";
import {number, rate} from "./format.js";
import {allLimits, limitOf} from "./limits.js";
import {busyLimits, countsOf, lastSecond, OUTCOMES} from "./traffic.js";

const NARROW = 520;
const KEYS = {
  ArrowLeft: (age) => (age ?? -1) + 1, ArrowRight: (age) => (age ?? 1) - 1,
  Home: () => Infinity, End: () => 0, Escape: () => null,
};
const offered = new Set();
let limit = "", moments = [], chosen = null, width = 0, picture, frame;

/** The lowest round number that is not below a value: its half is as easy to read. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((each) => each >= value);
}

/** The rate of a limit in calls per real second; undefined for a month, and while the clock stands. */
function perSecond(each) {
  if (!each || speed() === 0) return undefined;
  const simulated = each.rate ?? (each.seconds ? each.count / each.seconds : undefined);
  return simulated === undefined ? undefined : simulated * speed();
}

/** The lines to draw: of the chosen limit, or else of the limits that count every request of an address. */
function lines() {
  const found = [];
  for (const each of limit ? [limitOf(limit)] : allLimits().filter((other) => other.seconds && other.method === "*")) {
    const value = perSecond(each);
    if (value === undefined) continue;
    found.push({value, text: `${each.id} ${rate(value)}/s${each.seconds ? " on average" : ""}`});
    if (each.burst) found.push({value: value + each.burst, text: `with its burst ${rate(value + each.burst)}`});
  }
  return found;
}

function secondText(age, counts) {
  const parts = Object.entries(OUTCOMES).filter(([outcome]) => counts[outcome])
    .map(([outcome, text]) => `${number(counts[outcome])} ${text}${outcome === "refused" ? ` (${[...new Set(counts.refusers)].join(", ")})` : ""}`);
  if (counts.faults) parts.push(`${number(counts.faults)} with a fault${limit ? " among all requests" : ""}`);
  const scenario = scenarioText(lastSecond() - age, moments);
  if (scenario) parts.push(scenario);
  return `${age === 0 ? "Last second" : `${age} s ago`}: ${parts.join(", ") || "no requests"}`;
}

const hint = () => (speed() === 0 ? "The clock is frozen: no limit refills."
  : "Point at a second, or use the arrow keys, to read it. Choose a limit to see its line.");

/** Write the chosen second, or the last one, beside the picture. */
function writeReadout(span) {
  const age = chosen ?? 0, counts = countsOf(lastSecond() - age, limit), text = secondText(age, counts);
  for (const outcome of Object.keys(OUTCOMES)) byId(`legend-${outcome}`).textContent = number(counts[outcome]);
  picture.setAttribute("aria-valuetext", text);
  picture.setAttribute("aria-valuemin", String(1 - span));
  picture.setAttribute("aria-valuenow", String(-age));
  byId("readout").textContent = chosen === null ? hint() : text;
}

/** Draw the chart again. */
export function drawChart() {
  if (!width || document.hidden) return;
  const span = width < NARROW ? 60 : 120, last = lastSecond(), found = lines();
  let highest = Math.max(2, ...found.map((each) => each.value));
  for (let second = last - span + 1; second <= last; second += 1) highest = Math.max(highest, countsOf(second, limit).total);
  frame = new Frame(width, span, last, ceiling(highest * 1.05));
  picture.replaceChildren(
    ...grid(frame), ...bars(frame, limit), ...limitLines(frame, found), ...times(frame), ...lanes(frame, limit, moments),
    ...(chosen === null ? [] : [marker(frame, last - chosen)]));
  writeReadout(span);
  busyLimits(0).forEach(addLimitOption);
}

function addLimitOption(name) {
  if (offered.has(name)) return;
  offered.add(name);
  byId("chart-limit").append(new Option(name, name));
}

/** Show only the requests that one limit counts; empty shows all. */
export function chooseLimit(name) {
  if (name) addLimitOption(name);
  byId("chart-limit").value = limit = name;
  drawChart();
}

export function takeMoments(value) {
  moments = value;
}

/** Choose the second that is `age` seconds old; null chooses none. */
function choose(age) {
  chosen = age === null ? null : Math.max(0, Math.min(frame.span - 1, age));
  drawChart();
}

export function startChart() {
  picture = shape("svg", {
    height: TOTAL_HEIGHT, tabindex: 0, role: "slider", "aria-valuemax": 0, "aria-valuenow": 0,
    "aria-label": "Requests per second; arrow keys read one second",
  });
  byId("chart").append(picture);
  for (const [outcome, text] of Object.entries(OUTCOMES))
    byId("legend").append(make("li", {}, make("i", {class: outcome}), `${text} `, make("b", {id: `legend-${outcome}`, text: "0"})));
  byId("chart-limit").addEventListener("change", () => chooseLimit(byId("chart-limit").value));
  picture.addEventListener("pointermove", (event) => choose(frame.ageAt(event.clientX - picture.getBoundingClientRect().left)));
  picture.addEventListener("pointerleave", () => choose(null));
  picture.addEventListener("blur", () => choose(null));
  picture.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    choose(KEYS[event.key](chosen));
  });
  new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    picture.setAttribute("width", String(width));
    drawChart();
  }).observe(byId("chart"));
}
