import { conjunction } from './normal-form.ts';
import type { Query } from './syntax.ts';

/** Of what a query asks for, only what can be worked on now. */
export function readyOnes(query: Query): Query {
  return conjunction([query, { kind: 'term', field: 'is', values: [{ kind: 'literal', text: 'ready' }] }]);
}
