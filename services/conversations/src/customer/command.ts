import { parseArgs } from "node:util";
import { id as idShape } from "@fio/contracts";
import { SettingError } from "@fio/service/env";

export const USAGE = `npm run customer -- export ID …             prints all that is stored of these conversations, as JSON lines
npm run customer -- export --contact WHO    the same of all conversations of a customer, and what is known of them
npm run customer -- erase ID … [--unknown]  erases conversations for good; --unknown: those that nothing is stored of, too
npm run customer -- erase --contact WHO     says who that is; with --yes erases them for good, with all their conversations
npm run customer -- erase                   goes on with what an earlier run could not finish
  --contact WHO                             the customer's id, key, or phone number, however written; may be given several times
  --wipe-later                              SQLite: leaves the file's free pages to a later wipe
npm run customer -- wipe                    SQLite: writes the file anew, without what was erased`;

/** What an operator asked for: one line of `npm run customer --`. */
export type Command =
  | { kind: "export"; conversations: string[] }
  | { kind: "export customers"; contacts: string[] }
  /** None: those that are not finished. */
  | { kind: "erase"; conversations: string[]; unknown: boolean; wipeLater: boolean }
  /** `yes`: else it is only said who they are. */
  | { kind: "erase customers"; contacts: string[]; yes: boolean; wipeLater: boolean }
  | { kind: "wipe" }
  | { kind: "help" };

/** Throws {@link SettingError}, with what there is. */
export function readCommand(args: string[]): Command {
  const { values, positionals } = parsed(args);
  const [command, ...ids] = positionals;
  if (values.help === true || command === undefined) return { kind: "help" };
  const wrong = (why: string): SettingError => new SettingError(`${why}\n${USAGE}`);
  const conversations = ids.map((given) => {
    const id = idShape.safeParse(given);
    if (!id.success) throw wrong(`${given} is no conversation's id; a customer's is given with --contact`);
    return id.data;
  });
  const contacts = (values.contact ?? []).map((given) => given.trim());
  if (contacts.includes("")) throw wrong("--contact: whose?");
  if (contacts.length > 0 && conversations.length > 0)
    throw wrong("either conversations or --contact, not both");
  if (values.yes === true && contacts.length === 0) throw wrong("--yes goes with --contact");
  const wipeLater = values["wipe-later"] === true;
  switch (command) {
    case "export":
      if (contacts.length > 0) return { kind: "export customers", contacts };
      if (conversations.length === 0) throw wrong("a conversation's id is missing, or --contact");
      return { kind: "export", conversations };
    case "erase":
      if (contacts.length > 0)
        return { kind: "erase customers", contacts, yes: values.yes === true, wipeLater };
      return { kind: "erase", conversations, unknown: values.unknown === true, wipeLater };
    case "wipe":
      return { kind: "wipe" };
    default:
      throw wrong(`there is no command ${command}`);
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        contact: { type: "string", multiple: true },
        yes: { type: "boolean" },
        unknown: { type: "boolean" },
        "wipe-later": { type: "boolean" },
        help: { type: "boolean" },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new SettingError(`${(error as Error).message}\n${USAGE}`);
  }
}
