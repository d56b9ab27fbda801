import { describe, expect, test } from "vitest";
import { z } from "zod";
import { PART_NAMES } from "./support/parts.ts";
import { COMPONENT, podsOf, secretFilesOf } from "./support/pods.ts";
import { render } from "./support/render.ts";
import { environmentOf, renderSets, SETS } from "./support/rendered-sets.ts";
import { VALUE_SETS, type ValueSet } from "./support/value-sets.ts";

/* What the Helm chart makes of values. */

const { helm, of, podOf } = await renderSets();

describe.skipIf(helm === null)("the Helm chart", () => {
  test("ingest sees neither the database nor the read API", () => {
    for (const set of SETS) {
      const pod = podOf(set, "ingest");
      const keys = Object.values(secretFilesOf(pod, pod.containers[0]!)).map(({ key }) => key);
      expect(keys.toSorted()).toEqual(["redis_url", "web_secrets", "webhook_secrets"]);
    }
  });

  test("only who migrates, makes the roles or adds an account has the owner's rights, and only for as long", () => {
    const holders = SETS.flatMap((set) =>
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
