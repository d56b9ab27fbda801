import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../../test/support/postgres-server.ts";

export type DatabaseKind = "sqlite" | "postgres";

/**
 * Calls with each kind of database in turn, or with `only` one of them; `urlOf` makes an empty one and gives its URL. All are
 * gone after the call.
 */
export async function forEachKind(
  kinds: readonly DatabaseKind[],
  only: string | undefined,
  use: (kind: DatabaseKind, urlOf: (name: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  for (const kind of kinds) {
    if (only !== undefined && only !== kind) continue;
    const directory = await mkdtemp(join(tmpdir(), "fio-bench-"));
    const postgres = kind === "postgres" ? await startPostgres() : null;
    try {
      await use(
        kind,
        async (name) => (await postgres?.createDatabase(name)) ?? `sqlite:${join(directory, `${name}.db`)}`,
      );
    } finally {
      await postgres?.remove();
      await rm(directory, { recursive: true, force: true });
    }
  }
}
