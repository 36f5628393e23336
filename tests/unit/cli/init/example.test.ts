import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { init } from '../../../../src/cli/commands/init.ts';
import { doesIn, exampleWorkflows } from '../../../../src/runtime/examples.ts';
import { fakeCliIo } from '../../../fakes/cli-io.ts';
import { realRepository } from '../../../fakes/real-repository.ts';

const name = 'review-every-pull-request';
const file = `.github/workflows/${name}.yml`;

describe('init --example', () => {
  it('writes that workflow as it stands, and nothing else', async () => {
    using repository = realRepository({ 'README.md': '# here\n' });
    const io = fakeCliIo({ cwd: repository.root });
    expect(await init({ example: name }, io)).toBe(0);
    const [example] = (await exampleWorkflows()).filter((each) => each.name === name);
    expect(readFileSync(path.join(repository.root, file), 'utf8')).toBe(example?.text);
    expect(existsSync(path.join(repository.root, '.github/entropy.yml'))).toBe(false);
    expect(io.out()).toContain(`created  ${file}`);
    expect(io.out()).toContain(`${file} says which settings it wants`);
  });

  it('keeps a file that differs, and shows what would be written without writing it', async () => {
    using repository = realRepository({ [file]: 'name: mine\n' });
    const io = fakeCliIo({ cwd: repository.root });
    await init({ example: name, dryRun: true }, io);
    expect(io.out()).toContain('kept yours');
    expect(readFileSync(path.join(repository.root, file), 'utf8')).toBe('name: mine\n');
  });

  it('answers a name that is none with all that there are', async () => {
    const unknown = init({ example: '../../etc' }, fakeCliIo());
    await expect(unknown).rejects.toMatchObject({ code: 'E100', fix: expect.stringContaining(`  ${name}: `) });
  });

  it('takes no option of the other way', async () => {
    await expect(init({ example: name, form: 'one-step' }, fakeCliIo())).rejects.toMatchObject({ code: 'E100' });
  });
});

it('says of each example in a sentence what it does', async () => {
  const examples = await exampleWorkflows();
  expect(examples.length).toBeGreaterThan(5);
  for (const { text } of examples) expect(doesIn(text)).toMatch(/^.{20,250}\.$/);
  expect(doesIn('# Title: does\n# a thing. And more.\nname: x\n')).toBe('does a thing.');
});
