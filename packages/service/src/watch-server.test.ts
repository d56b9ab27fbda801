import { expect, test } from "vitest";
import { wrongServerAnswer } from "./watch-server.ts";

test.each([
  ["READONLY You can't write against a read only replica.", "READONLY"],
  ["READONLY You can't write against a read only replica. script: 5cfe, on @user_script:3.", "READONLY"],
  [
    "ERR Error running script (call to f_5cfe): @user_script:3: @user_script: 3: -READONLY You can't write against a read only replica.",
    "READONLY",
  ],
  [
    "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
    "UNBLOCKED",
  ],
  ["LOADING Redis is loading the dataset in memory", "LOADING"],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "MASTERDOWN"],
  ["NOREPLICAS Not enough good replicas to write.", "NOREPLICAS"],
  ["CLUSTERDOWN The cluster is down", "CLUSTERDOWN"],
  ["OOM command not allowed when used memory > 'maxmemory'.", null],
  ["MISCONF Errors writing to the AOF file: No space left on device", null],
  ["ERR user_script:1: a message that names READONLY", null],
  ["NOPERM User fio_api has no permissions to run the 'info' command", null],
])("%s", (message, answer) => {
  expect(wrongServerAnswer(new Error(message))).toBe(answer);
});
