/* Tables that can be sorted, searched and filtered, and a choice of figures. Without it everything can be read. */
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" }).compare;

  const sort = (table, column, kind, direction) => {
    const body = table.tBodies[0];
    const value = (row) => {
      const cell = row.cells[column];
      const text = cell.dataset.value ?? cell.textContent.trim();
      return kind === "number" ? (text === "" ? NaN : parseFloat(text)) : text;
    };
    const rows = [...body.rows].map((row) => [value(row), row]);
    const sign = direction === "ascending" ? 1 : -1;
    rows.sort(([a], [b]) => {
      if (kind !== "number") return sign * compare(a, b);
      if (isNaN(a) || isNaN(b)) return isNaN(a) - isNaN(b);  // what is not known comes last, either way
      return sign * (a - b);
    });
    body.append(...rows.map(([, row]) => row));
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const kind = head.dataset.sort;
      if (!kind) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = kind === "number" ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const direction = head.getAttribute("aria-sort") === first ? other : first;
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", direction);
        sort(table, column, kind, direction);
      });
    });
  };

  const searchable = (tools) => {
    const table = document.getElementById(tools.dataset.for);
    const field = tools.querySelector("input"), choice = tools.querySelector("select"), said = tools.querySelector("p");
    const rows = [...table.tBodies[0].rows].map((row) => [row, null]);
    const show = () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean), flag = choice?.value ?? "";
      let shown = 0;
      for (const pair of rows) {
        const row = pair[0];
        const text = words.length ? (pair[1] ??= plain(row.textContent)) : "";
        const fits = words.every((word) => text.includes(word)) && (!flag || (row.dataset.flags ?? "").split(" ").includes(flag));
        row.hidden = !fits;
        shown += fits;
      }
      said.textContent = said.dataset.words.replace("{shown}", shown).replace("{all}", rows.length);
    };
    field.addEventListener("input", show);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { field.value = ""; show(); }
    });
    choice?.addEventListener("change", show);
    tools.hidden = false;
    show();
  };

  const chooser = (box) => {
    const select = box.querySelector("select");
    const figures = [...select.options].map((option) => document.getElementById(option.value));
    const show = () => figures.forEach((figure) => { figure.hidden = figure.id !== select.value; });
    select.addEventListener("change", show);
    box.hidden = false;
    show();
  };

  addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table").forEach((table) => { if (table.querySelector("[data-sort]")) sortable(table); });
    document.querySelectorAll(".tools").forEach(searchable);
    document.querySelectorAll("[data-chooser]").forEach(chooser);
    addEventListener("keydown", (event) => {
      const field = document.querySelector(".tools input");
      if (event.key !== "/" || !field || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.("input, select, textarea")) return;
      event.preventDefault();
      field.focus();
    });
  });
})();
