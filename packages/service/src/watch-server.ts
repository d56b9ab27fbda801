import type { Redis } from "ioredis";

const PULSE_MS = 2_000;

/*
 * Answers of a server that is not, or not now, the primary; another one may be at its address by now. NOREPLICAS and
 * CLUSTERDOWN too: a primary that was cut off from the others answers so while they elect a new one; MOVED, ASK and
 * TRYAGAIN a node of a cluster whose keys are, or are on their way, elsewhere. Before
 * Redis 7 an error inside a script comes with text around it.
 */
const WRONG_SERVER =
  /(?:^|: -)(READONLY|UNBLOCKED|LOADING|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|MOVED|ASK|TRYAGAIN)\b/;

export const wrongServerAnswer = (error: Error): string | null =>
  WRONG_SERVER.exec(error.message)?.[1] ?? null;

/**
 * Makes sure that a connection leads to a server that accepts writes. `onWrong` gets each answer for which the
 * connection is dropped; `onWell` is called on each sign that all is well.
 */
export function watchServer({
  redis,
  pulseKey,
  onWrong,
  onWell,
}: {
  redis: Redis;
  /** Never exists: it is deleted to learn whether the server accepts writes. */
  pulseKey: string;
  onWrong: (answer: string) => void;
  onWell: () => void;
}): {
  /** For ioredis' `reconnectOnError`, which sees the error of every command, also of those in pipelines. */
  isWrong: (error: Error) => boolean;
} {
  const isWrong = (error: Error): boolean => {
    const answer = wrongServerAnswer(error);
    if (answer !== null) onWrong(answer);
    return answer !== null;
  };
  checkBeforeReady(redis, onWrong);

  /*
   * A write of nothing: a replica refuses it, a primary has nothing to put on its disk. It finds what ioredis does not
   * see: an error inside the answer of EXEC, and an idle subscriber whose old primary still sends it what the new one
   * replicates.
   */
  let asking = false;
  const pulse = async (): Promise<void> => {
    if (asking || redis.status !== "ready") return;
    asking = true;
    try {
      // Servers without RESP3 accept no writes from a subscriber.
      await (redis.mode === "subscriber" ? redis.ping() : redis.del(pulseKey));
      onWell();
    } catch (error) {
      // Any other error still comes from a reachable server in its right role.
      if ((error as Error).name === "ReplyError" && wrongServerAnswer(error as Error) === null) onWell();
    } finally {
      asking = false;
    }
  };
  let timer: NodeJS.Timeout | undefined;
  redis.on("ready", () => {
    clearInterval(timer);
    timer = setInterval(() => void pulse(), PULSE_MS);
    void pulse();
  });
  redis.on("close", () => clearInterval(timer));
  return { isWrong };
}

/**
 * Before a connection counts as ready, ioredis asks for INFO. It would wait for a server that loads its data, accept a
 * replica, and print a line of its own where INFO is not allowed: this drops the first two, and accepts the third.
 */
function checkBeforeReady(redis: Redis, onWrong: (answer: string) => void): void {
  const info = redis.info.bind(redis) as (...args: unknown[]) => Promise<string>;
  redis.info = (...args: unknown[]) => {
    const told = args.at(-1) as ((error: Error | null, text?: string) => void) | string | undefined;
    if (typeof told !== "function") return info(...args);
    return info(...args.slice(0, -1), (error: Error | null, text: string | undefined) => {
      const answer = error === null ? wrongServerInfo(text ?? "") : wrongServerAnswer(error);
      if (answer !== null) {
        onWrong(answer);
        if (redis.status === "connect") redis.disconnect(true);
      } else if (error !== null && /^(NOPERM|ERR unknown command)/.test(error.message)) told(null, "");
      else told(error, text);
    });
  };
}

function wrongServerInfo(text: string): string | null {
  if (/^loading:1/m.test(text)) return "LOADING";
  if (/^role:slave/m.test(text)) return "READONLY";
  return null;
}
