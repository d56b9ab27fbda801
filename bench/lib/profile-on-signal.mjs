import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import process from "node:process";

// For a process that is measured: from the first SIGUSR2 to the second it takes a profile of its processor, which it writes into PROFILE_DIR.
const session = new Session();
let running = false;
process.on("SIGUSR2", () => {
  if (running) {
    session.post("Profiler.stop", (_error, { profile }) => {
      writeFileSync(join(process.env.PROFILE_DIR, `${process.pid}.cpuprofile`), JSON.stringify(profile));
      session.disconnect();
    });
    return;
  }
  running = true;
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: 500 });
  session.post("Profiler.start");
});
