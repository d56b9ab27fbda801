import { SECOND_STEP_SECONDS, type Account, type SecondFactor as State } from "@fio/contracts";
import { findAccountById } from "../store/accounts.ts";
import type { Audit } from "../store/audit.ts";
import type { Store } from "../store/connect.ts";
import {
  addSecondStep,
  beginFactor,
  confirmFactor,
  countRecoveryCodes,
  deleteOldSecondSteps,
  endFactor,
  findFactor,
  findSecondStep,
  hasRecoveryCode,
  takeSecondStep,
  type Pass,
} from "../store/second-factors.ts";
import { forgetAttempts } from "../store/sign-in-attempts.ts";
import { hashOfRecoveryCode, isOfApp, newRecoveryCodes, newSecret, stepOf, tidied, uriOf } from "./codes.ts";
import type { Busy, Device, SignIn } from "./sign-in.ts";
import { hashOfToken, newToken } from "./tokens.ts";

/** A code goes wrong as often within the window of attempts. */
export const MOST_CODES = 10;
/** How long one may take to have the first code. */
export const CONFIRM_MS = 15 * 60_000;

type Limited = Extract<SignIn, { kind: "limited" }>;
/** The outcome of a password that is asked for once more. */
export type Proof = { kind: "proven"; hash: string } | { kind: "refused" } | Limited;
export type SecondSignIn =
  Extract<SignIn, { kind: "signed in" }> | Limited | { kind: "ended" } | { kind: "wrong code" };

/** The second factor of accounts: codes by time. */
export type SecondFactor = {
  state: (account: Account) => Promise<State>;
  /** After a right password: the step in which the code is asked for; `null`: the account has no second factor. */
  stepFor: (accountId: string) => Promise<string | null>;
  signIn: (given: { step: string; code: string } & Device) => Promise<SecondSignIn>;
  begin: (
    account: Account,
    given: { password: string; address: string },
  ) => Promise<{ kind: "begun"; uri: string; secret: string } | { kind: "refused" | "on" } | Limited | Busy>;
  confirm: (
    account: Account,
    given: { code: string; address: string },
  ) => Promise<{ kind: "on"; codes: string[] } | { kind: "wrong code" | "off" } | Limited>;
  end: (
    account: Account,
    given: { password: string; code: string; address: string },
  ) => Promise<{ kind: "ended" } | { kind: "refused" | "wrong code" | "off" } | Limited | Busy>;
};

