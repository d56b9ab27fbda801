import { objectsOf, textOf, type Json } from "../json.ts";
import { bearerRefusal } from "./bearer.ts";
import { jsonBody } from "./json-body.ts";
import { changesOf } from "./meta.ts";
import type { Provider } from "./provider.ts";

/** Gupshup's v3 passes on what Meta posts, and names messages that it sent by ids of its own beside Meta's. */
export function gupshupProvider({ tokens }: { tokens: readonly string[] }): Provider {
  const named = (status: Json): Json => ({ ...status, id: textOf(status["meta_msg_id"]) ?? status["id"] });
  return {
    name: "gupshup",
    refusal: bearerRefusal(tokens),
    read: ({ body }) => {
      const parsed = jsonBody(body);
      if (parsed === null) return null;
      return changesOf(parsed).map(({ field, value }) =>
        value["statuses"] === undefined
          ? { field, value }
          : { field, value: { ...value, statuses: objectsOf(value["statuses"]).map(named) } },
      );
    },
  };
}
