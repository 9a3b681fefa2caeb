// What the simulator delivered to webhooks and callbacks, and sending it again.

import {byId, button, make} from "./dom.js";
import {call, note, read} from "./control.js";
import {facts, json, openDetail, part} from "./detail.js";
import {duration, number} from "./format.js";
import {organisationName} from "./organisations.js";

const MOST_ROWS = 100;
const CLASSES = {delivered: "ok", failed: "server_error", withheld: "client_error"};
const rows = new Map();
let body, said, newest = 0;

function tag(delivery) {
  const text = delivery.outcome === "withheld" ? "withheld" : delivery.status ?? delivery.outcome ?? "...";
  return make("span", {class: `tag ${CLASSES[delivery.outcome] ?? ""}`, text});
}

function resultText(delivery) {
  if (delivery.outcome === "withheld") return "withheld: the receiver is another machine, nothing was sent";
  return delivery.status === null ? delivery.outcome ?? "in flight" : `${delivery.status}, ${delivery.outcome}`;
}

async function sendAgain(id) {
  const sent = await call("POST", `/deliveries/${id}`);
  if (sent) show(sent);
}

function show(delivery) {
  const pairs = [
    ["Result", resultText(delivery)], ["Error", delivery.error], ["Kind", delivery.kind], ["Time", delivery.time],
    ["Took", delivery.latency === null ? null : duration(delivery.latency)], ["Records", number(delivery.records)],
    ["Attempt", number(delivery.attempt)], ["Next attempt", delivery.next_attempt],
    ["Repeats", delivery.repeats === null ? null : `delivery ${delivery.repeats}`],
    ["Organisation", `${organisationName(delivery.organisation)} ${delivery.organisation}`],
  ];
  const headers = make("dl", {class: "facts"}, ...delivery.headers.flatMap(([name, value]) => [make("dt", {text: name}), make("dd", {text: value})]));
  openDetail([tag(delivery), make("span", {class: "mono"}, make("span", {class: "verb", text: delivery.method}), ` ${delivery.url}`)], [
    make("div", {class: "row"}, button("Send again", () => sendAgain(delivery.number)), make("span", {class: "none", text: `Delivery ${number(delivery.number)}`})),
    facts(pairs.filter(([, value]) => value !== null)),
    part(`Headers (${delivery.headers.length})`, false, headers),
    part("Body", true, json(delivery.request_body ?? "empty, or no longer kept")),
    part("Response", true, json(delivery.response_body ?? "empty, or no longer kept")),
  ]);
}

async function open(id) {
  const {status, value} = await read(`/deliveries/${id}`);
  if (status === 200) show(value);
  else note(value?.error ?? "The simulator does not respond.");
}

function row(delivery) {
  const link = button(delivery.url, () => open(delivery.number), {class: "open"});
  return make("tr", {on: {click: (event) => { if (!event.target.closest("button") && getSelection().isCollapsed) link.click(); }}},
    make("td", {class: "mono", text: delivery.time.slice(11, 19)}),
    make("td", {}, tag(delivery)),
    make("td", {class: "mono"}, link),
    make("td", {text: delivery.kind}),
    make("td", {class: "num", "data-title": "Records", text: number(delivery.records)}),
    make("td", {class: "num", "data-title": "Attempt", text: number(delivery.attempt)}),
    make("td", {text: delivery.error ?? ""}));
}

function describeList() {
  const left = newest - rows.size;
  said.textContent = rows.size === 0 ? "Nothing was delivered yet. Data streams of type RestAPI and API callbacks are sent to their URL."
    : left ? `${number(left)} earlier ones are not listed` : "";
}

export function takeDeliveries(data) {
  for (const delivery of data.deliveries) {
    if (rows.has(delivery.number)) continue;
    newest = Math.max(newest, delivery.number);
    rows.set(delivery.number, row(delivery));
    body.prepend(rows.get(delivery.number));
  }
  while (rows.size > MOST_ROWS) {
    const [oldest] = rows.keys();
    rows.get(oldest).remove();
    rows.delete(oldest);
  }
  describeList();
}

export function forgetDeliveries() {
  rows.clear();
  body.replaceChildren();
  newest = 0;
  describeList();
}

export function startDeliveries() {
  body = make("tbody");
  said = make("p", {class: "status", role: "status"});
  const titles = [["Time", "c-time"], ["Status", "c-state"], ["URL"], ["Kind", "c-state"], ["Records", "c-id num"], ["Attempt", "c-id num"], ["Error"]];
  const head = make("tr", {}, ...titles.map(([text, width]) => make("th", {class: width, text})));
  byId("deliveries").append(said, make("div", {class: "scroll"}, make("table", {class: "objects"}, make("thead", {}, head), body)));
  describeList();
}
