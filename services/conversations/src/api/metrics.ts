import type { RequestHandler } from "express";
import { Histogram, type Registry } from "prom-client";
import type { Log } from "@fio/service/log";

/**
 * Times and logs every answer by its route (never by its path or query, which hold ids and words of customers). The
 * live stream has metrics of its own.
 */
export function watchRequests({ registry, log }: { registry: Registry; log: Log }) {
  const seconds = new Histogram({
    name: "fio_api_request_seconds",
    help: "From a request of the read API until its answer was handed to the network.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers: [registry],
  });
  return (route: string): RequestHandler =>
    ({ method }, response, next) => {
      const end = seconds.startTimer({ method, route });
      response.once("finish", () => {
        const { statusCode: status } = response;
        log.debug({ method, route, status, seconds: end({ status }) }, "answered");
      });
      next();
    };
}
