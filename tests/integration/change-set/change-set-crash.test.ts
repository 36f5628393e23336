import { expect, test } from 'vitest';
import type { ChangeSet } from '../../../src/domain/change-set/change-set.ts';
import { sweepChangeSets } from '../../../src/flows/change-set/sweep-change-sets.ts';
import type { DispatchRoom } from '../../../src/flows/dispatch/dispatch-room.ts';
import { type ChangeSetScene, changeSetScene, lockMs } from '../../fakes/change-set-scene.ts';
import { Killed, killPoints } from '../../fakes/kill-points.ts';
import { noBounds } from '../../unit/flows/sweep.fixture.ts';

/** Even: every third call. Which third: nightly.yml counts on, so that three nights have seen all of them. */
const stride = 6;
const offset = 2 * (Number(process.env['KILL_OFFSET'] ?? '0') % (stride / 2));
const slug = { owner: 'octo', name: 'slug' };

/** Every call that others can see, in every repository. */
function killedAt(
  { scene }: ChangeSetScene,
  at: number,
): { readonly room: DispatchRoom; readonly passed: () => number } {
  const points = killPoints(at);
  const room = scene.room();
  const watched: DispatchRoom = {
    ...room,
    claims: points.watch(room.claims, ['acquire', 'release', 'beginEffect']),
    runs: points.watch(room.runs, ['open', 'change']),
    objects: points.watch(room.objects, ['put']),
    connect: (repository) => {
      const access = room.connect(repository);
      return {
        ...access,
        sets: points.watch(access.sets, ['swap']),
        forge: {
          ...points.watch(access.forge, ['createComment', 'updateComment', 'createIssue']),
          reviews: points.watch(access.forge.reviews, ['markReady']),
        },
        workflows: points.watch(access.workflows, ['dispatch']),
      };
    },
  };
  return { room: watched, passed: () => points.passed };
}

/** A minute later somebody looks at all sets, as the sweeper does. */
async function later(at: ChangeSetScene): Promise<void> {
  at.scene.clock.advance(2 * lockMs + 120_000);
  await sweepChangeSets(at.scene.room(), slug, noBounds);
}

function pullOf({ members }: ChangeSet, repository: string): number {
  return members.find((member) => member.repository === repository)?.pullRequest ?? 0;
}

async function expectOneOfEach(at: ChangeSetScene, issue: number): Promise<void> {
  const { scene } = at;
  for (const { repository, issue: member = 0, tries } of (await at.set(issue)).members) {
    const [owner = '', name = ''] = repository.split('/');
    const body = `<!-- entropy-change-set octo/slug#${issue} `;
    const all = (
      await scene.github.ask('GET', `/repos/${repository}/issues?state=all&per_page=100`, {
        token: scene.github.tokens.octo,
      })
    ).json;
    expect(all.filter((each: { body: string | null }) => each.body?.startsWith(body))).toHaveLength(1);
    expect(tries).toBe(1);
    const runs = await scene.stores.runs.list({ task: `github/${owner}/${name}/issues/${member}`, limit: 10 });
    expect(runs).toHaveLength(1);
    expect(scene.started().filter(({ title }) => title === runs[0]?.id)).toHaveLength(1);
  }
}

test('a dispatcher that is killed anywhere is followed by one that ends with one issue, one run and one table each', async () => {
  await using at = await changeSetScene();
  const now = { microUsd: 1e15, tokens: 1e15, runs: 1e6 };
  for (const scope of ['repository/octo/slug', 'repository/octo/app', 'organisation/octo']) {
    await at.scene.stores.budgets.setCaps(scope, { runs: now.runs }, 'test');
    await at.scene.stores.budgets.setCaps(`${scope}/day`, { microUsd: now.microUsd, tokens: now.tokens }, 'test');
  }
  const line = 'Repositories: slug, app (with slug)';

  /** The whole life; each of three steps in the middle of which it is killed is followed by a sweep. */
  const live = async (kill: {
    readonly step: number;
    readonly point: number;
  }): Promise<{ readonly issue: number; readonly passed: readonly number[] }> => {
    const passed: number[] = [];
    const roomOf = (step: number) => {
      const { room, passed: count } = killedAt(at, kill.step === step ? kill.point : Number.POSITIVE_INFINITY);
      return { room, done: () => passed.push(count()) };
    };
    const survive = async <T>(
      step: number,
      act: (room: DispatchRoom) => Promise<T>,
      found: () => Promise<T>,
    ): Promise<T> => {
      const { room, done } = roomOf(step);
      try {
        return await act(room);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        await later(at);
        return found();
      } finally {
        done();
      }
    };
    const issue = await at.open(line);
    await survive(
      0,
      (room) => at.fix(issue, room),
      () => at.again(),
    );
    const first = await survive(
      1,
      (room) => at.deliver(issue, 'slug', room),
      async () => pullOf(await at.set(issue), 'octo/slug'),
    );
    const second = await at.deliver(issue, 'app');
    await survive(
      2,
      (room) => at.end('slug', first, 'merge', room),
      async () => undefined,
    );
    expect(await at.states(issue)).toBe('slug merged, app in_review');
    expect(await at.pull('app', second)).toMatchObject({ draft: false });
    await at.end('app', second, 'merge');
    expect(await at.set(issue)).toMatchObject({ state: 'merged' });
    expect(await at.table('slug', issue)).toContain('All of it is merged.');
    await expectOneOfEach(at, issue);
    return { issue, passed };
  };

  const { passed } = await live({ step: -1, point: 0 });
  expect(passed[0]).toBeGreaterThan(10);
  for (const [step, points = 0] of passed.entries()) {
    // After a call (before the next one is the same moment); every one of them in turn takes minutes.
    for (let point = 2 + ((2 * step + offset) % stride); point <= points; point += stride) await live({ step, point });
  }
}, 600_000);
