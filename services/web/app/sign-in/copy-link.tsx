import { useState } from "react";
import { copyText } from "../ui/copy-button.tsx";
import { useSignInWords } from "./entry-page.tsx";

/** Says whether it did: where it could not, the link stands above, to be selected. */
export function CopyLink({ link }: { link: string }) {
  const words = useSignInWords();
  const [done, setDone] = useState<boolean | null>(null);
  return (
    <button type="button" className="btn" onClick={() => void copyText(link).then(setDone)}>
      <span aria-live="polite">
        {done === null ? words.copyLink : done ? words.linkCopied : words.linkNotCopied}
      </span>
    </button>
  );
}
