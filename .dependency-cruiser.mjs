/* Walls between folders, and no circles: `npm run lint` asks. Walls of single files and packages are in eslint.config.ts. */

const web = "^services/web/app";
/** Know no screen: words, times, names, what the stream says, what this device keeps, and parts that any screen may use. */
const leaves = ["device", "i18n", "names", "stream", "text", "time", "ui"];
/** A folder a screen, and the routes that put them together. */
const features = ["connection", "conversation", "inbox", "keys", "rejections", "routes", "search", "shell"];

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
      name: "leaves-import-no-feature",
      comment: "What knows no screen imports no screen, and nothing of what is known or sent.",
      severity: "error",
      from: { path: `${web}/(${leaves.join("|")})/` },
      to: { path: `${web}/(${[...features, "store", "outbox"].join("|")})/` },
    },
    {
      name: "what-is-known-draws-nothing",
      comment:
        "The store stands on the stream, the outbox on what this device keeps: neither imports a screen.",
      severity: "error",
      from: { path: `${web}/(store|outbox)/` },
      to: { path: `${web}/(${features.join("|")})/` },
    },
    {
      name: "screens-import-downward",
      comment: "The shell is above the screens, and opens what they offer: no screen imports it.",
      severity: "error",
      from: { path: `${web}/(conversation|inbox|rejections|search|connection|keys)/` },
      to: { path: `${web}/shell/` },
    },
    {
      name: "server-parts-stay-on-the-server",
      comment:
        "Only routes, and the entry that runs on the server, import what reads requests and calls the API.",
      severity: "error",
      from: { path: `${web}/`, pathNot: `${web}/(routes|server)/|entry\\.server|root\\.tsx` },
      to: { path: `${web}/server/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "whatsapp-in-and-out-are-apart",
      comment:
        "What comes from WhatsApp and what goes there share names and settings, and know nothing of each other.",
      severity: "error",
      from: { path: "^services/whatsapp/src/(inbound|providers)/" },
      to: { path: "^services/whatsapp/src/outbound/" },
    },
    {
      name: "whatsapp-out-and-in-are-apart",
      severity: "error",
      from: { path: "^services/whatsapp/src/outbound/" },
      to: { path: "^services/whatsapp/src/(inbound|providers)/" },
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
