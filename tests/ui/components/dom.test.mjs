import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { copy, fitCanvas, make, paint, sentence } from "../../../genlab/ui/components/dom.js";

const real = globalThis.document;

/** As much of an element as is needed to see what was done to it. */
class Element {
  dataset = {};
  attributes = {};
  children = [];
  constructor(tag) {
    this.tag = tag;
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  append(...children) {
    this.children.push(...children);
  }
}

before(() => { globalThis.document = { createElement: (tag) => new Element(tag) }; });
after(() => { globalThis.document = real; });

test("what has a dash, and role and for, is an attribute; everything else a property", () => {
  const made = make("label", { className: "c", hidden: false, role: "img", for: "x", "aria-label": "a", tabIndex: 0, dataset: { kind: "k" } });
  assert.deepEqual(made.attributes, { role: "img", for: "x", "aria-label": "a" });
  assert.deepEqual([made.tag, made.className, made.hidden, made.tabIndex, made.dataset], ["label", "c", false, 0, { kind: "k" }]);
});

test("what is null or undefined is left out, of properties and of children", () => {
  const made = make("p", { title: undefined, onclick: null }, "text", null, undefined, "");
  assert.ok(!("title" in made) && !("onclick" in made));
  assert.deepEqual(made.children, ["text", ""], "text is text, never markup");
  assert.deepEqual(make("p").children, []);
});

/** A canvas that keeps what was put on it. */
function canvas() {
  const context = { createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }), putImageData(image) { this.put = image.data; } };
  return { width: 1, height: 1, context, getContext: () => context };
}

test("pixels are painted in their colours, grey ones in grey, at their own size", () => {
  const grey = canvas(), colour = canvas();
  paint(grey, Uint8Array.of(9, 9, 7, 8), [1, 1, 2], 1);
  assert.deepEqual([grey.width, grey.height, ...grey.context.put], [2, 1, 7, 7, 7, 255, 8, 8, 8, 255]);
  paint(colour, Uint8Array.of(1, 2, 3, 4, 5, 6), [3, 2, 1]);
  assert.deepEqual([colour.width, colour.height, ...colour.context.put], [1, 2, 1, 3, 5, 255, 2, 4, 6, 255]);
});

test("a canvas gets at most two device pixels for each of its own, and at least one in all", () => {
  const sheet = canvas();
  for (const [ratio, width, wanted] of [[3, 100, 200], [1.5, 101, 152], [undefined, 50, 50], [1, 0, 1]]) {
    globalThis.devicePixelRatio = ratio;
    fitCanvas(sheet, width, width);
    assert.deepEqual([sheet.width, sheet.height], [wanted, wanted]);
  }
  delete globalThis.devicePixelRatio;
});

test("whatever is thrown has a sentence", () => {
  assert.equal(sentence(new Error("It is full.")), "It is full.");
  assert.equal(sentence(new TypeError("")), "TypeError");
  assert.equal(sentence("so"), "so");
  assert.equal(sentence(undefined), "undefined");
});

test("a browser that does not let us copy says so", async () => {
  assert.equal(await copy("text"), false, "there is no clipboard here");
});
