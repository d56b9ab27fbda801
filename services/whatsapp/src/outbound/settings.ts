import { z } from "zod";
import { SettingError, count, list, serviceUrl } from "@fio/service/env";
import { secretKeys } from "@fio/service/secrets";
import type { Graph } from "./graph.ts";

/** Settings of the way out; without `WHATSAPP_TOKEN` there is none. */
export const outboundSettings = {
  WHATSAPP_TOKEN: z.string().optional(),
  WHATSAPP_NUMBERS: list.refine((numbers) => numbers.every((number) => /^\d+$/.test(number)), {
    message: "must be ids of phone numbers at Meta, comma-separated: digits only",
  }),
  WHATSAPP_MESSAGES_PER_SECOND: count(80, 1),
  GRAPH_URL: serviceUrl.default("https://graph.facebook.com"),
  GRAPH_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/, { message: "must be a version of the Graph API, e.g. v24.0" })
    .default("v24.0"),
  DELIVERY_SECRETS: secretKeys,
};

export type OutboundSettings = {
  graph: Graph;
  /** Ids at Meta of the numbers that answers are sent from. */
  numbers: string[];
  perSecond: number;
  deliveryKeys: Buffer[];
};

const SEND_MS = 8_000;

/** `null` where nothing is to be sent. Throws {@link SettingError} where it could not be. */
export function readOutbound(given: z.output<z.ZodObject<typeof outboundSettings>>): OutboundSettings | null {
  if (given.WHATSAPP_TOKEN === undefined) return null;
  if (given.WHATSAPP_NUMBERS.length === 0) {
    throw new SettingError("WHATSAPP_NUMBERS: must be set, since WHATSAPP_TOKEN is");
  }
  if (given.DELIVERY_SECRETS.length === 0) {
    throw new SettingError("DELIVERY_SECRETS: must be set, or anyone could send messages in your name");
  }
  return {
    graph: {
      url: given.GRAPH_URL,
      version: given.GRAPH_VERSION,
      token: given.WHATSAPP_TOKEN,
      sendMs: SEND_MS,
    },
    numbers: [...new Set(given.WHATSAPP_NUMBERS)],
    perSecond: given.WHATSAPP_MESSAGES_PER_SECOND,
    deliveryKeys: given.DELIVERY_SECRETS,
  };
}
