import type { Values } from "./render.ts";

const image = { repository: "registry.example.com/fio" };

/** Values as people set them. */
export const VALUE_SETS = {
  "the least": { image },
  "all that there is": {
    image: { ...image, digest: `sha256:${"0".repeat(64)}`, pullSecrets: ["registry"] },
    settings: {
      PUBLIC_URL: "https://fio.example.com",
      TRUSTED_PROXIES: "uniquelocal",
      MAX_BACKLOG: 2_000_000,
      WEBHOOK_MAX_BYTES: 2_097_152,
      RETENTION_DAYS: 365,
      SIMULATOR: false,
      AGENTS_SEE: "own",
      WHATSAPP_NUMBERS: "106540352242922",
      OIDC_ISSUER: "https://accounts.google.com",
      OIDC_CLIENT_ID: "fio",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.tracing:4318",
      OTEL_TRACES_SAMPLER_ARG: 0.05,
    },
    optionalSecrets: {
      api: ["database_read_url"],
      whatsapp: [
        "whatsapp_app_secrets",
        "whatsapp_verify_tokens",
        "whatsapp_webhook_tokens",
        "twilio_auth_tokens",
      ],
    },
    certificateAuthority: { configMap: "authority" },
    whatsapp: { enabled: true },
    migration: { roles: true },
    autoscaling: { ingest: { enabled: true }, worker: { enabled: true, metricLabels: { cluster: "a" } } },
    ingress: {
      enabled: true,
      className: "nginx",
      tlsSecretName: "fio-tls",
      annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
    },
    serviceMonitor: { enabled: true, labels: { release: "prometheus" } },
    podAnnotations: { team: "care" },
    podLabels: { team: "care" },
    nodeSelector: { "kubernetes.io/arch": "amd64" },
    tolerations: [{ key: "care", operator: "Exists", effect: "NoSchedule" }],
    priorityClassName: "important",
    serviceAccountName: "fio",
  },
  "secrets of other names, a receiver of answers elsewhere": {
    image,
    settings: { DELIVERY_URL: "https://example.com/outbound" },
    secrets: {
      ingest: "care-in",
      worker: "care-work",
      api: "care-read",
      web: "care-web",
      migrate: "care-owner",
    },
    networkPolicy: {
      redis: { to: [{ ipBlock: { cidr: "10.20.0.0/24" } }], ports: [6379] },
      postgres: { to: [{ ipBlock: { cidr: "10.30.0.7/32" } }], ports: [5432] },
    },
  },
  "no policies, no budgets, migrated by hand": {
    image: { ...image, tag: "nightly" },
    fullnameOverride: "care",
    networkPolicy: { enabled: false },
    disruptionBudgets: false,
    migration: { enabled: false },
    ingest: { replicas: 1 },
  },
  "an account": {
    image,
    settings: { PUBLIC_URL: "https://fio.example.com" },
    command: { run: "agent", arguments: ["add", "ana@example.com", "Ana Lima", "--admin"] },
  },
  "the doctor": { image, whatsapp: { enabled: true }, command: { run: "doctor" } },
} satisfies Record<string, Values>;
export type ValueSet = keyof typeof VALUE_SETS;
