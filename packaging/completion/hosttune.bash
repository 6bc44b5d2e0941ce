# SPDX-License-Identifier: Apache-2.0 OR MIT
# Completion of hosttune for bash: hosttune itself knows its commands, options and values.
# shellcheck shell=bash

_hosttune() {
	local words=() word current line open="" last
	local cut=""
	COMPREPLY=()

	# bash splits at "=" and ":": join what belongs together
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		last=$((${#words[@]} - 1))
		if [[ $last -ge 0 && ($word == [=:] || $open) ]]; then
			words[last]+=$word
		else
			words+=("$word")
		fi
		open=
		[[ $word != [=:] ]] || open=1
	done
	current=${words[${#words[@]} - 1]}
	case $COMP_WORDBREAKS in
	*=*) [[ $current != *=* ]] || cut=${current%"${current##*=}"} ;;
	esac

	while IFS= read -r line; do
		case $line in
		:files | :dirs)
			compopt -o filenames 2>/dev/null
			[[ $line == :files ]] && word=-f || word=-d
			while IFS= read -r line; do
				COMPREPLY+=("$line")
			done < <(compgen "$word" -- "${current##*=}")
			;;
		*)
			line=${line%%$'\t'*}
			COMPREPLY+=("${line#"$cut"}")
			[[ $line != *= ]] || compopt -o nospace 2>/dev/null
			;;
		esac
	done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete "${words[@]}" 2>/dev/null)
}

complete -F _hosttune hosttune
