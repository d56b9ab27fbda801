import type { Change } from "../change.ts";
import type {
  Contact,
  ContactRow,
  Conversation,
  ConversationRow,
  Erasure,
  EventOutcome,
  HistoryEntry,
  Message,
  Rejection,
  SearchHit,
} from "../conversation.ts";
import type { FailedDelivery } from "../delivery.ts";
import type { Counts } from "../reading.ts";
import type { Receipt } from "../receipts.ts";
import type { Timestamp } from "../instants.ts";

/** One conversation as every call of the read API shows it. */
export const conversationId = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
export const messageId = "49108c71-4dca-4af3-9f32-61bc745926e2";
export const position = "1740133245412-0";
export const createdReceipt = "1740133241350102" as Receipt;
export const messageReceipt = "1740133242350377" as Receipt;
export const lateReceipt = "1740133247001265" as Receipt;
const seenReceipt = "1740133263000712" as Receipt;
const at = (second: number): Timestamp => `2025-02-21T10:20:${second}.349308Z` as Timestamp;

export const row: ConversationRow = {
  id: conversationId,
  state: "OPEN",
  created_at: at(41),
  closed_at: null,
  version: 2,
  message_count: 1,
  activity_at: at(42),
  last_message_at: at(42),
  last_message_preview: "Olá, tudo bem?",
  last_message_direction: "RECEIVED",
  waiting_since: at(42),
  last_received_receipt: messageReceipt,
  contact: {
    channel: "whatsapp:551140001234",
    id: "5511912345678",
    name: "Ana Souza",
    phone: "+55 11 91234-5678",
    version: 1,
  },
};

export const contact: Contact = {
  ...(row.contact as ContactRow),
  also: [{ channel: "whatsapp:551140001234", id: "5511987654321" }],
  conversations: [row],
};

export const erasures: Erasure[] = [
  { conversation_id: conversationId, erased_at: "2025-02-21T10:20:42.349Z" },
];

export const counts: Counts = {
  waiting: { count: 12, more: false },
  failed_deliveries: { count: 1, more: false },
};

const message: Message = {
  id: messageId,
  direction: "RECEIVED",
  content: "Olá, tudo bem?",
  timestamp: at(42),
  receipt: messageReceipt,
};

export const thread: Conversation = { ...row, messages: [message] };

const creation = { type: "NEW_CONVERSATION", timestamp: at(41), data: { id: conversationId } } as const;
const posted = {
  type: "NEW_MESSAGE",
  timestamp: at(42),
  data: {
    id: messageId,
    direction: "RECEIVED",
    content: "Olá, tudo bem?",
    conversation_id: conversationId,
  },
} as const;
const late = { ...posted, timestamp: at(47), data: { ...posted.data, content: "Ainda está aí?" } } as const;

export const history: HistoryEntry[] = [
  { receipt: lateReceipt, event: late, outcome: "rejected", reason: "MESSAGE_ID_CONFLICT" },
  { receipt: messageReceipt, event: posted, outcome: "applied" },
  { receipt: createdReceipt, event: creation, outcome: "applied" },
];

export const eventOutcome: EventOutcome = {
  type: "NEW_MESSAGE",
  id: messageId,
  receipt: messageReceipt,
  outcome: "applied",
  conversation_id: conversationId,
  others: [
    {
      receipt: lateReceipt,
      outcome: "rejected",
      reason: "MESSAGE_ID_CONFLICT",
      conversation_id: conversationId,
    },
  ],
};

export const rejections: Rejection[] = [
  {
    receipt: lateReceipt,
    conversation_id: conversationId,
    event: late,
    reason: "MESSAGE_ID_CONFLICT",
    resolution: { how: "seen", receipt: seenReceipt },
  },
];

export const failedDeliveries: FailedDelivery[] = [
  {
    message_id: messageId,
    conversation_id: conversationId,
    content: "Seu pedido saiu para entrega.",
    author: { id: "marina", name: "Marina Alves" },
    attempts: 1,
    failed_at: "2025-02-21T10:20:43.120Z",
    delivery: {
      state: "failed",
      reason: "http_400",
      detail: "131047: more than 24 hours since the customer wrote",
      version: 2,
    },
  },
];

export const hits: SearchHit[] = [
  { conversation_id: conversationId, state: "OPEN", message: null, conversation: row },
  { conversation_id: conversationId, state: "OPEN", message },
];

const changes: Change[] = [
  { event: "message", conversation_id: conversationId, version: 2, message },
  { event: "conversation", conversation: row },
];
const frame = (content: { event: string }, id: string | null): string =>
  `event: ${content.event}\n${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(content)}\n\n`;

/** The beginning of a live stream: greeting, `ready`, a message at once, and its row with the next flush. */
export const stream = [
  "retry: 1000\n: live changes of Fio\n\n",
  frame({ event: "ready", position: "1740133241351-0" } as { event: string }, "1740133241351-0"),
  ...changes.map((change) => frame(change, change.event === "conversation" ? position : null)),
  ": heartbeat\n\n",
].join("");
