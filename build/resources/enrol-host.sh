# Looks at a host, makes it a Postern gateway, or takes that back. Read by `sh` as root from its standard input, so that
# it leaves no file behind. Values come as `name=value` lines, then `go`, then (install only) the agent, gzipped.
# It answers in lines of tab-separated fields: fact NAME VALUE, item NAME STATE DETAIL, phase undo, result done|failed|refused WHY.
#
# What was made, and by which run, stands in the manifest. It lies where only root can write, and it holds names of a
# fixed list, never paths. What was there before and is as it should be is used and never removed.
set -u
umask 022
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
trap '' HUP PIPE # a lost connection must not leave half of it

lib=/usr/local/lib/postern
agent=$lib/gateway-agent
manifest=$lib/enrolment
link=/usr/local/bin/gateway-agent
state=/var/lib/postern
home=/var/lib/postern-deploy
keys=$home/.ssh/authorized_keys
unit_name=postern-gateway-agent.service
unit=/etc/systemd/system/$unit_name
runner=$lib/run-daemon
pid_file=/run/postern-gateway-agent.pid
log=/var/log/postern-gateway-agent.log
drain_seconds=40

say() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$(printf '%s' "${4-}" | tr '\t\n\r' '   ' | cut -c 1-300)"; }
fact() { say fact "$1" "$2"; }
item() { say item "$1" "$2" "${3-}"; }

task='' run='' author='' public_key='' node='' agent_sha256='' unit_text='' port='' force=no
read_values() {
  while IFS= read -r line; do
    case $line in
      go) return 0 ;;
      task=* | run=* | author=* | public_key=* | node=* | agent_sha256=* | unit_text=* | port=* | force=*)
        eval "${line%%=*}=\${line#*=}" ;; # the name is one of the list above, the value is never evaluated
      *) return 1 ;;
    esac
  done
  return 1
}

# Whatever is outside these patterns was not written by Postern.
matches() { printf '%s\n' "$1" | grep -Eqx "$2"; }
check_values() {
  matches "$task" 'inspect|install|undo' || return 1
  matches "$port" '[0-9]{0,5}' && matches "$force" 'yes|no' && matches "$run" '[0-9a-f-]{0,36}' || return 1
  [ "$task" = install ] || return 0
  matches "$run" '[0-9a-f-]{36}' && matches "$author" '[A-Za-z0-9][A-Za-z0-9._@-]{0,63}' &&
    matches "$public_key" 'ssh-ed25519 [A-Za-z0-9+/=]{60,100}' && matches "$node" '(/[A-Za-z0-9._/-]{1,100})?' &&
    matches "$agent_sha256" '[0-9a-f]{64}' && matches "$unit_text" '[A-Za-z0-9+/=]+'
}

has() { command -v "$1" >/dev/null 2>&1; }
has_systemd() { [ -d /run/systemd/system ] && has systemctl; }
is_ours() { [ -f "$manifest" ] && grep -q "^made $1 " "$manifest"; }
kept() { [ -f "$manifest" ] && sed -n "s/^$1 //p" "$manifest" | tail -n 1; }
hash_of() { sha256sum "$1" 2>/dev/null | cut -d ' ' -f 1; }
key_blob() { printf '%s' "${public_key#ssh-ed25519 }"; }

# ---- inspect: reads, and nothing else ------------------------------------------------------------------------------

newest_node() {
  for candidate in /usr/local/bin/node /usr/bin/node /opt/node/bin/node; do
    [ -x "$candidate" ] || continue
    version=$("$candidate" --version 2>/dev/null) || continue
    say fact node "$candidate" "$version"
  done
}

# sshd's own words about the user that will sign in; keys elsewhere or a list of users would keep it out.
sshd_settings() {
  has sshd || return 0
  { sshd -T -C user=postern-deploy,host=localhost,addr=127.0.0.1 2>/dev/null || sshd -T 2>/dev/null; } |
    grep -E '^(pubkeyauthentication|authorizedkeysfile|allowusers|allowgroups|denyusers|denygroups|forcecommand) ' |
    while IFS= read -r line; do fact sshd "$line"; done
}

