import type { AnsweredBy, QueryField } from './field.ts';
import { githubFields } from './github-fields.ts';
import type { TermQuery } from './syntax.ts';
import { taskFields } from './task-fields.ts';

export const queryFields: readonly QueryField[] = [...taskFields, ...githubFields];

/** Fields of an organisation's own are named `field.<name>` and share one entry. */
export const ownFieldPrefix = 'field.';

const byName: ReadonlyMap<string, QueryField> = new Map(queryFields.map((field) => [field.name, field]));

/** By its canonical (lower case) name. */
export function queryField(name: string): QueryField | undefined {
  return byName.get(name.startsWith(ownFieldPrefix) ? ownFieldPrefix : name);
}

/** Who can answer one value of a field. */
export function answererOf(field: QueryField, value: string): AnsweredBy {
  return field.choices?.[value] ?? field.others ?? field.answeredBy;
}

/** What joins its neighbours by OR when only a space stands between, as on GitHub: an issue is in one repository. */
export function isOwnership({ field }: TermQuery): boolean {
  return field === 'repo' || field === 'org' || field === 'user';
}
