import { createVerifier } from "@fio/service/signature";
import { objectOf, objectsOf, textOf, type Json } from "../json.ts";
import type { Change } from "../inbound/reading/split.ts";
import { jsonBody } from "./json-body.ts";
import type { Provider } from "./provider.ts";

/** Every change of every entry, as Meta's own webhooks hold them. */
export function changesOf(body: Json): Change[] {
  return objectsOf(body["entry"]).flatMap((entry) =>
    objectsOf(entry["changes"]).map((change) => ({
      field: textOf(change["field"]) ?? "unknown",
      value: objectOf(change["value"]),
    })),
  );
}

/** Meta's Cloud API itself: signed with the secret of the app. */
export function metaProvider({ appSecrets }: { appSecrets: readonly Buffer[] }): Provider {
  const verifier = createVerifier({ keys: appSecrets });
  return {
    name: "meta",
    refusal: ({ headers, body }) => {
      const given = headers["x-hub-signature-256"];
      // Nothing else that a verifier may take: Meta signs in this way alone.
      const signature = verifier.check(given === undefined ? {} : { "x-hub-signature-256": given }, body, 0);
      return signature.kind === "signed" ? null : "X-Hub-Signature-256 does not match the body";
    },
    read: ({ body }) => {
      const parsed = jsonBody(body);
      return parsed === null ? null : changesOf(parsed);
    },
  };
}
