import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Line, decode } from "../../../../genlab/ui/components/playground/socket.js";

/** A message as the host packs it: length, JSON, arrays one after the other. */
function packed(header, arrays) {
  const bodies = [];
  let offset = 0;
  const listed = {};
  for (const [name, { values, shape, type }] of Object.entries(arrays)) {
    const body = Buffer.from(values.buffer);
    listed[name] = [type, shape, offset];
    bodies.push(body, Buffer.alloc((4 - (body.length % 4)) % 4));
    offset += body.length + ((4 - (body.length % 4)) % 4);
  }
  let text = Buffer.from(JSON.stringify({ ...header, arrays: listed }));
  text = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, " ")]);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(text.length);
  return Uint8Array.from(Buffer.concat([head, text, ...bodies])).buffer;
}

const FRAME = packed({ kind: "frame", number: 3 }, {
  "gan/surface": { values: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3], type: "u1" },
  "gan/samples": { values: Float32Array.of(0.5, -1), shape: [1, 2], type: "f4" },
});

test("a picture's arrays have their values, types and shapes", () => {
  const found = decode(FRAME);
  assert.equal(found.kind, "frame");
  assert.equal(found.number, 3);
  const { "gan/surface": surface, "gan/samples": samples } = found.arrays;
  assert.ok(surface instanceof Uint8Array && samples instanceof Float32Array);
  assert.deepEqual([...surface], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...samples], [0.5, -1]);
  assert.deepEqual([surface.shape, samples.shape], [[2, 3], [1, 2]]);
});

// A line, with a socket that only remembers

const true_ = { WebSocket: globalThis.WebSocket, sessionStorage: globalThis.sessionStorage };
let sockets, kept, heard;

class Socket {
  static OPEN = 1;
  readyState = 1;
  sent = [];
  constructor(address) {
    this.address = new URL(address);
    sockets.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
}

beforeEach(() => {
  sockets = [];
  heard = [];
  kept = new Map();
  const sessionStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  for (const [name, value] of Object.entries({ WebSocket: Socket, sessionStorage })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
});

afterEach(() => {
  for (const [name, value] of Object.entries(true_)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
});

function line(address = "https://lab.example/app/genlab/playground/socket") {
  const note = (kind) => (what) => heard.push([kind, what.kind ?? what]);
  return new Line(new URL(address), { onPicture: note("picture"), onEvent: note("event"), onState: note("state") });
}

test("the socket has the page's own scheme, and the session of the tab", () => {
  line().connect({});
  assert.equal(sockets[0].address.href, "wss://lab.example/app/genlab/playground/socket");
  kept.set("genlab-playground", "secret");
  line("http://127.0.0.1:8501/genlab/playground/socket").connect({});
  assert.equal(sockets[1].address.href, "ws://127.0.0.1:8501/genlab/playground/socket?session=secret");
});

test("commands are numbered, except those that only say that somebody is there", () => {
  const one = line();
  assert.equal(one.send("run", { on: true }), 0, "there is no line yet");
  one.connect({ scenario: { seed: 1 } });
  sockets[0].onopen();
  assert.equal(one.send("run", { on: true }), 2);
  one.acknowledge(9);
  assert.deepEqual(sockets[0].sent, [
    { do: "open", scenario: { seed: 1 }, serial: 1 }, { do: "run", on: true, serial: 2 }, { do: "poll", drawn: 9, serial: 2 },
  ]);
});

test("pictures, the session and events go where they belong", () => {
  const one = line();
  one.connect({});
  sockets[0].onmessage({ data: FRAME });
  sockets[0].onmessage({ data: JSON.stringify({ kind: "session", session: "new" }) });
  sockets[0].onmessage({ data: JSON.stringify({ kind: "refused" }) });
  assert.deepEqual(heard, [["picture", "frame"], ["state", "open"], ["event", "refused"]]);
  assert.equal(kept.get("genlab-playground"), "new");
  sockets[0].onmessage({ data: JSON.stringify({ kind: "elsewhere" }) });
  assert.equal(kept.has("genlab-playground"), false);
  sockets[0].onclose();
  assert.equal(sockets.length, 1, "who has left for another tab does not come back");
});

test("a line that breaks is tried again, ever more patiently", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const one = line();
  one.connect({});
  for (const [tries, wait] of [[2, 500], [3, 850], [4, 1445]]) {
    sockets.at(-1).onclose();
    context.mock.timers.tick(wait - 1);
    assert.equal(sockets.length, tries - 1);
    context.mock.timers.tick(2);
    assert.equal(sockets.length, tries);
  }
  sockets[0].onclose();
  one.close();
  sockets.at(-1).onclose();
  context.mock.timers.tick(60_000);
  assert.equal(sockets.length, 4);
});
