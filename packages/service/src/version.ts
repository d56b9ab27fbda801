import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Of Fio as a whole, as its tags name it. */
export const VERSION = manifest.version;
