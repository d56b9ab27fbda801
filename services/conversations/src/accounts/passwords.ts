import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { limitConcurrency } from "../limit-concurrency.ts";

type Cost = { N: number; r: number; p: number };
/** scrypt as OWASP asks for: 32 MiB and about a tenth of a second each. */
const COST: Cost = { N: 2 ** 15, r: 8, p: 3 };
const BYTES = 32;
/** More at once would take the memory and the threads of those who read. */
const AT_ONCE = 2;

export type Passwords = {
  hash: (password: string) => Promise<string>;
  /** Takes as long for `null`, which nothing matches, as for a hash. */
  matches: (password: string, kept: string | null) => Promise<boolean>;
};

/** What a hash took is kept with it, so that a later version may take more. */
export function createPasswords({
  cost = COST,
  derive = scryptOf,
}: { cost?: Cost; derive?: typeof scryptOf } = {}): Passwords {
  const inTurn = limitConcurrency(AT_ONCE);
  const written = (salt: Buffer, hash: Buffer): string =>
    ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
  const nobodys = written(randomBytes(16), randomBytes(BYTES));
  return {
    hash: async (password) => {
      const salt = randomBytes(16);
      return written(salt, await inTurn(() => derive(password, salt, cost)));
    },
    matches: async (password, kept) => {
      const [, n, r, p, salt, hash] = (kept ?? nobodys).split("$");
      const expected = Buffer.from(hash ?? "", "base64url");
      const taken = { N: Number(n), r: Number(r), p: Number(p) };
      const found = await inTurn(() => derive(password, Buffer.from(salt ?? "", "base64url"), taken));
      return found.length === expected.length && timingSafeEqual(found, expected) && kept !== null;
    },
  };
}

export function scryptOf(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // One character can be written in several ways, and keyboards differ.
    scrypt(password.normalize("NFKC"), salt, BYTES, { ...cost, maxmem: 2 ** 27 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
