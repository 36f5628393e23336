import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createArtifactStore } from '../../src/embedded/runner/artifact/artifact-store.ts';
import { runOnThisMachine } from '../../src/runtime/embedded-runner.ts';
import { type Execute, exampleFolder } from './example-scenes.ts';
import { packageRoot, repository } from './stage.ts';

/** Our own runner, with the file as it stands among the examples. */
export const onOwnRunner: Execute = async ({ stage, file, event }) => {
  const { github } = stage;
  const head = await stage.send<{ object: { sha: string } }>('alice', 'GET', '/git/ref/heads/main');
  const workflow = { path: `.github/workflows/${file}`, text: readFileSync(path.join(exampleFolder, file), 'utf8') };
  const record = github.runs.create({
    ...{ repository, workflowPath: workflow.path, name: file, event: event.name, title: file },
    ...{ headBranch: 'main', headSha: head.object.sha, actor: 'alice' },
  });
  github.runs.update(record.id, { status: 'in_progress' });
  const folder = path.join(stage.root, `example-${record.id}`);
  mkdirSync(folder);
  const log: string[] = [];
  const report = await runOnThisMachine(
    {
      ...{ github, repository, record, workflow, event, branch: 'main', sha: head.object.sha, actor: 'alice' },
      ...{ folder, jobsDir: path.join(folder, 'runner'), packageRoot, secrets: {} },
      artifacts: createArtifactStore(path.join(folder, 'artifacts')),
      onEvent: (told) => {
        if (told.type === 'log') log.push(`${told.job} | ${told.line}`);
      },
    },
    AbortSignal.timeout(150_000),
  );
  github.runs.update(record.id, { status: 'completed', conclusion: report.conclusion });
  const worked = report.jobs.some(({ conclusion }) => conclusion === 'success');
  return { ok: report.conclusion === 'success' && worked, log: [...log, String(report.reason)].join('\n') };
};
