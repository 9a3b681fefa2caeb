// Copy text, and say so.

import {button} from "./dom.js";

const SAID_MS = 1600;

/** A button that copies what `text` returns; without access to the clipboard it selects `shown`. */
export function copyButton(label, text, shown) {
  const self = button(label, async () => {
    try {
      await navigator.clipboard.writeText(text());
      self.textContent = "Copied";
    } catch (error) {
      if (shown) getSelection().selectAllChildren(shown);
      self.textContent = shown ? "Selected: press Ctrl+C" : "The browser does not allow it";
    }
    setTimeout(() => { self.textContent = label; }, SAID_MS);
  }, {"aria-live": "polite"});
  return self;
}
