#!/usr/bin/env bash
# A Slurm of one node for a test, with a munge of its own, on ports of its own: nothing of a Slurm that is there is touched.
#   one-node-slurm.sh start FOLDER   starts it; its configuration is FOLDER/slurm.conf. Ends with an error where it cannot.
#   one-node-slurm.sh stop FOLDER    ends what start started
# Mail goes to FOLDER/mail, a line each.
set -euo pipefail
folder=$2
host=$(hostname -s)
export SLURM_CONF=$folder/slurm.conf

free_port() {
  node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })"
}

configure() {
  mkdir -p "$folder"/{state,spool,log,munge}
  chmod 700 "$folder/munge"
  head -c 128 /dev/urandom >"$folder/munge/key"
  chmod 600 "$folder/munge/key"
  printf '#!/bin/sh\necho "$@" >>"%s"\n' "$folder/mail" >"$folder/mail.sh"
  chmod 755 "$folder/mail.sh"
  cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
MailProg=$folder/mail.sh
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=1
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
  configure
  # As root, in a folder below that of temporary files, which munge takes for unsafe.
  munged --force --num-threads=1 --key-file="$folder/munge/key" --socket="$folder/munge/socket" \
    --pid-file="$folder/munge.pid" --log-file="$folder/log/munged.log" --seed-file="$folder/munge/seed"
  slurmctld
  for _ in $(seq 100); do
    if [ ! -e "$folder/slurmd.pid" ] && scontrol ping >/dev/null 2>&1; then slurmd; fi
    [ "$(sinfo -h -o %t 2>/dev/null)" != idle ] || return 0
    sleep 0.2
  done
  echo "Slurm did not become idle:" >&2
  tail -n 5 "$folder"/log/* >&2
  return 1
}

# A daemon that has ended and that nobody waited for is still in the list of processes.
runs() {
  grep -qs '^State:.[^ZX]' "/proc/$1/status"
}

stop() {
  scancel --user root 2>/dev/null || true
  for name in slurmd slurmctld munge; do
    [ -e "$folder/$name.pid" ] || continue
    pid=$(cat "$folder/$name.pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do
      runs "$pid" || break
      sleep 0.1
    done
    ! runs "$pid" || kill -9 "$pid"
  done
}

"$1"
