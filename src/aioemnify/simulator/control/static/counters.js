// The numbers in the head of the page, and the button that starts over.

import {byId} from "./dom.js";
import {call} from "./control.js";
import {number} from "./format.js";

const ASKED_MS = 4000;
let armed = 0;

export function takeCounters(counters) {
  const statuses = Object.entries(counters.statuses);
  const sum = (test) => number(statuses.filter(([status]) => test(status)).reduce((total, [, each]) => total + each, 0));
  byId("n-all").textContent = number(counters.requests);
  byId("n-ok").textContent = sum((status) => /^[23]/.test(status));
  byId("n-bad").textContent = sum((status) => !/^[23]/.test(status));
  byId("n-refused").textContent = number(Object.values(counters.refused).reduce((a, b) => a + b, 0));
}

function disarm() {
  clearTimeout(armed);
  armed = 0;
  byId("reset").textContent = "Start over";
  byId("reset").classList.remove("armed");
}

export function startReset() {
  const reset = byId("reset");
  reset.addEventListener("click", async () => {
    if (armed) {
      disarm();
      await call("POST", "/reset");
      return;
    }
    reset.textContent = "Forget everything?";
    reset.classList.add("armed");
    armed = setTimeout(disarm, ASKED_MS);
  });
  reset.addEventListener("blur", () => { if (armed) disarm(); });
}
