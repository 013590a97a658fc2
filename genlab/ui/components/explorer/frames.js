// A film that is decoded as a strip of its frames, shown one after the other in one place.

import { calm, dressPlay, iconButton, paint } from "../dom.js";
import { drawFrame, RATE } from "../media.js";

export class Frames {
  /**
   * @param {HTMLCanvasElement} canvas Where it is shown.
   * @param {number} count Frames in a picture, from left to right; 1 where it stands still.
   */
  constructor(canvas, count) {
    this.canvas = canvas;
    this.count = count;
    this.at = 0;
    this.timer = 0;
    this.strip = document.createElement("canvas");
    this.button = count > 1 ? iconButton("play", "Play", () => this.turn(!this.timer), "", "icon play") : null;
  }

  /** @param {latents.Pixels} pixels @param {Shape} shape */
  show(pixels, shape) {
    const first = this.strip.width !== shape[2];
    paint(this.strip, pixels, shape);
    this.draw();
    // Motion begins by itself unless it is unwelcome.
    if (first) this.turn(!calm());
  }

  draw() {
    const { width, height } = this.strip;
    drawFrame(this.canvas, this.strip, { x: 0, y: 0, width, height }, this.count, this.at);
  }

  /** @param {boolean} moving */
  turn(moving) {
    clearInterval(this.timer);
    this.timer = moving ? setInterval(() => {
      if (!this.canvas.isConnected) return this.turn(false);
      if (document.hidden) return;
      this.at += 1;
      this.draw();
    }, 1000 / RATE) : 0;
    if (this.button) dressPlay(this.button, moving);
  }
}
