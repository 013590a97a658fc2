import assert from "node:assert/strict";
import { test } from "node:test";

import {
  along, circuit, dot, fitAffine, floatsToText, fromBase64, hull, invertAffine, length, lerp, nearestCodes, normal, packFlags, slerp,
  toBase64, turned, unpackFlags,
} from "../../../genlab/ui/components/maths.js";

const f = (...values) => Float32Array.from(values);

/** Whether two lists of numbers agree. */
function near(found, wanted, within = 1e-5) {
  assert.equal(found.length, wanted.length);
  Array.from(found).forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= within, `${found} is not ${wanted}`));
}

test("the straight way passes through the middle", () => {
  assert.deepEqual(lerp(f(0, 2), f(4, 0), 0.5), f(2, 1));
  assert.deepEqual(lerp(f(0, 2), f(4, 0), 0), f(0, 2));
  assert.equal(dot([1, 2], [3, 4]), 11);
  assert.equal(length([3, 4]), 5);
});

test("the way along the sphere keeps the length, or changes it evenly", () => {
  near(slerp(f(1, 0), f(0, 1), 0.5), [Math.SQRT1_2, Math.SQRT1_2]);
  near(slerp(f(1, 0), f(0, 1), 1 / 3), [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]);
  assert.ok(Math.abs(length(slerp(f(1, 0, 0), f(0, 3, 0), 0.25)) - 1.5) < 1e-5);
  near(slerp(f(2, 0), f(0, 3), 1), [0, 3]);
});

test("where there is no sphere, or no angle, the way is straight", () => {
  near(slerp(f(0, 0), f(2, 0), 0.5), [1, 0]);
  near(slerp(f(1, 1), f(3, 3), 0.5), [2, 2]);
  near(slerp(f(-1), f(3), 0.5), [1]);
  near(slerp(f(1, 0), f(-1, 0), 0.5), [0, 0]);
});

test("a path takes as long for each leg and ends at its last point", () => {
  const points = [f(0), f(10), f(10.5)];
  near(along(points, 0.25, lerp), [5]);
  near(along(points, 0.5, lerp), [10]);
  near(along(points, 1, lerp), [10.5]);
  near(along([f(7)], 0.3, lerp), [7]);
});

test("random draws are as many as asked for, and normal", () => {
  for (const n of [1, 2, 5]) assert.equal(normal(n).length, n);
  const many = normal(20_001);
  const mean = many.reduce((a, b) => a + b, 0) / many.length;
  const variance = many.reduce((a, b) => a + b * b, 0) / many.length;
  assert.ok(Math.abs(mean) < 0.05, `${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.07, `${variance}`);
});

test("the nearest codes are those that sorting all of them finds", () => {
  const codes = normal(400 * 3), z = normal(3);
  const all = Array.from({ length: 400 }, (_, index) => {
    const own = codes.subarray(3 * index, 3 * index + 3);
    return { index, distance: Math.hypot(own[0] - z[0], own[1] - z[1], own[2] - z[2]) };
  }).sort((a, b) => a.distance - b.distance);
  const found = nearestCodes(codes, 3, z, 7);
  assert.deepEqual(found.map((each) => each.index), all.slice(0, 7).map((each) => each.index));
  near(found.map((each) => each.distance), all.slice(0, 7).map((each) => each.distance), 1e-4);
  const odd = nearestCodes(codes, 3, z, 7, (index) => index % 2 === 1);
  assert.deepEqual(odd.map((each) => each.index), all.filter(({ index }) => index % 2).slice(0, 7).map((each) => each.index));
  assert.equal(nearestCodes(codes, 3, z, 500).length, 400);
});

test("a linear projection is recovered and inverted; another is refused", () => {
  const codes = normal(300 * 2), places = new Float32Array(600), bent = new Float32Array(600);
  for (let i = 0; i < 300; i++) {
    const [x, y] = codes.subarray(2 * i, 2 * i + 2);
    places.set([0.3 * x - 0.1 * y + 0.2, 0.05 * x + 0.4 * y - 0.1], 2 * i);
    bent.set([0.3 * x * x, y], 2 * i);
  }
  const affine = fitAffine(codes, 2, places);
  near(affine.apply([1, 2]), [0.3, 0.75], 1e-4);
  near(invertAffine(affine, ...affine.apply([-0.7, 1.3])), [-0.7, 1.3], 1e-3);
  assert.equal(fitAffine(codes, 2, bent), null);
  assert.equal(fitAffine(codes.subarray(0, 6), 2, places.subarray(0, 6)), null, "three points fit anything");
});

test("codes that lie on a line fit no plane of places", () => {
  const codes = new Float32Array(200), places = new Float32Array(200);
  for (let i = 0; i < 100; i++) {
    codes.set([i, i], 2 * i);
    places.set([Math.sin(i), Math.cos(i)], 2 * i);
  }
  assert.equal(fitAffine(codes, 2, places), null);
});

test("base64 brings back every byte, in either alphabet", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) & 255);
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  assert.deepEqual(fromBase64("-_-_"), Uint8Array.of(251, 255, 191));
  assert.throws(() => fromBase64("a b*"));
});

test("floats are written as the server reads them", () => {
  assert.equal(floatsToText([1, -2.5]), Buffer.from(f(1, -2.5).buffer).toString("base64url"));
  assert.deepEqual(new Float32Array(fromBase64(floatsToText([0.1, 7, -3])).buffer), f(0.1, 7, -3));
});

test("flags are packed as Python unpacks them: the first item in the lowest bit", () => {
  const flags = Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0, 1, 1);
  assert.equal(packFlags(flags), Buffer.of(9, 3).toString("base64"));
  assert.deepEqual(unpackFlags(packFlags(flags), 10), flags);
  assert.deepEqual(unpackFlags("", 3), new Uint8Array(3));
});

test("the hull of a square leaves out what is inside and on its sides", () => {
  const corners = [[0, 0], [2, 0], [2, 2], [0, 2]];
  const found = hull([[1, 1], ...corners, [1, 0], [0.5, 1.5]]);
  assert.deepEqual(new Set(found.map(String)), new Set(corners.map(String)));
  assert.equal(found.length, 4);
  assert.equal(hull([[1, 1], [0, 0]]).length, 2);
});

test("a closed walk is the one that Python draws films of, and comes back to where it began", () => {
  const waves = f(1, 2, 3, 4, 5, 6, 7, 8);
  near(circuit(waves, 2, 0.1), [7.618971824645996, 9.497666358947754]);
  near(circuit(waves, 2, 1), circuit(waves, 2, 0));
  const one = f(2, 0, 0, 2);
  for (const t of [0, 0.2, 0.7]) assert.ok(Math.abs(length(circuit(one, 2, t)) - 2) < 1e-5, "one wave is a circle");
});

test("a latent turned towards another keeps what both have in common", () => {
  near(turned(f(3, 0), f(0, 3), 0), [3, 0]);
  near(turned(f(3, 0), f(0, 3), Math.PI / 2), [0, 3]);
  assert.ok(Math.abs(length(turned(f(3, 0), f(0, 3), 0.7)) - 3) < 1e-6);
});
