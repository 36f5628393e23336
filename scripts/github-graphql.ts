/**
 * Writes tests/fixtures/github-graphql.graphql: what GitHub's published GraphQL schema says of the types that our queries touch, cut
 * out of @octokit/graphql-schema, which is far too large to depend on. `--check` fails when the file is not what this writes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const packageName = '@octokit/graphql-schema@15.26.1';
const cache = '.cache/github-graphql';
const source = `${cache}/package/schema.graphql`;
const target = 'tests/fixtures/github-graphql.graphql';

/** A query that touches another type fails its test by the type's name: it belongs in here then. */
const kept = [
  'Query',
  'Mutation',
  'Node',
  'PageInfo',
  'User',
  'Repository',
  'GitObject',
  'Commit',
  'Tree',
  'PullRequest',
  'PullRequestMergeMethod',
  'AutoMergeRequest',
  'PullRequestReviewThread',
  'PullRequestReviewThreadConnection',
  'PullRequestReviewComment',
  'PullRequestReviewCommentConnection',
  'Reaction',
  'ReactionContent',
  ...[
    'AddReaction',
    'MarkPullRequestReadyForReview',
    'EnablePullRequestAutoMerge',
    'DisablePullRequestAutoMerge',
  ].flatMap(inputAndPayload),
  'AutoMergeRequest',
  ...['DisablePullRequestAutoMerge', 'ResolveReviewThread', 'UnresolveReviewThread'].flatMap(inputAndPayload),
];
/** Of these only the fields that lead to a kept type: they have hundreds. */
const roots: ReadonlySet<string> = new Set(['Query', 'Mutation']);

function inputAndPayload(mutation: string): readonly string[] {
  return [`${mutation}Input`, `${mutation}Payload`];
}

function readSource(): string {
  if (!existsSync(source)) {
    mkdirSync(cache, { recursive: true });
    const packed = execFileSync('npm', ['pack', packageName, '--silent', '--pack-destination', cache], {
      encoding: 'utf8',
    });
    const file = `${cache}/${packed.trim().split('\n').at(-1) ?? ''}`;
    execFileSync('tar', ['-xzf', file, '-C', cache, 'package/schema.graphql']);
  }
  return readFileSync(source, 'utf8');
}

/** Texts for readers say nothing that is checked; why something is deprecated neither. */
function withoutTexts(whole: string): string {
  return whole
    .replaceAll(/"""[\s\S]*?"""/g, '')
    .replaceAll(/@deprecated\(reason: "(?:[^"\\]|\\.)*"\)/g, '@deprecated')
    .replaceAll(/ @(?:possibleTypes|preview|docsCategory|requiredCapabilities)\([^)]*\)/g, '')
    .replaceAll(/\(\s+([^()]*?)\s+\)/g, (_, inner: string) => `(${inner.split(/\s*\n\s*/).join(', ')})`)
    .replaceAll(/\n\s*\n/g, '\n');
}

function definitionOf(whole: string, name: string): string {
  const found = new RegExp(`^(?:type|interface|input|enum) ${name}\\b[^{]*\\{\\n[\\s\\S]*?\\n\\}`, 'm').exec(
    whole,
  )?.[0];
  if (found === undefined) throw new Error(`GitHub's schema has no ${name}`);
  if (!roots.has(name)) return found;
  const [head = '', ...rest] = found.split('\n');
  const fields = rest.filter((line) => kept.includes(/: (\w+)!?[^:]*$/.exec(line)?.[1] ?? ''));
  return [head, ...fields, '}'].join('\n');
}

const schema = withoutTexts(readSource());
const definitions = [...kept].sort().map((name) => definitionOf(schema, name));
const text = `# From ${packageName} (MIT), by scripts/github-graphql.ts.\n\n${definitions.join('\n\n')}\n`;
if (process.argv.includes('--check')) {
  const same = existsSync(target) && readFileSync(target, 'utf8') === text;
  if (!same) throw new Error(`${target} is not what GitHub's schema says: run node scripts/github-graphql.ts`);
  process.stderr.write(`${target} is up to date\n`);
} else {
  writeFileSync(target, text);
  process.stderr.write(`${target}: ${kept.length} types, ${Math.round(text.length / 1024)} KiB\n`);
}
