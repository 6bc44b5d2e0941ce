/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Sort and filter the table. Without this, the page is a plain table. */
"use strict";
(() => {
	const table = document.querySelector("table");
	const filter = document.querySelector(".filter");
	if (!table || !filter)
		return;
	const rows = Array.from(table.tBodies[0].rows);
	const [state, text] = filter.querySelectorAll("select, input");
	const shown = filter.querySelector("output");
	const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
	const key = (row, i) => row.cells[i].dataset.sort ?? row.cells[i].textContent;
	const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

	const sort = (th, i) => {
		const down = th.getAttribute("aria-sort") === "ascending";
		for (const other of table.tHead.rows[0].cells)
			other.setAttribute("aria-sort", "none");
		th.setAttribute("aria-sort", down ? "descending" : "ascending");
		rows.sort((a, b) => (down ? -1 : 1) * compare(key(a, i), key(b, i)));
		table.tBodies[0].append(...rows);
	};

	const show = () => {
		const wanted = text.value.toLowerCase().split(/\s+/);
		let n = 0;
		for (const row of rows) {
			row.hidden = (state.value && row.dataset.state !== state.value) ||
				!wanted.every((word) => words.get(row).includes(word));
			n += !row.hidden;
		}
		shown.textContent = `${n} of ${rows.length} rows`;
	};

	Array.from(table.tHead.rows[0].cells).forEach((th, i) => {
		const button = document.createElement("button");
		button.type = "button";
		button.append(...th.childNodes);
		button.addEventListener("click", () => sort(th, i));
		th.append(button);
		th.setAttribute("aria-sort", "none");
	});
	for (const name of new Set(rows.map((row) => row.dataset.state)))
		state.add(new Option(name, name));
	state.addEventListener("change", show);
	text.addEventListener("input", show);
	filter.hidden = false;
	show();
})();
