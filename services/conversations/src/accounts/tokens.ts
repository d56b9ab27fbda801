import { createHash, randomBytes } from "node:crypto";

/** 256 random bits. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** What the store keeps of a token or a link: who reads the store, or a backup of it, cannot use either. */
export const hashOfToken = (token: string): string => createHash("sha256").update(token).digest("hex");
