import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BegunOidc, Problem, SignedIn } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { CLIENT, startIssuer, type TestIssuer } from "../../../../test/support/oidc/issuer.ts";
import { visit } from "../../../../test/support/oidc/visit.ts";
import { carryOut, readCommand } from "../accounts/operator.ts";
import { FLOW_MS } from "../accounts/oidc/sign-in.ts";
import { listAudit } from "../store/audit.ts";
import { DEVICE, startSignInApi } from "./testing/sign-in-api.ts";

/* A real issuer, on this machine. */

const CALLBACK = "http://fio.test/sign-in/oidc/callback";

forEachDatabase(({ create }) => {
  describe("signing in by an issuer", () => {
    let issuer: TestIssuer;
    let rig: Awaited<ReturnType<typeof startSignInApi>>;
    let time = 0;
    const ask: typeof rig.ask = (...given) => rig.ask(...given);
    const settings = (url: string, secret = CLIENT.secret) => ({
      ...{ url, secret, clientId: CLIENT.id, allowedDomains: ["office.example"] },
    });
    beforeAll(async () => {
      issuer = await startIssuer({ redirectUris: [CALLBACK] });
      rig = await startSignInApi({ create, oidc: settings(issuer.url), now: () => Date.now() + time });
    });
    afterAll(async () => {
      await rig.end();
      await issuer.close();
    });

    const known = (login: string, email: string, more: object = {}): void => {
      issuer.people.set(login, { email, email_verified: true, name: login, ...more });
    };
    const begin = async (address = DEVICE.address): Promise<BegunOidc> => {
      const answer = await ask("POST", "/sign-in-oidc/begin", { body: { redirect_uri: CALLBACK, address } });
      expect(answer.status).toBe(201);
      return (await answer.json()) as BegunOidc;
    };
    const finish = (flow: string, url: string, address = DEVICE.address) =>
      ask("POST", "/sign-in-oidc/finish", { body: { flow, url, ...DEVICE, address } });
    const told = async (answer: Response): Promise<unknown> =>
      answer.status === 201
        ? ((await answer.json()) as SignedIn).account
        : ((await answer.json()) as Problem).code;
    /** The whole way; who is in by it, or why nobody is. */
    const signIn = async (login: string | null): Promise<unknown> => {
      const { flow, url } = await begin();
      return told(await finish(flow, await visit(url, login)));
    };
    const operator = (...args: string[]) =>
      carryOut(readCommand(args), { store: rig.store, webUrl: "http://fio.test", now: Date.now() });

    test("by an address that the issuer vouches for, once; from then on its name for them decides", async () => {
      await rig.add("Ana@fio.example", "Ana Lima", "--admin");
      known("ana", "ANA@Fio.example", { name: "Another Name" });
      const { flow, url } = await begin();
      const asked = new URL(url).searchParams;
      expect(Object.fromEntries(asked)).toMatchObject({
        ...{ response_type: "code", code_challenge_method: "S256", redirect_uri: CALLBACK },
        scope: "openid email profile",
      });
      for (const name of ["state", "nonce", "code_challenge"]) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
      const answer = await finish(flow, await visit(url, "ana"));
      const { token, account } = (await answer.json()) as SignedIn;
      const ana = { email: "ana@fio.example", name: "Ana Lima", role: "admin" };
      expect(account).toMatchObject(ana);
      expect((await ask("GET", "/sessions/current", { session: token })).status).toBe(200);

      // Another address, and then another one's: the same person.
      known("ana", "ana.nova@elsewhere.example");
      expect(await signIn("ana")).toMatchObject(ana);
      await rig.add("bia@fio.example", "Bia");
      known("ana", "bia@fio.example");
      expect(await signIn("ana")).toMatchObject(ana);
      // Another person, to whom the issuer gave her address.
      known("somebody", "ana@fio.example");
      expect(await signIn("somebody")).toBe("OIDC_NO_ACCOUNT");

      // An operator takes away what was tied, with the password.
      await operator("reset", "ana@fio.example");
      expect((await ask("GET", "/sessions/current", { session: token })).status).toBe(401);
      expect(await signIn("somebody")).toMatchObject(ana);
    });

    test("an address that the issuer does not vouch for ties nothing", async () => {
      await rig.add("caio@fio.example", "Caio");
      known("caio", "caio@fio.example", { email_verified: false });
      expect(await signIn("caio")).toBe("OIDC_UNVERIFIED");
      known("caio", "caio@fio.example", { email_verified: undefined });
      expect(await signIn("caio")).toBe("OIDC_UNVERIFIED");
      issuer.people.set("nobody", {});
      expect(await signIn("nobody")).toBe("OIDC_UNVERIFIED");
      known("caio", "caio@fio.example");
      expect(await signIn("caio")).toMatchObject({ name: "Caio" });
    });

    test("who has no account gets one as an agent, where a setting has the domain, and else none", async () => {
      for (const email of [
        "eva@elsewhere.example",
        "eva@notoffice.example",
        "eva@office.example.evil.example",
      ]) {
        known("eva", email);
        expect(await signIn("eva")).toBe("OIDC_NO_ACCOUNT");
      }
      known("davi", "Davi@Office.example", { name: "Davi Reis" });
      const account = await signIn("davi");
      expect(account).toMatchObject({ email: "davi@office.example", name: "Davi Reis", role: "agent" });
      expect(await signIn("davi")).toEqual(account);
      // Two browsers at once.
      known("gil", "gil@office.example");
      const both = await Promise.all([signIn("gil"), signIn("gil")]);
      expect(both[0]).toMatchObject({ email: "gil@office.example" });
      expect(both[1]).toEqual(both[0]);
    });

    test("who is disabled stays out, tied or not", async () => {
      await rig.add("flora@fio.example", "Flora");
      known("flora", "flora@fio.example");
      await operator("disable", "flora@fio.example");
      expect(await signIn("flora")).toBe("OIDC_NO_ACCOUNT");
      await operator("enable", "flora@fio.example");
      expect(await signIn("flora")).toMatchObject({ name: "Flora" });
      await operator("disable", "flora@fio.example");
      expect(await signIn("flora")).toBe("OIDC_NO_ACCOUNT");
    });

    test("the log of who did what has the way, and nobody's address", async () => {
      await rig.add("hugo@fio.example", "Hugo");
      known("hugo", "hugo@fio.example");
      await signIn("hugo");
      known("unknown", "unknown@fio.example");
      await signIn("unknown");
      const { items } = await listAudit(rig.store.read, { limit: 5 });
      expect(items.map(({ action, actor, detail }) => [action, actor?.name, detail])).toEqual([
        ["sign_in_oidc_failed", undefined, DEVICE.address],
        ["sign_in_oidc", "Hugo", DEVICE.address],
        ["identity_tied", "Hugo", issuer.url],
        ["account_added", undefined, "agent"],
        expect.anything(),
      ]);
    });

    test("the store keeps nothing by which a sign-in could be finished", async () => {
      const { flow, url } = await begin();
      const kept = JSON.stringify(await rig.store.read("sign_in_flows"));
      const { state = "", nonce = "" } = Object.fromEntries(new URL(url).searchParams);
      for (const secret of [flow, state, nonce]) expect(kept).not.toContain(secret);
    });

    test("what somebody denies, and what is used again, comes from elsewhere or is too old, lets nobody in", async () => {
      await rig.add("iris@fio.example", "Iris");
      known("iris", "iris@fio.example");
      expect(await signIn(null)).toBe("OIDC_DENIED");

      // Once, whoever comes first.
      const mine = await begin();
      const back = await visit(mine.url, "iris");
      expect(await told(await finish(mine.flow, back))).toMatchObject({ name: "Iris" });
      expect(await told(await finish(mine.flow, back))).toBe("OIDC_ENDED");

      // An answer that somebody else was given, in this browser: nobody is signed in as them.
      const theirs = await begin();
      const foreign = await visit(theirs.url, "iris");
      expect(await told(await finish((await begin()).flow, foreign))).toBe("OIDC_ENDED");
      // Neither that nor what a stranger made up uses up what is under way.
      const under = await begin();
      const own = await visit(under.url, "iris");
      const { state = "" } = Object.fromEntries(new URL(under.url).searchParams);
      for (const search of ["", "?error=access_denied&state=made-up", `?code=x&state=made-up&state=${state}`])
        expect(await told(await finish(under.flow, `${CALLBACK}${search}`))).toBe("OIDC_ENDED");
      expect(await told(await finish(under.flow, foreign))).toBe("OIDC_ENDED");
      expect(await told(await finish(under.flow, own))).toMatchObject({ name: "Iris" });
      for (const change of ["state", "code", "iss"]) {
        const { flow, url } = await begin();
        const changed = new URL(await visit(url, "iris"));
        changed.searchParams.set(change, "made up");
        const expected = change === "iss" ? "OIDC_FAILED" : "OIDC_ENDED";
        expect([change, await told(await finish(flow, changed.href))]).toEqual([change, expected]);
      }
      const bare = await begin();
      expect(await told(await finish(bare.flow, CALLBACK))).toBe("OIDC_ENDED");
      expect(await told(await finish("never begun", back))).toBe("OIDC_ENDED");

      const late = await begin();
      const lateBack = await visit(late.url, "iris");
      time += FLOW_MS;
      expect(await told(await finish(late.flow, lateBack))).toBe("OIDC_ENDED");
      time -= FLOW_MS;
    });

    test("a token with another nonce, for another verifier or by a redirect elsewhere is not taken", async () => {
      known("iris", "iris@fio.example");
      for (const [name, value, expected] of [
        ["nonce", "of another sign-in", "OIDC_FAILED"],
        ["code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "OIDC_ENDED"],
      ] as const) {
        const { flow, url } = await begin();
        const tampered = new URL(url);
        tampered.searchParams.set(name, value);
        const answer = await finish(flow, await visit(tampered.href, "iris"));
        expect([name, await told(answer)]).toEqual([name, expected]);
      }
      const { flow, url } = await begin();
      const moved = (await visit(url, "iris")).replace("http://fio.test/", "http://elsewhere.test/");
      expect(await told(await finish(flow, moved))).toBe("OIDC_ENDED");
    });

    test("an issuer that is down, hangs, answers nonsense or changes its mind is told as such, and mends by itself", async () => {
      known("iris", "iris@fio.example");
      const { flow, url } = await begin();
      const back = await visit(url, "iris");
      issuer.instead = (_request, response) => {
        response.writeHead(500).end("no");
        return true;
      };
      expect(await told(await finish(flow, back))).toBe("OIDC_AWAY");
      const second = await begin();
      issuer.instead = null;
      const secondBack = await visit(second.url, "iris");
      issuer.instead = (_request, response) => {
        response.writeHead(200, { "Content-Type": "text/html" }).end("<p>");
        return true;
      };
      expect(await told(await finish(second.flow, secondBack))).toBe("OIDC_FAILED");
      const third = await begin();
      issuer.instead = null;
      const thirdBack = await visit(third.url, "iris");
      issuer.instead = (request) => request.url === "/token";
      expect(await told(await finish(third.flow, thirdBack))).toBe("OIDC_AWAY");
      issuer.instead = null;
      expect(await signIn("iris")).toMatchObject({ name: "Iris" });
    }, 30_000);

    test("whoever begins too often waits, and nobody's password is held up by it", async () => {
      const address = "203.0.113.5";
      const statuses = [];
      for (let n = 0; n < 102; n += 1) {
        const body = { redirect_uri: CALLBACK, address };
        statuses.push((await ask("POST", "/sign-in-oidc/begin", { body })).status);
      }
      expect(statuses.filter((status) => status === 429)).toHaveLength(2);
      const joined = await rig.joined("julia@fio.example", "Julia");
      const password = { email: joined.account.email, password: "not it", ...DEVICE, address };
      expect((await ask("POST", "/sessions", { body: password })).status).toBe(401);
    }, 30_000);

    test("nobody comes in without our own token", async () => {
      for (const path of ["begin", "finish"]) {
        const answer = await fetch(`${rig.api.url}/sign-in-oidc/${path}`, { method: "POST", body: "{}" });
        expect(answer.status).toBe(401);
        expect((await ask("POST", `/sign-in-oidc/${path}`, { body: {} })).status).toBe(400);
        expect((await ask("GET", `/sign-in-oidc/${path}`)).status).toBe(405);
      }
    });
  });
});

describe("an issuer that is not as it should be", () => {
  const codeOf = async (
    { url, secret = CLIENT.secret, aheadMs = 0 }: { url: string; secret?: string; aheadMs?: number },
    login: string | null = null,
  ): Promise<unknown> => {
    const oidc = { url, secret, clientId: CLIENT.id, allowedDomains: ["office.example"] };
    const rig = await startSignInApi({ oidc, now: () => Date.now() + aheadMs });
    try {
      const body = { redirect_uri: CALLBACK, address: DEVICE.address };
      const begun = await rig.ask("POST", "/sign-in-oidc/begin", { body });
      if (begun.status !== 201) return ((await begun.json()) as Problem).code;
      const { flow, url: at } = (await begun.json()) as BegunOidc;
      const came = await visit(at, login);
      const done = await rig.ask("POST", "/sign-in-oidc/finish", { body: { flow, url: came, ...DEVICE } });
      return done.status === 201
        ? ((await done.json()) as SignedIn).account.email
        : ((await done.json()) as Problem).code;
    } finally {
      await rig.end();
    }
  };
  const withIssuer = async (
    given: Partial<Parameters<typeof startIssuer>[0]>,
    use: (issuer: TestIssuer) => Promise<void>,
  ): Promise<void> => {
    const issuer = await startIssuer({ redirectUris: [CALLBACK], ...given });
    issuer.people.set("ana", { email: "ana@office.example", email_verified: true });
    await use(issuer).finally(issuer.close);
  };

  test("one that does not answer, hangs, or is none", async () => {
    expect(await codeOf({ url: "http://127.0.0.1:1" })).toBe("OIDC_AWAY");
    await withIssuer({}, async (issuer) => {
      issuer.instead = () => true;
      expect(await codeOf(issuer)).toBe("OIDC_AWAY");
      issuer.instead = (_request, response) => {
        response.writeHead(404).end();
        return true;
      };
      expect(await codeOf(issuer)).toBe("OIDC_FAILED");
      // It calls itself something else.
      issuer.instead = null;
      expect(await codeOf({ url: issuer.url.replace("127.0.0.1", "localhost") })).toBe("OIDC_FAILED");
    });
  }, 30_000);

  test("a wrong secret, a token that is too old, and a signature of nobody's", async () => {
    await withIssuer({}, async (issuer) => {
      expect(await codeOf({ url: issuer.url, secret: "another secret" }, "ana")).toBe("OIDC_FAILED");
      issuer.instead = ({ url }, response) => {
        if (url !== "/jwks") return false;
        response.writeHead(200, { "Content-Type": "application/json" }).end('{"keys":[]}');
        return true;
      };
      expect(await codeOf(issuer, "ana")).toBe("OIDC_FAILED");
    });
    await withIssuer({}, async ({ url }) => {
      expect(await codeOf({ url, aheadMs: 11 * 60_000 }, "ana")).toBe("OIDC_FAILED");
      expect(await codeOf({ url, aheadMs: 9 * 60_000 }, "ana")).toBe("ana@office.example");
    });
  }, 30_000);

  test("one that tells the address apart from its token is asked for it", async () => {
    await withIssuer({ inToken: false }, async (issuer) => {
      expect(await codeOf(issuer, "ana")).toBe("ana@office.example");
      expect(issuer.asked).toContain("/me");
    });
  });

  test("none that is set: there is no such way in", async () => {
    const rig = await startSignInApi();
    const body = { redirect_uri: CALLBACK, address: DEVICE.address };
    const answer = await rig.ask("POST", "/sign-in-oidc/begin", { body });
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([404, "OIDC_OFF"]);
    await rig.end();
  });
});
