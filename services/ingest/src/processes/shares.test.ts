import { expect, test } from "vitest";
import { BODY_LIMITS } from "@fio/service/body-budget";
import { ADMISSION_LIMITS } from "../admission.ts";
import { mostProcesses, shares } from "./shares.ts";

const MIB = 1024 * 1024;

test.each([1, 2, 3, 7])(
  "what %i processes hold together, of one address too, is what one would",
  (processes) => {
    const { bodies, admission } = shares(processes);
    for (const name of ["bytes", "bodies", "clientBytes", "clientBodies"] as const) {
      const sum = bodies[name] * processes;
      expect(sum).toBeLessThanOrEqual(BODY_LIMITS[name]);
      expect(sum).toBeGreaterThan(BODY_LIMITS[name] - processes);
    }
    for (const name of ["maxRequests", "maxBytes"] as const) {
      expect(admission[name] * processes).toBeLessThanOrEqual(ADMISSION_LIMITS[name]);
    }
    expect([bodies.smallBody, bodies.graceMs]).toEqual([BODY_LIMITS.smallBody, BODY_LIMITS.graceMs]);
  },
);

test("each has room for two of the largest bodies, beside what is kept for small ones", () => {
  for (const largest of [MIB / 2, MIB, 5 * MIB]) {
    const { bodies, admission } = shares(mostProcesses(largest));
    expect(admission.maxBytes).toBeGreaterThanOrEqual(2 * largest);
    expect(bodies.bytes - bodies.smallReserve).toBeGreaterThanOrEqual(2 * largest);
  }
  expect(mostProcesses(1024 * MIB)).toBe(1);
});
