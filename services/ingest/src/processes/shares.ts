import { BODY_LIMITS, type BodyLimits } from "@fio/service/body-budget";
import { ADMISSION_LIMITS, type AdmissionLimits } from "../admission.ts";

/** What each of `processes` may hold, so that together they hold what one would: by address too. */
export function shares(processes: number): { bodies: BodyLimits; admission: AdmissionLimits } {
  const share = (whole: number): number => Math.floor(whole / processes);
  return {
    bodies: {
      ...BODY_LIMITS,
      bytes: share(BODY_LIMITS.bytes),
      bodies: share(BODY_LIMITS.bodies),
      clientBytes: share(BODY_LIMITS.clientBytes),
      clientBodies: share(BODY_LIMITS.clientBodies),
      smallReserve: share(BODY_LIMITS.smallReserve),
    },
    admission: {
      maxRequests: share(ADMISSION_LIMITS.maxRequests),
      maxBytes: share(ADMISSION_LIMITS.maxBytes),
    },
  };
}

/** How many processes leave each of them room for two of the largest bodies. */
export const mostProcesses = (maxBytes: number): number =>
  Math.max(1, Math.floor(Math.min(ADMISSION_LIMITS.maxBytes, BODY_LIMITS.clientBytes) / (2 * maxBytes)));
