import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { refusalOf } from "./errors.ts";

/** A text for a customer, as `POST /<version>/<phone number id>/messages` takes it; what it does not know it refuses. */
const textMessage = z
  .strictObject({
    messaging_product: z.literal("whatsapp"),
    recipient_type: z.literal("individual").optional(),
    to: z
      .string()
      .regex(/^\+?\d{7,15}$/)
      .optional(),
    recipient: z
      .string()
      .regex(/^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/)
      .optional(),
    type: z.literal("text"),
    text: z.strictObject({ body: z.string().min(1).max(4_096), preview_url: z.boolean().optional() }),
    context: z.strictObject({ message_id: z.string().min(1) }).optional(),
    biz_opaque_callback_data: z.string().max(512).optional(),
  })
  .refine(({ to, recipient }) => to !== undefined || recipient !== undefined, {
    message: "to or recipient must be given",
  });
export type TextMessage = z.output<typeof textMessage>;

export type Expected = { version: string; phoneNumberIds: readonly string[]; tokens: readonly string[] };
export type Checked =
  | { kind: "message"; phoneNumberId: string; message: TextMessage }
  | { kind: "number"; phoneNumberId: string }
  | { kind: "wrong"; status: number; body: object };

/** Whether a request is one that the Graph API would take; else what it answers. */
export function checkRequest(
  request: { method: string; path: string; headers: IncomingHttpHeaders; text: string },
  { version, phoneNumberIds, tokens }: Expected,
): Checked {
  const wrong = (details: string): Checked => ({ kind: "wrong", ...refusalOf(100, details) });
  const { pathname } = new URL(request.path, "http://graph.test");
  const [, givenVersion, phoneNumberId = "", edge, rest] = pathname.split("/");
  if (givenVersion !== version) return wrong(`Unknown version ${givenVersion}`);
  if (!tokens.some((token) => request.headers.authorization === `Bearer ${token}`))
    return { kind: "wrong", ...refusalOf(190) };
  if (!phoneNumberIds.includes(phoneNumberId)) {
    return wrong(`Object with ID '${phoneNumberId}' does not exist`);
  }
  if (request.method === "GET" && edge === undefined) return { kind: "number", phoneNumberId };
  if (request.method !== "POST" || edge !== "messages" || rest !== undefined) {
    return wrong(`Unsupported ${request.method} request`);
  }
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) {
    return wrong("The content type must be application/json");
  }
  const parsed = textMessage.safeParse(json(request.text));
  if (parsed.success) return { kind: "message", phoneNumberId, message: parsed.data };
  const [issue] = parsed.error.issues;
  return wrong(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
