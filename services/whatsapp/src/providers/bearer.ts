import { tokenMatcher } from "@fio/service/secrets";
import type { Provider } from "./provider.ts";

/** For providers that sign nothing, and send a header that they are told. */
export function bearerRefusal(tokens: readonly string[]): Provider["refusal"] {
  const isToken = tokenMatcher(tokens);
  return ({ headers }) => {
    const given = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
    return given !== undefined && isToken(given)
      ? null
      : "send Authorization: Bearer with one of WHATSAPP_WEBHOOK_TOKENS";
  };
}
