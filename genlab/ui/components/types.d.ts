// Types that several components share. They are for the type check alone: no browser sees them.

/** What Streamlit passes to a component's module. */
interface Component<Data> {
  data: Data;
  parentElement: ParentNode & Node;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

/** Red, green and blue, 0 to 255. */
type Colour = [red: number, green: number, blue: number];

/** The few colours that canvases need; how many times as large letters and as thick lines are as at a desk. */
interface Theme {
  scale: number;
  line: number;
  dark: boolean;
  ground: string;
  text: string;
  real: string;
}

/** A place on a plane, or a pixel of a canvas. */
type Place = [x: number, y: number];

/** Of pictures that a decoder draws. */
type Shape = [channels: number, height: number, width: number];

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

type Tag = keyof HTMLElementTagNameMap;

/** Properties that take numbers as well, because the browser makes text of them. */
type Loose = "min" | "max" | "step" | "value";

type Attribute = "role" | "for" | "style" | `aria-${string}` | `data-${string}`;

/** What `make` takes: properties of the element, and attributes. */
type Properties<Name extends Tag> = {
  [Key in Exclude<keyof HTMLElementTagNameMap[Name], Loose | "style" | "dataset" | "list" | "role">]?:
    | HTMLElementTagNameMap[Name][Key]
    | null;
} & { [Key in Loose]?: string | number } & { [Key in Attribute]?: string } & { dataset?: Record<string, string> };

/** [value, text] of a list to choose from, or several under a heading. */
type Choice = [value: string, text: string];
type Choices = readonly (Choice | { label: string; choices: Choice[] })[];

/** What latents are, and what makes pictures of them. */
declare namespace latents {
  /** One number for each class, or null for a model that is told none. */
  type Label = number | null;

  /** Pixels 0 to 255 [n, C, H, W]. */
  type Pixels = Uint8Array;

  /** A map from latents to places, p = A z + b. */
  interface Affine {
    apply(z: ArrayLike<number>): Place;
    weights: Float64Array;
  }

  /** A way from one latent to another: the point at share t. */
  type Way = (a: Float32Array, b: Float32Array, t: number) => Float32Array;

  /** Addresses of a decoder's graph and of the weights that it reads; null where there is none. */
  interface Source {
    graph: string | null;
    weights: string | null;
  }

  /** A model as its decoder knows it. */
  interface Decodable {
    dim: number;
    classes: string[] | null;
    source: { graph: string | null; decode: string };
    document: { images: number };
    decoder(): Promise<{ graph: Uint8Array; weights: Uint8Array | null }>;
  }

  /** What `Pump.ask` calls with each part of the pictures. */
  type Done = (pixels: Pixels, first: number, count: number) => void;

  /** As much of ONNX Runtime Web as is used. */
  interface Runtime {
    env: { wasm: { wasmPaths?: { wasm: string }; numThreads?: number }; logLevel?: string };
    Tensor: new (type: string, data: Float32Array | BigInt64Array, shape: number[]) => unknown;
    InferenceSession: { create(graph: Uint8Array, options: object): Promise<Session> };
  }

  interface Session {
    run(feeds: Record<string, unknown>): Promise<{ image: { data: Float32Array; dispose?(): void } }>;
  }
}
