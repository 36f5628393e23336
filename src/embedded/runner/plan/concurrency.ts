import type { Json } from '../json.ts';

export interface ConcurrencyRequest {
  readonly group: string;
  readonly cancelInProgress: boolean;
  /** `single`: one waits, a newcomer replaces it. `max`: all wait, in order. */
  readonly queue: 'single' | 'max';
  /** Called when a newcomer with `cancel-in-progress` wants the place. */
  readonly cancel: (reason: string) => void;
  readonly signal: AbortSignal;
}

export type Admission =
  | { readonly kind: 'entered'; readonly leave: () => void }
  | { readonly kind: 'replaced'; readonly reason: string };

/** One holder of a group at a time, over all runs that share this object (docs: "Concurrency"). */
export interface ConcurrencyCoordinator {
  /** Rejects with the signal's reason when aborted while it waits. */
  enter(request: ConcurrencyRequest): Promise<Admission>;
}

interface Waiting {
  readonly request: ConcurrencyRequest;
  settle(admission: Admission): void;
}

interface Group {
  holder: ConcurrencyRequest | undefined;
  waiting: Waiting[];
}

export function createConcurrencyCoordinator(): ConcurrencyCoordinator {
  const groups = new Map<string, Group>();

  const admit = (key: string, group: Group, request: ConcurrencyRequest): Admission => {
    group.holder = request;
    const leave = (): void => {
      if (group.holder !== request) return;
      group.holder = undefined;
      const next = group.waiting.shift();
      if (next === undefined) groups.delete(key);
      else next.settle(admit(key, group, next.request));
    };
    return { kind: 'entered', leave };
  };

  return {
    enter: (request) => {
      const key = request.group.toLowerCase();
      const group = groups.get(key) ?? { holder: undefined, waiting: [] };
      groups.set(key, group);
      if (group.holder === undefined) return Promise.resolve(admit(key, group, request));
      if (request.queue === 'single') replaceWaiting(group, request.group);
      if (request.cancelInProgress)
        group.holder.cancel(`a newer run of the concurrency group '${request.group}' started`);
      return waitIn(group, request);
    },
  };
}

function replaceWaiting(group: Group, name: string): void {
  const reason = `a newer run of the concurrency group '${name}' is waiting in its place`;
  for (const waiting of group.waiting.splice(0)) waiting.settle({ kind: 'replaced', reason });
}

function waitIn(group: Group, request: ConcurrencyRequest): Promise<Admission> {
  const { promise, resolve, reject } = Promise.withResolvers<Admission>();
  const stop = (): void => {
    group.waiting = group.waiting.filter((other) => other !== waiting);
    reject(request.signal.reason);
  };
  const waiting: Waiting = {
    request,
    settle: (admission) => {
      request.signal.removeEventListener('abort', stop);
      resolve(admission);
    },
  };
  if (request.signal.aborted) return Promise.reject(request.signal.reason);
  group.waiting.push(waiting);
  request.signal.addEventListener('abort', stop, { once: true });
  return promise;
}

/** `concurrency:` after evaluation: a name, or a mapping. Undefined when no group is named. */
export function readConcurrency(
  value: Json,
): Pick<ConcurrencyRequest, 'group' | 'cancelInProgress' | 'queue'> | undefined {
  if (typeof value === 'string' || typeof value === 'number')
    return { group: String(value), cancelInProgress: false, queue: 'single' };
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const parts = value as Readonly<Record<string, Json>>;
  const group = parts['group'];
  if (group === undefined || group === null || group === '') return undefined;
  return {
    group: String(group),
    cancelInProgress: parts['cancel-in-progress'] === true,
    queue: parts['queue'] === 'max' ? 'max' : 'single',
  };
}
