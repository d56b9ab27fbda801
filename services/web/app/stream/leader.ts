import { ownName } from "../device/account.ts";
import type { FromTab, Hub, ToTab } from "./hub.ts";

/** `to` is a tab, or `leader`. */
type Envelope = { to: string; from: string; message: FromTab | ToTab };
type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;
export type Channel = {
  post: (envelope: Envelope) => void;
  listen: (listener: (envelope: Envelope) => void) => void;
};

const KEY = ownName("fio.leader");
const LEASE_MS = 4_000;
const BEAT_MS = 1_000;

/**
 * Where a browser has no shared worker, one of its tabs holds the stream for all. The lease on it is a line in
 * localStorage, renewed every second; whoever finds it run out takes it. Two that take it at once both lead until one
 * reads the other's name a second later, which does no harm: changes may come twice.
 */
export function createElection({
  tab,
  memory,
  channel,
  now,
  every,
  openHub,
  onMessage,
  onLeader,
}: {
  tab: string;
  memory: Memory;
  channel: Channel;
  now: () => number;
  every: (milliseconds: number, run: () => void) => void;
  openHub: () => Hub;
  onMessage: (message: ToTab) => void;
  /** There is another leader, who knows nothing of this tab yet. */
  onLeader: () => void;
}): { send: (message: FromTab) => void; resign: () => void } {
  let hub: Hub | null = null;
  let own: ReturnType<Hub["join"]> | null = null;
  const others = new Map<string, ReturnType<Hub["join"]>>();
  let leader: string | null = null;

  const lease = (): { id: string; until: number } | null => {
    const [id, until] = (memory.getItem(KEY) ?? "").split(" ");
    return id === undefined || until === undefined ? null : { id, until: Number(until) };
  };
  const renew = (): void => memory.setItem(KEY, `${tab} ${now() + LEASE_MS}`);
  const lead = (): void => {
    renew();
    if (hub !== null) return;
    hub = openHub();
    own = hub.join(onMessage);
  };
  const step = (): void => {
    hub?.close();
    hub = null;
    own = null;
    others.clear();
  };
  const beat = (): void => {
    const held = lease();
    if (held === null || held.until < now() || held.id === tab) lead();
    else if (hub !== null) step();
    const current = lease()?.id ?? null;
    if (current !== leader) {
      leader = current;
      onLeader();
    }
  };

  channel.listen(({ to, from, message }) => {
    if (to === tab) {
      onMessage(message as ToTab);
      return;
    }
    if (to !== "leader" || hub === null) return;
    let member = others.get(from);
    if (member === undefined) {
      member = hub.join((answer) => channel.post({ to: from, from: tab, message: answer }));
      others.set(from, member);
    }
    member.receive(message as FromTab);
  });
  every(BEAT_MS, beat);
  beat();

  return {
    send: (message) => {
      if (own !== null) own.receive(message);
      else channel.post({ to: "leader", from: tab, message });
    },
    resign: () => {
      if (hub === null) {
        channel.post({ to: "leader", from: tab, message: { kind: "bye" } });
        return;
      }
      step();
      if (lease()?.id === tab) memory.removeItem(KEY);
    },
  };
}
