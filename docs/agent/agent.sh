#!/bin/sh
# The agent of lvs-stats for containers: it needs only fping and curl, and a POSIX shell (busybox has all else).
#
#   LVS_STATS_AGENT_KEY=KEY agent.sh --to https://HOST:PORT --name NAME [--key FILE] [--ca FILE] [--once]
#
# In each round of two minutes it gets the addresses to watch, pings them with fping, and posts fping's output and the connections of this container.
# It sends the key itself (Authorization: Bearer), so it uses https:// only, or http:// on loopback. The key comes from a file or from the variable
# LVS_STATS_AGENT_KEY; it is never among the arguments of a program. fping needs CAP_NET_RAW, which containers usually have.

set -u

say() { echo "agent.sh: $*" >&2; }
usage() {
  say "$1"
  say 'usage: agent.sh --to https://HOST:PORT --name NAME [--key FILE] [--ca FILE] [--once]'
  exit 2
}

to='' name=$(hostname 2>/dev/null) key_file='' ca='' once=''
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=1; shift; continue ;;
    --to | --name | --key | --ca) [ $# -ge 2 ] || usage "$1 needs a value" ;;
    *) usage "what is $1?" ;;
  esac
  case $1 in --to) to=${2%/} ;; --name) name=$2 ;; --key) key_file=$2 ;; --ca) ca=$2 ;; esac
  shift 2
done

case $to in
  https://?*) ;;
  http://127.* | http://localhost | http://localhost:* | 'http://[::1]' | 'http://[::1]:'*)
    # http://127.0.0.1.example.com is not this machine.
    case ${to#http://} in *[!0-9.:]*) case $to in http://127.*) usage "the key would be sent in clear text: --to needs https://" ;; esac ;; esac ;;
  http://*) usage 'the key would be sent in clear text: --to needs https://, or http:// on loopback' ;;
  *) usage '--to needs https://HOST:PORT' ;;
esac
case $to in *[!A-Za-z0-9.:/_-]*) case $to in *'['*']'*) ;; *) usage '--to is no address' ;; esac ;; esac
case $name in '' | *[!A-Za-z0-9._-]* | [._-]* | *[._-]) usage '--name needs letters, digits, ".", "_" and "-"' ;; esac
[ "${#name}" -le 63 ] || usage '--name needs at most 63 characters'

key=${LVS_STATS_AGENT_KEY:-}
unset LVS_STATS_AGENT_KEY
if [ -n "$key_file" ]; then key=$(cat "$key_file") || exit 2; fi
case $key in *[!0-9a-f]*) key='' ;; esac
[ "${#key}" -eq 64 ] || usage 'there is no key of 64 hexadecimal digits in --key FILE or LVS_STATS_AGENT_KEY'
for program in fping curl; do
  command -v "$program" >/dev/null || { say "there is no $program: install it"; exit 1; }
done

# Connections as lines "in|out LOCAL PEER PORT N": clients as networks of /24 and /48, none to this host itself, busiest first.
connections() {
  case $(uname -m) in s390* | ppc | ppc64 | mips | mips64) big=1 ;; *) big=0 ;; esac
  cat /proc/net/tcp6 /proc/net/tcp 2>/dev/null | head -n 100000 | awk -v big="$big" '
    function hex(text,   i, value) {
      value = 0
      for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789ABCDEF", substr(text, i, 1)) - 1
      return value
    }
    # The digits of an address in the order of the network.
    function ordered(text,   i, out) {
      if (big) return text
      out = ""
      for (i = 1; i < length(text); i += 8)
        out = out substr(text, i + 6, 2) substr(text, i + 4, 2) substr(text, i + 2, 2) substr(text, i, 2)
      if (substr(out, 1, 24) == "00000000000000000000FFFF") out = substr(out, 25)
      return out
    }
    function dotted(text) {
      return hex(substr(text, 1, 2)) "." hex(substr(text, 3, 2)) "." hex(substr(text, 5, 2)) "." hex(substr(text, 7, 2))
    }
    # RFC 5952: lower case, no leading zeros, the longest run of two zeros or more as "::".
    function written(text,   i, n, run, best, at, out) {
      if (length(text) == 8) return dotted(text)
      best = 1; at = 0; run = 0
      for (i = 1; i <= 8; i++) {
        group[i] = tolower(substr(text, i * 4 - 3, 4)); sub(/^0+/, "", group[i])
        run = group[i] == "" ? run + 1 : 0
        if (run > best) { best = run; at = i - run + 1 }
      }
      out = ""
      for (i = 1; i <= 8; i++) {
        if (at && i == at) { out = out "::"; i += best - 1; continue }
        out = out (out == "" || substr(out, length(out)) == ":" ? "" : ":") (group[i] == "" ? "0" : group[i])
      }
      return out
    }
    function network(text) {
      if (length(text) == 8) return dotted(substr(text, 1, 6) "00") "/24"
      return written(substr(text, 1, 12) "00000000000000000000") "/48"
    }
    $4 == "0A" { split($2, own, ":"); listening[own[2]] = 1 }
    $4 == "01" {
      split($2, own, ":"); split($3, peer, ":")
      if (own[1] == peer[1]) next
      local = ordered(own[1])
      if (local ~ /^7F......$/) next
      if (own[2] in listening) count["in " written(local) " " network(ordered(peer[1])) " " hex(own[2])]++
      else count["out " written(local) " " written(ordered(peer[1])) " " hex(peer[2])]++
    }
    END { for (one in count) print one, count[one] }' | sort -k5,5nr | head -n 90
}

