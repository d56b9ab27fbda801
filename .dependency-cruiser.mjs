/* Walls between folders, and no circles: `npm run lint` asks. Walls of single files and packages are in eslint.config.ts. */

const web = "^services/web/app";
/** What knows nothing of any screen. */
const web_base = ["i18n", "live", "names", "sending", "text", "time", "thread"];

export default {
  forbidden: [
    {
      name: "no-circular",
      comment: "Two files that need each other are one, or a third one is missing.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "routes-are-the-top",
      comment: "Routes import everything and are imported by nothing but Remix itself.",
      severity: "error",
      from: { path: web, pathNot: `${web}/routes/` },
      to: { path: `${web}/routes/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "what-is-known-draws-nothing",
      comment: "What is heard, known, sent, named and timed imports no component.",
      severity: "error",
      from: { path: `${web}/(${web_base.join("|")})/` },
      to: { path: `${web}/(components|routes)/` },
    },
    {
      name: "leaves-import-no-feature",
      comment: "Words, names, times and texts are leaves: they import no other folder of the app.",
      severity: "error",
      from: { path: `${web}/(i18n|names|text|time)/` },
      to: { path: `${web}/(components|live|routes|sending|thread)/` },
    },
    {
      name: "the-browser-gets-no-validator",
      comment:
        "zod weighs more than all of a thread: what a browser needs of contracts has entry points without it.",
      severity: "error",
      from: { path: `${web}/`, pathNot: "(\\.server\\.ts|/routes/.*|\\.test\\.tsx?|server/.*)$" },
      to: { path: "^packages/contracts/src/index.ts", dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|build|\\.data)/|\\.test\\.tsx?$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};
