#!/usr/bin/env bash
# Shares a run of omidb-etl among the nodes of a Slurm cluster: a job that plans, an array of tasks, and a job that merges
# them and publishes. See docs/cluster.md.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)

usage() {
  cat <<'HELP'
slurm.sh --out OUT --tasks N [options] -- DATABASE [options of omidb-etl plan]
slurm.sh --out OUT --repeat LIST [options]

Submits to Slurm: a job that plans, an array of N tasks that read, and a job that merges what they read and publishes it.
The merge runs when every task is done. When one fails, or is cancelled, another job says in its log which are missing;
--repeat does these again, and merges.

  --out OUT         folder that is published in; every node must see it, and the database, under the same path
  --tasks N         how many tasks, 1 to 10000
  --repeat LIST     do only these tasks of the plan again, e.g. 3,7-9, then merge
  --at-once N       at most so many tasks run at a time (default: as many as Slurm starts)
  --cpus N          cores, and workers, of each job (default 2)
  --mem SIZE        memory of each job, e.g. 2G (default 500 MB, and 150 MB for each core)
  --time TIME       time limit of each job, as sbatch takes it (default: that of the partition)
  --mail ADDRESS    write there when a job fails, and when all is published
  --logs FOLDER     folder of the logs (default: OUT-logs, beside OUT)
  --plan-here       plan on this machine, and submit the rest when that is done
  --program FILE    what is run with node (default: dist/bundle/omidb-etl.js of this repository)
  --help            this

Partition, account and all else are those of sbatch's variables: SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_QOS, ...
HELP
}

# Ends with the exit code for wrong usage.
refuse() {
  echo "slurm.sh: $1 (see slurm.sh --help)" >&2
  exit 2
}

# must_match NAME VALUE PATTERN WHAT: refuses a value that the pattern does not describe.
must_match() {
  [[ $2 =~ ^($3)$ ]] || refuse "$1 is '$2': give $4"
}

out='' tasks='' repeat='' at_once='' cpus=2 mem='' time='' mail='' logs='' plan_here=false
program=$here/../../dist/bundle/omidb-etl.js
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --plan-here) plan_here=true; shift; continue ;;
    --) shift; break ;;
    --out | --tasks | --repeat | --at-once | --cpus | --mem | --time | --mail | --logs | --program) ;;
    *) refuse "'$1' is no option of this script; what omidb-etl plan gets comes after --" ;;
  esac
  [ -n "${2:-}" ] || refuse "$1 needs a value"
  case $1 in
    --out) out=$2 ;;
    --tasks) tasks=$2 ;;
    --repeat) repeat=$2 ;;
    --at-once) at_once=$2 ;;
    --cpus) cpus=$2 ;;
    --mem) mem=$2 ;;
    --time) time=$2 ;;
    --mail) mail=$2 ;;
    --logs) logs=$2 ;;
    --program) program=$2 ;;
  esac
  shift 2
done

whole='[1-9][0-9]{0,3}|10000'
[ -n "$out" ] || refuse 'say where to publish: --out OUT'
must_match --cpus "$cpus" '[1-9][0-9]{0,2}' 'a whole number from 1 to 999'
[ -z "$at_once" ] || must_match --at-once "$at_once" "$whole" 'a whole number from 1'
[ -z "$mem" ] || must_match --mem "$mem" '[1-9][0-9]*[MG]' 'a size such as 800M or 2G'
[ -z "$time" ] ||
  must_match --time "$time" '[0-9]+(-[0-9]+)?(:[0-9]+){0,2}' 'minutes, or a time such as 2:00:00 or 1-12'
