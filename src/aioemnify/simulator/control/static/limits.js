// The levels of the limits, by address and organisation, and the numbers of each limit.

import {byId, button, make, setPressed} from "./dom.js";
import {call, read} from "./control.js";
import {limitText, number} from "./format.js";
import {organisationName} from "./organisations.js";

const gauges = new Map();
let table = new Map(), enforced = null, choose = () => {};

/** The limit with this name as the simulator enforces it; undefined if it does not. */
export const limitOf = (name) => table.get(name);

export const allLimits = () => [...table.values()];

async function readLimits() {
  const {status, value} = await read("/limits");
  if (status === 200) table = new Map(value.map((limit) => [limit.id, limit]));
}

const owner = (level) => (level.address === null ? `organisation ${level.organisation}` : `address ${level.address}`);

function gauge(level) {
  const name = button(level.limit, () => choose(level.limit), {class: "name"});
  const left = make("span", {class: "left"}), fill = make("div", {class: "fill"});
  const bar = make("div", {class: "bar", role: "meter", "aria-label": `${level.limit} used`, "aria-valuemin": 0}, fill);
  return {box: make("div", {class: "gauge"}, name, left, bar), name, left, bar, fill, capacity: null};
}

function draw(parts, level) {
  const used = level.capacity ? 1 - level.left / level.capacity : 0;
  const limit = limitOf(level.limit);
  parts.capacity = level.capacity;
  parts.box.className = `gauge${level.left < 1 ? " bad" : used > 0.7 ? " warn" : ""}`;
  parts.name.title = limit ? `${limit.method ? `${limit.method} ${limit.path}: ` : ""}${limitText(limit)}. Show it in the chart` : level.limit;
  parts.left.textContent = `${number(Math.floor(level.left))} of ${number(level.capacity)} left`;
  parts.bar.setAttribute("aria-valuemax", String(level.capacity));
  parts.bar.setAttribute("aria-valuenow", String(Math.round((level.capacity - level.left) * 10) / 10));
  parts.fill.style.setProperty("--used", `${Math.max(0, Math.min(100, used * 100)).toFixed(1)}%`);
}

function title(level) {
  return level.address === null
    ? make("h3", {}, `${organisationName(level.organisation)} `, make("span", {class: "id", text: level.organisation}))
    : make("h3", {}, "Address ", make("span", {class: "id", text: level.address}));
}

function compare(a, b) {
  const order = (level) => [level.address === null ? 1 : 0, level.organisation ?? 0, level.address ?? "", level.limit];
  const [one, other] = [order(a), order(b)];
  const at = one.findIndex((value, place) => value !== other[place]);
  return at < 0 ? 0 : one[at] < other[at] ? -1 : 1;
}

function takeLevels(levels) {
  const sorted = [...levels].sort(compare);
  const keys = sorted.map((level) => `${owner(level)} ${level.limit} ${level.address === null ? organisationName(level.organisation) : ""}`);
  const changed = keys.length !== gauges.size || keys.some((key) => !gauges.has(key));
  if (changed) {
    // Only when one comes or goes: the focus stays where it is meanwhile.
    const before = new Map(gauges);
    gauges.clear();
    const parts = [];
    sorted.forEach((level, place) => {
      if (place === 0 || owner(level) !== owner(sorted[place - 1])) parts.push(title(level));
      const found = before.get(keys[place]) ?? gauge(level);
      gauges.set(keys[place], found);
      parts.push(found.box);
    });
    if (!parts.length) parts.push(make("p", {class: "none", text: "Nothing has been counted yet."}));
    byId("limits").replaceChildren(...parts);
  }
  // Another capacity means other settings, so the numbers of the limits may have changed too.
  if (sorted.some((level, place) => gauges.get(keys[place]).capacity !== level.capacity)) readLimits();
  sorted.forEach((level, place) => draw(gauges.get(keys[place]), level));
}

function takeEnforced(now) {
  if (now === enforced) return;
  enforced = now;
  setPressed(byId("enforce"), now);
  byId("enforce").textContent = now ? "Enforced" : "Off";
  readLimits();
}

export function takeLimits(state) {
  takeEnforced(state.enforced);
  takeLevels(state.limits);
}

/** @param {function(string)} onChoose called with the name of a limit that is pressed */
export function startLimits(onChoose) {
  choose = onChoose;
  byId("enforce").addEventListener("click", async () => {
    const settings = await call("POST", "/settings", {limits: !enforced});
    if (settings) takeEnforced(settings.limits);
  });
}
