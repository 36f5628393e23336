import type { CallInput, CallInterface } from '../definition/workflow-definition.ts';
import { evaluateDeferred, type Scope } from '../expression/evaluate.ts';
import { expressionText } from '../expression/expression-data.ts';
import type { Json, JsonObject } from '../json.ts';
import { AuthorError } from '../refusal.ts';

export interface InputRequest {
  readonly given: JsonObject;
  readonly definitions: CallInterface['inputs'];
  /** Contexts that the defaults may use. */
  readonly scope: Scope;
  /** `call`: values keep their types. `dispatch`: the API gives texts, `true` and `5` included. */
  readonly from: 'call' | 'dispatch';
  readonly workflow: string;
}

/** The `inputs` context: every input that is defined, as given or by default, in its declared type. */
export function typedInputs(request: InputRequest): JsonObject {
  const given = new Map(Object.entries(request.given).map(([name, value]) => [name.toLowerCase(), value]));
  const entries = Object.entries(request.definitions).map(([name, definition]): [string, Json] => {
    const value = given.get(name.toLowerCase());
    if (value !== undefined && value !== null) return [name, typed(name, value, { ...request, definition })];
    const fallback = definition.default;
    return [name, fallback === undefined ? emptyValue(definition) : evaluateDeferred(fallback, request.scope)];
  });
  return Object.fromEntries(entries);
}

interface TypedValue extends InputRequest {
  readonly definition: CallInput;
}

function typed(name: string, value: Json, request: TypedValue): Json {
  const { type } = request.definition;
  if (type === 'boolean') {
    if (typeof value === 'boolean') return value;
    if (request.from === 'dispatch' && (value === 'true' || value === 'false')) return value === 'true';
  } else if (type === 'number') {
    const number =
      request.from === 'dispatch' && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && !Number.isNaN(number)) return number;
  } else if (typeof value !== 'object') {
    return expressionText(value);
  }
  const hint = type === 'string' ? '' : '; fromJSON(…) makes one of a text';
  throw new AuthorError(
    `The input '${name}' of ${request.workflow} wants a ${type} and was given ${JSON.stringify(value)}${hint}`,
  );
}

function emptyValue(definition: CallInput): Json {
  if (definition.type === 'boolean') return false;
  return definition.type === 'number' ? 0 : '';
}
