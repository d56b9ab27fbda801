import { useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "../i18n/context.tsx";

/** Stands in for a part whose code did not come. It needs no code itself, and takes the keys that were meant for the part. */
export function NotLoaded({ again, close }: { again: () => void; close: () => void }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLButtonElement[] => [...(box.current?.getElementsByTagName("button") ?? [])];
  useLayoutEffect(() => {
    const before = document.activeElement;
    buttons().at(-1)?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const press = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key !== "Tab") return;
    event.preventDefault();
    buttons()
      .find((button) => button !== document.activeElement)
      ?.focus();
  };
  return createPortal(
    <div
      className="layer at-end"
      onClick={({ target, currentTarget }) => target === currentTarget && close()}
    >
      <div
        ref={box}
        className="dialog alert"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby="not-loaded"
        onKeyDown={press}
      >
        <p id="not-loaded">{t("part.failed")}</p>
        <div className="acts end">
          <button type="button" className="btn" onClick={close}>
            {t("shortcuts.close")}
          </button>
          <button type="button" className="btn solid" onClick={again}>
            {t("error.retry")}
          </button>
        </div>
      </div>
    </div>,
    document.body,
  );
}
