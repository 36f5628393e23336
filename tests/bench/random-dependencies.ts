import type { Dependency } from '../../src/domain/coordination/dependency.ts';
import { sampleKey } from '../fakes/coordination-samples.ts';
import type { Draw } from '../fakes/seeded-numbers.ts';

/**
 * An edge between two tasks of 1 … count, any two alike. `planned`: the one with the lower number blocks, as when people
 * plan ahead; `tangled`: either, so that many are refused and the graph gets as deep as it can.
 */
export function randomDependency(
  draw: Draw,
  { count, shape }: { readonly count: number; readonly shape: 'planned' | 'tangled' },
): Dependency {
  const one = 1 + draw.below(count);
  const other = 1 + draw.below(count);
  const [first, second] = shape === 'tangled' ? [one, other] : [Math.min(one, other), Math.max(one, other)];
  const blocks = draw.chance(0.8);
  const edge = blocks ? { from: first, to: second } : { from: second, to: first };
  return { kind: blocks ? 'blocks' : 'parent', from: sampleKey(edge.from), to: sampleKey(edge.to), source: 'github' };
}
