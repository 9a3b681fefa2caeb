// The scenario that plays: its progress, and stopping it.

import {byId} from "./dom.js";
import {call} from "./control.js";
import {count} from "./format.js";

const quoted = (text) => (text ? `“${text}” ` : "");

function waitText(next) {
  return next.requests ? `after ${count(next.requests, "request")}` : `in ${count(Math.ceil(next.seconds), "second")}`;
}

export function takeScenario(scenario, moments) {
  byId("scenario").hidden = !scenario;
  if (!scenario) return;
  const step = moments.findLast((moment) => moment.kind === "step" && moment.scenario === scenario.name);
  byId("scenario-name").textContent = `Scenario “${scenario.name}”`;
  byId("scenario-done").max = Math.max(1, scenario.steps);
  byId("scenario-done").value = scenario.done;
  byId("scenario-steps").textContent = `step ${scenario.done} of ${scenario.steps}${scenario.done && step?.note ? `: “${step.note}”` : ""}`;
  byId("scenario-next").textContent = scenario.next ? `next ${quoted(scenario.next.note)}${waitText(scenario.next)}` : "all steps are done";
  byId("scenario-stop").textContent = scenario.next ? "Stop" : "Close";
  byId("scenario-stop").title = "What its steps changed stays: faults, settings, clock";
}

export function startScenario() {
  byId("scenario-stop").addEventListener("click", async () => {
    if ((await call("DELETE", "/scenario")) !== undefined) takeScenario(null, []);
  });
}
