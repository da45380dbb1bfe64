"use strict";
// Without this script the table is all there: it only puts rows in another order and hides some.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const value = (row, n) => {
    const text = row.cells[n].textContent;
    if (!table.tHead.rows[0].cells[n].classList.contains("n")) return text;
    if (text === "–") return null;
    return Number(text.replaceAll(",", "").replace("−", "-"));
  };
  Array.from(table.tHead.rows[0].cells).forEach((head, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const order = (a, b) => {
        const x = value(a, n), y = value(b, n);
        // What has no value stands last either way.
        if (x === null || y === null) return (x === null) - (y === null);
        const by = typeof x === "string" ? x.localeCompare(y) : x - y;
        return falling ? -by : by;
      };
      body.append(...rows.sort(order));
    });
  });
  const label = document.createElement("label");
  const search = document.createElement("input");
  const said = document.createElement("output");
  search.type = "search";
  label.className = "search";
  label.append("Search ", search, " ", said);
  table.closest(".wide").before(label);
  search.addEventListener("input", () => {
    const wanted = search.value.toLocaleLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
      if (!row.hidden) shown += 1;
    }
    said.textContent = wanted ? shown + " of " + rows.length : "";
  });
}
