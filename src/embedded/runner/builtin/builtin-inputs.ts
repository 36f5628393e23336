import type { BuiltinName } from './builtin-names.ts';

export interface BuiltinInput {
  /** A text, or the member of the `github` context that is taken. */
  readonly default: string | { readonly github: string };
  /** `ignored`: has no meaning here. `refused`: would change what happens, so any value but the default fails the step. */
  readonly use: 'used' | 'ignored' | 'refused';
}

type Inputs = Readonly<Record<string, BuiltinInput>>;

const used = (value: BuiltinInput['default'] = ''): BuiltinInput => ({ default: value, use: 'used' });
const ignored = (value: BuiltinInput['default'] = ''): BuiltinInput => ({ default: value, use: 'ignored' });
const refused = (value = ''): BuiltinInput => ({ default: value, use: 'refused' });

const cache: Inputs = {
  path: used(),
  key: used(),
  'restore-keys': ignored(),
  'upload-chunk-size': ignored(),
  enableCrossOsArchive: ignored('false'),
  'fail-on-cache-miss': used('false'),
  'lookup-only': ignored('false'),
  'save-always': ignored('false'),
};

/** What the replacements accept; docs/local-runner.md lists it from here. */
export const builtinInputs: Readonly<Record<BuiltinName, Inputs>> = {
  'actions/checkout': {
    repository: used({ github: 'repository' }),
    ref: used(),
    token: used({ github: 'token' }),
    path: used(),
    'persist-credentials': used('true'),
    clean: used('true'),
    'fetch-depth': used('1'),
    'fetch-tags': used('false'),
    'sparse-checkout': used(),
    'sparse-checkout-cone-mode': used('true'),
    'show-progress': ignored('true'),
    'set-safe-directory': ignored('true'),
    filter: ignored(),
    'ssh-key': refused(),
    'ssh-known-hosts': ignored(),
    'ssh-strict': ignored('true'),
    'ssh-user': ignored('git'),
    lfs: refused('false'),
    submodules: refused('false'),
    'github-server-url': refused(),
    'allow-unsafe-pr-checkout': ignored('false'),
  },
  'actions/upload-artifact': {
    name: used('artifact'),
    path: used(),
    'if-no-files-found': used('warn'),
    overwrite: used('false'),
    'include-hidden-files': used('false'),
    'retention-days': ignored(),
    'compression-level': ignored('6'),
    archive: refused('true'),
  },
  'actions/download-artifact': {
    name: used(),
    'artifact-ids': used(),
    path: used(),
    pattern: used(),
    'merge-multiple': used('false'),
    'digest-mismatch': used('error'),
    'github-token': refused(),
    repository: ignored({ github: 'repository' }),
    'run-id': ignored({ github: 'run_id' }),
    'skip-decompress': refused('false'),
  },
  'actions/setup-node': {
    'node-version': used(),
    'node-version-file': ignored(),
    'check-latest': ignored('false'),
    architecture: ignored(),
    cache: ignored(),
    'package-manager-cache': ignored('true'),
    'cache-dependency-path': ignored(),
    'always-auth': ignored('false'),
    token: ignored(),
    mirror: ignored(),
    'mirror-token': ignored(),
    'registry-url': refused(),
    scope: refused(),
  },
  'actions/cache': cache,
  'actions/cache/restore': cache,
  'actions/cache/save': cache,
};
