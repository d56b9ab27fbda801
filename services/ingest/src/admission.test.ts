import { expect, test } from "vitest";
import { ADMISSION_LIMITS, createAdmission } from "./admission.ts";

test("requests beyond the limit are not let in until one leaves", () => {
  const admission = createAdmission({ ...ADMISSION_LIMITS, maxRequests: 2 });
  const first = admission.enter(1);
  expect(admission.isFull()).toBe(false);
  admission.enter(1);
  expect(admission.isFull()).toBe(true);
  expect(admission.enter(1)).toBeNull();
  first?.leave();
  first?.leave();
  expect(admission.enter(1)).not.toBeNull();
  expect(admission.enter(1)).toBeNull();
});

test("bytes beyond the limit are not let in until some are given back", () => {
  const admission = createAdmission({ ...ADMISSION_LIMITS, maxBytes: 100 });
  const first = admission.enter(60);
  expect(admission.enter(60)).toBeNull();
  expect(admission.enter(40)).not.toBeNull();
  expect(admission.isFull()).toBe(true);
  first?.leave();
  expect(admission.enter(60)).not.toBeNull();
});
