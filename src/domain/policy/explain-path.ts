import { reviewingGlob } from '../held/review-reason.ts';
import { checkPath, type PatchSetting } from '../patch-check.ts';
import type { PatchPolicy } from '../patch-policy.ts';
import { matchesAny } from '../path-rules.ts';
import type { SettingKey } from '../settings.ts';
import { protectionOf } from './delicate-paths.ts';

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
} as const satisfies Readonly<Record<PatchSetting, SettingKey | undefined>>;

/** Whether agents may change a path, and which rules decide: the very ones that the publisher goes by. */
export function explainPath(path: string, policy: PatchPolicy): PathVerdict {
  const hard = checkPath(path, policy).map(
    ({ message, setting, glob }): PathRule => ({
      strength: 'hard',
      why: message,
      setting: setting === undefined ? undefined : settingOf[setting],
      glob,
      change: setting === undefined ? undefined : changeOf(setting, path, glob),
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
  const reviewed = reviewingGlob(path, policy);
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

function changeOf(setting: PatchSetting, path: string, glob: string | undefined): string {
  switch (setting) {
    case 'unprotected-paths':
      return `add "${path}" to paths.unprotected`;
    case 'protected-paths':
      return `remove "${glob ?? path}" from paths.protected`;
    case 'allowed-paths':
      return `add "${path}" to paths.allowed`;
    case 'max-files':
    case 'max-patch-size':
      return 'change fewer files';
    default:
      return setting satisfies never;
  }
}
