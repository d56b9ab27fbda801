import { useLayoutEffect, useRef, type ComponentType, type ReactNode } from "react";
import { NotLoaded } from "../ui/not-loaded.tsx";
import { onDemand } from "../ui/on-demand.tsx";
import { focusInDialog, giveFocusBack } from "./focus-before.ts";
import { callOffKeys, holdKeys } from "./held-keys.ts";
import { KeysHeld } from "./keys-held.tsx";

export type OpenedByKey<Props> = Props & {
  close: () => void;
  /** What stands there until it is loaded. */
  early?: ReactNode;
  /** It takes keys; once the focus is in a dialog it always does. */
  isReady?: () => boolean;
};

/**
 * What is opened by key, and loaded when it is first opened: it is given the keys that are pressed meanwhile. Where it
 * cannot be loaded a question takes its place and the keys that come: what was pressed for it is done nowhere else.
 *
 * `letters`: `field`, where a field that is there already takes what is typed, up to the first key that chooses or moves.
 */
export function openedByKey<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  { letters = "held", ahead = true }: { letters?: "field" | "held"; ahead?: boolean } = {},
): ComponentType<OpenedByKey<Props>> {
  const Part = onDemand<Props>(load, { ahead });
  return function Opened({ early, isReady, ...props }) {
    const { close } = props;
    /** Closed before it was there: then keys are for what has the focus. */
    const closed = useRef(false);
    useLayoutEffect(() => {
      closed.current = false;
      return () => {
        closed.current = true;
        if (focusInDialog()) holdUntilFocusIsBack();
      };
    }, []);
    return (
      <Part
        {...(props as unknown as Props)}
        meanwhile={
          <>
            <KeysHeld
              letters={letters}
              isReady={() => closed.current || focusInDialog() || isReady?.() === true}
              close={close}
            />
            {early}
          </>
        }
        failed={(again) => <NotOpened again={again} close={close} />}
      />
    );
  };
}

/** The focus goes back a moment after a dialog has gone: a letter in between is text, and is not lost. */
function holdUntilFocusIsBack(): void {
  const end = holdKeys({ letters: "held", isReady: () => true, callOff: () => {} });
  // After the dialog's own attempt, which the dialog before it may have misled.
  setTimeout(() => {
    setTimeout(() => {
      giveFocusBack();
      end();
    }, 0);
  }, 0);
}

function NotOpened(props: { again: () => void; close: () => void }) {
  useLayoutEffect(callOffKeys, []);
  return <NotLoaded {...props} />;
}
