// One time axis under all models: loss, KL, JS and modes, and a playhead that can be dragged back.

import { fresh, make } from "../dom.js";
import { count, number, share } from "../numbers.js";
import { familyColour } from "./families.js";

const GUTTER = 74;
const RIGHT = 14;
const ROW = 46;
const GAP = 10;
const AXIS = 18;

/** @type {{ key: "loss" | "kl" | "js" | "modes", title: string, unit: string }[]} */
const TRACKS = [
  { key: "loss", title: "Loss", unit: "" },
  { key: "kl", title: "KL", unit: "nats" },
  { key: "js", title: "JS", unit: "nats" },
  { key: "modes", title: "Modes", unit: "" },
];

/** @typedef {(typeof TRACKS)[number]} Track */

/** Height of a track: it has to hold two numbers, one above the other. @param {Theme} look */
const rowOf = ({ scale }) => ROW * (1 + 0.3 * (scale - 1));

/** One curve. @typedef {{ model: playground.Model, player: string, points: [step: number, value: number][] }} Line */

export class Timeline {
  /** @param {(step: number, end: boolean) => void} onSeek `end` when it is as far to the right as can be. */
  constructor(onSeek) {
    this.canvas = make("canvas", { className: "timeline" });
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "slider");
    for (const name of ["valuemin", "valuemax", "valuenow"]) this.canvas.setAttribute(`aria-${name}`, "0");
    this.canvas.setAttribute("aria-label", "Time: look back at the recorded training");
    /** @param {PointerEvent} event */
    const seek = (event) => {
      if (event.type === "pointermove" && !(event.buttons & 1)) return;
      const box = this.canvas.getBoundingClientRect();
      const along = (event.clientX - box.left - this.gutter) / (box.width - this.gutter - RIGHT);
      onSeek(Math.max(0, Math.min(1, along)) * this.last, along > 0.985);
      event.preventDefault();
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.canvas.focus();
      seek(event);
    });
    this.canvas.addEventListener("pointermove", seek);
    this.last = 1;
    /** Room for names at the left. */
    this.gutter = GUTTER;
  }

  /**
   * @param {playground.Row[]} rows
   * @param {playground.World} world
   * @param {playground.Model[]} models
   * @param {number} head The step that is looked at.
   * @param {boolean} live Whether that is now.
   * @param {Theme} look
   */
  draw(rows, world, models, head, live, look) {
    const tracks = tracksOf(Boolean(world.modes), look.scale > 1);
    const width = this.canvas.clientWidth, gutter = (this.gutter = GUTTER * look.scale), row = rowOf(look);
    const axis = AXIS * look.scale, height = tracks.length * (row + GAP) + axis;
    this.canvas.style.height = `${height}px`;
    if (!width) return;
    const context = fresh(this.canvas, width, height);
    context.font = `${12 * look.scale}px ${getComputedStyle(this.canvas).fontFamily || "sans-serif"}`;
    context.textBaseline = "middle";
    this.last = Math.max(1, head, rows.length ? rows[rows.length - 1].step : 1);
    /** @param {number} step */
    const x = (step) => gutter + (step / this.last) * (width - gutter - RIGHT);
    tracks.forEach((track, index) => {
      this.track(context, track, index * (row + GAP), linesOf(track.key, rows, models), world, x, look, width);
    });
    this.axis(context, tracks.length * (row + GAP), x, look, width);
    context.strokeStyle = look.text;
    context.lineWidth = (live ? 1 : 2) * look.line;
    context.globalAlpha = live ? 0.35 : 1;
    context.beginPath();
    context.moveTo(x(head), 0);
    context.lineTo(x(head), height - axis);
    context.stroke();
    context.globalAlpha = 1;
    this.canvas.setAttribute("aria-valuemin", "0");
    this.canvas.setAttribute("aria-valuemax", String(this.last));
    this.canvas.setAttribute("aria-valuenow", String(head));
    this.canvas.setAttribute("aria-valuetext", live ? `now, step ${count(head)}` : `looking back at step ${count(head)}`);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Track} track
   * @param {number} top
   * @param {Line[]} lines
   * @param {playground.World} world
   * @param {(step: number) => number} x
   * @param {Theme} look
   * @param {number} width
   */
  track(context, track, top, lines, world, x, look, width) {
    const [low, high] = range(track.key, lines, world), { scale } = look, row = rowOf(look);
    /** @param {number} value */
    const y = (value) => top + row - 3 - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (row - 6);
    context.fillStyle = look.text;
    context.globalAlpha = 0.05;
    context.fillRect(this.gutter, top, width - this.gutter - RIGHT, row);
    context.globalAlpha = 0.9;
    context.textAlign = "left";
    context.fillText(track.title, 0, top + row / 2 - (track.unit ? 7 * scale : 0));
    context.globalAlpha = 0.6;
    if (track.unit) context.fillText(track.unit, 0, top + row / 2 + 8 * scale);
    context.textAlign = "right";
    context.fillText(short(high), this.gutter - 6, top + 7 * scale);
    context.fillText(short(low), this.gutter - 6, top + row - 7 * scale);
    context.globalAlpha = 1;
    const floor = track.key === "kl" || track.key === "js" ? world.floor[track.key] : null;
    if (floor !== null) this.floor(context, y(floor), look, width);
    for (const line of lines) {
      context.strokeStyle = familyColour(line.model, look.dark);
      context.lineWidth = 1.6 * look.line;
      context.setLineDash(line.player === "critic" ? [4 * look.line, 3 * look.line] : []);
      context.beginPath();
      let down = false;
      for (const [step, value] of line.points) {
        if (down) context.lineTo(x(step), y(value));
        else context.moveTo(x(step), y(value));
        down = true;
      }
      context.stroke();
    }
    context.setLineDash([]);
  }

  /**
   * What as many real points would measure.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} y
   * @param {Theme} look
   * @param {number} width
   */
  floor(context, y, look, width) {
    context.strokeStyle = look.real;
    context.lineWidth = look.line;
    context.setLineDash([2 * look.line, 3 * look.line]);
    context.beginPath();
    context.moveTo(this.gutter, y);
    context.lineTo(width - RIGHT, y);
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} top
   * @param {(step: number) => number} x
   * @param {Theme} look
   * @param {number} width
   */
  axis(context, top, x, look, width) {
    context.fillStyle = look.text;
    context.globalAlpha = 0.65;
    const step = nice(this.last / Math.max(2, Math.floor((width - this.gutter) / (130 * look.scale))));
    for (let at = 0; at <= this.last; at += step) {
      context.textAlign = at ? "center" : "left";
      if (x(at) < width - 24 * look.scale) context.fillText(at ? count(at) : "0 steps", x(at), top + 6 * look.scale);
    }
    context.globalAlpha = 1;
  }
}

