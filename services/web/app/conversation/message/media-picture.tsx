import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/later.ts";
import { awaitTurn } from "./await-turn.ts";
import { MEDIA_WORDS } from "./media-words.ts";

/** Loaded once it comes into view; a click opens it whole, in a tab of its own. */
export function MediaPicture({ source, name, failed }: { source: string; name: string; failed: () => void }) {
  const say = useWords(MEDIA_WORDS);
  const box = useRef<HTMLAnchorElement>(null);
  const end = useRef<() => void>(undefined);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new IntersectionObserver(([seen]) => {
      if (seen?.isIntersecting !== true) return;
      observer.disconnect();
      end.current = awaitTurn(() => setWanted(true));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      end.current?.();
    };
  }, []);
  return (
    <a
      ref={box}
      className="media-view"
      href={source}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={say("open", { name })}
    >
      {wanted && (
        <img
          src={source}
          alt=""
          draggable={false}
          onLoad={() => end.current?.()}
          onError={() => {
            end.current?.();
            failed();
          }}
        />
      )}
    </a>
  );
}
