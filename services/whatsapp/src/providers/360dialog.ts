import { textOf } from "../json.ts";
import { bearerRefusal } from "./bearer.ts";
import { jsonBody } from "./json-body.ts";
import { changesOf } from "./meta.ts";
import type { Provider } from "./provider.ts";

/**
 * 360dialog passes on what Meta posts. From numbers that it hosts in the old way only what is inside a change comes, which
 * does not name our number: its id then stands in the address, `?number=…`.
 */
export function dialog360Provider({ tokens }: { tokens: readonly string[] }): Provider {
  return {
    name: "360dialog",
    refusal: bearerRefusal(tokens),
    read: ({ body, url }) => {
      const parsed = jsonBody(body);
      if (parsed === null || Array.isArray(parsed["entry"]))
        return parsed === null ? null : changesOf(parsed);
      const number = new URL(url).searchParams.get("number");
      const metadata = number === null ? {} : { metadata: { phone_number_id: number } };
      return [{ field: textOf(parsed["field"]) ?? "messages", value: { ...metadata, ...parsed } }];
    },
  };
}
