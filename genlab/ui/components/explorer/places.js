// Where points are: the nearest one to the pointer, those inside a shape, and where the view puts them.

/** Whether an item is shown. @typedef {(index: number) => boolean} Visible */

/** Where an item is. @param {ArrayLike<number>} places @param {number} index @returns {Place} */
export const placeOf = (places, index) => [places[2 * index], places[2 * index + 1]];

/** A grid over places [n, 2] in [-1, 1], so that the nearest point is found without looking at all of them. */
export class Grid {
  /** @param {Float32Array} places */
  constructor(places) {
    this.places = places;
    const n = places.length / 2;
    this.side = Math.max(1, Math.min(256, Math.round(Math.sqrt(n / 4))));
    this.starts = new Uint32Array(this.side * this.side + 1);
    const cells = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      cells[i] = this.cell(places[2 * i]) + this.side * this.cell(places[2 * i + 1]);
      this.starts[cells[i] + 1]++;
    }
    for (let c = 0; c < this.starts.length - 1; c++) this.starts[c + 1] += this.starts[c];
    this.items = new Uint32Array(n);
    const next = this.starts.slice();
    for (let i = 0; i < n; i++) this.items[next[cells[i]]++] = i;
  }

  /** The row or column of a coordinate. @param {number} value */
  cell(value) {
    return Math.max(0, Math.min(this.side - 1, Math.floor(((value + 1) / 2) * this.side)));
  }

  /**
   * The visible point nearest to (x, y) within `reach`, or -1.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} reach
   * @param {Visible} visible
   */
  nearest(x, y, reach, visible) {
    const lowX = this.cell(x - reach), highX = this.cell(x + reach);
    let best = -1, far = reach * reach;
    for (let row = this.cell(y - reach); row <= this.cell(y + reach); row++) {
      for (let at = this.starts[row * this.side + lowX]; at < this.starts[row * this.side + highX + 1]; at++) {
        const i = this.items[at];
        const d = (this.places[2 * i] - x) ** 2 + (this.places[2 * i + 1] - y) ** 2;
        if (d <= far && visible(i)) { far = d; best = i; }
      }
    }
    return best;
  }
}

/**
 * The nearest visible point from item `from` towards (dx, dy): what an arrow key steps to; -1 at the edge.
 *
 * @param {Float32Array} places
 * @param {number} from
 * @param {number} dx
 * @param {number} dy
 * @param {Visible} visible
 */
export function step(places, from, dx, dy, visible) {
  const x = places[2 * from], y = places[2 * from + 1];
  let best = -1, least = Infinity;
  for (let i = 0; i < places.length / 2; i++) {
    const ahead = (places[2 * i] - x) * dx + (places[2 * i + 1] - y) * dy;
    if (ahead <= 1e-6) continue;
    const aside = Math.abs((places[2 * i] - x) * dy - (places[2 * i + 1] - y) * dx);
    const cost = ahead + 3 * aside;
    if (cost < least && visible(i)) { least = cost; best = i; }
  }
  return best;
}

/**
 * Calls `found(i)` for each visible point inside a polygon (even-odd rule).
 *
 * @param {Float32Array} places
 * @param {Place[]} polygon
 * @param {Visible} visible
 * @param {(index: number) => void} found
 */
export function inside(places, polygon, visible, found) {
  const n = polygon.length;
  let lowX = Infinity, highX = -Infinity, lowY = Infinity, highY = -Infinity;
  for (const [x, y] of polygon) {
    lowX = Math.min(lowX, x); highX = Math.max(highX, x); lowY = Math.min(lowY, y); highY = Math.max(highY, y);
  }
  for (let i = 0; i < places.length / 2; i++) {
    const x = places[2 * i], y = places[2 * i + 1];
    if (x < lowX || x > highX || y < lowY || y > highY || !visible(i)) continue;
    let odd = false;
    for (let a = 0, b = n - 1; a < n; b = a++) {
      const [ax, ay] = polygon[a], [bx, by] = polygon[b];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    }
    if (odd) found(i);
  }
}

/**
 * Corners of the box from where a drag began to where it is.
 *
 * @param {Pick<explorer.Drag, "start" | "last">} drag
 * @returns {Place[]}
 */
export function boxOf({ start: [ax, ay], last: [bx, by] }) {
  return [[ax, ay], [bx, ay], [bx, by], [ax, by]];
}

/**
 * A lasso's corners without those that lie within a pixel or two of the one before: fewer to compare points with.
 *
 * @param {Place[]} path
 * @param {number} least
 */
export function thinned(path, least) {
  const kept = [path[0]];
  for (const point of path) {
    const last = kept[kept.length - 1];
    if ((point[0] - last[0]) ** 2 + (point[1] - last[1]) ** 2 >= least * least) kept.push(point);
  }
  return kept;
}

/** Zoom and place of a map: from places in [-1, 1] to CSS pixels and back, with equal aspect. */
export class View {
  constructor() {
    this.width = this.height = 1;
    this.zoom = 1;
    this.x = this.y = 0;
  }

  reset() {
    Object.assign(this, { zoom: 1, x: 0, y: 0 });
  }

  /** CSS pixels of a unit of places. */
  get unit() {
    return (Math.min(this.width, this.height) / 2) * this.zoom;
  }

  /** @param {number} x @param {number} y @returns {Place} */
  toScreen(x, y) {
    return [this.width / 2 + (x - this.x) * this.unit, this.height / 2 - (y - this.y) * this.unit];
  }

  /** @param {number} px @param {number} py @returns {Place} */
  toPlace(px, py) {
    return [this.x + (px - this.width / 2) / this.unit, this.y - (py - this.height / 2) / this.unit];
  }

  /** @param {number} dx @param {number} dy In CSS pixels. */
  move(dx, dy) {
    this.x -= dx / this.unit;
    this.y += dy / this.unit;
    this.keep();
  }

  /** Zoom about a pixel, which stays where it is. @param {number} px @param {number} py @param {number} factor */
  zoomAt(px, py, factor) {
    const [x, y] = this.toPlace(px, py);
    this.zoom = Math.max(0.5, Math.min(200, this.zoom * factor));
    const [nx, ny] = this.toPlace(px, py);
    this.x += x - nx;
    this.y += y - ny;
    this.keep();
  }

  /** Never so far away that no point can be seen. */
  keep() {
    this.x = Math.max(-1.5, Math.min(1.5, this.x));
    this.y = Math.max(-1.5, Math.min(1.5, this.y));
  }

  /** For the graphics card: from places to clip space. @returns {explorer.Clip} */
  clip() {
    const sx = (2 * this.unit) / this.width, sy = (2 * this.unit) / this.height;
    return { sx, sy, tx: -this.x * sx, ty: -this.y * sy };
  }
}
