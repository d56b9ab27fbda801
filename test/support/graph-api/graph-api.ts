import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { checkRequest, type TextMessage } from "./check-request.ts";
import { refusalOf, type MetaCode } from "./errors.ts";
import { postWebhook, statusesBody, textBody, type Hook, type Status, type StatusName } from "./webhooks.ts";

/**
 * What the Graph API does with a message that it could take. `accepted` says whether it reaches the phone though nothing
 * useful is answered: that is what a sender cannot know.
 */
export type Behaviour =
  | { kind: "accept"; afterMs?: number }
  | { kind: "refuse"; code: MetaCode; headers?: Record<string, string> }
  /** The connection ends without an answer. */
  | { kind: "cut"; accepted: boolean }
  /** No answer ever comes. */
  | { kind: "hang"; accepted: boolean }
  /** A proxy on the way answers in the API's place. */
  | { kind: "gateway"; status: 502 | 504; accepted: boolean }
  /** 200, and no JSON. */
  | { kind: "garble" };

/** A message that reached the phone. */
export type Arrived = {
  wamid: string;
  phoneNumberId: string;
  /** A phone number, or an id that only this business knows the customer by. */
  to: string;
  text: string;
  callbackData: string | undefined;
  /** In milliseconds. */
  at: number;
};

/** One request as it came: `fault` says what was wrong with it, in Meta's words. */
export type Seen = {
  method: string;
  path: string;
  body: string;
  at: number;
  message?: TextMessage;
  fault?: object;
};

export type GraphApi = {
  /** What takes the place of https://graph.facebook.com. */
  url: string;
  requests: Seen[];
  /** What reached the phone, in that order. */
  phone: Arrived[];
  /** What the next messages meet, one each; afterwards, and before, all are accepted. */
  next: (...behaviours: Behaviour[]) => void;
  /** What every message meets from now on for which it gives something, unless `next` has said. */
  always: (choose: (message: TextMessage) => Behaviour | undefined) => void;
  /** From now on only these tokens are good. */
  useToken: (...tokens: string[]) => void;
  /**
   * Tells of a message that arrived, in one signed webhook for each status and in the given order. The times follow the usual
   * order whatever that is: sent, then delivered or failed, then read. Throws where one is not answered with 200.
   */
  tell: (
    arrived: Arrived,
    statuses: readonly StatusName[],
    options?: { error?: MetaCode; pricing?: object; atMs?: number },
  ) => Promise<void>;
  /** A customer writes. Throws where that is not answered with 200. */
  write: (message: {
    from: string;
    name: string;
    text: string;
    phoneNumberId?: string;
    wamid?: string;
  }) => Promise<void>;
  close: () => Promise<void>;
};

const SECONDS_AFTER: Record<StatusName, number> = { sent: 0, delivered: 1, failed: 1, read: 2 };
/** At most so many bytes of a request are kept. */
const MOST_BYTES = 64 * 1024;

/**
 * A Graph API on this machine that takes only what Meta's takes, remembers it, and misbehaves as it is told. `hook`: where its
 * webhooks go; may be given later, since whoever gets them needs this address first. `host`: the address to listen on.
 */
