import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../cdk/read-settings.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

describe('reading the settings of the stack', () => {
  it("takes the file that the context names, and leaves alone what is CDK's own", () => {
    using folder = tempFolder({ 'mine.json': '{"githubAppId": 12, "workflow": "bots.yml"}' });
    const settings = readSettings({
      settings: path.join(folder.root, 'mine.json'),
      '@aws-cdk/core:checkSecretUsage': true,
      'aws:cdk:bundling-stacks': ['**'],
      workflow: 'agents.yml',
    });
    expect(settings).toMatchObject({ githubAppId: 12, workflow: 'agents.yml' });
  });

  it.each([
    ['[1]', 'hold no group of keys'],
    ['{"a":', 'cannot be read as JSON'],
  ])('refuses a file with %s', (text, problem) => {
    using folder = tempFolder({ 'mine.json': text });
    expect(() => readSettings({ settings: path.join(folder.root, 'mine.json') })).toThrow(problem);
  });

  it('refuses a file that is named and not there', () => {
    expect(() => readSettings({ settings: '/nowhere/mine.json' })).toThrow('/nowhere/mine.json, are not there');
  });

  it('refuses an unknown key of the context by its nearest name', () => {
    using folder = tempFolder({ 'mine.json': '{}' });
    const named = { settings: path.join(folder.root, 'mine.json') };
    expect(() => readSettings({ ...named, stackname: 'x' })).toThrow('did you mean "stackName"?');
  });
});
