import { evaluateExpression } from '../expression/evaluate.ts';
import { expressionText } from '../expression/expression-data.ts';
import type { Json, JsonObject } from '../json.ts';
import { AuthorError } from '../refusal.ts';

/** One leg of a matrix, or the only one of a job without. */
export interface MatrixLeg {
  /** Null for a job without a matrix. */
  readonly matrix: JsonObject | null;
  /** Values that GitHub puts in brackets behind the job's name. */
  readonly label: string;
}

export interface Strategy {
  readonly legs: readonly MatrixLeg[];
  readonly failFast: boolean;
  readonly maxParallel: number;
}

/** GitHub makes at most this many jobs from one matrix. */
const mostLegs = 256;

/** `strategy:` after its expressions were evaluated. Include and exclude as GitHub's `MatrixBuilder` does it. */
export function expandStrategy(strategy: Json, job: string): Strategy {
  const parts = isObject(strategy) ? strategy : {};
  const failFast = parts['fail-fast'] !== false;
  const limit = parts['max-parallel'];
  const maxParallel = typeof limit === 'number' && limit >= 1 ? limit : mostLegs;
  const matrix = parts['matrix'];
  if (matrix === undefined || matrix === null) return { legs: [{ matrix: null, label: '' }], failFast, maxParallel };
  if (!isObject(matrix)) throw new AuthorError(`The matrix of job '${job}' is no mapping`);
  const legs = expandMatrix(matrix, job);
  if (legs.length === 0 || legs.length > mostLegs) {
    throw new AuthorError(`The matrix of job '${job}' makes ${legs.length} jobs; GitHub allows 1 to ${mostLegs}`);
  }
  return { legs, failFast, maxParallel };
}

function expandMatrix(matrix: JsonObject, job: string): readonly MatrixLeg[] {
  const vectors = Object.entries(matrix).filter(([key]) => key !== 'include' && key !== 'exclude');
  const excludes = filtersOf(matrix['exclude']);
  const includes = filtersOf(matrix['include']).map((item) => splitInclude(item, vectors));
  const used = new Set<number>();
  const legs: MatrixLeg[] = [];
  for (const combination of product(vectors, job)) {
    if (excludes.some((exclude) => isPartOf(exclude, combination))) continue;
    const extras = includes.map((include, index) => {
      if (!isPartOf(include.filter, combination)) return {};
      used.add(index);
      return include.extra;
    });
    legs.push({ matrix: Object.assign({}, combination, ...extras) as JsonObject, label: labelOf(combination) });
  }
  for (const [index, include] of includes.entries()) {
    if (used.has(index)) continue;
    const own = { ...include.filter, ...include.extra };
    legs.push({ matrix: own, label: labelOf(own) });
  }
  return legs;
}

/** The part of an `include` item that names values of the matrix, and the part that adds to it. */
function splitInclude(item: JsonObject, vectors: readonly (readonly [string, Json])[]) {
  const isVector = (key: string): boolean => vectors.some(([name]) => name === key);
  const entries = Object.entries(item);
  return {
    filter: Object.fromEntries(entries.filter(([key]) => isVector(key))),
    extra: Object.fromEntries(entries.filter(([key]) => !isVector(key))),
  };
}

function product(vectors: readonly (readonly [string, Json])[], job: string): readonly JsonObject[] {
  if (vectors.length === 0) return [];
  return vectors.reduce<readonly JsonObject[]>(
    (combinations, [key, values]) => {
      if (!Array.isArray(values)) throw new AuthorError(`'${key}' in the matrix of job '${job}' is no list`);
      if (combinations.length * values.length > mostLegs * 4) {
        throw new AuthorError(`The matrix of job '${job}' makes far more than ${mostLegs} jobs`);
      }
      return combinations.flatMap((combination) => values.map((value: Json) => ({ ...combination, [key]: value })));
    },
    [{}],
  );
}

/** Every scalar of the filter equals its counterpart, by the equality of expressions. */
function isPartOf(filter: Json, whole: Json): boolean {
  if (filter === null || typeof filter !== 'object') {
    const scope = { contexts: { a: filter, b: whole }, functions: {} };
    return evaluateExpression('a == b', scope) === true;
  }
  if (whole === null || typeof whole !== 'object') return false;
  const counterparts = whole as Readonly<Record<string, Json>>;
  return Object.entries(filter).every(([key, value]) => isPartOf(value as Json, counterparts[key] ?? null));
}

function labelOf(combination: JsonObject): string {
  return scalars(combination)
    .map(expressionText)
    .filter((text) => text !== '')
    .join(', ');
}

function scalars(value: Json): readonly Json[] {
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(scalars) : [value];
}

function filtersOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
