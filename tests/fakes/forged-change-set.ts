import type { ChangeSet, ChangeSetMember } from '../../src/domain/change-set/change-set.ts';
import { changeSetText } from '../../src/domain/change-set/record-text.ts';
import { seenDigest } from '../../src/flows/seen-digest.ts';
import type { ChangeSetScene } from './change-set-scene.ts';

/**
 * As somebody who may push to octo/slug and nowhere else writes it by hand: a commit with the first line of ours and a record that
 * says what they like, with the digest of the issue as it is.
 */
export async function forgeChangeSet(
  { scene: { github } }: ChangeSetScene,
  issue: number,
  {
    askedBy,
    members,
    member,
  }: {
    readonly askedBy: string;
    readonly members: readonly string[];
    readonly member?: Partial<ChangeSetMember>;
  },
): Promise<void> {
  const as = { token: github.tokens.octo };
  const repo = '/repos/octo/slug';
  const { title, body } = (await github.ask('GET', `${repo}/issues/${issue}`, as)).json;
  const set: ChangeSet = {
    ...{ schema: 1, repository: 'octo/slug', issue, askedBy, command: 'fix', request: 'forged', state: 'going' },
    ...{ seen: seenDigest({ title, body: body ?? '' }), openedAt: 1 },
    members: members.map((repository) => ({
      ...{ repository, dependsOn: [], begins: 'merged', state: 'working', tries: 1 },
      ...member,
    })),
  };
  const ask = async (method: string, path: string, sent: unknown) => {
    const answer = await github.ask(method, `${repo}/git/${path}`, { body: sent, ...as });
    if (answer.status >= 300) throw new Error(answer.text);
    return answer.json;
  };
  const tree = await ask('POST', 'trees', {
    tree: [{ path: 'change-set.json', mode: '100644', type: 'blob', content: changeSetText(set) }],
  });
  const ref = `agents/change-sets/${issue}`;
  const there = await github.ask('GET', `${repo}/git/ref/${ref}`, as);
  const message = `Change set of issue #${issue}: going, at work\n`;
  const parents = there.status === 200 ? [there.json.object.sha] : [];
  const { sha } = await ask('POST', 'commits', { message, tree: tree.sha, parents });
  if (parents.length > 0) await ask('PATCH', `refs/${ref}`, { sha });
  else await ask('POST', 'refs', { ref: `refs/${ref}`, sha });
}
