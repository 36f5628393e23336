import { describe, expect, it } from 'vitest';
import type { Forge } from '../../src/ports/forge.ts';

export interface ReviewFixture extends AsyncDisposable {
  /** Writes with a token that may push. */
  readonly forge: Forge;
  /** A draft that adds `new.txt` with the lines `one`, `two` and `three`, by somebody else. */
  readonly pull: number;
  readonly headSha: string;
  /** Somebody of the team answers the comment. */
  replyAs(comment: number, body: string): Promise<void>;
}

/** What every forge promises about reviews. */
export function forgeReviewsContract(name: string, open: () => Promise<ReviewFixture>): void {
  describe(`${name} takes reviews`, () => {
    const onTwo = { path: 'new.txt', line: 2, body: 'Why two?' };

    it('with comments on lines, and gives them back', async () => {
      await using at = await open();
      const { reviews } = at.forge;
      const { files, complete } = await reviews.files(at.pull);
      expect(complete).toBe(true);
      expect(files.map(({ path, status, patch }) => [path, status, patch?.split('\n').at(-1)])).toEqual([
        ['new.txt', 'added', '+three'],
      ]);
      const main = (await at.forge.branchHead('main')) ?? '';
      expect((await reviews.filesBetween(main, at.headSha)).files).toEqual(files);
      const review = {
        commitSha: at.headSha,
        event: 'REQUEST_CHANGES',
        body: 'See below.',
        comments: [onTwo],
      } as const;
      const made = await reviews.create(at.pull, review);
      expect(made).toMatchObject({ kind: 'created', review: { body: 'See below.', state: 'CHANGES_REQUESTED' } });
      const [comment, ...others] = await reviews.comments(at.pull);
      expect(others).toEqual([]);
      expect(comment).toMatchObject({ path: 'new.txt', line: 2, body: 'Why two?', inReplyTo: undefined });
      expect(await at.forge.isOwnAuthor(comment?.author ?? '')).toBe(true);
      const [again] = await reviews.reviews(at.pull);
      expect(again).toMatchObject({ id: comment?.reviewId, commitSha: at.headSha });
    });

    it('and holds conversations, which end and begin anew', async () => {
      await using at = await open();
      const { reviews } = at.forge;
      const place = { ...onTwo, startLine: 1 };
      await reviews.create(at.pull, { commitSha: at.headSha, event: 'COMMENT', body: 'x', comments: [place, onTwo] });
      const [first] = await reviews.comments(at.pull);
      const ours = await reviews.reply(at.pull, first?.id ?? 0, 'It was asked for.');
      await at.replyAs(first?.id ?? 0, 'By whom?');
      const [thread, other] = await reviews.threads(at.pull);
      expect(thread).toMatchObject({ resolved: false, outdated: false });
      expect(thread?.comments).toHaveLength(3);
      expect(thread?.comments.slice(0, 2)).toEqual([first?.id, ours.id]);
      await reviews.resolveThread(thread?.id ?? '');
      await reviews.resolveThread(thread?.id ?? '');
      expect((await reviews.threads(at.pull)).map(({ resolved }) => resolved)).toEqual([true, false]);
      await reviews.reopenThread(thread?.id ?? '');
      await reviews.resolveThread(other?.id ?? '');
      expect((await reviews.threads(at.pull)).map(({ resolved }) => resolved)).toEqual([false, true]);
      await expect(reviews.resolveThread('PRRT_nothing')).rejects.toMatchObject({ code: 'E202' });
    });

    it('refuses what stands nowhere in the diff, in the words of GitHub', async () => {
      await using at = await open();
      const review = { commitSha: at.headSha, event: 'COMMENT', body: 'x' } as const;
      const astray = await at.forge.reviews.create(at.pull, { ...review, comments: [{ ...onTwo, path: 'README.md' }] });
      expect(astray).toEqual({ kind: 'refused', reason: 'Path could not be resolved' });
      expect(await at.forge.reviews.reviews(at.pull)).toEqual([]);
    });

    it('takes back what asked for changes, once', async () => {
      await using at = await open();
      const { reviews } = at.forge;
      const asked = { commitSha: at.headSha, event: 'REQUEST_CHANGES', body: 'No.', comments: [] } as const;
      const made = await reviews.create(at.pull, asked);
      const id = made.kind === 'created' ? made.review.id : 0;
      expect(await reviews.dismiss(at.pull, id, 'Done by now.')).toEqual({ kind: 'dismissed' });
      expect((await reviews.reviews(at.pull)).map(({ state }) => state)).toEqual(['DISMISSED']);
      expect(await reviews.dismiss(at.pull, id, 'Done by now.')).toMatchObject({ kind: 'refused' });
    });

    it('with a sign on a review that was seen, as often as it is put there', async () => {
      await using at = await open();
      const { reviews } = at.forge;
      const made = await reviews.create(at.pull, {
        ...{ commitSha: at.headSha, event: 'COMMENT', body: '/agent help', comments: [] },
      });
      const id = made.kind === 'created' ? made.review.id : 0;
      await reviews.react(at.pull, id);
      await reviews.react(at.pull, id);
      await expect(reviews.react(at.pull, 7)).rejects.toMatchObject({ code: 'E202' });
    });

    it('makes a draft ready, once', async () => {
      await using at = await open();
      expect((await at.forge.pullRequest(at.pull))?.draft).toBe(true);
      expect(await at.forge.reviews.markReady(at.pull)).toBe('ready');
      expect((await at.forge.pullRequest(at.pull))?.draft).toBe(false);
      expect(await at.forge.reviews.markReady(at.pull)).toBe('was-ready');
    });
  });

  describe(`${name} labels issues`, () => {
    it('with labels that there are, and makes none by the way', async () => {
      await using at = await open();
      const { labels } = at.forge;
      expect(await labels.create({ name: 'agent', color: '00ff00', description: 'For agents' })).toBe('created');
      expect(await labels.create({ name: 'Agent', color: '00ff00', description: 'For agents' })).toBe('exists');
      const issue = at.pull;
      await labels.add(issue, ['agent', 'BUG']);
      expect([...(await at.forge.issue(issue)).labels].sort()).toEqual(['agent', 'bug']);
      await expect(labels.add(issue, ['bug', 'no such'])).rejects.toMatchObject({ code: 'E202' });
      await labels.remove(issue, 'BUG');
      await labels.remove(issue, 'bug');
      expect((await at.forge.issue(issue)).labels).toEqual(['agent']);
      expect(await labels.all()).not.toContain('no such');
    });
  });

  describe(`${name} tells of folders and of where histories parted`, () => {
    it('by names of files, sorted, without those further down', async () => {
      await using at = await open();
      expect(await at.forge.filesIn('src', 'main')).toEqual(['a.txt']);
      expect(await at.forge.filesIn('nowhere', 'main')).toEqual([]);
      const main = (await at.forge.branchHead('main')) ?? '';
      expect(await at.forge.mergeBase(main, at.headSha)).toBe(main);
      expect(await at.forge.mergeBase(main, main)).toBe(main);
    });
  });
}
