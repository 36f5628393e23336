/**
 * Makes the root of the sandbox as root of a fresh user and mount namespace, and stays as the process that holds them.
 * Arguments: root folder, bytes of /tmp, of home and of /dev/shm, network, then records of four words. Every word is used as
 * an argument, never as text of the script.
 */
export const buildRoot = `set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 tmp=$2 home=$3 shm=$4 network=$5
shift 5
mount --make-rprivate /
mount -t tmpfs -o size=1m,mode=0755,nosuid,nodev root "$root"
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/home/agent"
mount -t tmpfs -o "size=$tmp,mode=1777,nosuid,nodev" tmp "$root/tmp"
mount -t tmpfs -o "size=$home,mode=0700,nosuid,nodev" home "$root/home/agent"
mount --rbind /proc "$root/proc"
mount -t tmpfs -o size=64k,mode=0755,nosuid dev "$root/dev"
for name in null zero full random urandom tty; do
  : >"$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t tmpfs -o "size=$shm,mode=1777,nosuid,nodev" shm "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,nosuid,noexec devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
while [ $# -gt 0 ]; do
  kind=$1 source=$2 target=$root$3 flags=$4
  shift 4
  case $kind in
    link) ln -s "$source" "$target"; continue ;;
    directory)
      mkdir -p "$target"
      mount --rbind "$source" "$target" ;;
    file)
      [ -e "$target" ] || { mkdir -p "\${target%/*}"; : >"$target"; }
      mount --bind "$source" "$target" ;;
    flags) [ -e "$target" ] || continue ;;
  esac
  mount -o "remount,bind,$flags" "$target"
done
if [ "$network" != open ]; then ip link set lo up; fi
# Without the program the machine's name stays to be read, which is no secret.
if command -v hostname >/dev/null; then hostname sandbox; fi
mount -o remount,bind,ro,nosuid "$root/dev"
mount -o remount,bind,ro,nosuid,nodev "$root"
cd "$root"
pivot_root . .
umount -l .
echo "ready $$"
exec cat >/dev/null`;

/**
 * Runs in a second user namespace inside the first, as process 1 of a fresh process namespace: mounts its `/proc`,
 * forbids further user namespaces (this one may have one child, the next line uses it up), and becomes the ordinary user
 * without any capability. Arguments: user id, group id, then the command.
 */
export const enterRoot = `set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
echo 1 >/proc/sys/user/max_user_namespaces
mount --all
user=$1 group=$2
shift 2
exec unshare --user --map-user="$user" --map-group="$group" --keep-caps -- \\
  setpriv --no-new-privs --ambient-caps=-all --inh-caps=-all --bounding-set=-all -- "$@"`;
