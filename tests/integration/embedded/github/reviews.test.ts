import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';

describe('reviews', () => {
  let room: GitHubRoom;
  let at: string;
  let head: string;
  beforeAll(async () => {
    room = await gitHubRoom();
    const lines = Array.from(
      { length: 40 },
      (_, index) => `export const line${index + 1} = ${index === 19 ? 'changed' : index + 1};\n`,
    );
    head = await room.commit('reviewed', { 'src/slugify.ts': lines.join('') });
    const body = { title: 'Reviewed', head: 'reviewed', base: 'main' };
    at = `${repo}/pulls/${(await room.ask('POST', `${repo}/pulls`, { body })).json.number}`;
  });
  afterAll(() => room[Symbol.asyncDispose]());

  const comment = (place: Record<string, unknown>) =>
    room.ask('POST', `${at}/comments`, { body: { body: 'Hm', commit_id: head, path: 'src/slugify.ts', ...place } });

  test('a comment stands on a line of the diff, old or new, with the hunk above it', async () => {
    const added = await comment({ line: 20, side: 'RIGHT' });
    expect(added.json).toMatchObject({ line: 20, side: 'RIGHT', position: 5, subject_type: 'line' });
    expect(added.json.diff_hunk.split('\n').at(-1)).toBe('+export const line20 = changed;');
    expect((await comment({ line: 20, side: 'LEFT' })).json).toMatchObject({ line: 20, side: 'LEFT', position: 4 });
    expect((await comment({ position: 5 })).json).toMatchObject({ line: 20, side: 'RIGHT' });
    expect((await comment({ start_line: 18, line: 20, start_side: 'RIGHT' })).json).toMatchObject({ start_line: 18 });
    expect((await comment({ subject_type: 'file' })).json).toMatchObject({ subject_type: 'file' });
  });

  test.each([
    [{ line: 5 }, 'pull_request_review_thread.line'],
    [{ line: 20, path: 'README.md' }, 'pull_request_review_thread.path'],
    [{ line: 20, start_line: 22 }, 'pull_request_review_thread.start_line'],
    [{ position: 99 }, 'pull_request_review_thread.position'],
  ])('outside of the diff it is a 422: %j', async (place, field) => {
    const answer = await comment(place);
    expect([answer.status, answer.json.errors[0].field]).toEqual([422, field]);
  });

  test('a review with one comment outside of the diff is refused as a whole', async () => {
    const comments = [
      { path: 'src/slugify.ts', line: 20, body: 'fine' },
      { path: 'src/slugify.ts', line: 3, body: 'not there' },
    ];
    const token = room.tokens.octo;
    const answer = await room.ask('POST', `${at}/reviews`, { token, body: { event: 'COMMENT', body: 'x', comments } });
    expect([answer.status, answer.json.errors]).toEqual([422, ['Line could not be resolved']]);
    expect((await room.ask('GET', `${at}/reviews`)).json.filter(({ body }: { body: string }) => body === 'x')).toEqual(
      [],
    );
  });

  test('nobody approves their own work, and a job approves nothing', async () => {
    const own = await room.ask('POST', `${at}/reviews`, { body: { event: 'APPROVE' } });
    expect([own.status, own.json.errors]).toEqual([422, ['Can not approve your own pull request']]);
    const token = room.job({ 'pull-requests': 'write' });
    expect((await room.ask('POST', `${at}/reviews`, { token, body: { event: 'APPROVE' } })).status).toBe(422);
    const other = await room.ask('POST', `${at}/reviews`, { token: room.tokens.octo, body: { event: 'APPROVE' } });
    expect(other.json.state).toBe('APPROVED');
  });

  test('a review that is not submitted is seen by its author alone', async () => {
    const token = room.tokens.octo;
    const comments = [{ path: 'src/slugify.ts', line: 20, body: 'secret for now' }];
    const { id } = (await room.ask('POST', `${at}/reviews`, { token, body: { comments } })).json;
    const ids = async (as: string) =>
      (await room.ask('GET', `${at}/reviews`, { token: as })).json.map((each: { id: number }) => each.id);
    expect(await ids(token)).toContain(id);
    expect(await ids(room.tokens.alice)).not.toContain(id);
    const seen = (await room.ask('GET', `${at}/comments`)).json.map(({ body }: { body: string }) => body);
    expect(seen).not.toContain('secret for now');
  });
});
