import { expect, test } from "vitest";
import { dayInZone } from "./day-in-zone.ts";

test.each([
  ["2025-02-21", "America/Sao_Paulo", "2025-02-21-03:00"],
  ["2018-11-05", "America/Sao_Paulo", "2018-11-05-02:00"],
  ["2025-06-01", "Asia/Kolkata", "2025-06-01+05:30"],
  ["2025-06-01", "UTC", "2025-06-01+00:00"],
  ["2025-06-01", "America/St_Johns", "2025-06-01-02:30"],
])("%s in %s begins at %s", (day, zone, shown) => {
  expect(dayInZone(day, zone)).toBe(shown);
});

test("what is no day is none", () => {
  for (const text of ["", "ontem", "2025-13-45", "2025-02-21T10:00"])
    expect(dayInZone(text, "UTC")).toBeNull();
});
