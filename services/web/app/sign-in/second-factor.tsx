import type { SecondFactor as State } from "@fio/contracts";
import type { FactorFault } from "../../server/second-factor.ts";
import { useTranslation } from "../i18n/context.tsx";
import { PATHS } from "../names/paths.ts";
import { CodeField } from "./code-field.tsx";
import { secondFactorWords } from "./second-factor-words.ts";

/** What came of a form of this part; `away`: the server did not answer. */
export type FactorAnswer =
  | {
      kind: "begun";
      uri: string;
      secret: string;
      qr: { size: number; path: string };
      fault: FactorFault | "away" | null;
    }
  | { kind: "codes"; codes: string[] }
  | { kind: "fault"; of: "begin" | "end"; fault: FactorFault | "away" };

/** The answer stands where the form was, without scripts too. */
const HERE = `${PATHS.account}#second-factor`;

/** Of the account's own page. `email`: for password managers. */
export function SecondFactor({
  state,
  answer,
  email,
}: {
  state: State;
  answer: FactorAnswer | null;
  email: string;
}) {
  const words = secondFactorWords(useTranslation().language);
  return (
    <section className="entry-part" id="second-factor" aria-labelledby="second-factor-title">
      <h2 id="second-factor-title">{words.factor}</h2>
      {answer?.kind === "codes" ? (
        <Codes codes={answer.codes} />
      ) : answer?.kind === "begun" ? (
        <Begun begun={answer} />
      ) : (
        <Switch state={state} answer={answer} email={email} />
      )}
    </section>
  );
}

function Switch({
  state: { on, recovery_codes_left: left },
  answer,
  email,
}: {
  state: State;
  answer: Extract<FactorAnswer, { kind: "fault" }> | null;
  email: string;
}) {
  const words = secondFactorWords(useTranslation().language);
  return (
    <>
      <p>{on ? `${words.on} ${words.left.replace("#", String(left))}` : words.off}</p>
      <details open={answer !== null}>
        <summary className="btn">{on ? words.switchOff : words.switchOn}</summary>
        {answer !== null && <Fault fault={answer.fault} />}
        <form method="post" action={HERE}>
          <input type="hidden" name="username" autoComplete="username" value={email} />
          <label>
            {words.password}
            <input name="password" type="password" autoComplete="current-password" maxLength={256} required />
          </label>
          {on && <CodeField label={words.endCode} recovery />}
          <button className={on ? "btn danger" : "btn solid"} name="factor" value={on ? "end" : "begin"}>
            {on ? words.turnOff : words.next}
          </button>
        </form>
      </details>
    </>
  );
}

function Begun({ begun: { uri, secret, qr, fault } }: { begun: Extract<FactorAnswer, { kind: "begun" }> }) {
  const words = secondFactorWords(useTranslation().language);
  return (
    <>
      {fault !== null && <Fault fault={fault} />}
      <p>{words.scan}</p>
      <svg
        className="entry-qr"
        viewBox={`0 0 ${qr.size} ${qr.size}`}
        role="img"
        aria-label={words.image}
        shapeRendering="crispEdges"
      >
        <path d={qr.path} />
      </svg>
      <p>
        {words.typed} <code className="entry-code">{secret.replaceAll(/.{4}(?=.)/g, "$& ")}</code>
      </p>
      <form method="post" action={HERE}>
        <input type="hidden" name="uri" value={uri} />
        <CodeField label={words.code} />
        <button className="btn solid" name="factor" value="confirm">
          {words.turnOn}
        </button>
      </form>
    </>
  );
}

function Codes({ codes }: { codes: string[] }) {
  const words = secondFactorWords(useTranslation().language);
  return (
    <div className="entry-told">
      <p role="status">
        <strong>{words.isOn}</strong>
      </p>
      <p>{words.keep}</p>
      <ol className="entry-codes">
        {codes.map((code) => (
          <li key={code}>
            <code className="entry-code">{code}</code>
          </li>
        ))}
      </ol>
      <a className="btn" href={PATHS.account}>
        {words.kept}
      </a>
    </div>
  );
}

function Fault({ fault }: { fault: FactorFault | "away" }) {
  const words = secondFactorWords(useTranslation().language);
  return (
    <p className="entry-fault" role="alert">
      {words.faults[fault]}
    </p>
  );
}
