import { runCommand } from "../lib/run-command.ts";

runCommand("services/conversations/src/customer.ts", { args: process.argv.slice(2), fault: 1 });
