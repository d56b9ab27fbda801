import type { RequestHandler } from "express";
import { Histogram, type Registry } from "prom-client";

/** Times every answer by its route (never by its path, which holds ids). The live stream has metrics of its own. */
export function timeRequests(registry: Registry): (route: string) => RequestHandler {
  const seconds = new Histogram({
    name: "fio_api_request_seconds",
    help: "From a request of the read API until its answer was handed to the network.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers: [registry],
  });
  return (route) => (request, response, next) => {
    const end = seconds.startTimer({ method: request.method, route });
    response.once("finish", () => end({ status: response.statusCode }));
    next();
  };
}
