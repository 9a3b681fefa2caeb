// One request in full.

import {make} from "./dom.js";
import {note, read} from "./control.js";
import {curlOf} from "./curl.js";
import {code, facts, json, openDetail, part} from "./detail.js";
import {copyButton} from "./clipboard.js";
import {describeRule} from "./faults.js";
import {duration, limitText, moment, number} from "./format.js";
import {limitOf} from "./limits.js";
import {organisationName} from "./organisations.js";
import {faultTag, statusTag, target} from "./rows.js";

function limitFact(name) {
  const limit = limitOf(name);
  return limit ? `${name}: ${limitText(limit)}` : name;
}

function faultFact(request) {
  const list = make("ul", {class: "plain"});
  request.fault.forEach((name, place) => {
    const {id, rule} = request.fault_rules[place] ?? {};
    const text = rule ? `${rule.name ?? `rule ${id}`}: ${describeRule(rule)}` : `rule ${id}, which is removed`;
    list.append(make("li", {}, faultTag(name), ` ${text}`));
  });
  return list;
}

function endText(request) {
  if (request.outcome === "waiting") return "not yet answered";
  if (request.outcome === "cut") return "the connection was closed without a response";
  if (request.outcome === "refused") return `${request.status}, refused by ${request.refused_by}`;
  return String(request.status);
}

function factsOf(request) {
  const pairs = [
    ["Response", endText(request)],
    ["Time", moment(request.wall)],
    ["Took", duration(request.latency)],
    ["Operation", request.operation ?? "none has this path and method"],
    ["Organisation", request.organisation === null ? "unknown: no valid token, or not processed" : `${organisationName(request.organisation)} ${request.organisation}`],
    ["Address", request.address],
    ["Counted by", request.limit === null ? "no limit of its path" : limitFact(request.limit)],
  ];
  if (request.request_id) pairs.push(["Request id", request.request_id]);
  if (request.refused_by) pairs.push(["Refused by", limitFact(request.refused_by)]);
  if (request.fault.length) pairs.push(["Faults", faultFact(request)]);
  return facts(pairs);
}

function headers(title, found) {
  const names = Object.entries(found);
  return part(`${title} (${names.length})`, false, facts(names));
}

function body(title, value, kept, size) {
  if (value !== null) return part(title, true, json(value));
  const text = kept || size === 0 ? "empty" : "not kept: it was too long, or newer bodies took its room";
  return make("p", {class: "part none", text: `${title}: ${text}`});
}

/**
 * Open one request.
 * @param {number} start its number
 * @param {function(number, number): (number|undefined)} neighbour the number of the request `move` rows below
 */
export async function openRequest(start, neighbour) {
  const {status, value: request} = await read(`/requests/${start}`);
  if (status !== 200) {
    note(status === 404 ? request.error : "The simulator does not respond.");
    return;
  }
  const step = (move) => {
    const next = neighbour(start, move);
    return next === undefined ? null : () => openRequest(next, neighbour);
  };
  const curl = curlOf(request);
  const title = [statusTag(request), make("span", {class: "mono"}, make("span", {class: "verb", text: request.method}), ` ${target(request)}`)];
  openDetail(title, [
    make("div", {class: "row"}, copyButton("Copy as curl", () => curl), make("span", {class: "none", text: `Request ${number(request.number)}`})),
    factsOf(request),
    headers("Request headers", request.headers),
    body("Request body", request.request_body, request.bodies_kept.request, 0),
    headers("Response headers", request.response_headers),
    body(request.response_bytes ? `Response body, ${number(request.response_bytes)} bytes` : "Response body", request.response_body, request.bodies_kept.response, request.response_bytes),
    part("As curl", false, code(curl)),
  ], {older: step(1), newer: step(-1)});
}
