// SIMs and endpoints, read as the API shows them, without counting in any limit.

import {byId, button, make} from "./dom.js";
import {read} from "./control.js";
import {facts, json, openDetail, part} from "./detail.js";
import {count, number} from "./format.js";
import {onOrganisations} from "./organisations.js";
import {onShown} from "./tabs.js";

const PAGE = 50;
const KINDS = {
  sims: {
    path: "/api/v1/sim",
    thing: "SIM",
    example: "status:1, iccid:89..., or an id",
    columns: [
      ["ID", (sim) => sim.id, "c-id"], ["Status", (sim) => sim.status?.description, "c-state"],
      ["ICCID", (sim) => sim.iccid_with_luhn ?? sim.iccid, "mono"], ["MSISDN", (sim) => sim.msisdn, "mono"],
      ["Endpoint", (sim) => sim.endpoint?.name],
    ],
    title: (sim) => `SIM ${sim.id}`,
    more: (sim) => [["Events", `/api/v1/sim/${sim.id}/event?per_page=20`]],
  },
  endpoints: {
    path: "/api/v1/endpoint",
    thing: "endpoint",
    example: "status:0, name:pump, or an id",
    columns: [
      ["ID", (endpoint) => endpoint.id, "c-id"], ["Status", (endpoint) => endpoint.status?.description, "c-state"],
      ["Name", (endpoint) => endpoint.name], ["IP address", (endpoint) => endpoint.ip_address, "mono"],
      ["SIM", (endpoint) => endpoint.sim?.iccid_with_luhn ?? endpoint.sim?.iccid, "mono"],
    ],
    title: (endpoint) => `Endpoint ${endpoint.id}: ${endpoint.name}`,
    more: (endpoint) => [
      ["Connectivity", `/api/v1/endpoint/${endpoint.id}/connectivity`],
      ["Events", `/api/v1/endpoint/${endpoint.id}/event?per_page=20`],
      ["SMS", `/api/v1/endpoint/${endpoint.id}/sms?per_page=20`],
    ],
  },
};

/** What was typed, as a filter of the API: a field and a value, a number, or a name. */
function filterOf(kind, typed) {
  const text = typed.trim();
  if (!text || text.includes(":")) return text;
  if (!/^\d+$/.test(text)) return kind === "endpoints" ? `name:${text}` : `iccid:${text}`;
  if (kind === "endpoints" || text.length < 10) return `id:${text}`;
  return `${text.length > 19 ? "iccid_with_luhn" : text.length > 17 ? "iccid" : text.startsWith("999") ? "msisdn" : "imsi"}:${text}`;
}

const errorOf = (value) => value?.message ?? value?.error ?? value?.errors?.[0]?.message ?? "The simulator does not respond.";

/** The tab of one kind. */
class ObjectList {
  constructor(kind) {
    this.kind = kind;
    this.page = 1;
    this.organisation = make("select", {"aria-label": "Organisation", on: {change: () => this.load(1)}});
    this.field = make("input", {type: "search", class: "wide-search", placeholder: KINDS[kind].example, "aria-label": `Filter the ${kind === "sims" ? "SIMs" : "endpoints"}`, spellcheck: "false", on: {change: () => this.load(1)}});
    this.said = make("p", {class: "status", role: "status"});
    this.body = make("tbody");
    this.before = button("Previous page", () => this.load(this.page - 1));
    this.after = button("Next page", () => this.load(this.page + 1));
    byId(kind).append(
      make("form", {class: "tools", on: {submit: (event) => { event.preventDefault(); this.load(1); }}},
        this.organisation, this.field, make("button", {type: "submit", text: "Show"})),
      this.said,
      make("div", {class: "scroll"}, make("table", {class: "objects"},
        make("thead", {}, make("tr", {}, ...KINDS[kind].columns.map(([title, , width]) => make("th", {class: width, text: title})))), this.body)),
      make("div", {class: "row pager"}, this.before, this.after),
    );
    onShown(kind, () => this.load(this.page));
    onOrganisations((all) => {
      const before = this.organisation.value;
      this.organisation.replaceChildren(...all.map((each) => new Option(`${each.name} ${each.id}`, each.id)));
      if (all.some((each) => String(each.id) === before)) this.organisation.value = before;
    });
  }

  get from() {
    return `/organisations/${this.organisation.value}`;
  }

  async load(page) {
    if (!this.organisation.value) return;
    this.page = page;
    const query = new URLSearchParams({page, per_page: PAGE});
    const filter = filterOf(this.kind, this.field.value);
    if (filter) query.set("q", filter);
    const {status, value, headers} = await read(`${this.from}${KINDS[this.kind].path}?${query}`);
    const pages = Number(headers.get("x-total-pages") ?? 1);
    this.before.disabled = page <= 1;
    this.after.disabled = status !== 200 || page >= pages;
    this.said.textContent = status !== 200 ? errorOf(value)
      : `${count(Number(headers.get("x-total-count")), KINDS[this.kind].thing)}, page ${number(page)} of ${number(Math.max(1, pages))}`;
    this.body.replaceChildren(...(status === 200 ? value.map((each) => this.row(each)) : []));
  }

  row(each) {
    const [first, ...rest] = KINDS[this.kind].columns;
    const open = () => this.open(each);
    const link = button(String(first[1](each)), open, {class: "open", "aria-label": KINDS[this.kind].title(each)});
    return make("tr", {on: {click: (event) => { if (!event.target.closest("button") && getSelection().isCollapsed) open(); }}},
      make("td", {class: "mono"}, link),
      ...rest.map(([title, get, kind]) => make("td", {class: kind, text: get(each) ?? "", "data-title": title})));
  }

  async open(each) {
    const found = await Promise.all(KINDS[this.kind].more(each).map(async ([title, path]) => [title, await read(this.from + path)]));
    openDetail([KINDS[this.kind].title(each)], [
      facts(KINDS[this.kind].columns.map(([title, get]) => [title, get(each) ?? "none"])),
      part("As the API returns it", true, json(each)),
      ...found.map(([title, {status, value}]) => part(
        Array.isArray(value) ? `${title} (${value.length})` : title, false,
        status === 200 ? json(value) : make("p", {class: "none", text: errorOf(value)}))),
    ]);
  }
}

export function startObjects() {
  for (const kind of Object.keys(KINDS)) new ObjectList(kind);
}
