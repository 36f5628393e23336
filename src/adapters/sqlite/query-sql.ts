import type { Condition, Edge, EdgeTarget, Flag, Measure, Subject } from '../../domain/query/condition.ts';
import type { QueryContext } from '../../domain/query/context.ts';
import { isAscii } from '../../domain/query/fold.ts';
import { edgeKeys } from '../../domain/query/predicate.ts';
import { orderOf } from '../../domain/query/sort.ts';
import type { Query } from '../../domain/query/syntax.ts';
import { taskCondition } from '../../domain/query/task-query.ts';
import { wordSearch } from '../../domain/query/words.ts';

/** Parts of a statement over `tasks` and `claims`. Nothing of the query itself is in the text, only `?`. */
export interface QuerySql {
  readonly from: string;
  /** Never NULL. */
  readonly where: string;
  readonly order: string;
  /** For the `?` of `where`, in their order. */
  readonly parameters: readonly (string | number)[];
}

const withClaims = `tasks LEFT JOIN claims ON claims.key = tasks.key AND claims.state = 'held'`;

/** Needs `defineQueryFunctions`. Throws E106 for what tasks cannot answer. */
export function querySql(query: Query, context: QueryContext): QuerySql {
  const parameters: (string | number)[] = [];
  const where = sqlOf(taskCondition(query, context), parameters);
  const order = orderOf(query).map(({ measure, direction }) => {
    const { sql, nullable } = measures[measure];
    return `${nullable ? `(${sql}) IS NULL, ` : ''}${sql} ${direction === 'asc' ? 'ASC' : 'DESC'}`;
  });
  const asksForClaims = [where, ...order].some((sql) => sql.includes('claims.'));
  return {
    from: asksForClaims ? withClaims : 'tasks',
    where,
    order: [...order, 'tasks.key ASC'].join(', '),
    parameters,
  };
}

function sqlOf(condition: Condition, parameters: (string | number)[]): string {
  switch (condition.kind) {
    case 'always':
      return '1';
    case 'not':
      return `NOT (${sqlOf(condition.part, parameters)})`;
    case 'and':
      return balanced(condition.parts, 'AND', parameters);
    case 'or':
      return balanced(condition.parts, 'OR', parameters);
    case 'flag':
      return flags[condition.flag];
    case 'same':
      return sameSql(condition.subject, condition.folded, parameters);
    case 'present':
      return presences[condition.subject];
    case 'within':
      return withinSql(condition, parameters);
    case 'words':
      return wordsSql(condition, parameters);
    case 'edge':
      return edgeSql(condition.edge, condition.to, parameters);
    default:
      return condition satisfies never;
  }
}

