// The shapes of the chart: grid, bars, limit lines, times, and the lanes of the bands.

import {bandsOf} from "./bands.js";
import {rate} from "./format.js";
import {countsOf, OUTCOMES} from "./traffic.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 150, TOP = 8, LEFT = 62, RIGHT = 8, AXIS = 18, LANE = 14;

/** The height of the whole chart in pixels. */
export const TOTAL_HEIGHT = TOP + HEIGHT + AXIS + 3 * LANE;

export function shape(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** Where seconds and values stand in a chart of this width that ends with `last` and reaches up to `highest`. */
export class Frame {
  constructor(width, span, last, highest) {
    Object.assign(this, {width, span, last, highest});
    this.first = last - span + 1;
    this.step = (width - LEFT - RIGHT) / span;
  }

  x(time) {
    return LEFT + Math.max(0, Math.min(time - this.first, this.span)) * this.step;
  }

  y(value) {
    return TOP + HEIGHT * (1 - value / this.highest);
  }

  /** How many seconds before the last one a point is; null beside the chart. */
  ageAt(x) {
    const place = Math.floor((x - LEFT) / this.step);
    return place < 0 || place >= this.span ? null : this.span - 1 - place;
  }
}

export function grid(frame) {
  return [0, frame.highest / 2, frame.highest].flatMap((value) => [
    shape("line", {class: "grid", x1: LEFT, x2: frame.width - RIGHT, y1: frame.y(value), y2: frame.y(value)}),
    shape("text", {class: "tick", x: LEFT - 6, y: frame.y(value) + 4}, rate(value)),
  ]);
}

export function bars(frame, limit) {
  const paths = Object.fromEntries(Object.keys(OUTCOMES).map((outcome) => [outcome, ""]));
  const thick = Math.max(1, frame.step - 1).toFixed(1);
  for (let second = frame.first; second <= frame.last; second += 1) {
    const counts = countsOf(second, limit);
    let below = 0;
    for (const outcome of Object.keys(OUTCOMES)) {
      if (!counts[outcome]) continue;
      const bottom = frame.y(below);
      // At least a pixel, so that one failure among hundreds is seen.
      const top = Math.min(frame.y(below + counts[outcome]), bottom - 1);
      paths[outcome] += `M${frame.x(second).toFixed(1)} ${top.toFixed(1)}h${thick}V${bottom.toFixed(1)}h-${thick}z`;
      below += counts[outcome];
    }
  }
  return Object.entries(paths).map(([outcome, d]) => shape("path", {class: `bars ${outcome}`, d}));
}

/** @param {{value: number, text: string}[]} lines */
export function limitLines(frame, lines) {
  let lowest = Infinity;
  return [...lines].sort((a, b) => a.value - b.value).flatMap(({value, text}) => {
    lowest = Math.min(frame.y(value) - 4, lowest - 13);
    return [
      shape("line", {class: "limit", x1: LEFT, x2: frame.width - RIGHT, y1: frame.y(value), y2: frame.y(value)}),
      shape("text", {class: "limit", x: LEFT + 4, y: Math.max(lowest, 10)}, text),
    ];
  });
}

export function times(frame) {
  return [frame.span, frame.span / 2, 0].map((age, place) => shape(
    "text", {class: `time t${place}`, x: frame.x(frame.last + 1 - age), y: TOP + HEIGHT + 14}, age ? `−${age} s` : "now"));
}

export function lanes(frame, limit, moments) {
  return bandsOf(frame.first, frame.last, limit, moments).flatMap((band, place) => {
    const y = TOP + HEIGHT + AXIS + place * LANE + 1, height = LANE - 4;
    return [
      shape("text", {class: "lane", x: LEFT - 6, y: y + 8}, band.name),
      shape("rect", {class: "lane", x: LEFT, y, width: frame.step * frame.span, height}),
      ...band.spans.map(([from, to]) => shape(
        "rect", {class: `band ${band.name}`, x: frame.x(from), y, width: Math.max(2, frame.x(to) - frame.x(from)), height})),
      ...band.marks.map((time) => shape("rect", {class: "mark", x: frame.x(time) - 1, y: y - 1, width: 2, height: height + 2})),
    ];
  });
}

export function marker(frame, second) {
  return shape("rect", {class: "chosen", x: frame.x(second), y: TOP, width: Math.max(2, frame.step), height: TOTAL_HEIGHT - TOP});
}
