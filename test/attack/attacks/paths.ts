/** Targets that a server might take for other than they are. What none of them may give: a file, or a page without an account. */
const UP = [
  "../",
  "..%2f",
  "%2e%2e/",
  "%2e%2e%2f",
  "%252e%252e%252f",
  "..%255c",
  "..\\",
  "%2e%2e%5c",
  "....//",
  "..;/",
];
const FILES = ["etc/passwd", "package.json", "services/web/server.ts", ".data/fio.db"];

const CLIMBING = ["/", "/assets/", "/docs/", "/data/", "/conversations/", "/static/..;/"].flatMap((root) =>
  UP.flatMap((up) => FILES.map((file) => `${root}${up.repeat(6)}${file}`)),
);

const ODD = [
  "//evil.example",
  "//evil.example/%2e%2e",
  "///evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/%2e//evil.example",
  "/\\evil.example",
  "/\\/evil.example",
  "\\\\evil.example",
  "http://evil.example/",
  "https:evil.example",
  "evil.example",
  "?",
  "*",
  "/%00",
  "/conversations/%00",
  "/index.html%00.js",
  "/%",
  "/%zz",
  "/%c0%af..%c0%afetc/passwd",
  "/%ff%fe",
  "/%u002e%u002e/",
  "/.git/config",
  "/.env",
  "/.data/web.log",
  "/node_modules/express/package.json",
  "/build/server/index.js",
  "/server.ts",
  "/app/root.tsx",
  "/@fs/etc/passwd",
  "/__manifest?p=/",
  "/?_data=root",
  "/conversations.data?_routes=routes/_shell",
  "/metrics",
  "/openapi.json",
  "/docs",
];

/** Every way to write the path of a page that needs an account. */
const disguised = (path: string): string[] => [
  `${path}/`,
  `${path}//`,
  `/.${path}`,
  `/x/..${path}`,
  `/sign-in/..${path}`,
  `/sign-in/%2e%2e${path}`,
  `/sign-in%2f..${path}`,
  `/sign-in;${path}`,
  `/sign-in#${path}`,
  path.toUpperCase(),
  `${path}.data`,
  `${path}.data?_routes=root`,
  `${path}/sign-in`,
  `${path}?back=/sign-in`,
  `${path}%2fsign-in`,
  `${path}%20`,
  `${path}%09`,
  `${path};jsessionid=1`,
  `${path}.json`,
];

export const PATH_TRICKS: readonly string[] = [...CLIMBING, ...ODD];
/** The same for who is signed in, whom each costs a page. */
export const PATH_TRICKS_SIGNED_IN: readonly string[] = [
  ...CLIMBING.filter((_path, index) => index % 13 === 0),
  ...ODD,
];
export const disguises = (paths: readonly string[]): string[] =>
  paths.filter((path) => path !== "/").flatMap(disguised);
