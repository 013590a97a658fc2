// Where the walk is: it goes round by itself, follows whoever takes it over, and goes on from there when it is let go.

/** Seconds of one way round. */
export const ROUND = 22;

/** Share of the way round that the width of a picture is, for a pointer. */
const WIDTH = 0.25;

/** How far the height of a picture turns the latents away from the walk, in radians. */
const HEIGHT = 2;

/** Seconds in which most of the way to where the hand points is gone. */
const EASE = 0.12;

/** A frame that came late moves no further than one of this many seconds. */
const LONGEST = 0.1;

const STILL = 1e-4;

export class Motion {
  constructor() {
    this.t = this.angle = 0;
    this.playing = false;
    /** Who has taken the walk over. @type {"" | "pointer" | "slider"} */
    this.held = "";
    this.goal = { t: 0, angle: 0 };
    /** Where the pointer was when it took over. */
    this.start = { t: 0, x: 0, y: 0 };
  }

  /** Whether the next frame differs from this one. */
  get moving() {
    const far = Math.abs(this.goal.angle - this.angle) > STILL || (this.held !== "" && Math.abs(this.goal.t - this.t) > STILL);
    return far || (this.playing && this.held === "");
  }

  /** The place on the way round, 0 to 1. */
  get share() {
    return this.t - Math.floor(this.t);
  }

  /** A pointer came over a picture, at shares x and y of its width and height. @param {number} x @param {number} y */
  take(x, y) {
    this.held = "pointer";
    this.start = { t: this.t, x, y };
    this.goal = { t: this.t, angle: this.angle };
  }

  /** The pointer moved. @param {number} x @param {number} y */
  point(x, y) {
    if (this.held !== "pointer") this.take(x, y);
    this.goal = { t: this.start.t + (x - this.start.x) * WIDTH, angle: (y - this.start.y) * HEIGHT };
  }

  /** The slider was moved to a share of the way. @param {number} share */
  slide(share) {
    this.held = "slider";
    // The shorter way there, also across the end of the round.
    const way = share - this.share;
    this.goal = { t: this.t + way - Math.round(way), angle: 0 };
  }

  /** Whoever holds the walk lets it go. @param {"pointer" | "slider"} who */
  release(who) {
    if (this.held !== who) return;
    this.held = "";
    this.goal = { t: this.t, angle: 0 };
  }

  /** Some time has passed. @param {number} seconds */
  advance(seconds) {
    const passed = Math.min(LONGEST, Math.max(0, seconds)), share = 1 - Math.exp(-passed / EASE);
    this.angle += (this.goal.angle - this.angle) * share;
    if (Math.abs(this.goal.angle - this.angle) < STILL) this.angle = this.goal.angle;
    if (this.held !== "") this.t += (this.goal.t - this.t) * share;
    else if (this.playing) this.t += passed / ROUND;
  }
}
