import { describe, expect, test } from "vitest";
import { z } from "zod";
import { faultsOf } from "./support/kubernetes.ts";
import { partOf, secretsOf, variablesOf, type PartName } from "./support/parts.ts";
import { podsOf, secretFilesOf, type Pod } from "./support/pods.ts";
import { helmSays } from "./support/render.ts";
import { environmentOf, renderSets, SETS } from "./support/rendered-sets.ts";
import { VALUE_SETS } from "./support/value-sets.ts";

/* What is to hold of the Helm chart whatever values are set, as a cluster would get it. */

const { helm, of } = await renderSets();

test.each([
  ["nothing, of one that is sound", {}, []],
  ["a field that is misspelt", { maxUnavailabel: 1 }, ["nobody knows /spec/maxUnavailabel"]],
  [
    "one that is misspelt further down",
    { selector: { matchLabel: {} } },
    ["nobody knows /spec/selector/matchLabel"],
  ],
  [
    "a value that there is not",
    { unhealthyPodEvictionPolicy: "Always" },
    [expect.stringContaining("Policy")],
  ],
  ["a value of another kind", { selector: "fio" }, [expect.stringContaining("selector")]],
])("the schema finds %s", (_, wrong, faults) => {
  const spec = { maxUnavailable: 1, selector: { matchLabels: { app: "fio" } }, ...wrong };
  const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "fio" }, spec };
  expect(faultsOf(budget)).toEqual(faults);
});

describe.skipIf(helm === null).each(SETS)("the Helm chart with %s", (set) => {
  test("helm finds nothing to say against it", async () => {
    const { code, output } = await helmSays(helm, VALUE_SETS[set], ["lint", "--strict"]);
    expect(code, output).toBe(0);
  });

  test("each object is as the schema of its kind has it, and has no field that nobody knows", () => {
    expect(of(set).length).toBeGreaterThan(5);
    for (const one of of(set)) expect(faultsOf(one), `${one.kind} ${one.metadata.name}`).toEqual([]);
  });

  test("no two objects of a kind have one name", () => {
    const names = of(set).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test("no pod is root, may more than it needs, writes to its disk, or talks to the cluster", () => {
    for (const { part, spec, containers } of podsOf(of(set))) {
      expect(spec, part).toMatchObject({
        automountServiceAccountToken: false,
        // Else a Service called ingest would set INGEST_PORT to an address.
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          fsGroup: 1000,
          seccompProfile: { type: "RuntimeDefault" },
        },
      });
      for (const open of ["hostNetwork", "hostPID", "hostIPC"]) expect(spec).not.toHaveProperty(open);
      for (const volume of spec.volumes) expect(volume).not.toHaveProperty("hostPath");
      for (const { securityContext, resources } of containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        for (const amount of [
          resources.requests["cpu"],
          resources.requests["memory"],
          resources.limits["memory"],
        ])
          expect(amount, part).toMatch(/^\d/);
      }
    }
  });

  test("whatever runs all the time is asked whether it has started, lives and is ready", () => {
    for (const { part, runs, spec } of podsOf(of(set))) {
      if (!runs) continue;
      const [container] = spec.containers;
      const { port } = partOf(part as PartName);
      expect(container?.ports, part).toEqual([
        { name: "http", containerPort: port },
        { name: "operations", containerPort: 9464 },
      ]);
      expect(container?.startupProbe?.httpGet.path).toBe("/healthz");
      // Not ready is no reason to start anew: a Redis that is away would restart everybody.
      expect(container?.livenessProbe?.httpGet.path).toBe("/healthz");
      expect(container?.readinessProbe?.httpGet.path).toBe("/readyz");
    }
  });

  test("whatever runs all the time may end what it has begun", () => {
    for (const { part, runs, spec } of podsOf(of(set))) {
      if (!runs) continue;
      const { stops = Infinity, called = true } = partOf(part as PartName);
      const drain = spec.containers[0]?.lifecycle?.preStop.exec.command[1] ?? 0;
      // Who is called is first left alone by its callers.
      expect(drain, part).toBe(called ? 5 : 0);
      expect(spec.terminationGracePeriodSeconds, part).toBeGreaterThan(drain + stops);
    }
  });

  test("each container knows what its part reads, and sees no secret but its own", () => {
    for (const pod of podsOf(of(set))) {
      for (const container of pod.containers) {
        const part = partOf(container.name as PartName);
        const files = secretFilesOf(pod, container);
        const known = variablesOf(container.name as PartName);
        for (const [name, value] of Object.entries(environmentOf(container))) {
          // Node's own.
          if (name !== "NODE_EXTRA_CA_CERTS") expect(known, container.name).toContain(name);
          if (name.endsWith("_FILE")) expect(files, container.name).toHaveProperty([value]);
        }
        const keys = Object.values(files).map(({ key }) => key);
        expect(Object.keys(environmentOf(container)).filter((name) => name.endsWith("_FILE"))).toHaveLength(
          keys.length,
        );
        const own = secretsOf(part).map((name) => name.toLowerCase());
        expect(
          keys.filter((key) => !own.includes(key)),
          container.name,
        ).toEqual([]);
        expect(new Set(Object.values(files).map(({ secret }) => secret)).size).toBe(1);
      }
    }
  });

  test("every Service and budget chooses pods that there are, by ports that they have", () => {
    const pods = podsOf(of(set)).filter(({ runs }) => runs);
    const chosen = (labels: Record<string, string>): Pod[] =>
      pods.filter((pod) => Object.entries(labels).every(([name, value]) => pod.labels[name] === value));
    const labels = z.record(z.string(), z.string());
    for (const { kind, metadata, spec } of of(set)) {
      if (kind === "Service") {
        const service = z
          .object({ selector: labels, ports: z.array(z.object({ port: z.int(), targetPort: z.string() })) })
          .parse(spec);
        const [pod, ...others] = chosen(service.selector);
        expect(others, metadata.name).toEqual([]);
        for (const { port, targetPort } of service.ports) {
          expect(pod?.spec.containers[0]?.ports).toContainEqual({ name: targetPort, containerPort: port });
        }
      }
      if (kind === "PodDisruptionBudget" || kind === "Deployment") {
        const { selector } = z.object({ selector: z.object({ matchLabels: labels }) }).parse(spec);
        expect(chosen(selector.matchLabels), metadata.name).toHaveLength(1);
      }
    }
  });
});
