export const roles = ['coder'] as const;
/** What kind of work an agent does. */
export type Role = (typeof roles)[number];

/** Who did it: stamped on comments, commits (trailers), claims and trajectories. */
export interface AgentIdentity {
  /** Stable within one run, e.g. `coder/01JD…`. */
  readonly id: string;
  readonly role: Role;
  /** Version of this program. */
  readonly version: string;
  /** Name of the model, e.g. `claude-opus-4-8`, `scripted`. */
  readonly model: string;
}
