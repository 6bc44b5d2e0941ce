#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Part of selftest.sh: what the stub does besides answering, and options that play other hosts.
# shellcheck disable=SC2016,SC2154,SC2034 # back quotes; variables of selftest_lib.sh

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
is 'the apply command gets the changed keys' "$(cat "$dir/keys")" '["settings.motd"]'
is 'the apply command gets the settings' "$(jq -r .motd "$dir/applied")" x

# Ephemeral storage
start disks --disk /dev/disk/ephemeral/nvme-A --disk /dev/disk/ephemeral/nvme-B
storage=/actions/ephemeral-storage
ask GET $storage/list-disks
is 'disks as text' "$code $type $body" '200 application/text /dev/disk/ephemeral/nvme-A
/dev/disk/ephemeral/nvme-B'
get 'disks as JSON' "$storage/list-disks?format=json" \
	'["/dev/disk/ephemeral/nvme-A","/dev/disk/ephemeral/nvme-B"]'
says 'disks in an unknown format' 400 'unsupported format' GET "$storage/list-disks?format=x"
says 'directories of the variant' 200 '*/var/lib/kubelet*' GET $storage/list-dirs
says 'bind before init' 500 'Unable to bind ephemeral storage: *does not exist*' \
	POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says 'init with an unknown disk' 500 \
	"Unable to initialize ephemeral storage: Invalid Parameter 'disks', unknown disk *" \
	POST $storage/init '{"disks":["/dev/sda"]}'
says 'init with a lower-case filesystem' 400 \
	'Json deserialize error: unknown variant `xfs`, expected `Xfs` or `Ext4` at *' \
	POST $storage/init '{"filesystem":"xfs"}'
says 'init' 204 '' POST $storage/init '{"filesystem":"Xfs","disks":null}'
says 'bind without targets' 400 'Json deserialize error: missing field `targets` at *' \
	POST $storage/bind '{}'
says 'bind to a directory that is not allowed' 500 "*Invalid Parameter '/mnt/x', specified bind directory *" \
	POST $storage/bind '{"targets":["/mnt/x"]}'
says 'bind' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says 'bind again' 500 'Unable to bind *already mounted*' POST $storage/bind '{"targets":[]}'

# Later core kits
start kit108 --core-kit 10.8 --disk /dev/disk/ephemeral/nvme-A
says '10.8: bind' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says '10.8: bind again' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
says '10.8: bind below /mnt' 204 '' POST $storage/bind '{"targets":["/mnt/x"]}'
says '10.8: bind to its own mount point' 500 '*not in allow list' \
	POST $storage/bind '{"targets":["/mnt/.ephemeral/x"]}'
start kit110 --kit 11.0 --disk /dev/disk/ephemeral/nvme-A \
	--on-storage "echo \$STUB_ACTION \$STUB_DEVICE \$STUB_NAMES >>$dir/storage; [ \$STUB_NAMES != /var/log/pods ] || { echo no; exit 1; }"
says '11.0: bind without init' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
is '11.0: bind without init does nothing' "$(ls "$dir/storage" 2>/dev/null)" ''
says '11.0: init' 204 '' POST $storage/init '{}'
says '11.0: bind' 204 '' POST $storage/bind '{"targets":["/var/lib/kubelet"]}'
is 'the storage command gets its variables' "$(cat "$dir/storage")" \
	'init /dev/disk/ephemeral/nvme-A
bind /dev/disk/ephemeral/nvme-A /var/lib/kubelet'
says 'a failing storage command is a 500' 500 'Unable to bind ephemeral storage: no*' \
	POST $storage/bind '{"targets":["/var/log/pods"]}'
start diskless --variant aws-ecs-2
says 'no disks: an empty list' 200 '' GET $storage/list-disks
says 'init without disks does nothing' 204 '' POST $storage/init '{}'
says 'bind without disks does nothing' 204 '' POST $storage/bind '{"targets":["/x"]}'
says 'directories of another variant' 200 '*/var/lib/docker*' GET $storage/list-dirs

# Lockdown
start locked --lockdown
says 'locked: GET' 500 '*Required key not available*' GET /settings
says 'locked: PATCH' 500 '*Required key not available*' PATCH /settings '{"motd":"x"}'
says 'locked: /os' 200 '*' GET /os

# Weak settings: an OS update drops them
start weak --weak settings.network.hostname --weak settings.motd
ask GET /metadata/setting-generators
is 'the generator of a weak setting is not listed' "$(printf %s "$body" | jq -r 'has("settings.network.hostname")')" false
ask PATCH /settings '{"network":{"hostname":"a"}}'
ask POST /tx/commit
ask GET /metadata/setting-generators
is 'a commit makes it strong' "$(printf %s "$body" | jq -r 'has("settings.network.hostname")')" true
start updated --weak settings.motd --updated
get 'an OS update drops a weak setting' '/settings?prefix=motd' '{}'
get 'an OS update keeps a strong setting' '/settings?prefix=updates.seed' '{"updates":{"seed":1054}}'

# Checks of a commit since core kit 6.0
start checks --core-kit 12.3
ask PATCH '/settings?tx=w&strength=weak' '{"motd":"x"}'
says 'a strong setting cannot become weak' 500 \
	'Data store error during commit: Check constraint function rejected the transaction*' \
	POST '/tx/commit?tx=w'
gives 'the rejected transaction stays' '["w"]' GET /tx/list
ask PATCH '/settings?tx=n&strength=weak' '{"network":{"no-proxy":["a"]}}'
gives 'a setting that is not set can be weak' '["settings.network.no-proxy"]' POST '/tx/commit?tx=n'
ask PATCH '/settings?tx=' '{"motd":"x"}'
says 'the empty name commits nothing' 422 'Tried *' POST '/tx/commit?tx='
ask GET /tx/list
is 'and deletes nothing' "$(sorted)" '["settings","w"]'
start old --core-kit 3.1.1
ask PATCH '/settings?tx=w&strength=weak' '{"motd":"x"}'
gives 'older core kits know no strength' '["settings.motd"]' POST '/tx/commit?tx=w'
"$stub" --core-kit x "$dir/none.sock" >/dev/null 2>&1
is 'an invalid core kit is an error' $? 1

# The log, and two stubs at once
start left --log "$dir/log"
start right
ask PATCH '/settings?tx=%61' '{"motd":"right"}'
ask POST '/tx/commit?tx=a'
name=left
get 'stubs do not share settings' '/settings?prefix=motd' '{"motd":"Welcome to Bottlerocket!"}'
is 'the log has one line per request' "$(cat "$dir/log")" \
	'GET /settings?prefix=motd 200 35'
is 'the log has targets as received' "$(cat "$dir/right.log")" \
	'PATCH /settings?tx=%61 204 0
POST /tx/commit?tx=a 200 17'

start first
"$stub" --daemonize --pid-file "$dir/second.pid" "$dir/first.sock"
kill "$(cat "$dir/first.pid")"
sleep 0.3
says 'a stub leaves the socket of its successor' 200 '*' GET /os
