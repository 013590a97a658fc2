declare namespace film {
  /** What Python says. */
  interface Data {
    films: { title: string; frames: Frame[] }[];
    places: [at: number, words: string][];
    playing: boolean;
    seconds: number;
  }

  interface Frame {
    at: number;
    images: number;
    src: string;
  }

  interface Figure {
    title: string;
    frames: Frame[];
    image: HTMLImageElement;
    caption: HTMLElement;
    element: HTMLElement;
  }
}
