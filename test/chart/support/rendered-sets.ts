import { findHelm } from "./find-helm.ts";
import type { Environment } from "./parts.ts";
import { podsOf, type Container, type Pod } from "./pods.ts";
import { render, type Manifest } from "./render.ts";
import { VALUE_SETS, type ValueSet } from "./value-sets.ts";

export const SETS = Object.keys(VALUE_SETS) as ValueSet[];

/** What comes of each set of values; nothing where there is no helm. */
export type RenderedSets = {
  helm: string | null;
  of: (set: ValueSet) => Manifest[];
  /** The pod of a part. */
  podOf: (set: ValueSet, part: string) => Pod;
};

export async function renderSets(): Promise<RenderedSets> {
  const helm = await findHelm();
  const rendered = new Map<ValueSet, Manifest[]>();
  for (const set of helm === null ? [] : SETS) rendered.set(set, await render(helm, VALUE_SETS[set]));
  const of = (set: ValueSet): Manifest[] => rendered.get(set) ?? [];
  const podOf = (set: ValueSet, part: string): Pod => {
    const pod = podsOf(of(set)).find((one) => one.part === part);
    if (pod === undefined) throw new Error(`${part} has no pod with ${set}`);
    return pod;
  };
  return { helm, of, podOf };
}

export const environmentOf = ({ env }: Container): Environment =>
  Object.fromEntries(env.map(({ name, value }) => [name, value]));
