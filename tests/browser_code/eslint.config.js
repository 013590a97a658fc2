// The linter's rules for the browser's code and its tests. It is run from the top of the repository.

import js from "@eslint/js";
import globals from "globals";

const OWN = ["genlab/ui/components/**/*.js"];
const TESTS = ["tests/ui/components/**/*.mjs", "tests/browser_code/*.js"];

export default [
  { ignores: ["**/vendor/**", "**/node_modules/**"] },
  { files: [...OWN, ...TESTS], ...js.configs.recommended },
  {
    files: [...OWN, ...TESTS],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "off", // tsc says where a value is missing (noImplicitReturns); `return this.pause()` gives none
      eqeqeq: "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-else-return": "error",
      "no-implicit-coercion": ["error", { allow: ["!!"] }],
      "no-lonely-if": "error",
      "no-new": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": ["error", { allowVoid: true }],
      "no-return-assign": ["error", "except-parens"],
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": "error",
      "no-useless-concat": "error",
      "no-useless-rename": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-object-has-own": "error",
      "prefer-template": "error",
      "require-await": "error",
    },
  },
  { files: OWN, languageOptions: { globals: globals.browser } },
  { files: TESTS, languageOptions: { globals: globals.nodeBuiltin } },
];
