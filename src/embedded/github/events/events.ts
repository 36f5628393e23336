import { randomUUID } from 'node:crypto';
import { EntropyError } from '../../../domain/error.ts';
import type { Actor } from '../identity/actor.ts';
import type { EventName, GitHubEvent } from '../state/github-event.ts';
import type { Repository } from '../state/repository-state.ts';

export type EventListener = (event: GitHubEvent) => void;

/** Something that happened, before it is known who hears of it. */
export interface Happening {
  readonly name: EventName;
  readonly repository: Repository;
  readonly actor: Actor;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The workflow run that was made for it at once. */
  readonly runId?: number;
}

/** The two that start workflows even when a job's own token made them. */
const alwaysStartWorkflows: ReadonlySet<EventName> = new Set(['workflow_dispatch', 'repository_dispatch']);

export function startsWorkflows(happening: Pick<Happening, 'name' | 'actor'>): boolean {
  const byJob = happening.actor.kind === 'installation' && !happening.actor.startsWorkflows;
  return !byJob || alwaysStartWorkflows.has(happening.name);
}

/** Webhooks of repositories and of Apps. */
export interface HookListeners {
  deliver(repository: Repository, event: GitHubEvent): void;
  listen(repository: Repository, name: EventName): boolean;
}

/** Tells workflows what may start them, and webhooks everything. */
export class Events {
  readonly #workflowListeners = new Set<EventListener>();
  readonly #hooks: HookListeners;

  constructor(hooks: HookListeners) {
    this.#hooks = hooks;
  }

  /** Only events that start workflows are told: what a job's token does starts none. Returns how to stop listening. */
  onWorkflowEvent(listener: EventListener): () => void {
    this.#workflowListeners.add(listener);
    return () => this.#workflowListeners.delete(listener);
  }

  /** False when nobody would hear of it, so that its payload need not be worked out. */
  isHeard(happening: Omit<Happening, 'payload'>): boolean {
    const byWorkflows = this.#workflowListeners.size > 0 && startsWorkflows(happening);
    return byWorkflows || this.#hooks.listen(happening.repository, happening.name);
  }

  emit(happening: Happening): void {
    const { repository } = happening;
    const event: GitHubEvent = {
      name: happening.name,
      deliveryId: randomUUID(),
      repository: { owner: repository.owner.login, name: repository.name },
      payload: happening.payload,
      ...(happening.runId === undefined ? {} : { runId: happening.runId }),
    };
    this.#hooks.deliver(repository, event);
    if (!startsWorkflows(happening)) return;
    for (const listener of this.#workflowListeners) {
      // A listener's fault must not turn the request that caused the event into an error: it surfaces on its own.
      queueMicrotask(() => tell(listener, event));
    }
  }
}

function tell(listener: EventListener, event: GitHubEvent): void {
  try {
    listener(event);
  } catch (cause) {
    throw new EntropyError({
      code: 'E801',
      message: `a listener failed on ${event.name} (delivery ${event.deliveryId})`,
      fix: 'This is a fault of the program that embeds GitHub: its listener must handle its own errors.',
      cause,
    });
  }
}
