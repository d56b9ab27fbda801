import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { z } from "zod";
import { SettingError, readSettings } from "@fio/service/env";
import { callbackDataOf } from "./callback-data.ts";
import { callGraph, type Reply } from "./outbound/graph.ts";
import { outboundSettings, readOutbound } from "./outbound/settings.ts";
import { verdictOn } from "./outbound/verdict.ts";

/*
 * Asks the real Graph API, with the settings of the service: who our numbers are, and with --to sends one text, which must be
 * somebody's who has written to the number within 24 hours. Prints Meta's answers, never the token.
 *
 *   WHATSAPP_TOKEN=… WHATSAPP_NUMBERS=106540352242922 npm run whatsapp:try -- --to 5511912345678 "Bom dia!"
 */

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const told = (reply: Reply): string =>
  reply.kind === "answered"
    ? `${reply.status} ${JSON.stringify(reply.body)}`
    : `${reply.kind}: ${reply.reason}`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: "string" }, from: { type: "string" } },
  });
  const settings = readOutbound(
    // Nothing is received here, so that nobody has to sign.
    { ...readSettings(z.object(outboundSettings), process.env), DELIVERY_SECRETS: [Buffer.alloc(0)] },
  );
  if (settings === null) throw new SettingError("WHATSAPP_TOKEN: must be set");
  const { graph, numbers } = settings;
  for (const number of numbers) {
    const fields = "display_phone_number,verified_name,quality_rating";
    say(`number ${number}: ${told(await callGraph(graph, `${number}?fields=${fields}`))}`);
  }
  if (values.to !== undefined) {
    const number = values.from ?? numbers[0] ?? "";
    const reply = await callGraph(graph, `${number}/messages`, {
      body: {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: values.to.replace(/\D/g, ""),
        type: "text",
        text: { body: positionals[0] ?? "Fio" },
        biz_opaque_callback_data: callbackDataOf({ messageId: randomUUID(), conversationId: null }),
      },
    });
    say(`message: ${told(reply)}`);
    const verdict = verdictOn(reply, { tries: 0, numberTries: 0 });
    say(`Fio would take it as: ${JSON.stringify(verdict)}`);
    if (verdict.kind !== "accepted") process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
