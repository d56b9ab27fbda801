import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export type LiveMetrics = ReturnType<typeof createLiveMetrics>;

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** `clients` tells how many there are at the moment. */
export function createLiveMetrics(registry: Registry, clients: () => number) {
  const registers = [registry];
  new Gauge({
    name: "fio_stream_clients",
    help: "Clients of the live stream that are connected.",
    registers,
    collect() {
      this.set(clients());
    },
  });
  const lag = new Histogram({
    name: "fio_stream_lag_seconds",
    help: "From the announcement of a change, by Redis' clock, until it was sent to clients.",
    labelNames: ["frame"],
    buckets: SECONDS,
    registers,
  });
  const acceptedToSent = new Histogram({
    name: "fio_stream_accepted_to_sent_seconds",
    help: "From the receipt of a message until it was sent to those who follow its conversation.",
    buckets: SECONDS,
    registers,
  });
  return {
    /** All in milliseconds. */
    rowSent: (ms: number) => lag.observe({ frame: "conversation" }, Math.max(0, ms) / 1000),
    messageSent: (ms: number) => lag.observe({ frame: "message" }, Math.max(0, ms) / 1000),
    acceptedToSent: (ms: number) => acceptedToSent.observe(Math.max(0, ms) / 1000),
    feedUp: new Gauge({
      name: "fio_stream_feed_up",
      help: "1 while the stream of changes is read from Redis, else 0.",
      registers,
    }),
    cutOffs: new Counter({
      name: "fio_stream_cut_offs_total",
      help: "Clients that were cut off since they read too slowly.",
      registers,
    }),
    resumed: new Counter({
      name: "fio_stream_resumed_total",
      help: "Clients that were sent what they had missed, by where it was read.",
      labelNames: ["from"],
      registers,
    }),
    resets: new Counter({
      name: "fio_stream_resets_total",
      help: "Clients that were told to load snapshots, since what they missed was gone.",
      registers,
    }),
    skips: new Counter({
      name: "fio_stream_skips_total",
      help: "Times a client was told to read its lists again, since more rows changed than are told one by one.",
      registers,
    }),
  };
}
