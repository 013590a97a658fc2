import assert from "node:assert/strict";
import { test } from "node:test";

import { Host } from "../../../../../genlab/ui/components/playground/engine/host.js";
import { FAMILIES, FIELDS, Plain, SCENARIO, fourModes } from "./plain.mjs";

/** A host with a clock that the test turns on, and what it has sent. */
function host(points = () => Promise.resolve(fourModes())) {
  const own = { now: 0, sent: [], asked: [] };
  own.host = new Host({
    send: (event) => own.sent.push(event), arithmetic: () => new Plain(), families: FAMILIES, fields: FIELDS, clock: () => (own.now += 5),
    points: (name) => { own.asked.push(name); return points(name); },
  });
  own.serial = 0;
  own.tell = (what, facts = {}) => own.host.take({ do: what, ...facts, serial: (own.serial += 1) });
  own.open = (changes = {}) => own.tell("open", { scenario: { ...SCENARIO, ...changes } });
  own.pictures = (kind) => own.sent.filter((event) => event.kind === "picture" && event.picture.kind === kind).map((event) => event.picture);
  return own;
}

test("who opens gets the world and a picture; who opens again finds the session", async () => {
  const own = host();
  await own.open();
  own.host.turn();
  assert.deepEqual([own.pictures("world").length, own.pictures("frame").map((frame) => frame.step)], [1, [0]]);
  await own.tell("step", { player: "" });
  await own.open({ seed: 8 });
  assert.deepEqual([own.pictures("world")[1].scenario.seed, own.pictures("world")[1].rows.at(-1).step], [3, 1]);
});

test("no more pictures are on their way than the page has drawn, and it trains all the same", async () => {
  const own = host();
  await own.open();
  await own.tell("run", { on: true });
  for (let i = 0; i < 20; i += 1) {
    own.now += 200;
    assert.equal(own.host.turn(), 0);
  }
  assert.equal(own.pictures("frame").length, 2);
  assert.ok(own.host.session.step >= 20);
  await own.tell("poll", { drawn: 2 });
  own.now += 200;
  own.host.turn();
  assert.equal(own.pictures("frame").length, 3);
  assert.equal(own.pictures("frame")[2].serial, 2);
});

test("training rests when nobody looks, and goes on when somebody does", async () => {
  const own = host();
  await own.open();
  await own.tell("run", { on: true });
  own.now += 6_000;
  assert.equal(own.host.turn(), 1_000);
  assert.equal(own.host.session.step, 0);
  await own.tell("poll", { drawn: 0 });
  assert.equal(own.host.turn(), 0);
  assert.ok(own.host.session.step > 0);
});

test("settings are answered by a picture of that number, others by a new world", async () => {
  const own = host();
  await own.open();
  own.host.turn();
  await own.tell("set", { changes: { loss: "hinge" } });
  own.host.turn();
  assert.deepEqual([own.pictures("world").length, own.pictures("frame").at(-1).serial], [1, 2]);
  await own.tell("set", { changes: { data: "moons" } });
  assert.deepEqual([own.pictures("world").at(-1).serial, own.asked], [3, ["ring", "moons"]]);
  await own.tell("set", { changes: { data: "ring" } });
  assert.deepEqual(own.asked, ["ring", "moons"], "what has come is not asked for again");
});

test("drawings need no server", async () => {
  const own = host(() => Promise.reject(new Error("offline")));
  await own.open({ data: "drawn", drawn: [[0, 0], [255, 255], [0, 255]] });
  assert.deepEqual([own.pictures("world")[0].modes, own.asked.length], [null, 0]);
});

test("data that do not come are told in a sentence, and the session stays", async () => {
  const own = host((name) => (name === "ring" ? Promise.resolve(fourModes()) : Promise.reject(new Error("offline"))));
  await own.open();
  await own.tell("step", { player: "" });
  await own.tell("set", { changes: { data: "moons" } });
  assert.match(own.sent.at(-1).message, /could not be loaded/);
  assert.deepEqual([own.host.session.step, own.host.session.scenario.data], [1, "ring"]);
});

test("a file takes the session's place only when all of it is understood", async () => {
  const own = host();
  await own.open();
  await own.tell("step", { player: "" });
  await own.tell("save");
  const { document } = own.sent.findLast((event) => event.kind === "saved");
  await own.tell("reset");
  assert.equal(own.host.session.step, 0);
  await own.tell("load", { document });
  assert.equal(own.host.session.step, 1);
  const before = own.host.session;
  for (const broken of [document.slice(0, 100), document.replace(/"weights":"[A-Za-z0-9+/=]{40}/, '"weights":"')]) {
    await own.tell("load", { document: broken });
    assert.equal(own.sent.at(-1).kind, "refused");
    assert.equal(own.host.session, before);
  }
});

test("a kept copy is gone on from; a broken one is left aside", async () => {
  const first = host(), second = host(), third = host();
  await first.open();
  await first.tell("step", { player: "" });
  first.now += 1_000;
  first.host.turn();
  const { document } = first.sent.findLast((event) => event.kind === "kept");
  await second.tell("open", { scenario: SCENARIO, document });
  assert.equal(second.host.session.step, 1);
  await third.tell("open", { scenario: SCENARIO, document: "broken" });
  assert.equal(third.host.session.step, 0);
});

test("an error ends the session and is told; the next command to open begins anew", async () => {
  const own = host();
  await own.open();
  await own.tell("run", { on: true });
  own.host.session.tick = () => { throw new Error("out of memory"); };
  own.host.turn();
  assert.match(own.sent.at(-1).message, /has stopped: out of memory/);
  assert.equal(own.host.session, null);
  await own.open();
  assert.equal(own.host.session.step, 0);
});
