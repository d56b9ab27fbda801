import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from "prom-client";

export type Metrics = Array<MetricObjectWithValues<MetricValue<string>>>;

export type SummedMetrics = {
  /** What a process told last; kept for the time when it no longer tells. */
  told: (process: number, metrics: Metrics) => void;
  /** The process has ended: what it counted stays in the sums, or they would fall and look as if all began anew. */
  ended: (process: number) => void;
  /** In Prometheus' text format; `more` are metrics that the sums do not hold. */
  text: (more: Metrics) => Promise<string>;
};

/** The metrics of all processes of one ingest, as those of one. */
export function sumMetrics(): SummedMetrics {
  const living = new Map<number, Metrics>();
  let counted: Promise<Metrics> = Promise.resolve([]);
  return {
    told: (process, metrics) => void living.set(process, metrics),
    ended: (process) => {
      const last = living.get(process) ?? [];
      living.delete(process);
      // Gauges tell of now.
      counted = counted.then((before) => sumOf([before, last.filter(isCount)]).getMetricsAsJSON());
    },
    text: async (more) => {
      const before = await counted;
      return sumOf([...living.values(), before, more]).metrics();
    },
  };
}

const sumOf = (all: Metrics[]): Registry => AggregatorRegistry.aggregate(all);

/** Told between processes a type is its word. */
const isCount = ({ type }: Metrics[number]): boolean => ["counter", "histogram"].includes(String(type));
