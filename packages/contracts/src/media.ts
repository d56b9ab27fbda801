import { z } from "zod";
import { MAX_MEDIA_NAME_UNITS, MAX_MEDIA_UNITS, MAX_MEDIA_URL_UNITS } from "./limits.ts";
import { text } from "./text.ts";

const said = (most: number, examples: string[]) => text(most).meta({ maxLength: most, examples });

/** Whoever reads the message reads its address: no password may stand in it, and nobody may read along on the way. */
function isFetchable(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);

/** A file that somebody sent: what is known of it, and where it is. Fio keeps the reference, not the file. */
export const media = z
  .object({
    kind: z.enum(["image", "audio", "video", "document", "sticker"]),
    url: text(MAX_MEDIA_URL_UNITS)
      .refine(isFetchable, { message: "must be an https address (http on loopback) without a user name" })
      .optional()
      .meta({
        description:
          "Where the file can be fetched by whoever has the address: https, or http on loopback; no user name and no " +
          "password in it. It may stop answering at any time.",
        maxLength: MAX_MEDIA_URL_UNITS,
        examples: ["https://files.example.com/9f3c/contrato.pdf"],
      }),
    id: text(MAX_MEDIA_UNITS)
      .optional()
      .meta({
        description: "By which the sender's system knows the file.",
        maxLength: MAX_MEDIA_UNITS,
        examples: ["1037543291543636"],
      }),
    name: said(MAX_MEDIA_NAME_UNITS, ["contrato.pdf"]).optional(),
    mime_type: said(MAX_MEDIA_UNITS, ["application/pdf"]).optional(),
    size: z
      .int()
      .min(0)
      .optional()
      .meta({ description: "In bytes.", examples: [184_213] }),
    sha256: text(MAX_MEDIA_UNITS).optional().meta({
      description: "Of the file's bytes, in hexadecimal or Base64, as the sender has it.",
      maxLength: MAX_MEDIA_UNITS,
    }),
    voice: z.boolean().optional().meta({ description: "True for sound that was recorded as a message." }),
  })
  .meta({
    id: "Media",
    description:
      "A file that somebody sent: what is known of it, and where it is. Fio keeps the reference, not the file. Two messages " +
      "are equal only when all of it is.",
  });
export type Media = z.output<typeof media>;

/** The same for two media exactly when all their fields are. A field that comes later is added at the end, where there is one. */
export const mediaContentOf = ({ kind, url, id, name, mime_type, size, sha256, voice }: Media): unknown[] => [
  kind,
  ...[url, id, name, mime_type, size, sha256, voice].map((field) => field ?? null),
];
