import { expect, test } from "vitest";
import { handleOf } from "@fio/contracts/handle";
import { customerOf } from "./customer.ts";

const id = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const of = (name: string | null, phone: string | null) =>
  customerOf(id, { channel: "loja", id: "1", name, phone, version: 1 });

test("a conversation is called by its customer's name and last digits, and by a made name where neither is known", () => {
  expect(of("Ana Souza Lima", "+55 11 91234-5678")).toMatchObject({
    name: "Ana Souza Lima",
    tail: "5678",
    phone: "+55 11 91234-5678",
    initials: "AL",
  });
  expect(of("Érica", null)).toMatchObject({ name: "Érica", tail: "9f6a", initials: "É" });
  expect(of(null, "91234-5678")).toMatchObject({ name: "91234-5678", tail: "9f6a", initials: "78" });
  expect(of(null, null)).toEqual({ ...handleOf(id), phone: null });
  expect(customerOf(id, undefined)).toEqual({ ...handleOf(id), phone: null });
  expect(of("🙂 7", null).initials).toBe(" 7");
});
