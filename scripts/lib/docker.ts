import { run } from "./run.ts";
import { which } from "./which.ts";

/** True when a Docker engine answers. */
export async function dockerAnswers(): Promise<boolean> {
  if (which("docker") === null) return false;
  return (await run("docker", ["info"], { limitMs: 5_000 })).code === 0;
}

/** True once the engine has every image, its own or pulled. */
export async function hasImages(images: readonly string[]): Promise<boolean> {
  for (const image of images) {
    if ((await run("docker", ["image", "inspect", image])).code === 0) continue;
    if ((await run("docker", ["pull", image], { limitMs: 180_000 })).code !== 0) return false;
  }
  return true;
}

/** How Docker Compose is called here: as Docker's plugin, or the older program. */
export async function composeCommand(): Promise<[command: string, ...prefix: string[]]> {
  const isPlugin = (await run("docker", ["compose", "version"])).code === 0;
  return isPlugin ? ["docker", "compose"] : ["docker-compose"];
}