# A TCP socket in state 0A listens; ports are hexadecimal there.
port_holder() {
  hex=$(printf '%04X' "$port")
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -Eq "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F]+:0000 0A " || return 0
  holder=$(has ss && ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)
  fact port-holder "${holder:-another program}"
}

facts_of_paths() {
  for path in $lib $agent $link $state $home $keys $unit $runner; do
    [ -e "$path" ] || [ -h "$path" ] || continue
    say fact path "$path" "$(stat -c '%U:%G %a' "$path" 2>/dev/null)"
  done
  for folder in $lib/ /var/lib/; do
    near=$folder
    while [ ! -d "$near" ]; do near=$(dirname "$near"); done
    say fact free-kib "$folder" "$(df -Pk "$near" 2>/dev/null | tail -n 1 | { read -r _ _ _ free _ && echo "$free"; })"
  done
}

inspect() {
  fact system "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null)"
  fact kernel "$(uname -s)"
  fact machine "$(uname -m)"
  fact libc "$(getconf GNU_LIBC_VERSION 2>/dev/null)"
  has_systemd && fact systemd "$(systemctl --version | head -n 1)"
  newest_node
  sshd_settings
  getent group postern >/dev/null && fact group postern
  for name in postern postern-deploy; do
    getent passwd $name >/dev/null && say fact user $name "$(id -Gn $name)"
  done
  for tool in groupadd useradd userdel install setpriv gzip sha256sum base64 setsid flock getent stat; do
    has $tool || fact lacks $tool
  done
  facts_of_paths
  [ -z "$port" ] || port_holder
  if [ -f "$manifest" ]; then
    fact enrolled yes
    fact agent-source "$(kept agent-source)"
    sed -n 's/^made key [^ ]* //p' "$manifest" | while IFS= read -r blob; do fact key "$blob"; done
    is_running && fact daemon running
  fi
  say result done ''
}

# ---- install: each step makes what is missing, notes it first, and says what it did --------------------------------

why=''
stop() { why=$1; return 1; }
note() { printf 'made %s %s%s\n' "$1" "$run" "${2+ $2}" >>"$manifest" || stop "cannot write $manifest"; }

# Runs a command; its complaint becomes the reason.
try() { complaint=$("$@" 2>&1) || stop "$(basename "$1"): $(printf '%s' "$complaint" | tail -n 1)"; }

make_manifest() {
  [ -f "$manifest" ] && return 0
  if [ ! -d "$lib" ]; then try mkdir -p -m 0755 "$lib" || return 1; fi
  (umask 077 && echo 'postern-enrolment 1' >"$manifest") || stop "cannot write $manifest" || return 1
  note lib
}

unpack_agent() {
  gzip -dc >"$agent.new" 2>/dev/null || stop 'the agent did not arrive whole, or the disk is full' || return 1
  [ "$(hash_of "$agent.new")" = "$agent_sha256" ] || stop 'the agent did not arrive as it was sent' || return 1
  if [ -n "$node" ]; then
    { printf '#!%s\n' "$node" && tail -n +2 "$agent.new"; } >"$agent.next" && mv "$agent.next" "$agent.new" ||
      stop "cannot write below $lib" || return 1
  fi
  try chmod 0755 "$agent.new" && try "$agent.new" --version
}

make_agent() {
  if [ -x "$agent" ] && [ "$(kept agent-source)" = "$agent_sha256" ]; then cat >/dev/null; return 2; fi
  if ! is_ours agent && { [ -e "$agent" ] || [ -e "$link" ] || [ -h "$link" ]; }; then
    stop "$link is there and was not made by an enrolment" || return 1
  fi
  unpack_agent || return 1
  note agent || return 1
  if [ -e "$agent" ]; then try mv "$agent" "$agent.before" && printf 'agent-before %s\n' "$(kept agent-source)" >>"$manifest"; fi
  try mv "$agent.new" "$agent" || return 1
  printf 'agent-source %s\n' "$agent_sha256" >>"$manifest" || stop "cannot write $manifest"
}

make_link() {
  [ "$(readlink "$link" 2>/dev/null)" = "$agent" ] && return 2
  [ -d /usr/local/bin ] || { note local-bin && try mkdir -m 0755 /usr/local/bin; } || return 1
  note link && try ln -s "$agent" "$link"
}

