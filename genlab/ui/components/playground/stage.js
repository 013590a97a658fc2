// One model's picture: critic surface, bent grid, data, samples and the pull on them; and its latent plane.

import { rgb } from "../colours.js";
import { brush, fresh, make } from "../dom.js";
import { FAMILIES, familyColour } from "./families.js";

const ARROW = 0.16; // Length of an arrow of gradient 1, as a share of the picture's side.
const LONGEST = 0.14;
/** @type {Colour} */
const REAL = [214, 158, 0];
/** @type {Colour} */
const FAKE = [136, 96, 176];

/**
 * The arrays of one model.
 *
 * @param {playground.Picture} picture
 * @param {playground.Model} model
 * @returns {playground.Layers}
 */
export function layersOf({ arrays }, model) {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(`${model}/`));
  return Object.fromEntries(own.map(([name, values]) => [name.slice(model.length + 1), values]));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} size
 * @param {playground.Plane} view
 * @param {playground.Layers} picture
 * @param {playground.Model} model
 * @param {Set<string>} show Layers.
 * @param {Theme} look
 */
export function drawStage(canvas, size, view, picture, model, show, look) {
  const context = fresh(canvas, size, size);
  /** @type {playground.Projection} */
  const place = (x, y) => [((x / view.half + 1) / 2) * size, ((1 - y / view.half) / 2) * size];
  const colour = familyColour(model, look.dark);
  if (show.has("critic") && picture.surface) drawSurface(context, size, picture.surface, look);
  if (show.has("manifold") && picture.manifold) drawManifold(context, place, picture.manifold, colour, view.half, look.line);
  if (show.has("data")) drawData(context, canvas, size, place, view, look);
  if (show.has("samples") && picture.samples) {
    dots(context, place, picture.samples, (size > 300 ? 2.6 : 2) * look.scale, colour, 0.85, FAMILIES[model].symbol);
  }
  if (show.has("arrows") && picture.arrows && picture.samples) {
    drawArrows(context, place, picture.samples, picture.arrows, size, look);
  }
}

/** @type {WeakMap<HTMLCanvasElement, { data: playground.Numbers, size: number, colour: string, layer: HTMLCanvasElement }>} */
const sheets = new WeakMap();

/**
 * The data stay as they are from picture to picture: they are drawn once for each size and theme.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} canvas
 * @param {number} size
 * @param {playground.Projection} place
 * @param {playground.Plane} view
 * @param {Theme} look
 */
function drawData(context, canvas, size, place, view, look) {
  let sheet = sheets.get(canvas);
  if (!sheet || sheet.data !== view.data || sheet.size !== size || sheet.colour !== look.real) {
    sheet = { data: view.data, size, colour: look.real, layer: make("canvas") };
    sheets.set(canvas, sheet);
    dots(fresh(sheet.layer, size, size), place, view.data, 1.4 * look.scale, look.real, 0.7, "circle");
  }
  context.drawImage(sheet.layer, 0, 0, size, size);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} size
 * @param {playground.Numbers} values
 * @param {Theme} look
 */
function drawSurface(context, size, values, look) {
  const side = values.shape[0];
  context.imageSmoothingQuality = "high";
  enlarge(context, size, side, (pixels) => {
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        const believed = values[row * side + column] / 255;
        const colour = believed > 0.5 ? REAL : FAKE;
        const at = 4 * ((side - 1 - row) * side + column);
        pixels.set([...colour, 255 * (look.dark ? 0.5 : 0.45) * Math.abs(2 * believed - 1)], at);
      }
    }
  });
}

/** @type {HTMLCanvasElement | undefined} */
let sheet;

/**
 * Draw a square of few pixels over the whole picture, smoothly.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} size
 * @param {number} side Of the square, in its own pixels.
 * @param {(pixels: Uint8ClampedArray) => void} fill
 */
function enlarge(context, size, side, fill) {
  sheet ??= make("canvas");
  sheet.width = sheet.height = side;
  const small = brush(sheet), image = small.createImageData(side, side);
  fill(image.data);
  small.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(sheet, 0, 0, size, size);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {playground.Projection} place
 * @param {playground.Numbers} points
 * @param {number} radius
 * @param {string} colour
 * @param {number} alpha
 * @param {string} symbol A marker, by plotly's name; a square where it is none of those below.
 */
function dots(context, place, points, radius, colour, alpha, symbol) {
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.beginPath();
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = place(points[at], points[at + 1]);
    if (symbol === "triangle-up") {
      const r = radius * 1.25;
      context.moveTo(x, y - r);
      context.lineTo(x + r, y + 0.75 * r);
      context.lineTo(x - r, y + 0.75 * r);
      context.closePath();
    } else if (symbol === "diamond") {
      const r = radius * 1.25;
      context.moveTo(x, y - r);
      context.lineTo(x + r, y);
      context.lineTo(x, y + r);
      context.lineTo(x - r, y);
      context.closePath();
    } else if (symbol === "circle") {
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 7);
    } else {
      context.rect(x - 0.9 * radius, y - 0.9 * radius, 1.8 * radius, 1.8 * radius);
    }
  }
  context.fill();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {playground.Projection} place
 * @param {playground.Numbers} samples
 * @param {playground.Numbers} arrows
 * @param {number} size
 * @param {Theme} look
 */
