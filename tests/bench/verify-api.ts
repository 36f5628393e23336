import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findSchemathesis, schemathesisHint } from '../../scripts/install-schemathesis.ts';
import { startCoordinator } from '../../src/runtime/coordinator-server.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import type { Figure } from './figure.ts';
import { requestsInParallel } from './parallel-requests.ts';

const unlimited = { burst: 1e9, perSecond: 1e9 };

/**
 * The API under hostile input: schemathesis sends to every endpoint what its own OpenAPI document allows and what it does
 * not, and judges every answer by it; then 10,000 requests at once, of which nothing may be lost or done twice.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const python = findSchemathesis();
  if (python === undefined) return { kind: 'missing', what: 'schemathesis', fix: schemathesisHint };
  const seconds = quick ? 20 : 120;
  using folder = tempFolder({});

  progress(`schemathesis: every endpoint for ${seconds} s`);
  // What ends keys has a server of its own: it would end the one that it asks with.
  const works = await fuzz(python, { folder: join(folder.root, 'all'), seconds, keys: 'left-alone' });
  const keys = await fuzz(python, { folder: join(folder.root, 'keys'), seconds: quick ? 5 : 20, keys: 'ended' });
  const fuzzed = [works, keys];

  const count = quick ? 2_000 : 10_000;
  progress(`${count} requests at once`);
  const parallel = await requestsInParallel(join(folder.root, 'state.sqlite'), count);

  const faults = fuzzed.reduce((sum, run) => sum + run.faults, 0);
  const exitCodes = fuzzed.map(({ exitCode }) => exitCode);
  return {
    kind: 'measured',
    ok: faults === 0 && exitCodes.every((code) => code === 0) && parallel.problems.length === 0,
    figures: {
      cases: fuzzed.reduce((sum, run) => sum + run.cases, 0),
      requestsServed: fuzzed.reduce((sum, run) => sum + run.served, 0),
      serverErrors: faults,
      findings: fuzzed.flatMap(({ findings }) => findings),
      parallelRequests: parallel.sent,
      parallelSeconds: Math.round(parallel.seconds * 10) / 10,
      parallelAnswers: parallel.statuses,
      connectionsRepeated: parallel.repeated,
      lost: parallel.problems,
    },
    limits: { serverErrors: 0, findings: 0, lost: 0 },
  };
};

interface FuzzResult {
  readonly cases: number;
  readonly served: number;
  /** Answers of 500 and above, and faults in the log. */
  readonly faults: number;
  readonly findings: readonly string[];
  readonly exitCode: number | null;
}

const endsKeys = ['revokeKey', 'rotateKey'];

async function fuzz(
  python: string,
  options: { readonly folder: string; readonly seconds: number; readonly keys: 'left-alone' | 'ended' },
): Promise<FuzzResult> {
  let [served, faults] = [0, 0];
  mkdirSync(options.folder);
  const coordinator = await startCoordinator({
    stateFile: ':memory:',
    host: '127.0.0.1',
    port: 0,
    adminKey: 'if-none',
    addressFrom: 'socket',
    log: ({ event, status }) => {
      if (event === 'request') served += 1;
      if (event === 'fault' || (typeof status === 'number' && status >= 500)) faults += 1;
    },
    limits: { callerRate: unlimited, addressRate: unlimited },
  });
  try {
    const chosen = endsKeys.flatMap((id) => [`--${options.keys === 'ended' ? 'include' : 'exclude'}-operation-id`, id]);
    const output = await run(
      join(dirname(python), 'schemathesis'),
      [
        'run',
        `${coordinator.url}/openapi.json`,
        ...['--header', `Authorization: Bearer ${coordinator.adminKey ?? ''}`],
        ...['--max-time', String(options.seconds)],
        ...['--checks', 'all'],
        // Some rules stand between members, where no schema says them: an edge must begin or end at its task.
        ...['--exclude-checks', 'positive_data_acceptance'],
        // Its body is proven by a signature over its bytes; tests of its own send it what is hostile.
        ...(options.keys === 'ended' ? [] : ['--exclude-operation-id', 'githubWebhook']),
        ...chosen,
        ...['--seed', '20261121', '--suppress-health-check', 'all', '--warnings', 'off'],
      ],
      options.folder,
    );
    const cases = Number(/(\d[\d,]*) generated/.exec(output.text)?.[1]?.replaceAll(',', '') ?? 0);
    const findings = [...output.text.matchAll(/❌ (ST\d+[^\n]*|[A-Z][^\n]*: \d+)/g)].map(([, finding = '']) =>
      finding.trim(),
    );
    return { cases, served, faults, findings, exitCode: output.exitCode };
  } finally {
    await coordinator.close(2_000);
  }
}

/** It keeps notes in the folder where it runs. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly text: string; readonly exitCode: number | null }> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: 10 * 60_000 });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ text, exitCode }));
  });
}
