import type { Language, T } from "../i18n/i18n.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KNOWN_INSTANTS = 2_000;

/**
 * Writes instants in the reader's language and zone. Text is built from parts, so that the server and every
 * browser write the same text, though their locale data differ in dots and spaces.
 */
export type Times = ReturnType<typeof createTimes>;

/** Milliseconds since 1970 of what the API prints; a receipt counts microseconds. */
export const instantOf = (timestamp: string): number => Date.parse(`${timestamp.slice(0, 23)}Z`);

type Fields = {
  year: number;
  month: string;
  monthLong: string;
  day: number;
  weekday: string;
  clock: string;
  ms: string;
};

export function createTimes({ language, zone, t }: { language: Language; zone: string; t: T }) {
  const format = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "short",
    day: "numeric",
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  const months = new Intl.DateTimeFormat(language, { timeZone: zone, month: "long", day: "numeric" });

  const known = new Map<number, Fields>();
  /** Intl takes as long for one instant as React for a bubble, and a thread asks for each several times. */
  const fields = (instant: number): Fields => {
    const before = known.get(instant);
    if (before !== undefined) return before;
    if (known.size >= KNOWN_INSTANTS) known.clear();
    const worked = workedOut(instant);
    known.set(instant, worked);
    return worked;
  };
  const workedOut = (instant: number): Fields => {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const monthLong = months.formatToParts(instant).find(({ type }) => type === "month")?.value ?? "";
    return {
      year: Number(part["year"]),
      month: (part["month"] ?? "").replace(/\.$/, ""),
      monthLong,
      day: Number(part["day"]),
      weekday: (part["weekday"] ?? "").replace(/-feira$/, ""),
      clock: `${part["hour"]}:${part["minute"]}:${part["second"]}`,
      ms: (part["fractionalSecond"] ?? "").padStart(3, "0"),
    };
  };
  const dayOf = ({ year, month, day }: Fields): string => `${year} ${month} ${day}`;
  const pt = language === "pt-BR";

  const shortDate = (at: Fields, now: Fields): string => {
    const date = pt ? `${at.day} ${at.month}` : `${at.month} ${at.day}`;
    if (at.year === now.year) return date;
    return pt ? `${date} ${at.year}` : `${date}, ${at.year}`;
  };
  const longDate = (at: Fields): string =>
    pt ? `${at.day} de ${at.monthLong}` : `${at.monthLong} ${at.day}`;
  const otherYear = (at: Fields, now: number | null): string =>
    now !== null && at.year === fields(now).year ? "" : pt ? ` de ${at.year}` : `, ${at.year}`;
  /** `hoje`, `ontem` or the date. */
  const near = (instant: number, now: number): "today" | "yesterday" | null => {
    const day = dayOf(fields(instant));
    if (day === dayOf(fields(now))) return "today";
    // Noon of the day before is always the day before, also across summer time.
    return day === dayOf(fields(now - DAY)) ? "yesterday" : null;
  };

  const clock = (instant: number): string => fields(instant).clock.slice(0, 5);
  const clockSeconds = (instant: number): string => fields(instant).clock;

  const duration = (milliseconds: number): string => {
    if (milliseconds < MINUTE)
      return t("duration.seconds", { count: Math.max(1, Math.round(milliseconds / 1000)) });
    if (milliseconds < HOUR) return t("duration.minutes", { count: Math.round(milliseconds / MINUTE) });
    if (milliseconds < DAY) return t("duration.hours", { count: Math.round(milliseconds / HOUR) });
    return t("duration.days", { count: Math.round(milliseconds / DAY) });
  };

  return {
    /** `09:26`. */
    clock,
    /** `09:26:41`. */
    clockSeconds,
    /** `09:26:41.902`. */
    clockMilliseconds: (instant: number): string => {
      const at = fields(instant);
      return `${at.clock}.${at.ms}`;
    },
    /** Two instants on one day of the reader's. */
    sameDay: (a: number, b: number): boolean => dayOf(fields(a)) === dayOf(fields(b)),
    /** In the list: `agora`, `2 min`, `08:31`, `ontem`, `12 mai`. */
    short: (instant: number, now: number): string => {
      if (now - instant < MINUTE) return now - instant < -MINUTE ? clock(instant) : t("ago.now");
      if (now - instant < HOUR) return t("ago.minutes", { count: Math.floor((now - instant) / MINUTE) });
      const which = near(instant, now);
      if (which === "today") return clock(instant);
      return which === "yesterday" ? t("day.yesterday") : shortDate(fields(instant), fields(now));
    },
    /** How long somebody waits: `agora`, `há 12 min`, `há 3 h`, `há 2 dias`. */
    waited: (since: number, now: number): string => {
      const waited = now - since;
      if (waited < MINUTE) return t("ago.now");
      const unit = waited < HOUR ? MINUTE : waited < DAY ? HOUR : DAY;
      return t("ago.waiting", { duration: duration(waited - (waited % unit)) });
    },
    /** In tables: `há 3 min`, `09:23`, `ontem`, `12 mai`. */
    ago: (instant: number, now: number): string => {
      if (now - instant < MINUTE) return t("ago.now");
      if (now - instant < HOUR) return t("ago.minutes.long", { count: Math.floor((now - instant) / MINUTE) });
      const which = near(instant, now);
      if (which !== null) return t(`day.${which}`);
      return shortDate(fields(instant), fields(now));
    },
    /** Above the messages of a day: `Hoje, 14 de maio`, `quarta, 12 de maio`; with no `now` always the whole date. */
    dayTitle: (instant: number, now: number | null): string => {
      const at = fields(instant);
      const which = now === null ? null : near(instant, now);
      const name =
        which === "today" ? t("day.Today") : which === "yesterday" ? t("day.Yesterday") : at.weekday;
      return `${name}, ${longDate(at)}${otherYear(at, now)}`;
    },
    /** `quarta, 13 de maio, 17:41`; of another year `terça, 13 de maio de 2025, 17:41`, as with no `now`. */
    long: (instant: number, now: number | null): string => {
      const at = fields(instant);
      return `${at.weekday}, ${longDate(at)}${otherYear(at, now)}, ${at.clock.slice(0, 5)}`;
    },
    /** `ontem, 17:41`, `12 mai, 17:41`. */
    relative: (instant: number, now: number): string => {
      const which = near(instant, now);
      const day = which === null ? shortDate(fields(instant), fields(now)) : t(`day.${which}`);
      return `${day}, ${clock(instant)}`;
    },
    /** `13 de maio de 2026`. */
    date: (instant: number): string => {
      const at = fields(instant);
      return `${longDate(at)}${pt ? " de" : ","} ${at.year}`;
    },
    /** `13 mai 2026, 17:41`. */
    full: (instant: number): string => {
      const at = fields(instant);
      const date = pt ? `${at.day} ${at.month} ${at.year}` : `${at.month} ${at.day}, ${at.year}`;
      return `${date}, ${at.clock.slice(0, 5)}`;
    },
    /** `6 min`, `2 h`, `3 dias`. */
    duration,
  };
}