function drawArrows(context, place, samples, arrows, size, look) {
  context.strokeStyle = look.text;
  context.lineWidth = look.line;
  context.globalAlpha = 0.8;
  context.beginPath();
  for (let at = 0; at < arrows.length; at += 2) {
    const [x, y] = place(samples[at], samples[at + 1]);
    const length = Math.hypot(arrows[at], arrows[at + 1]);
    const drawn = Math.min(LONGEST, ARROW * length) * size;
    if (drawn < 1.5) continue;
    const [ux, uy] = [arrows[at] / length, -arrows[at + 1] / length];
    const [tipX, tipY] = [x + ux * drawn, y + uy * drawn];
    const head = Math.min(4 * look.line, drawn * 0.4);
    context.moveTo(x, y);
    context.lineTo(tipX, tipY);
    context.moveTo(tipX - head * (ux - 0.6 * uy), tipY - head * (uy + 0.6 * ux));
    context.lineTo(tipX, tipY);
    context.lineTo(tipX - head * (ux + 0.6 * uy), tipY - head * (uy - 0.6 * ux));
  }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * Each cell holds the same share of the prior: the smaller it has become, the denser the model is there.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {playground.Projection} place
 * @param {playground.Numbers} points
 * @param {string} colour
 * @param {number} half
 * @param {number} line How many times as thick lines are.
 */
function drawManifold(context, place, points, colour, half, line) {
  const [rows, columns] = points.shape;
  /** @param {number} row @param {number} column */
  const at = (row, column) => place(points[2 * (row * columns + column)], points[2 * (row * columns + column) + 1]);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = (rows === 1 ? 2 : 0.7) * line;
  const full = place(half, 0)[0] - place(-half, 0)[0];
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
      let area = 0;
      corners.forEach(([x, y], index) => {
        const [nextX, nextY] = corners[(index + 1) % 4];
        area += x * nextY - nextX * y;
      });
      context.globalAlpha = Math.min(0.4, (0.0006 * full * full) / (Math.abs(area) / 2 + 4));
      context.beginPath();
      corners.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      context.fill();
    }
  }
  context.globalAlpha = 0.55;
  context.beginPath();
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [x, y] = at(row, column);
      if (column) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
  }
  for (let column = 0; rows > 1 && column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) {
      const [x, y] = at(row, column);
      if (row) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
  }
  context.stroke();
  context.globalAlpha = 1;
}

const REACH = 3;
const ELLIPSES = 40;

/**
 * Prior contours, places that it leaves empty, encoded data and their spread.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} size
 * @param {playground.Layers} picture
 * @param {playground.Model} model
 * @param {Theme} look
 */
export function drawLatent(canvas, size, picture, model, look) {
  const context = fresh(canvas, size, size), { means, sds, holes } = picture;
  /** @type {playground.Projection} */
  const place = (x, y) => [((x / REACH + 1) / 2) * size, ((1 - y / REACH) / 2) * size];
  if (!means || !sds || !holes) return;
  const colour = familyColour(model, look.dark);
  drawHoles(context, size, holes, look);
  context.strokeStyle = look.text;
  context.globalAlpha = 0.45;
  context.lineWidth = look.line;
  context.setLineDash([3, 3]);
  for (const radius of [1, 2]) {
    context.beginPath();
    context.arc(size / 2, size / 2, (radius / REACH / 2) * size, 0, 7);
    context.stroke();
  }
  context.setLineDash([]);
  context.strokeStyle = colour;
  context.globalAlpha = 0.5;
  for (let at = 0; at < 2 * ELLIPSES; at += 2) {
    const [x, y] = place(means[at], means[at + 1]);
    const [a, b] = [sds[at], sds[at + 1]].map((sd) => Math.max(0.5, (sd / REACH / 2) * size));
    context.beginPath();
    context.ellipse(x, y, a, b, 0, 0, 7);
    context.stroke();
  }
  dots(context, place, means, 1.5 * look.line, colour, 0.9, FAMILIES[model].symbol);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} size
 * @param {playground.Numbers} holes
 * @param {Theme} look
 */
function drawHoles(context, size, holes, look) {
  const side = holes.shape[0], [red, green, blue] = rgb(look.text);
  enlarge(context, size, side, (pixels) => {
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        const [x, y] = [((column + 0.5) / side) * 2 * REACH - REACH, ((row + 0.5) / side) * 2 * REACH - REACH];
        const prior = Math.exp(-(x * x + y * y) / 2);
        const empty = holes[row * side + column] / 255;
        pixels.set([red, green, blue, 255 * 0.42 * empty * Math.sqrt(prior)], 4 * ((side - 1 - row) * side + column));
      }
    }
  });
}
