import { parseArgs } from "node:util";
import { id as idShape } from "@fio/contracts";
import { SettingError } from "@fio/service/env";

export const USAGE = `npm run customer -- export ID …             prints all that is stored of these conversations, as JSON lines
npm run customer -- erase ID … [--unknown]  erases them for good; --unknown: those that nothing is stored of, too
npm run customer -- erase                   goes on with what an earlier run could not finish
  --wipe-later                              SQLite: leaves the file's free pages to a later wipe
npm run customer -- wipe                    SQLite: writes the file anew, without what was erased`;

/** What an operator asked for: one line of `npm run customer --`. */
export type Command =
  | { kind: "export"; conversations: string[] }
  /** None: those that are not finished. */
  | { kind: "erase"; conversations: string[]; unknown: boolean; wipeLater: boolean }
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
    if (!id.success) throw wrong(`${given} is no conversation's id`);
    return id.data;
  });
  switch (command) {
    case "export":
      if (conversations.length === 0) throw wrong("a conversation's id is missing");
      return { kind: "export", conversations };
    case "erase":
      return {
        kind: "erase",
        conversations,
        unknown: values.unknown === true,
        wipeLater: values["wipe-later"] === true,
      };
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
