import { dirname, join } from 'node:path';
import { egressCertificate } from '../../domain/egress/egress-environment.ts';
import { EntropyError } from '../../domain/error.ts';
import type { SandboxNetwork } from '../../domain/sandbox-network.ts';
import type { SandboxRung } from '../../domain/sandbox-rung.ts';
import type { Egress, EgressGate } from '../../ports/egress.ts';
import { trustedProgram } from './trusted-program.ts';

export interface WayOut {
  readonly rung: SandboxRung;
  readonly gate: EgressGate | undefined;
  readonly network: SandboxNetwork;
  /** The sandbox's own folder on the machine. */
  readonly folder: string;
  /** Which namespaces `nsenter` enters to be in the sandbox's network. */
  readonly enter: readonly string[];
}

/** A way out of the network that the keeper holds, for as long as the sandbox is open; none when nothing is allowed. */
export async function openWay({ rung, gate, network, folder, enter }: WayOut): Promise<Egress | undefined> {
  if (network.kind !== 'allowed') return undefined;
  if (gate === undefined) {
    throw new EntropyError({
      code: 'E900',
      message: `a ${rung} sandbox was to reach ${network.hosts.join(', ')} and was given no way to`,
      fix: 'this is a fault of ours: please report it',
    });
  }
  return gate.open({
    hosts: network.hosts,
    services: network.services,
    enter: [trustedProgram('nsenter') ?? '/usr/bin/nsenter', ...enter, '--'],
    trustFolder: join(folder, dirname(egressCertificate)),
  });
}
