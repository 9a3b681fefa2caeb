// The requests of each second, as the simulator counts them.

/** How requests end, in the order in which the chart stacks them. */
export const OUTCOMES = {ok: "ok", client_error: "4xx", refused: "refused by a limit", server_error: "5xx", cut: "cut"};

const KEPT_SECONDS = 300;
const seconds = new Map();
let now = 0;

/** Take the counts of some seconds; a second that comes again replaces what was known of it. */
export function takeTraffic(data) {
  now = data.now;
  for (const each of data.seconds) seconds.set(each.second, each);
  for (const second of seconds.keys()) if (second < now - KEPT_SECONDS) seconds.delete(second);
}

export function forgetTraffic() {
  seconds.clear();
}

/** The last complete second. */
export const lastSecond = () => Math.floor(now) - 1;

/**
 * The requests of one second.
 * @param {number} second
 * @param {string} limit count only the requests that this limit counts; empty counts all
 */
export function countsOf(second, limit) {
  const found = seconds.get(second);
  const result = {total: 0, faults: found?.faults ?? 0, refusers: []};
  for (const outcome of Object.keys(OUTCOMES)) result[outcome] = 0;
  for (const each of found?.counts ?? []) {
    if (limit && each.limit !== limit) continue;
    result[each.outcome] = (result[each.outcome] ?? 0) + each.count;
    result.total += each.count;
    if (each.outcome === "refused") result.refusers.push(each.limit);
  }
  return result;
}

/** The limits that counted requests from `first` on, the busiest first. */
export function busyLimits(first) {
  const sums = new Map();
  for (const each of seconds.values()) {
    if (each.second < first) continue;
    for (const {limit, count} of each.counts) if (limit) sums.set(limit, (sums.get(limit) ?? 0) + count);
  }
  return [...sums.keys()].sort((a, b) => sums.get(b) - sums.get(a));
}
