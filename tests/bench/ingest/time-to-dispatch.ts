import { cpSync } from 'node:fs';
import path from 'node:path';
import { openStackWorld, type StackWorld } from '../../fakes/stack-world/stack-world.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import { spread } from '../figure.ts';

const repositories = ['octo/slug', 'octo/snail', 'octo/parser', 'octo/pages'] as const;
/** Runs at work that a repository has room for where nobody set anything. */
const room = 5;
const limitMs = 60_000;

/**
 * From the comment that asks, which GitHub tells by a signed webhook, to the `workflow_dispatch` that it carries out: through
 * the built functions, each in a process of its own, SQS and DynamoDB. First one after the other, then all at once.
 */
export async function timesToDispatch(
  each: number,
  progress: (line: string) => void,
): Promise<Readonly<Record<string, unknown>>> {
  using folder = tempFolder();
  const sample = path.join(folder.root, 'sample');
  cpSync(path.resolve(import.meta.dirname, '../../../examples/slug'), sample, { recursive: true });
  await using world = await openStackWorld({ folder: folder.root, sample, repositories, progress });
  const watch = watchDispatches(world);
  const asked = Array.from({ length: Math.min(each, 2 * room) }, (_none, index) => index);

  const alone: number[] = [];
  for (const index of asked) {
    const ask = await openIssue(world, repositories[index % 2] ?? repositories[0]);
    alone.push((await watch.after(ask)) - watch.lastAskedAt());
  }
  progress(`one after the other: ${alone.map(Math.round).join(', ')} ms`);

  const asks = await Promise.all(
    asked.map((index) => openIssue(world, repositories[2 + (index % 2)] ?? repositories[2])),
  );
  const started = performance.now();
  const together = (await watch.afterAll(asks)).map((at) => at - started);
  progress(`all at once: ${together.map(Math.round).join(', ')} ms`);
  return {
    // Whose connections, token and parts of the bundle are fetched and loaded on the way.
    firstMs: Math.round(alone[0] ?? Number.NaN),
    oneAfterTheOther: spread(alone.slice(1)),
    allAtOnce: { asked: together.length, ...spread(together) },
    pollMs: 50,
  };
}

type Ask = () => Promise<unknown>;

async function openIssue(world: StackWorld, repository: string): Promise<Ask> {
  const text = { title: 'slugify drops the last word', body: 'It does when the limit falls on a separator.' };
  const { number } = await world.send<{ number: number }>('POST', `/repos/${repository}/issues`, text);
  return () => world.send('POST', `/repos/${repository}/issues/${number}/comments`, { body: '/agent fix' });
}

/** When GitHub told of comments that ask, and when it carried out dispatches. */
function watchDispatches({ github }: StackWorld) {
  const dispatched: number[] = [];
  let askedAt = 0;
  let wake: () => void = () => undefined;
  github.onEvent(({ name }) => {
    if (name === 'issue_comment') askedAt = performance.now();
    if (name !== 'workflow_dispatch') return;
    dispatched.push(performance.now());
    wake();
  });
  const until = async (count: number): Promise<readonly number[]> => {
    const late = AbortSignal.timeout(limitMs);
    while (dispatched.length < count) {
      late.throwIfAborted();
      await new Promise<void>((resolve) => {
        wake = resolve;
        late.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return dispatched;
  };
  let lastAskedAt = 0;
  return {
    /** When the workflow of this one was started; nothing else may be under way. */
    after: async (ask: Ask): Promise<number> => {
      const before = dispatched.length;
      const asking = ask();
      // The event of the person's own comment comes first; the App's comments follow it.
      await asking;
      lastAskedAt = Math.min(askedAt, performance.now());
      return (await until(before + 1))[before] ?? Number.NaN;
    },
    afterAll: async (asks: readonly Ask[]): Promise<readonly number[]> => {
      const before = dispatched.length;
      await Promise.all(asks.map((ask) => ask()));
      return (await until(before + asks.length)).slice(before);
    },
    lastAskedAt: () => lastAskedAt,
  };
}
