import { expect, test } from "vitest";
import { z } from "zod";
import { PROBLEMS, faultsOf, problem, problemOf, type ProblemCode } from "./problem.ts";

test("every code makes a problem with its own status and type", () => {
  for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
    const made = problemOf(code, { detail: "why" });
    expect(problem.parse(made)).toEqual(made);
    expect(made).toMatchObject({ code, status: PROBLEMS[code].status, type: `urn:fio:problem:${code}` });
  }
});

test("faults name their place the way people write it", () => {
  const shape = z.object({ data: z.object({ ids: z.array(z.string()) }) });
  const { error } = shape.safeParse({ data: { ids: ["a", 1] } });
  expect(faultsOf(error!)[0]?.path).toBe("data.ids[1]");
  expect(faultsOf(error!, [2])[0]?.path).toBe("[2].data.ids[1]");
  expect(faultsOf(z.string().safeParse(1).error!)[0]?.path).toBe("");
});

test("at most a hundred faults are told", () => {
  const { error } = z.array(z.string()).safeParse(Array.from({ length: 1_000 }, () => 1));
  expect(faultsOf(error!)).toHaveLength(100);
});
