import assert from "node:assert/strict";
import { test } from "node:test";

import { listed } from "../../../../genlab/ui/components/front/front.js";

test("models are named in a sentence", () => {
  assert.equal(listed([{ one: "a VAE" }, { one: "a GAN" }, { one: "a VAE-GAN" }]), "A VAE, a GAN and a VAE-GAN");
  assert.equal(listed([{ one: "a VAE" }, { one: "a GAN" }]), "A VAE and a GAN");
  assert.equal(listed([{ one: "a VAE" }]), "A VAE");
});
