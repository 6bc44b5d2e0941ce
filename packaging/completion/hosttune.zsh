#compdef hosttune
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Completion of hosttune for zsh: hosttune itself knows its commands, options and values.

_hosttune() {
	local line value current="${words[CURRENT]}"
	local -a values shown files

	for line in "${(@f)$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
		value=${line%%$'\t'*}
		case $line in
		'') ;;
		:files) files=(_files) ;;
		:dirs) files=(_files -/) ;;
		*)
			values+=("$value")
			shown+=("${line/$'\t'/  -- }")
			;;
		esac
	done
	((${#values})) && compadd -l -d shown -a values
	if ((${#files})); then
		[[ $current != *=* ]] || compset -P '*='
		$files
	fi
}

if [[ ${funcstack[1]} = _hosttune ]]; then
	_hosttune "$@"
else
	compdef _hosttune hosttune
fi
