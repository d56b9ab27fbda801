import { buildWeb } from "./lib/build-web.ts";

const { code, output } = await buildWeb();
process.stdout.write(output);
process.exitCode = code;
