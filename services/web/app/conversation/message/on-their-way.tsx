import { useOutbox } from "../../outbox/use-outbox.ts";
import { Bubble } from "./bubble.tsx";
import { shownOnItsWay } from "../thread-items.ts";

/** What was sent into a conversation whose messages are not there yet: it is seen all the same. */
export function OnTheirWay({ id }: { id: string }) {
  const entries = useOutbox(id);
  if (entries.length === 0) return null;
  const waiting = entries.filter(({ state }) => state === "queued").length;
  return (
    <ol className="msgs on-their-way">
      {entries.map((entry, index) => (
        <Bubble
          key={entry.id}
          message={shownOnItsWay(entry)}
          conversation={id}
          start={index === 0}
          unfolded={false}
          words={index === entries.length - 1}
          waiting={waiting}
        />
      ))}
    </ol>
  );
}
