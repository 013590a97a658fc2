declare namespace flow {
  type Path = "reconstruct" | "generate";

  /** What Python says. */
  interface Data {
    /** Address of the document. */
    src: string;
    /** The model as it is called, and its family. */
    title: string;
    family: string;
    glyph: string;
    /** Of lines and of text, by mode. */
    colour: { light: string; dark: string };
    ink: { light: string; dark: string };
    mode: "light" | "dark";
    /** Trainable parameters by part, where they are to be shown. */
    parameters: Record<string, number>;
    /** Place -> the number by which a text refers to it. */
    numbers: Record<string, number>;
    /** What one item is called. */
    one: string;
    /** Frames that its picture holds, in one row; 1 where it stands still. */
    frames: number;
  }

  /** Layers of a network: how many maps or units are shown, their size, and of how many they are. */
  interface Layer {
    maps: number;
    height: number;
    width: number;
    of: number;
  }

  /** One draw of the noise: the code, and what the decoder makes of it. */
  interface Draw {
    noise: number[];
    z: number[];
    layers: string;
    picture: string;
    mse: number;
    nats: number | null;
    loss: number | null;
    terms: Record<string, number>;
    score: number | null;
  }

  interface Item {
    index: number;
    label: string | null;
    picture: string;
    layers: string;
    mean: number[];
    sigma: number[];
    kl: number[];
    total_kl: number | null;
    score: number | null;
    draws: Draw[];
  }

  interface Sample {
    z: number[];
    label: string | null;
    layers: string;
    picture: string;
    score: number | null;
    critic_layers: string;
    against: number | null;
    loss: number | null;
    gradient: string | null;
    largest: number | null;
    pull: number[];
    length: number | null;
  }

  /** What `genlab.evaluation.flow` found. */
  interface Document {
    images: number;
    shape: Shape;
    latent_dim: number;
    dimensions: number[];
    loss: string;
    likelihood: string;
    encoder: Layer[] | null;
    decoder: Layer[];
    critic: Layer[] | null;
    items: Item[];
    samples: Sample[];
  }

  /** What stands in the row: data, a network, numbers. */
  type NodeName = "picture" | "encoder" | "code" | "noise" | "latent" | "decoder" | "result" | "critic" | "scores" | "losses";

  /** One step of the way: what lights up, and what is said of it. */
  interface Step {
    node: NodeName;
    /** Whether it is the gradient that arrives, from the right. */
    back: boolean;
    title: string;
    words: string;
    /** The number of this step, with its unit; "" for none. */
    value: string;
    unit: string;
  }

  /** What is shown of a document: a way, and which item with which draw, or which sample. */
  interface Choice {
    path: Path;
    item: number;
    draw: number;
    sample: number;
  }
}
