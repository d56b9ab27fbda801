/** What the processes of one ingest ask each other. */
export type Question = "metrics" | "readiness";

/** One end of the channel between two processes. */
export type Channel = {
  send: (message: object) => void;
  onMessage: (take: (message: unknown) => void) => void;
};

export type Answers = Readonly<Record<Question, () => Promise<unknown>>>;

export type Questions = {
  /** What the other process answers; rejects after `limitMs` without an answer. */
  ask: (question: Question, limitMs: number) => Promise<unknown>;
};

type Message =
  { fio: "question"; id: number; question: Question } | { fio: "answer"; id: number; value: unknown };

/** Answers the other process and asks it. A question that cannot be answered is left to its asker's limit. */
export function openQuestions({ channel, answers }: { channel: Channel; answers: Answers }): Questions {
  const open = new Map<number, (value: unknown) => void>();
  let last = 0;
  channel.onMessage((received) => {
    if (!isMessage(received)) return;
    if (received.fio === "answer") {
      open.get(received.id)?.(received.value);
      return;
    }
    const { id, question } = received;
    const reply = (value: unknown): void => channel.send({ fio: "answer", id, value } satisfies Message);
    void answers[question]().then(reply, () => {});
  });
  return {
    ask: (question, limitMs) =>
      new Promise((resolve, reject) => {
        last += 1;
        const id = last;
        const timer = setTimeout(() => {
          open.delete(id);
          reject(new Error(`no answer to "${question}" within ${limitMs} ms`));
        }, limitMs);
        open.set(id, (value) => {
          clearTimeout(timer);
          open.delete(id);
          resolve(value);
        });
        channel.send({ fio: "question", id, question } satisfies Message);
      }),
  };
}

/** The channel carries messages of Node's own and of others too. */
const isMessage = (message: unknown): message is Message =>
  typeof message === "object" &&
  message !== null &&
  "fio" in message &&
  (message.fio === "question" || message.fio === "answer");
