import { useState } from "react";
import { Link } from "@remix-run/react";
import { useWords } from "../i18n/later.ts";
import { useIsErased } from "../store/context.tsx";
import { Hit, OlderHit } from "./hit.tsx";
import { searchPath, type Asked } from "./query.ts";
import { olderOf, type Found, type SearchPage } from "./results.ts";
import { SEARCH_WORDS } from "./search-words.ts";

/** The newest message found in a conversation; the others open below it. */
export function FoundRow({
  found,
  asked,
  load,
}: {
  found: Found;
  asked: Asked;
  load: (query: string) => Promise<SearchPage | null>;
}) {
  const say = useWords(SEARCH_WORDS);
  const [older, setOlder] = useState<readonly Found["hit"][] | "loading" | "failed" | null>(null);
  const open = async (): Promise<void> => {
    setOlder("loading");
    setOlder((await olderOf(found, load)) ?? "failed");
  };
  const isErased = useIsErased(found.hit.conversation_id);
  if (isErased) return null;
  const shown = Array.isArray(older);
  const words =
    older === "loading"
      ? say("loading")
      : older === "failed"
        ? say("moreFailed")
        : shown
          ? say("lessHere")
          : say("moreHere", { count: found.more });
  return (
    <li>
      <Hit hit={found.hit} q={asked.q} />
      {shown && (
        <ul className="hits-older">
          {(older as readonly Found["hit"][]).map((hit) => (
            <li key={hit.message.id}>
              <OlderHit hit={hit} q={asked.q} />
            </li>
          ))}
        </ul>
      )}
      {found.more > 0 && (
        // Without scripts: all messages, one by one.
        <Link
          className="btn quiet sm more-here"
          to={searchPath({ ...asked, each: true })}
          role="button"
          aria-expanded={shown}
          onClick={(event) => {
            event.preventDefault();
            if (shown) setOlder(null);
            else if (older !== "loading") void open();
          }}
          onKeyDown={(event) => {
            if (event.key !== " ") return;
            event.preventDefault();
            event.currentTarget.click();
          }}
        >
          {words}
        </Link>
      )}
    </li>
  );
}
