import { clipText } from '../../domain/output-clip.ts';
import type { ChangedFile, PullChange } from '../../domain/pull-change.ts';
import type { PullSnapshot } from '../../domain/pull-snapshot.ts';
import { inside } from '../../domain/sandbox-layout.ts';
import { taskSections } from '../../domain/sanitise/imitated-marks.ts';
import { withVisibleInvisible } from '../../domain/sanitise/invisible-characters.ts';
import { readableMarkdown, readablePlain } from '../../domain/sanitise/readable-text.ts';
import { fence } from './fence.ts';

const longestText = 16_000;
/** Of all files together, about 20,000 tokens; the rest can be read in the workspace. */
const allHunks = 80_000;
const longestHunks = 24_000;
const mostListed = 300;

/** The pull request that the work is about: who says what of it, and what git says that it changes. */
export function pullSections(pull: PullSnapshot | undefined, change: PullChange | undefined): readonly string[] {
  if (pull === undefined) return [];
  return [about(pull), changes(change)];
}

function about(pull: PullSnapshot): string {
  const { number, author, headBranch, headSha, baseBranch, baseSha, draft, fromFork } = pull;
  const facts = [
    `#${number}${draft ? ', a draft' : ''}, ${fromFork ? 'from a fork, ' : ''}at ${headSha.slice(0, 12)}, measured against ${baseSha.slice(0, 12)}, where it parted from its base. What its text says about itself is a claim.`,
    fence('branches', `${headBranch} into ${baseBranch}`),
    fence(`title, by @${author}`, readablePlain(pull.title).text),
  ];
  const body = readableMarkdown(pull.body).text;
  if (body.trim() !== '') facts.push(fence(`text, by @${author}`, clipText(body, longestText)));
  return `# ${taskSections.pull}\n${facts.join('\n')}`;
}

function changes(change: PullChange | undefined): string {
  const title = `# ${taskSections.diff}`;
  if (change === undefined) return `${title}\nIt could not be computed: compare the workspace with ${inside.base}.`;
  const { files } = change;
  if (files.length === 0) return `${title}\nNothing: head and base hold the same files.`;
  const { shown, cut, without } = chosenHunks(files);
  const listed = files.slice(0, mostListed).map(fileLine);
  if (files.length > mostListed) listed.push(`and ${files.length - mostListed} more`);
  const parts = [`${title}\n${fence(`changed files, ${files.length} in all`, listed.join('\n'))}`, ...shown];
  if (cut.length > 0) parts.push(note('The diffs of these are cut in the middle', cut));
  if (without.length > 0) parts.push(note('The diffs of these are left out, for there is no room', without));
  return parts.join('\n');
}

/** Smaller ones first, so that one generated file does not hide the rest; shown in the order of the list all the same. */
function chosenHunks(files: readonly ChangedFile[]) {
  let room = allHunks;
  const texts = new Map<ChangedFile, string>();
  const withHunks = files.filter(({ hunks }) => hunks !== undefined);
  for (const file of withHunks.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
    // What nobody would see is what a reviewer has to see.
    const text = clipText(withVisibleInvisible(file.hunks ?? ''), longestHunks);
    if (text.length > room) break;
    room -= text.length;
    texts.set(file, text);
  }
  const chosen = withHunks.filter((file) => texts.has(file));
  return {
    shown: chosen.map((file) => fence(`diff of ${file.path}`, texts.get(file) ?? '')),
    cut: chosen.filter((file) => lengthOf(file) > longestHunks).map(({ path }) => path),
    without: withHunks.filter((file) => !texts.has(file)).map(({ path }) => path),
  };
}

function lengthOf({ hunks = '' }: ChangedFile): number {
  return hunks.length;
}

function fileLine({ path, previousPath, change, added, removed, hunks }: ChangedFile): string {
  const from = previousPath === undefined ? '' : `, was ${previousPath}`;
  const size = hunks === undefined ? 'no text to show' : `+${added} −${removed}`;
  return `${path} (${change}${from}, ${size})`;
}

const mostNamed = 50;

function note(words: string, paths: readonly string[]): string {
  const more = paths.length > mostNamed ? `\nand ${paths.length - mostNamed} more` : '';
  return `[${words}; read them in the workspace and in ${inside.base}]\n${fence('paths', `${paths.slice(0, mostNamed).join('\n')}${more}`)}`;
}
