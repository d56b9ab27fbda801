import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { close } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";
import { floods } from "./attacks/floods.ts";
import { post } from "./attacks/signatures.ts";
import { sent, times } from "./support/attack.ts";
import { form } from "./support/raw.ts";
import { SECRETS } from "./support/target.ts";
import type { Range } from "./support/range.ts";

/** With more than is taken, for longer than is waited. */
export function attackWithTooMuch(of: () => Range): void {
  test("more than a request may have is refused", async () => {
    const { web, api, ingest, attack } = of();
    const expected = [400, 401, 405, 413, 415, 417, 431, "cut"];
    await attack(
      "ingest: floods of headers, smuggled requests",
      ingest,
      floods("POST", "/webhook/"),
      expected,
    );
    await attack("web: floods of headers, smuggled requests", web, floods("GET", "/"), expected);
    await attack(
      "api: floods of headers, smuggled requests",
      api,
      floods("GET", "/conversations/"),
      expected,
    );
    const large = sent(
      "2 MiB",
      "POST",
      "/sign-in",
      form({ email: "x".repeat(2 * 1024 * 1024), password: "x" }),
    );
    await attack("web: a body that is too large", web, [large], [413]);
    const body = JSON.stringify(Array.from({ length: 1_001 }, () => close(randomUUID())));
    const arrays = [body, `[${"[".repeat(50_000)}`, `{"type":${"{".repeat(50_000)}`].map((text) => ({
      what: text.slice(0, 10),
      bytes: post(text, hubSignature(text, SECRETS.WEBHOOK_SECRETS)),
    }));
    await attack("ingest: signed, and too many or too deep", ingest, arrays, [400]);
  });

  test("who is slow, endless or silent is put out", async () => {
    const { tally, slow } = of();
    const { opened, open, unexpected, taken } = await slow;
    expect(opened).toBeGreaterThan(500);
    expect(unexpected).toEqual([]);
    expect(Math.max(...taken)).toBeLessThan(64 * 1024 * 1024);
    // They have said nothing for so long that each is ended.
    await until(() => open() === 0, { what: "silent connections are ended" });
    tally.add("ingest and web: connections that say nothing", times(opened, "cut"), ["cut"]);
  }, 90_000);
}
