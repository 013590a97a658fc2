// Points on a WebGL canvas: tens of thousands of them, moved from one projection to another by the graphics card.

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
  static on(canvas) {
    const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, premultipliedAlpha: true });
    return gl ? new Scatter(canvas, gl) : new PlainScatter(canvas);
  }

  constructor(canvas, gl) {
    Object.assign(this, { canvas, gl, n: 0, share: 1 });
    this.arrays = { before: new Float32Array(0), after: new Float32Array(0), colour: new Uint8Array(0), kind: new Uint8Array(0) };
    this.build();
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.build();
      for (const name of Object.keys(this.arrays)) this.fill(name);
      this.onrestored?.();
    });
  }

  build() {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    this.program = program;
    this.buffers = {};
    this.uniforms = {};
    for (const name of ["scale", "shift", "share", "size", "chosen"]) this.uniforms[name] = gl.getUniformLocation(program, name);
    for (const name of ["before", "after", "colour", "kind"]) this.buffers[name] = gl.createBuffer();
  }

  fill(name) {
    const { gl } = this, place = gl.getAttribLocation(this.program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, this.arrays[name], gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(place);
    if (name === "colour") gl.vertexAttribPointer(place, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    else if (name === "kind") gl.vertexAttribPointer(place, 1, gl.UNSIGNED_BYTE, false, 0, 0);
    else gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
  }

  /** New places [n, 2]; with `from`, `share` moves points from there. */
  setPlaces(places, from = places) {
    this.n = places.length / 2;
    this.arrays.before = from;
    this.arrays.after = places;
    this.fill("before");
    this.fill("after");
  }

  /** Colours [n, 4] of 0 to 255; an alpha of 0 hides a point. */
  setColours(colours) {
    this.arrays.colour = colours;
    this.fill("colour");
  }

  /** Kinds [n]: 1 selected, 2 a sample, 3 both. */
  setKinds(kinds) {
    this.arrays.kind = kinds;
    this.fill("kind");
  }

  /** @param view {sx, sy, tx, ty} from places to clip space; @param size diameter of a point in device pixels. */
  draw(view, size, chosen) {
    const { gl, uniforms } = this;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.n || this.arrays.colour.length !== 4 * this.n || this.arrays.kind.length !== this.n) return;
    gl.useProgram(this.program);
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

/** The same without WebGL: slower, but everything can be seen. */
class PlainScatter {
  constructor(canvas) {
    Object.assign(this, { canvas, context: canvas.getContext("2d"), n: 0, share: 1 });
  }

  setPlaces(places) {
    this.places = places;
    this.n = places.length / 2;
  }

  setColours(colours) {
    this.colours = colours;
  }

  setKinds(kinds) {
    this.kinds = kinds;
  }

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
