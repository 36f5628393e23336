import type { WorkflowDefinition } from '../definition/workflow-definition.ts';
import type { Json, JsonObject } from '../json.ts';
import { refusal } from '../refusal.ts';
import type { TriggerEvent } from '../run-options.ts';
import { matchesFilter } from './filter-pattern.ts';

export type EventMatch = { readonly kind: 'starts' } | { readonly kind: 'ignored'; readonly reason: string };

/** Activity types that count when a workflow names none (docs: "Events that trigger workflows"). Others: any. */
const defaultTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};

/** Whether an event starts a workflow, by the filters of its `on:`. */
export function matchEvent(workflow: WorkflowDefinition, event: TriggerEvent, ref: string): EventMatch {
  if (!Object.hasOwn(workflow.triggers, event.name)) {
    return ignored(
      `${workflow.path} is not started by '${event.name}' (on: ${Object.keys(workflow.triggers).join(', ')})`,
    );
  }
  const trigger = workflow.triggers[event.name] ?? null;
  if (event.name === 'schedule') return matchSchedule(trigger, event);
  const filters = isObject(trigger) ? trigger : {};
  const types = filters['types'] === undefined ? defaultTypes[event.name] : texts(filters['types']);
  const action = event.payload['action'];
  if (types !== undefined && typeof action === 'string' && !types.includes(action)) {
    return ignored(`'${event.name}' with the action '${action}' starts nothing (types: ${types.join(', ')})`);
  }
  return (
    matchWorkflowNames(filters, event) ??
    matchRef(filters, event, ref) ??
    matchPaths(filters, event) ?? { kind: 'starts' }
  );
}

function matchSchedule(trigger: Json, event: TriggerEvent): EventMatch {
  const crons = Array.isArray(trigger) ? trigger.map((entry: Json) => (isObject(entry) ? entry['cron'] : entry)) : [];
  const cron = event.payload['schedule'];
  return crons.includes(cron ?? null) ? { kind: 'starts' } : ignored(`no schedule is '${String(cron)}'`);
}

function matchWorkflowNames(filters: JsonObject, event: TriggerEvent): EventMatch | undefined {
  if (filters['workflows'] === undefined) return undefined;
  const run = event.payload['workflow'];
  const name = isObject(run ?? null) ? (run as JsonObject)['name'] : undefined;
  return texts(filters['workflows']).includes(String(name))
    ? undefined
    : ignored(`the workflow '${String(name)}' is not listed`);
}

/** A push is filtered by the ref that moved, a pull request by its base, a finished workflow by its head. */
function matchRef(filters: JsonObject, event: TriggerEvent, ref: string): EventMatch | undefined {
  const isTag = event.name === 'push' && ref.startsWith('refs/tags/');
  const own = isTag ? (['tags', 'tags-ignore'] as const) : (['branches', 'branches-ignore'] as const);
  const other = isTag ? (['branches', 'branches-ignore'] as const) : (['tags', 'tags-ignore'] as const);
  const [only, except] = own;
  const name = filteredRef(event, ref);
  const wanted = filters[only];
  const unwanted = filters[except];
  if (wanted !== undefined)
    return matchesFilter(name, texts(wanted)) ? undefined : ignored(`'${name}' is not among '${only}'`);
  if (unwanted !== undefined)
    return matchesFilter(name, texts(unwanted)) ? ignored(`'${name}' is among '${except}'`) : undefined;
  const onlyTheOtherKind = other.some((key) => filters[key] !== undefined);
  return event.name === 'push' && onlyTheOtherKind
    ? ignored(`only ${other[0]} start it, and '${name}' is none`)
    : undefined;
}

function filteredRef(event: TriggerEvent, ref: string): string {
  const pull = event.payload['pull_request'];
  const base = isObject(pull ?? null) ? (pull as JsonObject)['base'] : undefined;
  if (event.name.startsWith('pull_request') && isObject(base ?? null)) return String((base as JsonObject)['ref']);
  const run = event.payload['workflow_run'];
  if (event.name === 'workflow_run' && isObject(run ?? null)) return String((run as JsonObject)['head_branch']);
  return ref.replace(/^refs\/(heads|tags)\//, '');
}

function matchPaths(filters: JsonObject, event: TriggerEvent): EventMatch | undefined {
  const wanted = filters['paths'];
  const unwanted = filters['paths-ignore'];
  if (wanted === undefined && unwanted === undefined) return undefined;
  const changed = event.changedPaths;
  if (changed === undefined) {
    throw refusal("The workflow has a 'paths' filter and the changed paths are not known", 'Give event.changedPaths.');
  }
  const starts =
    wanted !== undefined
      ? changed.some((file) => matchesFilter(file, texts(wanted)))
      : changed.some((file) => !matchesFilter(file, texts(unwanted)));
  return starts ? undefined : ignored('no changed path passes the filter');
}

function ignored(reason: string): EventMatch {
  return { kind: 'ignored', reason };
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function texts(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
