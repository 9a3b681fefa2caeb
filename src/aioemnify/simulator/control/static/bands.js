// Spans of time below the chart: refusals, faults, and the scenario.

import {countsOf} from "./traffic.js";

/** Runs of seconds that pass a test, as [first, after the last]. */
function runs(first, last, test) {
  const found = [];
  for (let second = first; second <= last; second += 1) {
    if (!test(second)) continue;
    const before = found.at(-1);
    if (before?.[1] === second) before[1] = second + 1;
    else found.push([second, second + 1]);
  }
  return found;
}

/** When scenarios played, as [start, end]. */
function played(moments, end) {
  const found = [];
  for (const moment of moments) {
    if (moment.kind === "start") found.push([moment.time, end]);
    else if (moment.kind !== "step" && found.length) found.at(-1)[1] = moment.time;
  }
  return found;
}

/** The three bands: name, spans in seconds, and marks at moments. */
export function bandsOf(first, last, limit, moments) {
  return [
    {name: "refused", spans: runs(first, last, (second) => countsOf(second, limit).refused > 0), marks: []},
    {name: "faults", spans: runs(first, last, (second) => countsOf(second, limit).faults > 0), marks: []},
    {
      name: "scenario",
      spans: played(moments, last + 1).filter(([, end]) => end >= first),
      marks: moments.filter((moment) => moment.kind === "step" && moment.time >= first).map((moment) => moment.time),
    },
  ];
}

/** What the scenario did in one second, as text. */
export function scenarioText(second, moments) {
  return moments.filter((moment) => Math.floor(moment.time) === second && moment.kind !== "end")
    .map((moment) => (moment.kind === "step" ? `step ${moment.step}${moment.note ? ` “${moment.note}”` : ""}` : `scenario “${moment.scenario}” ${moment.kind === "start" ? "starts" : "is stopped"}`))
    .join(", ");
}
