import { objectOf, textOf, type Json } from "../../json.ts";

/** The button or the line of a list that a customer chose; `null` for anything else. */
export function choice(interactive: Json): string | null {
  const reply = { ...objectOf(interactive["button_reply"]), ...objectOf(interactive["list_reply"]) };
  const title = textOf(reply["title"]);
  const more = textOf(reply["description"]);
  return title === null ? null : `Escolheu: ${title}${more === null ? "" : ` (${more})`}`;
}

/** What belongs to the exchange and not to the answer. */
const NO_ANSWERS = ["flow_token"];

/** A form that a customer filled in, a line for each answer; `null` for anything else. */
export function form(interactive: Json): string | null {
  const reply = objectOf(interactive["nfm_reply"]);
  const text = textOf(reply["response_json"]);
  if (text === null) return null;
  const answers = Object.entries(parsed(text)).filter(([name]) => !NO_ANSWERS.includes(name));
  const title = textOf(reply["body"]);
  return [
    title === null || title === "Sent" ? "Formulário" : `Formulário: ${title}`,
    ...answers.map(
      ([name, answer]) => `${name}: ${typeof answer === "string" ? answer : JSON.stringify(answer)}`,
    ),
  ].join("\n");
}

/** What is no JSON is one answer. */
function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return { resposta: text };
  }
}
