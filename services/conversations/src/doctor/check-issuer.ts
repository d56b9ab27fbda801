import { fault, ok, type Finding } from "./finding.ts";
import type { IssuerReading } from "./picture.ts";

export function checkIssuer(issuer: IssuerReading): Finding[] {
  switch (issuer.kind) {
    case "none":
      return [];
    case "silent":
      return [
        fault(
          "issuer",
          `does not answer at ${issuer.address} (${issuer.error}): who has no password cannot sign in`,
          "See whether it is up and reached from here. In compose the api needs a way out: docker/oidc.yml (docs/operations.md).",
        ),
      ];
    case "answers":
      return issuer.says === issuer.address
        ? [ok("issuer", `answers at ${issuer.address}`)]
        : [
            fault(
              "issuer",
              `calls itself ${issuer.says}, and OIDC_ISSUER is ${issuer.address}: nobody can sign in by it`,
              "Set OIDC_ISSUER to what it calls itself, letter by letter.",
            ),
          ];
    default:
      return issuer satisfies never;
  }
}
