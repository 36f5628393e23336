import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsMissing } from '../../fakes/aws-stand-in.ts';
import { runCommand, runCommandText } from '../../fakes/command-line.ts';
import { type DeployRoom, deployRoom } from '../../fakes/deploy-room.ts';
import { agreeInBrowser, type DeployClone } from '../../fakes/deploy-scene.ts';

const missing = awsMissing();
if (missing !== undefined && process.env['CI'] !== undefined) throw new Error(missing);

describe.skipIf(missing !== undefined)('the command deploy', () => {
  let room: DeployRoom;
  let clone: DeployClone;
  /** An App that somebody made by hand, with its key. */
  let app: { readonly id: number; readonly file: string };

  beforeAll(async () => {
    room = await deployRoom();
    await room.around.bootstrap(27);
    clone = room.around.clone('by-hand');
    using world = await room.world(clone, { onPage: (url) => void agreeInBrowser(url) });
    const made = await world.makeApp({ owner: { kind: 'organization', login: 'octo' }, name: 'entropy-by-hand' });
    app = { id: made.app.id, file: path.join(clone.root, 'downloaded.pem') };
    writeFileSync(app.file, made.privateKey);
  }, 60_000);
  afterAll(async () => {
    clone[Symbol.dispose]();
    await room[Symbol.asyncDispose]();
  });

  const args = (...more: readonly string[]) => ['deploy', ...more, '--stack', clone.stack, '--clone', clone.root];
  const run = (...more: readonly string[]) =>
    runCommand([...args(...more), '--json'], { env: room.around.variables, cwd: clone.root });
  const text = (...more: readonly string[]) =>
    runCommandText(args(...more), { env: room.around.variables, cwd: clone.root });

  test('changes nothing before somebody agreed, and tells by --dry-run what it would do', async () => {
    const unsaid = await text('--org', 'octo');
    expect(unsaid).toMatchObject({ code: 2, stdout: '' });
    expect(unsaid.stderr).toContain('--dry-run');
    const { code, json } = await run('--org', 'octo', '--dry-run');
    expect(code).toBe(0);
    expect(json).toMatchObject({ ok: true, dryRun: true, stack: 'by-hand', app: null, selfTest: [] });
    expect(json.steps.filter(({ state }: { state: string }) => state === 'planned')).toHaveLength(7);
    expect(clone.cdkCalls()).toEqual([]);
    expect(existsSync(path.join(clone.root, 'entropy.stack.json'))).toBe(false);
  });

  test('deploys with an App that was made by hand; no secret is on stdout or in an argument', async () => {
    const keyFile = path.join(clone.root, 'admin-key');
    const given = ['--yes', '--app-id', String(app.id), '--private-key-file', app.file, '--admin-key-file', keyFile];
    const { code, json, stdout, stderr } = await run(...given, '--set', 'concurrency=20', 'alarmEmail=ops@example.com');
    expect(stderr).not.toContain('error[');
    expect(code).toBe(0);
    expect(json).toMatchObject({ ok: true, region: 'eu-central-1', app: { id: app.id, owner: 'octo' } });
    expect(json.next.join('\n')).toContain('/apps/entropy-by-hand/installations/new');
    expect(JSON.parse(readFileSync(path.join(clone.root, 'entropy.stack.json'), 'utf8'))).toMatchObject({
      concurrency: 20,
      alarmEmail: 'ops@example.com',
    });

    const adminKey = readFileSync(keyFile, 'utf8').trim();
    expect(adminKey).toMatch(/^entropy_/);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    using world = await room.world(clone);
    const secret = (await world.secrets.current('by-hand-webhook')) ?? '?';
    const told = `${stdout}\n${stderr}`;
    const arguments_ = clone
      .cdkCalls()
      .map(({ argv }) => argv.join(' '))
      .join('\n');
    for (const word of [adminKey, secret, 'PRIVATE KEY', 'test-secret']) {
      expect(told).not.toContain(word);
      expect(arguments_).not.toContain(word);
    }
  });

  test('the CDK gets the credentials of AWS and none of the other secrets', async () => {
    const env = { ...room.around.variables, GITHUB_TOKEN: 'ghp_secret', ANTHROPIC_API_KEY: 'sk-ant-secret' };
    const { code, stdout } = await runCommandText(args('diff'), { env, cwd: clone.root });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('what would change') });
    const call = clone.cdkCalls().at(-1);
    expect(call?.env).toMatchObject({ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIATEST' });
    expect(JSON.stringify(call?.env)).not.toMatch(/ghp_secret|sk-ant-secret/);
  });

  test('status and self-test tell what is there', async () => {
    const { json } = await run('status');
    expect(json).toMatchObject({ stack: 'by-hand', status: 'CREATE_COMPLETE', app: { id: app.id }, rotating: false });
    expect(json.releases).toEqual([expect.objectContaining({ current: true })]);
    const lines = (await text('self-test')).stdout;
    expect(lines).toContain('✔ signed ping');
    expect(lines).toContain('! installation');
    expect(lines).toMatch(/fix +http.*\/apps\/entropy-by-hand\/installations\/new/);
  });

  test('finds the server of GitHub in the settings when nobody names it again', async () => {
    const env = Object.fromEntries(
      Object.entries(room.around.variables).filter(([name]) => !/^GITHUB_(API|SERVER)_URL$/.test(name)),
    );
    const { json } = await runCommand([...args('self-test'), '--json'], { env, cwd: clone.root });
    expect(json.checks.find(({ id }: { id: string }) => id === 'sign')).toMatchObject({ status: 'ok' });
  });

  test('refuses a name of a stack that would lead to another folder', async () => {
    const { code, json } = await runCommand(['deploy', 'status', '--stack', '../../up', '--json'], {
      env: room.around.variables,
    });
    expect({ code, error: json.error }).toMatchObject({ code: 2, error: { code: 'E100' } });
  });

  test('a rotated webhook secret counts at once, the old one beside it until it is retired', async () => {
    using world = await room.world(clone);
    const before = await world.secrets.current('by-hand-webhook');
    expect((await run('rotate-webhook-secret')).json).toMatchObject({ resumed: false, old: 'counts-on' });
    expect(await world.secrets.previous('by-hand-webhook')).toBe(before);
    expect((await run('self-test')).json.ok).toBe(true);
    expect((await run('rotate-webhook-secret', '--retire-old')).json).toMatchObject({ old: 'retired' });
    expect(await world.secrets.previous('by-hand-webhook')).toBeUndefined();
  });

  test("a person's data is found in table and buckets of the stack, and taken out of them", async () => {
    using world = await room.world(clone);
    const key = { id: 'ab', name: 'ci', role: 'viewer', createdAt: 1, createdBy: 'github/mona' } as const;
    await world.apiKeys('by-hand-table').add({ key, hash: 'a'.repeat(64) });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const s3 = new S3Client({ region: 'eu-central-1', endpoint: room.around.aws, forcePathStyle: true, credentials });
    for (const Bucket of ['by-hand-artifacts', 'by-hand-audit']) {
      const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    }
    s3.destroy();
    const person = (command: string, ...more: readonly string[]) =>
      runCommandText(['data', command, '--person', 'mona', '--stack', clone.stack, ...more], {
        env: room.around.variables,
      });
    const before = await person('export');
    expect(JSON.parse(before.stdout)).toMatchObject({
      kind: 'api-key',
      data: { record: { createdBy: 'github/mona' } },
    });
    const erased = JSON.parse((await person('erase', '--yes', '--json')).stdout);
    expect(erased).toMatchObject({ place: 'stack by-hand in eu-central-1', changed: { 'api-key': 1 }, log: 'told' });
    expect((await person('export')).stdout).toBe('');
  });

  test('without credentials, without a clone and with a key that fits nothing it says what to do', async () => {
    const none = { ...room.around.variables, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: clone.root };
    const bare = await runCommand([...args('--org', 'octo', '--dry-run'), '--json'], { env: none, cwd: clone.root });
    expect(bare).toMatchObject({ code: 4, json: { error: { code: 'E741' } } });
    const folder = path.join(clone.root, 'node_modules');
    const packaged = await runCommand(['deploy', '--org', 'octo', '--dry-run', '--clone', folder, '--json'], {
      env: room.around.variables,
    });
    expect(packaged.json.error).toMatchObject({ code: 'E760', fix: expect.stringContaining('git clone') });

    using other = room.around.clone('foreign');
    const file = path.join(other.root, 'wrong.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const wrong = await runCommand(
      [
        'deploy',
        '--stack',
        'foreign',
        '--clone',
        other.root,
        '--yes',
        '--json',
        '--app-id',
        String(app.id),
        '--private-key-file',
        file,
      ],
      { env: room.around.variables, cwd: other.root },
    );
    expect(wrong.json.error.code).toBe('E201');
    expect(wrong.stderr).toContain('the same command goes on');
  });

  test('destroys after it told what stays, and only when somebody agreed', async () => {
    expect((await text('destroy')).code).toBe(2);
    const { code, json } = await run('destroy', '--yes');
    expect(code).toBe(0);
    expect(json.stays).toEqual([
      expect.objectContaining({ type: 'AWS::DynamoDB::Table', physicalId: 'by-hand-table' }),
    ]);
    const named = ['deploy', '--stack', clone.stack, 'status', '--clone', clone.root, '--json'];
    const { json: after } = await runCommand(named, { env: room.around.variables });
    expect(after).toMatchObject({ stack: 'by-hand', status: null });
  });
});
