// Sounds and films of items: one sound at a time, and films cut from the strip of frames that is their picture.

import { brush } from "./dom.js";

/** Frames of a film in a second. */
export const RATE = 8;

/** @type {HTMLAudioElement | null} */
let voice = null;

/** What is heard now. @type {{ stop(): void } | null} */
let heard = null;

/** Silence whatever is heard. */
export const hush = () => heard?.stop();

/**
 * Let a sound be heard; another one that is heard stops.
 *
 * @param {string} address
 * @param {{ ended?: () => void, failed?: () => void, repeat?: boolean }} [then] Called when it is over, or is no sound.
 */
export function hear(address, { ended, failed, repeat = false } = {}) {
  hush();
  const audio = (voice ??= new Audio());
  const mine = {
    stop() {
      if (heard !== mine) return;
      heard = null;
      audio.onended = audio.onerror = audio.onplaying = null;
      audio.pause();
      ended?.();
    },
  };
  heard = mine;
  const fail = () => {
    const asked = heard === mine;
    mine.stop();
    if (asked) failed?.();
  };
  performance.mark("genlab:hear");
  audio.loop = repeat;
  audio.onended = () => mine.stop();
  audio.onerror = fail;
  audio.onplaying = () => void performance.measure("genlab:sound", "genlab:hear");
  audio.src = new URL(address, document.baseURI).href;
  audio.play().catch((/** @type {unknown} */ error) => {
    // What is stopped before it begins has not failed.
    if (!(error instanceof DOMException && error.name === "AbortError")) fail();
  });
  return mine;
}

/**
 * Draw one frame of a film whose frames stand from left to right in a part of a picture.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasImageSource} picture
 * @param {{ x: number, y: number, width: number, height: number }} part
 * @param {number} frames
 * @param {number} at Which frame; beyond the last it begins anew.
 */
export function drawFrame(canvas, picture, { x, y, width, height }, frames, at) {
  const w = Math.max(1, Math.floor(width / frames));
  if (canvas.width !== w || canvas.height !== height) Object.assign(canvas, { width: w, height });
  const context = brush(canvas);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, x + (at % frames) * w, y, w, height, 0, 0, w, height);
}
