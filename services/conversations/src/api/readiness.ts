import type { Readiness } from "@fio/service/operations";
import { createProbe } from "@fio/service/probe";
import { pingStore } from "../store/ping.ts";
import type { Reads } from "./reads.ts";

/**
 * The api can do its work as long as the store answers, itself or its replica. That the live stream stands still while
 * Redis is away is told by `fio_stream_feed_up` and to each client: taking every api out of service for it would take the
 * reading away too.
 */
export const createApiReadiness = (reads: Reads): Readiness =>
  createProbe({ work: () => reads(pingStore), fault: "the store cannot be read" });
