import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Lines, beginAnew } from "../../../../genlab/ui/components/playground/lines.js";
import { keeps, tell } from "../../../../genlab/ui/components/playground/local.js";

const kept = new Map(), workers = [], sockets = [];

class Storage {
  getItem = (key) => kept.get(key) ?? null;
  setItem = (key, value) => kept.set(key, value);
  removeItem = (key) => kept.delete(key);
}

class FakeWorker {
  sent = [];
  ended = false;
  constructor() { workers.push(this); }
  postMessage({ command }) { this.sent.push(command); }
  terminate() { this.ended = true; }
  say(event) { this.onmessage({ data: event }); }
}

class FakeSocket {
  static OPEN = 1;
  readyState = 0;
  sent = [];
  constructor() { sockets.push(this); }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
  open() {
    this.readyState = 1;
    this.onopen();
    this.onmessage({ data: '{"kind":"session","session":"abc"}' });
  }
}

for (const [name, value] of Object.entries({ sessionStorage: new Storage(), Worker: FakeWorker, WebSocket: FakeSocket })) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

const FAMILIES = [{ name: "gan", one: "A GAN", engine: { name: "gan", fixed: {} } }, { name: "flow", one: "A flow", engine: null }];

/** A page with lines to both sides. */
function page(models = ["gan"], running = false) {
  const own = { models, running, pictures: [], events: [], states: [], switched: [] };
  own.lines = new Lines(new URL("http://here/socket"), { points: "http://here/points", families: FAMILIES, fields: {} },
    { scenario: () => ({ models: own.models }), running: () => own.running },
    {
      onPicture: (picture) => own.pictures.push(picture), onEvent: (event) => own.events.push(event),
      onState: (state) => own.states.push(state), onSwitch: (where, why) => own.switched.push([where, why]),
    });
  own.lines.connect({ scenario: { models } });
  return own;
}

const did = ({ sent }) => sent.map((command) => command.do);

beforeEach(() => {
  beginAnew();
  workers.length = sockets.length = 0;
});

test("models that the browser can train need no socket", () => {
  const own = page();
  own.lines.send("run", { on: true });
  own.lines.acknowledge(4);
  assert.deepEqual([sockets.length, did(workers[0]), own.states, own.lines.why], [0, ["open", "run", "poll"], ["open"], ""]);
  assert.equal(workers[0].sent[2].drawn, 4);
});

test("a picture keeps the shapes of its arrays on its way between threads", () => {
  const own = page();
  workers[0].say({ kind: "picture", picture: { kind: "frame", arrays: { "gan/samples": [new Float32Array(4), [2, 2]] } } });
  assert.deepEqual(own.pictures[0].arrays["gan/samples"].shape, [2, 2]);
});

test("a model that it cannot train begins on the server, and the page says so", () => {
  const own = page(["gan", "flow"]);
  sockets[0].open();
  assert.deepEqual([workers.length, did(sockets[0]), own.lines.why], [0, ["open"], "A flow trains on the server."]);
});

test("adding such a model moves the session to the server, which goes on running", () => {
  const own = page(["gan"], true);
  own.models = ["gan", "flow"];
  assert.equal(own.lines.send("set", { changes: { models: own.models } }), 0);
  assert.deepEqual([workers[0].ended, own.switched], [true, [["server", "A flow trains on the server."]]]);
  own.lines.send("step", { player: "" });
  sockets[0].open();
  assert.deepEqual(did(sockets[0]), ["open", "run", "step"]);
  assert.deepEqual(sockets[0].sent[0].scenario, { models: ["gan", "flow"] });
  workers[0].say({ kind: "saved", document: "late" });
  assert.deepEqual(own.events, []);
});

test("without that model it goes on there, and after a reset here", () => {
  const own = page(["gan", "flow"]);
  sockets[0].open();
  own.models = ["gan"];
  assert.ok(own.lines.send("set", { changes: { models: ["gan"] } }) > 0);
  assert.equal(own.lines.why, "This session trains on the server until it is reset.");
  own.lines.send("reset");
  assert.deepEqual([sockets[0].readyState, did(workers[0]), own.lines.why], [3, ["open"], ""]);
});

test("a file of such a model goes to the server, others stay", () => {
  const own = page();
  own.lines.send("load", { document: '{"scenario":{"models":["gan"]}}' });
  own.lines.send("load", { document: "broken" });
  assert.deepEqual(did(workers[0]), ["open", "load", "load"]);
  own.lines.send("load", { document: '{"scenario":{"models":["flow"]}}' });
  sockets[0].open();
  assert.deepEqual(did(sockets[0]), ["open", "load"]);
});

test("where no thread can be started the server trains", () => {
  const own = page();
  workers[0].onerror();
  sockets[0].open();
  assert.deepEqual([did(sockets[0]), own.lines.why], [["open"], "This browser cannot train, so the server does."]);
  own.lines.send("reset");
  assert.deepEqual(did(sockets[0]), ["open", "reset"]);
});

test("a browser without WebAssembly's vectors asks the server at once", () => {
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  const own = page();
  WebAssembly.validate = validate;
  assert.deepEqual([workers.length, sockets.length, own.lines.why], [0, 1, "This browser cannot train, so the server does."]);
});

test("who comes back to the page finds the thread, and after a reload the kept copy", () => {
  const first = page();
  workers[0].say({ kind: "kept", document: "a copy" });
  first.lines.close();
  workers[0].say({ kind: "picture", picture: { arrays: {} } });
  assert.equal(first.pictures.length, 0);
  workers[0].say({ kind: "kept", document: "a newer copy" });
  const again = page();
  assert.deepEqual([workers.length, did(workers[0])], [1, ["open", "open"]]);
  assert.equal(again.lines.session, first.lines.session);
  assert.equal(workers[0].sent[1].document, "a newer copy");
});

test("an address that says what the kept copy is set to is no other session", () => {
  page();
  assert.equal(keeps({ models: ["gan"] }), false);
  workers[0].say({ kind: "kept", document: JSON.stringify({ scenario: { models: ["gan"], beta: 2 } }) });
  assert.deepEqual([keeps({ models: ["gan"], beta: 2 }), keeps({ models: ["gan"], beta: 3 }), keeps({ models: ["vae"], beta: 2 })], [true, false, false]);
});

test("an address that is still on its way to newer settings is no other session", () => {
  page();
  tell({ beta: 1 });
  assert.equal(keeps({ beta: 1 }), false, "nothing is kept yet");
  workers[0].say({ kind: "kept", document: JSON.stringify({ scenario: { beta: 4 } }) });
  tell({ beta: 2 });
  tell({ beta: 3 });
  assert.deepEqual([1, 2, 3, 4, 5].map((beta) => keeps({ beta })), [false, true, true, true, false]);
  beginAnew();
  assert.equal(keeps({ beta: 3 }), false);
});

test("a thread that has ended leaves no copy behind", () => {
  page();
  beginAnew();
  workers[0].say({ kind: "kept", document: "late" });
  assert.equal(kept.size, 0);
});

test("a copy that is too large is not kept, and an older one is not gone on from", () => {
  page();
  workers[0].say({ kind: "kept", document: "old" });
  const { setItem } = sessionStorage;
  sessionStorage.setItem = () => { throw new Error("full"); };
  workers[0].say({ kind: "kept", document: "new" });
  sessionStorage.setItem = setItem;
  assert.ok(![...kept.values()].includes("old"));
});
