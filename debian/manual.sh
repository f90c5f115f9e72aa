#!/bin/sh
# Makes the manual pages from docs/, whose tables the tests compare with the program.
# Called by debian/rules: manual.sh FOLDER. Needs go-md2man.
set -eu
cd "$(dirname "$0")/.."
folder=$1
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
date=$(sed -n 's/^ -- .*>  //p' debian/changelog | head -1)
date=$(date -u -d "$date" '+%B %Y')

# The pages of docs/ with these names.
pages() {
	for name; do
		cat "docs/$name.md"
		echo
	done
}

# The chapters of the page of this name with these titles, one level up.
chapters() {
	name=$1
	shift
	for title; do
		sed 's/^##\(#*\) /#\1 /' "docs/$name.md" | awk -v title="# $title" '
			/^```/ { code = !code }
			!code && /^# / { on = $0 == title; found = found || on }
			on
			END { exit !found }'
		echo
	done
}

# A table is too wide for a terminal: each row becomes an entry that begins with its first cell.
entries() {
	awk -F ' *[|] *' '
		/^```/ { code = !code }
		code || !/^[|]/ { print; head = 0; next }
		{ gsub(/\\[|]/, "\001") }
		!head { for (i = 3; i < NF; i++) name[i] = $i; head = 1; next }
		/^[|][-|: ]*$/ { print ""; next }
		{
			line = ""
			for (i = 3; i < NF; i++)
				if ($i != "") line = line (i > 3 ? "; " : "") (NF > 4 && i < NF - 1 ? name[i] ": " : "") $i
			gsub("\001", "|", line)
			first = $2; gsub("\001", "|", first)
			print first "\n: " line "\n"
		}'
}

# Makes the manual page of what was gathered. Links to other pages lead nowhere in it, and it has no
# pictures.
page() {
	grep -v '^!' "$folder/gathered" | entries | sed -zE 's/\[([^]]*)\]\([^):]*\)/\1/g' \
		| go-md2man > "$1"
	rm "$folder/gathered"
}

{
	printf '%% ups-server 8 "%s" "ups-server %s" "System administration"\n\n' "$date" "$version"
	printf '# NAME\n\nups-server - watches a Bicker DC UPS and powers the host off when mains fail\n\n'
	printf '# SYNOPSIS\n\n**ups-server** [**-c** FILE] [COMMAND] [ARGUMENTS]\n\n'
	printf '# DESCRIPTION\n\n'
	sed -n '3,/^## /{/^## /!p}' README.md
	pages command-line rules power-return
	chapters installation Logs Security
	printf '# FILES\n\n'
	printf '**/etc/default/ups-server.cfg**: the configuration, see ups-server.cfg(5)\n\n'
	printf '**/var/lib/ups-server/event.log**: the events\n\n'
	printf '**/run/ups-server/control.sock**: the control socket\n\n'
	printf '# SEE ALSO\n\nups-server.cfg(5), apcaccess(8), mosquitto(8)\n'
} > "$folder/gathered"
page "$folder/ups-server.8"

{
	printf '%% ups-server.cfg 5 "%s" "ups-server %s" "File formats"\n\n' "$date" "$version"
	printf '# NAME\n\nups-server.cfg - configuration of ups-server\n\n'
	pages configuration
	printf '# SEE ALSO\n\nups-server(8)\n'
} > "$folder/gathered"
page "$folder/ups-server.cfg.5"
