import type { Knex } from "knex";
import type { Store } from "./connect.ts";

/** `lastStep`: the last of 30 seconds each, since 1970, that a code was used of. */
export type StoredFactor = { secret: string; lastStep: number; begunAt: number; isOn: boolean };
type Row = {
  secret: string;
  last_step: number | string;
  begun_at: number | string;
  confirmed_at: number | string | null;
};

/** What lets somebody past the second factor, once. */
export type Pass = { kind: "code"; step: number } | { kind: "recovery"; codeHash: string };

/** On, or begun and not confirmed; `null`: neither. */
export async function findFactor({ read }: Store, accountId: string): Promise<StoredFactor | null> {
  const row = await read("second_factors").where({ account_id: accountId }).first<Row | undefined>();
  if (row === undefined) return null;
  const { secret, last_step, begun_at, confirmed_at } = row;
  return { secret, lastStep: Number(last_step), begunAt: Number(begun_at), isOn: confirmed_at !== null };
}

/** In place of one that was begun before; `false`: one is on. */
export async function beginFactor(
  { write }: Store,
  { accountId, secret, now }: { accountId: string; secret: string; now: number },
): Promise<boolean> {
  const rows = await write("second_factors")
    .insert({ account_id: accountId, secret, last_step: 0, begun_at: now, confirmed_at: null })
    .onConflict("account_id")
    .merge(["secret", "last_step", "begun_at"])
    .whereNull("second_factors.confirmed_at")
    .returning<Array<{ account_id: string }>>("account_id");
  return rows.length > 0;
}

/** With its recovery codes; `false`: it is on, or was begun anew since. */
export function confirmFactor(
  { write }: Store,
  given: { accountId: string; secret: string; step: number; codeHashes: readonly string[]; now: number },
): Promise<boolean> {
  const { accountId, secret, step, codeHashes, now } = given;
  return write.transaction(async (knex) => {
    const confirmed = await knex("second_factors")
      .where({ account_id: accountId, secret })
      .whereNull("confirmed_at")
      .update({ confirmed_at: now, last_step: step });
    if (confirmed === 0) return false;
    await knex("recovery_codes").where({ account_id: accountId }).delete();
    await knex("recovery_codes").insert(
      codeHashes.map((code_hash) => ({ account_id: accountId, code_hash })),
    );
    return true;
  });
}

/** `false`: there was none. */
export function deleteFactor({ write }: Store, accountId: string): Promise<boolean> {
  return write.transaction((knex) => deleteAll(knex, accountId));
}

async function deleteAll(knex: Knex, accountId: string): Promise<boolean> {
  const deleted = await knex("second_factors").where({ account_id: accountId }).delete();
  await knex("recovery_codes").where({ account_id: accountId }).delete();
  await knex("second_steps").where({ account_id: accountId }).delete();
  return deleted > 0;
}

/** Of two at once with the same code one gets through. */
async function usePass(knex: Knex, accountId: string, pass: Pass): Promise<boolean> {
  if (pass.kind === "recovery") {
    const used = await knex("recovery_codes")
      .where({ account_id: accountId, code_hash: pass.codeHash })
      .delete();
    return used > 0;
  }
  const grown = await knex("second_factors")
    .where({ account_id: accountId })
    .whereNotNull("confirmed_at")
    .where("last_step", "<", pass.step)
    .update({ last_step: pass.step });
  return grown > 0;
}

/** Uses the pass up, and the factor with it; `false`: it was used before. */
export function endFactor(
  { write }: Store,
  { accountId, pass }: { accountId: string; pass: Pass },
): Promise<boolean> {
  return write.transaction(
    async (knex) => (await usePass(knex, accountId, pass)) && deleteAll(knex, accountId),
  );
}

export async function addSecondStep(
  { write }: Store,
  { stepHash, accountId, expiresAt }: { stepHash: string; accountId: string; expiresAt: number },
): Promise<void> {
  // Also when it is tried again.
  await write("second_steps")
    .insert({ step_hash: stepHash, account_id: accountId, expires_at: expiresAt })
    .onConflict("step_hash")
    .ignore();
}

export async function deleteOldSecondSteps({ write }: Store, now: number): Promise<void> {
  await write("second_steps").where("expires_at", "<=", now).delete();
}

/** Whose password was right; `null`: too long ago, used, or of an account that is disabled now. */
export async function findSecondStep(
  { read }: Store,
  { stepHash, now }: { stepHash: string; now: number },
): Promise<string | null> {
  const row = await read("second_steps")
    .join("accounts", "accounts.id", "second_steps.account_id")
    .where({ step_hash: stepHash })
    .where("expires_at", ">", now)
    .whereNull("disabled_at")
    .first<{ account_id: string } | undefined>("account_id");
  return row?.account_id ?? null;
}

/** Uses up both, or the code alone where the step has ended in between. */
export function takeSecondStep(
  { write }: Store,
  given: { stepHash: string; accountId: string; pass: Pass; now: number },
): Promise<"taken" | "wrong" | "ended"> {
  const { stepHash, accountId, pass, now } = given;
  return write.transaction(async (knex) => {
    if (!(await usePass(knex, accountId, pass))) return "wrong";
    const taken = await knex("second_steps")
      .where({ step_hash: stepHash, account_id: accountId })
      .where("expires_at", ">", now)
      .delete();
    return taken > 0 ? "taken" : "ended";
  });
}

export async function hasRecoveryCode(
  { read }: Store,
  { accountId, codeHash }: { accountId: string; codeHash: string },
): Promise<boolean> {
  const row = await read("recovery_codes")
    .where({ account_id: accountId, code_hash: codeHash })
    .first<{ code_hash: string } | undefined>("code_hash");
  return row !== undefined;
}

export async function countRecoveryCodes({ read }: Store, accountId: string): Promise<number> {
  const row = await read("recovery_codes")
    .where({ account_id: accountId })
    .count({ count: "*" })
    .first<{ count: number | string } | undefined>();
  return Number(row?.count ?? 0);
}
