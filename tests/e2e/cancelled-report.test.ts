import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../integration/cli/run-cli.ts';
import { cliPlace } from './cli-place.ts';

/** Starts the sample and interrupts it as soon as these words were seen. */
async function interruptedAt(place: ReturnType<typeof cliPlace>, seen: string) {
  const ran = await runCli(['start', '--json'], {
    cwd: place.root,
    env: place.env,
    when: { seen, act: (child) => child.kill('SIGINT') },
  });
  expect(ran.code).toBe(130);
  return JSON.parse(ran.stdout);
}

describe('the report of a run that was stopped', () => {
  it('tells what was done and paid for until then, and keeps the trajectory', async () => {
    using place = cliPlace();
    const report = await interruptedAt(place, '4 edit');
    expect(report).toMatchObject({ outcome: 'cancelled', model: 'scripted', pullRequest: null });
    expect(report.turns).toBeGreaterThanOrEqual(4);
    expect(report.sandboxRung).not.toBeNull();
    expect(existsSync(report.trajectory)).toBe(true);
  });

  it('calls what ended because it was told to no fault of ours', async () => {
    using place = cliPlace();
    const report = await interruptedAt(place, 'embedded GitHub');
    expect(report.outcome ?? report.error.code).toMatch(/^(cancelled|E105)$/);
  });
});