/**
 * What is drawn: all that there is, and in the hall, where little has room, the loss and what tells the most of the rest.
 *
 * @param {boolean} modes Whether the data have modes.
 * @param {boolean} hall
 */
export function tracksOf(modes, hall) {
  const known = TRACKS.filter((track) => track.key !== "modes" || modes);
  return hall ? [known[0], known[known.length - 1]] : known;
}

/** @param {Track["key"]} key @param {playground.Row[]} rows @param {playground.Model[]} models */
export function linesOf(key, rows, models) {
  /** @type {Map<string, Line>} */
  const lines = new Map();
  for (const row of rows) {
    for (const model of models) {
      const found = row.models[model];
      if (!found) continue;
      const values = key === "loss" ? found.losses : { "": found[key] };
      for (const [player, value] of Object.entries(values)) {
        if (value === null || value === undefined) continue;
        const name = `${model}/${player}`;
        const line = lines.get(name) ?? { model, player, points: [] };
        lines.set(name, line);
        line.points.push([row.step, value]);
      }
    }
  }
  return [...lines.values()];
}

/** Lowest and highest value that a track shows. @param {Track["key"]} key @param {Line[]} lines @param {playground.World} world */
function range(key, lines, world) {
  if (key === "modes") return [0, world.modes ?? 1];
  if (key === "js") return [0, Math.LN2];
  const values = lines.flatMap((line) => line.points.map((point) => point[1])).sort((a, b) => a - b);
  if (!values.length) return [0, 1];
  const [low, high] = [values[Math.floor(0.01 * values.length)], values[Math.ceil(0.98 * values.length) - 1]];
  if (key === "kl") return [0, Math.max(1, high)];
  const room = 0.08 * (high - low) + 0.05;
  return [low - room, high + room];
}

/** @param {number} value */
const short = (value) => (Math.abs(value) >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1));

/** The next larger round number of steps. @param {number} step */
export function nice(step) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, step)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= step) || step;
}

/**
 * What the curves say at one moment, for the cards under the stages: name, value, and what it is compared with.
 *
 * @param {playground.Row | undefined} row
 * @param {Pick<playground.World, "floor" | "modes">} world
 * @param {playground.Model} model
 * @param {boolean} [few] Only what counts, and without what it is compared with.
 */
export function readings(row, world, model, few = false) {
  const found = row?.models[model];
  if (!found) return [];
  /** @type {[name: string, value: string, beside?: string][]} */
  const one = world.modes ? [["modes", `${found.modes} of ${world.modes}`]] : [["KL", `${number(found.kl)} nats`]];
  if (few) return one;
  const alone = Object.keys(found.losses).length === 1;
  /** @type {[name: string, value: string, beside?: string][]} */
  const lines = Object.entries(found.losses).map(([player, value]) => [alone ? "loss" : `loss, ${player}`, number(value)]);
  lines.push(["KL to data", `${number(found.kl)} nats`, `real data ${number(world.floor.kl)}`]);
  lines.push(["JS", `${number(found.js)} nats`, `real data ${number(world.floor.js)}`]);
  if (world.modes) lines.push(["modes hit", `${found.modes} of ${world.modes}`, `${share(found.near)} near one`]);
  return lines;
}
