import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Artifact } from '../../../../src/domain/artifact.ts';
import { createSecretGuard } from '../../../../src/domain/secret-guard.ts';
import { createActionIo } from '../../../../src/runtime/action-io.ts';
import { logLine, shownOutput } from '../../../../src/runtime/job-log.ts';
import { publishTask } from '../../../../src/runtime/publish-task.ts';
import { keepRun } from '../../../../src/runtime/run-artifacts.ts';
import { manifestOn, type PublishScene, publishScene, readyResult } from '../../../fakes/publish-scene.ts';
import { numbered, runStarted, toolFinished } from '../../../fakes/sample-events.ts';
import { spelledIn, spellings } from '../../../fakes/secret-spellings.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { capturedOutput } from '../captured-output.ts';
import { stepPlace } from '../step-place.ts';
import { token } from './publishing.ts';

const chosen = ['plain', 'base64', 'hex', 'reversed', 'percent-encoded', 'base64, backwards'] as const;
const spelled = (name: string): string => spellings[name]?.(token) ?? '';

/** Each way by which a step tells something, with what it then told. */
const ways: Readonly<Record<string, (text: string) => Promise<string>>> = {
  'an output': async (text) => {
    using step = stepPlace({ GITHUB_TOKEN: token });
    await createActionIo().outputs({ report: text });
    return step.file('GITHUB_OUTPUT');
  },
  'the step summary': async (text) => {
    using step = stepPlace({ GITHUB_TOKEN: token });
    await createActionIo().summary(text);
    return step.file('GITHUB_STEP_SUMMARY');
  },
  'an annotation': async (text) => {
    using _ = stepPlace({ GITHUB_TOKEN: token });
    return capturedOutput(() => createActionIo().fail(text));
  },
  'the log': async (text) => {
    using _ = stepPlace({ GITHUB_TOKEN: token });
    return capturedOutput(() => logLine(text));
  },
  'the output of a set-up command': async (text) => {
    using _ = stepPlace({ GITHUB_TOKEN: token });
    let shown = '';
    const output = shownOutput((bytes) => {
      shown += Buffer.from(bytes).toString();
    });
    output.push(Buffer.from(`${text}\n`));
    output.end();
    return shown;
  },
};

export const toldByStep: Attack = {
  id: 'X9',
  title: 'a token of the environment in outputs, summary, annotations and log of a step',
  async attack() {
    const failing = process.exitCode;
    try {
      for (const [way, tell] of Object.entries(ways)) {
        for (const name of chosen) {
          const seen = spelledIn(await tell(`It says: ${spelled(name)}`), token);
          if (seen.length > 0) return escaped(`${way} told it, ${seen[0]}`);
        }
      }
    } finally {
      process.exitCode = failing;
    }
    return contained(`${Object.keys(ways).length} ways told the line apart from it`);
  },
  async twin() {
    const failing = process.exitCode;
    for (const [way, tell] of Object.entries(ways)) {
      if (!(await tell('All is well, ghs_ or not.')).includes('All is well, ghs_ or not.')) return hindered(way);
    }
    process.exitCode = failing;
    return passed('every way told the line');
  },
};

/** What a coordinator was given to keep, by name. */
async function kept(scene: PublishScene, text: string): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  const artifacts = {
    upload: async (_run: string, { name }: Artifact, body: Uint8Array) => {
      files[name] = (name.endsWith('.gz') ? gunzipSync(body) : Buffer.from(body)).toString('utf8');
      return { kind: 'stored' } as const;
    },
    list: async () => [],
    download: async () => undefined,
  };
  const patch = manifestOn(scene.forge, scene.task.base.sha, { '.github/workflows/ci.yml': `# ${text}\n` });
  const recorded = numbered([runStarted, toolFinished(1, text)]).map((event) => `${JSON.stringify(event)}\n`);
  const result = readyResult(patch, { reason: text });
  await keepRun(
    artifacts,
    {
      runId: scene.task.runId,
      // Stopped by another rule, so nobody has looked for secrets.
      report: { outcome: 'blocked', reason: 'a rule', result, manifest: patch },
      trajectory: Buffer.from(recorded.join('')),
      fault: { code: 'E900', message: text, fix: '' },
      log: () => undefined,
      guard: createSecretGuard({ 'github-token': token }),
    },
    AbortSignal.timeout(10_000),
  );
  return files;
}

export const keptByCoordinator: Attack = {
  id: 'X9',
  title: 'the token in the files of a run that a coordinator keeps',
  async attack() {
    const scene = await publishScene();
    for (const name of chosen) {
      for (const [file, content] of Object.entries(await kept(scene, spelled(name)))) {
        if (spelledIn(content, token).length > 0) return escaped(`${file} keeps it, ${name}`);
      }
    }
    return contained('no file that is kept holds it');
  },
  async twin() {
    const files = await kept(await publishScene(), 'harmless words');
    const all = ['result.json', 'patch.json', 'fault.json', 'trajectory.jsonl.gz'];
    const lost = all.filter((name) => files[name]?.includes('harmless words') !== true);
    return lost.length === 0 ? passed('all four are kept as they were') : hindered(`lost: ${lost}`);
  },
};

/** How a run ends that hands over this name of a run, in the words of its books and outputs. */
async function endOf(runId: string): Promise<string> {
  const scene = await publishScene();
  using step = stepPlace();
  const resultDir = path.join(step.folder, 'result');
  mkdirSync(resultDir);
  writeFileSync(path.join(resultDir, 'result.json'), JSON.stringify({ ...readyResult(undefined), runId }));
  const connection = { ...scene, requestCounts: () => ({}) };
  const request = { task: scene.task, connection, resultDir, dryRun: false, log: () => undefined };
  const report = await publishTask({ ...request, secrets: { 'github-token': token } }, AbortSignal.timeout(20_000));
  return `${report.reason}\n${report.error?.message}\n${scene.comment()}`;
}

export const quotedByFault: Attack = {
  id: 'X9',
  title: 'the token where a fault of ours quotes what it stumbled over: the name of a foreign run',
  async attack() {
    const seen = spelledIn(await endOf(token), token);
    return seen.length === 0
      ? contained('the quotation is left out')
      : escaped(`the end of the run tells it ${seen[0]}`);
  },
  async twin() {
    const told = await endOf('01JD0000000000000000000009');
    return told.includes('01JD0000000000000000000009') ? passed('the name is quoted') : hindered(told);
  },
};
