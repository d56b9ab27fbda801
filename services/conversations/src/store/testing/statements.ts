import type { Knex } from "knex";

export type Asked = { sql: string; bindings: readonly Knex.RawBinding[] };

/** What `work` asks of the pools, in its order. */
export async function statementsOf(pools: readonly Knex[], work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const listen = (query: Asked): void => void asked.push(query);
  for (const pool of pools) pool.on("query", listen);
  try {
    await work();
  } finally {
    for (const pool of pools) pool.off("query", listen);
  }
  return asked;
}

/** A step of a plan, as Postgres names its facts. */
export type PlanStep = {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanStep[];
};

const flatten = (step: PlanStep): PlanStep[] => [step, ...(step.Plans ?? []).flatMap(flatten)];

/** Carries a statement out on Postgres and gives all steps of its plan. */
export async function stepsOf(db: Knex, { sql, bindings }: Asked): Promise<PlanStep[]> {
  const { rows } = await db.raw<{ rows: Array<{ "QUERY PLAN": [{ Plan: PlanStep }] }> }>(
    `explain (analyze, format json) ${sql.replace(/\$\d+/g, "?")}`,
    bindings,
  );
  return rows.flatMap((row) => flatten(row["QUERY PLAN"][0].Plan));
}
