import { RIVALS } from "../rivals/index.ts";
import type { Cell, Shape, Subject } from "./cells.ts";

const STORES = { postgres: "Postgres", sqlite: "SQLite" };

export function subjectName(subject: Subject): string {
  const store = subject.store === null ? "" : `, ${STORES[subject.store]}`;
  if (subject.kind === "rival") return `${RIVALS[subject.name].title}${store}`;
  const workers = subject.workers === 1 ? "1 worker" : `${subject.workers} workers`;
  return `Fio, ${workers}${store}${subject.big === true ? ", filled" : ""}`;
}

export const promiseOf = (subject: Subject): string =>
  subject.kind === "rival" ? RIVALS[subject.name].promise : "on Redis' disk";

export function shapeName({ connections, events, traffic, rate }: Shape): string {
  const size = events === 1 ? "single events" : `arrays of ${events.toLocaleString("en")}`;
  const what = { messages: "", mixed: ", mixed", hot: ", one conversation" }[traffic];
  const pace =
    rate === undefined ? "" : rate === "half" ? ", half the most" : `, ${rate.toLocaleString("en")}/s`;
  return `${size}${what}, ${connections} ${connections === 1 ? "connection" : "connections"}${pace}`;
}

export const cellName = ({ group, subject, shape }: Cell): string =>
  `${group}: ${subjectName(subject)}; ${shapeName(shape)}${shape.held === true ? "; workers stopped" : ""}`;
