/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The state of the stub, and its routes. */
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
	json_t *os;             /* the fields of GET /os */
	json_t *disks;          /* paths in /dev/disk/ephemeral */
	bool lockdown;          /* the data store is out of reach */
	bool restart;           /* stop the server and start it again */
	bool array;             /* /dev/md/ephemeral exists */
	bool mounted;           /* /mnt/.ephemeral is mounted */
	const char *save;       /* file for the live settings, or NULL */
	const char *on_apply;   /* command to run after an apply, or NULL */
	int kit;                /* version of the core kit: MAJOR * 100 + MINOR */
	bool init_done;         /* init has run since the boot */
	const char *on_storage; /* command that carries out init and bind, or NULL */
};

struct route {
	const char *method;
	const char *path;
	void (*handle)(struct api *api, const struct request *request,
	               struct reply *reply);
	const struct model *body; /* NULL: the body is ignored */
};

/* Shared by the handlers. If one of the first two returns true, the reply is set. */
bool api_locked(const struct api *api, const char *op, struct reply *reply);
bool api_empty_input(const char *name, const char *value, struct reply *reply);
char *api_transaction(const struct request *request); /* store_encode() of it; owned */
json_t *api_or_empty(json_t *object); /* takes @object; an empty object for NULL */

/* Carry out a PATCH; @settings passed the model. */
void api_patch(struct api *api, const struct request *request, json_t *settings,
               struct reply *reply);

/* Tables of routes; an empty route ends each. */
extern const struct route settings_routes[];
extern const struct route keypair_routes[];
extern const struct route transaction_routes[];
extern const struct route host_routes[];
extern const struct route metadata_routes[];
extern const struct route ephemeral_routes[];

/* Find the route, check the body and set the reply. */
void api_answer(struct api *api, struct request *request, struct reply *reply);

/* Write the live settings to the file of --save, if given. */
void api_save(const struct api *api);

/*
 * Run the command of --on-storage, if given, and wait for it. Return: NULL if it
 * succeeded, else its output, owned by the caller.
 */
char *api_do_storage(const struct api *api, const char *action, const char *device,
                     json_t *names);

/* Start the command of --on-apply, if given, without waiting for its end. */
void api_apply(const struct api *api, const json_t *keys);

#endif
