import { labeledOf25Kb } from '../../fakes/payloads/payloads.ts';
import { signedRequest } from '../../fakes/payloads/signed-request.ts';

/** Functions that do all their work with requests that a stand-in can answer without keeping anything. */
export const timedFunctions = ['webhook'] as const;

/** Events for a function, no two the same: the payload of `issues.labeled` with 25 KB. */
export function* eventsOf(name: string, count: number): Generator<unknown> {
  const { payload } = labeledOf25Kb();
  for (let index = 0; index < count; index += 1) {
    if (name !== 'webhook') throw new Error(`no events for ${name}`);
    const body = JSON.stringify({ ...payload, number: index });
    yield signedRequest(body, { delivery: `72d3162e-cc78-11e3-81ab-${String(index).padStart(12, '0')}` });
  }
}
