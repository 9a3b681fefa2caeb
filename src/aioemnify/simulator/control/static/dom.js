// Build elements. Text is only ever set as text, so that nothing a client sent is read as HTML.

export const byId = (id) => document.getElementById(id);

/**
 * Make an element.
 * @param {string} tag name of the element
 * @param {Object} options `class`, `text`, `on` (listeners by event), and attributes by name
 * @param {...(Node|string)} children appended in order
 */
export function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

export function button(text, click, options = {}) {
  return make("button", {type: "button", text, ...options, on: {click}});
}

export function setPressed(element, pressed) {
  element.setAttribute("aria-pressed", String(pressed));
}
