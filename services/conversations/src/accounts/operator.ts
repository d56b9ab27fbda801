import { parseArgs } from "node:util";
import { auditQuery, email as emailShape, millisecondsOf, type AccountRole } from "@fio/contracts";
import { SettingError } from "@fio/service/env";
import { disableAccount, enableAccount, endSessions, findAccount, listAccounts } from "../store/accounts.ts";
import { addAuditLine, listAudit, type Audit } from "../store/audit.ts";
import type { Store } from "../store/connect.ts";
import { deleteFactor } from "../store/second-factors.ts";
import { ACTION_OF, createAdministration } from "./administration.ts";

export const USAGE = `npm run agent -- add ana@example.com "Ana Lima" [--admin]   makes an account, prints its link
npm run agent -- list                                       who has one
npm run agent -- disable ana@example.com                    is out at once, and stays out
npm run agent -- enable ana@example.com                     may sign in again
npm run agent -- end-sessions ana@example.com               has to sign in again, everywhere
npm run agent -- reset ana@example.com                      no password, session and tie to an issuer any more; prints a new link
npm run agent -- take-off-second-factor ana@example.com      a lost telephone: the password is enough, until it is on again
npm run agent -- audit [ana@example.com] [--from 2026-11-01] [--to 2026-12-01]
                                                            who did what, newest first, at most 1,000 lines`;

const OF_ONE = ["disable", "enable", "end-sessions", "reset", "take-off-second-factor"] as const;

/** What an operator asked for: one line of `npm run agent --`. `help` when nothing. */
export type Command =
  | { kind: "add"; email: string; name: string; role: AccountRole }
  | { kind: "list" }
  | { kind: "audit"; email: string | null; from: string | undefined; to: string | undefined }
  | { kind: (typeof OF_ONE)[number]; email: string }
  | { kind: "help" };

/** Throws {@link SettingError}, with what there is. */
export function readCommand(args: string[]): Command {
  const { admin, help, from, to, positionals } = parsed(args);
  const [command, address, name, more] = positionals;
  const wrong = (why: string): SettingError => new SettingError(`${why}\n${USAGE}`);
  if (help || command === undefined) return { kind: "help" };
  if (command === "list") return { kind: "list" };
  if (command === "audit") {
    const whose = address === undefined ? null : emailShape.safeParse(address);
    if (whose?.success === false) throw wrong(`${address} is no e-mail address`);
    return { kind: "audit", email: whose?.data ?? null, from, to };
  }
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

type Parsed = {
  admin: boolean;
  help: boolean;
  from: string | undefined;
  to: string | undefined;
  positionals: string[];
};

function parsed(args: string[]): Parsed {
  try {
    const options = {
      admin: { type: "boolean" },
      help: { type: "boolean" },
      from: { type: "string" },
      to: { type: "string" },
    } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { from, to } = values;
    return { admin: values.admin === true, help: values.help === true, from, to, positionals };
  } catch (error) {
    throw new SettingError(`${(error as Error).message}\n${USAGE}`);
  }
}

/** Does it, and gives the lines to print; a link is told here and nowhere else. Throws {@link SettingError}. `now` in milliseconds since 1970. */
export async function carryOut(
  command: Command,
  { store, webUrl, now }: { store: Store; webUrl: string; now: number },
): Promise<string[]> {
  const audit: Audit = (line) =>
    addAuditLine(store, { ...line, at: now * 1_000, detail: line.detail ?? COMMAND });
  const administration = createAdministration({ store, now: () => now, write: (run) => run(), audit });
  /** Written before it is done. */
  const note = async ({ kind, email }: { kind: (typeof OF_ONE)[number]; email: string }): Promise<void> => {
    const account = await findAccount(store, email);
    known(account !== null, email);
    await audit({ action: ACTION_OF[kind], account: account?.id ?? null });
  };
  switch (command.kind) {
    case "help":
      return [USAGE];
    case "list":
      return (await listAccounts(store)).map(
        ({ email, role, name, disabled_at, password_hash, hasSecondFactor }) => {
          const state =
            disabled_at !== null ? "disabled" : password_hash === null ? "no password yet" : "active";
          return [email, role, state, name, ...(hasSecondFactor ? ["second factor"] : [])].join("\t");
        },
      );
    case "add": {
      const { email, name, role } = command;
      const added = await administration.add({ email, name, role });
      if (added.kind === "exists") {
        throw new SettingError(`${email} has an account already: reset makes it a new link`);
      }
      return [`${name} <${email}> has an account (${role})`, ...linkLines(added.key, webUrl)];
    }
    case "audit":
      return auditLines(store, command);
    case "disable":
      await note(command);
      known(await disableAccount(store, { email: command.email, now }), command.email);
      return [`${command.email} is disabled, and out of all browsers within a minute`];
    case "enable":
      await note(command);
      known(await enableAccount(store, command.email), command.email);
      return [`${command.email} may sign in again`];
    case "end-sessions":
      await note(command);
      known(await endSessions(store, command.email), command.email);
      return [`${command.email} is signed out of all browsers within a minute`];
    case "take-off-second-factor": {
      await note(command);
      const account = await findAccount(store, command.email);
      const was = account !== null && (await deleteFactor(store, account.id));
      return [`${command.email} ${was ? "signs in by the password alone" : "had no second factor"}`];
    }
    case "reset": {
      await note(command);
      const key = await administration.link(command.email);
      if (key === null) throw new SettingError(`${command.email} is disabled: enable it first`);
      return linkLines(key, webUrl);
    }
    default:
      return command satisfies never;
  }
}

/** What stands in the log where a command did something. */
const COMMAND = "npm run agent";
const MOST_LINES = 1_000;

async function auditLines(
  store: Store,
  { email, from, to }: Extract<Command, { kind: "audit" }>,
): Promise<string[]> {
  const account = email === null ? null : await findAccount(store, email);
  if (email !== null) known(account !== null, email);
  const range = auditQuery.safeParse({ from, to });
  if (!range.success) throw new SettingError(`--from and --to are dates or times, as 2026-11-29\n${USAGE}`);
  const { items, next } = await listAudit(store.read, {
    person: account?.id,
    from: range.data.from === undefined ? undefined : millisecondsOf(range.data.from) * 1_000,
    to: range.data.to === undefined ? undefined : millisecondsOf(range.data.to) * 1_000,
    limit: MOST_LINES,
  });
  const named = (person: { id: string; name: string } | null): string => person?.name ?? "-";
  return [
    ...items.map(({ at, action, actor, account: whose, conversation_id, detail }) =>
      [at, action, named(actor), named(whose), conversation_id ?? "-", detail ?? "-"].join("\t"),
    ),
    ...(next === null ? [] : [`there are older lines: go on with --to ${items.at(-1)?.at ?? ""}`]),
  ];
}

function known(found: boolean, email: string): void {
  if (!found) throw new SettingError(`${email} has no account`);
}

const linkLines = (key: string, webUrl: string): string[] => [
  "to set a password, once and within 72 hours:",
  `${webUrl}/welcome?key=${key}`,
];
