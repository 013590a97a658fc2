// What was seen so far: pictures with all layers, few enough to fit in memory, evenly spread over the training.

const MOST = 150;

export class History {
  constructor() {
    /** @type {playground.Moment[]} */
    this.moments = [];
    this.spacing = 0;
    /** @type {playground.Row[]} */
    this.rows = [];
  }

  clear() {
    this.moments = [];
    this.spacing = 0;
    this.rows = [];
  }

  /** Keep a full picture; when there are too many, every second one goes and the next come half as often. @param {playground.Picture} picture */
  add(picture) {
    if (picture.step < (this.moments.at(-1)?.picture.step ?? 0)) Object.assign(this, { moments: [], spacing: 0 });
    const last = this.moments.at(-1);
    if (last && picture.step === last.picture.step) this.moments.pop();
    else if (last && picture.step - last.picture.step < this.spacing && this.moments.length > 1) return;
    this.moments.push({ picture, row: picture.row });
    if (this.moments.length > MOST) {
      this.moments = this.moments.filter((_, index) => index % 2 === 0);
      const span = this.moments[this.moments.length - 1].picture.step - this.moments[0].picture.step;
      this.spacing = span / this.moments.length;
    }
  }

  /** Keep a row of the curves. @param {playground.Row} row */
  addRow(row) {
    if (row.step < (this.rows.at(-1)?.step ?? 0)) this.rows = [];
    if (row.step === this.rows.at(-1)?.step) this.rows.pop();
    this.rows.push(row);
    if (this.rows.length > 800) this.rows = this.rows.filter((_, index) => index % 2 === 0 || index > 400);
  }

  /** Which of the moments is nearest to a step. @param {number} step */
  nearest(step) {
    let best = 0;
    this.moments.forEach((moment, index) => {
      if (Math.abs(moment.picture.step - step) < Math.abs(this.moments[best].picture.step - step)) best = index;
    });
    return best;
  }
}
