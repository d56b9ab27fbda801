import { useWords } from "../../i18n/later.ts";
import { MEDIA_WORDS } from "./media-words.ts";
import type { WhyNot } from "./why-not.ts";

/** Why a file cannot be seen, and what to do. */
export function MediaFault({ why, again }: { why: WhyNot; again: () => void }) {
  const say = useWords(MEDIA_WORDS);
  return (
    <div className="media-fault" role="status">
      <p>{say(`why.${why}`)}</p>
      <button className="btn sm quiet" type="button" onClick={again}>
        {say("again")}
      </button>
    </div>
  );
}
