import { sendLoad } from "./send.ts";
import type { Load } from "./load.ts";

/* The load generator's process: it takes one load after another from its parent, and ends with it. */

process.on("message", (load: Load) => {
  void sendLoad(load).then((result) => process.send?.(result));
});
