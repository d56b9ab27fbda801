import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../../scripts/lib/services.ts";

/** One text of one file of the product, what stands there instead when `main`'s process loads it. */
export type Bug = { main: string; file: string; instead: string; put: string };

/**
 * Runs a service's own main file with a bug planted. The product has no switch for it: the source is changed on its way
 * into this one process. Throws when the text is not there, so that a change of the product cannot turn the bug off.
 */
export async function runWithBug({ main, file, instead, put }: Bug): Promise<void> {
  const planted = pathToFileURL(`${ROOT}${file}`).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (url !== planted) return loaded;
      const source = textOf(loaded.source);
      if (source.split(instead).length !== 2) throw new Error(`${file} does not hold once: ${instead}`);
      return { ...loaded, source: source.replace(instead, () => put) };
    },
  });
  await import(pathToFileURL(`${ROOT}${main}`).href);
}

const textOf = (source: string | NodeJS.ArrayBufferView | ArrayBuffer | undefined): string =>
  typeof source === "string" ? source : new TextDecoder().decode(source);
