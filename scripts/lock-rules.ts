export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

export interface LockedFiles {
  readonly manifest: {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  readonly lock: { readonly packages: Readonly<Record<string, LockedPackage>> };
  /** `scripts/node-runtime.json`. */
  readonly runtime: { readonly version: string };
}

/** Their scripts are not run (scripts/install.mjs); whoever is new here is looked at before it is taken in. */
const knownScripts = ['node_modules/esbuild', 'node_modules/node'];
const registry = 'https://registry.npmjs.org/';
const mostRuntimeDependencies = 25;

/** What is wrong, a sentence each. */
export function lockProblems({ manifest, lock, runtime }: LockedFiles): readonly string[] {
  const { dependencies = {}, devDependencies = {} } = manifest;
  const count = Object.keys(dependencies).length;
  return [
    ...Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      .map(([name, version]) => `package.json: ${name} is "${version}", which is no exact version`),
    ...(count > mostRuntimeDependencies
      ? [`package.json: ${count} runtime dependencies, at most ${mostRuntimeDependencies}`]
      : []),
    ...(devDependencies['node'] === runtime.version
      ? []
      : [`scripts/node-runtime.json: ${runtime.version} is not the node of package.json; pin the new one's checksums`]),
    ...lockedProblems('package-lock.json', lock),
  ];
}

/** What is wrong with the packages of a lock file, wherever it lies. */
export function lockedProblems(file: string, { packages }: LockedFiles['lock']): readonly string[] {
  return Object.entries(packages)
    .filter(([place]) => place !== '')
    .flatMap(([place, each]) => packageProblems(place, each).map((problem) => `${file}: ${place} ${problem}`));
}

function packageProblems(place: string, each: LockedPackage): readonly string[] {
  const { resolved, integrity, optional, inBundle, link, hasInstallScript } = each;
  // What npm writes down of a package for other machines may lack it; there `npm ci` asks the registry for it. What is bundled comes
  // within another package, under the checksum of that one.
  const lacksChecksum = integrity === undefined && optional !== true && inBundle !== true;
  return [
    ...(link === true ? ['is a link to a folder'] : []),
    ...(lacksChecksum ? ['has no checksum'] : []),
    ...(integrity !== undefined && !integrity.startsWith('sha512-')
      ? [`has a weak checksum (${integrity.slice(0, 12)}…)`]
      : []),
    ...(resolved !== undefined && !resolved.startsWith(registry) ? [`comes from ${resolved.slice(0, 80)}`] : []),
    ...(hasInstallScript === true && !knownScripts.includes(place)
      ? ['runs a script when it is installed; look at it, and add it to scripts/lock-rules.ts']
      : []),
  ];
}
