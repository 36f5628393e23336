import { TemplateContext, TemplateValidationErrors } from '@actions/workflow-parser/templates/template-context';
import { readTemplate } from '@actions/workflow-parser/templates/template-reader';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import {
  isBoolean,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from '@actions/workflow-parser/templates/tokens/type-guards';
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import type { Json } from '../json.ts';
import { refusal } from '../refusal.ts';
import { plainYamlReader } from './plain-yaml-reader.ts';
import type { Schemas } from './schemas.ts';

export interface TemplateSource {
  readonly schema: Schemas[keyof Schemas];
  /** Name of the schema's definition of the whole file. */
  readonly root: string;
  readonly path: string;
  readonly text: string;
}

/** A file that was read against its schema, with the place where later checks put their findings. */
export interface OpenTemplate {
  readonly path: string;
  readonly root: TemplateToken;
  readonly context: TemplateContext;
}

export function openTemplate(source: TemplateSource): OpenTemplate {
  const context = new TemplateContext(new TemplateValidationErrors(), source.schema, new NoOperationTraceWriter());
  const fileId = context.getFileId(source.path);
  const reader = plainYamlReader(fileId, source.text);
  for (const error of reader.errors) context.error(fileId, error.message, error.range);
  const template = { path: source.path, context };
  refuseInvalid(template);
  const root = readTemplate(context, source.root, reader, fileId);
  refuseInvalid(template);
  if (root === undefined) throw refusal(`${source.path} is empty`, 'Give the path of a workflow or action file.');
  return { ...template, root };
}

/** Throws when anything was found so far; all findings at once, with line and column. */
export function refuseInvalid(template: Pick<OpenTemplate, 'path' | 'context'>): void {
  const errors = template.context.errors.getErrors().map((error) => error.message);
  if (errors.length === 0) return;
  const shown = errors.slice(0, 10).join('\n  ');
  const more = errors.length > 10 ? `\n  and ${errors.length - 10} more` : '';
  throw refusal(`${template.path} is not valid:\n  ${shown}${more}`, 'Correct the file; GitHub refuses it as well.');
}

/** The entries of a mapping by key; nothing for what is no mapping. */
export function entriesOf(token: TemplateToken | undefined): ReadonlyMap<string, TemplateToken> {
  const entries = new Map<string, TemplateToken>();
  if (token !== undefined && isMapping(token)) {
    for (const pair of token) entries.set(pair.key.toString(), pair.value);
  }
  return entries;
}

export function itemsOf(token: TemplateToken | undefined): readonly TemplateToken[] {
  if (token === undefined || !isSequence(token)) return [];
  return Array.from({ length: token.count }, (_, index) => token.get(index));
}

export function textOf(token: TemplateToken | undefined): string | undefined {
  return token !== undefined && isString(token) ? token.value : undefined;
}

/** A part without expressions as plain data. An expression in it stays as its own text, `${{ … }}`. */
export function plainValue(token: TemplateToken | undefined): Json {
  if (token === undefined) return null;
  if (isMapping(token))
    return Object.fromEntries([...entriesOf(token)].map(([key, value]) => [key, plainValue(value)]));
  if (isSequence(token)) return itemsOf(token).map(plainValue);
  if (isString(token) || isBoolean(token) || isNumber(token)) return token.value;
  return token.isExpression ? token.toString() : null;
}
