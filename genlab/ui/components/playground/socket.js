// The line to the server: commands out, pictures and events in; it finds its way back when it breaks.

const NUMBERS = { f4: Float32Array, u1: Uint8Array };

// A picture: JSON, then the arrays that it names with type, shape and offset.
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, [type, shape, offset]] of Object.entries(header.arrays)) {
    const size = shape.reduce((product, side) => product * side, 1);
    arrays[name] = new NUMBERS[type](buffer, 4 + length + offset, size);
    arrays[name].shape = shape;
  }
  return { ...header, arrays };
}

export class Line {
  // `address` is the socket's, with the page's own scheme.
  constructor(address, { onPicture, onEvent, onState }) {
    this.address = address;
    this.on = { onPicture, onEvent, onState };
    this.session = sessionStorage.getItem("genlab-playground") || "";
    this.serial = 0;
    this.drawn = 0;
    this.wait = 500;
    this.closed = false;
  }

  // `opening` is what the first command says: {link} or {scenario}.
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
      this.drawn = 0;
      this.received = 0;
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

  receive(data) {
    if (typeof data !== "string") {
      const picture = decode(data);
      if (picture.kind === "frame") this.received += 1;
      this.on.onPicture(picture);
      return;
    }
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

  send(what, facts = {}) {
    if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return 0;
    const counted = what !== "poll";
    if (counted) this.serial += 1;
    this.socket.send(JSON.stringify({ do: what, ...facts, serial: this.serial }));
    return this.serial;
  }

  // Tell the host that a picture has been drawn, so that it may send the next.
  acknowledge(number) {
    this.send("poll", { drawn: number });
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    if (this.socket) this.socket.close();
  }
}
