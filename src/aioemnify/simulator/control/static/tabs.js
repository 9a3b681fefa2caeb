// The tabs: one panel is shown, arrow keys move between them.

import {byId} from "./dom.js";

const shown = new Map();

const tabs = () => [...document.querySelectorAll("[role=tab]")].filter((tab) => !tab.hidden);

function select(chosen) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const active = tab === chosen;
    tab.setAttribute("aria-selected", String(active));
    tab.tabIndex = active ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !active;
  }
  shown.get(chosen.getAttribute("aria-controls"))?.();
}

/** Call `listener` each time the panel with this id is opened. */
export function onShown(id, listener) {
  shown.set(id, listener);
}

export function startTabs() {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      const move = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!move) return;
      const all = tabs(), next = all[(all.indexOf(tab) + move + all.length) % all.length];
      next.focus();
      select(next);
    });
  }
  select(tabs()[0]);
}
