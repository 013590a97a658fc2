// Paper: plots are as wide as the screen was; while a page is printed they are made as wide as the paper.

/** Pixels between the margins of an upright A4 page. */
export const PAPER = 690;

/** How much a plot of that width is made smaller. @param {number} width */
export const share = (width) => (width > PAPER ? PAPER / width : 1);

/** Fit the plots of the page whenever it is printed, until the function that comes back is called. */
export function fitToPaper() {
  const before = () => {
    for (const plot of document.querySelectorAll("[data-testid=stPlotlyChart]")) {
      const width = plot.querySelector(".main-svg")?.getBoundingClientRect().width ?? 0;
      /** @type {HTMLElement} */ (plot).style.setProperty("--genlab-paper", String(share(width)));
    }
  };
  window.addEventListener("beforeprint", before);
  return () => window.removeEventListener("beforeprint", before);
}
