import { lazy, Suspense, useEffect, useState } from "react";
import { useLayers } from "./layers-context.tsx";
import { onFirstToast } from "./toast.ts";

const Palette = lazy(() => import("./palette.tsx"));
const Shortcuts = lazy(() => import("./shortcuts.tsx"));
const Toasts = lazy(() => import("./toaster.tsx"));

/** What opens over any page; each is loaded when it is first needed. */
export function Layers() {
  const { current, close } = useLayers();
  const [toasts, setToasts] = useState(false);
  useEffect(() => onFirstToast(() => setToasts(true)), []);
  return (
    <>
      {current !== null && (
        <Suspense fallback={null}>
          {current === "palette" && <Palette close={close} />}
          {current === "shortcuts" && <Shortcuts close={close} />}
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
