import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { leadsAway } from "./attacks/redirects.ts";
import { sent } from "./support/attack.ts";
import { ask, form, headerOf, written, type Headers, type Heard } from "./support/raw.ts";
import { OPEN_PAGES } from "./support/open-pages.ts";
import { PASSWORD } from "./support/target.ts";
import type { Range } from "./support/range.ts";

/** By who has no account, or had one. */
export function attackTheDoor(of: () => Range): void {
  test("nobody opens a page of the app, or what it loads, without an account", async () => {
    const { web, attack, paths, cookie } = of();
    const needs = paths.filter((path) => !OPEN_PAGES.includes(path));
    expect(needs.length).toBeGreaterThan(12);
    const cookies: Headers[] = [
      {},
      { cookie: "fio_session=" },
      { cookie: `fio_session=${"A".repeat(43)}` },
      { cookie: cookie.slice(0, -1) },
      { cookie: `${cookie}A` },
      { cookie: `__Host-${cookie}` },
      { cookie: `fio_session="${cookie.split("=")[1]}"` },
      { authorization: `Bearer ${cookie.split("=")[1]}`, "fio-session": cookie.split("=")[1] ?? "" },
      { "x-forwarded-user": "ana@fio.example", "x-forwarded-for": "127.0.0.1" },
    ];
    const asked = needs.flatMap((path) =>
      cookies.flatMap((headers) =>
        ["text/html", "*/*"].map((accept) => sent(path, "GET", path, { headers: { ...headers, accept } })),
      ),
    );
    const heard = await attack("web: pages without an account", web, asked, [303, 401]);
    for (const answer of heard) expect(leadsAway(headerOf(answer, "location"), web)).toBeNull();
    const forms = needs.map((path) =>
      sent(path, "POST", path, form({ intent: "send", content: "Oi", end: "current" })),
    );
    await attack("web: forms without an account", web, forms, [303, 401]);
    // A page that anybody may open gives nothing else away.
    const data = OPEN_PAGES.flatMap((path) =>
      [`${path}.data`, `${path}.data?_routes=routes%2F_shell`, `${path}?index`].map((each) =>
        sent(each, "GET", each),
      ),
    );
    const more = await attack("web: open pages asked for more", web, data, [200, 202, 302, 303, 404, 405]);
    for (const answer of more) expect(leadsAway(headerOf(answer, "location"), web)).toBeNull();
  });

  test("a session is of no use once it has ended, and none is brought along into a sign-in", async () => {
    const { web, attack, paths, signIn } = of();
    const mine = await signIn("bia@fio.example");
    const other = await signIn("bia@fio.example");
    expect(other).not.toBe(mine);
    const read = (by: string) => ask(web, written("GET", "/data/conversations", { headers: { cookie: by } }));
    expect([(await read(mine)).status, (await read(other)).status]).toEqual(["200", "200"]);
    const out = await ask(
      web,
      written("POST", "/account", {
        ...form({ end: "current" }),
        headers: { ...form({}).headers, cookie: mine },
      }),
    );
    expect(out.status).toBe("303");
    const stolen = paths
      .filter((path) => !OPEN_PAGES.includes(path))
      .flatMap((path) => [
        sent(path, "GET", path, { headers: { cookie: mine } }),
        sent(path, "POST", path, {
          ...form({ end: "current" }),
          headers: { ...form({}).headers, cookie: mine },
        }),
      ]);
    await attack("web: the cookie of a session that was ended", web, stolen, [303, 401]);
    expect((await read(other)).status).toBe("200");
    const fixed = { ...form({ email: "bia@fio.example", password: PASSWORD }) };
    const answer = await ask(
      web,
      written("POST", "/sign-in", {
        ...fixed,
        headers: { ...fixed.headers, cookie: `fio_session=${"f".repeat(43)}` },
      }),
    );
    expect(headerOf(answer, "set-cookie")).not.toContain("f".repeat(43));
  });

  test("a password is not guessed, and whether there is such an account is not told", async () => {
    const { web, attack } = of();
    const guesses = (email: string) =>
      sent(email, "POST", "/sign-in", form({ email, password: "uma senha qualquer" }));
    const [known] = await attack("web: a wrong password", web, [guesses("ana@fio.example")], [401]);
    const [unknown] = await attack("web: no such account", web, [guesses("ninguem@fio.example")], [401]);
    const told = (answer: Heard | undefined) =>
      answer?.body.replaceAll(/(ana|ninguem)@fio\.example|nonce="[^"]*"|"nonce":"[^"]*"/g, "");
    expect(told(known)?.length).toBe(told(unknown)?.length);
    const many = Array.from({ length: 14 }, () => guesses("alvo@fio.example"));
    await attack("web: guesses at one account", web, many, [401, 429], { atOnce: 2 });
    const spoofed = Array.from({ length: 20 }, (_, n) => ({
      ...guesses("alvo@fio.example"),
      bytes: written("POST", "/sign-in", {
        ...form({ email: "alvo@fio.example", password: "x" }),
        headers: { ...form({}).headers, "x-forwarded-for": `203.0.113.${n}` },
      }),
    }));
    await attack("web: more guesses, from other addresses by their headers", web, spoofed, [429]);
    const keys = Array.from({ length: 20 }, () => sent("key", "GET", `/welcome?key=${randomUUID()}`));
    await attack("web: guessed links", web, keys, [404]);
  });
}
