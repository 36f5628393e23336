import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tempFolder } from '../fakes/temp-folder.ts';

const file = path.join(import.meta.dirname, '../../actions/setup-sandbox/action.yml');
const action: { runs: { steps: { run: string; shell: string }[] } } = parse(readFileSync(file, 'utf8'));
const [step] = action.runs.steps;
const script = step?.run ?? '';

/** Programs of a runner as one-line scripts; every call of them is written to `calls`. */
function runOn(programs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  using folder = tempFolder();
  const calls = path.join(folder.root, 'calls');
  for (const real of ['tr', 'sort', 'head', 'sed', 'cat', 'chmod']) {
    if (!(real in programs)) symlinkSync(`/usr/bin/${real}`, path.join(folder.root, real));
  }
  const defaults = { uname: 'echo Linux', id: 'echo 1001', sudo: 'shift; "$@"' };
  for (const [name, body] of Object.entries({ ...defaults, ...programs })) {
    const target = path.join(folder.root, name);
    const log = name in defaults ? '' : `echo "${name} $*" >>${calls}\n`;
    writeFileSync(target, `#!/bin/sh\nhere=${folder.root}\n${log}${body}\n`, { mode: 0o755 });
  }
  const run = spawnSync('/usr/bin/bash', ['-e', '-c', script], {
    env: {
      PATH: folder.root,
      ALSO_UNSHARE: 'false',
      MAY_INSTALL: 'false',
      RUNNER_ENVIRONMENT: 'github-hosted',
      ...env,
    },
    encoding: 'utf8',
  });
  const said = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
  return { status: run.status, stdout: run.stdout, calls: said.map((line) => line.split(' ').slice(0, 3).join(' ')) };
}

const goodBwrap = 'if [ "$1" = --version ]; then echo "bubblewrap 0.9.0"; fi';
/** Says no until a profile was loaded. */
const restrictedBwrap = `${goodBwrap}; [ "$1" = --version ] || [ -e "$here/profile" ] || { echo "bwrap: setting up uid map: Permission denied" >&2; exit 1; }`;
const apparmor = { apparmor_parser: 'true >"$here/profile"', tee: 'while read -r line; do :; done' };

describe('the action setup-sandbox', () => {
  it('puts no expression into its script (A6)', () => {
    expect(step?.shell).toBe('bash');
    expect(script).not.toContain('${{');
  });

  it('changes nothing where bubblewrap works', () => {
    const { status, stdout, calls } = runOn({ bwrap: goodBwrap });
    expect([status, stdout]).toEqual([0, 'bubblewrap 0.9.0 is ready\n']);
    expect(calls.filter((call) => !call.startsWith('bwrap'))).toEqual([]);
  });

  it('installs it when it is missing, and fetches the package lists only when that is needed', () => {
    const apt = `case "$*" in *update*) true >"$here/lists" ;; *) [ -e "$here/lists" ] || exit 100; printf '%s\\n' '#!/bin/sh' '${goodBwrap}' >"$here/bwrap"; chmod 755 "$here/bwrap" ;; esac`;
    const { status, stdout, calls } = runOn({ 'apt-get': apt });
    expect(status).toBe(0);
    expect(stdout).toContain('bubblewrap 0.9.0 is ready');
    expect(calls.filter((call) => call.startsWith('apt-get')).length).toBe(3);
  });

  it('says so when it cannot be installed', () => {
    const { status, stdout } = runOn({ 'apt-get': 'exit 100' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error title=No sandbox on this runner::bubblewrap is not there/m);
  });

  it('refuses a version without what the sandbox needs', () => {
    const { status, stdout } = runOn({ bwrap: 'echo "bubblewrap 0.6.1"' });
    expect(status).toBe(1);
    expect(stdout).toContain('bubblewrap 0.6.1 is too old, 0.8 is needed');
  });

  it('leaves it to containers where an engine runs, and says so', () => {
    const { status, stdout } = runOn({ bwrap: 'echo "bubblewrap 0.6.1"', docker: 'exit 0' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^::notice title=Bubblewrap cannot be used on this runner::bubblewrap 0.6.1 is too old/m);
    expect(runOn({ bwrap: 'echo "bubblewrap 0.6.1"', docker: 'exit 1' }).status).toBe(1);
  });

  it('passes the reason on when the kernel says no and no profile can help', () => {
    const { status, stdout, calls } = runOn({ bwrap: restrictedBwrap, ...apparmor });
    expect(status).toBe(1);
    expect(stdout).toContain('  bwrap: setting up uid map: Permission denied');
    expect(stdout).toContain('::error');
    expect(calls.some((call) => call.startsWith('apparmor_parser'))).toBe(false);
  });

  it('refuses on another system than Linux', () => {
    expect(runOn({ uname: 'echo Darwin' })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('needs Linux'),
    });
  });
});

describe('the action setup-sandbox on a machine of somebody’s own', () => {
  const own = { RUNNER_ENVIRONMENT: 'self-hosted' };
  const apt = { 'apt-get': 'exit 1' };

  it('installs nothing when bubblewrap is missing, says so, and leaves the decision to the ladder', () => {
    for (const env of [own, { RUNNER_ENVIRONMENT: '' }]) {
      const { status, stdout, calls } = runOn(apt, env);
      expect([status, calls]).toEqual([0, []]);
      expect(stdout).toMatch(/^::notice title=Bubblewrap cannot be used on this machine::bubblewrap is not there/);
    }
  });

  it('writes no AppArmor profile, for bubblewrap or for unshare', () => {
    const programs = { ...apparmor, cat: 'echo 1', bwrap: restrictedBwrap, unshare: 'exit 1' };
    for (const bwrap of [restrictedBwrap, goodBwrap]) {
      const { status, calls } = runOn({ ...programs, bwrap }, { ...own, ALSO_UNSHARE: 'true' });
      expect(status).toBe(0);
      expect(calls.filter((call) => /^(?:tee|apparmor_parser)/.test(call))).toEqual([]);
    }
  });

  it('does both when the workflow says so', () => {
    const { calls } = runOn(apt, { ...own, MAY_INSTALL: 'true' });
    expect(calls.some((call) => call.startsWith('apt-get'))).toBe(true);
  });
});

describe('the action setup-sandbox where AppArmor restricts user namespaces', () => {
  // The switch is a file of the kernel; the script reads it with `cat`, which answers 1 here.
  const machine = { ...apparmor, cat: 'echo 1' };
  const runRestricted = (programs: Record<string, string>, env: Record<string, string> = {}) =>
    runOn({ ...machine, ...programs }, env);

  it('writes and loads a profile for bubblewrap, and for unshare only when asked', () => {
    const first = runRestricted({ bwrap: restrictedBwrap, unshare: 'exit 1' });
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('is ready') });
    expect(first.calls).toContain('tee /etc/apparmor.d/entropy-bwrap');
    expect(first.calls).toContain('apparmor_parser --replace /etc/apparmor.d/entropy-bwrap');
    expect(first.calls.some((call) => /^unshare|entropy-unshare/.test(call))).toBe(false);

    const unshare = '[ -e "$here/profile" ]';
    const both = runRestricted({ bwrap: goodBwrap, unshare }, { ALSO_UNSHARE: 'true' });
    expect(both.status).toBe(0);
    expect(both.calls).toContain('apparmor_parser --replace /etc/apparmor.d/entropy-unshare');
  });

  it('says so when the profile cannot be written', () => {
    const { status, stdout } = runRestricted({ bwrap: restrictedBwrap, sudo: 'exit 1' });
    expect(status).toBe(1);
    expect(stdout).toContain('its profile could not be written');
  });
});
