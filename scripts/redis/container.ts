import { createHash } from "node:crypto";
import { dockerAnswers, hasImages } from "../lib/docker.ts";
import { run } from "../lib/run.ts";
import type { RedisProgram } from "./program.ts";

const IMAGE = "redis:8-alpine";

/** A container, where Docker answers and the image is there or can be pulled; else `null`. */
export async function redisContainer(dataDir: string): Promise<RedisProgram | null> {
  if (!(await dockerAnswers()) || !(await hasImages([IMAGE]))) return null;
  const name = `fio-redis-${createHash("sha256").update(dataDir).digest("hex").slice(0, 12)}`;
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  return {
    how: `${IMAGE} in the container ${name}`,
    command: ({ port, directory, settings }) => ({
      program: "docker",
      // In the foreground, so that the container ends with this process.
      args: [
        ...["run", "--rm", "--name", name, "--user", user],
        ...["--publish", `127.0.0.1:${port}:6379`, "--volume", `${directory}:/data`],
        ...[IMAGE, "redis-server", "--dir", "/data", "--protected-mode", "no", ...settings],
      ],
    }),
    clear: async () => {
      await run("docker", ["rm", "--force", name]);
    },
  };
}
