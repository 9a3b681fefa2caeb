// Start the parts of the page, and hand each the events it needs.

import {byId} from "./dom.js";
import {chooseLimit, drawChart, startChart, takeMoments} from "./chart.js";
import {startClock, takeClock} from "./clock.js";
import {read} from "./control.js";
import {startReset, takeCounters} from "./counters.js";
import {forgetDeliveries, startDeliveries, takeDeliveries} from "./deliveries.js";
import {startDetail} from "./detail.js";
import {startFaultForm} from "./fault_form.js";
import {startFaults, takeRules} from "./faults.js";
import {startLimits, takeLimits} from "./limits.js";
import {startObjects} from "./objects.js";
import {takeOrganisations} from "./organisations.js";
import {forgetRequests, loadNewest, startRequests, takeRequests} from "./requests.js";
import {startScenario, takeScenario} from "./scenario.js";
import {on} from "./stream.js";
import {startTabs} from "./tabs.js";
import {forgetTraffic, takeTraffic} from "./traffic.js";
import {showWelcome, startWelcome} from "./welcome.js";

function takeState(state) {
  takeClock(state.clock);
  takeCounters(state.counters);
  takeLimits(state);
  takeRules(state.faults);
  takeScenario(state.scenario, state.moments);
  takeMoments(state.moments);
  showWelcome(state.counters.requests === 0);
}

startChart();
startClock();
startDeliveries();
startDetail();
startFaults();
startFaultForm();
startLimits(chooseLimit);
startObjects();
startRequests();
startReset();
startScenario();
startTabs();
startWelcome();

on("state", takeState);
on("tenants", takeOrganisations);
on("requests", takeRequests);
on("deliveries", takeDeliveries);
on("traffic", (data) => { takeTraffic(data); drawChart(); });
on("reset", () => { forgetTraffic(); forgetRequests(); forgetDeliveries(); });
loadNewest();
read("/health").then(({value}) => { byId("version").textContent = value?.version ?? ""; });
