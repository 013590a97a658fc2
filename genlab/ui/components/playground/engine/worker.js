// The thread that trains: kernels, the host, and its turns one after the other, with the page's commands in between.

import { Arithmetic } from "./arithmetic.js";
import { fetchData } from "./data.js";
import { Host } from "./host.js";

/** @type {Promise<Host> | null} */
let host = null;
/** What the next turn waits for. @type {"" | "timer" | "channel"} */
let waiting = "";
let timer = 0;
const { port1: here, port2: there } = new MessageChannel();

/** @param {engine.Start} start */
async function begin({ points, families, fields }) {
  const bytes = await (await fetch(new URL("kernels.wasm", import.meta.url))).arrayBuffer(), module = await WebAssembly.compile(bytes);
  return new Host({
    send: (event, transfer = []) => postMessage(event, { transfer }),
    arithmetic: () => new Arithmetic(module), points: (name) => fetchData(points, name), families, fields,
  });
}

/** The next turn: where it is now, through a channel, so that commands come in between and no timer's least delay passes. @param {number} wait */
function soon(wait) {
  clearTimeout(timer);
  waiting = wait > 0 ? "timer" : "channel";
  if (wait > 0) timer = setTimeout(turn, wait);
  else there.postMessage(0);
}

async function turn() {
  waiting = "";
  if (host) soon((await host).turn());
}

here.onmessage = () => turn();

addEventListener("message", async ({ data }) => {
  host ??= begin(data.start);
  try {
    await (await host).take(data.command);
    if (waiting !== "channel") soon(0);
  } catch (error) {
    postMessage({ kind: "unable", message: String(error) });
  }
});
