/**
 * What a data route answers, as the caller knows it to be; `null` when there is no answer, whatever the reason.
 * `withinMs`: longer than that is no answer either.
 */
export async function getJson<Answer>(
  path: string,
  { withinMs = 30_000 }: { withinMs?: number } = {},
): Promise<Answer | null> {
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(withinMs) });
    return answer.ok ? ((await answer.json()) as Answer | null) : null;
  } catch {
    return null;
  }
}
