import { describe, expect, it } from 'vitest';
import { artifactRules } from '../../../src/domain/artifact.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import { type ArtifactFile, keepArtifacts } from '../../../src/flows/keep-artifacts.ts';
import type { RunArtifacts } from '../../../src/ports/run-artifacts.ts';

const signal = new AbortController().signal;

function file(name: string, bytes = 3): ArtifactFile {
  const body = new Uint8Array(Math.min(bytes, 8_000_000));
  return { name, bytes, sha256: '0'.repeat(64), contentType: 'text/plain', body };
}

function keeper(upload: RunArtifacts['upload']): RunArtifacts {
  const notAsked = async (): Promise<never> => {
    throw new Error('not asked for');
  };
  return { upload, list: notAsked, download: notAsked };
}

describe('keeping the files of a run', () => {
  it('tells each, and goes on after one that fails', async () => {
    const told: string[] = [];
    const artifacts = keeper(async (_, { name }) => {
      if (name === 'b.log') throw new EntropyError({ code: 'E723', message: 'nobody is there', fix: 'wait' });
      return name === 'c.log' ? { kind: 'occupied' } : { kind: name === 'd.log' ? 'exists' : 'stored' };
    });
    const files = ['a.log', 'b.log', 'c.log', 'd.log'].map((name) => file(name));
    expect(await keepArtifacts({ artifacts, log: (line) => told.push(line) }, { runId: 'r', files }, signal)).toBe(2);
    expect(told).toEqual([
      'a.log is kept (3 bytes)',
      'b.log is not kept: nobody is there',
      'c.log is not kept: another file of this name is there, and stays',
      'd.log is kept (3 bytes)',
    ]);
  });

  it('tells how far a large one is, quarter by quarter', async () => {
    const told: string[] = [];
    const artifacts = keeper(async (_run, { bytes }, _body, options) => {
      for (let sent = 0; sent <= bytes; sent += bytes / 16) options?.onProgress?.(sent);
      return { kind: 'stored' };
    });
    const files = [file('large.log', 8_000_000)];
    await keepArtifacts({ artifacts, log: (line) => told.push(line) }, { runId: 'r', files }, signal);
    expect(told).toEqual([
      'large.log: 25% of 8.0 MB sent',
      'large.log: 50% of 8.0 MB sent',
      'large.log: 75% of 8.0 MB sent',
      'large.log is kept (8.0 MB)',
    ]);
  });

  it('sends nothing that is too large, and nothing more when there is no time left', async () => {
    const told: string[] = [];
    const late = new AbortController();
    const asked: string[] = [];
    const artifacts = keeper(async (_, { name }) => {
      asked.push(name);
      late.abort(new Error('the time is over'));
      throw late.signal.reason;
    });
    const files = [file('huge.log', artifactRules.bytes + 1), file('a.log'), file('b.log')];
    const kept = await keepArtifacts({ artifacts, log: (line) => told.push(line) }, { runId: 'r', files }, late.signal);
    expect([kept, asked]).toEqual([0, ['a.log']]);
    expect(told).toEqual([
      'huge.log is not kept: it has 67.1 MB, 67.1 MB are allowed',
      'a.log is not kept: the time is over',
    ]);
  });
});
