import { expect, test } from "vitest";
import { nameOf, verifiedEmail } from "./claims.ts";

const ana = { iss: "https://id.example", email: " Ana@Fio.example" };

test.each([
  [{ ...ana, email_verified: true }, "ana@fio.example"],
  [{ ...ana, email_verified: "true" }, "ana@fio.example"],
  [{ ...ana }, null],
  [{ ...ana, email_verified: false }, null],
  [{ ...ana, email_verified: "false" }, null],
  [{ ...ana, email_verified: {} }, null],
  [{ ...ana, email: undefined, email_verified: true }, null],
  [{ ...ana, email: ["ana@fio.example"], email_verified: true }, null],
  [{ ...ana, email: "no address", email_verified: true }, null],
  // A sign that looks like a letter, and becomes it in lower case.
  [{ ...ana, email: "\u212aatia@fio.example", email_verified: true }, null],
  [{ ...ana, email: "Jos\u00c9@fio.example", email_verified: true }, "jos\u00e9@fio.example"],
  // Entra, where the tenant owns the domain.
  [{ ...ana, xms_edov: true }, "ana@fio.example"],
  [{ ...ana, xms_edov: "1" }, "ana@fio.example"],
  [{ ...ana, xms_edov: false }, null],
  [{ ...ana, xms_edov: 0 }, null],
])("of %j the issuer vouches for %s", (claims, email) => {
  expect(verifiedEmail(claims)).toBe(email);
});

test("of an address elsewhere Google knows only whose it once was", () => {
  const google = { iss: "https://accounts.google.com", email_verified: true };
  expect(verifiedEmail({ ...google, email: "ana@fio.example" })).toBeNull();
  expect(verifiedEmail({ ...google, email: "ana@fio.example", hd: "fio.example" })).toBe("ana@fio.example");
  expect(verifiedEmail({ ...google, email: "ana@gmail.com" })).toBe("ana@gmail.com");
});

test("a name is the one the issuer tells, else the beginning of the address", () => {
  expect(nameOf({ name: "  Ana\n Lima " }, "ana@fio.example")).toBe("Ana Lima");
  expect(nameOf({ name: "" }, "ana@fio.example")).toBe("ana");
  expect(nameOf({ name: 7 }, "ana@fio.example")).toBe("ana");
  expect(nameOf({ name: "a".repeat(300) }, "ana@fio.example")).toHaveLength(100);
  expect(nameOf({ name: "Ana\u0000\u202e Lima" }, "ana@fio.example")).toBe("Ana Lima");
  const cut = nameOf({ name: `${"a".repeat(99)}\u{1f600}` }, "ana@fio.example");
  expect([cut.length, cut.isWellFormed()]).toEqual([99, true]);
});
