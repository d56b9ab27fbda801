import { expect, test } from "vitest";
import type { MessageDelivery, MessageState } from "@fio/contracts";
import { wayOf, type Way } from "./way.ts";

const told = (status: MessageState["status"], detail?: string): MessageState => ({
  status,
  timestamp: "2026-05-14T10:00:00.000000Z" as MessageState["timestamp"],
  ...(detail === undefined ? {} : { detail }),
});
const stands = (state: MessageDelivery["state"]): MessageDelivery => ({ state, version: 1 });

test.each<[string, MessageState | undefined, MessageDelivery | undefined, Way | null]>([
  ["nothing is known where nothing leaves", undefined, undefined, null],
  ["before the phone tells anything the receiver counts: it waits", undefined, stands("waiting"), "WAITING"],
  ["it has it", undefined, stands("delivered"), "LEFT"],
  ["it was given up", undefined, stands("failed"), "NOT_SENT"],
  ["it was withdrawn", undefined, stands("withdrawn"), null],
  ["what the phone tells counts before", told("READ"), stands("delivered"), "READ"],
  [
    "also of one that was given up, and arrived all the same",
    told("DELIVERED"),
    stands("failed"),
    "DELIVERED",
  ],
  ["one that left and failed there", told("FAILED", "131047"), stands("delivered"), "FAILED"],
  ["one that is tried again after that", told("FAILED", "131047"), stands("waiting"), "WAITING"],
  ["one that was given up after that", told("FAILED", "131047"), stands("failed"), "NOT_SENT"],
  ["one that may have arrived", told("FAILED", "arrival-not-known"), undefined, "UNKNOWN"],
])("%s", (_what, state, delivery, way) => {
  expect(wayOf(state, delivery)).toBe(way);
});
