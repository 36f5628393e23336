import { closedNumbers } from '../../../../src/embedded/github/pulls/closing-keywords.ts';
import { manifestOn, publishScene, readyResult } from '../../../fakes/publish-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const spam = [
  'Hello @alice and @octo/everybody, \\@bob too.',
  'Fixes #7, closes octo/other#8, resolves https://github.com/octo/slug/issues/9.',
  'fix: #10 and Closes: GH-11',
  'In code as well: `fixes #13`',
].join('\n\n');

/** Everything that is published of a submission, as plain texts. */
async function publishedTexts(body: string, title: string) {
  const scene = await publishScene();
  const manifest = manifestOn(scene.forge, scene.task.base.sha, { 'src/slugify.ts': 'new\n' });
  const report = await scene.publish(
    readyResult(manifest, { submission: { title, body, verified: [body.split('\n', 1)[0] ?? ''] } }),
  );
  const pull = scene.forge.pulls.find(({ number }) => number === report.pullRequest?.number);
  const commit = scene.forge.git.commit(report.headSha ?? '');
  return { report, texts: [pull?.title ?? '', pull?.body ?? '', commit.message, scene.comment()] };
}

/** Judged by other means than the ones that made the texts: what is not between backticks, and GitHub's own words for closing. */
function mentions(text: string): readonly string[] {
  return text.replace(/`[^`]*`/g, '').match(/(?<![\w`])@[a-z][\w/-]*/gi) ?? [];
}

/** A squash makes the description the message of a commit, where code is plain text again. */
function closedBySquash(text: string): readonly number[] {
  const found = text.matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w.-]+\/[\w.-]+)?#(?<number>\d+)/gi);
  return [...found].map((match) => Number(match.groups?.['number']));
}

export const mentionSpam: Attack = {
  id: 'M4',
  title: 'a submission that calls people in and closes other issues',
  attack: async () => {
    const { report, texts } = await publishedTexts(spam, 'Fix #12 for @carol');
    if (report.outcome !== 'succeeded') return escaped(`not judged: ${report.reason}`);
    const called = texts.flatMap(mentions).filter((name) => name !== '@alice');
    if (called.length > 0) return escaped(`people are called in: ${called.join(', ')}`);
    const closed = texts
      .flatMap((text) => [...closedNumbers(text), ...closedBySquash(text)])
      .filter((number) => number !== 1);
    if (closed.length > 0) return escaped(`other issues would be closed: ${closed.join(', ')}`);
    return contained('nobody is called in, and only the own issue is closed');
  },
  twin: async () => {
    const { texts } = await publishedTexts('The limit cut one word too many.', 'Keep the last word');
    const [title = '', body = ''] = texts;
    const whole = title === 'Keep the last word' && body.includes('The limit cut one word too many.');
    return whole && closedNumbers(body).includes(1)
      ? passed('plain words and the own issue stay as they are')
      : hindered(body);
  },
};
