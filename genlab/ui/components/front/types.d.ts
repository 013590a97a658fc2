declare namespace front {
  /** What Python says, on the page Home and on an exported front page alike. */
  interface Data {
    groups: Group[];
    mode: "light" | "dark";
  }

  /** Models of one data set. */
  interface Group {
    data: string;
    title: string;
    models: Model[];
  }

  interface Model {
    run: string;
    title: string;
    /** One of its family, within a sentence: "a GAN". */
    one: string;
    glyph: string;
    /** Of lines and of text, by mode. */
    colour: { light: string; dark: string };
    ink: { light: string; dark: string };
    /** Where its latent space can be explored; "" where that is nowhere. */
    link: string;
    character: string;
    detail: string;
    score: string;
    reference: string;
    /** Which settings are not those of today's preset, a sentence; "" where they are. */
    settings: string;
    dim: number;
    shape: Shape;
    conditional: boolean;
    source: latents.Source;
    opening: Opening | null;
    /** Address of a picture for a model that cannot move; "" for none. */
    still: string;
    trouble: string;
  }

  /** The film that is shown until a decoder is there: frames of one closed walk on a sheet. */
  interface Opening {
    src: string;
    frames: number;
    columns: number;
    waves: string;
  }

  /** Where everybody is: share of the way round, and how far they have been turned away from it. */
  interface At {
    t: number;
    angle: number;
  }
}
