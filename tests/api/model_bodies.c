/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The bodies of requests that are no settings. */
#include "model_macros.h"

static const char *const filesystem_words[] = {"Xfs", "Ext4"};
static const struct text filesystem_text = WORD_OF("Filesystem", filesystem_words);

static const struct model string = STRING(NULL);
static const struct model strings = LIST(&string);
static const struct model filesystem = ENUM(&filesystem_text);

static const struct member keypair_members[] = {
	NEEDED("request_payload", &strings),
};
const struct model keypair_model = OPEN_STRUCT("SetKeyPairSettings", keypair_members);

static const struct member init_members[] = {
	MEMBER("filesystem", &filesystem),
	MEMBER("disks", &strings),
};
const struct model ephemeral_init_model = OPEN_STRUCT("Init", init_members);

static const struct member bind_members[] = {
	NEEDED("targets", &strings),
};
const struct model ephemeral_bind_model = OPEN_STRUCT("Bind", bind_members);
