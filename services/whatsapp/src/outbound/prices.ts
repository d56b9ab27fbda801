import type { Redis } from "ioredis";
import { z } from "zod";
import { OUT } from "../keys.ts";

/** What Meta says that a message costs: a kind of price, and where a provider tells it, the amount. */
export type Price = {
  wamid: string;
  /** `YYYY-MM`, in UTC. */
  month: string;
  /** `service`, `utility`, `marketing`, … */
  category: string;
  /** `regular`, or why it costs nothing: `free_customer_service`, `free_entry_point`. */
  type: string;
  billable: boolean;
  amount: { value: number; currency: string } | null;
};

/** What the messages of one kind came to. */
export type PriceSum = {
  number: string;
  category: string;
  type: string;
  billable: boolean;
  messages: number;
  /** `null` where no amount was told. */
  amount: { value: number; currency: string } | null;
};

/** Meta counts what was delivered; the price stands in one of these two, or in both. */
const status = z.object({
  id: z.string().min(1),
  status: z.enum(["delivered", "read"]),
  timestamp: z.coerce.number().positive(),
  pricing: z.object({
    billable: z.boolean().optional(),
    category: z.string().max(100),
    type: z.string().max(100).optional(),
    price: z.coerce.number().nonnegative().optional(),
    currency: z.string().max(10).optional(),
  }),
});

/** `null` where a status tells none. */
export function priceIn(raw: unknown): Price | null {
  const { data } = status.safeParse(raw);
  if (data === undefined) return null;
  const { billable, category, type, price, currency } = data.pricing;
  const seconds = data.timestamp > 1e11 ? data.timestamp / 1_000 : data.timestamp;
  const at = new Date(seconds * 1_000);
  if (Number.isNaN(at.getTime())) return null;
  return {
    wamid: data.id,
    month: at.toISOString().slice(0, 7),
    category,
    type: type ?? "",
    // Meta means to leave it out: then only the regular type costs.
    billable: billable ?? (type === undefined || type === "regular"),
    amount: price === undefined || currency === undefined ? null : { value: price, currency },
  };
}

/** How long a message's price is known to be counted: statuses come within a month. */
const COUNTED_SECONDS = 45 * 24 * 60 * 60;

/** Once for each message, in one step, so that a process that dies counts it neither twice nor never. */
const COUNT = `
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) == false then return 0 end
redis.call('HINCRBY', KEYS[2], ARGV[2], '1')
if ARGV[3] ~= '' then redis.call('HINCRBYFLOAT', KEYS[2], ARGV[3], ARGV[4]) end
return 1
`;

const sumsKey = (month: string): string => `${OUT}:prices:${month}`;

/** Sums of prices by month, number and kind, in Redis. Everything throws what Redis throws. */
export function createPrices(redis: Redis) {
  return {
    count: async (
      number: string,
      { wamid, month, category, type, billable, amount }: Price,
    ): Promise<void> => {
      const kind = [number, category, type, billable];
      const counted = JSON.stringify(kind);
      const paid = amount === null ? "" : JSON.stringify([...kind, amount.currency]);
      const args = [String(COUNTED_SECONDS), counted, paid, String(amount?.value ?? 0)];
      await redis.eval(COUNT, 2, `${OUT}:priced:${wamid}`, sumsKey(month), ...args);
    },
    /** Of one month, by number. */
    sums: async (month: string): Promise<PriceSum[]> => {
      const fields = await redis.hgetall(sumsKey(month));
      const sums: PriceSum[] = [];
      for (const name of Object.keys(fields).sort()) {
        const kind = JSON.parse(name) as [string, string, string, boolean, string?];
        const [number, category, type, billable, currency] = kind;
        if (currency !== undefined) continue;
        const paid = Object.entries(fields).find(([other]) => other.startsWith(`${name.slice(0, -1)},`));
        sums.push({
          ...{ number, category, type, billable },
          messages: Number(fields[name]),
          amount:
            paid === undefined
              ? null
              : { value: Number(paid[1]), currency: (JSON.parse(paid[0]) as string[])[4] ?? "" },
        });
      }
      return sums;
    },
  };
}
