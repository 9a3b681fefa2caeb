// A recorded request as a curl command. The shell fills in what is secret or differs by machine.

const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "transfer-encoding"]);
const MASK = "***";

/** Text in single quotes, as a POSIX shell reads it. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The recorded path is decoded; a URL needs it encoded. */
const encoded = (path) => path.split("/").map(encodeURIComponent).join("/");

function header(name, value) {
  // Masked credentials become a variable: the shell fills it in.
  if (name === "authorization" && value === MASK) return `-H "Authorization: Bearer $AUTH_TOKEN"`;
  return `-H ${quoted(`${name}: ${value}`)}`;
}

/** @param {Object} request one request in full; credentials in it are masked */
export function curlOf(request) {
  const url = location.origin + encoded(request.path) + (request.query ? `?${request.query}` : "");
  const words = ["curl -s --globoff --path-as-is --compressed"];
  if (location.protocol === "https:") words.push(`--cacert "$CA_FILE"`);
  if (request.method !== "GET") words.push(`-X ${quoted(request.method)}`);
  words.push(quoted(url));
  for (const [name, value] of Object.entries(request.headers)) if (!LEFT_OUT.has(name)) words.push(header(name, value));
  const body = request.request_body;
  if (body !== null) words.push(`--data-raw ${quoted(typeof body === "string" ? body : JSON.stringify(body))}`);
  return words.join(" \\\n  ");
}
