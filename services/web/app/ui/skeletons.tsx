import { useTranslation } from "../i18n/context.tsx";

const WIDTHS = [34, 46, 28, 40, 52, 30, 44, 36, 48, 32];

export const RowSkeletons = () => (
  <ul className="rows">
    {WIDTHS.map((width) => (
      <li key={width} className="row sk-row" aria-hidden="true">
        <span className="sk av" />
        <span className="sk" style={{ width: `${width}%` }} />
        <span className="sk" style={{ width: `${width + 30}%` }} />
      </li>
    ))}
  </ul>
);

const MESSAGES = [
  ["in", 46, 62],
  ["in", 28, 36],
  ["out", 52, 62],
  ["in", 38, 36],
  ["out", 34, 36],
  ["out", 56, 106],
  ["in", 30, 36],
] as const;

/** A placeholder for a conversation that is loading. */
export function ConversationSkeleton() {
  const { t } = useTranslation();
  return (
    <>
      <main className="pane" id="content">
        <div className="convo" aria-busy="true">
          <header className="pane-head convo-head" aria-hidden="true">
            <span className="sk av" />
            <div className="who">
              <span className="sk" style={{ width: 150 }} />
              <span className="sk" style={{ width: 230 }} />
            </div>
          </header>
          <div className="scroll">
            <p className="sr" role="status">
              {t("loading.conversation")}
            </p>
            <ol className="msgs sk-msgs" aria-hidden="true">
              {MESSAGES.map(([side, width, height]) => (
                <li key={`${width}`} className={`sk ${side}`} style={{ width: `${width}%`, height }} />
              ))}
            </ol>
          </div>
          <div className="dock">
            <div className="composer sk-composer" aria-hidden="true">
              <span className="sk" style={{ width: "34%" }} />
            </div>
          </div>
        </div>
      </main>
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
    </>
  );
}
