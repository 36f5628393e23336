import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../src/adapters/sqlite/migrate.ts';
import { searchTaskKeys } from '../../src/adapters/sqlite/search-tasks.ts';
import { parseQuery } from '../../src/domain/query/parser.ts';
import { taskPredicate } from '../../src/domain/query/predicate.ts';
import type { Query } from '../../src/domain/query/syntax.ts';
import { generatedTasks } from '../fakes/generated-tasks.ts';
import { insertTasks } from '../fakes/task-rows.ts';
import { type Figure, spread } from './figure.ts';
import { generatedContext } from './query-agreement.ts';

const parseLimitUs = 100;
const filterLimitMs = 50;
const hugeLimitMs = 50;

/** As people write them; `words` alone has to look into every text. */
const samples: Readonly<Record<string, string>> = {
  ready: 'is:open is:ready -label:"help wanted" sort:priority',
  mine: 'is:open is:issue (assignee:@me OR claimed-by:@me) label:bug,"Bug fix" updated:<14d',
  stale: 'repo:octo/slug is:stale attempts:>=1 -label:ärger cost:>0.50',
  blocked: 'state:in_progress,in_review blocked-by:* no:milestone created:2026-11-01..2026-11-15',
  wordsInSome: 'is:open label:bug "memory_leak slow" in:body',
  words: 'crash login',
};

/** Reading a query, and answering it over mirrored issues in memory and by SQLite. */
export const figure: Figure = async ({ quick, progress }) => {
  const count = quick ? 20_000 : 100_000;
  const rounds = quick ? 5 : 15;
  const parse = Object.fromEntries(
    Object.entries(samples).map(([name, text]) => [name, spread(parseUs(text, rounds * 20))]),
  );
  const huge = spread(Array.from({ length: rounds }, () => elapsed(() => parseQuery(hugeText))));

  progress(`${count} tasks`);
  const tasks = generatedTasks(count, 7);
  using db = openWith(tasks);
  const filterMs: Record<string, unknown> = {};
  const sqlMs: Record<string, unknown> = {};
  const medians: number[] = [];
  for (const [name, text] of Object.entries(samples)) {
    progress(name);
    const query = queryOf(text);
    const memory = spread(
      Array.from({ length: rounds }, () => elapsed(() => tasks.filter(taskPredicate(query, generatedContext)))),
    );
    filterMs[name] = memory;
    medians.push(memory.median);
    const page = { query, context: generatedContext, offset: 0, limit: 50 };
    sqlMs[name] = spread(Array.from({ length: rounds }, () => elapsed(() => searchTaskKeys(db, page))));
  }
  const worstParse = Math.max(...Object.values(parse).map(({ median }) => median));
  return {
    kind: 'measured',
    ok: worstParse < parseLimitUs && Math.max(...medians) < filterLimitMs && huge.median < hugeLimitMs,
    figures: { tasks: count, parseUs: parse, parse64KiBMs: huge, filterMs, sqlFirstPageMs: sqlMs, samples },
    limits: {
      parseUs: `median < ${parseLimitUs}`,
      parse64KiBMs: `median < ${hugeLimitMs}`,
      filterMs: `median < ${filterLimitMs} for 100,000`,
    },
  };
};

/** As long as a query may be, and with as many conditions. */
const hugeText = Array.from({ length: 900 }, (_, index) => `label:"${'x'.repeat(55)}${index}"`)
  .join(' OR ')
  .slice(0, 65_500);

function parseUs(text: string, rounds: number): number[] {
  const each = 50;
  return Array.from({ length: rounds }, () => {
    const ms = elapsed(() => {
      for (let index = 0; index < each; index += 1) parseQuery(text);
    });
    return (ms * 1_000) / each;
  });
}

function elapsed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function queryOf(text: string): Query {
  const read = parseQuery(text);
  if (read.kind === 'error') throw new Error(`${text}: ${read.error.message}`);
  return read.query;
}

function openWith(tasks: Parameters<typeof insertTasks>[1]): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  migrate(db, ':memory:');
  insertTasks(db, tasks);
  db.exec('ANALYZE');
  return db;
}
