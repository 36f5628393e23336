import { type AgentIdentity, type AgentWishes, buildAgentIdentity } from '../../domain/agent-identity.ts';
import { defaultRole } from '../../domain/roles/role.ts';
import { defaultSettings } from '../../domain/settings.ts';
import { version } from '../../runtime/version.ts';
import type { CliIo } from '../cli-io.ts';

export interface AgentSources {
  readonly variables: AgentWishes;
  readonly file: AgentWishes;
  readonly identity: AgentIdentity;
}

/** Who an agent of this machine is: ENTROPY_AGENT_…, then the file of `config agent set`, then its role and run. */
export async function agentSources({ environment }: CliIo, runId: string): Promise<AgentSources> {
  const { readAgentWishes } = await import('../../runtime/config.ts');
  const { readAgentFile } = await import('../../runtime/agent-file.ts');
  const variables = readAgentWishes();
  const file = await readAgentFile(environment.configDir);
  const model = environment.settings.values.model ?? defaultSettings.model;
  const identity = buildAgentIdentity([variables, file], { role: defaultRole, runId, version, model });
  return { variables, file, identity };
}

export async function agentOf(io: CliIo, runId: string): Promise<AgentIdentity> {
  return (await agentSources(io, runId)).identity;
}