no_login() { for shell in /usr/sbin/nologin /sbin/nologin /bin/false; do [ -x $shell ] && echo $shell && return 0; done; }

make_users() {
  did=2
  if ! getent group postern >/dev/null; then
    note group && try groupadd --system postern && did=0 || return 1
  fi
  if ! getent passwd postern >/dev/null; then
    note user-postern && try useradd --system --gid postern --no-create-home --home-dir / \
      --shell "$(no_login)" postern && did=0 || return 1
  fi
  if ! getent passwd postern-deploy >/dev/null; then
    note user-deploy && try useradd --system --user-group --groups postern --no-create-home --home-dir $home \
      --shell /bin/sh --password '*' postern-deploy && did=0 || return 1
  fi
  id -Gn postern-deploy | grep -qw postern || stop 'the user postern-deploy is there, but not in the group postern'
  [ -z "$why" ] && return $did
}

# make_folder NAME OWNER:GROUP MODE PATH
make_folder() {
  if [ -d "$4" ] && [ ! -h "$4" ]; then
    found=$(stat -c '%U:%G %a' "$4")
    # Below a setgid folder GNU's install leaves the bit set, busybox's does not; it means nothing there.
    [ "$(echo "$found" | sed 's/ 2\(...\)$/ \1/')" = "$2 ${3#2}" ] || stop "$4 has $found, not $2 $3"
    return
  fi
  note "$1" && try install -d -o "${2%:*}" -g "${2#*:}" -m "$3" "$4" && did=0
}

make_folders() {
  did=2
  make_folder dir-state postern-deploy:postern 2750 $state &&
    make_folder dir-releases postern-deploy:postern 2750 $state/releases &&
    make_folder dir-queue postern:postern 700 $state/queue &&
    make_folder dir-events postern:postern 700 $state/events &&
    make_folder dir-run postern:postern 750 $state/run || return 1
  return $did
}

# Root owns the file: who gets in as postern-deploy cannot let others in.
make_key() {
  did=2
  make_folder dir-home root:root 755 $home && make_folder dir-ssh root:postern-deploy 750 $home/.ssh || return 1
  [ -f "$keys" ] && grep -qF " $(key_blob) " "$keys" && return $did
  note key "$(key_blob)" || return 1
  printf 'restrict,command="%s rpc --as %s" %s %s\n' "$link" "$author" "$public_key" "postern-enrolment-$author" >>"$keys" ||
    stop "cannot write $keys" || return 1
  try chown root:postern-deploy "$keys" && try chmod 0640 "$keys"
}

make_unit() {
  did=2
  if [ ! -f $unit ] || [ "$(base64 <$unit | tr -d '\n')" != "$unit_text" ]; then
    if [ -e $unit ] && ! is_ours unit; then stop "$unit is there and is another one" || return 1; fi
    is_ours unit || note unit || return 1
    printf '%s' "$unit_text" | base64 -d >$unit || stop "cannot write $unit" || return 1
    try chmod 0644 $unit && try systemctl daemon-reload && did=0 || return 1
  fi
  systemctl is-enabled --quiet $unit_name && systemctl is-active --quiet $unit_name && [ "$did$renewed" = 2no ] && return 2
  try systemctl enable --quiet $unit_name && try systemctl restart $unit_name
}

write_runner() {
  [ -f $runner ] && return 0
  note runner || return 1
  cat >$runner <<END || stop "cannot write $runner" || return 1
#!/bin/sh
# The gateway's daemon in the foreground, as its own user, with the one right to bind a low port. Started by whatever
# starts programs on this host at boot; Postern's enrolment started it the first time.
exec setpriv --reuid=postern --regid=postern --clear-groups --no-new-privs --inh-caps=-all,+net_bind_service \\
  --ambient-caps=-all,+net_bind_service --bounding-set=-all,+net_bind_service \\
  $agent daemon --root $state
END
  try chmod 0755 $runner
}

is_running() {
  if has_systemd; then systemctl is-active --quiet $unit_name; return; fi
  [ -f $pid_file ] && tr '\0' ' ' <"/proc/$(cat $pid_file)/cmdline" 2>/dev/null | grep -q "gateway-agent daemon"
}

