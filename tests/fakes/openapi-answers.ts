import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import type { Answer } from './coordinator-scene.ts';

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

/** What is wrong with an answer by the coordinator's own document; undefined: nothing. */
export type CheckAnswer = (operationId: string, answer: Answer) => string | undefined;

export function checkAnswersBy(document: object): CheckAnswer {
  const ajv = new Ajv2020.default({ strict: false, allErrors: false, validateFormats: false });
  ajv.addSchema({ $id: 'https://coordinator.example/openapi.json', ...document });
  const operations = operationsOf(document);
  const compiled = new Map<string, ValidateFunction>();

  return (operationId, { status, headers, body }) => {
    const operation = operations.get(operationId);
    if (operation === undefined) return `there is no operation ${operationId}`;
    const described = operation.responses[status];
    if (described === undefined)
      return `${operationId} answered ${status}, which the document does not tell of: ${JSON.stringify(body)}`;
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
    const content = described.content?.[type];
    if (content === undefined) return `${operationId} answered ${status} with ${type}`;
    const name = `${operationId} ${status} ${type}`;
    const validate =
      compiled.get(name) ??
      ajv.compile({ $id: `https://coordinator.example/${name.replace(/\W+/g, '-')}`, ...absolute(content.schema) });
    compiled.set(name, validate);
    if (validate(body)) return undefined;
    return `${name}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body).slice(0, 600)}`;
  };
}

function operationsOf(document: object): ReadonlyMap<string, Operation> {
  const { paths } = document as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
  const all = Object.values(paths).flatMap((methods) => Object.values(methods));
  return new Map(all.map((operation) => [operation.operationId, operation]));
}

/** References of a part of the document, as seen from outside of it. */
function absolute(schema: object): object {
  const text = JSON.stringify(schema).replaceAll(
    '"#/components/',
    '"https://coordinator.example/openapi.json#/components/',
  );
  return JSON.parse(text) as object;
}
