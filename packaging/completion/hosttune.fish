# SPDX-License-Identifier: Apache-2.0 OR MIT
# Completion of hosttune for fish: hosttune itself knows its commands, options and values.

function __hosttune_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] $current 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (string replace -r '.*=' '' -- $current) |
                    string replace -r '^' -- (string match -r '.*=' -- $current; or echo)
            case :dirs
                __fish_complete_directories (string replace -r '.*=' '' -- $current) |
                    string replace -r '^' -- (string match -r '.*=' -- $current; or echo)
            case '*'
                echo $line
        end
    end
end

complete -c hosttune -f -a '(__hosttune_complete)'