make_foreground() {
  write_runner || return 1
  is_running && [ "$renewed" = no ] && return 2
  is_running && stop_daemon
  is_ours started || note started || return 1
  setsid $runner </dev/null >>$log 2>&1 9<&- & # without the lock of this run
  echo $! >$pid_file
}

make_service() {
  if has_systemd; then make_unit; else make_foreground; fi
  made=$?
  [ $made = 1 ] && return 1
  for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -S $state/run/agent.sock ] && is_running && return $made
    sleep 0.5 2>/dev/null || sleep 1
  done
  stop "the daemon did not start: $(tail -n 1 $log 2>/dev/null || systemctl is-active $unit_name)"
}

renewed=no
step() {
  item "$1" doing
  why=''
  "make_$2"
  case $? in
    0) item "$1" done && [ "$1" = agent ] && renewed=yes ;;
    2) item "$1" there ;;
    *) item "$1" failed "$why"; return 1 ;;
  esac
  return 0
}

install_all() {
  # A half arrival must not be taken for a whole: the agent is unpacked before anything else is made.
  if make_manifest && step agent agent && step link link && step users users && step folders folders &&
    step management-key key && step service service; then
    rm -f "$agent.before"
    say result done ''
  else
    reason=$why
    cat >/dev/null
    undo_made "$run"
    say result failed "$reason"
  fi
}

# ---- undo: in reverse order, only what a run (or any run) made -----------------------------------------------------

stop_daemon() {
  if has_systemd; then systemctl stop $unit_name 2>/dev/null; return; fi
  is_running || return 0
  pid=$(cat $pid_file)
  kill -TERM "$pid" 2>/dev/null
  waited=0
  while kill -0 "$pid" 2>/dev/null && [ $waited -lt $drain_seconds ]; do sleep 1; waited=$((waited + 1)); done
  kill -KILL "$pid" 2>/dev/null
  rm -f $pid_file
}

# userdel refuses while a process of the user is alive: the sessions of management keys.
end_processes_of() {
  uid=$(id -u "$1" 2>/dev/null) || return 0
  for process in /proc/[0-9]*; do
    [ "$(stat -c %u "$process" 2>/dev/null)" = "$uid" ] && [ "$process/root" -ef / ] && kill -KILL "${process#/proc/}" 2>/dev/null
  done
  return 0
}

remove_user() {
  getent passwd "$1" >/dev/null || return 0
  for attempt in 1 2 3 4 5; do
    end_processes_of "$1"
    userdel "$1" >/dev/null 2>&1
    getent passwd "$1" >/dev/null || return 0
    sleep 1
  done
  why="the user $1 could not be removed"
  return 1
}

undo_agent() {
  rm -f "$agent.new" "$agent.next"
  before=$(kept agent-before)
  if [ -e "$agent.before" ] && [ "$1" != all ]; then
    mv "$agent.before" "$agent" && printf 'agent-source %s\n' "$before" >>"$manifest"
    is_running && { has_systemd && systemctl restart $unit_name; }
    return 0
  fi
  # A later run renewed it: what the first one made stays.
  [ "$1" != all ] && [ "$(grep -c '^made agent ' "$manifest")" -gt 1 ] && return 0
  rm -f "$agent" "$agent.before"
}

undo_key() {
  [ -f "$keys" ] || return 0
  if [ "$(grep -c . "$keys")" -le 1 ]; then rm -f "$keys"; return; fi
  (umask 077 && grep -vF " $1 " "$keys" >"$lib/keys.next") && cat "$lib/keys.next" >"$keys" && rm -f "$lib/keys.next"
}

undo_one() {
  case $1 in
    started) stop_daemon; rm -f $log $pid_file ;;
    runner) rm -f $runner ;;
    unit)
      systemctl disable --now --quiet $unit_name 2>/dev/null
      rm -f $unit && systemctl daemon-reload 2>/dev/null
      systemctl reset-failed $unit_name 2>/dev/null || true ;;
    key) undo_key "$3" ;;
    dir-ssh) rmdir $home/.ssh 2>/dev/null || true ;;
    dir-home) rm -rf $home ;;
    dir-run) rm -rf $state/run ;;
    dir-events) rm -rf $state/events ;;
    dir-queue) rm -rf $state/queue ;;
    dir-releases) rm -rf $state/releases ;;
    dir-state) rm -rf $state ;;
    user-deploy) remove_user postern-deploy ;;
    user-postern) remove_user postern ;;
    group) ! getent group postern >/dev/null || groupdel postern >/dev/null 2>&1 ;;
    link) rm -f $link ;;
    local-bin) rmdir /usr/local/bin 2>/dev/null || true ;;
    agent) undo_agent "$2" ;;
    lib) rm -f "$lib/current.kept" ;;
  esac
}

