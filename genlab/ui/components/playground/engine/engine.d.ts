// Types of the engine that trains in the browser.

declare namespace engine {
  type Values = import("./arithmetic.js").Values;

  /** What computes: `Arithmetic` in single precision, or tests' own in double. */
  interface Arithmetic {
    zeros(count: number): Values;
    briefly<T>(what: () => T): T;
    clear(): void;
    multiply(m: number, n: number, k: number, a: Values, rows: number, columns: number, b: Values, c: Values, bias: Values | null, add: boolean): void;
    transpose(rows: number, columns: number, from: Values, to: Values): void;
    leaky(x: Values): void;
    leakyBack(out: Values, d: Values): void;
    scaleRows(m: number, n: number, scale: Values, a: Values, to: Values, add: boolean): void;
    sumRows(m: number, n: number, scale: Values | null, a: Values, to: Values): void;
    squares(x: Values): number;
    adam(w: Values, g: Values, m: Values, v: Values, beta1: number, beta2: number, rate: number, root: number, epsilon: number): void;
  }

  interface Noise {
    single(): number;
    uniform(count: number): Float32Array;
    normal(count: number): Float32Array;
  }

  /** The settings as the engine reads them. */
  interface Scenario extends playground.Scenario {
    seed: number;
    noise: number;
    batch_size: number;
    layers: number;
    width: number;
    vae_lr: number;
    critic_lr: number;
    generator_lr: number;
    sigma: number;
    critic_repeats: number;
    generator_repeats: number;
    momentum: number;
  }

  /** A family that can be trained here. */
  type Family = playground.Family & { engine: playground.Engine };

  /** Points in their own coordinates. */
  interface Data {
    points: Float32Array;
    heldOut: Float32Array;
    scale: number;
    /** Half the side of the square that pictures show. */
    half: number;
    modes: { means: Float32Array; sd: number } | null;
  }

  /** Data as the server sends them. */
  interface Sent {
    scale: number;
    half: number;
    sd: number | null;
    arrays: { learned: Float32Array; held_out: Float32Array; modes?: Float32Array };
  }

  interface Setup {
    /** Name of the model, which its player has where it has no other. */
    model: string;
    arithmetic: Arithmetic;
    scenario: Scenario;
    scale: number;
    fixed: Record<string, number>;
  }

  interface Fitted {
    variance: number;
    batches: number;
  }

  interface Player {
    name: string;
    turns: number;
    named(): [name: string, layer: import("./network.js").Linear][];
    norm(): number;
    step(rate: number, betas: [number, number]): void;
  }

  interface Trainer {
    decoder: import("./network.js").Perceptron;
    encoder: import("./posterior.js").Encoder | null;
    adversary: import("./adversary.js").Adversary | null;
    players: Player[];
    /** In the order in which their weights are drawn. */
    networks: import("./network.js").Perceptron[];
    fitted: Fitted | null;
    follow(scenario: Scenario): void;
    rate(scenario: Scenario, player: string): number;
    betas(scenario: Scenario): [number, number];
    repeats(scenario: Scenario, player: string): number;
    turn(player: string, x: Values, noise: Noise, scenario: Scenario): number;
  }

  /** An array and its shape, which a message between threads does not keep together. */
  type Shaped = [values: Float32Array | Uint8Array, shape: number[]];

  interface Header {
    arrays: Record<string, Shaped>;
    [fact: string]: unknown;
  }

  interface Saved {
    scenario: Scenario;
    step: number;
    rows: playground.Row[];
    models: Record<string, { step: number; images: number; weights: string }>;
  }

  type Command = { serial: number } & (
    | { do: "open"; scenario: Scenario; document?: string }
    | { do: "set"; changes: Partial<Scenario> }
    | { do: "run"; on: boolean }
    | { do: "step"; player: "" | "critic" | "maker" }
    | { do: "load"; document: string }
    | { do: "poll"; drawn: number }
    | { do: "reset" | "save" | "close" }
  );

  type Event =
    | { kind: "picture"; picture: Header }
    | { kind: "kept"; document: string }
    | { kind: "unable"; message: string }
    | { kind: "saved"; document: string }
    | { kind: "refused" | "ended"; message: string; hint: string; error: string };

  /** What the thread is told with its first command. */
  interface Start {
    /** Where the points of the distributions are. */
    points: string;
    families: playground.Family[];
    fields: Record<string, playground.Field>;
  }

  interface Kit {
    send: (event: Event, transfer?: Transferable[]) => void;
    arithmetic: () => Arithmetic;
    points: (name: string) => Promise<Data>;
    families: playground.Family[];
    fields: Record<string, playground.Field>;
    clock?: () => number;
  }
}
