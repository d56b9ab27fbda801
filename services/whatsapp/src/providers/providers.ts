import { metaProvider } from "./meta.ts";
import type { Provider } from "./provider.ts";

export type ProviderSecrets = {
  /** Of Meta's apps; each may sign. */
  appSecrets: readonly Buffer[];
};

/** Those that have a secret: without one nobody could be told from anybody else. */
export function providersOf({ appSecrets }: ProviderSecrets): Provider[] {
  return appSecrets.length > 0 ? [metaProvider({ appSecrets })] : [];
}
