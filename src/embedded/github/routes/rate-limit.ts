import { type Answer, type Call, ok } from '../http/route.ts';

/** Asking for the limit is free, and shows the real counters. */
export function resolveLimit(call: Call): Answer {
  const { limit, remaining, reset, used } = call.rate;
  const core = { limit, remaining, reset, used };
  const untouched = (of: number) => ({ limit: of, remaining: of, reset, used: 0 });
  return ok({ resources: { core, search: untouched(30), graphql: untouched(5000) }, rate: core });
}
