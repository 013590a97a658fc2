// Data that flow: a row of nodes that light up one after the other, the words and the number of each step, the controls.

import { calm, dressPlay, iconButton, make, sentence } from "../dom.js";
import { inSheets } from "./art.js";
import { FlowNode } from "./node.js";
import { Player } from "./player.js";
import { nodesOf, pathsOf } from "./script.js";

/** @type {Record<flow.Path, string>} */
const PATHS = { reconstruct: "A picture through it", generate: "A latent through it" };

export class Flow {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {flow.Data | null} */
    this.data = null;
    /** @type {Player | null} */
    this.player = null;
    /** @type {FlowNode[]} */
    this.nodes = [];
    this.visible = this.looping = this.over = false;
    /** Whether somebody has taken it into the hand: then it does not begin to play by itself. */
    this.taken = false;
    this.tabs = make("div", { className: "tabs", role: "group", "aria-label": "What flows" });
    this.row = make("div", { className: "row", role: "group", "aria-label": "Stages" });
    new ResizeObserver(() => this.reach()).observe(this.row);
    this.count = make("span", { className: "count" });
    this.title = make("h2");
    this.words = make("p");
    this.value = make("output", { className: "value" });
    this.unit = make("span", { className: "unit" });
    this.said = make("div", { className: "said", "aria-live": "polite", "aria-atomic": "true" },
      make("div", {}, this.title, this.words), make("div", { className: "number" }, this.value, this.unit));
    this.dots = make("div", { className: "dots", role: "group", "aria-label": "Steps" });
    this.play = iconButton("play", "Play", () => this.toggle(), "", "icon play");
    this.back = iconButton("back", "Step back", () => this.move(-1));
    this.next = iconButton("forward", "Step forward", () => this.move(1));
    this.another = iconButton("dice", "Another one (I)", () => this.act((player) => player.another()), "Another");
    this.redraw = iconButton("dice", "The same with other noise (N)", () => this.act((player) => player.redraw()), "New noise");
    this.controls = make("div", { className: "controls" }, this.back, this.play, this.next, this.dots, this.count, this.another, this.redraw);
    this.trouble = make("p", { className: "trouble", role: "status", hidden: true });
    root.tabIndex = 0;
    root.replaceChildren(this.tabs, this.row, this.said, this.controls, this.trouble);
    root.onkeydown = (event) => this.key(event);
    this.watch = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      this.run();
    });
    this.watch.observe(root);
  }

  /** @param {flow.Data} data */
  async update(data) {
    const before = this.data;
    this.data = data;
    this.root.dataset.mode = data.mode;
    this.root.style.setProperty("--family", data.colour[data.mode]);
    this.root.style.setProperty("--ink", data.ink[data.mode]);
    this.root.setAttribute("aria-label", `Data flow through ${data.title}`);
    if (before?.src === data.src) {
      if (this.player) this.player.data = data;
      return this.paint();
    }
    try {
      const answer = await fetch(new URL(data.src, document.baseURI).href);
      if (!answer.ok) throw new Error(`the server answered ${answer.status}.`);
      const found = /** @type {flow.Document} */ (await answer.json());
      if (this.data.src === data.src && !this.over) this.open(inSheets(found, data.frames));
    } catch (error) {
      if (this.data.src === data.src) this.tell(`The numbers of this model could not be loaded: ${sentence(error)} Reload the page.`);
    }
  }

  /** @param {string} why */
  tell(why) {
    this.trouble.textContent = why;
    this.trouble.hidden = !why;
    for (const part of [this.tabs, this.row, this.said, this.controls]) part.hidden = why !== "";
  }

  /** @param {flow.Document} found */
  open(found) {
    if (!this.data) return;
    const paths = pathsOf(found), wanted = this.player?.choice.path, path = wanted && paths.includes(wanted) ? wanted : paths[0];
    this.player = new Player(found, this.data, path);
    this.tell("");
    this.tabs.hidden = paths.length < 2;
    this.tabs.replaceChildren(...paths.map((each) => make("button", { type: "button", textContent: PATHS[each], dataset: { path: each }, onclick: () => this.turn(each) })));
    this.lay();
    this.player.playing = !calm() && !this.taken;
    this.run();
  }

  /** Lay the nodes of a way out. */
  lay() {
    const { player } = this;
    if (!player) return;
    const { path } = player.choice;
    this.nodes = nodesOf(player.document, path).map((name, i) => new FlowNode(name, path, i === 0));
    // Where not all fit side by side, a second row begins behind the latent, or behind the picture.
    const first = Math.ceil((this.nodes.length + 1) / 2);
    this.row.replaceChildren(...this.nodes.slice(0, first).map(({ element }) => element), make("span", { className: "break" }), ...this.nodes.slice(first).map(({ element }) => element));
    this.dots.replaceChildren(...player.steps.map(({ title }, i) =>
      make("button", { type: "button", title, "aria-label": `Step ${i + 1}: ${title}`, onclick: () => this.act((each) => each.go(i)) })));
    for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab instanceof HTMLElement && tab.dataset.path === path));
    this.redraw.hidden = path !== "reconstruct";
    this.another.title = path === "reconstruct" ? "Another held-out one (I)" : "Another latent (I)";
    /** @type {HTMLElement} */ (this.another.lastElementChild).textContent = path === "reconstruct" ? `Another ${this.data?.one}` : "Another latent";
    this.paint();
  }

  /** @param {flow.Path} path */
  turn(path) {
    const { player } = this;
    if (!player) return;
    player.choose({ ...player.choice, path }, 0);
    this.lay();
    this.run();
  }

  /** Whoever does something takes it into the hand: it stops playing. @param {(player: Player) => void} what */
  act(what) {
    if (!this.player) return;
    this.taken = true;
    this.player.playing = false;
    what(this.player);
    this.paint();
  }

  /** @param {number} by */
  move(by) {
    this.act((player) => player.go(player.at + by));
  }

  toggle() {
    const { player } = this;
    if (!player) return;
    this.taken = true;
    player.playing = !player.playing;
    if (player.playing && player.at === player.last) player.go(0);
    this.paint();
    this.run();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target instanceof HTMLButtonElement;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: () => this.move(1),
      ArrowLeft: () => this.move(-1),
      Home: () => this.act((player) => player.go(0)),
      End: () => this.act((player) => player.go(player.last)),
      i: () => this.act((player) => player.another()),
      n: () => this.act((player) => player.redraw()),
      ...(onButton || calm() ? {} : { " ": () => this.toggle() }),
    };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Show the step as it is. */
  paint() {
    const { player, data, root } = this;
    if (!player || !data) return;
    const { step, at, last, playing } = player, lights = player.lights(this.nodes.map(({ name }) => name));
    this.nodes.forEach((node, i) => {
      node.draw(player.document, player.choice, data);
      const { state, back, wire } = lights[i];
      Object.assign(node.figure.dataset, { state, back: String(back) });
      node.wire.dataset.flow = wire;
    });
    this.glide();
    Object.assign(root.dataset, { step: String(at), node: step.node, path: player.choice.path });
    this.said.classList.toggle("back", step.back);
    // While it plays, whoever listens is not interrupted at every step.
    this.said.setAttribute("aria-live", playing ? "off" : "polite");
    this.title.textContent = step.title;
    this.words.textContent = step.words;
    this.value.textContent = step.value;
    this.unit.textContent = step.unit;
    this.count.textContent = `${at + 1} of ${last + 1}`;
    [...this.dots.children].forEach((dot, i) => {
      dot.className = i < at ? "past" : "";
      if (i === at) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
    });
    this.back.disabled = at === 0;
    this.next.disabled = at === last;
    this.play.hidden = calm();
    dressPlay(this.play, playing);
  }

  /** Whether the row is longer than the window; then keys can reach and scroll it. */
  reach() {
    const longer = this.row.scrollWidth > this.row.clientWidth + 1;
    if (longer) this.row.tabIndex = 0;
    else this.row.removeAttribute("tabindex");
    return longer;
  }

  /** Where the row is longer than the window, keep what lights up in the middle. */
  glide() {
    const { row, nodes, player } = this, longer = this.reach();
    const here = nodes.find(({ name }) => name === player?.step.node)?.figure;
    if (!longer || !here) return;
    const { left, width } = here.getBoundingClientRect(), frame = row.getBoundingClientRect();
    row.scrollBy({ left: left + width / 2 - frame.left - frame.width / 2, behavior: calm() ? "instant" : "smooth" });
  }

  /** Let time pass while it plays and can be seen. */
  async run() {
    if (this.looping) return;
    this.looping = true;
    let then = performance.now();
    while (this.player?.playing && this.visible && !this.over && !document.hidden) {
      const now = await new Promise(requestAnimationFrame);
      if (this.player?.advance(Math.min(0.1, (now - then) / 1000))) this.paint();
      then = now;
    }
    this.looping = false;
  }

  destroy() {
    this.over = true;
    this.watch.disconnect();
  }
}
