// Who trains: this browser wherever it can, else the server. The page talks to this one and does not know to whom else.

import { Local, able, forget, known } from "./local.js";
import { Line } from "./socket.js";

const SERVER = "genlab-playground-on-server";

/** @typedef {import("./socket.js").Acts & { onSwitch: (where: "here" | "server", why: string) => void }} Acts */

/** What outlives the page's element: the thread goes on while another page of the app is looked at. @type {{ local: Local | null }} */
const remembered = { local: null };

/** Forget the session of this tab, wherever it is. */
export function beginAnew() {
  remembered.local?.close();
  remembered.local = null;
  forget();
  sessionStorage.removeItem("genlab-playground");
  sessionStorage.removeItem(SERVER);
}

export class Lines {
  /**
   * @param {URL} socket
   * @param {engine.Start} start
   * @param {{ scenario: () => playground.Scenario, running: () => boolean }} page
   * @param {Acts} on
   */
  constructor(socket, start, page, on) {
    this.page = page;
    this.on = on;
    this.socket = socket;
    this.start = start;
    this.open = false;
    /** Commands that wait for the server. @type {[what: string, facts: object][]} */
    this.queue = [];
    this.can = able();
    const server = !this.can || (!known() && (sessionStorage.getItem(SERVER) !== null || this.lacking.length > 0));
    this.where = /** @type {"here" | "server"} */ (server ? "server" : "here");
    this.line = this.made();
  }

  /** The models on the page that this browser cannot train. */
  get lacking() {
    const { families } = this.start;
    return families.filter((family) => !family.engine && this.page.scenario().models.includes(family.name));
  }

  /** Why the server trains, as a sentence; empty where it does not. */
  get why() {
    if (this.where === "here") return "";
    const [first] = this.lacking;
    if (!this.can) return "This browser cannot train, so the server does.";
    return first ? `${first.one} trains on the server.` : "This session trains on the server until it is reset.";
  }

  made() {
    const { on } = this;
    if (this.where === "server") {
      sessionStorage.setItem(SERVER, "1");
      return new Line(this.socket, { ...on, onState: (state) => this.note(state) });
    }
    sessionStorage.removeItem(SERVER);
    const own = { ...on, onState: (/** @type {"open" | "lost"} */ state) => this.note(state), onUnable: () => this.giveUp() };
    if (remembered.local) Object.assign(remembered.local, { on: own, closed: false });
    remembered.local ??= new Local(this.start, own);
    return remembered.local;
  }

  /** @param {"open" | "lost"} state */
  note(state) {
    this.open = state === "open";
    this.on.onState(state);
    if (!this.open) return;
    for (const [what, facts] of this.queue.splice(0)) this.line.send(what, facts);
  }

  /** Training here does not work after all. */
  giveUp() {
    this.can = false;
    if (this.where === "here") this.turn("server");
  }

  /** Give the session up for one elsewhere, with the same settings. @param {"here" | "server"} where */
  turn(where) {
    this.leave();
    this.where = where;
    this.open = false;
    this.line = this.made();
    this.on.onSwitch(where, this.why);
    if (this.page.running()) this.queue.push(["run", { on: true }]);
    this.line.connect({ scenario: this.page.scenario() });
  }

  /** End the session on this side for good. */
  leave() {
    this.line.close();
    beginAnew();
  }

  get session() {
    return this.line.session;
  }

  set opening(/** @type {object} */ opening) {
    this.line.opening = opening;
  }

  set closed(/** @type {boolean} */ closed) {
    this.line.closed = closed;
  }

  /** @param {object} opening */
  connect(opening) {
    this.line.connect(opening);
  }

  /** Send a command, to the other side where this one cannot do it; its number, or 0 when it has none. @param {string} what @param {object} [facts] */
  send(what, facts = {}) {
    const wanted = this.wanted(what, facts);
    if (wanted !== this.where) {
      this.turn(wanted);
      if (what !== "load") return 0;
    }
    if (this.open) return this.line.send(what, facts);
    if (this.where === "server" && what !== "poll") this.queue.push([what, facts]);
    return 0;
  }

  /** @param {string} what @param {object} facts @returns {"here" | "server"} */
  wanted(what, facts) {
    if (!this.can) return "server";
    if (what === "load") return lists(/** @type {{ document: string }} */ (facts).document, this.start.families) ? "server" : this.where;
    if (what === "set" && this.lacking.length) return "server";
    return what === "reset" && !this.lacking.length ? "here" : this.where;
  }

  /** @param {number} number */
  acknowledge(number) {
    if (this.open) this.line.acknowledge(number);
  }

  /** Leave the page: the server keeps the session for a while, and so does the thread. */
  close() {
    if (this.line instanceof Local) this.line.closed = true;
    else this.line.close();
  }
}

/** Whether a saved file has a model that cannot be trained here. @param {string} document @param {playground.Family[]} families */
function lists(document, families) {
  try {
    const { models } = JSON.parse(document).scenario;
    return families.some((family) => !family.engine && models.includes(family.name));
  } catch {
    return false;
  }
}
