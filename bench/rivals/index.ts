import { addBulk } from "./add-bulk.ts";
import { bareHttp } from "./bare-http.ts";
import { expressZod } from "./express-zod.ts";
import { setInserts } from "./set-inserts.ts";
import { synchronous } from "./synchronous.ts";
import { textbook } from "./textbook.ts";
import type { Rival } from "./rival.ts";

export const RIVALS = {
  "bare-http": bareHttp,
  "express-zod": expressZod,
  textbook,
  "add-bulk": addBulk,
  synchronous,
  "set-inserts": setInserts,
} satisfies Record<string, Rival>;

export type RivalName = keyof typeof RIVALS;

export const isRival = (name: string): name is RivalName => name in RIVALS;
