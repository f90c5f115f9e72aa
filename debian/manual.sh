#!/bin/sh
# Makes the manual pages from README.md, whose tables the tests compare with the program.
# Called by debian/rules: manual.sh FOLDER. Needs go-md2man.
set -eu
cd "$(dirname "$0")/.."
folder=$1
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
date=$(sed -n 's/^ -- .*>  //p' debian/changelog | head -1)
date=$(date -u -d "$date" '+%B %Y')

# The chapters of README.md with these titles, one level up.
chapters() {
	for title; do
		awk -v title="## $title" '
			/^```/ { code = !code }
			!code && /^## / { on = $0 == title }
			on' README.md | sed 's/^##\(#*\) /#\1 /'
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

# Links into README.md lead nowhere in a manual page.
page() {
	entries | sed -E 's/\[([^]]*)\]\(#[^)]*\)/\1/g' | go-md2man > "$1"
}

{
	printf '%% ups-server 8 "%s" "ups-server %s" "System administration"\n\n' "$date" "$version"
	printf '# NAME\n\nups-server - watches a Bicker DC UPS and powers the host off when mains fail\n\n'
	printf '# SYNOPSIS\n\n**ups-server** [**-c** FILE] [COMMAND] [ARGUMENTS]\n\n'
	printf '# DESCRIPTION\n\n'
	sed -n '3,/^## /{/^## /!p}' README.md
	chapters 'Command line' 'The rules' 'Powering on again' 'The last outage' 'Logs' 'Security'
	printf '# FILES\n\n'
	printf '**/etc/default/ups-server.cfg**: the configuration, see ups-server.cfg(5)\n\n'
	printf '**/var/lib/ups-server/event.log**: the events\n\n'
	printf '**/run/ups-server/control.sock**: the control socket\n\n'
	printf '# SEE ALSO\n\nups-server.cfg(5), apcaccess(8), mosquitto(8)\n'
} | page "$folder/ups-server.8"

{
	printf '%% ups-server.cfg 5 "%s" "ups-server %s" "File formats"\n\n' "$date" "$version"
	printf '# NAME\n\nups-server.cfg - configuration of ups-server\n\n'
	chapters 'Configuration'
	printf '# SEE ALSO\n\nups-server(8)\n'
} | page "$folder/ups-server.cfg.5"
