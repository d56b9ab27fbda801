import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CannotStart } from "../lib/cannot.ts";
import type { ServiceName } from "../lib/services.ts";

/** What a running start writes about itself in its data directory. */
export type Notes = {
  pid: number;
  ports: number[];
  redisPort?: number;
  urls?: Record<ServiceName, string>;
};

export type Lock = {
  /** Of a start that was killed: what it left behind may still run. */
  left: Notes | null;
  note: (notes: Notes) => void;
  release: () => void;
};

/**
 * One start per data directory. The lock is SQLite's on an empty file: the system drops it with the process, however
 * that ends, and no process id can be mistaken for another's. Throws {@link CannotStart} when it is held.
 */
export function takeLock(dataDir: string): Lock {
  const notesFile = notesIn(dataDir);
  const database = openLockFile(dataDir);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch {
    database.close();
    const running = readNotes(dataDir);
    const where = running?.urls === undefined ? "" : `: ${running.urls.web}`;
    throw new CannotStart(
      `Fio is already running with this data (process ${running?.pid ?? "unknown"})${where}. Stop it, or set another DATA_DIR and other ports`,
    );
  }
  return {
    left: readNotes(dataDir),
    note: (notes) => writeFileSync(notesFile, JSON.stringify(notes)),
    release: () => {
      rmSync(notesFile, { force: true });
      database.close();
    },
  };
}

function openLockFile(dataDir: string): DatabaseSync {
  try {
    mkdirSync(dataDir, { recursive: true });
    // A start's first write: it fails here when the directory belongs to somebody else.
    accessSync(dataDir, constants.W_OK);
    return new DatabaseSync(join(dataDir, "start.lock"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CannotStart(
      `DATA_DIR: ${dataDir} cannot be written (${code ?? message}); set DATA_DIR to a directory you can write to`,
    );
  }
}

const notesIn = (dataDir: string): string => join(dataDir, "start.json");

/** Of the start that runs with this data, or was killed. */
export function readNotes(dataDir: string): Notes | null {
  try {
    return JSON.parse(readFileSync(notesIn(dataDir), "utf8")) as Notes;
  } catch {
    return null;
  }
}
