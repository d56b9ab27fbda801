type Routes = Record<string, { path?: string | undefined; parentId?: string | undefined } | undefined>;

/** The route that answers a path, e.g. `/conversations/:id`: of a metric's labels there may be few. */
export type RouteOf = (target: string) => string;

/** `files`: every file of the build is one. */
export function createRouteOf(routes: Routes): RouteOf {
  const patterns = Object.keys(routes)
    .map((id) => patternOf(routes, id))
    // The more parts are given, the closer it fits.
    .toSorted((a, b) => fixed(b) - fixed(a))
    .map((pattern) => ({ pattern, matches: matcherOf(pattern) }));
  return (target) => {
    const path = target.split("?", 1)[0] ?? "";
    if (path.startsWith("/assets/")) return "/assets/*";
    const found = patterns.find(({ matches }) => matches.test(path));
    return found === undefined || found.pattern === "/*" ? "other" : found.pattern;
  };
}

function patternOf(routes: Routes, id: string): string {
  const parts: string[] = [];
  for (let at: string | undefined = id; at !== undefined; at = routes[at]?.parentId) {
    const path = routes[at]?.path;
    if (path !== undefined && path !== "") parts.unshift(path);
  }
  return `/${parts.join("/")}`;
}

const fixed = (pattern: string): number =>
  pattern.split("/").filter((part) => part !== "*" && !part.startsWith(":")).length;

const matcherOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split("/")
      .map((part) =>
        part.startsWith(":") ? "[^/]+" : part === "*" ? ".*" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
      )
      .join("/")}/?$`,
  );
