import { useTranslation } from "../i18n/context.tsx";
import { OnTheirWay } from "./message/on-their-way.tsx";

const MESSAGES = [
  ["in", 46, 62],
  ["in", 28, 36],
  ["out", 52, 62],
  ["in", 38, 36],
  ["out", 34, 36],
  ["out", 56, 106],
  ["in", 30, 36],
] as const;

/** In place of messages that are loading; what was sent meanwhile is below it. */
export function ThreadSkeleton({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <div className="scroll" aria-busy="true">
      <p className="sr" role="status">
        {t("loading.conversation")}
      </p>
      <ol className="msgs sk-msgs" aria-hidden="true">
        {MESSAGES.map(([side, width, height]) => (
          <li key={`${width}`} className={`sk ${side}`} style={{ width: `${width}%`, height }} />
        ))}
      </ol>
      <OnTheirWay id={id} />
    </div>
  );
}

/** In place of details that are loading. */
export const DetailsSkeleton = () => (
  <aside className="details" aria-hidden="true">
    <header className="pane-head">
      <span className="sk" style={{ width: 84 }} />
    </header>
    <div className="details-body sk-details">
      {[88, 60, 72, 48].map((width) => (
        <span key={width} className="sk" style={{ width: `${width}%` }} />
      ))}
    </div>
  </aside>
);