export async function startGraphApi({
  version = "v24.0",
  phoneNumberIds = ["106540352242922"],
  token,
  hook,
  host = "127.0.0.1",
}: {
  version?: string;
  phoneNumberIds?: readonly string[];
  token: string;
  hook?: () => Hook;
  host?: string;
}): Promise<GraphApi> {
  const requests: Seen[] = [];
  const phone: Arrived[] = [];
  const script: Behaviour[] = [];
  let choose: (message: TextMessage) => Behaviour | undefined = () => undefined;
  let good: readonly string[] = [token];
  let count = 0;

  const arrive = (phoneNumberId: string, message: TextMessage): Arrived => {
    count += 1;
    const arrived: Arrived = {
      wamid: `wamid.${Buffer.from(`${phoneNumberId}:${count}`).toString("base64url")}`,
      phoneNumberId,
      // A phone number goes before.
      to: (message.to ?? message.recipient ?? "").replace(/^\+/, ""),
      text: message.text.body,
      callbackData: message.biz_opaque_callback_data,
      at: Date.now(),
    };
    phone.push(arrived);
    return arrived;
  };
  const accepted = ({ to, wamid }: Arrived, message: TextMessage): object => ({
    messaging_product: "whatsapp",
    contacts: [
      message.to === undefined
        ? { input: message.recipient, user_id: message.recipient }
        : { input: message.to, wa_id: to },
    ],
    messages: [{ id: wamid }],
  });

  const behave = async (
    response: ServerResponse,
    phoneNumberId: string,
    message: TextMessage,
  ): Promise<void> => {
    const behaviour = script.shift() ?? choose(message) ?? { kind: "accept" };
    switch (behaviour.kind) {
      case "accept": {
        const arrived = arrive(phoneNumberId, message);
        if (behaviour.afterMs !== undefined) await sleep(behaviour.afterMs);
        answer(response, 200, accepted(arrived, message));
        return;
      }
      case "refuse": {
        const { status, body } = refusalOf(behaviour.code);
        answer(response, status, body, behaviour.headers);
        return;
      }
      case "cut":
        if (behaviour.accepted) arrive(phoneNumberId, message);
        response.socket?.destroy();
        return;
      case "hang":
        if (behaviour.accepted) arrive(phoneNumberId, message);
        return;
      case "gateway":
        if (behaviour.accepted) arrive(phoneNumberId, message);
        response.writeHead(behaviour.status, { "Content-Type": "text/html" }).end("<h1>Bad gateway</h1>");
        return;
      case "garble":
        arrive(phoneNumberId, message);
        response.writeHead(200, { "Content-Type": "application/json" }).end('{"messages":[{"id":');
        return;
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await read(request);
    const method = request.method ?? "";
    const path = request.url ?? "";
    const checked = checkRequest(
      { method, path, headers: request.headers, text: body },
      { version, phoneNumberIds, tokens: good },
    );
    const seen: Seen = { method, path, body, at: Date.now() };
    requests.push(seen);
    if (checked.kind === "wrong") {
      seen.fault = checked.body;
      answer(response, checked.status, checked.body);
    } else if (checked.kind === "number") {
      answer(response, 200, {
        id: checked.phoneNumberId,
        verified_name: "Padaria Aurora",
        display_phone_number: "+55 11 4000-1234",
        quality_rating: "GREEN",
      });
    } else {
      seen.message = checked.message;
      await behave(response, checked.phoneNumberId, checked.message);
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.socket?.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));

  const post = async (body: object): Promise<void> => {
    if (hook === undefined) throw new Error("this Graph API was not told where its webhooks go");
    const status = await postWebhook(hook(), body);
    if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
  };
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    phone,
    next: (...behaviours) => void script.push(...behaviours),
    always: (chosen) => {
      choose = chosen;
    },
    useToken: (...given) => {
      good = given;
    },
    tell: async (arrived, statuses, { error, pricing, atMs = arrived.at } = {}) => {
      for (const status of statuses) {
        const told: Status = {
          wamid: arrived.wamid,
          status,
          at: atMs + SECONDS_AFTER[status] * 1000,
          to: arrived.to,
          callbackData: arrived.callbackData,
          error: status === "failed" ? error : undefined,
          pricing: status === "failed" ? undefined : pricing,
        };
        await post(statusesBody(arrived.phoneNumberId, [told]));
      }
    },
    write: ({ phoneNumberId = phoneNumberIds[0] ?? "", wamid, ...message }) => {
      count += 1;
      return post(
        textBody(phoneNumberId, { ...message, wamid: wamid ?? `wamid.in${count}`, at: Date.now() }),
      );
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "Content-Type": "application/json; charset=UTF-8", ...headers })
    .end(JSON.stringify(body));
}
