import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { Media } from "@fio/contracts";
import { mediaResponse } from "./media-response.ts";

const answered = (headers: Record<string, string>, media: Media, download = false): Response =>
  mediaResponse({ kind: "file", status: 200, headers, body: Readable.from(["bytes"]) }, media, { download });

test.each([
  ["image/png", undefined, "image/png", "inline"],
  ["IMAGE/JPEG; q=1", undefined, "image/jpeg", "inline"],
  ["application/octet-stream", "audio/ogg; codecs=opus", "audio/ogg", "inline"],
  ["text/html", undefined, "application/octet-stream", "attachment"],
  ["image/svg+xml", undefined, "application/octet-stream", "attachment"],
  ["text/html", "image/svg+xml", "application/octet-stream", "attachment"],
  ["application/pdf", "application/pdf", "application/octet-stream", "attachment"],
])("what comes as %s, said to be %s, is %s, %s", (given, said, type, disposition) => {
  const media: Media = said === undefined ? { kind: "image" } : { kind: "image", mime_type: said };
  const { headers } = answered({ "content-type": given, "set-cookie": "a=b", "x-frame-options": "x" }, media);
  expect(headers.get("content-type")).toBe(type);
  expect(headers.get("content-disposition")).toBe(disposition);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("content-security-policy")).toContain("sandbox");
  expect(headers.get("cache-control")).toBe("no-store");
  // Nothing else of what a stranger's server says is passed on.
  expect([...headers.keys()].filter((name) => name === "set-cookie" || name === "x-frame-options")).toEqual(
    [],
  );
});

test("a name of any kind goes with it, and leads out of no folder", () => {
  const { headers } = answered(
    { "content-type": "image/png" },
    { kind: "image", name: '../peça "1"\r\nX: y\'.png' },
    true,
  );
  expect(headers.get("content-disposition")).toBe(
    "attachment; filename*=UTF-8''.._pe%C3%A7a%20%221%22__X%3A%20y%27.png",
  );
});

test("no name looks like that of another kind", () => {
  const { headers } = answered({}, { kind: "document", name: "foto\u202egpj.exe" });
  expect(headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''foto_gpj.exe");
});

test("what was not fetched says by its status why", () => {
  const statusOf = (fetched: Parameters<typeof mediaResponse>[0]) =>
    mediaResponse(fetched, { kind: "image" }, { download: false }).status;
  expect(
    [
      { kind: "gone", status: 410 } as const,
      { kind: "forbidden", why: "a private address" } as const,
      { kind: "too_large" } as const,
      { kind: "failed" } as const,
      { kind: "busy" } as const,
    ].map(statusOf),
  ).toEqual([404, 403, 413, 502, 503]);
});
