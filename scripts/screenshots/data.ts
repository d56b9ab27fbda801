import { receiptOf, type AcceptedEvent, type Direction, type Receipt, type Timestamp } from "@fio/contracts";
import { seeded } from "../../test/support/random.ts";
import { customer } from "../simulate/customers.ts";
import { phrase } from "../simulate/phrases.ts";
import { STORY } from "./story.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What the store holds when the pictures are taken: the same for the same moment. */
export type Data = {
  events: AcceptedEvent[];
  faults: Array<{ accepted: AcceptedEvent; detail: string }>;
  /** The conversation that most pictures show, and others that stand for a state. */
  main: string;
  closed: string;
  long: string;
  /** Conversations whose last messages a browser has not shown, and one with a draft. */
  unread: string[];
  draft: string;
};

/** Conversations of a shop's day, seen at `now` (milliseconds since 1970). */
export function dataOf(now: number): Data {
  const random = seeded(2026);
  const events: AcceptedEvent[] = [];
  const faults: Data["faults"] = [];
  const used = new Set<Receipt>();

  /** The moment of acceptance, to the microsecond; never the same twice. */
  const receiptAt = (at: number): Receipt => {
    let micros = Math.floor(at) * 1_000 + random.int(1_000);
    while (used.has(receiptOf(micros))) micros += 1;
    used.add(receiptOf(micros));
    return receiptOf(micros);
  };
  const stamp = (at: number): Timestamp =>
    `${new Date(at).toISOString().slice(0, 23)}${String(random.int(1_000)).padStart(3, "0")}Z` as Timestamp;
  const customers = seeded(31);
  /** Of four customers three are known by name. */
  const create = (id: string, at: number): void => {
    const contact = customers.int(4) > 0 ? customer(customers.next) : undefined;
    events.push({
      receipt: receiptAt(at + 40),
      event: { type: "NEW_CONVERSATION", timestamp: stamp(at), data: { id, ...(contact && { contact }) } },
    });
  };
  const close = (id: string, at: number): void =>
    void events.push({
      receipt: receiptAt(at + 40),
      event: { type: "CLOSE_CONVERSATION", timestamp: stamp(at), data: { id } },
    });
  const message = (
    conversation: string,
    content: string,
    at: number,
    {
      direction = "RECEIVED",
      id = random.uuid(),
      late = 40,
    }: { direction?: Direction; id?: string; late?: number } = {},
  ): AcceptedEvent => ({
    receipt: receiptAt(at + late),
    event: {
      type: "NEW_MESSAGE",
      timestamp: stamp(at),
      data: { id, direction, content, conversation_id: conversation },
    },
  });
  const say = (...given: Parameters<typeof message>): void => void events.push(message(...given));

  // The one that is read: two days, every kind of text, one that came late.
  const main = random.uuid();
  create(main, now - 15 * HOUR);
  for (const { text, from, ago, late } of STORY) {
    say(main, text, now - ago, {
      direction: from === "us" ? "SENT" : "RECEIVED",
      ...(late === undefined ? {} : { late }),
    });
  }

  // Others, newer and older: what the list looks like on a working day.
  const closed = random.uuid();
  let long = "";
  const others = Array.from({ length: 46 }, (_, index) => ({
    id: index === 9 ? closed : random.uuid(),
    last:
      now -
      (index < 8
        ? (2 + index * 7) * MINUTE
        : index < 24
          ? (index - 6) * 37 * MINUTE
          : (index - 20) * 9 * HOUR),
    isClosed: index === 9 || index % 4 === 3,
  }));
  for (const [index, { id, last, isClosed }] of others.entries()) {
    const count = index === 5 ? 320 : 2 + random.int(9);
    if (index === 5) long = id;
    const began = last - count * 3 * MINUTE;
    create(id, began);
    for (let turn = 0; turn < count; turn += 1) {
      const isLast = turn === count - 1;
      const direction =
        turn === 0
          ? "RECEIVED"
          : isLast && index % 3 === 0
            ? "RECEIVED"
            : random.chance(0.5)
              ? "SENT"
              : "RECEIVED";
      const content =
        isLast && index === 2
          ? "شكرًا جزيلًا، وصل الطلب اليوم"
          : isLast && index === 4
            ? "👍"
            : phrase(direction, turn, random.next);
      say(id, content, began + (turn + 1) * 3 * MINUTE, { direction });
    }
    if (isClosed) close(id, last + MINUTE);
  }

  // What is refused, of each reason.
  const old = others.filter(({ isClosed, last }) => isClosed && last < now - 40 * HOUR).map(({ id }) => id);
  say(closed, "Só mais uma dúvida: e o recibo?", now - 26 * MINUTE);
  say(old[0] ?? closed, "Esqueci de pedir a nota fiscal. Vocês mandam por e-mail?", now - 3 * HOUR);
  close(old[1] ?? closed, now - 5 * HOUR);
  create(old[2] ?? closed, now - 26 * HOUR);
  const [, once, twice] = others;
  const shared = random.uuid();
  say(once?.id ?? main, "Olá! Seu protocolo é o 5519.", now - 30 * HOUR, { id: shared, direction: "SENT" });
  say(once?.id ?? main, "Olá! Seu protocolo é o 5520.", now - 29 * HOUR, { id: shared, direction: "SENT" });
  say(random.uuid(), "Oi, fiz o pedido agora há pouco", now - 11 * MINUTE);
  const stored = (accepted: AcceptedEvent, detail: string): void => void faults.push({ accepted, detail });
  stored(
    message(main, "Seu pedido sai do depósito hoje à tarde.", now - 34 * MINUTE, { direction: "SENT" }),
    "tempo esgotado ao gravar",
  );
  stored(
    message(twice?.id ?? main, "Seu reparo ficou pronto, pode retirar até as 18h.", now - 3 * MINUTE, {
      direction: "SENT",
    }),
    "tempo esgotado ao gravar",
  );
  const open = others.filter(({ isClosed }) => !isClosed);
  const unread = [0, 1, 4].map((index) => open[index]?.id ?? main);
  const draft = open[3]?.id ?? main;
  return {
    events: events.toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1)),
    faults,
    main,
    closed,
    long,
    unread,
    draft,
  };
}
