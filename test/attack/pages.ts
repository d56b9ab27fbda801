import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { disguises, PATH_TRICKS, PATH_TRICKS_SIGNED_IN } from "./attacks/paths.ts";
import { ELSEWHERE, leadsAway, redirectsIn } from "./attacks/redirects.ts";
import { sent, type Sent } from "./support/attack.ts";
import { ask, form, headerOf, written, type Headers } from "./support/raw.ts";
import { OPEN_PAGES } from "./support/open-pages.ts";
import { PASSWORD } from "./support/target.ts";
import type { Range } from "./support/range.ts";

/** In the name of who is signed in, from elsewhere, and by ways of writing an address. */
export function attackPages(of: () => Range): void {
  test("a page of another site changes nothing, though the browser sends the cookie along", async () => {
    const { web, attack, paths, cookie } = of();
    const own = web;
    const origins: Headers[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "" },
      { origin: own.replace("http://", "http://evil.") },
      { origin: `${own}.evil.example` },
      { origin: own.replace(/:\d+$/, ":1") },
      { origin: "file://" },
      { "sec-fetch-site": "cross-site", origin: own },
      { "sec-fetch-site": "same-site", origin: own },
      { "sec-fetch-site": "CROSS-SITE" },
    ];
    const posts = paths.flatMap((path) =>
      origins.map((headers) =>
        sent(path, "POST", path, {
          ...form({ end: "current", content: "Oi" }),
          headers: { ...form({}).headers, cookie, host: new URL(own).host, ...headers },
        }),
      ),
    );
    const heard = await attack("web: forms of other sites, signed in", own, posts, [403]);
    for (const answer of heard) expect(headerOf(answer, "set-cookie")).toBeNull();
  });

  test("under a name that is not its own the app is not at home", async () => {
    const { web, attack, paths, cookie } = of();
    const hosts = [
      "evil.example",
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "evil.localhost.example",
      "10.0.0.1",
      "0.0.0.0",
      "[::2]",
      "fio.test",
    ];
    const all = paths.flatMap((path) =>
      hosts.map((host) => sent(host, "GET", path, { headers: { host, cookie } })),
    );
    await attack("web: other hosts (DNS rebinding), signed in", web, all, [421]);
    const odd = [
      "",
      "a b",
      "127.0.0.1/x",
      "x@127.0.0.1",
      "127.0.0.1:99999",
      "127.0.0.1#",
      "127.0.0.1\\evil",
      "[::1",
      "%6c",
    ];
    const bad = odd.map((host) => sent(host, "GET", "/", { headers: { host, cookie } }));
    await attack("web: hosts that are none", web, bad, [400, 421]);
    const forwarded = await ask(
      web,
      written("GET", "/", {
        headers: { accept: "text/html", "x-forwarded-host": "evil.example", forwarded: "host=evil.example" },
      }),
    );
    expect([forwarded.status, leadsAway(headerOf(forwarded, "location"), web)]).toEqual(["303", null]);
    expect(`${forwarded.head}${forwarded.body}`).not.toContain("evil.example");
  });

  test("no way of writing a path leads to a file, or past the door", async () => {
    const { web, api, ingest, attack, paths, cookie } = of();
    const tricks = (paths: readonly string[], headers: Headers = {}) =>
      paths.map((path) => sent(path, "GET", path, { headers }));
    await attack("web: path tricks", web, tricks(PATH_TRICKS), [303, 400, 401, 404, "cut"]);
    await attack("web: path tricks, signed in", web, tricks(PATH_TRICKS_SIGNED_IN, { cookie }), [
      200,
      302,
      400,
      401,
      404,
      "cut",
    ]);
    await attack("ingest: path tricks", ingest, tricks(PATH_TRICKS), [400, 404, "cut"]);
    await attack("api: path tricks", api, tricks(PATH_TRICKS), [400, 401, 404, "cut"]);
    const needs = paths.filter((path) => !OPEN_PAGES.includes(path));
    const hidden = disguises(needs).map((path) =>
      sent(path, "GET", path, { headers: { accept: "text/html" } }),
    );
    const heard = await attack("web: pages under disguise", web, hidden, [303, 400, 401]);
    for (const answer of heard) expect(leadsAway(headerOf(answer, "location"), web)).toBeNull();
  });

  test("nothing that redirects leads away from the app", async () => {
    const { web, attack, cookie } = of();
    const fields = (more: Record<string, string>) => ({
      ...form(more),
      headers: { ...form({}).headers, cookie },
    });
    const asked = (value: string): Sent[] => {
      const written = encodeURIComponent(value);
      return [
        sent(value, "GET", `/sign-in?back=${written}`, { headers: { cookie } }),
        sent(value, "GET", `/sign-in.data?back=${written}`, { headers: { cookie } }),
        sent(value, "GET", `/sign-in/oidc?back=${written}`),
        sent(value, "GET", `/sign-in/oidc/callback?back=${written}`),
        sent(value, "GET", `/go?id=${written}`, { headers: { cookie } }),
        sent(value, "POST", "/preferences", fields({ switch: "theme", back: value })),
        sent(value, "POST", "/preferences.data", fields({ switch: "theme", back: value })),
        sent(value, "POST", "/account", fields({ end: randomUUID(), back: value })),
        sent(value, "GET", `/conversations/${written}`, { headers: { cookie } }),
      ];
    };
    const all = ELSEWHERE.flatMap(asked);
    const heard = await attack("web: redirects to another site", web, all, [202, 302, 303, 400, 404]);
    const away = heard.map((answer) => leadsAway(headerOf(answer, "location"), web));
    expect(away.filter((why) => why !== null)).toEqual([]);
    // Where a script follows by itself the address is in the body.
    const followed = heard.flatMap(({ body }) => redirectsIn(body));
    expect(followed.length).toBeGreaterThan(ELSEWHERE.length);
    expect(followed.flatMap((location) => leadsAway(location, web) ?? [])).toEqual([]);
    // Each signs in with the right password: where one is led then counts above all.
    const ins = ELSEWHERE.filter((_value, index) => index % 6 === 0).map((value) =>
      sent(
        value,
        "POST",
        `/sign-in?back=${encodeURIComponent(value)}`,
        form({ email: "ana@fio.example", password: PASSWORD }),
      ),
    );
    const signedIn = await attack("web: signing in, and then to another site", web, ins, [303]);
    const led = signedIn.map((answer) => leadsAway(headerOf(answer, "location"), web));
    expect(led.filter((why) => why !== null)).toEqual([]);
    for (const { head } of [...heard, ...signedIn])
      expect(head).not.toMatch(/^set-cookie: fio_session=stolen/im);
  }, 60_000);
}
