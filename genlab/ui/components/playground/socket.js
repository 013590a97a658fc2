// The line to the server: commands out, pictures and events in; it finds its way back when it breaks.

const NUMBERS = { f4: Float32Array, u1: Uint8Array };

/** @typedef {{ arrays: Record<string, [type: keyof typeof NUMBERS, shape: number[], offset: number]> }} Header */

/**
 * A picture: JSON, then the arrays that it names with type, shape and offset.
 *
 * @param {ArrayBuffer} buffer
 * @returns {playground.Picture | playground.World}
 */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  /** @type {Header} */
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  /** @type {Record<string, playground.Numbers>} */
  const arrays = {};
  for (const [name, [type, shape, offset]] of Object.entries(header.arrays)) {
    const size = shape.reduce((product, side) => product * side, 1);
    arrays[name] = Object.assign(new NUMBERS[type](buffer, 4 + length + offset, size), { shape });
  }
  return /** @type {playground.Picture | playground.World} */ (/** @type {unknown} */ ({ ...header, arrays }));
}

/**
 * What the line calls.
 *
 * @typedef {object} Acts
 * @property {(picture: playground.Picture | playground.World) => void} onPicture
 * @property {(event: playground.Event) => void} onEvent
 * @property {(state: "open" | "lost") => void} onState
 */

export class Line {
  /**
   * @param {URL} address The socket's, with the page's own scheme.
   * @param {Acts} on
   */
  constructor(address, on) {
    this.address = address;
    this.on = on;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.opening = {};
    this.timer = 0;
    this.session = sessionStorage.getItem("genlab-playground") || "";
    this.serial = 0;
    this.wait = 500;
    this.closed = false;
  }

  /** @param {object} opening What the first command says. */
  connect(opening) {
    this.opening = opening;
    const address = new URL(this.address);
    address.protocol = address.protocol.replace("http", "ws");
    if (this.session) address.searchParams.set("session", this.session);
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.wait = 500;
      this.send("open", this.opening);
    };
    socket.onmessage = (message) => this.receive(message.data);
    socket.onclose = () => {
      if (this.closed || this.socket !== socket) return;
      this.on.onState("lost");
      this.timer = setTimeout(() => this.connect(this.opening), this.wait);
      this.wait = Math.min(8000, this.wait * 1.7);
    };
  }

  /** @param {string | ArrayBuffer} data */
  receive(data) {
    if (typeof data !== "string") {
      this.on.onPicture(decode(data));
      return;
    }
    /** @type {playground.Event} */
    const event = JSON.parse(data);
    if (event.kind === "session") {
      this.session = event.session;
      sessionStorage.setItem("genlab-playground", event.session);
      this.on.onState("open");
    } else if (event.kind === "elsewhere") {
      this.closed = true;
      sessionStorage.removeItem("genlab-playground");
      this.on.onEvent(event);
    } else {
      this.on.onEvent(event);
    }
  }

  /** Send a command; its number, or 0 when there is no line. @param {string} what @param {object} [facts] */
  send(what, facts = {}) {
    if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return 0;
    const counted = what !== "poll";
    if (counted) this.serial += 1;
    this.socket.send(JSON.stringify({ do: what, ...facts, serial: this.serial }));
    return this.serial;
  }

  /** Tell the host that a picture has been drawn, so that it may send the next. @param {number} number */
  acknowledge(number) {
    this.send("poll", { drawn: number });
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    if (this.socket) this.socket.close();
  }
}
