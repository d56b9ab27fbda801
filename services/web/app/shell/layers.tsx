import { lazy, Suspense, useEffect, useState } from "react";
import { useLayers } from "./layers-context.tsx";
import { PaletteEarly } from "./palette-early.tsx";
import { KeysHeld } from "../keys/keys-held.tsx";
import { onFirstToast } from "../ui/toast.ts";

const Palette = lazy(() => import("./palette.tsx"));
const Shortcuts = lazy(() => import("./shortcuts.tsx"));
const Toasts = lazy(() => import("../ui/toaster.tsx"));

/** What opens over any page; each is loaded when it is first needed. */
export function Layers() {
  const { current, close } = useLayers();
  const [toasts, setToasts] = useState(false);
  const [query, setQuery] = useState("");
  useEffect(() => onFirstToast(() => setToasts(true)), []);
  useEffect(() => {
    if (current === null) setQuery("");
  }, [current]);
  return (
    <>
      {current === "palette" && (
        <Suspense fallback={<PaletteEarly {...{ query, setQuery, close }} />}>
          <Palette {...{ query, setQuery, close }} />
        </Suspense>
      )}
      {current === "shortcuts" && (
        <Suspense fallback={<KeysHeld close={close} />}>
          <Shortcuts close={close} />
        </Suspense>
      )}
      {toasts && (
        <Suspense fallback={null}>
          <Toasts />
        </Suspense>
      )}
    </>
  );
}
