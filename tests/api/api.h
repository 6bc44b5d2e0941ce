/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The state behind the routes, and the routes themselves. */
#ifndef API_API_H
#define API_API_H

#include <jansson.h>
#include <stdbool.h>

struct model;
struct reply;
struct request;
struct store;

struct api {
	struct store *store;
	json_t *os;           /* the fields of GET /os */
	json_t *disks;        /* what /dev/disk/ephemeral would list */
	bool lockdown;        /* the data store is out of reach */
	bool restart;         /* the server is to end and to come back */
	bool array;           /* /dev/md/ephemeral has been made */
	bool mounted;         /* /mnt/.ephemeral has been mounted */
	const char *save;     /* file for the live settings, or NULL */
	const char *on_apply; /* command to run after an apply, or NULL */
	int kit;              /* version of the core kit: MAJOR * 100 + MINOR */
	bool init_done;       /* since the boot */
	const char
		*on_storage; /* command that does what init and bind ask for, or NULL */
};

struct route {
	const char *method;
	const char *path;
	void (*handle)(struct api *api, const struct request *request,
	               struct reply *reply);
	const struct model *body; /* NULL: the body is not looked at */
};

/* What the handlers share. The first two return true with the reply made. */
bool api_locked(const struct api *api, const char *op, struct reply *reply);
bool api_empty_input(const char *name, const char *value, struct reply *reply);
char *api_transaction(const struct request *request); /* store_encode() of it; owned */
json_t *api_or_empty(json_t *object); /* takes it; an empty object for NULL */

/* PATCH with settings that are already checked. */
void api_patch(struct api *api, const struct request *request, json_t *settings,
               struct reply *reply);

/* Tables of routes; each ends with an empty one. */
extern const struct route settings_routes[];
extern const struct route keypair_routes[];
extern const struct route transaction_routes[];
extern const struct route host_routes[];
extern const struct route metadata_routes[];
extern const struct route ephemeral_routes[];

/* Find the route, check the body, make the reply. */
void api_answer(struct api *api, struct request *request, struct reply *reply);

/* Write the live settings to the file for them, if there is one. */
void api_save(const struct api *api);

/*
 * Run the storage command, if there is one, to its end. NULL: it succeeded; else what it
 * said, owned by the caller.
 */
char *api_do_storage(const struct api *api, const char *action, const char *device,
                     json_t *names);

/* Start the apply command, if there is one, and do not wait for its end. */
void api_apply(const struct api *api, const json_t *keys);

#endif