# undo_made RUN|all
undo_made() {
  failures=''
  [ -f "$manifest" ] || return 0
  rm -f "$agent.new" "$agent.next"
  say phase undo ''
  sed -n '1!G;h;$p' "$manifest" >"$manifest.undo"
  while read -r word name by extra; do
    [ "$word" = made ] || continue
    [ "$1" = all ] || [ "$1" = "$by" ] || continue
    why=''
    if undo_one "$name" "$1" "$extra"; then item "$name" undone; else item "$name" failed "$why"; failures="$failures $name"; fi
  done <"$manifest.undo"
  rm -f "$manifest.undo"
  [ -z "$failures" ] || return 1
  grep -v "^made [^ ]* $1\( \|\$\)" "$manifest" >"$manifest.next"
  mv "$manifest.next" "$manifest"
  chmod 0600 "$manifest"
  [ "$1" != all ] && grep -q '^made lib ' "$manifest" && return 0
  rm -f "$manifest"
  rmdir "$lib" 2>/dev/null || true
}

ask_agent() {
  printf '%s\n' "$1" | setpriv --reuid=postern-deploy --regid=postern-deploy --init-groups "$agent" rpc --root $state --as enrolment 2>/dev/null | tail -n 1
}

hang_up() { if has_systemd; then systemctl reload $unit_name 2>/dev/null; else kill -HUP "$(cat $pid_file)" 2>/dev/null; fi; }

# Stops taking mail first, lets open sessions end, then counts: what arrives in between is counted too.
messages_waiting() {
  [ -e $state/queue ] || { echo 0; return; }
  is_running || { echo unknown; return; }
  [ ! -e $state/current ] || mv $state/current "$lib/current.kept"
  hang_up
  waited=0
  while [ $waited -lt $drain_seconds ]; do
    status=$(ask_agent '{"verb":"status","protocol":1}')
    open=$(printf '%s' "$status" | sed -n 's/.*"connections":{"now":\([0-9]*\).*/\1/p')
    pending=$(printf '%s' "$status" | grep -c '"pending":null')
    [ "$open$pending" = 01 ] && break
    sleep 1
    waited=$((waited + 1))
  done
  count=$(printf '%s' "$status" | sed -n 's/.*"queue":{"messages":\([0-9]*\).*/\1/p')
  echo "${count:-unknown}"
}

take_mail_again() {
  [ -e "$lib/current.kept" ] || return 0
  mv "$lib/current.kept" $state/current
  hang_up
  for second in 1 2 3 4 5 6 7 8 9 10; do
    ask_agent '{"verb":"status","protocol":1}' | grep -q '"listeners":\[{' && return 0
    sleep 1
  done
}

undo() {
  if [ ! -f "$manifest" ]; then say result done 'nothing to undo'; return; fi
  if [ "$force" != yes ] && { [ -z "$run" ] || grep -q "^made dir-queue $run" "$manifest"; }; then
    waiting=$(messages_waiting)
    fact waiting "$waiting"
    if [ "$waiting" != 0 ]; then take_mail_again; say result refused "$waiting"; return; fi
  fi
  if undo_made "${run:-all}"; then say result done ''; else say result failed "not everything could be removed:$failures"; fi
}

# ---------------------------------------------------------------------------------------------------------------------

if ! read_values || ! check_values; then say result failed 'the request was not understood'
elif [ "$(id -u)" != 0 ]; then say result failed 'this needs root'
elif [ "$task" = inspect ]; then inspect
else
  exec 9</run && { ! has flock || flock -w 90 9; }
  case $task in install) install_all ;; undo) undo ;; esac
fi
