#!/usr/bin/env node
import { type ExitCode, exitCodes } from '../domain/outcome.ts';
import { readEnvironment, readTerminalHabits } from '../runtime/config.ts';
import type { Cli } from './cli-io.ts';
import { listenForInterruption } from './interruption.ts';
import { normaliseJsonFlag, wantsJson } from './json-output.ts';
import { createPaint } from './paint.ts';
import { asEntropyError, errorJson, errorText, exitCodeOfError } from './print-error.ts';
import { buildProgram, parseProgram } from './program.ts';

const { argv, stdin, stdout, stderr } = process;
const given = argv.slice(2);
const { color, debug } = readTerminalHabits();
// A reader that left (`| head`) is no fault of ours and none of the reader's either.
for (const stream of [stdout, stderr]) stream.on('error', () => process.exit(exitCode));
let exitCode: ExitCode = exitCodes.ok;

const interruption = listenForInterruption(process, (text) => stderr.write(text));
const cli: Cli = {
  run: async (handler) => {
    const environment = readEnvironment();
    const { signal, untilStopped } = interruption;
    exitCode = await handler({
      stdout,
      stderr,
      stdinIsTerminal: stdin.isTTY === true,
      environment,
      cwd: process.cwd(),
      signal,
      paintOut: createPaint(color, stdout.isTTY === true),
      paintErr: createPaint(color, stderr.isTTY === true),
      untilStopped,
    });
  },
};

try {
  await parseProgram(await buildProgram(given, cli), normaliseJsonFlag(given));
} catch (thrown) {
  const error = asEntropyError(thrown);
  exitCode = exitCodeOfError(error);
  const cancelled = interruption.exitCode() !== undefined;
  if (wantsJson(given)) stdout.write(errorJson(error));
  else if (!cancelled) stderr.write(errorText(error, createPaint(color, stderr.isTTY === true), debug));
}
process.exitCode = interruption.exitCode() ?? exitCode;
// Whatever still keeps the process alive has had its chance; what is left is nobody's work.
setTimeout(() => process.exit(), 5_000).unref();
