// The list of requests: live, held while it is being read, and searched in the whole journal.

import {byId, setPressed} from "./dom.js";
import {note, read} from "./control.js";
import {count, number} from "./format.js";
import {openRequest} from "./request_detail.js";
import {gapRow, makeRow} from "./rows.js";
import {openStream} from "./stream.js";

const MOST_ROWS = 120, PAGE = 100, TYPED_MS = 200, MOST_HELD = 4;
let search = "", paused = false, hovered = false, past = false, total = 0, loads = 0;
let held = [], heldCount = 0, shown = new Set();

const rows = () => byId("rows");
const numbers = () => [...rows().children].filter((row) => row.dataset.number).map((row) => Number(row.dataset.number));

/** Open the request with this number; the arrow keys and buttons go to its neighbours in the list. */
function open(start) {
  openRequest(start, (from, move) => {
    const all = numbers(), at = all.indexOf(from);
    return all[at + move];
  });
}

function keepFew() {
  while (rows().children.length > MOST_ROWS) {
    shown.delete(Number(rows().lastElementChild.dataset.number));
    rows().lastElementChild.remove();
  }
}

/** Whether a request has no row yet; the row of one that was in flight is made again. */
function isNew(request) {
  if (!shown.has(request.number)) return Boolean(shown.add(request.number));
  rows().querySelector(`tr.waiting[data-number="${request.number}"]`)?.replaceWith(makeRow(request, open));
  return false;
}

const fresh = (requests) => requests.filter(isNew).map((request) => makeRow(request, open));

function describeList() {
  const some = rows().children.length > 0;
  byId("found").textContent = search ? `${count(total, "request")} of the journal match${total === 1 ? "es" : ""}` : "";
  byId("no-rows").hidden = some || !search;
  byId("older").hidden = !some || total <= rows().children.length;
  byId("newest").hidden = !past;
  byId("held").hidden = heldCount === 0;
  byId("held").textContent = `${number(heldCount)} new`;
  const first = rows().querySelector("button.open");
  if (first && !rows().querySelector("[tabindex='0']")) first.tabIndex = 0;
}

function release() {
  const parts = [];
  for (const data of held) {
    parts.unshift(...fresh(data.requests).reverse());
    if (data.skipped) parts.unshift(gapRow(data.skipped));
  }
  held = [];
  heldCount = 0;
  rows().prepend(...parts.slice(0, MOST_ROWS));
  keepFew();
  describeList();
}

/** Rows do not move while somebody reads, points at or steps through them. */
const isHeld = () => paused || past || hovered || rows().contains(document.activeElement) || byId("detail").open;

export function takeRequests(data) {
  const arrived = data.requests.length + data.skipped;
  total += data.requests.filter(({number: each}) => !shown.has(each)).length + data.skipped;
  held.push(data);
  heldCount += arrived;
  while (held.length > MOST_HELD) {
    // The oldest would not be shown: only their number matters.
    const [oldest] = held.splice(0, 1);
    held[0] = {...held[0], skipped: held[0].skipped + oldest.requests.length + oldest.skipped};
  }
  if (isHeld()) describeList();
  else release();
}

export function forgetRequests() {
  held = [];
  heldCount = total = 0;
  shown = new Set();
  rows().replaceChildren();
  describeList();
}

/** Show the requests that match `wanted`, the newest or those before a number; a search that is refused changes nothing. */
async function load(wanted, before) {
  const mine = loads += 1;
  const place = before ? `&before=${before}` : "";
  const {status, value} = await read(`/requests?last=${PAGE}&search=${encodeURIComponent(wanted)}${place}`);
  if (mine !== loads) return;
  if (status === 422) {
    note(value.error);
    return;
  }
  search = wanted;
  past = before !== undefined;
  if (!past) openStream(status === 200 ? {search, after: value.ended} : {search}, loadNewest);
  if (status !== 200) return;
  note("");
  forgetRequests();
  total = value.total;
  rows().append(...fresh(value.requests));
  keepFew();
  describeList();
}

/** Show the newest requests that match the search, and those that come. */
export const loadNewest = () => load(search);

function takeSearch(text) {
  const words = text.trim().split(/\s+/);
  for (const each of byId("outcomes").children) setPressed(each, words.includes(`is:${each.dataset.outcome}`));
  load(text.trim());
}

function startSearch() {
  let timer = 0;
  const field = byId("search");
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => takeSearch(field.value), TYPED_MS);
  });
  for (const each of byId("outcomes").children)
    each.addEventListener("click", () => {
      const others = field.value.split(/\s+/).filter((word) => word && !word.startsWith("is:"));
      if (each.getAttribute("aria-pressed") !== "true") others.push(`is:${each.dataset.outcome}`);
      field.value = others.join(" ");
      takeSearch(field.value);
    });
}

/** Arrow keys step through the rows; one of them is reached with the tab key. */
function moveFocus(event) {
  const move = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!move || !event.target.matches("button.open")) return;
  const all = [...rows().querySelectorAll("button.open")];
  const next = all[all.indexOf(event.target) + move];
  if (!next) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

export function startRequests() {
  const body = rows();
  body.addEventListener("pointerenter", (event) => { hovered = event.pointerType === "mouse"; });
  body.addEventListener("pointerleave", () => { hovered = false; if (!isHeld()) release(); });
  body.addEventListener("focusout", () => setTimeout(() => { if (!isHeld()) release(); }));
  body.addEventListener("keydown", moveFocus);
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-number]");
    if (row && !event.target.closest("button") && getSelection().isCollapsed) row.querySelector("button.open").click();
  });
  byId("held").addEventListener("click", () => { loadNewest(); body.closest(".scroll").scrollTop = 0; });
  byId("pause").addEventListener("click", () => {
    paused = !paused;
    setPressed(byId("pause"), paused);
    byId("pause").textContent = paused ? "Paused" : "Pause";
    if (!isHeld()) release();
  });
  byId("clear").addEventListener("click", forgetRequests);
  byId("older").addEventListener("click", () => load(search, Math.min(...numbers())));
  byId("newest").addEventListener("click", loadNewest);
  startSearch();
}
