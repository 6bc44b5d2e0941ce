#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Part of selftest.sh: transport, bodies, the model, reading.
# shellcheck disable=SC2016,SC2154 # back quotes of messages; variables of selftest.sh

start api --save "$dir/live.json"

# Transport
is 'the socket has mode 0660' "$(stat -c %a "$dir/api.sock")" 660
ask GET /os
is 'JSON has type application/json' "$type" application/json
says 'an unknown route is 404 and empty' 404 '' GET /nowhere
says 'a wrong method is 404 and empty' 404 '' POST /settings
says 'a trailing slash is another route' 404 '' GET /settings/
says 'a path is decoded' 200 '*motd*' GET '/%73ettings'
says 'an encoded slash is no separator' 404 '' GET '/tx%2Flist'
says '/exec answers a wrong method with 405' 405 '' POST /exec
is 'connections are kept alive' "$(curl -s --unix-socket "$dir/api.sock" -o "$dir/body" \
	-w '%{num_connects}' http://localhost/os --next -s --unix-socket "$dir/api.sock" \
	-o "$dir/body" -w '%{num_connects}' http://localhost/os)" 10
ask 'N@NSENSE' /os
is 'a request that is not HTTP is 400' "$code" 400

# Bodies
ask PATCH /settings '{"motd":"a"}' -H 'Content-Type: text/plain'
is 'a body of another type is rejected' "$code $body $type" \
	'400 Content type error text/plain; charset=utf-8'
ask PATCH /settings '{"motd":"a"}' -H 'Content-Type:'
is 'a body without a type is rejected' "$code $body" '400 Content type error'
ask PATCH '/settings?tx=t' '{}' -H 'Content-Type: application/json; charset=utf-8'
is 'parameters of the type are ignored' "$code" 204
says 'an incomplete JSON text is rejected' 400 'Json deserialize error: EOF while*line 1 column *' \
	PATCH /settings '{"motd":'
says 'a body that is not JSON is rejected' 400 'Json deserialize error: expected value at line *' \
	PATCH /settings 'motd'
says 'an empty body is rejected' 400 'Json deserialize error: EOF while parsing a value at *' \
	PATCH /settings
head -c 2097153 /dev/zero | tr '\0' ' ' >"$dir/big"
ask PATCH /settings "@$dir/big"
is 'a body over 2 MiB is rejected' "$code $body" \
	'413 JSON payload (2097153 bytes) is larger than allowed (limit: 2097152 bytes).'
ask PATCH /settings "@$dir/big" -H 'Transfer-Encoding: chunked'
is 'a body over 2 MiB in chunks is rejected' "$code $body" '413 JSON payload has exceeded limit (2097152 bytes).'

# Model
bad() {
	says "$1" 400 "Json deserialize error: $2" PATCH '/settings?tx=bad' "$3"
}
bad 'the body has no outer settings member' 'unknown field `settings`, expected one of `motd`, *' \
	'{"settings":{"motd":"a"}}'
bad 'an unknown member below is rejected' \
	'unknown field `sysctls`, expected one of `lockdown`, `modules`, `sysctl` at line 1 column 20' \
	'{"kernel":{"sysctls":{}}}'
bad 'an unknown member, two possible' 'unknown field `x`, expected `allowed` or `autoload` at *' \
	'{"kernel":{"modules":{"tcp_bbr":{"x":true}}}}'
bad 'a sysctl is not a number' 'invalid type: integer `10`, expected a string at line 1 *' \
	'{"kernel":{"sysctl":{"vm.swappiness":10}}}'
bad 'a sysctl is not null' 'invalid type: null, expected a string at *' \
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
bad 'a limit is a number or "unlimited"' 'Invalid rlimit many, expected -1 to 9223372036854775807 or *' \
	'{"oci-defaults":{"resource-limits":{"max-stack-size":{"hard-limit":"many"}}}}'
bad 'a list stands for an object, but all members are needed' \
	'invalid length 0, expected struct KernelSettingsV1 with 3 elements at *' '{"kernel":[]}'
bad 'the column counts in the compacted text' '* at line 1 column 16' '{
  "kernel": {
    "foo": 1 } }'
bad 'a comma before the end' 'trailing comma at line 1 column 13' '{"motd":"a",}'
bad 'a bad escape' 'invalid escape at line 1 column 11' '{"motd":"\x"}'
bad 'a number that is none' 'invalid number at line 1 column 10' '{"motd":01}'
bad 'nesting without end' 'recursion limit exceeded at line 1 column 128' \
	"$(printf '%0200d' 0 | tr 0 '[')"
bad 'a member under both its names' 'duplicate field `credentials` at line 1 column 47' \
	'{"container-registry":{"credentials":[],"creds":[]}}'
bad 'an unsigned integer is not negative' 'invalid value: integer `-1`, expected u32 at *' \
	'{"kubernetes":{"max-pods":-1}}'
bad 'an integer is not too large' 'invalid value: integer `4294967296`, expected u32 at *' \
	'{"updates":{"seed":4294967296}}'
bad 'a host has two parts' 'invalid length 1, expected a tuple of size 2 at line 1 column 32' \
	'{"network":{"hosts":[["1.2.3.4"]]}}'
bad 'a hostname' "Unable to deserialize into ValidLinuxHostname: Invalid hostname '-a': must not start *" \
	'{"network":{"hostname":"-a"}}'
bad 'a URL' "Unable to deserialize into Url: Given invalid URL 'a b' at line 1 column 30" \
	'{"ntp":{"time-servers":["a b"]}}'
