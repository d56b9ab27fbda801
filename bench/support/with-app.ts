import { startApp, type App } from "../../test/browser/support/app.ts";

/**
 * Starts the whole system and a Chromium, measures, and ends both; throws when that takes longer than the limit.
 * `databaseUrl`: a store that is already filled.
 */
export async function withApp(
  { seconds = 90, ...app }: { seconds?: number; databaseUrl?: string; env?: Record<string, string> },
  measure: (app: App) => Promise<void>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${seconds} s`)), seconds * 1_000);
  });
  const started = await startApp(app);
  try {
    await Promise.race([measure(started), late]);
  } finally {
    clearTimeout(timer);
    await started.end();
  }
}