[ -z "$mail" ] || must_match --mail "$mail" '[^@[:space:],]+@[^@[:space:],]+' 'one address'
if [ -n "$repeat" ]; then
  [ -z "$tasks" ] || refuse 'give --tasks for a new plan, or --repeat for tasks of the last one'
  must_match --repeat "$repeat" '[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*' 'numbers of tasks such as 3,7-9'
  [ $# -eq 0 ] || refuse 'what is read is in the plan already: give nothing after --'
  ! $plan_here || refuse '--repeat makes no plan: leave --plan-here away'
  [ -e "$out/tasks/plan.jsonl" ] || refuse "$out has no plan: give --tasks and what to read"
else
  [ -n "$tasks" ] || refuse 'say how many tasks there are to be: --tasks N'
  must_match --tasks "$tasks" "$whole" 'a whole number from 1 to 10000'
  [ $# -gt 0 ] || refuse 'say which database to read, after --'
fi
[ -f "$program" ] || refuse "there is no $program: build it with make, or name it with --program"
command -v node >/dev/null || refuse 'node is not in the PATH, which the jobs get from here: load its module first'
command -v sbatch >/dev/null || refuse 'sbatch is not in the PATH: this is no machine that submits to Slurm'

# Jobs start in other folders, on other machines.
out=$(realpath -m "$out")
program=$(realpath "$program")
logs=$(realpath -m "${logs:-$out-logs}")
mem=${mem:-$((500 + 150 * cpus))M}
(umask 027 && mkdir -p "$logs")

common=(--parsable --kill-on-invalid-dep=yes --requeue --cpus-per-task "$cpus" --mem "$mem")
# A minute before its time is up a job is told, and leaves what it has finished to the next attempt.
common+=(--signal=B:TERM@60)
[ -z "$time" ] || common+=(--time "$time")
# Of an array there is no mail where a task was killed; a merge that is not run ends too, and the job after it fails.
on_failure=() on_end=()
if [ -n "$mail" ]; then
  on_failure=(--mail-user "$mail" --mail-type FAIL)
  on_end=(--mail-user "$mail" --mail-type 'FAIL,END')
fi

submitted=()
# Where a job of the chain cannot be submitted those before it would wait, or work for nothing.
cancel_submitted() {
  [ "${#submitted[@]}" -eq 0 ] || scancel "${submitted[@]}"
  echo 'slurm.sh: not every job could be submitted; those that were are cancelled' >&2
}

# submit NAME [option of sbatch ...] -- command ...: sets `job` to the id of the job.
submit() {
  local name=$1 options=()
  shift
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  # What begins with % is a field of the job; not in the name of the folder.
  local folder=${logs//%/%%} command
  local log=$folder/$name-%j.log
  [ "$name" != task ] || log=$folder/task-%A-%a.log
  # The program takes the place of the shell: signals reach it.
  printf -v command '%q ' exec node "$program" "$@"
  job=$(sbatch "${common[@]}" --job-name "omidb-$name" --output "$log" "${options[@]}" \
    <<<$'#!/usr/bin/env bash\n'"$command") || { cancel_submitted; exit 1; }
  # Of several clusters the name comes after the id.
  job=${job%%;*}
  submitted+=("$job")
}

after=() planned=''
if [ -z "$repeat" ]; then
  plan=(plan --out "$out" --tasks "$tasks" --workers "$cpus" "$@")
  if $plan_here; then
    node "$program" "${plan[@]}"
  else
    submit plan "${on_failure[@]}" -- "${plan[@]}"
    echo "plan     job $job"
    after=(--dependency "afterok:$job")
    planned="afterok:$job,"
  fi
fi

array=${repeat:-0-$((tasks - 1))}
submit task --array "$array${at_once:+%$at_once}" "${after[@]}" -- \
  run-task --out "$out" --workers "$cpus"
array_job=$job
echo "tasks    job $array_job, tasks $array"
merge=(merge --out "$out" --workers "$cpus")
submit merge --dependency "afterok:$array_job" "${on_end[@]}" -- "${merge[@]}"
echo "merge    job $job, when every task is done; else it is not run"
# Merging what is not all there is refused, in a sentence that names what is missing. Where planning failed there is nothing
# to merge: the plan in OUT may be an older one.
submit missing --dependency "${planned}afternotok:$array_job" "${on_failure[@]}" -- "${merge[@]}"
echo "missing  job $job, when a task fails: its log names the tasks to --repeat"
echo "logs     $logs"
echo "cancel   scancel ${submitted[*]}"
