#!/usr/bin/env bash
# What action.yml runs: scans PATHS, leaves a SARIF report, says the verdict in the job's summary. BRINE, if set, is the
# command to use in place of npx.
set -uo pipefail

read -r -a brine <<<"${BRINE:-npx --yes brine@${VERSION:-latest}}"
# Blanks and lines separate paths; none of them is a pattern.
set -f
read -r -d '' -a paths <<<"${PATHS:-.}" || true

options=(--fail-on "${FAIL_ON:-unknown}")
if [ -n "${POLICY:-}" ]; then options+=(--policy "$POLICY"); fi
if [ -n "${BASELINE:-}" ]; then options+=(--baseline "$BASELINE"); fi

report=${SARIF:-brine.sarif}
"${brine[@]}" scan "${options[@]}" --format sarif --output "$report" -- "${paths[@]}" || true
text=$("${brine[@]}" scan "${options[@]}" -- "${paths[@]}")
code=$?
printf '%s\n' "$text"

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  printf '### brine scan\n\n```\n%s\n```\n' "${text//\`/\'}" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'sarif=%s\nexit-code=%s\n' "$report" "$code" >>"$GITHUB_OUTPUT"
fi
exit "$code"
