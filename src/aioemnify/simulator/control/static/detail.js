// The drawer that shows one thing in full.

import {byId, make} from "./dom.js";
import {copyButton} from "./clipboard.js";
import {number} from "./format.js";

const LONGEST = 20_000;
let steps = null;

/**
 * Open the drawer, or show something else in it.
 * @param {Node[]} title
 * @param {Node[]} body
 * @param {?{older: ?function(), newer: ?function()}} neighbours what the arrow buttons do
 */
export function openDetail(title, body, neighbours = null) {
  const dialog = byId("detail");
  steps = neighbours;
  for (const name of ["older", "newer"]) {
    byId(`detail-${name}`).hidden = neighbours === null;
    byId(`detail-${name}`).disabled = !neighbours?.[name];
  }
  byId("detail-title").replaceChildren(...title);
  byId("detail-body").replaceChildren(...body);
  byId("detail-body").scrollTop = 0;
  if (dialog.open) return;
  dialog.showModal();
  byId("detail-title").focus();
}

/** Names and values. */
export function facts(pairs) {
  return make("dl", {class: "facts"}, ...pairs.flatMap(([name, value]) => [
    make("dt", {text: name}), value instanceof Node ? make("dd", {}, value) : make("dd", {text: value}),
  ]));
}

/** Text as it came, with a button to copy it; the end of a long one is shown on demand. */
export function code(text) {
  const block = make("pre", {tabindex: 0, text: text.slice(0, LONGEST)});
  const tools = make("div", {class: "row code-tools"}, copyButton("Copy", () => text, block));
  if (text.length > LONGEST) {
    const more = make("button", {type: "button", text: `Show all ${number(text.length)} characters`});
    more.addEventListener("click", () => { block.textContent = text; more.remove(); });
    tools.append(more);
  }
  return make("div", {class: "code"}, tools, block);
}

export const json = (value) => code(typeof value === "string" ? value : JSON.stringify(value, null, 2));

export function part(title, open, ...content) {
  return make("details", {class: "part", open}, make("summary", {text: title}), ...content);
}

export function startDetail() {
  const dialog = byId("detail");
  byId("detail-close").addEventListener("click", () => dialog.close());
  for (const name of ["older", "newer"]) byId(`detail-${name}`).addEventListener("click", () => steps?.[name]?.());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => byId("detail-body").replaceChildren());
  dialog.addEventListener("keydown", (event) => {
    if (event.target.closest("pre, input, select") || !(event.key === "ArrowDown" || event.key === "ArrowUp") || event.target.closest(".detail-body")) return;
    event.preventDefault();
    steps?.[event.key === "ArrowDown" ? "older" : "newer"]?.();
  });
}
