/** Who did it: stamped on comments, commits (trailers), claims and trajectories. */
export interface AgentIdentity {
  /** Stable within one run, e.g. `coder/01JD…`. */
  readonly id: string;
  /** Name of its role: what kind of work it does, see `roles/role.ts`. */
  readonly role: string;
  /** What it is good at, in words of whoever runs it: `typescript`, `sql`. Absent: nobody said. */
  readonly capabilities?: readonly string[];
  /** Version of this program. */
  readonly version: string;
  /** Name of the model, e.g. `claude-opus-4-8`, `scripted`. */
  readonly model: string;
}

/** What somebody wants an agent to be called and to be; anything may be left to the next one who is asked. */
export type AgentWishes = Partial<AgentIdentity>;

/** What an agent is when nobody wishes anything. */
export interface AgentDefaults {
  readonly role: string;
  readonly runId: string;
  readonly version: string;
  readonly model: string;
}

/**
 * The first who says something is heard: the environment, then a configuration file. Without a name of its own an agent
 * is called by its role and run, so that no two are the same by accident.
 */
export function buildAgentIdentity(wishes: readonly AgentWishes[], defaults: AgentDefaults): AgentIdentity {
  const first = <Name extends keyof AgentIdentity>(name: Name): AgentIdentity[Name] | undefined =>
    wishes.find((layer) => layer[name] !== undefined)?.[name];
  const role = first('role') ?? defaults.role;
  const capabilities = first('capabilities');
  return {
    id: first('id') ?? `${role}/${defaults.runId}`,
    role,
    ...(capabilities !== undefined && { capabilities }),
    version: first('version') ?? defaults.version,
    model: first('model') ?? defaults.model,
  };
}

export const maxCapabilities = 50;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:@+~/-]{0,199}$/;
const wordPattern = /^[A-Za-z0-9][A-Za-z0-9._+#/-]{0,99}$/;

/** What is wrong with a name for an agent, to follow that name in a sentence; undefined when nothing is. */
export function agentIdProblem(id: string): string | undefined {
  return namePattern.test(id) ? undefined : 'is not a name such as coder/laptop: letters, digits and . _ : @ + ~ / -';
}

export function capabilitiesProblem(capabilities: readonly string[]): string | undefined {
  if (capabilities.length > maxCapabilities) return `names more than ${maxCapabilities}`;
  const odd = capabilities.find((word) => !wordPattern.test(word));
  return odd === undefined ? undefined : `holds "${odd.slice(0, 40)}": words such as typescript, sql are expected`;
}
