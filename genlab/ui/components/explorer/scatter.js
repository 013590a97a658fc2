// Points on a WebGL canvas: tens of thousands of them, moved from one projection to another by the graphics card.

import { brush } from "../dom.js";

/** @typedef {"before" | "after" | "colour" | "kind"} Input */
/** @type {Input[]} */
const INPUTS = ["before", "after", "colour", "kind"];

const VERTEX = `#version 300 es
in vec2 before; in vec2 after; in vec4 colour; in float kind;
uniform vec2 scale; uniform vec2 shift; uniform float share; uniform float size; uniform float chosen;
out vec4 ink; flat out float shape; flat out float pixels;
void main() {
  float selected = mod(kind, 2.0);
  vec2 place = mix(before, after, share);
  pixels = size * (chosen > 0.5 && selected > 0.5 ? 1.25 : 1.0) * (kind > 1.5 ? 1.15 : 1.0);
  shape = kind > 1.5 ? 1.0 : 0.0;
  gl_Position = vec4(place * scale + shift, 0.0, 1.0);
  gl_PointSize = pixels;
  ink = colour;
  if (chosen > 0.5 && selected < 0.5) ink.a *= 0.16;
  if (colour.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 ink; flat in float shape; flat in float pixels;
out vec4 result;
void main() {
  vec2 at = abs(gl_PointCoord * 2.0 - 1.0);
  float edge = 2.5 / pixels;
  float alpha;
  if (shape < 0.5) {
    alpha = 1.0 - smoothstep(1.0 - edge, 1.0, length(at));
  } else {
    float far = at.x + at.y;
    alpha = 1.0 - smoothstep(1.0 - edge, 1.0, far);
    if (pixels > 5.0) alpha *= 0.35 + 0.65 * smoothstep(0.45 - edge, 0.45, far);
  }
  result = vec4(ink.rgb, 1.0) * (ink.a * alpha);
}`;

/** Points with WebGL 2; `Scatter.on(canvas)` falls back to a plain canvas where there is none. */
export class Scatter {
  /** @param {HTMLCanvasElement} canvas @returns {Scatter | PlainScatter} */
  static on(canvas) {
    const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, premultipliedAlpha: true });
    return gl ? new Scatter(canvas, gl) : new PlainScatter(canvas);
  }

  /** @param {HTMLCanvasElement} canvas @param {WebGL2RenderingContext} gl */
  constructor(canvas, gl) {
    this.canvas = canvas;
    this.gl = gl;
    this.n = 0;
    this.share = 1;
    /** Called when the graphics card has given the canvas back. */
    this.onrestored = () => {};
    /** @type {Record<Input, Float32Array | Uint8Array>} */
    this.arrays = { before: new Float32Array(0), after: new Float32Array(0), colour: new Uint8Array(0), kind: new Uint8Array(0) };
    this.program = this.build();
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.program = this.build();
      for (const name of INPUTS) this.fill(name);
      this.onrestored();
    });
  }

  /** The program with the places of what it is told, and a buffer for each array. */
  build() {
    const { gl } = this, program = gl.createProgram();
    for (const shader of [compiled(gl, gl.VERTEX_SHADER, VERTEX), compiled(gl, gl.FRAGMENT_SHADER, FRAGMENT)]) {
      if (shader) gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    /** @param {string} name */
    const uniform = (name) => gl.getUniformLocation(program, name);
    return {
      program,
      buffers: { before: gl.createBuffer(), after: gl.createBuffer(), colour: gl.createBuffer(), kind: gl.createBuffer() },
      uniforms: { scale: uniform("scale"), shift: uniform("shift"), share: uniform("share"), size: uniform("size"), chosen: uniform("chosen") },
    };
  }

  /** Give the graphics card an array anew. @param {Input} name */
  fill(name) {
    const { gl } = this, { program, buffers } = this.program, place = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, this.arrays[name], gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(place);
    if (name === "colour") gl.vertexAttribPointer(place, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    else if (name === "kind") gl.vertexAttribPointer(place, 1, gl.UNSIGNED_BYTE, false, 0, 0);
    else gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
  }

  /** New places [n, 2]; with `from`, `share` moves points from there. @param {Float32Array} places @param {Float32Array} [from] */
  setPlaces(places, from = places) {
    this.n = places.length / 2;
    this.arrays.before = from;
    this.arrays.after = places;
    this.fill("before");
    this.fill("after");
  }

  /** Colours [n, 4] of 0 to 255; an alpha of 0 hides a point. @param {Uint8Array} colours */
  setColours(colours) {
    this.arrays.colour = colours;
    this.fill("colour");
  }

  /** Kinds [n]: 1 selected, 2 a sample, 3 both. @param {Uint8Array} kinds */
  setKinds(kinds) {
    this.arrays.kind = kinds;
    this.fill("kind");
  }

  /**
   * @param {explorer.Clip} view From places to clip space.
   * @param {number} size Diameter of a point in device pixels.
   * @param {boolean} chosen Whether some are selected, so that the others are faint.
   */
  draw(view, size, chosen) {
    const { gl } = this, { program, uniforms } = this.program;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.n || this.arrays.colour.length !== 4 * this.n || this.arrays.kind.length !== this.n) return;
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.uniform2f(uniforms.scale, view.sx, view.sy);
    gl.uniform2f(uniforms.shift, view.tx, view.ty);
    gl.uniform1f(uniforms.share, this.share);
    gl.uniform1f(uniforms.size, size);
    gl.uniform1f(uniforms.chosen, chosen ? 1 : 0);
    gl.drawArrays(gl.POINTS, 0, this.n);
  }

  destroy() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/** @param {WebGL2RenderingContext} gl @param {number} type @param {string} source */
function compiled(gl, type, source) {
  const shader = gl.createShader(type);
  if (!shader) return null;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

/** The same without WebGL: slower, but everything can be seen. */
class PlainScatter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = brush(canvas);
    this.n = 0;
    this.share = 1;
    this.onrestored = () => {};
    /** @type {Float32Array} */
    this.places = new Float32Array(0);
    /** @type {Uint8Array | null} */
    this.colours = null;
    /** @type {Uint8Array | null} */
    this.kinds = null;
  }

  /** @param {Float32Array} places */
  setPlaces(places) {
    this.places = places;
    this.n = places.length / 2;
  }

  /** @param {Uint8Array} colours */
  setColours(colours) {
    this.colours = colours;
  }

  /** @param {Uint8Array} kinds */
  setKinds(kinds) {
    this.kinds = kinds;
  }

  /** @param {explorer.Clip} view @param {number} size @param {boolean} chosen */
  draw(view, size, chosen) {
    const { context, canvas, places, colours, kinds } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!this.n || !colours || !kinds) return;
    const half = size / 2;
    for (let i = 0; i < this.n; i++) {
      const alpha = (colours[4 * i + 3] / 255) * (chosen && !(kinds[i] & 1) ? 0.16 : 1);
      if (!alpha) continue;
      context.fillStyle = `rgba(${colours[4 * i]},${colours[4 * i + 1]},${colours[4 * i + 2]},${alpha})`;
      const x = ((places[2 * i] * view.sx + view.tx + 1) / 2) * canvas.width;
      const y = ((1 - places[2 * i + 1] * view.sy - view.ty) / 2) * canvas.height;
      context.fillRect(x - half, y - half, size, size);
    }
  }

  destroy() {}
}
