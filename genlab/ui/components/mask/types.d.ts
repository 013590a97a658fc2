declare namespace mask {
  interface Size {
    height: number;
    width: number;
  }

  /** What Python says. */
  interface Data extends Size {
    strip: string;
    items: number;
    begin: string;
  }
}
