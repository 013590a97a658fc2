// Types of plates: what Python says.

declare namespace plates {
  /** An item: what it is called, where it can be heard, what can be read of it. */
  interface Plate {
    label: string;
    play: string | null;
    text: string | null;
  }

  /** Items that are drawn on one sheet, row by row. */
  interface Group {
    title: string;
    picture: string;
    columns: number;
    rows: number;
    plates: Plate[];
  }

  interface Data {
    groups: Group[];
    /** Frames of one item's picture, from left to right; 1 where it stands still. */
    frames: number;
    /** What one item is called. */
    one: string;
    /** Least width of an item in px. */
    least: number;
    /** Whether the picture is left out, because what can be read says all. */
    read: boolean;
  }
}
