import { expect, test } from "vitest";
import { media } from "@fio/contracts";
import { mediaOf } from "./media.ts";

const message = (type: string, file: unknown) => ({
  id: "wamid.1",
  from: "5511912345678",
  type,
  [type]: file,
});

test.each([
  [
    "a photo as Meta tells it, whose address asks for a token",
    message("image", {
      id: "77",
      mime_type: "image/jpeg",
      sha256: "kqRM=",
      caption: "a peça",
      url: "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=77",
    }),
    { kind: "image", id: "77", mime_type: "image/jpeg", sha256: "kqRM=" },
  ],
  [
    "a voice message",
    message("audio", { id: 79, mime_type: "audio/ogg; codecs=opus", voice: true }),
    { kind: "audio", id: "79", mime_type: "audio/ogg; codecs=opus", voice: true },
  ],
  ["other sound", message("audio", { id: "79", voice: false }), { kind: "audio", id: "79" }],
  [
    "a document with its name, size and address",
    message("document", {
      filename: "contrato.pdf",
      url: "https://files.example.com/9",
      file_size: "184213",
    }),
    { kind: "document", name: "contrato.pdf", url: "https://files.example.com/9", size: 184_213 },
  ],
  ["a sticker", message("sticker", { id: "81", animated: true }), { kind: "sticker", id: "81" }],
  [
    "a video in an edit",
    { type: "edit", edit: { message: message("video", { id: "82" }) } },
    { kind: "video", id: "82" },
  ],
])("%s", (_what, given, file) => {
  expect(mediaOf(given)).toEqual(file);
  expect(media.parse(file)).toEqual(file);
});

test.each([
  ["text", { type: "text", text: { body: "Olá" } }],
  ["a photo without a photo", { type: "image" }],
  ["a type that nobody knows", message("hologram", { id: "1" })],
  ["a type that is a name of JavaScript", message("constructor", { id: "1" })],
  ["an edit of text", { type: "edit", edit: { message: { type: "text", text: { body: "x" } } } }],
])("%s is about no file", (_what, given) => {
  expect(mediaOf(given)).toBeNull();
});

test.each([
  ["http in a network", { url: "http://minio:9000/a" }],
  ["with a password", { url: "https://ana:secret@files.example.com/a" }],
  ["no address at all", { link: "900" }],
  ["far too long", { url: `https://files.example.com/${"a".repeat(5_000)}` }],
])("what the contract does not hold is left out, and the rest stays: an address %s", (_what, more) => {
  expect(mediaOf(message("image", { id: "77", file_size: -1, mime_type: {}, ...more }))).toEqual({
    kind: "image",
    id: "77",
  });
});

test("a name is cut to what is held", () => {
  const file = mediaOf(message("document", { filename: `\u0000${"😀".repeat(200)}.pdf` }));
  expect(media.parse(file).name).toHaveLength(255);
});
