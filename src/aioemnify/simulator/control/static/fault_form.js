// The form that adds a fault rule.

import {byId} from "./dom.js";
import {call, note} from "./control.js";
import {refreshRules} from "./faults.js";

// The effects, with details to begin with.
const EFFECTS = {
  "answer": '{"status": 503}', "delay": '{"seconds": [0.5, 2]}', "lognormal-delay": '{"median": 0.3, "sigma": 0.8}',
  "close-before": '{"reset": true}', "drop-after": "{}", "malformed-body": "{}", "truncate-body": '{"keep": 20, "reset": true}',
  "wrong-gzip": '{"how": "corrupt"}', "slow-body": '{"seconds": 3, "pieces": 10}', "reject-token": "{}", "revoke-token": "{}",
};
const TEXTS = ["operation", "method", "path"], NUMBERS = ["organisation", "probability", "every", "times"];

const written = (name) => byId(`f-${name}`).value.trim();

async function add() {
  let details;
  try {
    details = JSON.parse(byId("f-details").value || "{}");
  } catch (error) {
    note("The details are not JSON.");
    return;
  }
  const spec = {effect: {kind: byId("f-kind").value, ...details}};
  for (const name of TEXTS) if (written(name)) spec[name] = written(name);
  for (const name of NUMBERS) {
    if (!written(name)) continue;
    spec[name] = Number(written(name));
    if (Number.isNaN(spec[name])) {
      note(`${name} is not a number.`);
      return;
    }
  }
  if (await call("POST", "/faults", spec)) refreshRules();
}

export function startFaultForm() {
  for (const kind of Object.keys(EFFECTS)) byId("f-kind").append(new Option(kind, kind));
  byId("f-details").value = EFFECTS.answer;
  byId("f-kind").addEventListener("change", () => { byId("f-details").value = EFFECTS[byId("f-kind").value]; });
  byId("rule").addEventListener("submit", (event) => { event.preventDefault(); add(); });
}
