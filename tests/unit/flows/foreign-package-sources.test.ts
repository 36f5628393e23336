import { describe, expect, it } from 'vitest';
import { manifestOn, publishScene, readyResult } from '../../fakes/publish-scene.ts';

const lock = (host: string) =>
  JSON.stringify({ packages: { 'node_modules/a': { resolved: `https://${host}/a.tgz` } } });

describe('a lock file that agents may change', () => {
  it('blocks the publish when it names a host that is new, and tells path, host and setting', async () => {
    const scene = await publishScene();
    const patchPolicy = { ...scene.task.patchPolicy, unprotectedPaths: ['package-lock.json'] };
    const patch = manifestOn(scene.forge, scene.task.base.sha, { 'package-lock.json': lock('packages.example') });
    const report = await scene.publish(readyResult(patch), { task: { ...scene.task, patchPolicy } });
    expect([report.outcome, report.error?.code]).toEqual(['blocked', 'E600']);
    expect(report.reason).toContain('"package-lock.json": it would take packages from "packages.example"');
    expect(scene.comment()).toContain('a maintainer can change `network.setup` in `.github/entropy.yml`');
    expect(scene.forge.git.branches.size).toBe(1);
  });

  it('is published when the maintainer has named the host, or the base has it', async () => {
    const scene = await publishScene();
    const patchPolicy = { ...scene.task.patchPolicy, unprotectedPaths: ['package-lock.json'] };
    const setup = { kind: 'allowed', hosts: ['packages.example'], services: [] } as const;
    const named = { ...scene.task, patchPolicy, network: { setup, agent: { kind: 'none' } } as const };
    const change = { 'package-lock.json': lock('packages.example') };
    const patch = manifestOn(scene.forge, scene.task.base.sha, change);
    expect((await scene.publish(readyResult(patch), { task: named })).outcome).toBe('succeeded');

    const other = await publishScene();
    const sha = other.forge.git.commitFiles({ 'package-lock.json': `${lock('packages.example')}\n` });
    other.forge.git.branches.set('main', sha);
    const task = { ...other.task, patchPolicy, base: { branch: 'main', sha } };
    const again = await other.publish(readyResult(manifestOn(other.forge, sha, change)), { task });
    expect(again.outcome).toBe('succeeded');
  });
});
