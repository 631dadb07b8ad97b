#!/usr/bin/env bash
# Packs, installs the tarball as a user would (`npm install -g` with an empty npm cache) and draws with it. Needs the registry, and
# takes half a minute; `test/packing.test.ts` checks what the tarball alone can show. With a bare root as argument, such as
# "debootstrap --variant=minbase bookworm DIR" makes (with node and npm in it, and /proc mounted), it installs and runs in there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=${1:-}
scratch=$(mktemp -d "${root:-${TMPDIR:-/tmp}}/lvs-stats-install.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
inside=${root:+/$(basename "$scratch")}
inside=${inside:-$scratch}
npm pack --silent --pack-destination "$scratch"

trial='set -e; cd /
npm install -g --silent --prefix "$0/prefix" --cache "$0/cache" "$0"/lvs-stats-*.tgz
"$0/prefix/bin/lvs-stats" --version
"$0/prefix/bin/lvs-stats" demo --no-serve --services 2 --data "$0/data"
"$0/prefix/bin/lvs-stats" list --data "$0/data"'
# Node.js reads the size of memory from /proc.
if test -n "$root"; then
  unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" bash -c "$trial" "$inside"
else
  bash -c "$trial" "$inside"
fi
test "$(head -c 4 "$scratch/data/graphs/day/all-traffic.png" | tail -c 3)" = PNG
echo 'installed, and it draws'
