// What a first visit needs: the URL, a token, and a line to run.

import {byId, make} from "./dom.js";
import {read} from "./control.js";
import {copyButton} from "./clipboard.js";
import {openDetail} from "./detail.js";

function copied(label, text) {
  const value = make("code", {text, tabindex: 0});
  return make("div", {class: "copied"}, make("span", {class: "label", text: label}), value, copyButton("Copy", () => text, value));
}

function lines(url, found) {
  const trust = found.ca_file ? ` --cacert '${found.ca_file}'` : "";
  const ca = found.ca_file ? `,\n    ca_file="${found.ca_file}"` : "";
  const file = found.ca_file ? `\nexport SSL_CERT_FILE='${found.ca_file}'` : "";
  const login = JSON.stringify({application_token: found.application_token});
  return [
    ["curl", `curl -s${trust} ${url}/api/v1/authenticate \\\n  -H 'Content-Type: application/json' \\\n  -d '${login}'`],
    ["Python", `Emnify(\n    "${found.application_token}",\n    base_url="${url}"${ca},\n)`],
    ["Shell", `export EMNIFY_BASE_URL=${url}\nexport EMNIFY_APPLICATION_TOKEN=${found.application_token}${file}`],
  ];
}

async function content() {
  const {status, value} = await read("/credentials");
  if (status !== 200) return [make("p", {class: "none", text: "The simulator does not respond."})];
  const parts = [copied("URL", location.origin), copied("Application token", value.application_token)];
  if (value.ca_file) parts.push(copied("Certificate to trust", value.ca_file));
  parts.push(copied("OpenAPI document", `${location.origin}/openapi.json`));
  parts.push(make("h3", {text: "A first request"}), ...lines(location.origin, value).map(([label, text]) => copied(label, text)));
  return parts;
}

/** Show or hide it in place of the rows. */
export async function showWelcome(wanted) {
  const place = byId("welcome");
  if (place.hidden !== wanted) return;
  place.hidden = !wanted;
  document.body.classList.toggle("first", wanted);
  if (!wanted) {
    place.replaceChildren();
    return;
  }
  place.replaceChildren(
    make("h3", {text: "Nothing has called this simulator yet"}),
    make("p", {text: "Point a client at it. Its requests appear here as they arrive."}),
    ...await content(),
  );
}

export function startWelcome() {
  byId("connect").addEventListener("click", async () => openDetail(["Connect a client"], await content()));
}
