import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { lambdasFolder } from '../../scripts/build-lambdas.ts';
import { answerAtOnce } from '../bench/lambdas/at-once.ts';
import { functionEnvironment } from '../bench/lambdas/fresh-process.ts';
import { labeledOf25Kb } from '../fakes/payloads/payloads.ts';
import { signature, signedRequest, webhookSecret } from '../fakes/payloads/signed-request.ts';
import { startFunction } from '../fakes/stack-world/stack-function.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const text = JSON.stringify(labeledOf25Kb().payload);
const delivery = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

interface Line {
  readonly [name: string]: unknown;
}

/** Status codes, and what the function wrote, line by line. */
async function calls(requests: readonly object[]): Promise<{ readonly statuses: number[]; readonly written: string }> {
  using folder = tempFolder();
  const logFile = path.join(folder.root, 'webhook.log');
  await using aws = await answerAtOnce();
  const environment = functionEnvironment('webhook', aws.endpoint);
  const statuses: number[] = [];
  {
    const code = path.join(lambdasFolder, 'webhook');
    await using webhook = await startFunction({ code, environment, timeoutMs: 20_000, logFile });
    for (const request of requests) {
      const { statusCode = 200 } = await webhook.invoke<APIGatewayProxyStructuredResultV2>(request);
      statuses.push(statusCode);
    }
    await expect.poll(() => readFileSync(logFile, 'utf8').split('\n').length).toBeGreaterThan(2 * requests.length);
  }
  return { statuses, written: readFileSync(logFile, 'utf8') };
}

describe('the built webhook function, in a process of its own', () => {
  test('answers, and writes one line and one figure for each delivery, without secret, signature or body', async () => {
    const { statuses, written } = await calls([
      signedRequest(text, { delivery }),
      signedRequest(text, { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }),
      signedRequest('{}', { event: 'ping' }),
    ]);
    expect(statuses).toEqual([202, 401, 200]);
    const lines: Line[] = written
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    expect(lines.filter((line) => 'message' in line)).toMatchObject([
      {
        level: 'INFO',
        service: 'webhook',
        outcome: 'queued',
        delivery,
        event: 'issues',
        repository: 'octo/slug',
        task: 'github/octo/slug/issues/42',
        trace: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
      { level: 'WARN', outcome: 'refused', why: 'not-signed' },
      { level: 'INFO', outcome: 'ignored', reason: 'pong' },
    ]);
    const figures = lines.filter((line) => '_aws' in line);
    expect(figures).toMatchObject([
      { service: 'webhook', DeliveriesAccepted: 1 },
      { service: 'webhook', SignatureFailures: 1 },
      { service: 'webhook', DeliveriesIgnored: 1 },
    ]);
    for (const hidden of [webhookSecret, signature(text).slice(7, 27), 'Straße', 'AKIAIOSFODNN7EXAMPLE']) {
      expect(written).not.toContain(hidden);
    }
  });
});
