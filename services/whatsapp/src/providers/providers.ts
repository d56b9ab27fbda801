import { dialog360Provider } from "./360dialog.ts";
import { evolutionProvider } from "./evolution.ts";
import { gupshupProvider } from "./gupshup.ts";
import { metaProvider } from "./meta.ts";
import type { Provider } from "./provider.ts";
import { twilioProvider } from "./twilio.ts";

export type ProviderSecrets = {
  /** Of Meta's apps; each may sign. */
  appSecrets: readonly Buffer[];
  /** Of providers that sign nothing. */
  webhookTokens: readonly string[];
  twilioTokens: readonly string[];
};

/** Those that have a secret: without one nobody could be told from anybody else. */
export function providersOf({
  appSecrets,
  webhookTokens: tokens,
  twilioTokens,
}: ProviderSecrets): Provider[] {
  return [
    ...(appSecrets.length > 0 ? [metaProvider({ appSecrets })] : []),
    ...(tokens.length > 0
      ? [dialog360Provider({ tokens }), gupshupProvider({ tokens }), evolutionProvider({ tokens })]
      : []),
    ...(twilioTokens.length > 0 ? [twilioProvider({ authTokens: twilioTokens })] : []),
  ];
}
