import type { Store } from "./connect.ts";

/**
 * Counts an attempt before it is made, so that many at once cannot slip through, and gives how many there were since the
 * first one of the window, and when that ends.
 */
export async function countAttempt(
  { write }: Store,
  { subjectHash, windowMs, now }: { subjectHash: string; windowMs: number; now: number },
): Promise<{ attempts: number; endsAt: number }> {
  const [row] = await write("sign_in_attempts")
    .insert({ subject_hash: subjectHash, attempts: 1, ends_at: now + windowMs })
    .onConflict("subject_hash")
    .merge({
      attempts: write.raw(
        "case when sign_in_attempts.ends_at <= ? then 1 else sign_in_attempts.attempts + 1 end",
        [now],
      ),
      ends_at: write.raw(
        "case when sign_in_attempts.ends_at <= ? then excluded.ends_at else sign_in_attempts.ends_at end",
        [now],
      ),
    })
    .returning<Array<{ attempts: number; ends_at: number | string }>>(["attempts", "ends_at"]);
  return { attempts: row?.attempts ?? 1, endsAt: Number(row?.ends_at ?? now + windowMs) };
}

/** One attempt less: it was no guess. */
export async function forgiveAttempt({ write }: Store, subjectHash: string): Promise<void> {
  await write("sign_in_attempts")
    .where({ subject_hash: subjectHash })
    .where("attempts", ">", 0)
    .decrement("attempts", 1);
}

export async function forgetAttempts({ write }: Store, subjectHash: string): Promise<void> {
  await write("sign_in_attempts").where({ subject_hash: subjectHash }).delete();
}

export async function deleteOldAttempts({ write }: Store, now: number): Promise<void> {
  await write("sign_in_attempts").where("ends_at", "<=", now).delete();
}
