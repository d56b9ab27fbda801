import { describe, expect, test } from "vitest";
import { webhookEvent } from "./event.ts";
import { MAX_MEDIA_NAME_UNITS, MAX_MEDIA_UNITS, MAX_MEDIA_URL_UNITS } from "./limits.ts";
import { media } from "./media.ts";

const whole = {
  kind: "document",
  url: "https://files.example.com/9f3c/contrato.pdf",
  id: "1037543291543636",
  name: "contrato.pdf",
  mime_type: "application/pdf",
  size: 184_213,
  sha256: "kqRMA+mQ/h4g1sYAqt7bDzA=",
  voice: false,
};
const accepts = (file: unknown): boolean => media.safeParse(file).success;

test("all that is said of a file is kept, unknown keys are not", () => {
  expect(media.parse({ ...whole, animated: true })).toEqual(whole);
  expect(media.parse({ kind: "audio" })).toEqual({ kind: "audio" });
});

test("it stands beside the content, which a message has all the same", () => {
  const message = {
    type: "NEW_MESSAGE",
    timestamp: "2025-02-21T10:20:42.349308Z",
    data: {
      id: "49108c71-4dca-4af3-9f32-61bc745926e2",
      direction: "RECEIVED",
      content: "Documento: contrato.pdf",
      conversation_id: "6a41b347-8d80-4ce9-84ba-7af66f369f6a",
      media: whole,
    },
  };
  expect(webhookEvent.parse(message)).toEqual(message);
  const { content: _, ...data } = message.data;
  expect(webhookEvent.safeParse({ ...message, data }).success).toBe(false);
});

test.each([
  "https://files.example.com/a?token=b#c",
  "https://files.example.com:8443/a",
  "http://127.0.0.1:9000/a",
  "http://127.1/a",
  "http://localhost/a",
  "http://[::1]:9000/a",
])("an address may be %s", (url) => {
  expect(accepts({ kind: "image", url })).toBe(true);
});

test.each([
  "",
  "files.example.com/a",
  "http://files.example.com/a",
  "http://127.0.0.1.example.com/a",
  "http://localhost.example.com/a",
  "https://ana:secret@files.example.com/a",
  "https://ana@files.example.com/a",
  "javascript:alert(1)",
  "data:image/png;base64,AAAA",
  "file:///etc/passwd",
  "ftp://files.example.com/a",
])("an address may not be %s", (url) => {
  expect(accepts({ kind: "image", url })).toBe(false);
});

describe("limits", () => {
  const prefix = "https://files.example.com/";
  test.each<[string, number, (length: number) => object]>([
    ["url", MAX_MEDIA_URL_UNITS, (length) => ({ url: prefix + "a".repeat(length - prefix.length) })],
    ["name", MAX_MEDIA_NAME_UNITS, (length) => ({ name: "a".repeat(length) })],
    ["id", MAX_MEDIA_UNITS, (length) => ({ id: "a".repeat(length) })],
    ["mime_type", MAX_MEDIA_UNITS, (length) => ({ mime_type: "a".repeat(length) })],
    ["sha256", MAX_MEDIA_UNITS, (length) => ({ sha256: "a".repeat(length) })],
  ])("of %s", (_field, most, of) => {
    expect(accepts({ kind: "image", ...of(most) })).toBe(true);
    expect(accepts({ kind: "image", ...of(most + 1) })).toBe(false);
  });

  test.each([
    {},
    { kind: "gif" },
    { kind: "image", size: -1 },
    { kind: "image", size: 1.5 },
    { kind: "image", size: "3" },
    { kind: "image", name: "" },
    { kind: "image", name: "a\u0000" },
    { kind: "image", voice: "yes" },
    "image",
    null,
  ])("nothing else is a file: %o", (file) => {
    expect(accepts(file)).toBe(false);
  });
});
