// An address of this app to copy: written out, with a button, and selected where the browser does not let us copy.

const PATIENCE = 4000;

/** @param component Streamlit's component: {data, parentElement}; `data.query` is what follows the page's address. */
export default function render({ data, parentElement }) {
  const { location } = globalThis;
  const address = `${location.origin}${location.pathname}?${data.query}`;
  const code = parentElement.querySelector("code"), told = parentElement.querySelector("output");
  const button = parentElement.querySelector("button");
  let timer = 0;
  code.textContent = address;
  button.onclick = async () => {
    told.textContent = (await copied(address, code)) ? "Copied" : "Press Ctrl+C to copy";
    clearTimeout(timer);
    timer = setTimeout(() => { told.textContent = ""; }, PATIENCE);
  };
}

/** Copy the text, or select the element that shows it where that is not allowed. */
async function copied(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange(), selection = globalThis.getSelection();
    range.selectNodeContents(element);
    selection.removeAllRanges();
    selection.addRange(range);
    return false;
  }
}
