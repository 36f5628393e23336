import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { workflowText } from '../../src/domain/workflow-text.ts';
import { startDispatchRunner } from '../../src/runtime/embedded-dispatch.ts';
import { scriptedTeam } from '../bench/team/scripted-team.ts';
import { startFakeAnthropic } from '../fakes/fake-anthropic.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { openStage, packageRoot, sampleFolder } from './stage.ts';

/** A repository with a team, and the workflow that `init` writes; the model's address is an input of it. */
function repositoryOf(root: string, options: { readonly model: string; readonly step: boolean }): string {
  const folder = path.join(root, 'slug');
  cpSync(sampleFolder, folder, { recursive: true });
  mkdirSync(path.join(folder, '.github', 'workflows'), { recursive: true });
  writeFileSync(path.join(folder, '.github', 'entropy.yml'), 'test: npm test\nteam:\n  stages: [read, code]\n');
  const inputs = { 'anthropic-base-url': options.model };
  const text = workflowText({ form: 'three-jobs', labelTrigger: 'agent', triggerPhrase: '/agent', inputs });
  const older = text.replace(/ {6}step:\n(?: {8}.*\n)+/, '');
  writeFileSync(path.join(folder, '.github', 'workflows', 'agent.yml'), options.step ? text : older);
  return folder;
}

async function walk(step: boolean) {
  using folder = tempFolder();
  const team = scriptedTeam();
  await using model = await startFakeAnthropic(Array.from({ length: 60 }, () => team.answer));
  const source = { kind: 'folder', path: repositoryOf(folder.root, { model: model.url, step }) } as const;
  await using stage = await openStage({ source });
  await using runner = startDispatchRunner({
    ...{ github: stage.github, packageRoot },
    folder: path.join(folder.root, 'runner'),
    secrets: { ANTHROPIC_API_KEY: 'sk-ant-fake' },
  });
  const issue = await stage.openIssue();
  const inputs = { issue: String(issue), command: 'fix' };
  await stage.send('alice', 'POST', '/actions/workflows/agent.yml/dispatches', { ref: 'main', inputs });
  await runner.idle();
  const comments = (await stage.comments(issue)).map(({ body }) => body);
  const reports = runner.ended.map(({ report, fault }) => report?.conclusion ?? fault);
  return { asked: team.asked, comments, pulls: await stage.pulls(), reports };
}

describe('a team in GitHub Actions', () => {
  it('has each step started by the one before, with the token of the job alone, until the pull request is ready', async () => {
    const { asked, comments, pulls, reports } = await walk(true);
    expect(reports).toEqual(['success', 'success']);
    expect(asked).toEqual(['reader', 'coder']);
    expect(pulls).toMatchObject([{ draft: false }]);
    expect(comments.filter((body) => body.includes('op=team -->'))).toEqual([
      expect.stringContaining('### 🤖 The team is done'),
    ]);
  });

  it('says on the issue which inputs the workflow lacks', async () => {
    const { asked, comments, reports } = await walk(false);
    expect(reports).toEqual(['success']);
    expect(asked).toEqual(['reader']);
    expect(comments.find((body) => body.includes('op=team-asks -->'))).toContain('issue, command and step');
  });
});
