import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { PROBLEMS, rejectionReason } from "@fio/contracts";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { which } from "../../scripts/lib/which.ts";

/* That every metric named here exists is seen by test/pipeline/metrics.int.test.ts. */

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, one = ""]) => one);
const rules = read("monitoring/alerts.yml");
const alerts = all(rules, /- alert: (\w+)/g);

test("each alert has its own test, and says in docs/operations.md what it means and what to do", () => {
  expect(alerts.length).toBeGreaterThan(10);
  expect(all(read("monitoring/alerts.test.yml"), /- name: (\w+)/g)).toEqual(alerts);
  const runbook = read("docs/operations.md");
  const sections = /### (Fio\w+)\n\n- \*\*Means:\*\* .+\n- \*\*See:\*\* [^#]+- \*\*Do:\*\* /g;
  expect(all(runbook, sections)).toEqual(alerts);
});

test("codes and reasons that a rule asks for are ones that there are", () => {
  for (const code of all(rules, /code="(\w+)"/g)) expect(Object.keys(PROBLEMS)).toContain(code);
  for (const reason of all(rules, /reason="(\w+)"/g)) expect(rejectionReason.options).toContain(reason);
});

const promtool = which("promtool");
if (promtool === null)
  process.stdout.write("Alert rules are not tried: no promtool (Debian's package prometheus)\n");
test.skipIf(promtool === null)(
  "promtool: every rule is sound, fires for its cause, and is silent else",
  async () => {
    const checked = await run("promtool", ["check", "rules", "monitoring/alerts.yml"], { cwd: ROOT });
    expect(checked.code, checked.output).toBe(0);
    const tried = await run("promtool", ["test", "rules", "monitoring/alerts.test.yml"], { cwd: ROOT });
    expect(tried.code, tried.output).toBe(0);
  },
);

const panel = z.strictObject({
  id: z.int(),
  type: z.literal("timeseries"),
  title: z.string().min(1),
  datasource: z.strictObject({ type: z.literal("prometheus"), uid: z.literal("fio-prometheus") }),
  gridPos: z.strictObject({ h: z.int(), w: z.int().max(24), x: z.int().max(23), y: z.int() }),
  fieldConfig: z.strictObject({
    defaults: z.strictObject({ unit: z.string() }),
    overrides: z.array(z.never()),
  }),
  targets: z
    .array(z.strictObject({ refId: z.string(), expr: z.string().min(1), legendFormat: z.string() }))
    .min(1),
});

test("the dashboard has the shape that Grafana takes, from the source that it is given", () => {
  const text = read("monitoring/grafana/dashboards/fio.json");
  const { panels } = z.object({ uid: z.string(), panels: z.array(panel).min(1) }).parse(JSON.parse(text));
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(read("monitoring/grafana/provisioning/datasources/fio.yml")).toContain("uid: fio-prometheus\n");
});
