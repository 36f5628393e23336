import { BuiltinFailure, type BuiltinStep, flag } from './builtin-step.ts';

/** actions/cache: always a miss, and nothing is saved. A workflow must be right without its cache, and here it shows. */
export function missCache({ step, inputs }: BuiltinStep): void {
  const key = inputs['key'] ?? '';
  if (key === '') throw new BuiltinFailure('Input required and not supplied: key');
  step.outputs['cache-hit'] = '';
  step.outputs['cache-primary-key'] = key;
  step.outputs['cache-matched-key'] = '';
  if (flag(inputs, 'fail-on-cache-miss'))
    throw new BuiltinFailure(`Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: ${key}`);
  step.channel.log.write(`Cache not found for input keys: ${key}`);
}
