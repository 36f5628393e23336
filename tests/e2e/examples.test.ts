import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onOwnRunner } from './example-on-runner.ts';
import { exampleFolder, exampleScenes } from './example-scenes.ts';

describe('what people paste from the examples does its work on our own runner', () => {
  it.each(exampleScenes)('$title', ({ play }) => play(onOwnRunner));

  it('and none of them is left out', () => {
    const files = globSync('*.yml', { cwd: exampleFolder }).map((file) => path.basename(file));
    expect([...new Set(exampleScenes.flatMap((scene) => scene.files))].sort()).toEqual(files.sort());
  });
});
