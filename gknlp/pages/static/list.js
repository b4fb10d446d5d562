(() => {
  // Elements, statements in both languages, and tables of any length of which only the rows in sight are drawn.
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
  const drawing = (tag, given, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const link = (address, text, leaves) => {
    const made = make("a", "", ...[text].flat());
    made.href = address;
    if (leaves) made.dataset.leaves = "";
    return made;
  };
  const percent = (share) => share === null ? "—" : share === 0 ? "0 %" : share < 0.01 ? "<1 %" : share > 0.99 && share < 1 ? ">99 %" : (100 * share).toFixed(0) + " %";
  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  // A measure's value as the rest of the page writes it; null is not assessable and never 0.
  const written = (kind, value) => {
    if (value === null || value === undefined) return "—";
    if (kind === "share") return value === 0 ? "0 %" : value < 0.001 ? "<0.1 %" : (100 * value).toFixed(1) + " %";
    if (kind === "count") return number(Math.round(value));
    return (value && Math.abs(value) < 0.005 ? value.toExponential(1) : value.toFixed(2)).replace(/-/g, "−");
  };
  const row = (...cells) => make("tr", "", ...cells.map((cell) => {
    const made = make("td", typeof cell === "string" && /^[\d\u202f<>—−]/.test(cell) ? "num" : "");
    made.append(...[cell].flat());
    return made;
  }));

  const AROUND = 12, WHOLE = 200;
  // A list in the table of a scrolling box: show(items) draws those in sight with draw(item), all of them if they are few.
  const list = (table, draw) => {
    const box = table.closest(".list"), body = table.tBodies[0];
    let items = [], height = 0, first = -1, last = -1;
    const spacer = (rows) => {
      const made = make("tr", "spacer");
      made.style.height = `${rows * height}px`;
      made.setAttribute("aria-hidden", "true");
      return made;
    };
    const render = () => {
      const whole = items.length <= WHOLE;
      const top = whole ? 0 : Math.max(0, Math.floor(box.scrollTop / height) - AROUND);
      const end = whole ? items.length : Math.min(items.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + AROUND);
      if (top === first && end === last) return;
      [first, last] = [top, end];
      const rows = items.slice(top, end).map((item, at) => {
        const made = draw(item);
        made.setAttribute("aria-rowindex", String(top + at + 2));
        return made;
      });
      body.replaceChildren(...(top ? [spacer(top)] : []), ...rows, ...(end < items.length ? [spacer(items.length - end)] : []));
    };
    box.addEventListener("scroll", () => { if (items.length > WHOLE) render(); }, { passive: true });
    return (given) => {
      items = given;
      first = last = -1;
      box.scrollTop = 0;
      table.setAttribute("aria-rowcount", String(items.length + 1));
      if (items.length > WHOLE && !height) {
        body.replaceChildren(draw(items[0]));
        height = body.rows[0].getBoundingClientRect().height || 34;
      }
      render();
    };
  };
  Object.assign(globalThis.gknlp ??= {}, { make, words, drawing, link, percent, number, written, row, list });
})();
