// A folder that is dropped on an uploader loses its sub-folders (Streamlit 1.67): the uploader sends
// `webkitRelativePath`, which browsers fill in for a chosen folder only. The library that reads what was dropped leaves
// the path in `relativePath`, beginning with a slash; so that is given where the other is empty.

const MARK = Symbol.for("genlab.folders");

export default function keepFolders() {
  const prototype = File.prototype;
  const own = Object.getOwnPropertyDescriptor(prototype, "webkitRelativePath")?.get;
  if (MARK in prototype || !own) return;
  Object.defineProperty(prototype, MARK, { value: true });
  Object.defineProperty(prototype, "webkitRelativePath", {
    configurable: true,
    enumerable: true,
    /** @this {File & { relativePath?: unknown }} */
    get() {
      const said = own.call(this), path = this.relativePath;
      const inside = typeof path === "string" && path.startsWith("/") && path.indexOf("/", 1) > 0;
      return said || !inside ? said : path.slice(1);
    },
  });
}
