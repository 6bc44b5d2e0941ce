/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Drive Chromium over its DevTools pipe: open a page, and act on it as a person does.
 *
 * usage: browser CHROMIUM DIRECTORY URL < COMMANDS
 *
 * DIRECTORY is for what Chromium saves.
 *
 *	size WIDTH HEIGHT     of the window, in CSS pixels
 *	scheme light|dark
 *	media screen|print
 *	open                  load the URL (again)
 *	noscript              from here on, pages run no scripts
 *	click SELECTOR        with the mouse, at the middle of the element
 *	focus SELECTOR
 *	type TEXT             into what has the focus
 *	key KEY               press Tab, Enter, ArrowDown or ArrowUp
 *	eval EXPRESSION       print its value
 *	do EXPRESSION         the same without printing
 *	shot FILE             save a screenshot of the whole page, as base64 of a PNG
 *	pdf FILE              the same of what is printed on paper
 *
 * Anything on the console, and any error of a script, is printed as "console: ..." and
 * makes the exit status 1; so does a command that fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_S 60

static FILE *from, *to;
static const char *session; /* NULL: of the browser, not of a page */
static int last_id, bad;

/* --- messages ------------------------------------------------------------------------
 */

static void give_up(const char *what, const char *why)
{
	(void)fprintf(stderr, "browser: %s: %s\n", what, why);
	exit(2);
}

/* Whether it is an event that the page must not have. */
static void browser_note_event(const char *method, const json_t *message)
{
	static const char *const unwanted[] = {
		"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"};

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++) {
		char *text;

		if (strcmp(method, unwanted[i]) != 0)
			continue;
		text = json_dumps(json_object_get(message, "params"), JSON_COMPACT);
		(void)printf("console: %s\n", text);
		free(text);
		bad = 1;
	}
}

/* Read messages up to the answer `id`, or the event `event`. Return: it. */
static json_t *browser_read(int id, const char *event)
{
	char *line = NULL;
	size_t cap = 0;

	while (getdelim(&line, &cap, '\0', from) > 0) {
		json_t *m = json_loads(line, 0, NULL);
		const char *method = json_string_value(json_object_get(m, "method"));
		const json_t *answered = json_object_get(m, "id");

		if (method)
			browser_note_event(method, m);
		if ((id && answered && json_integer_value(answered) == id) ||
		    (event && method && strcmp(method, event) == 0)) {
			free(line);
			return m;
		}
		json_decref(m);
	}
	give_up("read", "Chromium ended");
	return NULL;
}

/* Call a method with parameters, which it takes. Return: the result, owned by the caller.
 */
static json_t *call(const char *method, json_t *params)
{
	json_t *m = json_pack("{s:i, s:s, s:o}", "id", ++last_id, "method", method,
	                      "params", params ? params : json_object());
	json_t *answer, *result, *error;
	char *text;

	if (session)
		json_object_set_new(m, "sessionId", json_string(session));
	text = json_dumps(m, JSON_COMPACT);
	json_decref(m);
	(void)fwrite(text, strlen(text) + 1, 1, to);
	(void)fflush(to);
	free(text);
	answer = browser_read(last_id, NULL);
	error = json_object_get(answer, "error");
	if (error)
		give_up(method, json_string_value(json_object_get(error, "message")));
	result = json_incref(json_object_get(answer, "result"));
	json_decref(answer);
	return result;
}

static void run(const char *method, json_t *params)
{
	json_decref(call(method, params));
}

/* --- commands ------------------------------------------------------------------------
 */

/* Return: the value of a JavaScript expression, owned by the caller. */
static json_t *evaluate(const char *expression)
{
	json_t *r = call("Runtime.evaluate", json_pack("{s:s, s:b}", "expression",
	                                               expression, "returnByValue", 1));
	json_t *value =
		json_incref(json_object_get(json_object_get(r, "result"), "value"));

	if (json_object_get(r, "exceptionDetails"))
		give_up("eval", expression);
	json_decref(r);
	return value;
}

static void print_value(const char *expression)
{
	json_t *value = evaluate(expression);
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	(void)puts(json_is_string(value) ? json_string_value(value)
	           : text                ? text
	                                 : "null");
	free(text);
	json_decref(value);
}

static void mouse(const char *type, const json_t *at)
{
	run("Input.dispatchMouseEvent",
	    json_pack("{s:s, s:O, s:O, s:s, s:i}", "type", type, "x",
	              json_array_get(at, 0), "y", json_array_get(at, 1), "button", "left",
	              "clickCount", 1));
}

static void click(const char *selector)
{
	char expression[1024];
	json_t *at;

	(void)snprintf(expression, sizeof(expression),
	               "(() => { const e = document.querySelector('%s');"
	               "e.scrollIntoView({block: 'center'});"
	               "const r = e.getBoundingClientRect();"
	               "return [r.x + r.width / 2, r.y + r.height / 2]; })()",
	               selector);
	at = evaluate(expression);
	mouse("mousePressed", at);
	mouse("mouseReleased", at);
	json_decref(at);
}

static void focus(const char *selector)
{
	char expression[1024];

	(void)snprintf(expression, sizeof(expression),
	               "document.querySelector('%s').focus()", selector);
	json_decref(evaluate(expression));
}

