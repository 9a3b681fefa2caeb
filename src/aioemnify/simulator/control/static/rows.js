// One request as a row of the list.

import {button, make} from "./dom.js";
import {duration, faultKind, timeOfDay} from "./format.js";

const DELAYS = new Set(["Delay", "LognormalDelay", "SlowBody"]);

/** The status, or what came instead of one. */
export function statusTag(request) {
  const text = request.status ?? (request.outcome === "waiting" ? "..." : "cut");
  return make("span", {class: `tag ${request.outcome}`, text});
}

/** An injected fault; a delay is not an error and does not look like one. */
export function faultTag(name) {
  return make("span", {class: DELAYS.has(name) ? "tag delay" : "tag fault", text: faultKind(name)});
}

export const target = (request) => request.path + (request.query ? `?${request.query}` : "");

/**
 * @param {Object} request a line of the journal
 * @param {function(number)} open called with its number
 */
export function makeRow(request, open) {
  const link = button("", () => open(request.number), {class: "open", tabindex: -1});
  link.append(make("span", {class: "verb", text: request.method}), ` ${target(request)}`);
  const what = make("td", {class: "what"}, make("span", {text: `${request.operation || "no operation"} `}));
  if (request.refused_by) what.append(make("span", {class: "tag refused", text: request.refused_by}), " ");
  for (const fault of request.fault) what.append(faultTag(fault), " ");
  return make("tr", {"data-number": request.number, class: request.outcome},
    make("td", {class: "time mono", text: timeOfDay(request.wall)}),
    make("td", {class: "status"}, statusTag(request)),
    make("td", {class: "path mono"}, link),
    what,
    make("td", {class: "org num", text: request.organisation ?? ""}),
    make("td", {class: "took num", text: duration(request.latency)}));
}

export function gapRow(skipped) {
  return make("tr", {class: "skipped"}, make("td", {class: "gap none", colspan: 6, text: `${skipped} more not shown; the journal has them`}));
}