/** Halves of halves: SQLite refuses expressions that are nested deeper than 1,000, as a long chain would be. */
function balanced(parts: readonly Condition[], operator: 'AND' | 'OR', parameters: (string | number)[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return sqlOf(only, parameters);
  const middle = Math.ceil(parts.length / 2);
  const left = balanced(parts.slice(0, middle), operator, parameters);
  return `(${left} ${operator} ${balanced(parts.slice(middle), operator, parameters)})`;
}

const flags: Readonly<Record<Flag, string>> = {
  open: `tasks.forge_state = 'open'`,
  closed: `tasks.forge_state = 'closed'`,
  issue: `tasks.kind = 'issue'`,
  pull: `tasks.kind = 'pull'`,
  ready: 'tasks.ready = 1',
  claimed: 'claims.key IS NOT NULL',
  blocked: 'tasks.open_blockers > 0',
};

const presences: Readonly<Record<Subject | Edge, string>> = {
  label: 'tasks.key IN (SELECT task FROM task_labels)',
  assignee: 'tasks.key IN (SELECT task FROM task_assignees)',
  author: '1',
  milestone: 'tasks.milestone IS NOT NULL',
  repository: '1',
  owner: '1',
  state: '1',
  holder: 'claims.key IS NOT NULL',
  agent: 'tasks.agent_id IS NOT NULL',
  role: 'tasks.agent_role IS NOT NULL',
  'blocked-by': 'tasks.key IN (SELECT waiter FROM waits)',
  blocks: 'tasks.key IN (SELECT blocker FROM waits)',
};

function sameSql(subject: Subject, folded: readonly string[], parameters: (string | number)[]): string {
  const same = (column: string): string => sameColumn(column, folded, parameters);
  const sameOrLacks = (column: string): string => `(${column} IS NOT NULL AND ${same(column)})`;
  switch (subject) {
    case 'label':
      return `tasks.key IN (SELECT task FROM task_labels WHERE ${same('label')})`;
    case 'assignee':
      return `tasks.key IN (SELECT task FROM task_assignees WHERE ${same('login')})`;
    case 'author':
      return same('tasks.author');
    case 'milestone':
      return sameOrLacks('tasks.milestone');
    case 'repository':
      return same('tasks.repository');
    case 'owner':
      return same(`substr(tasks.repository, 1, instr(tasks.repository, '/') - 1)`);
    case 'state':
      return same('tasks.state');
    case 'holder': {
      const columns = ['claims.owner', 'claims.run', 'claims.agent'];
      return `(${columns.map(sameOrLacks).join(' OR ')})`;
    }
    case 'agent':
      return sameOrLacks('tasks.agent_id');
    case 'role':
      return sameOrLacks('tasks.agent_role');
    default:
      return subject satisfies never;
  }
}

/** SQLite's NOCASE knows ASCII, which `fold` is made to agree with; other letters are compared by `fold` itself. */
function sameColumn(column: string, folded: readonly string[], parameters: (string | number)[]): string {
  const plain = folded.filter(isAscii);
  const other = folded.filter((text) => !isAscii(text));
  parameters.push(...plain, ...other);
  const cases = [
    ...(plain.length > 0 ? [`${column} COLLATE NOCASE IN (${marks(plain)})`] : []),
    ...(other.length > 0 ? [`query_fold(${column}) IN (${marks(other)})`] : []),
  ];
  return cases.length === 1 ? cases.join('') : `(${cases.join(' OR ')})`;
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

const measures: Readonly<Record<Measure, { readonly sql: string; readonly nullable?: true }>> = {
  created: { sql: 'tasks.created_at' },
  updated: { sql: 'tasks.updated_at' },
  closed: { sql: 'tasks.closed_at', nullable: true },
  progress: {
    sql: `coalesce(claims.record ->> '$.progressAt', claims.record ->> '$.acquiredAt')`,
    nullable: true,
  },
  comments: { sql: 'tasks.comments' },
  attempts: { sql: 'tasks.attempts' },
  cost: { sql: 'tasks.cost_micro_usd' },
  fence: { sql: 'tasks.fence' },
  priority: { sql: 'tasks.priority' },
};

function withinSql(
  { measure, min, max }: Extract<Condition, { kind: 'within' }>,
  parameters: (string | number)[],
): string {
  const { sql, nullable } = measures[measure];
  const bounds = nullable ? [`${sql} IS NOT NULL`] : ['1'];
  if (min !== undefined) {
    bounds.push(`${sql} >= ?`);
    parameters.push(min);
  }
  if (max !== undefined) {
    bounds.push(`${sql} <= ?`);
    parameters.push(max);
  }
  return `(${bounds.join(' AND ')})`;
}

/** The longest word is looked for by SQLite's own means first: most texts do not have it. */
function wordsSql({ places, words }: Extract<Condition, { kind: 'words' }>, parameters: (string | number)[]): string {
  const { longest } = wordSearch(words);
  const cases = places.map((place) => {
    if (longest !== undefined) parameters.push(longest);
    parameters.push(words.join(' '));
    const column = `tasks.${place}`;
    const prefilter = longest === undefined ? '' : `instr(lower(${column}), ?) > 0 AND `;
    return `query_in_time() AND ${prefilter}query_has_words(${column}, ?)`;
  });
  return `(${cases.map((each) => `(${each})`).join(' OR ')})`;
}

function edgeSql(edge: Edge, to: readonly EdgeTarget[], parameters: (string | number)[]): string {
  const [task, other] = edge === 'blocks' ? ['blocker', 'waiter'] : ['waiter', 'blocker'];
  const keys = to.flatMap((target) => edgeKeys(target, undefined));
  const numbers = to.flatMap((target) =>
    target.kind === 'number' && target.repository === undefined ? [String(target.number)] : [],
  );
  const cases: string[] = [];
  if (keys.length > 0) {
    parameters.push(...keys);
    cases.push(`tasks.key IN (SELECT ${task} FROM waits WHERE ${other} IN (${marks(keys)}))`);
  }
  if (numbers.length > 0) {
    parameters.push(...numbers.flatMap((number) => [number, number]));
    const same = numbers.flatMap(() =>
      ['issues', 'pulls'].map((kind) => `'github/' || lower(tasks.repository) || '/${kind}/' || ?`),
    );
    cases.push(`EXISTS (SELECT 1 FROM waits WHERE ${task} = tasks.key AND ${other} IN (${same.join(', ')}))`);
  }
  return cases.length === 1 ? cases.join('') : `(${cases.join(' OR ')})`;
}
