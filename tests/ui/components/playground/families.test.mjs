import assert from "node:assert/strict";
import { test } from "node:test";

import { FAMILIES, familyColour, has, heeds, meet } from "../../../../genlab/ui/components/playground/families.js";
import { THREE } from "./three.mjs";

const flow = { ...THREE[1], name: "flow", title: "Flow", light: "#AA4499", dark: "#DB7FCB", parts: [], knobs: ["generator_lr"] };

test("families are what Python says, in its order, and nothing else", () => {
  meet([...THREE, flow]);
  assert.deepEqual(Object.keys(FAMILIES), ["vae", "gan", "vae_gan", "flow"]);
  assert.deepEqual([familyColour("flow", false), familyColour("flow", true)], ["#AA4499", "#DB7FCB"]);
  meet(THREE);
  assert.deepEqual(Object.keys(FAMILIES), ["vae", "gan", "vae_gan"]);
});

test("a model has the parts of its family", () => {
  meet([...THREE, flow]);
  assert.deepEqual(["vae", "gan", "vae_gan", "flow"].map((model) => has(model, "encoder")), [true, false, true, false]);
  assert.deepEqual(["vae", "gan", "vae_gan", "flow"].map((model) => has(model, "critic")), [false, true, true, false]);
});

test("a knob is for the families that claim it, and one that none claims for all", () => {
  meet([...THREE, flow]);
  assert.deepEqual(["vae", "gan", "vae_gan", "flow"].map((model) => heeds(model, "beta")), [true, false, true, false]);
  assert.deepEqual(["vae", "gan", "vae_gan", "flow"].map((model) => heeds(model, "pack")), [false, true, false, false]);
  assert.equal(heeds("flow", "generator_lr"), true);
  assert.equal(heeds("flow", "noise"), true);
});
