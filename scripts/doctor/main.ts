import { runCommand } from "../lib/run-command.ts";

runCommand("services/conversations/src/doctor.ts", { args: [], fault: 2 });