bad 'base64 of a bad length' '*ValidBase64: Invalid base64 input: Invalid input length: 5 at *' \
	'{"aws":{"config":"AAAAA"}}'
bad 'base64 without padding' '*ValidBase64: Invalid base64 input: Invalid padding at *' \
	'{"aws":{"config":"AA"}}'
bad 'a certificate' '*PemCertificateString: Invalid PEM object: *' \
	"{\"pki\":{\"x\":{\"data\":\"$(printf -- '-----BEGIN X-----\nAA' | base64)\"}}}"
bad 'a command' \
	"*ApiclientCommand: Invalid Bottlerocket API Command '\\[\"rm\", \"-r\"]' at line 1 column 52" \
	'{"bootstrap-commands":{"x":{"commands":[["rm","-r"]]}}}'
bad 'a reserved resource' '*Reserved sources key: unknown variant `gpu`, expected one of `cpu`, *' \
	'{"kubernetes":{"kube-reserved":{"gpu":"1"}}}'
bad 'a quantity' '*Kubernetes quantity must match *given: 1x at line 1 column 43' \
	'{"kubernetes":{"kube-reserved":{"cpu":"1x"}}}'
bad 'a threshold' "*Invalid Kubernetes threshold percentage value '115%' at line 1 column 58" \
	'{"kubernetes":{"eviction-hard":{"memory.available":"115%"}}}'
bad 'a taint' 'Kubernetes taint value given invalid input: x at line 1 column 38' \
	'{"kubernetes":{"node-taints":{"k":"x"}}}'
bad 'a credential provider' 'missing field `image-patterns` at line 1 column 67' \
	'{"kubernetes":{"credential-providers":{"x":{"cache-duration":"31m"}}}}'
ask PATCH '/settings?tx=good' '{"kubernetes":{"memory-manager-policy":"static","cloud-provider":"",
	"node-ip":"0:0::1","memory-manager-reserved-memory":{"0":{"enabled":true,"memory":"1Gi"}}}}'
get 'values that read back otherwise' '/tx?tx=good' '{"kubernetes":{"cloud-provider":"\"\"",
	"memory-manager-policy":"Static","node-ip":"::1",
	"memory-manager-reserved-memory":{"0":{"enabled":true,"memory":"1Gi"}}}}'
ask DELETE '/tx?tx=good'
get 'none of it is pending' '/tx?tx=bad' '{}'
says 'a name too long for the data store is 500' 500 \
	'Error serializing Settings: *Key name beyond maximum length *: 255 ' \
	PATCH '/settings?tx=bad' "{\"boot\":{\"kernel\":{\"$(printf '%0250d' 0)\":[]}}}"

# Reading
get 'GET /settings completes a prefix and has no outer member' '/settings?prefix=kernel.lock' \
	'{"kernel":{"lockdown":"integrity"}}'
get 'a prefix may begin with settings' '/settings?prefix=settings.motd' \
	'{"motd":"Welcome to Bottlerocket!"}'
get 'a prefix that matches nothing' '/settings?prefix=kernel.sysctl' '{}'
says 'an empty prefix' 400 "Input 'prefix' cannot be empty" GET '/settings?prefix='
get 'GET / has an outer member' '/?prefix=settings.motd' \
	'{"settings":{"motd":"Welcome to Bottlerocket!"}}'
get 'GET / does not complete a prefix' '/?prefix=motd' '{}'
ask GET /
is 'GET / has four branches' "$(printf %s "$body" | jq -c keys)" \
	'["configuration-files","os","services","settings"]'
get 'keys: unset ones are omitted' '/settings?keys=settings.kernel.lockdown,settings.kernel.x' \
	'{"kernel":{"lockdown":"integrity"}}'
get 'keys are not completed' '/settings?keys=kernel.lockdown' '{}'
says 'empty keys' 400 "Input 'keys' cannot be empty" GET '/settings?keys='
says 'an invalid key' 400 "Unable to make data key 'a..b': Key name 'a..b' has invalid *" \
	GET '/settings?keys=a..b'
says 'a key that is not a leaf' 500 '*Is a directory (os error 21)' \
	GET '/settings?keys=settings.kernel'
ask GET /os
is '/os has names in snake case' "$(printf %s "$body" | jq -c 'keys, .variant_id')" \
	'["arch","build_id","pretty_name","variant_id","version_id"]
"aws-k8s-1.31"'
get '/os takes a prefix' '/os?prefix=ver' '{"version_id":"1.26.1"}'
get '/os with another prefix' '/os?prefix=kernel' '{}'
says 'no update status' 404 'Update status is uninitialized, *' GET /updates/status
says 'no update action' 409 'Update action not allowed *' POST /actions/activate-update
says 'services by name' 200 '{"sysctl":{*corndog sysctl*}}' GET '/services?names=sysctl'
says 'an unknown service' 404 "Found no 'services.x' in datastore" GET '/services?names=x'
get 'affected services' '/metadata/affected-services?keys=settings.kernel.sysctl.%22a.b%22' \
	'{"settings.kernel.sysctl.\"a.b\"":["sysctl"]}'
get 'affected services of three keys, one unknown' \
	'/metadata/affected-services?keys=settings.kernel.modules.a.allowed,settings.oci-defaults,x' \
	'{"settings.kernel.modules.a.allowed":["kernel-modules"],"settings.oci-defaults":["oci-defaults","containerd"]}'
says 'affected services without keys' 400 "Missing required input 'keys'" \
	GET /metadata/affected-services
says 'affected services with empty keys' 400 "Input 'keys' cannot be empty" \
	GET '/metadata/affected-services?keys='