# The key is passed on a file handle, so that nobody sees it among the arguments.
ask() {
  curl -sS --max-time 10 --retry 3 --retry-delay 2 --retry-max-time 12 ${ca:+--cacert "$ca"} -K /dev/fd/3 "$@" 3<<END
header = "Authorization: Bearer $key"
END
}

folder=$(mktemp -d) || exit 1
child=''
end() {
  [ -z "$child" ] || kill "$child" 2>/dev/null
  rm -rf "$folder"
  exit "$1"
}
trap 'end 0' TERM INT
# In the background, so that a signal is acted on at once.
run() {
  "$@" &
  child=$!
  wait "$child"
  child=''
}

base=$to/api/v1/agents/$name failure=''
# A failure is said once, when it begins, and when it is over.
failed() { [ "$failure" = "$1" ] || say "$1"; failure=$1; }

get_list() {
  status=$(ask -o "$folder/answer" -w '%{http_code}' "$base/list.txt" 2>"$folder/error")
  if [ "$status" = 200 ] && head -n 1 "$folder/answer" | grep -q '^# round [0-9]* phase [0-9]* probes [0-9]* spacing [0-9]*$'; then
    mv "$folder/answer" "$folder/list"
    return 0
  fi
  failed "$to does not give the links ($status $(head -c 200 "$folder/error" | tr '\n' ' '))"
  return 1
}

round() {
  # shellcheck disable=SC2046 # Six words of digits and letters.
  set -- $(head -n 1 "$folder/list")
  every=$3 phase=$5 probes=$7 spacing=$9
  now=$(date +%s)
  run sleep $(((every - (now - phase) % every) % every))
  { echo 127.0.0.1; grep -E '^[0-9A-Fa-f.:]+$' "$folder/list"; } | sort -u | head -n 180 >"$folder/addresses"
  run fping -q -C "$probes" -p $((spacing * 1000)) -i 10 -t 2000 -f "$folder/addresses" 2>"$folder/results"
  if ! grep -q '^127\.0\.0\.1 .*[0-9]\.[0-9]' "$folder/results"; then
    failed 'fping does not reach 127.0.0.1: give the container CAP_NET_RAW (docker run --cap-add NET_RAW)'
  fi
  # Only results: fping also prints messages about single packets.
  { grep -E '^[0-9A-Fa-f.:]+ +: [-0-9. ]+$' "$folder/results"; echo '# connections'; connections; } >"$folder/report"
  status=$(ask -o /dev/null -w '%{http_code}' -H 'Content-Type: text/plain' --data-binary "@$folder/report" "$base/fping" 2>"$folder/error")
  if [ "$status" != 204 ]; then
    failed "$to did not take the report ($status $(head -c 200 "$folder/error" | tr '\n' ' '))"
    return 1
  fi
  [ -z "$failure" ] || { say "$to takes reports again"; failure=''; }
}

result=1
while :; do
  get_list
  if [ -f "$folder/list" ]; then
    round && result=0
  else
    run sleep 10
  fi
  [ -z "$once" ] || end "$result"
done
