// What the bar of the lecture hall is told.

declare namespace present {
  interface Data {
    /** Whether the page is being presented. */
    on: boolean;
    title: string;
    /** Keys, separated by spaces, and what they do. */
    keys: [keys: string, words: string][];
  }
}
