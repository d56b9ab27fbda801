import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { message, type SentEvent } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { forgedPosts, post, signedAt } from "./attacks/signatures.ts";
import { sent, token } from "./support/attack.ts";
import { ask, written, type Headers } from "./support/raw.ts";
import { SECRETS } from "./support/target.ts";
import type { Range } from "./support/range.ts";

/** At ingest and the read API. */
export function attackAsSenderOrReader(of: () => Range): void {
  test("no event gets in that is not signed, is signed wrongly, or was signed long ago", async () => {
    const { ingest, api, attack, conversation } = of();
    const tried: SentEvent[] = [];
    const event = (): SentEvent => {
      tried.push(message(conversation, { id: randomUUID(), content: "Deixe-me entrar" }));
      return tried.at(-1) as SentEvent;
    };
    await attack("ingest: not signed, or wrongly", ingest, forgedPosts(event), [401]);
    const known = await Promise.all(
      tried.map(({ data }) =>
        ask(api, written("GET", `/events/NEW_MESSAGE/${data["id"]}`, { headers: token })),
      ),
    );
    expect(known.map(({ status }) => status)).toEqual(tried.map(() => "404"));
  });

  test("what is repeated while its signature is fresh changes nothing, and is refused afterwards", async () => {
    const { ingest, attack, conversation } = of();
    const body = JSON.stringify(message(conversation, { id: randomUUID() }));
    const fresh = Array.from({ length: 10 }, () => ({
      what: "again",
      bytes: signedAt(body, Date.now(), { prefer: "wait=25" }),
    }));
    expect((await ask(ingest, fresh[0]?.bytes ?? "")).status).toBe("201");
    const repeated = await attack("ingest: repeated within 5 minutes: told, no effect", ingest, fresh, [200]);
    for (const answer of repeated) expect(JSON.parse(answer.body)).toMatchObject({ status: "duplicate" });
    const late = [5.5, 10, 60].map((minutes) => ({
      what: `${minutes} min`,
      bytes: signedAt(body, Date.now() - minutes * 60_000),
    }));
    await attack("ingest: repeated later", ingest, late, [401]);
  });

  test("a sender does not speak for an agent, and no browser's form is an event", async () => {
    const { ingest, attack, conversation } = of();
    const act = JSON.stringify({
      type: "RESOLVE_REJECTION",
      timestamp: "2025-02-21T10:20:41.349308",
      data: { receipt: "1740133242349308", conversation_id: conversation, how: "seen" },
    });
    const asSender = { what: "an act", bytes: post(act, hubSignature(act, SECRETS.WEBHOOK_SECRETS)) };
    await attack("ingest: an agent's act by a sender", ingest, [asSender], [403]);
    const body = JSON.stringify(message(conversation, { id: randomUUID() }));
    const forms = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "",
    ].map((type) =>
      sent(type, "POST", "/webhook/", {
        body,
        headers: {
          "content-type": type,
          origin: "https://evil.example",
          ...hubSignature(body, SECRETS.WEBHOOK_SECRETS),
        },
      }),
    );
    await attack("ingest: what a page of another site can send", ingest, forms, [415]);
    const others = ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"].map((method) =>
      sent(method, method, "/webhook/"),
    );
    await attack("ingest: other methods", ingest, others, [405]);
  });

  test("nobody reads the API without its token", async () => {
    const { api, attack, conversation, cookie } = of();
    const paths = [
      ...[
        "/conversations/",
        `/conversations/${conversation}/`,
        `/conversations/${conversation}/events`,
        `/conversations/${conversation}/sight`,
        "/counts",
        "/audit",
      ],
      ...[
        "/search?q=Ana",
        "/rejections",
        "/stream",
        "/sessions",
        "/sessions/current/password",
        "/sessions/current",
        "/sessions/current/second-factor",
        "/accounts",
        "/nothing",
      ],
    ];
    const secret = SECRETS.API_TOKENS;
    const ways: Array<[string, Headers, string]> = [
      ["nothing", {}, ""],
      ["a wrong token", { authorization: "Bearer wrong" }, ""],
      ["a part of it", { authorization: `Bearer ${secret.slice(0, -1)}` }, ""],
      ["more than it", { authorization: `Bearer ${secret}x` }, ""],
      ["two", { authorization: `Bearer x, Bearer ${secret}` }, ""],
      ["another scheme", { authorization: `Basic ${Buffer.from(`fio:${secret}`).toString("base64")}` }, ""],
      ["the bare token", { authorization: secret }, ""],
      ["in the query", {}, `access_token=${secret}&token=${secret}`],
      ["an agent's cookie", { cookie, "fio-session": cookie.split("=")[1] ?? "" }, ""],
      ["another host", { host: "evil.example" }, ""],
      ["from this machine by its headers", { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" }, ""],
    ];
    const all = paths.flatMap((path) =>
      ways.map(([what, headers, query]) =>
        sent(
          `${what} ${path}`,
          "GET",
          query === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${query}`,
          { headers },
        ),
      ),
    );
    const acts = [
      "/sessions",
      "/accounts",
      "/accounts/0198a5c6-1df2-4b7e-9c57-5a1d0f6f3f01/reset",
      "/audit",
      `/conversations/${conversation}/presence`,
      "/sign-in-links/look-up",
      "/sign-in-links/accept",
      "/sessions/second",
      ...["begin", "confirm", "end"].map((what) => `/sessions/current/second-factor/${what}`),
      "/sign-in-oidc/begin",
      "/sign-in-oidc/finish",
      "/rejections/1/replay",
      "/rejections/replay",
    ];
    const posts = acts.map((path) =>
      sent(path, "POST", path, { headers: { "content-type": "application/json" }, body: "{}" }),
    );
    await attack(
      "api: without its token",
      api,
      [...all, ...posts, sent("preflight", "OPTIONS", "/conversations/")],
      [401],
    );
  });
}
