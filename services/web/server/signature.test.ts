import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { signatureHeaders } from "./signature.ts";

test("what is posted is signed as Standard Webhooks asks", () => {
  const key = Buffer.from("0123456789abcdef");
  const headers = signatureHeaders({
    secret: `whsec_${key.toString("base64")}`,
    id: "m1",
    body: '{"a":"é"}',
    now: 1_740_133_242_349,
  });
  const expected = createHmac("sha256", key).update('m1.1740133242.{"a":"é"}').digest("base64");
  expect(headers).toEqual({
    "webhook-id": "m1",
    "webhook-timestamp": "1740133242",
    "webhook-signature": `v1,${expected}`,
  });
});
