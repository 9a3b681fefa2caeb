// The simulated clock: its time, its speed, and moving it.

import {byId, setPressed} from "./dom.js";
import {call} from "./control.js";

let clock = null, readAt = 0;

/** Simulated seconds per real second, 0 while it is frozen. */
export const speed = () => (clock === null ? 1 : clock.frozen ? 0 : clock.scale);

function draw() {
  if (!clock) return;
  const passed = (performance.now() - readAt) * speed();
  const text = new Date(Date.parse(clock.now) + passed).toISOString();
  byId("time").textContent = `${text.slice(11, 19)} UTC`;
  byId("day").textContent = text.slice(0, 10) + (clock.frozen ? ", frozen" : clock.scale === 1 ? "" : `, ${clock.scale}x as fast`);
}

export function takeClock(value) {
  if (!value) return;
  clock = value;
  readAt = performance.now();
  setPressed(byId("freeze"), clock.frozen);
  byId("freeze").textContent = clock.frozen ? "Frozen" : "Freeze";
  const select = byId("scale");
  if (document.activeElement !== select) {
    if (![...select.options].some((option) => Number(option.value) === clock.scale))
      select.append(new Option(`${clock.scale}x`, clock.scale));
    select.value = String(clock.scale);
  }
  draw();
}

export function startClock() {
  const move = async (change) => takeClock(await call("POST", "/clock", change));
  byId("freeze").addEventListener("click", () => move({state: clock?.frozen ? "run" : "freeze"}));
  byId("scale").addEventListener("change", () => move({scale: Number(byId("scale").value)}));
  for (const each of document.querySelectorAll("[data-advance]"))
    each.addEventListener("click", () => move({advance: {seconds: Number(each.dataset.advance)}}));
  setInterval(draw, 200);
}
