import process from "node:process";
import v8 from "node:v8";
import vm from "node:vm";

// For a process that is measured: on SIGUSR2 it collects garbage, so that what remains on its heap is alive.
v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc");
process.on("SIGUSR2", () => collect());
