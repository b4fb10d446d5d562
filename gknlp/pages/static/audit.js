(() => {
  // The audit page: filters that the address keeps, rules counted anew, and cases drawn when they are opened.
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const make = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children);
    return made;
  };
  const words = (zh, en) => {
    const one = make("span", "zh", zh), two = make("span", "en", en);
    one.lang = "zh-CN";
    two.lang = "en";
    return [one, two];
  };
  const percent = (share) => (100 * share).toFixed(1) + " %";
  const wilson = (failed, checked) => {
    const z = 1.959963984540054, rate = failed / checked, z2 = z * z, scale = 1 + z2 / checked;
    const centre = rate + z2 / (2 * checked), spread = z * Math.sqrt(rate * (1 - rate) / checked + z2 / (4 * checked * checked));
    return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
  };

  document.addEventListener("DOMContentLoaded", () => {
    const store = document.getElementById("audit-data"), tools = document.getElementById("audit-tools");
    if (!store || !tools) return;
    const data = JSON.parse(store.content.textContent);
    const cases = all("#cases details.case"), sections = all("#cases > section");
    const facets = [["year", 0, (value) => String(value)], ["level", 1, (at) => data.levels[at]], ["place", 2, (at) => data.places[at]], ["severity", 3, (at) => data.severities[at]]];
    const ruleOf = (box) => box.parentElement.dataset.rule;
    const fits = (row, chosen, names) => names.every(([name, at, read]) => !chosen[name] || read(row[at]) === chosen[name]);
    const fields = all("[name]", tools);
    let opened = "";

    const chosen = () => Object.fromEntries(fields.map((field) => [field.name, field.value.trim()]));
    const apply = () => {
      const now = chosen(), wanted = now.q ? now.q.toLowerCase().split(/\s+/) : [];
      let shown = 0;
      cases.forEach((box, at) => {
        const text = wanted.length ? (ruleOf(box) + " " + box.firstChild.textContent).toLowerCase() : "";
        const good = (!now.rule || ruleOf(box) === now.rule) && fits(data.cases[at], now, facets) && wanted.every((part) => text.includes(part));
        box.hidden = !good;
        shown += good;
      });
      for (const section of sections) section.hidden = !section.querySelector("details.case:not([hidden])");
      for (const told of all("[data-shown]", tools)) told.textContent = shown;
      const none = document.getElementById("none-fits");
      if (none) none.hidden = shown > 0;
      recount(now);
    };
    const recount = (now) => {
      const narrowed = now.year || now.level || now.place;
      for (const body of all("#rules tbody")) {
        let left = 0;
        for (const row of all("tr[data-rule]", body)) {
          row.hidden = Boolean((now.severity && body.dataset.severity !== now.severity) || (now.rule && row.dataset.rule !== now.rule));
          left += !row.hidden;
          let good = 0, bad = 0, open = 0;
          for (const cell of data.rules[row.dataset.rule]) {
            if (fits(cell, now, facets.slice(0, 3))) { good += cell[3]; bad += cell[4]; open += cell[5]; }
          }
          const checked = good + bad, put = (name, value) => { row.querySelector(`[data-put="${name}"]`).textContent = value; };
          put("checked", checked);
          put("failed", bad);
          put("open", open);
          put("rate", checked ? `${percent(bad / checked)} [${wilson(bad, checked).map(percent).join(", ")}]` : "—");
          const drawing = row.querySelector(".fig");
          if (drawing) drawing.style.visibility = narrowed ? "hidden" : "visible";
        }
        body.querySelector("[data-rules]").textContent = left;
        body.hidden = !left;
      }
    };

    // The address: #year=2021&rule=R303&case=..., so that what is seen can be passed on.
    const write = () => {
      const kept = new URLSearchParams(Object.entries({ ...chosen(), case: opened }).filter(([, value]) => value));
      const address = location.pathname + location.search + (String(kept) ? "#" + kept : "");
      try { history.replaceState(null, "", address); } catch { location.hash = String(kept); }
    };
    const read = () => {
      const said = location.hash.slice(1);
      if (!said.includes("=")) return;
      const kept = new URLSearchParams(said);
      for (const field of fields) {
        field.value = kept.get(field.name) || "";
        if (field.selectedIndex === -1) field.value = "";
      }
      apply();
      const box = kept.get("case") && document.getElementById(kept.get("case"));
      if (box) { box.open = true; box.scrollIntoView({ block: "start" }); }
    };

    // One case: source text beside the table, and the equation in words.
    const drawTable = (entry, marked) => {
      const [number, given, corrected] = entry, shape = data.shapes[number], marks = new Set(marked), fixed = new Set(corrected);
      const values = new Array(shape.labels.length).fill("0"), table = make("table", "form small " + shape.layout);
      for (let at = 0; at < given.length; at += 2) {
        if (typeof given[at + 1] === "string") values[given[at]] = given[at + 1];
        else values.fill(null, given[at], given[at] + given[at + 1]);
      }
      const caption = make("caption", "", ...words(shape.caption.zh, shape.caption.en));
      if (shape.unit) caption.append(`（${shape.unit}）`);
      const places = new Map(), heads = [], head = make("thead"), body = make("tbody");
      shape.rows.forEach((row, down) => {
        const line = make("tr");
        let across = 0;
        for (const entry of row) {
          const slot = typeof entry === "number" ? entry : typeof entry[0] === "number" ? entry[0] : null;
          if (slot === null) {
            const cell = make("th", "", entry[0]);
            cell.scope = down < shape.head || entry.length > 3 ? (entry[1] > 1 ? "colgroup" : "col") : entry[2] > 1 ? "rowgroup" : "row";
            cell.colSpan = entry[1];
            cell.rowSpan = entry[2];
            if (entry.length > 3) heads.push([entry[3], cell]);
            line.append(cell);
            continue;
          }
          const value = values[slot], cell = make("td", "cell " + (value === null ? "missing" : value === "" ? "blank" : "value"));
          if (typeof entry !== "number") cell.colSpan = entry[1];
          if (value === null) { cell.title = "未找到 not found"; cell.append(make("span", "hidden", ...words("未找到", "not found"))); }
          else cell.append(value === "" ? make("span", "note", ...words("空白", "blank")) : value);
          if (fixed.has(slot)) { cell.classList.add("fixed"); cell.title = "已更正 corrected"; }
          if (marks.has(slot)) cell.classList.add("failed");
          places.set(slot, [down, across, cell, line]);
          across += 1;
          line.append(cell);
        }
        (down < shape.head ? head : body).append(line);
      });
      const found = [...marks].map((slot) => places.get(slot)).filter(Boolean);
      const sameRow = new Set(found.map((place) => place[0])).size === 1, sameColumn = new Set(found.map((place) => place[1])).size === 1;
      if (sameRow && shape.layout !== "one_row") found.forEach((place) => place[3].classList.add("in-question"));
      if (sameColumn && shape.layout !== "plain") {
        for (const [, place] of places) if (place[1] === found[0][1] && (!sameRow || place[0] === found[0][0])) place[2].classList.add("in-question");
        if (shape.head) for (const [at, cell] of heads) if (at === found[0][1]) cell.classList.add("in-question");
      }
      table.append(caption, head, body);
      return [table, values];
    };
    const drawEquation = (equation, entry, values) => {
      const [parts, zeros] = equation, labels = data.shapes[entry[0]].labels, line = make("p", "equation");
      const slots = parts.filter((part) => typeof part === "number");
      const byRow = slots.every((slot) => labels[slot][0] === labels[slots[0]][0]);
      const left = new Map(zeros);
      const pair = (sign, value, ...label) => line.append(make("span", "pair", ...(sign ? [make("span", "sign", sign)] : []), make("span", "term", make("b", "", value), make("small", "", ...label))));
      const others = (side) => { if (left.has(side)) pair("+", "0 × " + left.get(side), ...words("其余各项", "the others")); };
      for (let at = 0; at < parts.length; at += 2) {
        if (parts[at] === "≠") others(0);
        pair(parts[at], values[parts[at + 1]], labels[parts[at + 1]][byRow ? 1 : 0]);
      }
      others(1);
      return line;
    };
    const region = (name, zh, en, ...children) => {
      const box = make("div", name, ...children);
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", `${zh} ${en}`);
      return make("div", "pane", make("h4", "", ...words(zh, en)), box);
    };
    const draw = (box) => {
      if (box.dataset.drawn) return;
      box.dataset.drawn = "yes";
      const [, , , , tables, equation, pieces, more] = data.cases[cases.indexOf(box)];
      const drawn = tables.map(([at, marked]) => [data.tables[at], ...drawTable(data.tables[at], marked)]);
      if (equation.length && drawn.length) box.append(drawEquation(equation, drawn[0][0], drawn[0][2]));
      const panes = make("div", "panes");
      if (pieces.length) {
        const source = pieces.map((piece) => piece === 0 ? make("span", "elided", "……") : typeof piece === "string" ? piece : make("mark", piece[0] ? "" : "empty", piece[0]));
        const note = more ? [make("p", "note", ...words(`另有 ${more} 处，见报告`, `${more} more in the report`))] : [];
        const pane = region("source", "原文", "Source text", ...source);
        pane.append(...note);
        panes.append(pane);
      } else panes.append(make("p", "absent", ...words("这条规则在文中没有可指的位置：应有而没有的内容无处可标。", "This rule has no place in the text to point at: what is absent cannot be marked.")));
      if (drawn.length) panes.append(region("scroll", "还原的表", "Reconstructed table", ...drawn.map((item) => item[1])));
      box.append(panes);
      for (const pane of all(".pane > .scroll", panes)) {
        const first = pane.querySelector("td.failed");
        if (first) pane.scrollLeft = Math.max(0, first.offsetLeft + first.offsetWidth - pane.clientWidth + 8);
      }
    };

    const holder = document.getElementById("cases");
    if (holder) holder.addEventListener("toggle", (event) => {
      const box = event.target;
      if (!box.classList.contains("case")) return;
      if (box.open) draw(box);
      opened = box.open ? box.id : opened === box.id ? "" : opened;
      write();
    }, true);
    tools.addEventListener("input", () => { apply(); write(); });
    tools.addEventListener("submit", (event) => event.preventDefault());
    tools.addEventListener("reset", () => setTimeout(() => { apply(); write(); }));
    for (const link of all("[data-only]")) link.addEventListener("click", (event) => {
      event.preventDefault();
      tools.elements.namedItem("rule").value = link.dataset.only;
      apply();
      write();
      document.getElementById("failed").scrollIntoView({ block: "start" });
    });
    window.addEventListener("hashchange", read);
    read();
  });
})();
