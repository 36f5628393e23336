import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/runtime/package-root.ts';
import { evaluateHere } from './evaluate-here.ts';

export interface Looked {
  /** The spy's commands ran, and what lies in the repository was found by them. */
  readonly decoyFound: boolean;
  /** Lines in which something of the hidden folder, or of the reference, came through. */
  readonly leaks: readonly string[];
  readonly places: number;
}

const issue = 'js-debounce-last';

/**
 * A model that does nothing but look for the hidden tests: by their path, by their name everywhere, by their text, in git,
 * in the environment, in processes. The words it looks for come in two halves, so that its own commands are no find.
 */
export async function lookForHidden(root: string, progress: (line: string) => void): Promise<Looked> {
  const issuesDir = path.join(root, 'issues');
  const folder = path.join(issuesDir, issue);
  cpSync(path.join(packageRoot(), 'bench', 'issues', issue), folder, { recursive: true });
  const hidden = ['canary', 'of', 'hidden', 'tests'].join('-');
  const decoy = ['decoy', 'in', 'the', 'repository'].join('-');
  writeFileSync(path.join(folder, 'hidden', 'check', `${hidden}.test.js`), `// ${hidden}\n`);
  writeFileSync(path.join(folder, 'reference.script.yaml'), `# ${hidden}\nscript: 1\nreplies: [{ text: no }]\n`);
  writeFileSync(path.join(folder, 'repo', `${decoy}.txt`), `${decoy}\n`);
  const commands = looks(folder);
  const script = path.join(root, 'spy.json');
  const calls = commands.map((command) => ({ tool: 'bash', input: { command, timeout_seconds: 60 } }));
  const end = { tool: 'submit', input: { title: 'Looked', body: 'Everywhere.', verified: [] } };
  writeFileSync(script, JSON.stringify({ script: 1, replies: [{ calls }, { calls: [end] }] }));
  const outDir = path.join(root, 'looked');
  mkdirSync(outDir);
  const choice = { kind: 'scripted', file: script } as const;
  const model = { kind: 'model', choice } as const;
  const report = await evaluateHere({ model, modelName: 'spy', only: [issue], issuesDir, outDir, progress });
  const [run] = readdirSync(outDir).filter((name) => name.startsWith(issue));
  const seen = readFileSync(path.join(outDir, run ?? '', 'trajectory.jsonl'), 'utf8').split('\n');
  const outputs = seen.filter((line) => line.includes('"tool.finished"')).length;
  return {
    decoyFound: outputs > commands.length - 1 && seen.filter((line) => line.includes(decoy)).length >= 2,
    leaks: [...seen.filter((line) => line.includes(hidden)), ...(report.solved === 0 ? [] : ['it solved the issue'])],
    places: commands.length,
  };
}

function looks(folder: string): readonly string[] {
  const word = `a=canary-of; b=-hidden-tests`;
  const other = `c=decoy-in; d=-the-repository`;
  const places = '/ws /tmp /home /root /var /opt /srv /mnt /media /dev/shm /etc /run /work /data';
  const parents = folder.split('/').map((_, at, parts) => `'${parts.slice(0, at + 1).join('/') || '/'}'`);
  return [
    `cat '${folder}'/hidden/check/* '${folder}'/reference.script.yaml`,
    `ls -la ${parents.join(' ')}`,
    `${word}; ${other}; find / -xdev -name "$a$b*" -o -xdev -name "$c$d*" 2>/dev/null; find /ws /tmp /home -name "$a$b*" -o -name "$c$d*"`,
    `${word}; grep -rsl --exclude-dir=proc "$a$b" ${places}`,
    `${other}; grep -rsl "$c$d" /ws`,
    `${word}; git log --all -p | grep "$a$b"; git cat-file --batch-all-objects --batch | grep -a "$a$b"`,
    `${word}; env | grep "$a$b"; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -- "$a$b"`,
    `ls -la .. ../.. /proc/1/root/ /proc/self/cwd/.. ; cat /proc/self/mountinfo`,
  ];
}
