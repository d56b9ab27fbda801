import { media, type Media } from "@fio/contracts";
import { MAX_MEDIA_NAME_UNITS } from "@fio/contracts/limits";
import { objectOf, textOf, type Json } from "../../json.ts";

/** Addresses that answer to the token of an account alone: whoever opens one in a browser gets a refusal. */
const ASKS_FOR_TOKEN = new Set(["lookaside.fbsbx.com", "graph.facebook.com"]);

/**
 * The file that a message in Meta's shape is about, `null` where it is about none. What the contract does not hold of it is
 * left out, so that no message is refused for its file.
 */
export function mediaOf(message: Json): Media | null {
  const type = textOf(message["type"]) ?? "";
  if (type === "edit") return mediaOf(objectOf(objectOf(message["edit"])["message"]));
  const kind = media.shape.kind.safeParse(type);
  const file = objectOf(message[type]);
  if (!kind.success || Object.keys(file).length === 0) return null;
  const said = {
    url: addressOf(file),
    id: textOf(file["id"]),
    name: textOf(file["filename"])?.replaceAll("\u0000", "").slice(0, MAX_MEDIA_NAME_UNITS).toWellFormed(),
    mime_type: textOf(file["mime_type"]),
    size: Number(textOf(file["file_size"]) ?? Number.NaN),
    sha256: textOf(file["sha256"]),
    voice: file["voice"] === true ? true : null,
  };
  const held = Object.entries(said).filter(
    ([name, value]) => value !== undefined && media.shape[name as keyof typeof said].safeParse(value).success,
  );
  return { kind: kind.data, ...(Object.fromEntries(held) as Partial<typeof said>) } as Media;
}

function addressOf(file: Json): string | null {
  const address = textOf(file["link"]) ?? textOf(file["url"]);
  if (address === null || !URL.canParse(address)) return null;
  return ASKS_FOR_TOKEN.has(new URL(address).hostname) ? null : address;
}
