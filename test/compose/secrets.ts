import type { Project } from "./project.ts";

/** What is in force, as the documented command shows it. */
export async function printedSecrets(project: Project): Promise<Record<string, string>> {
  const printed = await project.compose("run", "--rm", "secrets", "node", "docker/secrets.mjs", "print");
  return Object.fromEntries(
    [...printed.matchAll(/^([A-Z_]+)=(\S+)/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}
