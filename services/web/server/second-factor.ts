import type { Problem, ProblemCode } from "@fio/contracts";

/** Why a change of the second factor was not made. `state`: it is on or off already. */
export type FactorFault = "refused" | "code" | "limited" | "state" | "invalid";

const FAULTS: Partial<Record<ProblemCode, FactorFault>> = {
  PASSWORD_WRONG: "refused",
  CODE_WRONG: "code",
  TOO_MANY_ATTEMPTS: "limited",
  TOO_MANY_SIGN_INS: "limited",
  SECOND_FACTOR_ON: "state",
  SECOND_FACTOR_OFF: "state",
  SESSION_ENDED: "state",
};

export const factorFaultOf = (content: unknown): FactorFault =>
  FAULTS[(content as Partial<Problem> | null)?.code ?? "INVALID_PARAMETER"] ?? "invalid";
