#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Part of selftest.sh: transactions.
# shellcheck disable=SC2016,SC2154 # back quotes of messages; variables of selftest.sh

# Transactions
get 'no transaction at the start' /tx/list '[]'
says 'an empty PATCH is accepted' 204 '' PATCH '/settings?tx=e' '{}'
says 'a PATCH of empty maps is accepted' 204 '' PATCH '/settings?tx=e' '{"kernel":{"sysctl":{}}}'
says 'a PATCH of nulls is accepted' 204 '' PATCH '/settings?tx=e' '{"motd":null,"kernel":{"lockdown":null}}'
says 'nothing to commit after these' 422 'Tried to commit with no pending changes' \
	POST '/tx/commit_and_apply?tx=e'
get 'no transaction after these' /tx/list '[]'
ask PATCH /settings '{"motd":"first","kernel":{"sysctl":{"vm.swappiness":"1"}}}'
is 'PATCH is 204 and empty' "$code $body" '204 '
gives 'the transaction is "default"' '["default"]' GET /tx/list
ask PATCH '/settings?tx=default' \
	'{"motd":"second","kernel":{"sysctl":{"net/core/somaxconn":"4096"}}}'
get 'PATCH merges leaves' /tx \
	'{"motd":"second","kernel":{"sysctl":{"vm.swappiness":"1","net/core/somaxconn":"4096"}}}'
get 'a PATCH alone changes nothing' '/settings?prefix=motd' '{"motd":"Welcome to Bottlerocket!"}'
ask POST /tx/commit
is 'commit lists all keys' "$code $(sorted)" \
	'200 ["settings.kernel.sysctl.\"vm.swappiness\"","settings.kernel.sysctl.net/core/somaxconn","settings.motd"]'
get 'a commit makes it live' '/settings?prefix=kernel.sysctl' \
	'{"kernel":{"sysctl":{"vm.swappiness":"1","net/core/somaxconn":"4096"}}}'
get 'a quoted key can be read' '/settings?keys=settings.kernel.sysctl.%22vm.swappiness%22' \
	'{"kernel":{"sysctl":{"vm.swappiness":"1"}}}'
get 'nothing is pending after the commit' /tx '{}'
is '--save: the settings are saved' "$(jq -r .motd "$dir/live.json")" second
ask PATCH '/settings?tx=same' '{"motd":"second"}'
gives 'commit lists unchanged keys too' '["settings.motd"]' \
	POST '/tx/commit?tx=same'
says 'a second commit finds nothing' 422 'Tried *' POST '/tx/commit?tx=same'
ask PATCH '/settings?tx=gone' '{"motd":"x"}'
gives 'DELETE lists the keys' '["settings.motd"]' DELETE '/tx?tx=gone'
gives 'DELETE of nothing' '[]' DELETE '/tx?tx=gone'
ask PATCH '/settings?tx=a%2Fb%20c' '{"motd":"x"}'
gives 'names of transactions are decoded' '["a/b c"]' GET /tx/list
ask DELETE '/tx?tx=a/b+c'
is 'a plus is a space' "$body" '["settings.motd"]'
long=$(printf '%0256d' 0)
says 'a name over 255 bytes is 500' 500 '*File name too long (os error 36)' \
	PATCH "/settings?tx=$long" '{"motd":"x"}'
ask PATCH '/settings?tx=one' '{"motd":"x"}'
ask PATCH '/settings?tx=two' '{"motd":"x"}'
says 'the empty name finds nothing to commit' 422 'Tried *' POST '/tx/commit?tx='
ask GET /tx/list
is 'other transactions survive that' "$(sorted)" '["one","two"]'
gives 'DELETE of the empty name lists nothing' '[]' DELETE '/tx?tx='
get 'but it deletes all others' /tx/list '[]'
ask PATCH '/settings?tx=one' '{"motd":"x"}'
ask PATCH '/settings?tx=' '{"motd":"empty"}'
gives 'commit of the empty name' '["settings.motd"]' POST '/tx/commit?tx='
get 'deletes all others too' /tx/list '[]'
keys='{"kernel":{"sysctl":{"a":"1","b":"1","c":"1","d":"1","e":"1","f":"1"}}}'
for i in 1 2 3 4 5 6; do
	ask PATCH "/settings?tx=$i" "$keys"
	ask POST "/tx/commit?tx=$i"
	echo "$body" >>"$dir/orders"
done
[ "$(sort -u "$dir/orders" | wc -l)" -gt 1 ]
ok 'the order of keys is random' $?

# Settings that read back otherwise
ask PATCH '/settings?tx=boot' \
	'{"boot":{"kernel-parameters":{"a.b":["1","2"]},"init-parameters":{"c":["3"]}}}'
ask POST '/tx/commit?tx=boot'
is 'boot parameters are stored under the short name' "$(sorted)" \
	'["settings.boot.init.c","settings.boot.kernel.\"a.b\""]'
get 'boot parameters read back under the short name' '/settings?prefix=boot' \
	'{"boot":{"kernel":{"a.b":["1","2"]},"init":{"c":["3"]}}}'
ask PATCH '/settings?tx=l' \
	'{"oci-defaults":{"resource-limits":{"max-stack-size":{"hard-limit":"unlimited","soft-limit":9}}}}'
get '"unlimited" reads back as -1' '/tx?tx=l' \
	'{"oci-defaults":{"resource-limits":{"max-stack-size":{"hard-limit":-1,"soft-limit":9}}}}'
ask PATCH '/settings/keypair?tx=k' \
	'{"request_payload":["motd=hi","settings.kernel.modules.tcp_bbr.allowed=true"]}'
is 'key pairs are accepted' "$code" 204
get 'the type of a key pair is guessed' '/tx?tx=k' \
	'{"motd":"hi","kernel":{"modules":{"tcp_bbr":{"allowed":true}}}}'
says 'a numeric sysctl as a key pair is rejected' 400 'Unable to match your input to the data model.*' \
	PATCH /settings/keypair '{"request_payload":["kernel.sysctl.\"vm.swappiness\"=10"]}'
says 'a key pair needs a value' 400 'Failed to split the string: motd' \
	PATCH /settings/keypair '{"request_payload":["motd"]}'

says 'apply is 204' 204 '*' POST /tx/apply
is 'apply has a stray body' "$(tail -n 1 "$dir/api.log")" 'POST /tx/apply 204 4'
stop
ok 'the stub removes its socket' $?
start again --settings "$dir/live.json"
get '--settings: saved settings can be loaded' '/settings?prefix=boot.kernel' \
	'{"boot":{"kernel":{"a.b":["1","2"]}}}'
"$stub" --settings /dev/null "$dir/none.sock" >/dev/null 2>&1
is 'invalid settings are an error' $? 1
