#!/usr/bin/env bash
# Runs `ringcap verify` for action.yml. The inputs come in the environment and are never part of a command's text: a pull
# request may have written them, as it may have written the suites and their names.
set -euo pipefail
exec 2>&1 # The runner reads both streams for commands. In one stream they have an order.

# Ends the step as wrong usage. The words of the inputs are not repeated, because the runner would read them too.
fail() {
  echo "::error title=ringcap verify::$1"
  exit 2
}

# Prints the arguments one a line, without empty lines.
lines_of() {
  grep -v '^[[:space:]]*$' <<<"$1" || true
}

find_ringcap() {
  command -v ringcap && return
  [[ -x node_modules/.bin/ringcap ]] && realpath -s node_modules/.bin/ringcap && return
  npm install --prefix "$RUNNER_TEMP/ringcap" --ignore-scripts --no-audit --no-fund "ringcap@$INPUT_VERSION" >&2 || return
  echo "$RUNNER_TEMP/ringcap/node_modules/.bin/ringcap"
}

# Prints the cases that failed, and why, out of the report.
failures_in() {
  sed -nE 's/^ *<testcase name="([^"]*)".*[^/]>$/failed: \1/p; s/^ *<(failure|error) message="([^"]*)".*/  \2/p' "$1" |
    sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'
}

mapfile -t suites < <(lines_of "$INPUT_SUITES")
mapfile -t arguments < <(lines_of "$INPUT_ARGUMENTS")
engine=$INPUT_ENGINE
[[ ${#suites[@]} -gt 0 ]] || fail "suites: no suite file is named"
[[ $engine =~ ^(auto|kernel|user)$ ]] || fail "engine: it is auto, kernel or user"
[[ $INPUT_VERSION =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]] || fail "version: it is a version such as 1.2.3, or a tag such as latest"
[[ -n $INPUT_REPORT && $INPUT_REPORT != *[[:cntrl:]]* ]] || fail "report: it is the path of a file, without line ends"
report=$(realpath -m -s -- "$INPUT_REPORT")
# A link in the place of the report is replaced, and links in front of it are followed.
place=$(realpath -m -- "$(dirname -- "$report")")
[[ $report != /dev/* && $place/ != /dev/* ]] || fail "report: it is no device"
[[ -L $report || ! -e $report || -f $report ]] || fail "report: it is no file"

ringcap=$(find_ringcap) || fail "ringcap is not on the path, and npm could not install it: add it to devDependencies"
command=("$ringcap" verify)
if [[ $engine != user && $EUID -ne 0 ]]; then
  if sudo -n true >/dev/null 2>&1; then
    command=(sudo -n env "PATH=$PATH" "${command[@]}")
  elif [[ $engine == kernel ]]; then
    fail "engine: kernel needs root, and sudo is not there or asks for a password. engine: user decides the same without it"
  else
    engine=user
    echo "::notice title=ringcap verify::sudo is not there or asks for a password: the filter ran on the host, not in the kernel"
  fi
fi

mkdir -p -- "$(dirname -- "$report")"
rm -f -- "$report" # A link in its place is not followed.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
status=0
"${command[@]}" "${arguments[@]}" --engine "$engine" --reporter junit -- "${suites[@]}" >"$report" || status=$?
failures=$(failures_in "$report")
cases=$(grep -c '^ *<testcase ' "$report" || true)
if [[ $cases -eq 1 ]]; then ran="1 case"; else ran="$cases cases"; fi
echo "ringcap verify: $ran, exit status $status"
[[ -z $failures ]] || echo "$failures"
echo "::$token::"

[[ -s $report ]] || rm -f -- "$report"
{
  echo "status=$status"
  echo "engine=$engine"
  [[ ! -e $report ]] || echo "report=$report"
} >>"$GITHUB_OUTPUT"
{
  echo "### ringcap verify"
  echo
  echo "$ran, exit status $status, engine $engine"
  # An indented block shows whatever the suite named a case.
  [[ -z $failures ]] || { echo && sed 's/^/    /' <<<"$failures"; }
} >>"$GITHUB_STEP_SUMMARY"
exit "$status"
