import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkWorkflows } from '../../../src/runtime/check-workflows.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'check-workflows-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function workflow(file: string, text: string): void {
  mkdirSync(join(root, '.github', 'workflows'), { recursive: true });
  writeFileSync(join(root, '.github', 'workflows', file), text);
}

test('what checks a repository are its workflows that pushes or pull requests start, and that run no agents', async () => {
  workflow('ci.yml', 'name: CI\non: [push]\njobs: {}\n');
  workflow('lint.yaml', 'name: "Lint: all"\non:\n  pull_request:\n    branches: [main]\njobs: {}\n');
  workflow('types.yml', 'name: Types\non: pull_request\njobs: {}\n');
  workflow('nightly.yml', 'name: Nightly\non:\n  schedule:\n    - cron: "0 3 * * *"\njobs: {}\n');
  workflow('agent.yml', 'name: agent\non: push\njobs:\n  a:\n    uses: entropy-playground/entropy-playground/x@v1\n');
  workflow('nameless.yml', 'on: push\njobs: {}\n');
  workflow('broken.yml', 'name: "CI\non: [push\n');
  workflow('readme.md', 'name: CI\non: push\n');
  mkdirSync(join(root, '.github', 'workflows', 'folder.yml'));
  expect(await checkWorkflows(root)).toEqual(['CI', 'Lint: all', 'Types']);
});

test('without a folder of workflows there are none', async () => {
  expect(await checkWorkflows(root)).toEqual([]);
});
