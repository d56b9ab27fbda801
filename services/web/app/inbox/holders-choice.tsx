import { useWords, type LaterWords } from "../i18n/later.ts";
import { useCommand } from "../keys/commands.ts";
import { HOLDERS } from "../store/list.ts";
import { setHolders, useHolders } from "../store/use-holders.ts";

const pt = { label: "De quem", all: "De todos", mine: "Minhas", nobody: "De ninguém" } as const;
const en: Record<keyof typeof pt, string> = {
  label: "Whose",
  all: "Everybody’s",
  mine: "Mine",
  nobody: "Nobody’s",
};
const WORDS: LaterWords<typeof pt> = { "pt-BR": pt, en };

/** Whose conversations the list shows. Only where agents sign in. */
export default function HoldersChoice() {
  const say = useWords(WORDS);
  const holders = useHolders();
  useCommand("ofMine", () => setHolders("mine"));
  useCommand("ofNobody", () => setHolders("nobody"));
  useCommand("ofAll", () => setHolders("all"));
  return (
    <select
      className="holders"
      aria-label={say("label")}
      value={holders}
      onChange={({ currentTarget }) =>
        setHolders(HOLDERS.find((each) => each === currentTarget.value) ?? "all")
      }
    >
      {HOLDERS.map((each) => (
        <option key={each} value={each}>
          {say(each)}
        </option>
      ))}
    </select>
  );
}
