import { parseArgs } from "node:util";
import { email as emailShape, type AccountRole } from "@fio/contracts";
import { SettingError } from "@fio/service/env";
import { addAccount, disableAccount, enableAccount, endSessions, listAccounts } from "../store/accounts.ts";
import type { Store } from "../store/connect.ts";
import { createAdministration } from "./administration.ts";

export const USAGE = `npm run agent -- add ana@example.com "Ana Lima" [--admin]   makes an account, prints its link
npm run agent -- list                                       who has one
npm run agent -- disable ana@example.com                    is out at once, and stays out
npm run agent -- enable ana@example.com                     may sign in again
npm run agent -- end-sessions ana@example.com               has to sign in again, everywhere
npm run agent -- reset ana@example.com                      no password and no session any more; prints a new link`;

const OF_ONE = ["disable", "enable", "end-sessions", "reset"] as const;

/** What an operator asked for: one line of `npm run agent --`. `help` when nothing. */
export type Command =
  | { kind: "add"; email: string; name: string; role: AccountRole }
  | { kind: "list" }
  | { kind: (typeof OF_ONE)[number]; email: string }
  | { kind: "help" };

/** Throws {@link SettingError}, with what there is. */
export function readCommand(args: string[]): Command {
  const { admin, help, positionals } = parsed(args);
  const [command, address, name, more] = positionals;
  const wrong = (why: string): SettingError => new SettingError(`${why}\n${USAGE}`);
  if (help || command === undefined) return { kind: "help" };
  if (command === "list") return { kind: "list" };
  const ofOne = OF_ONE.find((each) => each === command);
  if (command !== "add" && ofOne === undefined) throw wrong(`there is no command ${command}`);
  const email = emailShape.safeParse(address ?? "");
  if (!email.success) throw wrong("an e-mail address is missing");
  if (ofOne !== undefined) return { kind: ofOne, email: email.data };
  const called = (name ?? "").trim();
  if (called === "" || called.length > 100) throw wrong("a name of 1 to 100 characters is missing");
  if (more !== undefined) throw wrong(`put the name in quotes: "${called} ${more}"`);
  return { kind: "add", email: email.data, name: called, role: admin ? "admin" : "agent" };
}

function parsed(args: string[]): { admin: boolean; help: boolean; positionals: string[] } {
  try {
    const options = { admin: { type: "boolean" }, help: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { admin: values.admin === true, help: values.help === true, positionals };
  } catch (error) {
    throw new SettingError(`${(error as Error).message}\n${USAGE}`);
  }
}

/** Does it, and gives the lines to print; a link is told here and nowhere else. Throws {@link SettingError}. `now` in milliseconds since 1970. */
export async function carryOut(
  command: Command,
  { store, webUrl, now }: { store: Store; webUrl: string; now: number },
): Promise<string[]> {
  switch (command.kind) {
    case "help":
      return [USAGE];
    case "list":
      return (await listAccounts(store)).map(({ email, role, name, disabled_at, password_hash }) => {
        const state =
          disabled_at !== null ? "disabled" : password_hash === null ? "no password yet" : "active";
        return [email, role, state, name].join("\t");
      });
    case "add": {
      const { email, name, role } = command;
      if ((await addAccount(store, { email, name, role, now })) === null) {
        throw new SettingError(`${email} has an account already: reset makes it a new link`);
      }
      return [
        `${name} <${email}> has an account (${role})`,
        ...(await newLink(store, { email, webUrl, now })),
      ];
    }
    case "disable":
      known(await disableAccount(store, { email: command.email, now }), command.email);
      return [`${command.email} is disabled, and out of all browsers within a minute`];
    case "enable":
      known(await enableAccount(store, command.email), command.email);
      return [`${command.email} may sign in again`];
    case "end-sessions":
      known(await endSessions(store, command.email), command.email);
      return [`${command.email} is signed out of all browsers within a minute`];
    case "reset":
      return newLink(store, { email: command.email, webUrl, now });
    default:
      return command satisfies never;
  }
}

function known(found: boolean, email: string): void {
  if (!found) throw new SettingError(`${email} has no account`);
}

async function newLink(
  store: Store,
  { email, webUrl, now }: { email: string; webUrl: string; now: number },
): Promise<string[]> {
  const key = await createAdministration({ store, now: () => now, write: (run) => run() }).link(email);
  if (key === null) throw new SettingError(`${email} has no account, or it is disabled: enable it first`);
  return ["to set a password, once and within 72 hours:", `${webUrl}/welcome?key=${key}`];
}
