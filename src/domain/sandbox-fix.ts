/** What a person does so that a program of the sandbox is there, for the distributions that runners and people use. */
export function installHint(osRelease: string, packages: SandboxPackages): string {
  const family = /^(?:ID|ID_LIKE)=.*$/gm;
  const names = (osRelease.match(family) ?? []).join(' ').toLowerCase();
  if (/debian|ubuntu/.test(names)) return `sudo apt-get update && sudo apt-get install -y ${packages.debian}`;
  if (/fedora|rhel|centos|amzn/.test(names)) return `sudo dnf install -y ${packages.fedora}`;
  if (/arch/.test(names)) return `sudo pacman -S --needed ${packages.arch}`;
  if (/alpine/.test(names)) return `apk add ${packages.alpine}`;
  if (/suse/.test(names)) return `sudo zypper install -y ${packages.suse}`;
  return `install ${packages.debian} with the package manager of this machine`;
}

export interface SandboxPackages {
  readonly debian: string;
  readonly fedora: string;
  readonly arch: string;
  readonly alpine: string;
  readonly suse: string;
}

/** Why the kernel says no to a user namespace, from what its own switches say, and what lifts it. */
export interface NamespaceSwitches {
  /** `kernel.apparmor_restrict_unprivileged_userns`, Ubuntu 23.10 and later. */
  readonly apparmorRestricts: boolean;
  /** `kernel.unprivileged_userns_clone` is 0, older Debian. */
  readonly cloneForbidden: boolean;
  /** `user.max_user_namespaces` is 0, hardened RHEL. */
  readonly noneAllowed: boolean;
  readonly inContainer: boolean;
}

export function namespaceHint(switches: NamespaceSwitches, program: string): string {
  if (switches.apparmorRestricts) {
    return [
      `Ubuntu lets only programs with an AppArmor profile make user namespaces. In a workflow, put before the agent:`,
      `  - uses: entropy-playground/setup-sandbox@v1`,
      `On your own machine:`,
      `  printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile entropy-${program} /usr/bin/${program} flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/entropy-${program}`,
      `  sudo apparmor_parser -r /etc/apparmor.d/entropy-${program}`,
    ].join('\n');
  }
  if (switches.cloneForbidden) return 'sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if (switches.noneAllowed) return 'sudo sysctl -w user.max_user_namespaces=15000';
  if (switches.inContainer) {
    return 'This is a container that forbids namespaces. Run on the runner itself (no `container:`), or start the container with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined --cap-add SYS_ADMIN`.';
  }
  return 'Run on a machine whose kernel allows user namespaces, for example `runs-on: ubuntu-24.04`.';
}
