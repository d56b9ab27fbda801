import { z } from "zod";
import { id } from "./event.ts";
import { receipt } from "./receipt.ts";

/** What somebody did that others may have to answer for. */
export const auditAction = z
  .enum([
    "sign_in",
    "sign_in_failed",
    "sign_in_limited",
    "sign_in_oidc",
    "sign_in_oidc_failed",
    "identity_tied",
    "sign_out",
    "session_ended",
    "password_set",
    "password_changed",
    "second_factor_on",
    "second_factor_off",
    "second_factor_taken_off",
    "second_factor_failed",
    "recovery_code_used",
    "account_added",
    "account_disabled",
    "account_enabled",
    "sessions_ended",
    "link_made",
    "close",
    "carry",
    "seen",
    "assign",
    "replay",
    "retry",
    "delivery_seen",
    "erase",
    "erase_customer",
  ])
  .meta({ id: "AuditAction" });
export type AuditAction = z.output<typeof auditAction>;

const person = z.object({ id: z.uuid(), name: z.string() });

/** One line of the log of who did what. */
export const auditEntry = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    action: auditAction,
    actor: person.nullable().meta({
      description:
        "Who did it, by their name now; `null`: an operator at the server, or somebody who did not prove who they are.",
    }),
    account: person.nullable().meta({
      description: "Whose account it was done to, of somebody else; of a conversation to whom it was given.",
    }),
    conversation_id: id.nullable(),
    detail: z
      .string()
      .nullable()
      .meta({
        description:
          "Of a sign-in the address it came from, of an identity that was tied its issuer, of a new account its role, of a message that was left out its receipt, of several " +
          "that were tried again the receipts they lie between, of an answer that was sent once more or marked as seen its message's id; of an operator the command. Never a word of a customer's.",
      }),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.output<typeof auditEntry>;

/** What the web app says that the agent who is signed in did. */
export const auditNote = z.object({
  action: z.enum(["close", "carry", "seen", "assign"]),
  conversation: id
    .optional()
    .meta({ description: "That was closed or assigned, or that a message was moved to." }),
  receipt: receipt.optional().meta({ description: "Of the message that was moved, or seen to." }),
  account: z
    .uuid()
    .optional()
    .meta({ description: "To whom the conversation was given; absent where it was given back." }),
});
export type AuditNote = z.output<typeof auditNote>;
