// How numbers are read.

/** A number in three digits, with a true minus sign. @param {number} value */
export function plain(value) {
  if (!Number.isFinite(value)) return "unknown";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential(1).replaceAll("-", "−");
  return value.toLocaleString("en", { maximumSignificantDigits: 3 }).replace("-", "−");
}

/**
 * A number with its sign, e.g. "+0.50" and "−1.25".
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function signed(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

/**
 * A number with two significant digits, or a dash where there is none.
 *
 * @param {number | null | undefined} value
 */
export function number(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 0.01 || size === 0) return value.toFixed(2);
  return value.toExponential(0).replace("e-", "·10⁻").replace(/⁻(\d+)/, (_, digits) => `⁻${superscript(digits)}`);
}

/** @param {string} digits */
const superscript = (digits) => [...digits].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).join("");

/**
 * A share in whole per cent, or a dash where there is none.
 *
 * @param {number | null | undefined} value
 */
export const percent = (value) => (value === null || value === undefined ? "–" : `${Math.round(100 * value)} %`);

/**
 * A share; one that is not nothing is never written as 0 %.
 *
 * @param {number | null | undefined} value
 */
export const share = (value) => (value && value > 0 && value < 0.01 ? "under 1 %" : percent(value));

/** A number of things. @param {number} value */
export const count = (value) => Math.round(value).toLocaleString("en-US");
