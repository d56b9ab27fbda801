import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { z } from "zod";
import { run, type Finished } from "../../../scripts/lib/run.ts";
import { CHART } from "./parts.ts";

export const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
export type Manifest = z.output<typeof manifest>;
export type Values = Record<string, unknown>;

/** `helm lint --strict` or `helm template`, with these values. */
export async function helmSays(
  helm: string | null,
  values: Values,
  [verb = "", ...rest]: string[],
): Promise<Finished> {
  const directory = mkdtempSync(join(tmpdir(), "fio-chart-"));
  try {
    const file = join(directory, "values.yaml");
    writeFileSync(file, stringify(values));
    const what = verb === "template" ? ["fio", CHART] : [CHART];
    return await run(helm ?? "helm", [verb, ...what, "--namespace", "care", "--values", file, ...rest]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** All objects that come of these values. Throws with what helm says when it refuses them. */
export async function render(helm: string | null, values: Values, ...rest: string[]): Promise<Manifest[]> {
  const { code, output } = await helmSays(helm, values, ["template", ...rest]);
  if (code !== 0) throw new Error(output);
  return parseAllDocuments(output)
    .map((document) => document.toJS() as unknown)
    .filter((object) => object !== null)
    .map((object) => manifest.parse(object));
}
