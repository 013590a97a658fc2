// Types of the explorer: what Python says, what stands in the files of an exploration, and what its parts share.

declare namespace explorer {
  type Exploration = import("./exploration.js").Exploration;
  type Steer = import("./steer.js").Steer;

  // What Python says

  interface Data {
    sources: Source[];
    colour: string | null;
    projection: string | null;
    parts: string[] | null;
    groups: { name: string; bits: (string | null)[] }[];
    select: { token: string; bits: (string | null)[] } | null;
    latent: { token: string; z: number[]; y: latents.Label; source: number } | null;
    height: number;
    decode: "auto" | "server";
    address: boolean;
  }

  interface Source {
    id: unknown[];
    run: string;
    base: string;
    decode: string;
    version: string;
    changes: number;
    projections: string[];
    directions: { name: string; title: string; method: string; scale: number; strength: number; note: string; vector: number[] }[];
    model: Description | null;
    graph: string | null;
    weights: string | null;
    /** Where items can be heard or read, and how; null where their picture says all. */
    media: { address: string; one: string; play: boolean; text: boolean; frames: number } | null;
  }

  /** The content of exploration.json, or what is known of a model without one. */
  interface Description {
    run: string;
    name?: string;
    images: number;
    data?: string;
    fingerprint?: string | null;
    latent_dim: number;
    shape: Shape;
    classes: string[] | null;
    conditional: boolean;
    prior_mean?: number[];
    n?: number;
    attributes?: Attribute[];
    projections?: string[];
    parts?: Part[];
    atlas?: Atlas;
    changes?: number;
    directions?: { name: string; title: string; method: string; scale: number; strength: number; note: string; vector?: number[] }[];
  }

  interface Attribute {
    name: string;
    title: string;
    kind: "category" | "number";
    low: number;
    high: number;
    categories: string[] | null;
    note: string;
  }

  interface Part {
    name: string;
    title: string;
    start: number;
    stop: number;
  }

  /** Pictures of all items on a few sheets. */
  interface Atlas {
    tile: number;
    height?: number;
    columns: number;
    rows: number;
    sheets: number;
  }

  // What the parts share

  interface Direction {
    name: string;
    title: string;
    method: string;
    scale: number;
    strength: number;
    note: string;
    vector: Float32Array;
  }

  type Mode = "only" | "add" | "remove" | "toggle";
  type Tool = "pan" | "lasso" | "box";

  interface Group {
    name: string;
    flags: Uint8Array;
  }

  /** What names on a map need: each point's category, and those that are hidden. */
  interface Category {
    values: Float32Array;
    names: string[];
    hidden: Set<number>;
  }

  /** A walk as a map shows it. */
  interface Trail {
    stops?: (Place | null)[];
    lines?: { path: Place[]; dash: number[] }[];
    head?: Place | null;
  }

  /** A pointer that is down on a map. */
  interface Drag {
    start: Place;
    last: Place;
    moved: boolean;
    add: boolean;
    without: boolean;
    path: Place[] | null;
  }

  /** What the explorer needs of a map, be it there or not. */
  interface Panel {
    element: HTMLElement;
    live: HTMLElement;
    affine: latents.Affine | null;
    category: Category | null;
    chosen: number;
    flags: Uint8Array;
    hidden: Uint8Array;
    picked: number;
    places: Float32Array | null;
    projection: string;
    overlay: {
      latent: Place | null;
      names: unknown;
      nearest: number;
      other: number;
      walk: Trail;
      placeMarker(): void;
      setGroups(groups: Group[]): void;
      showManifold(steer: Steer, affine: latents.Affine): void;
    };
    colour(colours: Uint8Array): void;
    destroy(): void;
    drawOver(): void;
    home(): void;
    measure(): void;
    project(name: string): Promise<void>;
    select(flags: Uint8Array): void;
    use(tool: Tool): void;
  }

  /** One model as the explorer shows it. */
  interface View {
    exploration: Exploration;
    steer: Steer;
    classes: Float32Array | null;
    label: latents.Label;
    card: import("./pictures.js").PictureCard;
    map: Panel;
    legend: import("./legend.js").Legend;
    samples: import("./samples.js").Samples | null;
    panel: HTMLElement;
  }

  interface WalkPoint {
    kind: "item" | "latent";
    index?: number;
    z: Float32Array;
    pixels?: latents.Pixels;
  }

  /** Where points come from one projection and go to another on the screen. */
  interface Clip {
    sx: number;
    sy: number;
    tx: number;
    ty: number;
  }
}
