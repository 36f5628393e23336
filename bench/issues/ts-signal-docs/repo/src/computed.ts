import { effect } from './effect.ts';
import { signal } from './signal.ts';

export function computed<Value>(work: () => Value): { get(): Value } {
  const result = signal<Value | undefined>(undefined);
  effect(() => result.set(work()));
  return { get: () => result.get() as Value };
}
