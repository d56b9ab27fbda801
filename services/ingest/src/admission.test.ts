import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";

test("requests beyond the limit are not let in until one leaves", () => {
  const admission = createAdmission({ maxRequests: 2 });
  const first = admission.enter();
  admission.enter();
  expect(admission.enter()).toBeNull();
  first?.leave();
  first?.leave();
  expect(admission.enter()).not.toBeNull();
  expect(admission.enter()).toBeNull();
});

test("bytes beyond the limit are not held until some are given back", () => {
  const admission = createAdmission({ maxBytes: 100 });
  const [first, second] = [admission.enter(), admission.enter()];
  expect(first?.hold(60)).toBe(true);
  expect(second?.hold(60)).toBe(false);
  expect(second?.hold(40)).toBe(true);
  expect(admission.enter()).toBeNull();
  first?.leave();
  expect(second?.hold(60)).toBe(true);
});
