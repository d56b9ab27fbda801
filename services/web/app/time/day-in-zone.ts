/**
 * A day of the reader's, `2025-02-21`, as the read API takes it: with the offset of the zone at its beginning. `null` for
 * what is no day.
 */
export function dayInZone(day: string, zone: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const utc = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(utc)) return null;
  // The first guess is off by the offset itself, across which the zone may have changed its clocks.
  const minutes = offsetMinutes(utc - offsetMinutes(utc, zone) * 60_000, zone);
  const two = (value: number): string => String(value).padStart(2, "0");
  const far = Math.abs(minutes);
  return `${day}${minutes < 0 ? "-" : "+"}${two(Math.floor(far / 60))}:${two(far % 60)}`;
}

/** How far a zone's clocks are ahead of UTC at an instant. */
function offsetMinutes(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(
    instant,
  );
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes = "0"] = /GMT([+-])(\d{2}):?(\d{2})?/.exec(name) ?? [];
  if (hours === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