static void press(const char *key)
{
	static const struct {
		const char *name, *text;
		int code;
	} keys[] = {{"Tab", "", 9},
	            {"Enter", "\r", 13},
	            {"ArrowDown", "", 40},
	            {"ArrowUp", "", 38}};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(keys[i].name, key) != 0)
			continue;
		run("Input.dispatchKeyEvent",
		    json_pack("{s:s, s:s, s:s, s:s, s:i}", "type", "keyDown", "key", key,
		              "code", key, "text", keys[i].text, "windowsVirtualKeyCode",
		              keys[i].code));
		run("Input.dispatchKeyEvent",
		    json_pack("{s:s, s:s, s:s, s:i}", "type", "keyUp", "key", key, "code",
		              key, "windowsVirtualKeyCode", keys[i].code));
		return;
	}
	give_up("key", key);
}

static void size(const char *text)
{
	int width = 0, height = 0;

	if (sscanf(text, "%d %d", &width, &height) != 2)
		give_up("size", text);
	run("Emulation.setDeviceMetricsOverride",
	    json_pack("{s:i, s:i, s:i, s:b}", "width", width, "height", height,
	              "deviceScaleFactor", 1, "mobile", 0));
}

static void browser_save(const char *file, json_t *result)
{
	FILE *out = fopen(file, "we");

	if (!out)
		give_up(file, strerror(errno));
	(void)fputs(json_string_value(json_object_get(result, "data")), out);
	(void)fclose(out);
	json_decref(result);
}

static void browser_open(const char *url)
{
	run("Page.navigate", json_pack("{s:s}", "url", url));
	json_decref(browser_read(0, "Page.loadEventFired"));
}

static bool browser_act(const char *word, const char *rest, const char *url)
{
	if (strcmp(word, "size") == 0)
		size(rest);
	else if (strcmp(word, "scheme") == 0)
		run("Emulation.setEmulatedMedia",
		    json_pack("{s:[{s:s, s:s}]}", "features", "name",
		              "prefers-color-scheme", "value", rest));
	else if (strcmp(word, "media") == 0)
		run("Emulation.setEmulatedMedia", json_pack("{s:s}", "media", rest));
	else if (strcmp(word, "open") == 0)
		browser_open(url);
	else if (strcmp(word, "noscript") == 0)
		run("Emulation.setScriptExecutionDisabled",
		    json_pack("{s:b}", "value", 1));
	else if (strcmp(word, "click") == 0)
		click(rest);
	else if (strcmp(word, "focus") == 0)
		focus(rest);
	else if (strcmp(word, "type") == 0)
		run("Input.insertText", json_pack("{s:s}", "text", rest));
	else if (strcmp(word, "key") == 0)
		press(rest);
	else if (strcmp(word, "eval") == 0)
		print_value(rest);
	else if (strcmp(word, "do") == 0)
		json_decref(evaluate(rest));
	else if (strcmp(word, "shot") == 0)
		browser_save(rest, call("Page.captureScreenshot",
		                        json_pack("{s:b}", "captureBeyondViewport", 1)));
	else if (strcmp(word, "pdf") == 0)
		browser_save(rest, call("Page.printToPDF", NULL));
	else
		return false;
	return true;
}

/* --- Chromium ------------------------------------------------------------------------
 */

/* It reads file descriptor 3 and writes 4. Return: its process. */
static pid_t browser_start(const char *program, const char *directory)
{
	char option[4096];
	int down[2], up[2];
	pid_t pid;

	if (pipe2(down, O_CLOEXEC) < 0 || pipe2(up, O_CLOEXEC) < 0)
		give_up("start", strerror(errno));
	(void)snprintf(option, sizeof(option), "--user-data-dir=%s", directory);
	pid = fork();
	if (pid == 0) {
		int in = fcntl(down[0], F_DUPFD, 10), out = fcntl(up[1], F_DUPFD, 10);

		/* it complains about this machine's buses */
		if (!freopen("/dev/null", "w", stderr))
			_exit(127);
		(void)dup2(in, 3);
		(void)dup2(out, 4);
		execl(program, program, "--headless=new", "--no-sandbox", "--disable-gpu",
		      "--disable-dev-shm-usage", "--disable-background-networking",
		      "--hide-scrollbars", "--remote-debugging-pipe", option,
		      "about:blank", (char *)NULL);
		_exit(127);
	}
	(void)close(down[0]);
	(void)close(up[1]);
	to = fdopen(down[1], "w");
	from = fdopen(up[0], "r");
	return pid;
}

static void browser_attach(void)
{
	json_t *target =
		call("Target.createTarget", json_pack("{s:s}", "url", "about:blank"));
	json_t *attached =
		call("Target.attachToTarget",
	             json_pack("{s:O, s:b}", "targetId",
	                       json_object_get(target, "targetId"), "flatten", 1));

	/* lives as long as this program */
	session = json_string_value(json_object_get(attached, "sessionId"));
	json_decref(target);
	run("Page.enable", NULL);
	run("Runtime.enable", NULL);
	run("Log.enable", NULL);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t cap = 0;
	pid_t pid;

	if (argc != 4)
		give_up("usage", "browser CHROMIUM DIRECTORY URL");
	(void)alarm(DEADLINE_S);
	(void)signal(SIGPIPE, SIG_IGN);
	pid = browser_start(argv[1], argv[2]);
	browser_attach();
	while (getline(&line, &cap, stdin) > 0) {
		char *rest = line;
		const char *word;

		line[strcspn(line, "\n")] = '\0';
		word = strsep(&rest, " ");
		if (!browser_act(word, rest ? rest : "", argv[3]))
			give_up("unknown command", word);
	}
	free(line);
	session = NULL;
	run("Browser.close", NULL);
	(void)waitpid(pid, NULL, 0);
	return bad;
}
