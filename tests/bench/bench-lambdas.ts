import { lambdaNames } from '../../scripts/build-lambdas.ts';
import { type FunctionName, functionNames } from '../../src/runtime/aws/aws-names.ts';
import { type Figure, spread } from './figure.ts';
import { answerAtOnce } from './lambdas/at-once.ts';
import { bundleContent, limits } from './lambdas/bundle-content.ts';
import { inFreshProcess } from './lambdas/fresh-process.ts';
import { timedWith } from './lambdas/function-events.ts';
import { ownCompressedBytes } from './lambdas/own-code.ts';

/** What each function of the AWS stack weighs, how long it takes to load, and to deal with one delivery of 25 KB. */
export const figure: Figure = async ({ quick, progress }) => {
  await using atOnce = await answerAtOnce();
  const figures: Record<string, unknown> = {};
  const broken: string[] = [];
  const built = functionNames.filter((name) => lambdaNames().includes(name));
  for (const name of built) {
    const { files, ...content } = bundleContent(name);
    progress(`${name}: ${Math.round(content.bytes / 1024)} KB, of our own ${Math.round(content.ownBytes / 1024)} KB`);
    const loading = await loadTimes(name, atOnce.endpoint, quick ? 5 : 21);
    const calls = await callTimes(name, atOnce.endpoint, quick ? 500 : 5_000);
    const ownCompressed = await ownCompressedBytes(name);
    figures[name] = { ...content, ownCompressed, ownFiles: files.length, ...loading, ...calls };

    const isWebhook = name === 'webhook';
    const tooHeavy = ownCompressed > limits.ownCompressed || (isWebhook && content.bytes > limits.webhook.bytes);
    if (tooHeavy) broken.push(`${name}: ${content.bytes} bytes, ${ownCompressed} of our own compressed`);
    if (loading.importMs.median > (isWebhook ? limits.webhook.importMs : limits.importMs))
      broken.push(`${name}: import ${loading.importMs.median} ms`);
    if (isWebhook && (calls.toSendMs?.median ?? 0) > limits.webhook.p50Ms) broken.push(`${name}: p50`);
    if (content.packages.includes('aws-cdk-lib')) broken.push(`${name} contains aws-cdk-lib`);
  }
  return {
    kind: 'measured',
    ok: broken.length === 0,
    figures: {
      ...figures,
      notBuilt: functionNames.filter((name) => !built.includes(name)),
      how: 'the built bundles, loaded in fresh processes; importMs: until the handler is there; settledMs: until all that its start began to load is there; ownCompressed: our own code alone, minified and compressed; the payload is issues.labeled with 25 KB; toSendMs: until the signed request is handed to the network; withoutNetworkMs: until the answer, requests being answered within the process; loopbackMs: by a server on loopback that answers at once and keeps nothing',
      broken,
    },
    limits,
  };
};

async function loadTimes(name: FunctionName, endpoint: string, processes: number) {
  const importMs: number[] = [];
  const settledMs: number[] = [];
  for (let index = 0; index < processes; index += 1) {
    const times = await inFreshProcess({ name, calls: 0, endpoint, network: 'loopback' });
    importMs.push(times.importMs);
    settledMs.push(times.settledMs);
  }
  return { importMs: spread(importMs), settledMs: spread(settledMs) };
}

async function callTimes(name: FunctionName, endpoint: string, calls: number) {
  const loopback = await inFreshProcess({ name, calls: Math.ceil(calls / 5), endpoint, network: 'loopback' });
  const figures = {
    timedWith: timedWith[name],
    firstCallMs: Math.round((loopback.coldMs ?? 0) * 100) / 100,
    loopbackMs: withP99(loopback.wholeMs),
  };
  // The others speak to DynamoDB through its SDK, which has a network of its own.
  if (name !== 'webhook') return { ...figures, toSendMs: undefined };
  const inProcess = await inFreshProcess({ name, calls, endpoint, network: 'at-once' });
  return { ...figures, toSendMs: withP99(inProcess.toSendMs), withoutNetworkMs: withP99(inProcess.wholeMs) };
}

function withP99(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const p99 = sorted[Math.max(0, Math.ceil(0.99 * sorted.length) - 1)] ?? Number.NaN;
  return { ...spread(times), p99: Math.round(p99 * 100) / 100 };
}
