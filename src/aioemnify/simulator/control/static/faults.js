// The fault rules: quick ones, the installed ones, and their counters.

import {byId, button, make, setPressed} from "./dom.js";
import {call} from "./control.js";
import {number} from "./format.js";

const QUICK = {
  "503": {effect: {kind: "answer", status: 503}},
  "Slow": {effect: {kind: "lognormal-delay", median: 1, sigma: 0.6, longest: 10}},
  "Connection reset": {effect: {kind: "close-before", reset: true}},
  "Lost responses": {effect: {kind: "drop-after"}},
  "Broken JSON": {effect: {kind: "malformed-body"}},
  "Wrong gzip": {effect: {kind: "wrong-gzip"}},
  "Expired token": {effect: {kind: "reject-token"}},
  "Flaky 20%": {effect: {kind: "answer", status: 502}, probability: 0.2},
};
const CONDITIONS = ["operation", "method", "path", "organisation", "nth", "every", "times", "probability", "burst", "burst_seconds"];
let rules = [], drawn = "";

const isEmpty = (value) => value === null || (typeof value === "object" && !Array.isArray(value) && !Object.keys(value).length);

/** What a rule does and when, in one line. */
export function describeRule(rule) {
  const {kind, ...details} = rule.effect;
  const what = Object.entries(details).filter(([, value]) => !isEmpty(value)).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const when = CONDITIONS.filter((name) => rule[name] !== null).map((name) => `${name} ${rule[name]}`);
  return [kind, what.join(", "), when.join(", ") || "every request"].filter(Boolean).join(" | ");
}

function box(rule) {
  const title = rule.name || rule.effect.kind;
  const check = make("input", {type: "checkbox", id: `rule-${rule.id}`, on: {change: async () => {
    await call("POST", `/faults/${rule.id}`, {enabled: check.checked});
    refreshRules();
  }}});
  const label = make("label", {for: check.id, text: title}, make("small", {text: describeRule(rule)}), make("small", {class: "count"}));
  const remove = button("Remove", async () => { await call("DELETE", `/faults/${rule.id}`); refreshRules(); }, {"aria-label": `Remove ${title}`});
  return make("div", {class: "rule"}, check, label, remove);
}

export function takeRules(found) {
  rules = found;
  for (const each of byId("quick").children)
    setPressed(each, rules.some((rule) => rule.name === `page: ${each.textContent}` && rule.enabled));
  const print = JSON.stringify(rules.map((rule) => [rule.id, rule.name, rule.effect]));
  if (print !== drawn) {
    drawn = print;
    byId("rules").replaceChildren(...rules.map(box));
  }
  for (const rule of rules) {
    const check = byId(`rule-${rule.id}`);
    check.checked = rule.enabled;
    check.parentElement.querySelector(".count").textContent = `hit ${number(rule.fired)} of ${number(rule.seen)}`;
  }
}

export async function refreshRules() {
  const found = await call("GET", "/faults");
  if (found) takeRules(found);
}

export function startFaults() {
  for (const [title, spec] of Object.entries(QUICK))
    byId("quick").append(button(title, async () => {
      const mine = rules.filter((rule) => rule.name === `page: ${title}`);
      if (mine.length) for (const rule of mine) await call("DELETE", `/faults/${rule.id}`);
      else await call("POST", "/faults", {name: `page: ${title}`, ...spec});
      refreshRules();
    }, {"aria-pressed": "false"}));
}
