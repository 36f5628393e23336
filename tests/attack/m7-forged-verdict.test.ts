import { describe, expect, it } from 'vitest';
import { pullRequestBody } from '../../src/domain/pull-request-text.ts';
import { manifestOn, publishScene, readyResult } from '../fakes/publish-scene.ts';

const disclosure = 'they ran in the sandbox in which the agent had worked';

/** The section that tells a reviewer what to doubt. */
async function uncheckedOf(more: Parameters<typeof readyResult>[1] = {}): Promise<string> {
  const { forge, task } = await publishScene();
  const manifest = manifestOn(forge, task.base.sha, { 'src/slugify.ts': 'new\n' });
  const body = pullRequestBody({ task, result: readyResult(manifest, more), manifest });
  return body.split('## What was not checked')[1]?.split('<details>')[0] ?? '';
}

describe('M7: tests that pass because the agent prepared the place where they run', () => {
  it('are not told as independent proof: the pull request says where they ran', async () => {
    expect(await uncheckedOf()).toContain(disclosure);
  });

  it('are not spoken of when none were run', async () => {
    const text = await uncheckedOf({ testsBefore: undefined, testsAfter: undefined } as never);
    expect(text).toContain('whether the tests pass');
    expect(text).not.toContain(disclosure);
  });
});
