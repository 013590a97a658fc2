// Types of the playground: what Python says, what the host sends, and what the page's parts share.

declare namespace playground {
  type Page = import("./page.js").Playground;

  /** A family, by its name. */
  type Model = string;

  /** An array with its shape. */
  type Numbers = (Float32Array | Uint8Array) & { shape: number[] };

  // What Python says

  interface Data {
    socket: string;
    /** Where the points of the distributions are. */
    distributions: string;
    scenario: Scenario;
    link: string;
    defaults: Scenario;
    fields: Record<string, Field>;
    families: Family[];
    scenes: Scene[];
    files: boolean;
  }

  type Part = "encoder" | "critic" | "likelihood";

  /** A family that is offered here. */
  interface Family {
    name: Model;
    title: string;
    /** One model of it, at the beginning of a sentence. */
    one: string;
    glyph: string;
    /** Its marker, by plotly's name. */
    symbol: string;
    light: string;
    dark: string;
    parts: Part[];
    /** Settings that do something to it and not to every other. */
    knobs: string[];
    /** What is to be known of its samples; empty for nothing. */
    samples: string;
    /** How it is trained in the browser; null where only the server can. */
    engine: Engine | null;
  }

  /** A trainer of the browser's, and the numbers that no knob changes. */
  interface Engine {
    name: string;
    fixed: Record<string, number>;
  }

  /** All settings, as `genlab.playground.scenario` has them. */
  interface Scenario {
    data: string;
    drawn: Place[];
    models: Model[];
    show: string[];
    speed: string;
    latent_dim: number;
    beta: number;
    loss: string;
    penalty: string;
    weight: number;
    pack: number;
    [setting: string]: unknown;
  }

  type Changes = Partial<Scenario>;

  /** What a knob needs to know of a setting. */
  interface Field {
    why: string;
    ge?: number;
    le?: number;
    step: number | null;
    integer: boolean;
    choices: string[] | null;
  }

  interface Scene {
    name: string;
    title: string;
    look: string;
    why: string;
    settings: Scenario;
    tries: { label: string; changes: Changes }[];
    signs: Sign[];
  }

  interface Sign {
    model: Model;
    measure: "modes" | "near" | "js" | "kl" | "told_apart" | "pull" | "kl_least" | "kl_most";
    words: string;
    least: number | null;
    most: number | null;
    after: number;
  }

  // What the host sends

  /** Measures of samples; null where they are not finite, or where the data have no modes. */
  interface Measures {
    kl: number | null;
    js: number | null;
    modes: number | null;
    near: number | null;
  }

  interface Row {
    step: number;
    models: Record<Model, Measures & { losses: Record<string, number | null> }>;
  }

  /** What a picture says of a model; what its layers show is there only where they are. */
  interface Facts {
    losses: Record<string, number>;
    moved: string[];
    diverged: [sentence: string, hint: string] | null;
    told_apart?: number;
    pull?: number;
    kl?: number[];
    holes?: number;
    dimensions?: number[];
  }

  interface Picture {
    kind: "frame";
    number: number;
    step: number;
    running: boolean;
    rate: number;
    serial: number;
    full: boolean;
    row: Row;
    models: Record<Model, Facts>;
    arrays: Record<string, Numbers>;
  }

  interface World {
    kind: "world";
    scenario: Scenario;
    half: number;
    scale: number;
    modes: number | null;
    floor: Measures;
    players: Record<Model, string[]>;
    rows: Row[];
    serial: number;
    arrays: Record<string, Numbers>;
  }

  type Event =
    | { kind: "session"; session: string }
    | { kind: "saved"; document: string }
    | { kind: "host_died"; step: number | null }
    | { kind: "refused" | "ended"; message: string; hint: string; error: string }
    | { kind: "elsewhere" | "gone" | "dropped" };

  // What the page's parts share

  /** What was seen at one time. */
  interface Moment {
    picture: Picture;
    row: Row;
  }

  /** The arrays of one model's picture. */
  interface Layers {
    samples?: Numbers;
    surface?: Numbers;
    arrows?: Numbers;
    manifold?: Numbers;
    means?: Numbers;
    sds?: Numbers;
    holes?: Numbers;
  }

  /** The plane that a picture shows, -half to half, and the data on it. */
  interface Plane {
    half: number;
    data: Numbers;
  }

  interface Sentence {
    title: string;
    text: string;
    bad?: boolean;
  }

  /** From the data's plane to pixels. */
  type Projection = (x: number, y: number) => Place;
}
