import { expect, test } from "vitest";
import "../i18n/all.ts";
import { wordsIn, type Language } from "../i18n/i18n.ts";
import { createTimes, instantOf } from "./times.ts";

const times = (language: Language, zone = "America/Sao_Paulo") =>
  createTimes({ language, zone, t: wordsIn(language) });
const now = Date.parse("2026-05-14T12:26:41.902Z");

test("the list says how long ago, then the hour, the day before, the date", () => {
  const pt = times("pt-BR");
  expect(pt.short(now - 5_000, now)).toBe("agora");
  expect(pt.short(now - 125_000, now)).toBe("2 min");
  expect(pt.short(Date.parse("2026-05-14T11:20:00Z"), now)).toBe("08:20");
  expect(pt.short(Date.parse("2026-05-13T20:41:00Z"), now)).toBe("ontem");
  expect(pt.short(Date.parse("2026-05-12T20:41:00Z"), now)).toBe("12 mai");
  expect(pt.short(Date.parse("2025-05-12T20:41:00Z"), now)).toBe("12 mai 2025");
  const en = times("en");
  expect(en.short(now - 5_000, now)).toBe("now");
  expect(en.short(Date.parse("2026-05-12T20:41:00Z"), now)).toBe("May 12");
});

test("days are the reader's, not those of UTC", () => {
  const lateEvening = Date.parse("2026-05-14T02:30:00Z");
  expect(times("pt-BR").dayTitle(lateEvening, now)).toBe("Ontem, 13 de maio");
  expect(times("pt-BR", "Asia/Tokyo").dayTitle(lateEvening, now)).toBe("Hoje, 14 de maio");
});

test("titles, facts and the timeline are those of the visual reference", () => {
  const pt = times("pt-BR");
  const started = Date.parse("2026-05-13T20:41:12.345Z");
  expect(pt.long(started, now)).toBe("quarta, 13 de maio, 17:41");
  expect(pt.long(started - 365 * 86_400_000, now)).toBe("terça, 13 de maio de 2025, 17:41");
  expect(pt.date(started)).toBe("13 de maio de 2026");
  expect(pt.full(started)).toBe("13 mai 2026, 17:41");
  expect(pt.relative(started, now)).toBe("ontem, 17:41");
  expect(pt.clockMilliseconds(now)).toBe("09:26:41.902");
  expect(pt.duration(6 * 60_000)).toBe("6 min");
  const en = times("en");
  expect(en.long(started, now)).toBe("Wednesday, May 13, 17:41");
  expect(en.date(started)).toBe("May 13, 2026");
  expect(en.full(started)).toBe("May 13, 2026, 17:41");
});

test("timestamps give their millisecond", () => {
  expect(instantOf("2026-05-14T12:26:41.902999Z")).toBe(now);
});
