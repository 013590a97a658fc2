declare namespace strength {
  /** A model whose codes are moved; `codes` and `ways` are float32 [n, dim] in base64. */
  interface Model {
    title: string;
    dim: number;
    codes: string;
    ways: string;
    towards: string[];
    classes: number[] | null;
    shape: Shape;
    images: number;
    source: { graph: string | null; weights: string | null; decode: string | null };
  }

  /** What Python says. */
  interface Data {
    models: Model[];
    most: number;
    step: number;
  }
}
