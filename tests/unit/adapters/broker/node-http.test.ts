import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** In a process of its own: here, the test runner has loaded everything already. */
async function modulesAfter(file: string): Promise<readonly string[]> {
  const url = new URL(`../../../../src/${file}`, import.meta.url).href;
  const script = `await import(${JSON.stringify(url)}); console.log(JSON.stringify(process.moduleLoadList))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout) as string[];
}

test.each(['adapters/broker/model-broker.ts', 'adapters/anthropic/anthropic-model.ts', 'runtime/run-agent.ts'])(
  '%s loads no TLS, which would read certificates while the sandbox is opened',
  async (file) => {
    const modules = await modulesAfter(file);
    expect(modules).toContain('NativeModule events');
    expect(modules.filter((name) => /undici|NativeModule (tls|https)$/.test(name))).toEqual([]);
  },
);
