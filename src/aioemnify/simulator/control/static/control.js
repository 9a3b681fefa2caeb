// Calls of the control interface.

import {byId} from "./dom.js";

const NOTE_MS = 8000;
let timer = 0;

/** Show what went wrong; empty text hides it. */
export function note(text) {
  clearTimeout(timer);
  byId("note").textContent = text;
  if (text) timer = setTimeout(() => note(""), NOTE_MS);
}

/** Call the control interface; errors are shown, and give undefined. */
export async function call(method, path, body) {
  const options = {method, headers: {}};
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch(`/_sim${path}`, options);
    const value = answer.status === 204 ? null : await answer.json();
    note(answer.ok ? "" : value.error + (value.at ? ` (${value.at})` : ""));
    return answer.ok ? value : undefined;
  } catch (error) {
    note("The simulator does not respond.");
    return undefined;
  }
}

/** Read a path: its status, its JSON value (null without one) and its headers. Status 0: no answer. */
export async function read(path) {
  try {
    const answer = await fetch(`/_sim${path}`);
    const text = await answer.text();
    return {status: answer.status, value: text ? JSON.parse(text) : null, headers: answer.headers};
  } catch (error) {
    return {status: 0, value: null, headers: new Headers()};
  }
}
