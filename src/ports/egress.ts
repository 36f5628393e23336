import type { EgressReport } from '../domain/egress/egress-report.ts';

export interface EgressRequest {
  readonly hosts: readonly string[];
  /** Ports of the machine's loopback. */
  readonly services: readonly number[];
  /** What runs a program in the network of the sandbox: `nsenter --user=… --net=… --`. */
  readonly enter: readonly [string, ...string[]];
  /** Absolute path on the machine of what is `/etc/entropy` inside: whom commands shall trust is put there. */
  readonly trustFolder: string;
}

/** The one way out of a sandbox, while it is open: listens inside, and goes to what was allowed. */
export interface Egress extends AsyncDisposable {
  report(): Promise<EgressReport>;
}

export interface EgressGate {
  /** Resolves when commands can use it; E407 when it cannot be opened. */
  open(request: EgressRequest): Promise<Egress>;
}
