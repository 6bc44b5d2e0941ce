#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Shows that the stub behaves as the real API does. Usage: selftest.sh [API-STUB]
# Needs curl and jq. Prints TAP.

# shellcheck disable=SC2016 # the back quotes are those of error messages
set -u

stub=${1:-build/api-stub}
dir=$(mktemp -d) || exit 1
passed=0
failed=0
skipped=0

stop_all() {
	for pid_file in "$dir"/*.pid; do
		[ -e "$pid_file" ] && kill "$(cat "$pid_file")"
	done
}

trap 'stop_all 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# ok DESCRIPTION STATUS-OF-THE-TEST
ok() {
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $1"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed)) - $1"
	fi
}

# is DESCRIPTION GOT WANTED
is() {
	[ "$2" = "$3" ]
	ok "$1" $?
	[ "$2" = "$3" ] || printf '# got:    %s\n# wanted: %s\n' "$2" "$3"
}

# like DESCRIPTION GOT PATTERN-OF-CASE
like() {
	# shellcheck disable=SC2254 # the pattern is meant to be one
	case $2 in
	$3) ok "$1" 0 ;;
	*) ok "$1" 1; printf '# got:    %s\n# wanted: %s\n' "$2" "$3" ;;
	esac
}

# start NAME OPTION...: a stub of its own, which the calls after it talk to
start() {
	name=$1
	shift
	"$stub" --daemonize --pid-file "$dir/$name.pid" --log "$dir/$name.log" "$@" \
		"$dir/$name.sock" || echo "Bail out! no stub $name"
}

stop() {
	kill "$(cat "$dir/$name.pid")"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -e "$dir/$name.sock" ] || return 0
		sleep 0.1
	done
	return 1
}

# ask METHOD TARGET [BODY [CURL-OPTION...]]: sets code, type, body and rc
ask() {
	method=$1
	target=$2
	data=${3-}
	[ $# -gt 2 ] && shift
	shift 2
	[ -n "$data" ] && set -- --data-binary "$data" "$@"
	case $* in
	*Content-Type:*) ;;
	*) set -- -H 'Content-Type: application/json' "$@" ;;
	esac
	meta=$(curl -sS -g --path-as-is --max-time 5 --unix-socket "$dir/$name.sock" \
		-o "$dir/body" -w '%{http_code} %{content_type}' -X "$method" "$@" \
		"http://localhost$target" 2>"$dir/stderr")
	rc=$?
	code=${meta%% *}
	type=${meta#* }
	body=$(cat "$dir/body" 2>/dev/null)
	rm -f "$dir/body"
}

# gives DESCRIPTION JSON METHOD TARGET [BODY]: status 200, members in whatever order
gives() {
	description=$1
	wanted=$2
	shift 2
	ask "$@"
	is "$description" "$code $(printf %s "$body" | jq -cS .)" \
		"200 $(printf %s "$wanted" | jq -cS .)"
}

get() {
	gives "$1" "$3" GET "$2"
}

# says DESCRIPTION STATUS PATTERN METHOD TARGET [BODY]
says() {
	wanted=$2
	pattern=$3
	description=$1
	shift 3
	ask "$@"
	like "$description" "$code $body" "$wanted $pattern"
}

sorted() {
	printf %s "$body" | jq -cS 'sort'
}

start api --save "$dir/live.json"

# Transport
is 'the socket has mode 0660' "$(stat -c %a "$dir/api.sock")" 660
ask GET /os
is 'JSON comes as application/json' "$type" application/json
says 'an unknown route is 404 and empty' 404 '' GET /nowhere
says 'a wrong method is 404 and empty' 404 '' POST /settings
says 'a trailing slash is another route' 404 '' GET /settings/
says 'a path is decoded' 200 '*motd*' GET '/%73ettings'
says 'an encoded slash does not separate' 404 '' GET '/tx%2Flist'
says '/exec is a resource with 405' 405 '' POST /exec
is 'connections are kept alive' "$(curl -s --unix-socket "$dir/api.sock" -o "$dir/body" \
	-w '%{num_connects}' http://localhost/os --next -s --unix-socket "$dir/api.sock" \
	-o "$dir/body" -w '%{num_connects}' http://localhost/os)" 10
ask 'N@NSENSE' /os
is 'what is not HTTP is 400' "$code" 400

# Bodies
ask PATCH /settings '{"motd":"a"}' -H 'Content-Type: text/plain'
is 'a body of another type is refused' "$code $body $type" \
	'400 Content type error text/plain; charset=utf-8'
ask PATCH /settings '{"motd":"a"}' -H 'Content-Type:'
is 'a body without a type is refused' "$code $body" '400 Content type error'
ask PATCH '/settings?tx=t' '{}' -H 'Content-Type: application/json; charset=utf-8'
is 'parameters of the type do not matter' "$code" 204
says 'half a JSON text is refused' 400 'Json deserialize error: EOF while*line 1 column *' \
	PATCH /settings '{"motd":'
says 'no JSON at all is refused' 400 'Json deserialize error: expected value at line *' \
	PATCH /settings 'motd'
says 'an empty body is refused' 400 'Json deserialize error: EOF while parsing a value at *' \
	PATCH /settings
head -c 2097153 /dev/zero | tr '\0' ' ' >"$dir/big"
ask PATCH /settings "@$dir/big"
is 'a body over 2 MiB is refused' "$code $body" \
	'413 JSON payload (2097153 bytes) is larger than allowed (limit: 2097152 bytes).'
ask PATCH /settings "@$dir/big" -H 'Transfer-Encoding: chunked'
is 'so it is in chunks' "$code $body" '413 JSON payload has exceeded limit (2097152 bytes).'

# Model
bad() {
	says "$1" 400 "Json deserialize error: $2" PATCH '/settings?tx=bad' "$3"
}
bad 'the body is not wrapped' 'unknown field `settings`, expected one of `motd`, *' \
	'{"settings":{"motd":"a"}}'
bad 'unknown members are refused below, too' \
	'unknown field `sysctls`, expected one of `lockdown`, `modules`, `sysctl` at line 1 column 20' \
	'{"kernel":{"sysctls":{}}}'
bad 'two members to choose from' 'unknown field `x`, expected `allowed` or `autoload` at *' \
	'{"kernel":{"modules":{"tcp_bbr":{"x":true}}}}'
bad 'a sysctl is no number' 'invalid type: integer `10`, expected a string at line 1 *' \
	'{"kernel":{"sysctl":{"vm.swappiness":10}}}'
bad 'nor is it null' 'invalid type: null, expected a string at *' \
	'{"kernel":{"sysctl":{"vm.swappiness":null}}}'
for key in '..' 'a..b' '.a' '/a' '' 'a b' 'a\"b' "$(printf '%0129d' 0)"; do
	bad "sysctl key ${key:-(empty)}" \
		'Unable to deserialize into SysctlKey: Invalid sysctl key *: must *' \
		"{\"kernel\":{\"sysctl\":{\"$key\":\"1\"}}}"
done
bad 'a module name has no dot' 'Unable to deserialize into KmodKey: Kernel module keys *' \
	'{"kernel":{"modules":{"a.ko":{"allowed":true}}}}'
bad 'allowed is a boolean' 'invalid type: string "yes", expected a boolean at *' \
	'{"kernel":{"modules":{"nfsd":{"allowed":"yes"}}}}'
bad 'lockdown is one of three' \
	"Unable to deserialize into Lockdown: Invalid Linux lockdown mode 'off' at *" \
	'{"kernel":{"lockdown":"off"}}'
bad 'boot parameters are lists' 'invalid type: string "1", expected a sequence at *' \
	'{"boot":{"kernel-parameters":{"sunrpc.tcp_slot_table_entries":"1"}}}'
bad 'boot values have one kind of quote' 'Unable to deserialize into BootConfigValue: *' \
	'{"boot":{"kernel":{"a":["\"x'"'"'"]}}}'
bad 'limits have names' 'unknown variant `nofile`, expected one of `max-address-space`, *' \
	'{"oci-defaults":{"resource-limits":{"nofile":{"hard-limit":1,"soft-limit":1}}}}'
bad 'limits come in pairs' 'missing field `soft-limit` at *' \
	'{"oci-defaults":{"resource-limits":{"max-open-files":{"hard-limit":1}}}}'
bad 'a limit is a number' 'Invalid rlimit many, expected -1 to 9223372036854775807 or *' \
	'{"oci-defaults":{"resource-limits":{"max-stack-size":{"hard-limit":"many"}}}}'
bad 'a setting is an object' 'invalid type: sequence, expected struct KernelSettingsV1 at *' \
	'{"kernel":[]}'
bad 'lines and columns count' '* at line 3 column 9' '{
  "kernel": {
    "foo": 1 } }'
get 'none of it is pending' '/tx?tx=bad' '{}'
says 'a name the store cannot keep is 500' 500 'Error serializing Settings: *' \
	PATCH '/settings?tx=bad' '{"kubernetes":{"node-labels":{"a b":"c"}}}'

# Reading
get 'a prefix is completed and not wrapped' '/settings?prefix=kernel.lock' \
	'{"kernel":{"lockdown":"integrity"}}'
get 'a prefix may be complete' '/settings?prefix=settings.motd' \
	'{"motd":"Welcome to Bottlerocket!"}'
get 'a prefix that matches nothing' '/settings?prefix=kernel.sysctl' '{}'
says 'an empty prefix' 400 "Input 'prefix' cannot be empty" GET '/settings?prefix='
get 'the root wraps' '/?prefix=settings.motd' \
	'{"settings":{"motd":"Welcome to Bottlerocket!"}}'
get 'the root does not complete a prefix' '/?prefix=motd' '{}'
ask GET /
is 'the root has four branches' "$(printf %s "$body" | jq -c keys)" \
	'["configuration-files","os","services","settings"]'
get 'keys, some of them unset' '/settings?keys=settings.kernel.lockdown,settings.kernel.x' \
	'{"kernel":{"lockdown":"integrity"}}'
get 'keys are not completed' '/settings?keys=kernel.lockdown' '{}'
says 'empty keys' 400 "Input 'keys' cannot be empty" GET '/settings?keys='
says 'a key of bad form' 400 "Unable to make data key 'a..b': Key name 'a..b' has invalid *" \
	GET '/settings?keys=a..b'
says 'a key that is no leaf' 500 '*Is a directory (os error 21)' \
	GET '/settings?keys=settings.kernel'
ask GET /os
is '/os has snake case' "$(printf %s "$body" | jq -c 'keys, .variant_id')" \
	'["arch","build_id","pretty_name","variant_id","version_id"]
"aws-k8s-1.31"'
get '/os takes a prefix' '/os?prefix=ver' '{"version_id":"1.26.1"}'
get '/os with another prefix' '/os?prefix=kernel' '{}'
says 'no update status' 404 'Update status is uninitialized, *' GET /updates/status
says 'no update action' 409 'Update action not allowed *' POST /actions/activate-update
says 'services by name' 200 '{"sysctl":{*corndog sysctl*}}' GET '/services?names=sysctl'
says 'a service that is none' 404 "Found no 'services.x' in datastore" GET '/services?names=x'
get 'affected services' '/metadata/affected-services?keys=settings.kernel.sysctl.%22a.b%22' \
	'{"settings.kernel.sysctl.\"a.b\"":["sysctl"]}'
get 'affected services of two keys and nothing' \
	'/metadata/affected-services?keys=settings.kernel.modules.a.allowed,settings.oci-defaults,x' \
	'{"settings.kernel.modules.a.allowed":["kernel-modules"],"settings.oci-defaults":["oci-defaults","containerd"]}'
says 'affected services of what?' 400 "Missing required input 'keys'" \
	GET /metadata/affected-services
says 'affected services of nothing' 400 "Input 'keys' cannot be empty" \
	GET '/metadata/affected-services?keys='

# Transactions
get 'no transaction at first' /tx/list '[]'
says 'an empty PATCH is fine' 204 '' PATCH '/settings?tx=e' '{}'
says 'so is one of empty maps' 204 '' PATCH '/settings?tx=e' '{"kernel":{"sysctl":{}}}'
says 'so is one of nulls' 204 '' PATCH '/settings?tx=e' '{"motd":null,"kernel":{"lockdown":null}}'
says 'but it leaves nothing to commit' 422 'Tried to commit with no pending changes' \
	POST '/tx/commit_and_apply?tx=e'
get 'and no transaction' /tx/list '[]'
ask PATCH /settings '{"motd":"first","kernel":{"sysctl":{"vm.swappiness":"1"}}}'
is 'PATCH is 204 and empty' "$code $body" '204 '
gives 'the transaction is "default"' '["default"]' GET /tx/list
ask PATCH '/settings?tx=default' \
	'{"motd":"second","kernel":{"sysctl":{"net/core/somaxconn":"4096"}}}'
get 'PATCH merges leaves' /tx \
	'{"motd":"second","kernel":{"sysctl":{"vm.swappiness":"1","net/core/somaxconn":"4096"}}}'
get 'nothing is live yet' '/settings?prefix=motd' '{"motd":"Welcome to Bottlerocket!"}'
ask POST /tx/commit
is 'commit tells all keys' "$code $(sorted)" \
	'200 ["settings.kernel.sysctl.\"vm.swappiness\"","settings.kernel.sysctl.net/core/somaxconn","settings.motd"]'
get 'it is live now' '/settings?prefix=kernel.sysctl' \
	'{"kernel":{"sysctl":{"vm.swappiness":"1","net/core/somaxconn":"4096"}}}'
get 'a quoted key can be asked for' '/settings?keys=settings.kernel.sysctl.%22vm.swappiness%22' \
	'{"kernel":{"sysctl":{"vm.swappiness":"1"}}}'
get 'nothing is pending now' /tx '{}'
is 'the settings were saved' "$(jq -r .motd "$dir/live.json")" second
ask PATCH '/settings?tx=same' '{"motd":"second"}'
gives 'commit tells keys that have not changed, too' '["settings.motd"]' \
	POST '/tx/commit?tx=same'
says 'a second commit has nothing' 422 'Tried *' POST '/tx/commit?tx=same'
ask PATCH '/settings?tx=gone' '{"motd":"x"}'
gives 'DELETE tells the keys' '["settings.motd"]' DELETE '/tx?tx=gone'
gives 'DELETE of nothing' '[]' DELETE '/tx?tx=gone'
ask PATCH '/settings?tx=a%2Fb%20c' '{"motd":"x"}'
gives 'names are decoded' '["a/b c"]' GET /tx/list
ask DELETE '/tx?tx=a/b+c'
is 'a plus is a space' "$body" '["settings.motd"]'
long=$(printf '%0256d' 0)
says 'a name over 255 bytes is 500' 500 '*File name too long (os error 36)' \
	PATCH "/settings?tx=$long" '{"motd":"x"}'
ask PATCH '/settings?tx=one' '{"motd":"x"}'
ask PATCH '/settings?tx=two' '{"motd":"x"}'
says 'an empty name has nothing of its own' 422 'Tried *' POST '/tx/commit?tx='
ask GET /tx/list
is 'others survive that' "$(sorted)" '["one","two"]'
gives 'DELETE of the empty name tells nothing' '[]' DELETE '/tx?tx='
get 'but wipes all others' /tx/list '[]'
ask PATCH '/settings?tx=one' '{"motd":"x"}'
ask PATCH '/settings?tx=' '{"motd":"empty"}'
gives 'commit of the empty name' '["settings.motd"]' POST '/tx/commit?tx='
get 'wipes all others, too' /tx/list '[]'
keys='{"kernel":{"sysctl":{"a":"1","b":"1","c":"1","d":"1","e":"1","f":"1"}}}'
for i in 1 2 3 4 5 6; do
	ask PATCH "/settings?tx=$i" "$keys"
	ask POST "/tx/commit?tx=$i"
	echo "$body" >>"$dir/orders"
done
[ "$(sort -u "$dir/orders" | wc -l)" -gt 1 ]
ok 'the order of keys is not to be relied on' $?

# Settings with a twist
ask PATCH '/settings?tx=boot' \
	'{"boot":{"kernel-parameters":{"a.b":["1","2"]},"init-parameters":{"c":["3"]}}}'
ask POST '/tx/commit?tx=boot'
is 'boot parameters change their name' "$(sorted)" \
	'["settings.boot.init.c","settings.boot.kernel.\"a.b\""]'
get 'and read back by the new one' '/settings?prefix=boot' \
	'{"boot":{"kernel":{"a.b":["1","2"]},"init":{"c":["3"]}}}'
ask PATCH '/settings?tx=l' \
	'{"oci-defaults":{"resource-limits":{"max-stack-size":{"hard-limit":"unlimited","soft-limit":9}}}}'
get '"unlimited" reads back as -1' '/tx?tx=l' \
	'{"oci-defaults":{"resource-limits":{"max-stack-size":{"hard-limit":-1,"soft-limit":9}}}}'
ask PATCH '/settings/keypair?tx=k' \
	'{"request_payload":["motd=hi","settings.kernel.modules.tcp_bbr.allowed=true"]}'
is 'key pairs are taken' "$code" 204
get 'as what they look like' '/tx?tx=k' \
	'{"motd":"hi","kernel":{"modules":{"tcp_bbr":{"allowed":true}}}}'
says 'so a sysctl is no key pair' 400 'Unable to match your input to the data model.*' \
	PATCH /settings/keypair '{"request_payload":["kernel.sysctl.\"vm.swappiness\"=10"]}'
says 'a key pair needs a value' 400 'Failed to split the string: motd' \
	PATCH /settings/keypair '{"request_payload":["motd"]}'

says 'apply is 204' 204 '*' POST /tx/apply
is 'apply with a body that should not be' "$(tail -n 1 "$dir/api.log")" 'POST /tx/apply 204 4'
stop
ok 'the socket goes at the end' $?
start again --settings "$dir/live.json"
get 'saved settings can be loaded' '/settings?prefix=boot.kernel' \
	'{"boot":{"kernel":{"a.b":["1","2"]}}}'
"$stub" --settings /dev/null "$dir/none.sock" >/dev/null 2>&1
is 'bad settings are a failure' $? 1

# Apply command
start apply --on-apply "cat >$dir/keys; sleep 1; cp \"\$STUB_SETTINGS\" $dir/applied"
ask PATCH '/settings' '{"motd":"x"}'
ask POST '/tx/commit_and_apply'
[ ! -e "$dir/applied" ]
ok 'the answer does not wait for the apply command' $?
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
	[ -e "$dir/applied" ] && break
	sleep 0.1
done
is 'it got the changed keys' "$(cat "$dir/keys")" '["settings.motd"]'
is 'and the settings' "$(jq -r .motd "$dir/applied")" x

# Ephemeral storage
start disks --disk /dev/disk/ephemeral/nvme-A --disk /dev/disk/ephemeral/nvme-B
storage=/actions/ephemeral-storage
ask GET $storage/list-disks
is 'disks as text' "$code $type $body" '200 application/text /dev/disk/ephemeral/nvme-A
/dev/disk/ephemeral/nvme-B'
get 'disks as JSON' "$storage/list-disks?format=json" \
	'["/dev/disk/ephemeral/nvme-A","/dev/disk/ephemeral/nvme-B"]'
says 'disks as something else' 400 'unsupported format' GET "$storage/list-disks?format=x"
says 'directories of the variant' 200 '*/var/lib/kubelet*' GET $storage/list-dirs
says 'bind before init' 500 'Unable to bind ephemeral storage: *does not exist*' \
	POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says 'init with an unknown disk' 500 \
	"Unable to initialize ephemeral storage: Invalid Parameter 'disks', unknown disk *" \
	POST $storage/init '{"disks":["/dev/sda"]}'
says 'init with a small letter' 400 \
	'Json deserialize error: unknown variant `xfs`, expected `Xfs` or `Ext4` at *' \
	POST $storage/init '{"filesystem":"xfs"}'
says 'init' 204 '' POST $storage/init '{"filesystem":"Xfs","disks":null}'
says 'bind without targets' 400 'Json deserialize error: missing field `targets` at *' \
	POST $storage/bind '{}'
says 'bind to a strange place' 500 "*Invalid Parameter '/mnt/x', specified bind directory *" \
	POST $storage/bind '{"targets":["/mnt/x"]}'
says 'bind' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says 'bind again' 500 'Unable to bind *already mounted*' POST $storage/bind '{"targets":[]}'

# ... as later core kits have it
start kit108 --kit 10.8 --disk /dev/disk/ephemeral/nvme-A
says '10.8: bind' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says '10.8: bind again' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says '10.8: bind below /mnt' 204 '' POST $storage/bind '{"targets":["/mnt/x"]}'
says '10.8: bind to its own mount point' 500 '*not in allow list' \
	POST $storage/bind '{"targets":["/mnt/.ephemeral/x"]}'
start kit110 --kit 11.0 --disk /dev/disk/ephemeral/nvme-A \
	--on-storage "echo \$STUB_ACTION \$STUB_DEVICE \$STUB_NAMES >>$dir/storage; [ \$STUB_NAMES != /var/log/pods ] || { echo no; exit 1; }"
says '11.0: bind without init' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
is '11.0: does nothing' "$(ls "$dir/storage" 2>/dev/null)" ''
says '11.0: init' 204 '' POST $storage/init '{}'
says '11.0: bind' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
is 'the command gets all' "$(cat "$dir/storage")" \
	'init /dev/disk/ephemeral/nvme-A
bind /dev/disk/ephemeral/nvme-A /var/lib/kubelet'
says 'the command fails' 500 'Unable to bind ephemeral storage: no*' \
	POST $storage/bind '{"targets":["/var/log/pods"]}'
start diskless --variant aws-ecs-2
says 'no disks, no list' 200 '' GET $storage/list-disks
says 'init without disks does nothing' 204 '' POST $storage/init '{}'
says 'bind without disks does nothing' 204 '' POST $storage/bind '{"targets":["/x"]}'
says 'directories of another variant' 200 '*/var/lib/docker*' GET $storage/list-dirs

# Lockdown
start locked --lockdown
says 'locked: GET' 500 '*Required key not available*' GET /settings
says 'locked: PATCH' 500 '*Required key not available*' PATCH /settings '{"motd":"x"}'
says 'locked: /os' 200 '*' GET /os

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
is 'half an answer' "$rc" 18
ask GET '/settings?prefix=close'
is 'no answer' "$rc" 52
says 'broken JSON' 200 '{"kernel": {"sysctl": {"vm.' GET '/settings?prefix=bad'
says 'JSON of the wrong type' 200 42 GET '/settings?prefix=type'
says 'JSON of a type to choose' 200 '\[1\]' GET '/settings?prefix=list'
ask GET '/settings?prefix=huge'
is 'a huge answer' "$code ${#body} $(printf %s "$body" | jq -c keys)" '200 100000 ["motd"]'
ask GET '/settings?prefix=chunks'
is 'a huge answer in chunks' "$code ${#body} $(printf %s "$body" | jq -c keys)" \
	'200 100000 ["motd"]'
ask GET '/settings?prefix=endless' '' --max-time 0.5
is 'an endless answer' "$rc" 28
ask GET '/settings?prefix=garbage'
is 'an answer that is not HTTP' "$rc" 1
ask GET '/settings?prefix=hang' '' --max-time 0.5
is 'a request that is never answered' "$rc" 28
ask GET '/settings?prefix=slow' '' -w ' %{time_total}'
longer "$(seconds)" 0.7
ok 'a slow answer' $?
ask GET '/settings?prefix=drip' '' -w ' %{time_total}'
longer "$(seconds)" 0.5
ok 'an answer byte by byte' $?
curl -s --unix-socket "$dir/faults.sock" 'http://localhost/settings?prefix=slow' >/dev/null &
sleep 0.2
ask GET '/settings?prefix=motd' '' -w ' %{time_total}'
longer "$(seconds)" 0.3
ok 'there is one worker: others wait for the slow one' $?
wait
curl -s --unix-socket "$dir/faults.sock" --max-time 1 'http://localhost/settings?prefix=hang' &
says 'but not for one that hangs' 200 '*motd*' GET '/settings?prefix=motd'
wait
says 'a status without a text' 500 '' GET /os
ask PATCH /settings '{"motd":"1"}'
ask POST /tx/commit
is 'a fault for the second: not the first' "$code" 200
ask PATCH /settings '{"motd":"2"}'
is 'a PATCH without an answer' "$rc" 52
get 'was carried out all the same' /tx '{"motd":"2"}'
says 'a fault for the second' 503 'try a=b: later' POST /tx/commit
ask POST /tx/commit
is 'not the third' "$code $body" '200 ["settings.motd"]'
"$stub" --fault 'GET /os=nonsense' "$dir/none.sock" >/dev/null 2>&1
is 'a fault that is none is a failure' $? 1

# Weak settings, which an update of the OS drops
start weak --weak settings.network.hostname --weak settings.motd
ask GET /metadata/setting-generators
is 'the generator of a weak setting is not listed' "$(printf %s "$body" | jq -r 'has("settings.network.hostname")')" false
ask PATCH /settings '{"network":{"hostname":"a"}}'
ask POST /tx/commit
ask GET /metadata/setting-generators
is 'once committed it is strong' "$(printf %s "$body" | jq -r 'has("settings.network.hostname")')" true
start updated --weak settings.motd --updated
get 'an update drops a weak setting' '/settings?prefix=motd' '{}'
get 'and no strong one' '/settings?prefix=updates.seed' '{"updates":{"seed":1054}}'

# Log, and stubs side by side
start left --log "$dir/log"
start right
ask PATCH '/settings?tx=%61' '{"motd":"right"}'
ask POST '/tx/commit?tx=a'
name=left
get 'stubs do not share settings' '/settings?prefix=motd' '{"motd":"Welcome to Bottlerocket!"}'
is 'the log has what was asked and no more' "$(cat "$dir/log")" \
	'GET /settings?prefix=motd 200 35'
is 'the log has paths as received' "$(cat "$dir/right.log")" \
	'PATCH /settings?tx=%61 204 0
POST /tx/commit?tx=a 200 17'

start first
"$stub" --daemonize --pid-file "$dir/second.pid" "$dir/first.sock"
kill "$(cat "$dir/first.pid")"
sleep 0.3
says 'the end of a stub leaves the socket of its successor' 200 '*' GET /os

echo "1..$((passed + failed))"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
