import { Link } from "@remix-run/react";
import { useWords } from "../i18n/later.ts";
import { isFiltered, searchPath, type Asked } from "./query.ts";
import { SEARCH_WORDS } from "./search-words.ts";

/** What the words are looked for in; part of the form, so that they stand in the address. A change searches at once. */
export function Filters({ asked }: { asked: Asked }) {
  const say = useWords(SEARCH_WORDS);
  const search = ({ currentTarget }: { currentTarget: { form: HTMLFormElement | null } }): void => {
    if (asked.q !== "") currentTarget.form?.requestSubmit();
  };
  const date = (name: "from" | "to") => (
    <label>
      {say(name)}
      <input
        key={asked[name]}
        type="date"
        name={name}
        defaultValue={asked[name]}
        max={name === "from" && asked.to !== "" ? asked.to : undefined}
        min={name === "to" && asked.from !== "" ? asked.from : undefined}
        // A date is typed in parts, each of which is a change.
        onBlur={(event) => event.currentTarget.value !== asked[name] && search(event)}
      />
    </label>
  );
  return (
    <fieldset className="search-filters">
      <legend className="sr">{say("filters")}</legend>
      {date("from")}
      {date("to")}
      <label>
        {say("direction")}
        <select key={asked.direction} name="direction" defaultValue={asked.direction} onChange={search}>
          <option value="">{say("anyDirection")}</option>
          <option value="RECEIVED">{say("RECEIVED")}</option>
          <option value="SENT">{say("SENT")}</option>
        </select>
      </label>
      <label>
        {say("state")}
        <select key={asked.state} name="state" defaultValue={asked.state} onChange={search}>
          <option value="">{say("anyState")}</option>
          <option value="OPEN">{say("OPEN")}</option>
          <option value="CLOSED">{say("CLOSED")}</option>
        </select>
      </label>
      {isFiltered(asked) && (
        <Link
          className="btn quiet sm"
          to={searchPath({ ...asked, from: "", to: "", state: "", direction: "" })}
        >
          {say("clear")}
        </Link>
      )}
    </fieldset>
  );
}
