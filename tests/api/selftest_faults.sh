#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Part of selftest.sh: faults.
# shellcheck disable=SC2016,SC2154 # back quotes of messages; variables of selftest.sh

# Faults
start faults \
	--fault 'GET /settings?prefix=half=half' --fault 'GET /settings?prefix=close=close' \
	--fault 'GET /settings?prefix=bad=badjson' --fault 'GET /settings?prefix=type=wrongtype' \
	--fault 'GET /settings?prefix=list=wrongtype:[1]' \
	--fault 'GET /settings?prefix=huge=huge:100000' \
	--fault 'GET /settings?prefix=chunks=huge:100000:chunked' \
	--fault 'GET /settings?prefix=endless=endless' \
	--fault 'GET /settings?prefix=garbage=garbage' --fault 'GET /settings?prefix=hang=hang' \
	--fault 'GET /settings?prefix=slow=slow:700' --fault 'GET /settings?prefix=drip=drip:10' \
	--fault '* /tx/commit#2=status:503:try a=b: later' --fault 'PATCH /settings#2=close' \
	--fault 'GET /os=status:500'
seconds() {
	printf '%s' "$meta" | sed 's/.* //'
}
longer() {
	awk "BEGIN { exit !($1 >= $2) }"
}
ask GET '/settings?prefix=half'
is 'half: half an answer' "$rc" 18
ask GET '/settings?prefix=close'
is 'close: no answer' "$rc" 52
says 'badjson: broken JSON' 200 '{"kernel": {"sysctl": {"vm.' GET '/settings?prefix=bad'
says 'wrongtype: JSON of the wrong type' 200 42 GET '/settings?prefix=type'
says 'wrongtype: the given JSON' 200 '\[1\]' GET '/settings?prefix=list'
ask GET '/settings?prefix=huge'
is 'huge: a long answer' "$code ${#body} $(printf %s "$body" | jq -c keys)" '200 100000 ["motd"]'
ask GET '/settings?prefix=chunks'
is 'huge: a long answer in chunks' "$code ${#body} $(printf %s "$body" | jq -c keys)" \
	'200 100000 ["motd"]'
ask GET '/settings?prefix=endless' '' --max-time 0.5
is 'endless: an endless answer' "$rc" 28
ask GET '/settings?prefix=garbage'
is 'garbage: an answer that is not HTTP' "$rc" 1
ask GET '/settings?prefix=hang' '' --max-time 0.5
is 'hang: a request without an answer' "$rc" 28
ask GET '/settings?prefix=slow' '' -w ' %{time_total}'
longer "$(seconds)" 0.7
ok 'slow: a late answer' $?
ask GET '/settings?prefix=drip' '' -w ' %{time_total}'
longer "$(seconds)" 0.5
ok 'drip: an answer byte by byte' $?
curl -s --unix-socket "$dir/faults.sock" 'http://localhost/settings?prefix=slow' >/dev/null &
sleep 0.2
ask GET '/settings?prefix=motd' '' -w ' %{time_total}'
longer "$(seconds)" 0.3
ok 'one worker: a slow answer delays others' $?
wait
curl -s --unix-socket "$dir/faults.sock" --max-time 1 'http://localhost/settings?prefix=hang' &
says 'hang does not delay others' 200 '*motd*' GET '/settings?prefix=motd'
wait
says 'status: no text' 500 '' GET /os
ask PATCH /settings '{"motd":"1"}'
ask POST /tx/commit
is '#2: not the first request' "$code" 200
ask PATCH /settings '{"motd":"2"}'
is 'close: a PATCH without an answer' "$rc" 52
get 'close: the PATCH was carried out' /tx '{"motd":"2"}'
says '#2: the second request' 503 'try a=b: later' POST /tx/commit
ask POST /tx/commit
is '#2: not the third request' "$code $body" '200 ["settings.motd"]'
"$stub" --fault 'GET /os=nonsense' "$dir/none.sock" >/dev/null 2>&1
is 'an unknown fault is an error' $? 1
