#!/usr/bin/env node
/** Loads as little as it can: `--help` needs no configuration, no colours and no command but the one asked for. */
import { exitCodes } from '../domain/outcome.ts';
import type { Cli } from './cli-io.ts';
import { listenForInterruption } from './interruption.ts';
import { normaliseJsonFlag, wantsJson } from './json-flag.ts';
import { buildProgram, parseProgram } from './program.ts';

const { argv, stdin, stdout, stderr } = process;
const given = argv.slice(2);
let exitCode: number = exitCodes.ok;
// A reader that left (`| head`) is no fault of ours and none of the reader's either.
for (const stream of [stdout, stderr]) stream.on('error', () => process.exit(exitCode));

const interruption = listenForInterruption(process, (text) => stderr.write(text));
const cli: Cli = {
  run: async (handler) => {
    const { readEnvironment } = await import('../runtime/config.ts');
    const { createPaint } = await import('./paint.ts');
    const environment = readEnvironment();
    const { color } = environment.terminal;
    exitCode = await handler({
      stdout,
      stderr,
      stdinIsTerminal: stdin.isTTY === true,
      environment,
      cwd: process.cwd(),
      signal: interruption.signal,
      paintOut: createPaint(color, stdout.isTTY === true),
      paintErr: createPaint(color, stderr.isTTY === true),
      untilStopped: interruption.untilStopped,
    });
  },
};

try {
  await parseProgram(await buildProgram(given, cli), normaliseJsonFlag(given));
} catch (thrown) {
  const { reportError } = await import('./report-error.ts');
  const quiet = interruption.exitCode() !== undefined;
  exitCode = reportError(thrown, { stdout, stderr, json: wantsJson(given), quiet });
}
process.exitCode = interruption.exitCode() ?? exitCode;
// Whatever still keeps the process alive has had its chance; what is left is nobody's work.
setTimeout(() => process.exit(), 5_000).unref();
