/** What `cdk` runs (cdk.json): makes the template, without an account, credentials or the network. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EntropyError } from '../src/domain/error.ts';
import type { FunctionName } from '../src/runtime/aws/aws-names.ts';
import { checkedApp } from './checked-app.ts';

try {
  const { app, stack } = checkedApp({ codeFolder });
  const { template } = app.synth().getStackByName(stack.stackName);
  const kilobytes = (JSON.stringify(template).length / 1_024).toFixed(0);
  console.error(`${stack.stackName}: ${stack.resourceCount} resources, a template of ${kilobytes} KB`);
} catch (error) {
  if (!(error instanceof EntropyError)) throw error;
  console.error(`${error.code}  ${error.message}\n  fix   ${error.fix}`);
  process.exitCode = 1;
}

function codeFolder(name: FunctionName): string {
  const folder = fileURLToPath(new URL(`../dist/lambdas/${name}`, import.meta.url));
  if (existsSync(`${folder}/index.mjs`)) return folder;
  throw new EntropyError({
    code: 'E101',
    message: `the function ${name} was not built: there is no dist/lambdas/${name}/index.mjs`,
    fix: 'node scripts/build-lambdas.ts',
  });
}
