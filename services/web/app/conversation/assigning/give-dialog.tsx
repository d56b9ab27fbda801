import { useEffect, useState } from "react";
import { UserRound, UserRoundX } from "lucide-react";
import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import type { Agent, Author } from "@fio/contracts";
import { ACCOUNT } from "../../device/account.ts";
import { useWords } from "../../i18n/later.ts";
import { dataPath } from "../../names/paths.ts";
import { getJson } from "../../stream/get-json.ts";
import { Icon } from "../../ui/icons.tsx";
import { WORDS } from "./words.ts";

/** Who takes it: oneself first, then colleagues by name, and nobody. */
export default function GiveDialog({
  holder,
  give,
  close,
}: {
  holder: Author | null;
  give: (to: Author | null) => void;
  close: () => void;
}) {
  const say = useWords(WORDS);
  const [agents, setAgents] = useState<Agent[] | "loading" | null>("loading");
  useEffect(() => {
    let wanted = true;
    void getJson<Agent[]>(dataPath.agents).then((found) => wanted && setAgents(found));
    return () => {
      wanted = false;
    };
  }, []);
  const known = Array.isArray(agents) ? agents : [];
  const own = known.filter(({ id }) => id === ACCOUNT);
  const others = known.filter(({ id }) => id !== ACCOUNT);
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="layer" />
        <Dialog.Content className="palette-place" aria-describedby={undefined}>
          <Dialog.Title className="sr">{say("title")}</Dialog.Title>
          <Command className="dialog palette" label={say("title")} vimBindings={false} loop>
            <div className="p-input">
              <Icon of={UserRound} />
              <Command.Input placeholder={say("title")} aria-label={say("find")} />
              <Dialog.Close className="btn sm quiet" aria-label="Esc">
                <kbd>Esc</kbd>
              </Dialog.Close>
            </div>
            <Command.List className="p-list" label={say("title")}>
              {agents === "loading" && <p className="p-none">{say("loading")}</p>}
              {agents === null && (
                <p className="p-none" role="alert">
                  {say("unknown")}
                </p>
              )}
              {known.length > 0 && <Command.Empty className="p-none">{say("none")}</Command.Empty>}
              {[...own, ...others]
                .filter(({ id }) => id !== holder?.id)
                .map((agent) => (
                  <Command.Item
                    key={agent.id}
                    value={agent.id}
                    keywords={[agent.name]}
                    onSelect={() => give(agent)}
                  >
                    <Icon of={UserRound} />
                    <span className="p-label">
                      <bdi>{agent.name}</bdi>
                      {agent.id === ACCOUNT && ` (${say("you")})`}
                    </span>
                  </Command.Item>
                ))}
              {/* After the others: the first one is chosen by Enter. */}
              {holder !== null && agents !== "loading" && (
                <Command.Item value="nobody" keywords={[say("back")]} onSelect={() => give(null)}>
                  <Icon of={UserRoundX} />
                  <span className="p-label">{say("back")}</span>
                </Command.Item>
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
