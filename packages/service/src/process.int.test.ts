import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SHORT_LIVED = fileURLToPath(new URL("testing/short-lived.ts", import.meta.url));

type End = { code: number | null; signal: string | null; stdout: string; stderr: string };

/** Runs a process that ends in a certain way. `gone`: its output's reader closes both pipes once it has begun. */
function ending(way: string, { gone, sigterm }: { gone: boolean; sigterm: boolean }): Promise<End> {
  const child = spawn(process.execPath, [SHORT_LIVED, way], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once("data", () => {
    if (gone) for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
    if (sigterm) setTimeout(() => child.kill("SIGTERM"), 1_200);
  });
  const kill = setTimeout(() => child.kill("SIGKILL"), 30_000);
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      clearTimeout(kill);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

describe.concurrent.each([false, true])("when the reader of the log is gone: %s", (gone) => {
  test.each(["start fails", "start fails by a setting", "fails later", "fails later by a setting"])(
    "a service that ends so ends by itself with 1: %s",
    async (way) => {
      expect(await ending(way, { gone, sigterm: false })).toMatchObject({ code: 1 });
    },
  );

  test("a service ends with 0 on SIGTERM", async () => {
    expect(await ending("well", { gone, sigterm: true })).toMatchObject({ code: 0 });
  });

  test("a service that Node warns about goes on until SIGTERM", async () => {
    expect(await ending("warns", { gone, sigterm: true })).toMatchObject({ code: 0 });
  });

  test("a service that hangs in its start ends on SIGTERM", async () => {
    expect(await ending("start hangs", { gone, sigterm: true })).toMatchObject({ code: 1, signal: null });
  });
});

test("a wrong setting is told in one line, whenever it is found", async () => {
  for (const way of ["start fails by a setting", "fails later by a setting"]) {
    const { stderr, stdout } = await ending(way, { gone: false, sigterm: false });
    expect(stderr).toBe("DATABASE_URL: is wrong\n");
    expect(stdout).not.toContain("cannot");
  }
});

test("what else ends a service is told, and its steps run", async () => {
  const { stdout } = await ending("fails later", { gone: false, sigterm: false });
  expect(stdout).toMatch(/"message":"broken".*"fatal error, stopping"/);
  expect(stdout).toContain("a step");
});
