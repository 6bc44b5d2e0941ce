/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <getopt.h>
#include <stdlib.h>

#include "fault.h"
#include "options.h"
#include "util.h"

static const char usage[] =
	"Usage: api-stub [OPTION]... SOCKET\n"
	"Serve the API of a Bottlerocket host on a unix socket until SIGTERM.\n"
	"\n"
	"  --settings FILE   initial settings as JSON, in the form of GET /settings\n"
	"  --weak KEY        a setting that an OS update drops, such as settings.motd\n"
	"                    (repeatable); a commit makes it strong\n"
	"  --updated         the OS was just updated: weak settings are gone\n"
	"  --os FILE         the answer to GET /os as JSON\n"
	"  --variant ID      variant_id in it\n"
	"  --disk PATH       an ephemeral disk, as in /dev/disk/ephemeral (repeatable)\n"
	"  --lockdown        the data store is out of reach\n"
	"  --log FILE        append METHOD TARGET STATUS BYTES for each request\n"
	"  --save FILE       write the live settings to FILE after each commit\n"
	"  --on-apply CMD    run CMD after each apply, with the changed keys as a JSON\n"
	"                    array on stdin and STUB_SETTINGS naming the settings file\n"
	"  --core-kit VERSION\n"
	"                    core kit whose server this is: 3.1.1 (default), 6.0 (commits\n"
	"                    are checked), 10.8 (bind keeps what is mounted), 11.0 (bind\n"
	"                    without init does nothing), 12.3 and so on; or --kit\n"
	"  --on-storage CMD  run CMD for init and bind; they fail if it fails. STUB_ACTION\n"
	"                    is init or bind, STUB_DEVICE the device to mount (bind),\n"
	"                    STUB_NAMES the disks or targets\n"
	"  --fault SPEC      METHOD PATH-PREFIX[#N]=KIND (repeatable); KIND is one of\n"
	"                    slow:MS drip:MS half close reset hang garbage endless badjson\n"
	"                    wrongtype[:JSON] status:CODE[:TEXT] huge:BYTES[:chunked]\n"
	"                    ones:BYTES restart\n"
	"  --daemonize       return as soon as the socket answers\n"
	"  --pid-file FILE   write the process id to FILE\n"
	"  --help\n";

static int read_kit(const char *text)
{
	int major, minor;

	if (sscanf(text, "%d.%d", &major, &minor) != 2 || minor > 99)
		die("--core-kit %s: must be MAJOR.MINOR", text);
	return major * 100 + minor;
}

static void read_option(struct options *options, int option)
{
	switch (option) {
	case 's': options->settings = optarg; break;
	case 'o': options->os = optarg; break;
	case 'w': json_array_append_new(options->weak, json_string(optarg)); break;
	case 'u': options->updated = true; break;
	case 'v': options->variant = optarg; break;
	case 'd': json_array_append_new(options->api.disks, json_string(optarg)); break;
	case 'L': options->api.lockdown = true; break;
	case 'l': options->log = optarg; break;
	case 'S': options->api.save = optarg; break;
	case 'a': options->api.on_apply = optarg; break;
	case 'k': options->api.kit = read_kit(optarg); break;
	case 'b': options->api.on_storage = optarg; break;
	case 'f': fault_add(&options->faults, optarg); break;
	case 'D': options->daemonize = true; break;
	case 'p': options->pid_file = optarg; break;
	case 'h': fputs(usage, stdout); exit(0);
	default: fputs(usage, stderr); exit(2);
	}
}

void options_read(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{"settings", required_argument, NULL, 's'},
		{"weak", required_argument, NULL, 'w'},
		{"updated", no_argument, NULL, 'u'},
		{"os", required_argument, NULL, 'o'},
		{"variant", required_argument, NULL, 'v'},
		{"disk", required_argument, NULL, 'd'},
		{"lockdown", no_argument, NULL, 'L'},
		{"log", required_argument, NULL, 'l'},
		{"save", required_argument, NULL, 'S'},
		{"on-apply", required_argument, NULL, 'a'},
		{"core-kit", required_argument, NULL, 'k'},
		{"kit", required_argument, NULL, 'k'},
		{"on-storage", required_argument, NULL, 'b'},
		{"fault", required_argument, NULL, 'f'},
		{"daemonize", no_argument, NULL, 'D'},
		{"pid-file", required_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	options->api.disks = json_array();
	options->weak = json_array();
	options->api.kit = 301;
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
		read_option(options, option);
	if (optind != argc - 1)
		read_option(options, '?');
	options->socket = argv[optind];
}
