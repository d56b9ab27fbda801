import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Account } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { listAudit } from "../store/audit.ts";
import type { Store } from "../store/connect.ts";
import { migratedStore } from "../store/testing/fixture.ts";
import { ATTEMPTS, createAccounts, type Accounts } from "./accounts.ts";
import { carryOut, readCommand } from "./operator.ts";
import { createPasswords } from "./passwords.ts";
import { CONFIRM_MS, MOST_CODES } from "./second-factor.ts";

const passwords = createPasswords({ cost: { N: 16, r: 1, p: 1 } });
const PASSWORD = "a cavalo dado não se olha";
const STEP_MS = 30_000;

forEachDatabase(({ create }) => {
  describe("a second factor", () => {
    let store: Store;
    let remove: () => Promise<void>;
    let accounts: Accounts;
    let time = Math.floor(Date.now() / STEP_MS) * STEP_MS;
    beforeAll(async () => {
      ({ store, remove } = await migratedStore(create));
      accounts = createAccounts({ store, now: () => time, passwords });
    });
    afterAll(() => remove());

    const device = { address: "192.0.2.1", browser: "a browser" };
    const { address } = device;
    const operate = (...args: string[]): Promise<string[]> =>
      carryOut(readCommand(args), { store, webUrl: "https://fio.example", now: time });
    const signIn = (email: string, password = PASSWORD) => accounts.signIn({ email, password, ...device });
    const join = async (name: string): Promise<Account> => {
      const email = `${name.toLowerCase()}@fio.example`;
      const added = await accounts.administration.add({ email, name, role: "agent" });
      if (added.kind !== "added") throw new Error(added.kind);
      await accounts.acceptLink({ key: added.key, password: PASSWORD, ...device });
      return added.account;
    };
    /** What the app on the telephone shows, so many steps from now. */
    const codeOf = (secret: string, steps = 0): string =>
      new TOTP({ secret }).generate({ timestamp: time + steps * STEP_MS });
    const begin = async (account: Account): Promise<string> => {
      const begun = await accounts.secondFactor.begin(account, { password: PASSWORD, address });
      if (begun.kind !== "begun") throw new Error(begun.kind);
      return begun.secret;
    };
    /** Switched on; a code of the next 30 seconds is the first that signs in. */
    const switchOn = async (name: string) => {
      const account = await join(name);
      const secret = await begin(account);
      const on = await accounts.secondFactor.confirm(account, { code: codeOf(secret), address });
      if (on.kind !== "on") throw new Error(on.kind);
      time += STEP_MS;
      return { account, secret, codes: on.codes };
    };
    const stepOf = async ({ email }: Account): Promise<string> => {
      const signedIn = await signIn(email);
      if (signedIn.kind !== "code") throw new Error(signedIn.kind);
      return signedIn.step;
    };
    const give = async (step: string, code: string) =>
      (await accounts.secondFactor.signIn({ step, code, ...device })).kind;
    const actionsOf = async ({ id }: Account) =>
      (await listAudit(store.read, { person: id, limit: 50 })).items.map(({ action }) => action);

    test("is on once a code confirms it, by the password alone it is not begun, and too late not confirmed", async () => {
      const account = await join("Ana");
      expect(await accounts.secondFactor.begin(account, { password: "another", address })).toEqual({
        kind: "refused",
      });
      const secret = await begin(account);
      expect((await signIn(account.email)).kind).toBe("signed in");
      const confirm = (code: string) => accounts.secondFactor.confirm(account, { code, address });
      expect(await confirm("12345")).toEqual({ kind: "wrong code" });
      expect(await accounts.secondFactor.state(account)).toEqual({ on: false, recovery_codes_left: 0 });
      time += CONFIRM_MS;
      expect(await confirm(codeOf(secret))).toEqual({ kind: "off" });
      const anew = await begin(account);
      expect(await confirm(codeOf(secret))).toEqual({ kind: "wrong code" });
      const [first, second] = await Promise.all([confirm(codeOf(anew)), confirm(codeOf(anew))]);
      expect([first.kind, second.kind].toSorted()).toEqual(["off", "on"]);
      expect(await accounts.secondFactor.state(account)).toEqual({ on: true, recovery_codes_left: 10 });
      expect(await accounts.secondFactor.begin(account, { password: PASSWORD, address })).toEqual({
        kind: "on",
      });
    });

    test("no session begins before the code, which works once, within a step of the clock, of two at once for one", async () => {
      const { account, secret } = await switchOn("Bia");
      const sessions = () => store.read("sessions").where({ account_id: account.id });
      const before = (await sessions()).length;
      const step = await stepOf(account);
      expect(await sessions()).toHaveLength(before);
      expect(await accounts.current(step)).toBeNull();
      // That it was switched on by, and those too far from now.
      for (const steps of [-1, -2, 2]) expect(await give(step, codeOf(secret, steps))).toBe("wrong code");
      const other = await stepOf(account);
      const code = codeOf(secret);
      const both = await Promise.all([give(step, `${code.slice(0, 3)} ${code.slice(3)}`), give(other, code)]);
      expect(both.toSorted()).toEqual(["signed in", "wrong code"]);
      expect(await sessions()).toHaveLength(before + 1);
      expect(await give(step, codeOf(secret, 1))).toBe(both[0] === "signed in" ? "ended" : "signed in");
      expect(await actionsOf(account)).toContain("second_factor_on");
    });

    test("a step takes one browser in, for five minutes, under the password it was given for", async () => {
      const { account, secret } = await switchOn("Caio");
      const step = await stepOf(account);
      const later = await stepOf(account);
      const twice = await Promise.all([give(step, codeOf(secret)), give(step, codeOf(secret, 1))]);
      expect(twice.filter((kind) => kind === "signed in")).toHaveLength(1);
      expect(await give("made up", codeOf(secret, 1))).toBe("ended");
      time += 5 * 60_000;
      expect(await give(later, codeOf(secret))).toBe("ended");
      for (const take of ["end-sessions", "disable"]) {
        const gone = await stepOf(account);
        await operate(take, account.email);
        expect(await give(gone, codeOf(secret))).toBe("ended");
      }
    });

    test("a recovery code works once, written in any way, and is not kept as it is", async () => {
      const { account, codes } = await switchOn("Davi");
      expect(new Set(codes)).toHaveLength(10);
      const [first = "", second = ""] = codes;
      expect(first).toMatch(/^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/);
      expect(await give(await stepOf(account), ` ${first.toLowerCase().replaceAll("-", " ")} `)).toBe(
        "signed in",
      );
      const again = await stepOf(account);
      expect(await give(again, first)).toBe("wrong code");
      const both = await Promise.all([give(again, second), give(await stepOf(account), second)]);
      expect(both.toSorted()).toEqual(["signed in", "wrong code"]);
      expect(await accounts.secondFactor.state(account)).toEqual({ on: true, recovery_codes_left: 8 });
      const kept = JSON.stringify(await store.read("recovery_codes"));
      for (const code of codes) expect(kept).not.toContain(code.replaceAll("-", ""));
      expect(await actionsOf(account)).toContain("recovery_code_used");
      // Nobody else's.
      const { account: other } = await switchOn("Edu");
      expect(await give(await stepOf(other), codes[2] ?? "")).toBe("wrong code");
    });

    test("guesses at codes end by account, whatever the step, and the password does not forgive them", async () => {
      const { account, secret } = await switchOn("Flora");
      for (let n = 0; n < MOST_CODES; n += 1) {
        expect(await give(await stepOf(account), n % 2 === 0 ? "000" : "AAAA-AAAA-AAAA-AAAA")).toBe(
          "wrong code",
        );
      }
      expect(await give(await stepOf(account), codeOf(secret))).toBe("limited");
      time += ATTEMPTS.windowMs;
      expect(await give(await stepOf(account), codeOf(secret))).toBe("signed in");
      const actions = await actionsOf(account);
      expect(actions.filter((action) => action === "second_factor_failed")).toHaveLength(MOST_CODES);
    });

    test("before the password is right nothing tells that there is one", async () => {
      const { account } = await switchOn("Gil");
      const wrong = await signIn("nobody@fio.example", "not it at all");
      expect(await signIn(account.email, "not it at all")).toEqual(wrong);
    });

    test("is switched off by the password and a code, both", async () => {
      const { account, secret, codes } = await switchOn("Hugo");
      const end = async (password: string, code: string) =>
        (await accounts.secondFactor.end(account, { password, code, address })).kind;
      expect(await end("another", codeOf(secret))).toBe("refused");
      expect(await end(PASSWORD, "000")).toBe("wrong code");
      expect(await end(PASSWORD, codeOf(secret, -1))).toBe("wrong code");
      const step = await stepOf(account);
      expect(await end(PASSWORD, codeOf(secret))).toBe("ended");
      expect(await give(step, codes[0] ?? "")).toBe("ended");
      expect((await signIn(account.email)).kind).toBe("signed in");
      expect(await end(PASSWORD, codeOf(secret))).toBe("off");
      expect(await actionsOf(account)).toContain("second_factor_off");
    });

    test("a new link sets the password and asks for the code; an admin and the command take the factor off", async () => {
      const { account, secret } = await switchOn("Iris");
      const { account: admin } = await switchOn("Joel");
      const change = async (what: "reset" | "take-off-second-factor") => {
        const changed = await accounts.administration.change(account.id, what, admin);
        if (changed.kind !== "changed") throw new Error(changed.kind);
        return changed.key ?? "";
      };
      const key = await change("reset");
      const accepted = await accounts.acceptLink({ key, password: PASSWORD, ...device });
      if (accepted.kind !== "code") throw new Error(accepted.kind);
      expect(await give(accepted.step, codeOf(secret))).toBe("signed in");

      const listed = async () =>
        (await accounts.administration.list()).find(({ id }) => id === account.id)?.second_factor;
      expect(await listed()).toBe(true);
      const step = await stepOf(account);
      await change("take-off-second-factor");
      expect(await listed()).toBe(false);
      expect(await give(step, codeOf(secret, 1))).toBe("ended");
      expect((await signIn(account.email)).kind).toBe("signed in");
      expect(await actionsOf(account)).toContain("second_factor_taken_off");

      expect((await operate("list")).join("\n")).toMatch(/joel@fio\.example\t.*\tsecond factor$/m);
      const said = await operate("take-off-second-factor", admin.email);
      expect(said).toEqual(["joel@fio.example signs in by the password alone"]);
      expect(await operate("take-off-second-factor", admin.email)).toEqual([
        "joel@fio.example had no second factor",
      ]);
      expect((await signIn(admin.email)).kind).toBe("signed in");
      await expect(operate("take-off-second-factor", "x@fio.example")).rejects.toThrow("has no account");
    });
  });
});
