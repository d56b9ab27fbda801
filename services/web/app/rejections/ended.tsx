import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "../i18n/context.tsx";
import { DoneIcon } from "../ui/icons.tsx";

export function Applied({ focus }: { focus: boolean }) {
  const { t } = useTranslation();
  return (
    <Ended
      focus={focus}
      className="done"
      icon={<DoneIcon className="tick applied" />}
      text={t("event.applied")}
    />
  );
}

/** Replaces a button: takes its focus, which would otherwise be lost. */
export function Ended({
  focus,
  className,
  icon,
  text,
}: {
  focus: boolean;
  className: string;
  icon?: ReactNode;
  text: string;
}) {
  const self = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (focus && document.activeElement === document.body) self.current?.focus({ preventScroll: true });
    // Only what stood here before.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <span className={className} ref={self} tabIndex={-1}>
      {icon}
      {text}
    </span>
  );
}
