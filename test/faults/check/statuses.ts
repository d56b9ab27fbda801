import type { DeliveryStatus, MessageStatus } from "@fio/contracts";
import { stateKey, type Snapshot } from "../rig/store/snapshot.ts";
import { wrong, type Violation } from "./violation.ts";

/** What the store says has become of each message, held against all its statuses: none may go back. */
export function statusViolations({ applied, states }: Snapshot): Violation[] {
  return [...statusesByMessage(applied)].flatMap(([key, all]) => {
    const [is, should] = [states.get(key), stateAfter(all)];
    return is === should ? [] : [wrong(`message ${key} is ${is}, by its statuses it is ${should}`)];
  });
}

/** The messages that did not reach the phone, by {@link stateKey}. */
export function failedMessages(applied: Snapshot["applied"]): Set<string> {
  const failed = [...statusesByMessage(applied)].filter(([, all]) => stateAfter(all) === "FAILED");
  return new Set(failed.map(([key]) => key));
}

function statusesByMessage(applied: Snapshot["applied"]): Map<string, MessageStatus[]> {
  const statuses = applied.flatMap(({ event }) => (event.type === "MESSAGE_STATUS" ? [event] : []));
  return Map.groupBy(statuses, ({ data }) => stateKey(data));
}

/** The rule as it is written: the highest, but that a later SENT is another try. */
function stateAfter(statuses: readonly MessageStatus[]): DeliveryStatus | undefined {
  const latest = (of: DeliveryStatus): string | undefined =>
    statuses
      .filter(({ data }) => data.status === of)
      .map(({ timestamp }) => timestamp)
      .toSorted()
      .at(-1);
  if (latest("READ") !== undefined) return "READ";
  if (latest("DELIVERED") !== undefined) return "DELIVERED";
  const [sent, failed] = [latest("SENT"), latest("FAILED")];
  if (sent === undefined) return failed === undefined ? undefined : "FAILED";
  return failed === undefined || sent > failed ? "SENT" : "FAILED";
}
