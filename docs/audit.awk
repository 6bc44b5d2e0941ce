# SPDX-License-Identifier: Apache-2.0 OR MIT
# The output of one command as a picture; after terminal.awk. command: what the prompt shows.

BEGIN { prompt(command) }
{ add($0) }
END { picture(command, rows, out) }
