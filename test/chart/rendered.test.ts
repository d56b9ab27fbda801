import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { findHelm } from "./support/find-helm.ts";
import { faultsOf } from "./support/kubernetes.ts";
import { PART_NAMES, partOf, secretsOf, variablesOf, type PartName } from "./support/parts.ts";
import { COMPONENT, podsOf, secretFilesOf, type Container, type Pod } from "./support/pods.ts";
import { helmSays, render, type Manifest } from "./support/render.ts";
import { VALUE_SETS, type ValueSet } from "./support/value-sets.ts";

/* The Helm chart as a cluster would get it, and what is to hold of it whatever values are set. */

const found = await findHelm();
const helm = found ?? "";
const sets = Object.keys(VALUE_SETS) as ValueSet[];
const rendered = new Map<ValueSet, Manifest[]>();
const of = (set: ValueSet): Manifest[] => rendered.get(set) ?? [];
const podOf = (set: ValueSet, part: string): Pod => podsOf(of(set)).find((pod) => pod.part === part)!;
const environmentOf = ({ env }: Container): Record<string, string> =>
  Object.fromEntries(env.map(({ name, value }) => [name, value]));

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

describe.skipIf(found === null)("the Helm chart", () => {
  beforeAll(async () => {
    for (const set of sets) rendered.set(set, await render(helm, VALUE_SETS[set]));
  });
  afterAll(() => rendered.clear());

  describe.each(sets)("with %s", (set) => {
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

  test("ingest sees neither the database nor the read API", () => {
    for (const set of sets) {
      const pod = podOf(set, "ingest");
      const keys = Object.values(secretFilesOf(pod, pod.containers[0]!)).map(({ key }) => key);
      expect(keys.toSorted()).toEqual(["redis_url", "web_secrets", "webhook_secrets"]);
    }
  });

  test("only who migrates, makes the roles or adds an account has the owner's rights, and only for as long", () => {
    const holders = sets.flatMap((set) =>
      podsOf(of(set)).flatMap((pod) =>
        pod.containers
          .filter((container) =>
            Object.values(secretFilesOf(pod, container)).some(({ secret }) =>
              /-(migrate|roles|owner)$/.test(secret),
            ),
          )
          .map(({ name }) => ({ name, runs: pod.runs })),
      ),
    );
    expect(new Set(holders.map(({ name }) => name))).toEqual(new Set(["migrate", "roles", "agent"]));
    expect(holders.filter(({ runs }) => runs)).toEqual([]);
  });

  test("settings arrive as they were written, large numbers and none of nothing", () => {
    const ingest = environmentOf(podOf("all that there is", "ingest").containers[0]!);
    expect(ingest).toMatchObject({
      MAX_BACKLOG: "2000000",
      WEBHOOK_MAX_BYTES: "2097152",
      OTEL_TRACES_SAMPLER_ARG: "0.05",
      REDIS_URL_FILE: "/run/fio/redis_url",
    });
    expect(environmentOf(podOf("all that there is", "web").containers[0]!)).toMatchObject({
      PUBLIC_URL: "https://fio.example.com",
      SIMULATOR: "false",
      INGEST_URL: "http://fio-ingest:8000",
      API_URL: "http://fio-api:8001",
    });
    expect(environmentOf(podOf("the least", "web").containers[0]!)).not.toHaveProperty("PUBLIC_URL");
  });

  test("answers leave through WhatsApp where it has numbers, and to the receiver that is named else", () => {
    const worker = (set: ValueSet) => environmentOf(podOf(set, "worker").containers[0]!)["DELIVERY_URL"];
    expect(worker("all that there is")).toBe("http://fio-whatsapp:8002/deliveries");
    expect(worker("secrets of other names, a receiver of answers elsewhere")).toBe(
      "https://example.com/outbound",
    );
    expect(worker("the doctor")).toBeUndefined();
  });

  test("who need not talk cannot: as compose's networks have it", () => {
    const peer = z.looseObject({
      podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }).optional(),
    });
    const rule = z.object({
      from: z.array(peer).optional(),
      to: z.array(peer).optional(),
      ports: z.array(z.object({ port: z.int() })),
    });
    const policies = of("all that there is")
      .filter(({ kind }) => kind === "NetworkPolicy")
      .map((one) => ({
        part: one.metadata.labels[COMPONENT] ?? "",
        ...z
          .object({ ingress: z.array(rule), egress: z.array(rule), policyTypes: z.array(z.string()) })
          .parse(one["spec"]),
      }));
    expect(policies.map(({ part }) => part).toSorted()).toEqual(
      PART_NAMES.filter((name) => name !== "roles").toSorted(),
    );
    const partsIn = (peers: Array<z.output<typeof peer>> = []): string[] =>
      peers.flatMap(({ podSelector }) => podSelector?.matchLabels[COMPONENT] ?? []);
    const out = (part: string) => policies.find((one) => one.part === part)!.egress;
    const heard = (part: string) =>
      policies
        .find((one) => one.part === part)!
        .ingress.flatMap(({ from, ports }) =>
          partsIn(from).flatMap((name) => ports.map(({ port }) => `${name} ${port}`)),
        );
    const reached = (part: string) =>
      out(part).flatMap(({ to, ports }) => {
        const parts = partsIn(to);
        return ports.flatMap(({ port }) =>
          parts.length > 0 ? parts.map((name) => `${name} ${port}`) : [String(port)],
        );
      });

    for (const { policyTypes } of policies) expect(policyTypes).toEqual(["Ingress", "Egress"]);
    const doctor = (port: number) => [`doctor ${port}`, "doctor 9464"];
    expect(heard("ingest")).toEqual(["web 8000", "whatsapp 8000", ...doctor(8000)]);
    expect(heard("worker")).toEqual(doctor(8001));
    expect(heard("api")).toEqual(["web 8001", "whatsapp 8001", ...doctor(8001)]);
    expect(heard("web")).toEqual(doctor(3000));
    expect(heard("whatsapp")).toEqual(["worker 8002", ...doctor(8002)]);
    for (const part of ["migrate", "agent", "doctor"]) expect(heard(part), part).toEqual([]);
    const names = ["53", "53"];
    const redis = ["6379", "26379"];
    expect(reached("ingest")).toEqual([...names, ...redis, "4318"]);
    expect(reached("worker")).toEqual([...names, "whatsapp 8002", ...redis, "5432", "4318"]);
    expect(reached("api")).toEqual([...names, ...redis, "5432", "443"]);
    expect(reached("web")).toEqual([...names, "ingest 8000", "api 8001", "443"]);
    expect(reached("whatsapp")).toEqual([...names, "ingest 8000", "api 8001", ...redis, "443"]);
    expect(reached("migrate")).toEqual([...names, "5432"]);
    expect(reached("agent")).toEqual([...names, "5432"]);
  });

  test("workers follow what waits, ingest its processor time, and neither has a number that fights with that", () => {
    const scalers = of("all that there is").filter(({ kind }) => kind === "HorizontalPodAutoscaler");
    expect(scalers.map(({ spec }) => (spec as { metrics: unknown }).metrics)).toEqual([
      [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
      [
        {
          type: "External",
          external: {
            metric: { name: "fio_waiting_events", selector: { matchLabels: { cluster: "a" } } },
            target: { type: "AverageValue", averageValue: "2000" },
          },
        },
      ],
    ]);
    const counted = (set: ValueSet) =>
      of(set)
        .filter(
          ({ kind, spec }) => kind === "Deployment" && (spec as { replicas?: number }).replicas !== undefined,
        )
        .map(({ metadata }) => metadata.name);
    expect(counted("all that there is")).toEqual(["fio-api", "fio-web", "fio-whatsapp"]);
    expect(counted("the least")).toEqual(["fio-ingest", "fio-worker", "fio-api", "fio-web"]);
  });

  test("the schema comes first, and whoever may reach it by then", () => {
    const before = of("all that there is").filter(({ metadata }) => "helm.sh/hook" in metadata.annotations);
    expect(
      before.map(({ kind, metadata }) => [
        kind,
        metadata.annotations["helm.sh/hook"],
        Number(metadata.annotations["helm.sh/hook-weight"]),
      ]),
    ).toEqual([
      ["NetworkPolicy", "pre-install,pre-upgrade", -5],
      ["Job", "pre-install,pre-upgrade", 0],
    ]);
    expect(podOf("all that there is", "migrate").containers.map(({ name }) => name)).toEqual([
      "roles",
      "migrate",
    ]);
    expect(of("no policies, no budgets, migrated by hand").map(({ kind }) => kind)).not.toContain("Job");
  });

  test("the live stream passes an Ingress as it comes, and bodies as large as the part takes", () => {
    const ways = of("all that there is").filter(({ kind }) => kind === "Ingress");
    const nginx = (name: string, annotation: string) =>
      ways.find(({ metadata }) => metadata.name === name)?.metadata.annotations[
        `nginx.ingress.kubernetes.io/${annotation}`
      ];
    expect(nginx("fio-web", "proxy-buffering")).toBe("off");
    expect(nginx("fio-ingest", "proxy-body-size")).toBe("2097152");
    expect(nginx("fio-whatsapp", "proxy-body-size")).toBe("4194304");
    expect(JSON.stringify(ways)).toContain('"host":"fio.example.com"');
    expect(JSON.stringify(ways)).not.toMatch(/9464|8001|fio-api/);
  });

  test("monitors name their jobs as the alerts do", () => {
    const monitors = of("all that there is").filter(({ kind }) => kind === "ServiceMonitor");
    expect(monitors).toHaveLength(5);
    for (const { spec, metadata } of monitors) {
      expect(spec).toMatchObject({
        jobLabel: COMPONENT,
        endpoints: [{ port: "operations", path: "/metrics" }],
      });
      const { selector } = z
        .object({ selector: z.object({ matchLabels: z.record(z.string(), z.string()) }) })
        .parse(spec);
      const services = of("all that there is").filter(
        (one) =>
          one.kind === "Service" &&
          Object.entries(selector.matchLabels).every(([name, value]) => one.metadata.labels[name] === value),
      );
      expect(services.map((one) => one.metadata.name)).toEqual([`${metadata.name}-each`]);
    }
  });

  test("a command is an object by itself, that anyone can make of the same values", async () => {
    const only = ["--show-only", "templates/command.yaml"];
    const [job, ...others] = await render(helm, VALUE_SETS["an account"], ...only);
    expect(others).toEqual([]);
    const [pod] = podsOf([job!]);
    expect(pod?.containers[0]).toMatchObject({
      command: ["node", "services/conversations/src/agent.ts"],
      args: ["add", "ana@example.com", "Ana Lima", "--admin"],
    });
  });

  test.each([
    ["a name that is misspelt", { ingest: { replica: 3 } }, /replica/],
    ["a setting that nobody has", { settings: { LOGLEVEL: "info" } }, /LOGLEVEL/],
    ["a secret among the settings", { settings: { WEBHOOK_SECRETS: "whsec_x" } }, /WEBHOOK_SECRETS/],
    ["no image", { image: { repository: "" } }, /repository/],
    ["an Ingress without a host", { ingress: { enabled: true } }, /PUBLIC_URL/],
    [
      "numbers that would lose digits",
      { settings: { WHATSAPP_NUMBERS: 106540352242922 } },
      /WHATSAPP_NUMBERS/,
    ],
  ])("%s is refused by its name", async (_, values, name) => {
    await expect(render(helm, { image: { repository: "fio" }, ...values })).rejects.toThrow(name);
  });
});
