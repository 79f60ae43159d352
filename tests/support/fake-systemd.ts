// A stand-in for systemd in a root that no systemd runs: takes the calls of enrolment, starts what the unit names, and
// writes down what it was asked. The unit itself is judged by the real `systemd-analyze` in tests/unit.

/** Run before sshd starts. */
export const fakeSystemd = `mkdir -p /run/systemd/system /run/fake-systemd
cat > /usr/local/bin/systemctl <<'END'
#!/bin/sh
unit=/etc/systemd/system/postern-gateway-agent.service
wants=/etc/systemd/system/multi-user.target.wants/postern-gateway-agent.service
pid_file=/run/fake-systemd/pid
verb=
for word in "$@"; do case $word in --*) ;; *) verb=\${verb:-$word} ;; esac; done
[ "$1" = --version ] && { echo 'systemd 252 (252-fake)'; exit 0; }
is_active() { [ -f $pid_file ] && kill -0 "$(cat $pid_file)" 2>/dev/null; }
stop() { is_active || return 0; kill "$(cat $pid_file)"; while is_active; do sleep 0.1; done; rm -f $pid_file; }
start() {
  command=$(sed -n 's/^ExecStart=//p' $unit)
  setsid setpriv --reuid=postern --regid=postern --clear-groups $command </dev/null >/dev/null 2>&1 9<&- &
  echo $! > $pid_file
}
case $verb in is-*) ;; *) echo "$verb" >> /run/fake-systemd/calls ;; esac
case $verb in
  is-active) is_active ;;
  is-enabled) [ -h $wants ] ;;
  enable) mkdir -p "\${wants%/*}"; ln -sf $unit $wants ;;
  disable) stop; rm -f $wants ;;
  restart) stop; start ;;
  stop) stop ;;
  reload) kill -HUP "$(cat $pid_file)" ;;
esac
END
chmod 755 /usr/local/bin/systemctl
mkdir -p /etc/systemd/system/multi-user.target.wants`;
