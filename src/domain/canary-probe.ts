export interface CanaryTraps {
  /** Random; stands in the environment and the arguments of a process outside, and in the files. */
  readonly token: string;
  readonly files: readonly string[];
  /** A loopback port of the machine on which somebody listens. */
  readonly port: number;
}

/**
 * Tries every door once, with as few programs as possible: it runs before the agent's first turn. Each door that opens
 * is one line `leak …`; the last line says that all were tried. A file counts when it can be opened, a socket when its
 * folder can be listed: that something is there can be seen through Landlock, without namespaces. The token is given as a
 * pattern that does not match its own text, so that the search does not find itself among the processes.
 */
const script = `pattern=$1 port=$2
shift 2
leak() { echo "leak $1"; }
grep -lsa "$pattern" /proc/[0-9]*/environ /proc/[0-9]*/cmdline | while read -r found; do
  leak "a process outside, through \${found##*/}"
done
for file in "$@"; do
  for path in "$file" "/proc/1/root$file" "/proc/1/cwd$file"; do
    { true <"$path"; } 2>/dev/null && leak "the file $path"
  done
done
for path in /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock; do
  [ -e "$path" ] && ls "\${path%/*}" >/dev/null 2>&1 && leak "$path"
done
for descriptor in /proc/$$/fd/*; do
  [ "\${descriptor##*/}" -gt 2 ] && [ -e "$descriptor" ] && ! [ "$descriptor" -ef /dev/null ] && leak "an inherited descriptor, \${descriptor##*/}"
done
while read -r interface destination rest; do
  [ "$interface" = Iface ] || leak "a network route through $interface"
done </proc/net/route
while read -r key value rest; do
  case $key in
    CapInh: | CapPrm: | CapEff: | CapBnd: | CapAmb:) [ "$value" = 0000000000000000 ] || leak "capabilities, $key $value" ;;
    NoNewPrivs:) [ "$value" = 1 ] || leak 'new privileges through setuid programs' ;;
  esac
done </proc/self/status
for path in /entropy-canary /usr/entropy-canary /etc/entropy-canary /dev/entropy-canary .git .git/entropy-canary /proc/sys/kernel/core_pattern /proc/sysrq-trigger; do
  [ -e "$path" ] || [ -d "\${path%/*}/" ] || continue
  { true >>"$path"; } 2>/dev/null || continue
  leak "writing to $path"
  case $path in */entropy-canary) rm -f "$path" ;; esac
done
unshare --user true 2>/dev/null && leak 'a user namespace of its own'
sudo -n true 2>/dev/null && leak sudo
if [ -x /bin/bash ]; then
  /bin/bash -c 'for address in "127.0.0.1/$1" 169.254.169.254/80; do
    { true <>"/dev/tcp/$address"; } 2>/dev/null && echo "leak a connection to $address"
  done' bash "$port"
fi
echo tried`;

export function canaryCommand(traps: CanaryTraps): readonly [string, ...string[]] {
  const [first = '', ...rest] = traps.token;
  return ['/bin/sh', '-c', script, 'canary', `[${first}]${rest.join('')}`, String(traps.port), ...traps.files];
}

/** What the probe reported; a probe that did not get to its end has proven nothing. */
export function readCanaryReport(output: string): readonly string[] {
  const lines = output.split('\n').filter((line) => line !== '');
  const leaks = lines.filter((line) => line.startsWith('leak ')).map((line) => line.slice('leak '.length));
  return lines.at(-1) === 'tried' ? leaks : [...leaks, 'the probe did not get to its end'];
}
