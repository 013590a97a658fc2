// Training in this browser, in a thread of its own: commands out, pictures and events in, as over the line to the server.

const SESSION = "genlab-playground-here";
const KEPT = "genlab-playground-kept";
const TOLD = "genlab-playground-told";

/** A module that adds four numbers at a time: a browser that takes it can run the kernels. */
const FOUR = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/** Whether models can be trained in this browser. */
export const able = () => typeof Worker === "function" && typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(FOUR));

/** Forget the session of this tab. */
export function forget() {
  sessionStorage.removeItem(SESSION);
  sessionStorage.removeItem(KEPT);
  sessionStorage.removeItem(TOLD);
}

/** Whether this tab has a session here. */
export const known = () => sessionStorage.getItem(SESSION) !== null;

/** Settings that the address was last to follow; on a busy machine it may still be on the way to them. @returns {Partial<playground.Scenario>[]} */
const told = () => JSON.parse(sessionStorage.getItem(TOLD) ?? "[]");

/** Remember that the address is to follow these settings. @param {playground.Scenario} scenario */
export function tell(scenario) {
  sessionStorage.setItem(TOLD, JSON.stringify([...told(), scenario].slice(-2)));
}

/** Whether this tab has kept a copy that has these settings, or has had them when the address was last to follow. @param {playground.Scenario} scenario */
export function keeps(scenario) {
  const kept = sessionStorage.getItem(KEPT);
  if (kept === null) return false;
  const has = (/** @type {any} */ earlier) => Object.entries(scenario).every(([name, value]) => JSON.stringify(earlier?.[name]) === JSON.stringify(value));
  return [JSON.parse(kept).scenario, ...told()].some(has);
}

export class Local {
  /**
   * @param {engine.Start} start
   * @param {import("./socket.js").Acts & { onUnable: () => void }} on
   */
  constructor(start, on) {
    this.start = start;
    this.on = on;
    this.serial = 0;
    /** What a session that begins is set to. @type {object} */
    this.opening = {};
    this.session = sessionStorage.getItem(SESSION) ?? "";
    /** Whether no page looks at it, and whether the thread has ended. */
    this.closed = this.over = false;
    this.worker = new Worker(new URL("./engine/worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = () => this.on.onUnable();
  }

  /** @param {object} opening What the first command says. */
  connect(opening) {
    this.opening = opening;
    const document = sessionStorage.getItem(KEPT) ?? "";
    if (!this.session) {
      this.session = `here-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
      sessionStorage.setItem(SESSION, this.session);
    }
    this.on.onState("open");
    this.send("open", { ...opening, document });
  }

  /** @param {engine.Event} event */
  receive(event) {
    if (event.kind === "kept" && !this.over) keep(event.document);
    if (event.kind === "kept" || this.closed || this.over) return;
    if (event.kind === "picture") this.on.onPicture(shaped(event.picture));
    else if (event.kind === "unable") this.on.onUnable();
    else this.on.onEvent(event);
  }

  /** Send a command; its number. @param {string} what @param {object} [facts] */
  send(what, facts = {}) {
    if (what !== "poll") this.serial += 1;
    this.worker.postMessage({ start: this.start, command: { do: what, ...facts, serial: this.serial } });
    return this.serial;
  }

  /** Tell the thread that a picture has been drawn, so that it may send the next. @param {number} number */
  acknowledge(number) {
    this.send("poll", { drawn: number });
  }

  /** End the thread. */
  close() {
    this.over = true;
    this.worker.terminate();
  }
}

/** Keep a copy of the state for the case that the page loads anew; one that is too large is not kept. @param {string} document */
function keep(document) {
  try {
    sessionStorage.setItem(KEPT, document);
  } catch {
    sessionStorage.removeItem(KEPT);
  }
}

/** @param {engine.Header} header @returns {playground.Picture | playground.World} */
function shaped(header) {
  const arrays = Object.fromEntries(Object.entries(header.arrays).map(([name, [values, shape]]) => [name, Object.assign(values, { shape })]));
  return /** @type {playground.Picture | playground.World} */ (/** @type {unknown} */ ({ ...header, arrays }));
}