export function createSecondFactor({
  store,
  now,
  write,
  audit,
  limit,
  prove,
  withRoom,
  enter,
}: {
  store: Store;
  now: () => number;
  /** Tries again what the store could not take at once. */
  write: <Value>(run: () => Promise<Value>) => Promise<Value>;
  audit: Audit;
  /** Counts an attempt; how long to wait when there were too many, in seconds. */
  limit: (subject: string, most: number, address: string) => Promise<number | null>;
  prove: (account: Account, given: { password: string; address: string }) => Promise<Proof>;
  /** Passwords take their turn. */
  withRoom: <Answer>(run: () => Promise<Answer>) => Promise<Answer | Busy>;
  enter: (account: Account, device: Device) => Promise<SignIn>;
}): SecondFactor {
  // Apart from those of the password, which whoever has it would forgive themself.
  const subjectOf = (accountId: string): string => `code ${accountId}`;
  const limited = async (accountId: string, address: string): Promise<Limited | null> => {
    const retryAfter = await limit(subjectOf(accountId), MOST_CODES, address);
    return retryAfter === null ? null : { kind: "limited", retryAfter };
  };
  const forgive = (accountId: string): Promise<void> =>
    write(() => forgetAttempts(store, hashOfToken(subjectOf(accountId))));
  const wrong = async (accountId: string, address: string): Promise<{ kind: "wrong code" }> => {
    await audit({ action: "second_factor_failed", account: accountId, detail: address });
    return { kind: "wrong code" };
  };

  /** What a code would use up; `null`: it is wrong. Whether it was used before is seen when it is. */
  const passOf = async (accountId: string, secret: string, given: string): Promise<Pass | null> => {
    const code = tidied(given);
    if (isOfApp(code)) {
      const step = stepOf(code, { secret, now: now() });
      return step === null ? null : { kind: "code", step };
    }
    const codeHash = hashOfRecoveryCode(accountId, code);
    return (await hasRecoveryCode(store, { accountId, codeHash })) ? { kind: "recovery", codeHash } : null;
  };
  const noteRecovery = async (accountId: string, pass: Pass, address: string): Promise<void> => {
    if (pass.kind === "recovery")
      await audit({ action: "recovery_code_used", actor: accountId, detail: address });
  };

  const signIn: SecondFactor["signIn"] = async ({ step, code, ...device }) => {
    const stepHash = hashOfToken(step);
    const accountId = await findSecondStep(store, { stepHash, now: now() });
    const factor = accountId === null ? null : await findFactor(store, accountId);
    if (accountId === null || factor?.isOn !== true) return { kind: "ended" };
    const tooMany = await limited(accountId, device.address);
    if (tooMany !== null) return tooMany;
    const pass = await passOf(accountId, factor.secret, code);
    if (pass === null) return wrong(accountId, device.address);
    await noteRecovery(accountId, pass, device.address);
    const taken = await write(() => takeSecondStep(store, { stepHash, accountId, pass, now: now() }));
    if (taken === "wrong") return wrong(accountId, device.address);
    const account = taken === "taken" ? await findAccountById(store, accountId) : null;
    if (account === null || account.disabled_at !== null) return { kind: "ended" };
    await forgive(accountId);
    const { id, email, name, role } = account;
    return (await enter({ id, email, name, role }, device)) as Extract<SignIn, { kind: "signed in" }>;
  };

  const begin = async (
    account: Account,
    given: { password: string; address: string },
  ): Promise<Exclude<Awaited<ReturnType<SecondFactor["begin"]>>, Busy>> => {
    const proof = await prove(account, given);
    if (proof.kind !== "proven") return proof;
    const secret = newSecret();
    const begun = await write(() => beginFactor(store, { accountId: account.id, secret, now: now() }));
    return begun ? { kind: "begun", secret, uri: uriOf(secret, account.email) } : { kind: "on" };
  };

  const end = async (
    account: Account,
    { code, ...given }: { password: string; code: string; address: string },
  ): Promise<Exclude<Awaited<ReturnType<SecondFactor["end"]>>, Busy>> => {
    const { id } = account;
    const proof = await prove(account, given);
    if (proof.kind !== "proven") return proof;
    const factor = await findFactor(store, id);
    if (factor?.isOn !== true) return { kind: "off" };
    const tooMany = await limited(id, given.address);
    if (tooMany !== null) return tooMany;
    const pass = await passOf(id, factor.secret, code);
    if (pass === null) return wrong(id, given.address);
    await noteRecovery(id, pass, given.address);
    await audit({ action: "second_factor_off", actor: id, detail: given.address });
    if (!(await write(() => endFactor(store, { accountId: id, pass })))) return wrong(id, given.address);
    await forgive(id);
    return { kind: "ended" };
  };

  return {
    state: async ({ id }) => {
      const isOn = (await findFactor(store, id))?.isOn === true;
      return { on: isOn, recovery_codes_left: isOn ? await countRecoveryCodes(store, id) : 0 };
    },
    stepFor: async (accountId) => {
      if ((await findFactor(store, accountId))?.isOn !== true) return null;
      const step = newToken();
      const at = now();
      const given = { stepHash: hashOfToken(step), accountId, expiresAt: at + SECOND_STEP_SECONDS * 1_000 };
      await write(() => deleteOldSecondSteps(store, at));
      await write(() => addSecondStep(store, given));
      return step;
    },
    signIn,
    begin: (account, given) => withRoom(() => begin(account, given)),
    confirm: async ({ id }, { code, address }) => {
      const factor = await findFactor(store, id);
      if (factor === null || factor.isOn || factor.begunAt <= now() - CONFIRM_MS) return { kind: "off" };
      const tooMany = await limited(id, address);
      if (tooMany !== null) return tooMany;
      const { secret } = factor;
      const step = stepOf(tidied(code), { secret, now: now() });
      // Nobody guesses at a secret that they were shown: no line in the log.
      if (step === null) return { kind: "wrong code" };
      const codes = newRecoveryCodes();
      const codeHashes = codes.map((one) => hashOfRecoveryCode(id, one));
      await audit({ action: "second_factor_on", actor: id, detail: address });
      const given = { accountId: id, secret, step, codeHashes, now: now() };
      if (!(await write(() => confirmFactor(store, given)))) return { kind: "off" };
      await forgive(id);
      return { kind: "on", codes };
    },
    end: (account, given) => withRoom(() => end(account, given)),
  };
}
