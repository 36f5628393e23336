import type { SettingKey, Settings } from '../domain/settings.ts';
import { readConfig } from './repository-config.ts';

/** Where an entry of a setting stands in a policy file, as compilers write it; undefined when the file does not hold it. */
export type PolicyPlace = (key: SettingKey, ...entry: readonly string[]) => string | undefined;

/** The settings' places in a file. An entry of a list is found by its text, one of a group by its name. */
export async function policyPlaces(content: Uint8Array | string, file: string): Promise<PolicyPlace> {
  const { layer, placeOf } = await readConfig(content, file);
  return (key, ...entry) => {
    if (layer.origin?.[key] === undefined) return undefined;
    const { line } = placeOf(key, ...pathTo(layer.values[key], entry));
    return `${file}:${line}`;
  };
}

function pathTo(value: Settings[SettingKey] | undefined, entry: readonly string[]): readonly (string | number)[] {
  return entry.flatMap((part): (string | number)[] => {
    if (!Array.isArray(value)) return [part];
    const index = value.indexOf(part);
    return index === -1 ? [] : [index];
  });
}
