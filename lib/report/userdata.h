/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_USERDATA_H
#define REPORT_USERDATA_H

/* User data (profile/userdata.h) in the formats of the tools that start nodes. */

#include <stddef.h>
#include <stdio.h>

struct node;

enum userdata_format {
	USERDATA_TOML,      /* the user data itself */
	USERDATA_EKSCTL,    /* a ClusterConfig */
	USERDATA_KARPENTER, /* an EC2NodeClass */
	USERDATA_TERRAFORM, /* an aws_launch_template */
};

/* EC2's limit for user data, in bytes, before base64. */
#define USERDATA_EC2_MAX 16384

/*
 * Write the settings, preceded by each line of `comment` ("": none) as a comment.
 *
 * Words in capitals stand for what only the reader knows, such as the name of the
 * cluster.
 * Return: the size of the node's user data in bytes. For eksctl this is what is known:
 * eksctl writes the TOML itself, and like Karpenter adds what its cluster needs.
 */
size_t report_userdata(const struct node *root, enum userdata_format format,
                       const char *comment, FILE *out);

#endif
