// Numbers, times and durations as text.

export const number = (value) => value.toLocaleString("en");

export const count = (value, thing) => `${number(value)} ${thing}${value === 1 ? "" : "s"}`;

/** A rate or a level: whole where that says enough. */
export const rate = (value) => value.toLocaleString("en", {maximumFractionDigits: value < 10 ? 1 : 0});

/** Seconds since 1970 as a time of day, UTC. */
export const timeOfDay = (wall) => new Date(wall * 1000).toISOString().slice(11, 19);

export const moment = (wall) => new Date(wall * 1000).toISOString().replace("T", " ").replace("Z", " UTC");

/** Seconds as a short duration. */
export function duration(seconds) {
  if (seconds === null) return "in flight";
  if (seconds === 0) return "0 ms";
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  return `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0)} ms`;
}

/** The rate of a limit: "10/s, burst 5". */
export function limitText(limit) {
  if (limit.rate !== undefined) return `${rate(limit.rate)}/s, burst ${number(limit.burst)}`;
  if (limit.seconds !== undefined) return `${number(limit.count)} in ${number(limit.seconds)} s`;
  return `${number(limit.count)} a month`;
}

/** The kind of a fault as rules spell it: "CloseBefore" is "close-before". */
export const faultKind = (name) => name.replace(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
