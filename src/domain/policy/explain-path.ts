import { reviewingGlob } from '../held/review-reason.ts';
import { checkPath, type PatchSetting } from '../patch-check.ts';
import type { PatchPolicy } from '../patch-policy.ts';
import { matchesAny } from '../path-rules.ts';
import type { SettingKey } from '../settings.ts';
import { protectionOf, unreviewedPath } from './delicate-paths.ts';

/** A rule that had a say about a path. */
export interface PathRule {
  /** Hard: no approval gets past it. Soft: it asks for one. Opens: it takes a built-in protection away. */
  readonly strength: 'hard' | 'soft' | 'opens';
  readonly why: string;
  /** Undefined: built in, and in no file. */
  readonly setting: SettingKey | undefined;
  readonly glob: string | undefined;
  /** What would change the verdict; undefined when nothing does. */
  readonly change: string | undefined;
}

export interface PathVerdict {
  /** `held`: published when somebody has approved it. */
  readonly kind: 'allowed' | 'held' | 'refused';
  readonly rules: readonly PathRule[];
}

const settingOf = {
  'protected-paths': 'protectedPaths',
  'allowed-paths': 'allowedPaths',
  'unprotected-paths': undefined,
  'max-files': undefined,
  'max-patch-size': undefined,
  'network.setup': 'setupNetwork',
} as const satisfies Readonly<Record<PatchSetting, SettingKey | undefined>>;

/**
 * Whether agents may change a path, and which rules decide: the very ones that the publisher goes by. With a slash at its end it
 * is a folder, and what is told is told of a file in it that no rule names.
 */
export function explainPath(named: string, policy: PatchPolicy): PathVerdict {
  const path = named.endsWith('/') ? `${named}any.file` : named;
  const reviewed = reviewingGlob(path, policy);
  const delicate = unreviewedPath(named, policy.reviewPaths ?? []) !== undefined;
  const hard = checkPath(path, policy).map(
    ({ message, setting, glob }): PathRule => ({
      strength: 'hard',
      why: message,
      setting: setting === undefined ? undefined : settingOf[setting],
      glob,
      change: setting === undefined ? undefined : changeOf(setting, { path: named, glob, delicate }),
    }),
  );
  const opening = policy.unprotectedPaths.find((glob) => matchesAny([glob], path));
  const protection = protectionOf(path);
  const opens: readonly PathRule[] =
    opening === undefined || protection === undefined
      ? []
      : [
          {
            strength: 'opens',
            why: `protected otherwise: ${protection.why}`,
            setting: 'unprotectedPaths',
            glob: opening,
            change: `remove "${opening}" from paths.unprotected`,
          },
        ];
  const soft: readonly PathRule[] =
    reviewed === undefined
      ? []
      : [
          {
            strength: 'soft',
            why: 'held until somebody approves it',
            setting: 'reviewPaths',
            glob: reviewed,
            change: `remove "${reviewed}" from paths.review-required`,
          },
        ];
  const kind = hard.length > 0 ? 'refused' : soft.length > 0 ? 'held' : 'allowed';
  return { kind, rules: [...hard, ...soft, ...opens] };
}

interface Changed {
  readonly path: string;
  readonly glob: string | undefined;
  /** Opened by itself it would be refused as unsafe. */
  readonly delicate: boolean;
}

function changeOf(setting: PatchSetting, { path, glob, delicate }: Changed): string {
  switch (setting) {
    case 'unprotected-paths':
      return `add "${path}" to paths.unprotected${delicate ? ', and to paths.review-required' : ''}`;
    case 'protected-paths':
      return `remove "${glob ?? path}" from paths.protected`;
    case 'allowed-paths':
      return `add "${path}" to paths.allowed`;
    case 'max-files':
    case 'max-patch-size':
      return 'change fewer files';
    case 'network.setup':
      return 'add the host to network.setup';
    default:
      return setting satisfies never;
  }
}
