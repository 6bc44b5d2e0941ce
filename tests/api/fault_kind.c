/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <limits.h>
#include <stdint.h>

#include "fault_kind.h"

static int as_ms(unsigned long number)
{
	return number > INT_MAX ? INT_MAX : (int)number;
}

static enum fate send_slow(const struct fault *fault, const struct out *out,
                           const struct buf *answer, enum fate keep)
{
	bool sent = out_nap(out, as_ms(fault->number)) &&
	            out_send(out, answer->data, answer->len);

	return sent ? keep : FATE_CLOSE;
}

static enum fate send_drip(const struct fault *fault, const struct out *out,
                           const struct buf *answer, enum fate keep)
{
	for (size_t i = 0; i < answer->len; i++)
		if (!out_send(out, answer->data + i, 1) ||
		    !out_nap(out, as_ms(fault->number)))
			return FATE_CLOSE;
	return keep;
}

static enum fate send_half(const struct fault *fault, const struct out *out,
                           const struct buf *answer, enum fate keep)
{
	(void)fault;
	(void)keep;
	out_send(out, answer->data, answer->len / 2);
	return FATE_CLOSE;
}

static enum fate send_nothing(const struct fault *fault, const struct out *out,
                              const struct buf *answer, enum fate keep)
{
	(void)fault;
	(void)out;
	(void)answer;
	(void)keep;
	return FATE_CLOSE;
}

static void forge_status(const struct fault *fault, struct reply *reply)
{
	reply_error(reply, (int)fault->number, "%s", fault->text ? fault->text : "");
}

static void forge_badjson(const struct fault *fault, struct reply *reply)
{
	(void)fault;
	reply_body(reply, 200, TYPE_JSON, text_copy("{\"kernel\": {\"sysctl\": {\"vm."));
}

/* A number is never right; a test may name something that is almost right. */
static void forge_wrongtype(const struct fault *fault, struct reply *reply)
{
	reply_body(reply, 200, TYPE_JSON, text_copy(fault->text ? fault->text : "42"));
}

static void forge_silence(const struct fault *fault, struct reply *reply)
{
	(void)fault;
	reply_empty(reply, 0);
}

static enum fate send_garbage(const struct fault *fault, const struct out *out,
                              const struct buf *answer, enum fate keep)
{
	static const char garbage[] =
		"\x16\x03\x01 these are not\r\nthe droids\n\n\xff\xfe";

	(void)fault;
	(void)answer;
	(void)keep;
	out_send(out, garbage, sizeof(garbage) - 1);
	return FATE_CLOSE;
}

static enum fate send_hang(const struct fault *fault, const struct out *out,
                           const struct buf *answer, enum fate keep)
{
	(void)fault;
	(void)out;
	(void)answer;
	(void)keep;
	return FATE_HANG;
}

/* Long bodies are valid JSON, {"motd":"aaa..."}: a client can object to their length
 * only. */
#define BODY_HEAD "{\"motd\":\""
#define BODY_TAIL "\"}"
#define BODY_MIN  (sizeof(BODY_HEAD) + sizeof(BODY_TAIL) - 2)
#define CHUNKED_HEAD                                                                \
	"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: " TYPE_JSON \
	"\r\n\r\n"

static bool send_piece(const struct out *out, const char *data, size_t len, bool chunked)
{
	cleanup_text char *size = text_format("%zx\r\n", len);

	if (!chunked)
		return out_send(out, data, len);
	return out_send(out, size, strlen(size)) && out_send(out, data, len) &&
	       out_send(out, "\r\n", 2);
}

static bool send_filler(const struct out *out, size_t len, bool chunked)
{
	char filler[4096];

	memset(filler, 'a', sizeof(filler));
	while (len) {
		size_t part = len < sizeof(filler) ? len : sizeof(filler);

		if (!send_piece(out, filler, part, chunked))
			return false;
		len -= part;
	}
	return true;
}

static size_t huge_len(const struct fault *fault)
{
	return fault->number < BODY_MIN ? BODY_MIN : fault->number;
}

static bool is_chunked(const struct fault *fault)
{
	return fault->text && strcmp(fault->text, "chunked") == 0;
}

static void forge_huge(const struct fault *fault, struct reply *reply)
{
	reply_body(reply, 200, TYPE_JSON, NULL);
	reply->len = huge_len(fault);
}

static enum fate send_huge(const struct fault *fault, const struct out *out,
                           const struct buf *answer, enum fate keep)
{
	bool chunked = is_chunked(fault);
	const char *head = chunked ? CHUNKED_HEAD : answer->data;
	bool sent = out_send(out, head, strlen(head)) &&
	            send_piece(out, BODY_HEAD, strlen(BODY_HEAD), chunked) &&
	            send_filler(out, huge_len(fault) - BODY_MIN, chunked) &&
	            send_piece(out, BODY_TAIL, strlen(BODY_TAIL), chunked) &&
	            (!chunked || out_send(out, "0\r\n\r\n", 5));

	return sent ? keep : FATE_CLOSE;
}

static enum fate send_endless(const struct fault *fault, const struct out *out,
                              const struct buf *answer, enum fate keep)
{
	(void)fault;
	(void)answer;
	(void)keep;
	if (out_send(out, CHUNKED_HEAD, strlen(CHUNKED_HEAD)) &&
	    send_piece(out, BODY_HEAD, strlen(BODY_HEAD), true))
		send_filler(out, SIZE_MAX, true);
	return FATE_CLOSE;
}

/* {"a":[1,1,1,...]}: short to send, but a large tree in memory. */
static void forge_ones(const struct fault *fault, struct reply *reply)
{
	static const char head[] = "{\"a\":[1", tail[] = "]}";
	size_t len = fault->number < 16 ? 16 : fault->number & ~1UL;
	char *body = calloc(1, len + sizeof(head) + sizeof(tail)), *p;

	if (!body)
		die("out of memory");
	p = stpcpy(body, head);
	for (; p + sizeof(tail) < body + len; p += 2)
		memcpy(p, ",1", 2);
	memcpy(p, tail, sizeof(tail));
	reply_body(reply, 200, TYPE_JSON, body);
}

static enum fate send_and_restart(const struct fault *fault, const struct out *out,
                                  const struct buf *answer, enum fate keep)
{
	(void)fault;
	(void)keep;
	out_send(out, answer->data, answer->len);
	return FATE_RESTART;
}

static const struct kind kinds[] = {
	{"slow", true, NULL, send_slow},
	{"drip", true, NULL, send_drip},
	{"half", false, NULL, send_half},
	{"close", false, NULL, send_nothing},
	{"reset", false, forge_silence, send_nothing},
	{"status", true, forge_status, NULL},
	{"badjson", false, forge_badjson, NULL},
	{"wrongtype", false, forge_wrongtype, NULL},
	{"huge", true, forge_huge, send_huge},
	{"endless", false, forge_silence, send_endless},
	{"garbage", false, forge_silence, send_garbage},
	{"hang", false, forge_silence, send_hang},
	{"ones", true, forge_ones, NULL},
	{"restart", false, NULL, send_and_restart},
};

const struct kind *kind_find(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strlen(kinds[i].name) == len && begins(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}
