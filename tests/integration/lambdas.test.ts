import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lambdaNames, lambdasFolder } from '../../scripts/build-lambdas.ts';
import { type FunctionName, functionNames } from '../../src/runtime/aws/aws-names.ts';
import { agreedOwnBytes, bundleContent, limits } from '../bench/lambdas/bundle-content.ts';
import { ownCompressedBytes } from '../bench/lambdas/own-code.ts';

const functions = lambdaNames().map((name) => [name, bundleContent(name)] as const);

describe('the bundles of the functions', () => {
  test('are of functions that the stack has', () => {
    expect(functionNames).toEqual(expect.arrayContaining([...lambdaNames()]));
  });

  test.each(functions)('%s holds no more of our own code than agreed', async (name, content) => {
    const agreed = functionNames.includes(name as FunctionName) ? agreedOwnBytes[name as FunctionName] : undefined;
    expect(await ownCompressedBytes(name)).toBeLessThanOrEqual(agreed?.compressed ?? 0);
    expect(content.ownBytesAtStart).toBeLessThanOrEqual(agreed?.atStart ?? 0);
    expect(content.ownBytes).toBeLessThanOrEqual(agreed?.whole ?? 0);
    if (name === 'webhook') expect(content.bytes).toBeLessThanOrEqual(limits.webhook.bytes);
  });

  test.each(functions)('%s holds nothing of the CDK, nor of tests and tools', (_name, { packages, files }) => {
    expect(packages).not.toContain('aws-cdk-lib');
    expect(packages).not.toContain('constructs');
    expect(files.filter((file) => !/^(?:src|lambdas)\//.test(file))).toEqual([]);
  });

  test('of the webhook needs no SDK and no schema library, for every delivery may be a cold start', () => {
    const { packages } = bundleContent('webhook');
    expect(packages.filter((name) => /^(?:@aws-sdk|@smithy|@octokit|zod|hono|jose)/.test(name))).toEqual([]);
  });

  test.each(functions)('%s is complete: every chunk that it names is beside it', (name) => {
    const folder = path.join(lambdasFolder, name);
    for (const file of readdirSync(folder)) {
      const named = readFileSync(path.join(folder, file), 'utf8').matchAll(/["'`]\.\/(chunk-[A-Z0-9]+\.mjs)["'`]/g);
      for (const [, chunk = ''] of named) expect(existsSync(path.join(folder, chunk)), chunk).toBe(true);
    }
  });
});
