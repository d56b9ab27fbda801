import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from "node:fs";
import { join } from "node:path";

export type ServiceLog = { write: (line: string) => void; close: () => void };

const LARGEST_BYTES = 50 * 2 ** 20;
const LEVELS: Readonly<Record<number, string>> = { 40: "warn", 50: "error", 60: "fatal" };

/**
 * Keeps every line of a service in `DIRECTORY/NAME.log` (and the 50 MB before in `NAME.1.log`), and shows those that
 * matter: warnings and errors, whatever is no log line, and with `verbose` all.
 */
export function openLog({
  directory,
  name,
  verbose,
  show,
}: {
  directory: string;
  name: string;
  verbose: boolean;
  show: (line: string) => void;
}): ServiceLog {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.log`);
  let bytes = existsSync(path) ? statSync(path).size : 0;
  let file: WriteStream = createWriteStream(path, { flags: "a" });
  const rotate = (): void => {
    file.end();
    renameSync(path, join(directory, `${name}.1.log`));
    file = createWriteStream(path, { flags: "a" });
    bytes = 0;
  };
  return {
    write: (line) => {
      if (bytes > LARGEST_BYTES) rotate();
      bytes += line.length + 1;
      file.write(`${line}\n`);
      const text = readable(line, verbose);
      if (text !== null) show(`${name}: ${text}`);
    },
    close: () => file.end(),
  };
}

/** A line as a person reads it, or `null` when it says nothing that matters. */
export function readable(line: string, verbose = false): string | null {
  const entry = parse(line);
  if (entry === null) return line.trim() === "" ? null : line;
  const { level, time: _time, pid: _pid, hostname: _host, name: _name, msg, err, ...fields } = entry;
  if (!verbose && !(Number(level) >= 40)) return null;
  const error =
    typeof err === "object" && err !== null && "message" in err ? [`(${String(err.message)})`] : [];
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [LEVELS[Number(level)] ?? "info", String(msg), ...error, ...rest].join(" ");
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "level" in value ? value : null;
  } catch {
    return null;
  }
}
