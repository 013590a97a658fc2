// The lecture hall: how large a stage is drawn there, what its keys ask of it, and turning to the next part of a page.

const EVENT = "genlab-stage";

/**
 * How many times as large letters, and as thick lines, are as at a desk; 1 and 1 there.
 *
 * @param {Element} element
 */
export function largeness(element) {
  const style = getComputedStyle(element);
  const scale = Number(style.getPropertyValue("--genlab-scale")) || 1;
  return { scale, line: Number(style.getPropertyValue("--genlab-line")) || 1 };
}

/**
 * Mark an element as on a stage, or not, so that its style sheet can tell; whether it is.
 *
 * @param {HTMLElement} element
 */
export function dressed(element) {
  const on = largeness(element).scale > 1;
  element.classList.toggle("presented", on);
  return on;
}

/** A key's name, letters small. @param {KeyboardEvent} event */
export const nameOfKey = ({ key }) => (key.length === 1 ? key.toLowerCase() : key);

/**
 * Do what keys ask while presenting, until the function that comes back is called.
 *
 * @param {Record<string, () => void>} acts Name of a key -> what it does.
 */
export function onStage(acts) {
  /** @param {Event} event */
  const hear = (event) => {
    const { detail } = /** @type {CustomEvent<string>} */ (event);
    if (event.defaultPrevented || !Object.hasOwn(acts, detail)) return;
    acts[detail]();
    event.preventDefault();
  };
  window.addEventListener(EVENT, hear);
  return () => window.removeEventListener(EVENT, hear);
}

/** Ask the stage to do what a key says; whether it did. @param {string} name */
export const act = (name) => !window.dispatchEvent(new CustomEvent(EVENT, { detail: name, cancelable: true }));

/** @type {Record<string, number>} */
const TURNS = { " ": 1, ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
const PARTS = "h1, h2, h3, [data-testid=stExpander], [data-testid=stPlotlyChart], [data-testid=stImage], table";
const PAGE = 0.85;

/** Scroll to the next part of the page, or to the one before; whether the key asks for that. @param {string} name */
export function turn(name) {
  const by = TURNS[name], place = document.querySelector("[data-testid=stMain]");
  if (!by || !place) return false;
  const top = place.getBoundingClientRect().top;
  const tops = [...place.querySelectorAll(PARTS)].filter((part) => part.checkVisibility()).map((part) => part.getBoundingClientRect().top - top);
  place.scrollBy({ top: wayTo(tops, by, place.clientHeight), behavior: "smooth" });
  return true;
}

const MARGIN = 12;
const LEAST = 0.3;

/**
 * How far it is to the next part; parts that are nearly there count as seen, and no way is longer than most of a screen.
 *
 * @param {number[]} tops Where parts begin, seen from the top of the screen.
 * @param {number} by 1 for on, -1 for back.
 * @param {number} height Of the screen.
 */
export function wayTo(tops, by, height) {
  const ways = tops.map((top) => by * (top - MARGIN)).filter((way) => way > LEAST * height);
  return by * Math.min(PAGE * height, ...ways);
}
