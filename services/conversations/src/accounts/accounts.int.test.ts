import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import type { Store } from "../store/connect.ts";
import { listAudit } from "../store/audit.ts";
import { SESSION_LIMITS } from "../store/sessions.ts";
import { migratedStore } from "../store/testing/fixture.ts";
import { ATTEMPTS, createAccounts, MOST_AT_ONCE, type Accounts } from "./accounts.ts";
import { carryOut, readCommand } from "./operator.ts";
import { createPasswords, scryptOf } from "./passwords.ts";
import type { SignIn } from "./sign-in.ts";

// What it costs is no matter here, and a test has no time.
const passwords = createPasswords({ cost: { N: 16, r: 1, p: 1 } });
const HOUR = 3_600_000;
const PASSWORD = "a cavalo dado não se olha";

forEachDatabase(({ create }) => {
  describe("accounts", () => {
    let store: Store;
    let remove: () => Promise<void>;
    let accounts: Accounts;
    let time = Date.now();
    beforeAll(async () => {
      ({ store, remove } = await migratedStore(create));
      accounts = createAccounts({ store, now: () => time, passwords });
    });
    afterAll(() => remove());

    /** What `npm run agent -- …` prints. */
    const agent = async (...args: string[]): Promise<string> =>
      Promise.resolve()
        .then(() => carryOut(readCommand(args), { store, webUrl: "https://fio.example", now: time }))
        .then(
          (lines) => lines.join("\n"),
          (error: unknown) => `failed: ${(error as Error).message}`,
        );
    const device = (address = "192.0.2.1") => ({ address, browser: "a browser" });
    const keyIn = (text: string): string =>
      /\/welcome\?key=([\w-]{43})$/.exec(text)?.[1] ?? `no link in ${text}`;
    const signIn = (email: string, { password = PASSWORD, address = "192.0.2.1" } = {}): Promise<SignIn> =>
      accounts.signIn({ email, password, ...device(address) });
    const tokenOf = (signedIn: SignIn | { kind: "common" }): string => {
      if (signedIn.kind !== "signed in") throw new Error(signedIn.kind);
      return signedIn.token;
    };
    const join = async (email: string, name: string): Promise<string> => {
      const key = keyIn(await agent("add", email, name));
      return tokenOf(await accounts.acceptLink({ key, password: PASSWORD, ...device() }));
    };

    test("whoever goes on trying is written into the log once, and never what they typed", async () => {
      const address = "192.0.2.99";
      for (let tried = 0; tried < ATTEMPTS.account + 4; tried += 1)
        await signIn("somebody@fio.example", { password: "hunter2", address });
      const { items } = await listAudit(store.read, { limit: 100 });
      const lines = items.filter(({ detail }) => detail === address).map(({ action }) => action);
      expect(lines.toSorted()).toEqual([
        ...Array.from({ length: ATTEMPTS.account }, () => "sign_in_failed"),
        "sign_in_limited",
      ]);
      expect(JSON.stringify(items)).not.toMatch(/hunter2|somebody/);
    });

    test("what operators do is in the log, and they read it by a command", async () => {
      const key = keyIn(await agent("add", "ruth@fio.example", "Ruth"));
      time += 1_000;
      await accounts.acceptLink({ key, password: PASSWORD, ...device() });
      time += 1_000;
      await agent("disable", "ruth@fio.example");
      const printed = await agent("audit", "ruth@fio.example");
      expect(printed.split("\n").map((line) => line.split("\t").slice(1).join(" "))).toEqual([
        "account_disabled - Ruth - npm run agent",
        "sign_in Ruth - - 192.0.2.1",
        "password_set Ruth - - 192.0.2.1",
        "account_added - Ruth - agent",
      ]);
      expect(await agent("audit", "--to", "2020-01-01")).toBe("");
      expect(await agent("audit", "--from", "yesterday")).toContain("--from and --to are dates");
      expect(await agent("audit", "nobody@fio.example")).toContain("has no account");
    });

    test("an account begins with a link that works once, then with its password, in any case of its address", async () => {
      const printed = await agent("add", "Ana@Fio.example", "Ana Lima", "--admin");
      expect(printed).toContain("https://fio.example/welcome?key=");
      const key = keyIn(printed);
      expect(await signIn("ana@fio.example")).toEqual({ kind: "refused" });
      expect(await accounts.linkOf(key)).toMatchObject({
        email: "ana@fio.example",
        name: "Ana Lima",
        role: "admin",
      });
      const both = await Promise.all(
        [1, 2].map(() => accounts.acceptLink({ key, password: PASSWORD, ...device() })),
      );
      expect(both.map(({ kind }) => kind).toSorted()).toEqual(["refused", "signed in"]);
      expect(await accounts.linkOf(key)).toBeNull();
      expect(await signIn(" ANA@fio.example")).toMatchObject({
        kind: "signed in",
        account: { name: "Ana Lima" },
      });
      expect(await agent("list")).toContain("ana@fio.example\tadmin\tactive\tAna Lima");
      expect(await agent("add", "ANA@fio.example", "Other")).toMatch(/^failed: .*has an account already/);
    });

    test("the store keeps nothing that lets its reader in", async () => {
      const token = await join("bia@fio.example", "Bia");
      const key = keyIn(await agent("add", "caio@fio.example", "Caio"));
      const all = JSON.stringify([
        await store.read("accounts"),
        await store.read("sessions"),
        await store.read("sign_in_links"),
        await store.read("sign_in_attempts"),
      ]);
      for (const secret of [token, key, PASSWORD, "192.0.2.1"]) expect(all).not.toContain(secret);
    });

    test("an agent changes their password by the current one, goes on here, and is out everywhere else", async () => {
      const mine = await join("wanda@fio.example", "Wanda");
      const elsewhere = tokenOf(await signIn("wanda@fio.example"));
      const change = async (current: string, password: string, token = mine) => {
        const by = await accounts.current(token);
        if (by === null) throw new Error("signed out");
        return accounts.changePassword(by, { current, password, ...device("192.0.2.77") });
      };
      const [next, later] = ["quem canta seus males espanta", "devagar se vai ao longe"];
      expect(await change("not it at all", next)).toEqual({ kind: "refused" });
      expect(await change(PASSWORD, "password1234")).toEqual({ kind: "common" });
      expect(await accounts.current(elsewhere)).not.toBeNull();
      const goesOn = tokenOf(await change(PASSWORD, next));
      expect(await accounts.current(goesOn)).not.toBeNull();
      for (const token of [mine, elsewhere]) expect(await accounts.current(token)).toBeNull();
      expect(await signIn("wanda@fio.example")).toEqual({ kind: "refused" });
      expect(await signIn("wanda@fio.example", { password: next })).toMatchObject({ kind: "signed in" });

      // Of two at once, both right, one counts.
      const both = await Promise.all([1, 2].map(() => change(next, later, goesOn)));
      expect(both.map(({ kind }) => kind).toSorted()).toEqual(["refused", "signed in"]);

      // Who found a browser open guesses no more often than who signs in.
      const token = tokenOf(await signIn("wanda@fio.example", { password: later }));
      for (let n = 0; n < ATTEMPTS.account; n += 1) await change("a guess", next, token);
      expect(await change(later, next, token)).toMatchObject({ kind: "limited" });
    });

    test("what would wait too long for its turn is turned away at once, and counts for nothing", async () => {
      await join("xavier@fio.example", "Xavier");
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const slow = createPasswords({
        cost: { N: 16, r: 1, p: 1 },
        derive: async (...given) => {
          await held;
          return scryptOf(...given);
        },
      });
      const busy = createAccounts({ store, now: () => time, passwords: slow });
      const one = (n: number) =>
        busy.signIn({ email: `nobody${n}@fio.example`, password: "x", ...device(`198.51.100.${n}`) });
      const waiting = Array.from({ length: MOST_AT_ONCE }, (_, n) => one(n));
      const more = Array.from({ length: ATTEMPTS.account + 5 }, () =>
        busy.signIn({ email: "xavier@fio.example", password: PASSWORD, ...device() }),
      );
      for (const answer of await Promise.all(more)) {
        expect(answer).toEqual({ kind: "busy", retryAfter: expect.any(Number) as number });
      }
      release();
      expect((await Promise.all(waiting)).every(({ kind }) => kind === "refused")).toBe(true);
      expect(
        await busy.signIn({ email: "xavier@fio.example", password: PASSWORD, ...device() }),
      ).toMatchObject({
        kind: "signed in",
      });
    });

    test("sessions are listed and ended, each alone", async () => {
      const first = await join("davi@fio.example", "Davi");
      const second = tokenOf(await signIn("davi@fio.example"));
      const current = await accounts.current(first);
      if (current === null) throw new Error("signed out");
      const listed = await accounts.sessions(current);
      expect(listed).toHaveLength(2);
      const other = listed.find((one) => !one.current);
      const stranger = await accounts.current(tokenOf(await signIn("bia@fio.example")));
      if (stranger === null || other === undefined) throw new Error("nobody");
      expect(await accounts.endSession(stranger, other.id)).toBe(false);
      expect(await accounts.endSession(current, other.id)).toBe(true);
      expect(await accounts.current(second)).toBeNull();
      expect(await accounts.current(first)).not.toBeNull();
    });

    test("a session ends when nobody uses it, and in any case after a week", async () => {
      const began = time;
      const unused = await join("edu@fio.example", "Edu");
      const used = tokenOf(await signIn("edu@fio.example"));
      for (time += 7 * HOUR; time < began + SESSION_LIMITS.wholeMs; time += 7 * HOUR) {
        expect(await accounts.current(used)).not.toBeNull();
      }
      expect(await accounts.current(unused)).toBeNull();
      time = began + SESSION_LIMITS.wholeMs;
      expect(await accounts.current(used)).toBeNull();
    });

    test("who is disabled is out at once, and cannot be told from who is unknown", async () => {
      const token = await join("flora@fio.example", "Flora");
      await agent("disable", "flora@fio.example");
      expect(await accounts.current(token)).toBeNull();
      const wrong = await signIn("bia@fio.example", { password: "not her password" });
      expect(await signIn("flora@fio.example")).toEqual(wrong);
      expect(await signIn("nobody@fio.example")).toEqual(wrong);
      expect(await agent("reset", "flora@fio.example")).toMatch(/^failed: .*enable it first/);
      await agent("enable", "flora@fio.example");
      expect(await accounts.current(token)).toBeNull();
      expect((await signIn("flora@fio.example")).kind).toBe("signed in");
    });

    test("a wrong password, an unknown, a disabled and an unfinished account take the same work and end alike", async () => {
      const costs: string[] = [];
      const counted = createAccounts({
        store,
        now: () => time,
        passwords: createPasswords({
          cost: { N: 16, r: 1, p: 1 },
          derive: (password, salt, cost) => {
            costs.push(JSON.stringify({ ...cost, salt: salt.length }));
            return scryptOf(password, salt, cost);
          },
        }),
      });
      await join("nina@fio.example", "Nina");
      await join("otto@fio.example", "Otto");
      await agent("disable", "otto@fio.example");
      await agent("add", "pia@fio.example", "Pia");
      const outcomes = [];
      for (const name of ["nina", "nobody-at-all", "otto", "pia", "no address"]) {
        costs.length = 0;
        const email = name.includes(" ") ? name : `${name}@fio.example`;
        const outcome = await counted.signIn({ email, password: "not it", ...device("192.0.2.44") });
        outcomes.push({ outcome, costs: [...costs] });
      }
      expect(outcomes[0]).toMatchObject({ outcome: { kind: "refused" }, costs: [expect.any(String)] });
      expect(new Set(outcomes.map((each) => JSON.stringify(each)))).toHaveLength(1);
    });

    test("a password that is tried first is not taken, and its link still works", async () => {
      const key = keyIn(await agent("add", "rui@fio.example", "Rui"));
      const accept = (password: string) => accounts.acceptLink({ key, password, ...device("192.0.2.45") });
      expect(await accept("Password1234")).toEqual({ kind: "common" });
      expect((await accept(PASSWORD)).kind).toBe("signed in");
    });

    test("sessions can be ended from outside, and the password still signs in", async () => {
      const token = await join("eva@fio.example", "Eva");
      expect(await agent("end-sessions", "eva@fio.example")).toContain("signed out");
      expect(await accounts.current(token)).toBeNull();
      expect((await signIn("eva@fio.example")).kind).toBe("signed in");
      expect(await agent("end-sessions", "nobody@fio.example")).toMatch(/^failed: .*no account/);
    });

    test("a reset takes password and sessions, and the links before it", async () => {
      const token = await join("gil@fio.example", "Gil");
      const older = keyIn(await agent("reset", "gil@fio.example"));
      expect(await accounts.current(token)).toBeNull();
      expect(await signIn("gil@fio.example")).toEqual({ kind: "refused" });
      const newer = keyIn(await agent("reset", "gil@fio.example"));
      expect(await accounts.linkOf(older)).toBeNull();
      time += 73 * HOUR;
      expect(await accounts.linkOf(newer)).toBeNull();
      expect((await accounts.acceptLink({ key: newer, password: PASSWORD, ...device() })).kind).toBe(
        "refused",
      );
      time -= 73 * HOUR;
    });

    test("guesses end, by account and by address, known or not, and others go on", async () => {
      await join("hugo@fio.example", "Hugo");
      for (const email of ["hugo@fio.example", "unknown@fio.example"]) {
        const guesses = Array.from({ length: ATTEMPTS.account }, (_, i) =>
          signIn(email, { password: "wrong", address: `198.51.100.${i}` }),
        );
        expect(new Set((await Promise.all(guesses)).map(({ kind }) => kind))).toEqual(new Set(["refused"]));
        const more = await signIn(email, { address: "198.51.100.200" });
        expect(more).toMatchObject({ kind: "limited" });
      }
      expect((await signIn("hugo@fio.example", { address: "192.0.2.7" })).kind).toBe("limited");
      expect((await signIn("flora@fio.example")).kind).toBe("signed in");
      time += ATTEMPTS.windowMs;
      expect((await signIn("hugo@fio.example")).kind).toBe("signed in");
    });

    test("an address that guesses at many accounts is held up, and no other is", async () => {
      const address = "203.0.113.9";
      await join("iris@fio.example", "Iris");
      for (let i = 0; i < ATTEMPTS.address; i += 1) {
        expect((await signIn(`guess${i}@fio.example`, { address })).kind).toBe("refused");
      }
      const limited = await signIn("iris@fio.example", { address });
      expect(limited).toMatchObject({ kind: "limited" });
      expect((await signIn("iris@fio.example")).kind).toBe("signed in");
    });
  });
});

test.each([
  [["--no-such"]],
  [["add", "no address"]],
  [["add", "a@b", ""]],
  [["fly"]],
  [["add", "a@b", "Ana", "Lima"]],
])("npm run agent -- %j says what is wrong and what there is", (args) => {
  expect(() => readCommand(args)).toThrow(/^[^\n]+\nnpm run agent -- add/);
});

test("a password matches itself alone, however its characters are written, and nobody's matches nothing", async () => {
  const real = createPasswords();
  const kept = await real.hash("pão de açúcar");
  expect(await real.matches("pão de açúcar".normalize("NFD"), kept)).toBe(true);
  expect(await real.matches("pao de acucar", kept)).toBe(false);
  expect(await real.matches("", null)).toBe(false);
  expect(await passwords.matches("pão de açúcar", kept)).toBe(true);
});
