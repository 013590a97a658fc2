// Files that leave the page: the saved session and the animated picture of its history. Nothing goes over the network.

import { theme } from "../colours.js";
import { brush, download, fresh, make } from "../dom.js";
import { count } from "../numbers.js";
import { FAMILIES } from "./families.js";
import { encode } from "./gif.js";
import { drawStage, layersOf } from "./stage.js";

const SIDE = 300;
const MARGIN = 10;
const HEAD = 30;
const MOST = 60;

/**
 * Give the recorded history away as an animated picture.
 *
 * @param {Pick<playground.Page, "scenario" | "history" | "element">} page
 * @param {playground.Plane & { modes: number | null }} world
 * @param {(share: number) => void} onProgress
 */
export async function exportGif(page, world, onProgress) {
  const { scenario, history } = page;
  const look = theme(page.element);
  const show = new Set(scenario.show);
  const every = Math.max(1, Math.ceil(history.moments.length / MOST));
  const moments = history.moments.filter((_, index, all) => index % every === 0 || index === all.length - 1);
  const sheet = make("canvas");
  sheet.width = scenario.models.length * (SIDE + MARGIN) + MARGIN;
  sheet.height = SIDE + HEAD + MARGIN;
  const context = brush(sheet, { willReadFrequently: true });
  const frames = moments.map((moment) => {
    paint(context, sheet, moment, scenario, world, show, look);
    return context.getImageData(0, 0, sheet.width, sheet.height);
  });
  const bytes = await encode(frames, 10, onProgress);
  download(new Blob(bytes, { type: "image/gif" }), `genlab-playground-${scenario.data}.gif`);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} sheet
 * @param {playground.Moment} moment
 * @param {playground.Scenario} scenario
 * @param {playground.Plane & { modes: number | null }} world
 * @param {Set<string>} show
 * @param {Theme} look
 */
function paint(context, sheet, { picture, row }, scenario, world, show, look) {
  context.fillStyle = look.ground;
  context.fillRect(0, 0, sheet.width, sheet.height);
  const small = make("canvas");
  scenario.models.forEach((model, index) => {
    const left = MARGIN + index * (SIDE + MARGIN);
    const own = layersOf(picture, model);
    fresh(small, SIDE, SIDE);
    drawStage(small, SIDE, world, own, model, show, look);
    context.drawImage(small, left, HEAD, SIDE, SIDE);
    context.strokeStyle = context.fillStyle = look.text;
    context.globalAlpha = 0.25;
    context.strokeRect(left + 0.5, HEAD + 0.5, SIDE - 1, SIDE - 1);
    context.globalAlpha = 1;
    context.font = "13px sans-serif";
    const modes = world.modes && row.models[model] ? ` · ${row.models[model].modes} of ${world.modes} modes` : "";
    context.fillText(`${FAMILIES[model].title} · step ${count(picture.step)}${modes}`, left, HEAD - 11);
  });
}
