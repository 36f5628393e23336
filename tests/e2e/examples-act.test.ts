import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';
import { actVersion, findAct, installHint } from '../../scripts/install-act.ts';
import { type Execute, exampleFolder, exampleScenes } from './example-scenes.ts';
import { runFileUnderAct } from './run-under-act.ts';

const act = findAct();
const inCi = process.env['CI'] !== undefined;
if (act === undefined && !inCi) console.warn(`skipped: act ${actVersion} is not here. fix: ${installHint}`);

const underAct: Execute = async ({ stage, file, event }) => {
  if (act === undefined) throw new Error(`act ${actVersion} is missing. ${installHint}`);
  const text = readFileSync(path.join(exampleFolder, file), 'utf8');
  const { exitCode, log } = await runFileUnderAct({ act, stage, file, text, event, timeoutMs: 150_000 });
  return { ok: exitCode === 0, log };
};

describe('what people paste from the examples does its work on act, a runner that we did not write', () => {
  it.skipIf(act === undefined && !inCi).each(exampleScenes)('$title', ({ play }) => play(underAct));
});
