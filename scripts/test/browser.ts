import { existsSync } from "node:fs";
import { run } from "../lib/run.ts";
import { which } from "../lib/which.ts";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATION = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The path of a Chromium on this machine (FIO_CHROMIUM names another), or `null`. */
export function findChromium(): string | null {
  const named = process.env["FIO_CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  const found = PROGRAMS.map(which).find((path) => path !== null);
  return found ?? (existsSync(APPLICATION) ? APPLICATION : null);
}

/** The same, after installing Debian's where that is possible. */
export async function bringChromium(say: (line: string) => void): Promise<string | null> {
  const found = findChromium();
  if (found !== null || which("apt-get") === null || process.getuid?.() !== 0) return found;
  say("Installing Debian's chromium package for the browser tests");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = () =>
    run("apt-get", ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-color-emoji"], {
      env,
    });
  if ((await install()).code !== 0) {
    await run("apt-get", ["update"], { env });
    await install();
  }
  return findChromium();
}

/** Fonts for emoji and for the text of the pictures, where Debian's can be installed and are missing. */
export async function bringFonts(say: (line: string) => void): Promise<void> {
  if (which("apt-get") === null || which("fc-list") === null || process.getuid?.() !== 0) return;
  const { output } = await run("fc-list", []);
  const missing = [
    { name: "Noto Color Emoji", debian: "fonts-noto-color-emoji" },
    { name: "Inter", debian: "fonts-inter" },
  ].filter(({ name }) => !output.includes(name));
  if (missing.length === 0) return;
  const packages = missing.map(({ debian }) => debian);
  say(`Installing ${packages.join(" and ")} for the pictures`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = () => run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  if ((await install()).code !== 0) {
    await run("apt-get", ["update"], { env });
    await install();
  }
}
