/** As V8 writes it. */
export type Profile = {
  nodes: Array<{ id: number; callFrame: { functionName: string; url: string; lineNumber: number } }>;
  samples: number[];
  /** Microseconds between samples. */
  timeDeltas: number[];
};

export type SelfTime = {
  /** Microseconds by package, folder of ours, or part of Node, the most first. */
  places: Array<[string, number]>;
  functions: Array<[string, number]>;
};

/** Where the time went, without what the process slept. `root`: of this repository. */
export function bySelfTime({ nodes, samples, timeDeltas }: Profile, root: string): SelfTime {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const [places, functions] = [new Map<string, number>(), new Map<string, number>()];
  samples.forEach((id, at) => {
    const frame = byId.get(id);
    if (frame === undefined || frame.functionName === "(idle)") return;
    const us = timeDeltas[at] ?? 0;
    const place = placeOf(frame.url, root) ?? frame.functionName;
    const file = frame.url.split("/").at(-1) ?? "";
    add(places, place, us);
    add(
      functions,
      file === ""
        ? frame.functionName
        : `${frame.functionName || "(anonymous)"} ${place}: ${file}:${frame.lineNumber + 1}`,
      us,
    );
  });
  return { places: mostFirst(places), functions: mostFirst(functions) };
}

function placeOf(url: string, root: string): string | null {
  if (url === "") return null;
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library !== undefined) return library;
  if (url.startsWith("node:")) return "node";
  const own = url.replace("file://", "").replace(`${root}/`, "");
  return own.split("/").slice(0, -1).join("/");
}

const add = (sums: Map<string, number>, key: string, us: number): void =>
  void sums.set(key, (sums.get(key) ?? 0) + us);

const mostFirst = (sums: Map<string, number>): Array<[string, number]> =>
  [...sums].toSorted(([, one], [, other]) => other - one);
