import process from "node:process";

// Preloaded into every child (`node --import`): one whose parent was killed ends by itself, as after a SIGTERM,
// instead of keeping its port from the next start.
if (process.channel !== undefined) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
