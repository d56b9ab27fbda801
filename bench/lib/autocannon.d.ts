declare module "autocannon" {
  type Result = {
    requests: { total: number };
    latency: { p50: number; p99: number };
    duration: number;
    non2xx: number;
    errors: number;
    timeouts: number;
  };
  export default function autocannon(options: {
    url: string;
    method?: "POST";
    headers: Record<string, string>;
    body?: string;
    /** In turn, in place of the one above. */
    requests?: Array<{ method: "POST"; body: string }>;
    connections: number;
    duration: number;
  }): Promise<Result>;
}
