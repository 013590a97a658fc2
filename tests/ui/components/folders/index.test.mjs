import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import keepFolders from "../../../../genlab/ui/components/folders/index.js";

const real = globalThis.File;

before(() => {
  globalThis.File = class {
    constructor(chosen, dropped) {
      Object.assign(this, { chosen, relativePath: dropped });
    }
    get webkitRelativePath() {
      return this.chosen;
    }
  };
});

after(() => { globalThis.File = real; });

test("a dropped folder's file says where it lies, once, and a chosen one still does", () => {
  keepFolders();
  keepFolders();
  const path = (chosen, dropped) => new File(chosen, dropped).webkitRelativePath;
  assert.equal(path("", "/cats/black/1.png"), "cats/black/1.png");
  assert.equal(path("dogs/2.png", "/cats/1.png"), "dogs/2.png");
  assert.equal(path("", "/1.png"), "", "it lies in no folder");
  assert.equal(path("", "./1.png"), "");
  assert.equal(path("", undefined), "");
});
