import type { Problem } from "@fio/contracts";

export const refused = (problem: Problem): Response => Response.json(problem, { status: problem.status });
