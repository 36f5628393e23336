import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';

/** git as a person calls it, without this machine's settings. */
export function plainGit(cwd: string, args: readonly string[], input?: string | Buffer): Buffer {
  return execFileSync('git', args, {
    cwd,
    ...(input === undefined ? {} : { input }),
    maxBuffer: 512 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.org',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.org',
    },
  });
}

/** A repository of `files` text files in nested folders that grew over `commits` commits; the same at every call. */
export function growRepository(folder: string, size: { readonly files: number; readonly commits: number }): void {
  mkdirSync(folder, { recursive: true });
  plainGit(folder, ['init', '--quiet', '--initial-branch=main']);
  const parts: string[] = [];
  const perCommit = Math.ceil(size.files / size.commits);
  for (let commit = 0; commit < size.commits; commit += 1) {
    const message = `commit ${commit}`;
    parts.push(`commit refs/heads/main\ncommitter a <a@example.org> ${1_700_000_000 + commit * 60} +0000\n`);
    parts.push(`data ${message.length}\n${message}\n`);
    const first = commit * perCommit;
    for (let index = first; index < Math.min(size.files, first + perCommit); index += 1) {
      const text = Array.from({ length: 40 }, (_, line) => `line ${line} of file ${index}\n`).join('');
      parts.push(`M 100644 inline ${nameOf(index)}\ndata ${text.length}\n${text}\n`);
    }
  }
  plainGit(folder, ['fast-import', '--quiet'], parts.join(''));
  plainGit(folder, ['reset', '--quiet', '--hard', 'main']);
}

function nameOf(index: number): string {
  return `modules/m${index % 50}/src/d${index % 7}/file-${index}.txt`;
}

/** The files of a repository that the change is made on: text, not executable, with lines that occur once. */
export function targetsIn(folder: string): string[] {
  const listed = plainGit(folder, ['ls-files', '-s', '-z']).toString().split('\0');
  const plain = listed.flatMap(
    (line) => /^100644 \S+ 0\t([\w./-]+\.(?:txt|ts|js|go|py|md|java|c|rs))$/.exec(line)?.[1] ?? [],
  );
  const usable = plain.filter((name) => !/^\.|\/\.|CODEOWNERS|AGENTS|CLAUDE|package|lock/i.test(name));
  const targets: string[] = [];
  for (
    let index = 0;
    targets.length < 6 && index < usable.length;
    index += Math.max(1, Math.floor(usable.length / 40))
  ) {
    const name = usable[index];
    if (name !== undefined && uniqueLine(folder, name) !== undefined) targets.push(name);
  }
  if (targets.length < 6) throw new Error(`${folder} has too few plain text files to change`);
  return targets;
}

function uniqueLine(folder: string, name: string): string | undefined {
  const bytes = readFileSync(path.join(folder, name));
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes) || text.includes('\r') || bytes.length > 100_000 || !text.endsWith('\n'))
    return undefined;
  return text.split('\n').find((line) => line.length > 8 && text.split(line).length === 2);
}

/** Three edits, a new file, a deletion, an executable and a rename, once as a script for the model and once by hand. */
export function changeOf(folder: string): { readonly script: string; readonly applyByHand: (copy: string) => void } {
  const [one = '', two = '', three = '', gone = '', run = '', moved = ''] = targetsIn(folder);
  const edits = [one, two, three].map((name) => ({ name, line: uniqueLine(folder, name) ?? '' }));
  const added = { name: 'added/by agent.txt', text: 'naïve 😀\nno newline at the end' };
  const movedTo = `${path.dirname(moved)}/renamed-${path.basename(moved)}`;
  const calls = [
    ...edits.map(({ name, line }) => ({
      tool: 'edit_file',
      input: { path: name, old_text: line, new_text: `${line} // changed` },
    })),
    { tool: 'write_file', input: { path: added.name, content: added.text } },
    { tool: 'bash', input: { command: `rm '${gone}' && chmod +x '${run}' && mv '${moved}' '${movedTo}'` } },
  ];
  const submit = { title: 'Change six files', body: 'A scripted change.', verified: ['nothing'] };
  const script = stringify({ script: 1, replies: [{ calls }, { calls: [{ tool: 'submit', input: submit }] }] });
  const applyByHand = (copy: string): void => {
    for (const { name, line } of edits) {
      const text = readFileSync(path.join(copy, name), 'utf8');
      writeFileSync(
        path.join(copy, name),
        text.replace(line, () => `${line} // changed`),
      );
    }
    mkdirSync(path.join(copy, path.dirname(added.name)), { recursive: true });
    appendFileSync(path.join(copy, added.name), added.text);
    rmSync(path.join(copy, gone));
    chmodSync(path.join(copy, run), 0o755);
    renameSync(path.join(copy, moved), path.join(copy, movedTo));
  };
  return { script, applyByHand };
}
