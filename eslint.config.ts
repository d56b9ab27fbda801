import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

/** Walls: what a folder may not import. Messages say what to do instead. */
const wall = (group: string[], message: string) => ({ group, message });
const adapters = [
  "bullmq",
  "ioredis",
  "knex",
  "pg",
  "better-sqlite3",
  "express",
  "pino",
  "prom-client",
  "node:*",
];
const services = wall(
  ["@fio/ingest*", "@fio/conversations*", "@fio/web*", "@fio/whatsapp*", "**/services/*"],
  "A service imports packages only; what two services share is a shape in contracts.",
);

export default defineConfig(
  globalIgnores(["**/node_modules", "**/build", ".data", "**/*.d.ts"]),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["services/**"],
    ignores: ["**/*.test.ts", "**/*.test.tsx"],
    rules: { "no-restricted-imports": ["error", { patterns: [services] }] },
  },
  {
    files: ["services/conversations/src/domain/**"],
    ignores: ["**/*.test.ts", "**/testing/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            services,
            wall(["../*", "@fio/service*", ...adapters], "The law is pure: it imports contracts and itself."),
          ],
        },
      ],
      "no-restricted-globals": ["error", "Date", "process", "setTimeout", "fetch", "console"],
      "no-restricted-properties": ["error", { object: "Math", property: "random" }],
    },
  },
  {
    files: ["packages/contracts/**"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [services, wall(["@fio/service*", ...adapters], "Contracts do no I/O.")] },
      ],
    },
  },
  {
    files: ["**/*.test.ts", "**/*.test.tsx"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // A fixture names what it uses by destructuring: nothing, too.
      "no-empty-pattern": ["error", { allowObjectPatternsAsParameters: true }],
    },
  },
  {
    // A page still moves when it is read: what has to be there is asked for again until it is. That something is
    // absent (`toBe(0)`) may be asked once, after what follows it.
    files: ["test/browser/**/*.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name=/^to/]:not([arguments.0.value=0]) > MemberExpression > " +
            "CallExpression[callee.name='expect'] > AwaitExpression > " +
            "CallExpression[callee.property.name=/^(count|inputValue|innerText|textContent|getAttribute|isDisabled|isVisible)$/]",
          message: "Read a moving page by `await expect.poll(() => …)`.",
        },
      ],
    },
  },
  {
    files: ["services/web/app/**"],
    // Its types name configurations of the old kind, which a plugin of the new kind may not have.
    plugins: { "react-hooks": { rules: reactHooks.rules } },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      // How Remix takes a redirect or a refusal out of a loader.
      "@typescript-eslint/only-throw-error": "off",
    },
  },
  { files: ["**/*.{js,mjs}"], extends: [ts.configs.disableTypeChecked] },
);
