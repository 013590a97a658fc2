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

/** The few colours that canvases need. */
interface Theme {
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
