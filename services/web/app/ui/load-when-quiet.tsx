import { useEffect, useState, type ComponentType } from "react";
import { isAlive } from "../device/first-paint.ts";

/** A first page can be used by then. */
const QUIET_MS = 3_000;

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * A part that the server draws whole, and whose code a browser loads once the rest of its first page can be used; until
 * then what the server drew stands there as it is, and its links and forms work. On later pages it is loaded at once.
 *
 * Not `lazy`: React gives up what the server drew when anything changes before the code has come, and a live page changes.
 *
 * `onServer`: the part itself where `import.meta.env.SSR` holds, else null, so that no browser loads it with the page.
 */
export function loadWhenQuiet<Props extends object>(
  onServer: ComponentType<Props> | null,
  load: Load<Props>,
): ComponentType<Props> {
  let loaded = onServer;
  return function WhenQuiet(props: Props) {
    const [, redraw] = useState(loaded !== null);
    const [early] = useState(() => !isAlive());
    const Part = loaded;
    useEffect(() => {
      if (loaded !== null) return;
      let wanted = true;
      const take = (): void =>
        void load().then(
          (part) => {
            loaded = part.default;
            if (wanted) redraw(true);
          },
          // Offline: the next page tries again.
          () => undefined,
        );
      const timer = setTimeout(take, early ? QUIET_MS : 0);
      return () => {
        wanted = false;
        clearTimeout(timer);
      };
    }, [early]);
    if (Part === null) {
      return <div className="contents" suppressHydrationWarning dangerouslySetInnerHTML={NOTHING_NEW} />;
    }
    return (
      <div className="contents" key="loaded">
        <Part {...props} />
      </div>
    );
  };
}

/** While hydrating, React leaves what the server drew in such an element alone. */
const NOTHING_NEW = { __html: "" };
