// The organisations and what belongs to them.

import {byId, make} from "./dom.js";
import {count, number} from "./format.js";

const names = new Map();
const watchers = [];
let drawn;

export const organisationName = (id) => names.get(id) ?? "Organisation";

/** Call `watcher` with the organisations now and whenever they change. */
export function onOrganisations(watcher) {
  watchers.push(watcher);
}

function branch(key, title, items) {
  const list = make("ul");
  for (const [text, id, off] of items)
    list.append(make("li", {}, make("span", {class: off ? "off" : null, text: `${text} `}), make("span", {class: "id", text: id})));
  return make("details", {"data-key": key}, make("summary", {text: `${title} (${items.length})`}), list);
}

function parts(organisation) {
  return {
    "Service profiles": organisation.service_profiles.map((each) => [each.name, `${each.id}, used ${each.used}`]),
    "Tariff profiles": organisation.tariff_profiles.map((each) => [each.name, `${each.id}, used ${each.used}`]),
    "Address spaces": organisation.address_spaces.map((each) => [each.network, `${number(each.used)} of ${number(each.size)}`]),
    "Users": organisation.users.map((each) => [each.username, each.id]),
    "Application tokens": organisation.application_tokens.map((each) => [each.description || "token", each.id, !each.active]),
  };
}

function draw(organisation) {
  const list = make("ul", {}, make("li", {text: `${count(organisation.sims, "SIM")}, ${count(organisation.endpoints, "endpoint")}`}));
  for (const [title, items] of Object.entries(parts(organisation)))
    list.append(make("li", {}, branch(`${organisation.id} ${title}`, title, items)));
  const summary = make("summary", {}, `${organisation.name} `, make("span", {class: "id", text: organisation.id}));
  return make("li", {}, make("details", {"data-key": organisation.id}, summary, list));
}

export function takeOrganisations(organisations) {
  const print = JSON.stringify(organisations);
  if (print === drawn) return;
  const first = drawn === undefined;
  drawn = print;
  for (const each of organisations) names.set(each.id, each.name);
  const tree = byId("organisations");
  const open = new Set([...tree.querySelectorAll("details[open]")].map((each) => each.dataset.key));
  tree.replaceChildren(...organisations.map(draw));
  for (const each of tree.querySelectorAll("details")) each.open = open.has(each.dataset.key);
  // The first one stands open at the beginning: the others look the same.
  if (first) tree.querySelector("details")?.setAttribute("open", "");
  for (const watcher of watchers) watcher(organisations);
}
