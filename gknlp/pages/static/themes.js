(() => {
  // The themes page: promises beside deeds, reports that have a theme, and any report with its themes and facets marked.
  const { make, words, link, number, list, row, unpack } = globalThis.gknlp;
  const get = (id) => document.getElementById(id);
  const wanted = (field) => field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const SHOWN = 24;
  const option = (value, zh, en) => {
    const made = make("option", "", zh === en ? zh : `${zh} ${en}`);
    made.value = value;
    return made;
  };

  // Promises: [reports, themes, texts, pairs], see findings/promises.py.
  const OUTCOMES = [["kept", "下年写到已做", "kept: told as done"], ["not_kept", "下年未写到", "not kept: not told"], ["not_assessable", "无法判断", "not assessable"]];
  const readPledges = ([reports, themes, texts, pairs]) => pairs.map(([outcome, plan, start, theme, text, next, there, answer, deed, similarity, shared]) => ({
    outcome, theme: themes[theme], text: texts[text] ?? "", shared, similarity: similarity < 0 ? null : similarity / 100,
    label: reports[plan][0], year: reports[plan][2], href: `report/${reports[plan][1]}.html` + (start < 0 ? "" : `#c${start}`),
    next: next < 0 ? null : { label: reports[next][0], href: `report/${reports[next][1]}.html` + (there < 0 ? "" : `#c${there}`) },
    deed: deed < 0 ? null : texts[deed], words: `${reports[plan][0]} ${texts[text] ?? ""} ${deed < 0 ? "" : texts[deed]}`.toLowerCase(),
  }));
  const drawPledge = (one) => {
    const [key, zh, en] = OUTCOMES[one.outcome];
    const said = make("p", "where", make("span", `chip o-${key}`, ...words(zh, en)), " ", ...(one.theme ? [one.theme[0], " ", ...words(one.theme[1], one.theme[2])] : words("未归类", "no theme")));
    const plan = make("div", "", make("div", "where", link(one.href, one.label), " ", ...words("计划", "plans")), make("div", "serif", one.text));
    let deed;
    if (one.deed !== null) {
      const told = [link(one.next.href, one.next.label), " ", ...words("已做", "tells as done")];
      if (one.similarity !== null) told.push(" · ", ...words("相似度", "similarity"), ` ${one.similarity.toFixed(2)}`);
      if (one.shared) told.push(" · ", ...words("同提", "both name"), ` ${one.shared}`);
      deed = make("div", "", make("div", "where", ...told), make("div", "serif", one.deed));
    } else if (one.outcome === 2) {
      deed = make("div", "", make("div", "none", ...words(one.year === null ? "本报告年度不详，无从找下年报告" : `语料中没有 ${one.year + 1} 年度的报告，无法判断`, one.year === null ? "no year known, so no next report" : `no report on ${one.year + 1} in the corpus: not assessable`)));
    } else {
      deed = make("div", "", make("div", "none", ...(one.next ? [link(one.next.href, one.next.label), ...words("：", ": ")] : []), ...words("下年报告里没有一个已做单元与它对得上", "no unit of the next report that tells a deed answers it")));
    }
    return make("article", "pledge", said, make("div", "pair", plan, deed));
  };
  const startPledges = (pledges) => {
    const fields = ["outcome", "year", "theme", "find"].map((name) => get("pledge-" + name)), [outcome, year, theme, find] = fields;
    let fits = [], shown = 0;
    outcome.append(...OUTCOMES.map(([, zh, en], at) => option(at, zh, en)));
    year.append(...[...new Set(pledges.map((one) => one.year))].filter((one) => one !== null).sort().map((one) => option(one, one, one)));
    const themes = new Map(pledges.filter((one) => one.theme).map((one) => [one.theme[0], one.theme]));
    theme.append(...[...themes.keys()].sort().map((code) => option(code, `${code} ${themes.get(code)[1]}`, themes.get(code)[2])));
    const more = () => {
      get("pledge-list").append(...fits.slice(shown, shown + SHOWN).map(drawPledge));
      shown = Math.min(fits.length, shown + SHOWN);
      get("pledge-more").hidden = shown >= fits.length;
    };
    const renew = () => {
      const parts = wanted(find);
      fits = pledges.filter((one) => (!outcome.value || one.outcome === Number(outcome.value)) && (!year.value || one.year === Number(year.value)) && (!theme.value || (one.theme && one.theme[0] === theme.value)) && parts.every((part) => one.words.includes(part)));
      shown = 0;
      get("pledge-list").replaceChildren();
      get("pledge-left").textContent = number(fits.length);
      more();
    };
    for (const field of fields) field.addEventListener("input", renew);
    get("pledge-more").addEventListener("click", () => {
      const first = shown;
      more();
      get("pledge-list").children[first]?.querySelector("a").focus();
    });
    renew();
  };

  // A unit's text cut where a mark begins or ends; a piece may show several facets.
  const drawText = (text, marks, index) => {
    const chars = [...text], spans = [], cuts = new Set([0, chars.length]);
    for (let at = 0, start = 0; at < marks.length; at += 3) {
      start += marks[at + 1];
      spans.push({ mark: index.marks[marks[at]], start, end: start + marks[at + 2] });
      cuts.add(start).add(start + marks[at + 2]);
    }
    const ends = [...cuts].sort((a, b) => a - b);
    return ends.slice(1).map((end, at) => {
      const piece = chars.slice(ends[at], end).join(""), over = spans.filter((one) => one.start <= ends[at] && one.end >= end).map((one) => one.mark);
      if (!over.length) return piece;
      const made = make("span", over.map(([facet, value]) => `f-${facet} v-${value}`).join(" "), piece);
      const named = (facet) => index.facets.find((one) => one[0] === facet);
      made.dataset.mark = "";
      made.title = [2, 3].map((column) => over.map((one) => `${named(one[0])[column - 1]} ${one[column]}`).join("；")).join("\n");
      return made;
    });
  };
  const tag = (group, value, zh, en) => make("span", `tag g-${group} v-${value}`, ...words(zh, en));
  const drawUnit = ({ start, text, themes, abstained, values, marks }, index, having) => {
    const named = themes.map((at) => index.themes[at]);
    const tags = named.map(([code, zh, en]) => tag("theme", code, `${code} ${zh}`, `${code} ${en}`));
    if (abstained) tags.push(tag("theme", "none", "弃权", "abstained"));
    if (values) tags.push(...values.map((at) => tag(index.values[at][0], ...index.values[at].slice(1))));
    const made = make("div", "unit" + (named.some(([code]) => having.includes(code)) ? " at" : ""), make("div", "tags", ...tags), make("div", "serif", ...drawText(text, marks, index)));
    made.dataset.start = start;
    return made;
  };
  const drawDoc = (doc, units, index, having) => {
    const whole = link(`report/${doc.page}.html#layer-themes`, words("全文与表格 ↗", "whole text and tables ↗"), true);
    const made = [make("h4", "", doc.label), make("p", "note", ...words(`${doc.units} 个单元，弃权 ${doc.abstained} 个。`, `${doc.units} units, ${doc.abstained} abstained. `), " ", whole)];
    let section = -1, part = -1, heading = "";
    for (const unit of units) {
      if (unit.section !== section || unit.part !== part) {
        ({ section, part } = unit);
        const [zh, en] = index.sections[section].slice(1), more = part < 0 ? ["", ""] : index.parts[part].slice(1);
        made.push(make("h5", "", ...words(zh + (more[0] && `：${more[0]}`), en + (more[1] && `: ${more[1]}`))));
        heading = "";
      }
      if (unit.heading && unit.heading !== heading) made.push(make("p", "under serif", unit.heading));
      heading = unit.heading;
      made.push(drawUnit(unit, index, having));
    }
    return made;
  };

  document.addEventListener("DOMContentLoaded", async () => {
    if (!get("themes-index") || typeof DecompressionStream === "undefined") return;
    const stored = (name) => get(name).content.textContent.trim();
    const [index, pledges] = await Promise.all([unpack(stored("themes-index")), get("themes-promises") ? unpack(stored("themes-promises")) : null]);
    if (pledges) startPledges(readPledges(pledges));

    const docs = index.docs.map(([label, page, year, level, place, units, abstained, themes, kept, broken, open, block], at) => ({
      at, label, page, year, level, place, units, abstained, block, plans: [kept, broken, open],
      themes: new Set(themes.map((one) => index.themes[one][0])), words: `${label} ${place} ${level.join(" ")}`.toLowerCase(),
    }));
    const byPage = new Map(docs.map((doc) => [doc.page, doc]));
    const blocks = stored("themes-blocks").split(/\s+/), unpacked = new Map();
    // A block holds columns over the units of its reports, see findings/themes_packed.py.
    const read = async (doc) => {
      if (!unpacked.has(doc.block)) unpacked.set(doc.block, unpack(blocks[doc.block]));
      const [places, counts, sections, parts, headings, starts, texts, themes, abstained, values, marks] = await unpacked.get(doc.block);
      const place = places.indexOf(doc.at), from = counts.slice(0, place).reduce((sum, n) => sum + n, 0), units = [];
      for (let at = from, end = 0, heading = ""; at < from + counts[place]; at += 1) {
        const start = end + starts[at];
        if (headings[at] !== 0) heading = headings[at];
        end = start + [...texts[at]].length;
        units.push({ start, heading, text: texts[at], section: sections[at], part: parts[at], themes: themes[at], abstained: abstained[at], values: values[at], marks: marks[at] });
      }
      return units;
    };

    let having = [];
    const problems = (doc) => [...doc.themes].filter((code) => code.startsWith("P")).join(" ") || "—";
    const show = list(get("themes-docs"), (doc) => row([link(doc.block < 0 ? `report/${doc.page}.html#layer-themes` : "#doc=" + doc.page, doc.label)], words(...doc.level), [doc.place || "—"], number(doc.units), number(doc.abstained), [problems(doc)], ...(index.rhetoric ? [[doc.plans.join(" / ")]] : [])));
    const renew = () => {
      const parts = wanted(get("docs-find"));
      const left = docs.filter((doc) => having.every((code) => doc.themes.has(code)) && parts.every((part) => doc.words.includes(part)));
      show(left);
      get("docs-left").textContent = number(left.length);
      get("docs-having").hidden = having.length < 2;
      get("docs-having").textContent = having.join(" + ") + " ✕";
      get("docs-theme").value = having.length === 1 ? having[0] : "";
    };
    get("docs-theme").append(...index.themes.map(([code, zh, en]) => option(code, `${code} ${zh}`, en)));
    get("docs-theme").addEventListener("input", (event) => { having = event.target.value ? [event.target.value] : []; renew(); });
    get("docs-find").addEventListener("input", renew);
    get("docs-having").addEventListener("click", () => { having = []; renew(); get("docs-find").focus(); });

    // The address: #doc=…, #doc=…&at=…, #having=P01+I05
    const go = (address) => { if (location.hash === address) follow(); else location.hash = address; };
    const follow = async () => {
      const asked = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B")), doc = byPage.get(asked.get("doc"));
      if (asked.has("having")) {
        having = asked.get("having").split("+").filter((code) => index.themes.some((one) => one[0] === code));
        get("docs-find").value = "";
        renew();
        get("read").scrollIntoView({ block: "start" });
      }
      if (!doc || doc.block < 0) return;
      const at = Number(asked.get("at")), units = await read(doc);
      get("doc").replaceChildren(...drawDoc(doc, units, index, having));
      const exact = asked.has("at") && get("doc").querySelector(`.unit[data-start="${at}"]`);
      if (exact) exact.classList.add("at");
      (exact || get("doc")).scrollIntoView({ block: exact ? "center" : "start" });
      get("doc").focus({ preventScroll: true });
    };

    // A link to a report opens it here, so that this file can be handed over alone; a cell of the matrix lists its reports.
    document.addEventListener("click", (event) => {
      const mark = event.target.closest("a");
      if (!mark || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const address = mark.getAttribute("href") || "", cell = /^#having-(\w+)-(\w+)$/.exec(address);
      if (cell) {
        event.preventDefault();
        go(`#having=${cell[1]}+${cell[2]}`);
        return;
      }
      const named = /^report\/([^#]+)\.html(?:#c(\d+))?$/.exec(address), doc = named && byPage.get(named[1]);
      if (!doc || doc.block < 0 || "leaves" in mark.dataset) return;
      event.preventDefault();
      go(`#doc=${doc.page}` + (named[2] === undefined ? "" : `&at=${named[2]}`));
    });
    window.addEventListener("hashchange", follow);
    renew();
    document.documentElement.dataset.unpacked = "";
    await follow();
  });
})();
