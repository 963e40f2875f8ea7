#!/bin/sh
# The guardian: sh guardian.sh <run folder> <server's pid> <server's start>
# Standard input is a pipe whose other end only the server holds. When it ends, so has the server, in whatever way; then this ends what the
# server left behind: its process groups, whatever of its children left their group, and its PostgreSQL. SIGTERM tells it that a later server
# takes over; then it leaves everything alone. See process-registry.ts for the files.

trap '' INT HUP QUIT PIPE USR1 USR2

run=$1
server=$2
since=$3
boot=
[ -r /proc/sys/kernel/random/boot_id ] && read -r boot </proc/sys/kernel/random/boot_id
boot=${boot%%-*}

# alive <pid> <start>: whether exactly this process lives; a zombie does not
alive() {
  if [ -n "$boot" ]; then
    [ -r "/proc/$1/stat" ] || return 1
    stat=
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
    wanted=$2
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    [ "$1" != Z ] && [ "$1" != X ] || return 1
    shift 19
    [ "$boot-$1" = "$wanted" ]
  else
    # macOS; not proven on a real machine
    [ "$(ps -o lstart= -p "$1" | tr -s ' ' '_' | sed 's/^_//; s/_$//')" = "$2" ]
  fi
}

# dead_owner <pid> <start>: whether what this server owned is ours to end
dead_owner() {
  [ "$1" = "$server" ] && [ "$2" = "$since" ] && return 0
  ! alive "$1" "$2"
}

# pause: a twentieth of a second
pause() {
  sleep 0.05 2>/dev/null || sleep 1
}

# collect: sets $groups and $marks from the records of dead servers
collect() {
  groups=
  marks="-e BOO_CHILD=$server.$since."
  for file in "$run"/groups/*; do
    pid=
    read -r pid start owner owner_start 2>/dev/null <"$file" || continue
    case $pid in '' | *[!0-9]*) continue ;; esac
    dead_owner "$owner" "$owner_start" || continue
    if [ -n "$boot" ]; then
      case $start in "$boot"-*) ;; *) rm -f "$file"; continue ;; esac
      # another process with this pid that lives: the group is gone
      if [ -e "/proc/$pid/stat" ] && ! alive "$pid" "$start"; then
        read -r stat 2>/dev/null <"/proc/$pid/stat" && case ${stat##*) } in Z* | X*) ;; *) rm -f "$file"; continue ;; esac
      fi
    fi
    groups="$groups $pid"
    marks="$marks -e BOO_CHILD=$owner.$owner_start."
  done
}

# marked: sets $strays to the processes that carry a mark
marked() {
  strays=
  [ -n "$boot" ] || return 0
  # shellcheck disable=SC2086
  for file in $(grep -laF $marks /proc/[0-9]*/environ 2>/dev/null); do
    file=${file#/proc/}
    strays="$strays ${file%/environ}"
  done
}

# signal_all <name>: fails when nobody was left to receive it
signal_all() {
  result=1
  for group in $groups; do kill -s "$1" -- "-$group" 2>/dev/null && result=0; done
  marked
  for stray in $strays; do kill -s "$1" "$stray" 2>/dev/null && result=0; done
  return $result
}

# somebody: whether anything of it is left; an unreaped member of a group counts, which costs only time
somebody() {
  for group in $groups; do kill -0 -- "-$group" 2>/dev/null && return 0; done
  marked
  [ -n "$strays" ]
}

end_groups() {
  collect
  if signal_all TERM; then
    round=0
    while [ $round -lt 25 ] && somebody; do
      pause
      round=$((round + 1))
    done
    signal_all KILL && pause && signal_all KILL
  fi
  for group in $groups; do rm -f "$run/groups/$group"; done
}

# end_within <signal> <twentieths of a second>: succeeds when PostgreSQL has ended
end_within() {
  kill -s "$1" "$pid" 2>/dev/null
  round=0
  while [ $round -lt "$2" ]; do
    alive "$pid" "$start" || return 0
    pause
    round=$((round + 1))
  done
  return 1
}

end_postgres() {
  pid=
  read -r pid start owner owner_start 2>/dev/null <"$run/postgres.pid" || return 0
  case $pid in '' | *[!0-9]*) return 0 ;; esac
  dead_owner "$owner" "$owner_start" || return 0
  if alive "$pid" "$start"; then
    end_within INT 25 || end_within QUIT 12 || end_within KILL 4
  fi
  rm -f "$run/postgres.pid"
}

main() {
  while read -r _; do :; done
  end_groups
  end_postgres
  rm -f "$run/guardians/$$"
}

main
