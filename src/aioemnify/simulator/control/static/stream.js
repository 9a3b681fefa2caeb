// The stream of events from the simulator.

import {byId} from "./dom.js";

let source = null;
const listeners = [];

/** Call `listener` with the data of each event of this name. */
export function on(name, listener) {
  listeners.push([name, listener]);
}

/**
 * Open the stream in place of the one before.
 * @param {Object} query `search`: its request events are those that match; `after`: how many are known
 * @param {function()} again called when the connection is back after a loss
 */
export function openStream(query, again) {
  source?.close();
  let opened = false;
  source = new EventSource(`/_sim/events?${new URLSearchParams(query)}`);
  const link = byId("link");
  source.addEventListener("open", () => {
    link.className = "on";
    link.textContent = "live";
    if (opened) {
      // It may be another simulator now: what was shown is forgotten.
      for (const [name, listener] of listeners) if (name === "reset") listener();
      again();
    }
    opened = true;
  });
  source.addEventListener("error", () => { link.className = "off"; link.textContent = "not connected"; });
  for (const [name, listener] of listeners)
    source.addEventListener(name, (event) => listener(event.data ? JSON.parse(event.data) : undefined));
}
