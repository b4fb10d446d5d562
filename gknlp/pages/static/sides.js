(() => {
  // Two reports side by side: their shared passages in the order of the left one, differences marked inside.
  const { make, words, drawing, link, percent, number, first, named, markDifferences } = globalThis.gknlp;
  const TAGS = { changed: "span", only: "span", number: "b", masked: "span" };

  // Text with what the form or the law prescribes in its own colour, whatever else is marked.
  const paint = (doc, start, text) => {
    const chars = [...text], parts = [];
    const grey = doc.strata.filter((one) => one.stratum[0] === "mandated" && one.start < start + chars.length && one.end > start);
    let at = 0;
    for (const one of grey) {
      const low = Math.max(at, one.start - start), high = Math.min(chars.length, one.end - start);
      if (low > at) parts.push(chars.slice(at, low).join(""));
      if (high > low) parts.push(make("span", "s-mandated", chars.slice(low, high).join("")));
      at = Math.max(at, high);
    }
    if (at < chars.length) parts.push(chars.slice(at).join(""));
    return parts;
  };
  const drawPieces = (doc, start, pieces, hidden) => {
    let at = start;
    return pieces.flatMap(([kind, text]) => {
      const inner = paint(doc, at, text);
      at += [...text].length;
      if (kind === "equal") return inner;
      const made = make(TAGS[kind], "d-" + kind, ...inner);
      if (hidden[kind]) made.title = hidden[kind];
      return [made];
    });
  };
  const NOTES = { changed: "不同 differs", only: "只在这一边 on this side only", number: "年份或数字不同 a year or number that differs", masked: "自称与地名，比较时遮去 own name, masked in the comparison" };

  // Passages that join two reports: where one names the other as its source, else where both have the same cluster.
  const join = (a, b) => {
    const found = [], add = (one, two, stratum, similarity) => {
      const meets = found.some((known) => known.a[0] < one[1] && one[0] < known.a[1] && known.b[0] < two[1] && two[0] < known.b[1]);
      if (!meets) found.push({ a: one, b: two, stratum, similarity });
    };
    for (const p of a.passages) if (p.source === b) add([p.start, p.end], [p.sourceStart, p.sourceEnd], p.stratum, p.similarity);
    for (const p of b.passages) if (p.source === a) add([p.sourceStart, p.sourceEnd], [p.start, p.end], p.stratum, p.similarity);
    for (const p of a.passages) {
      const other = p.cluster < 0 ? undefined : b.passages.find((one) => one.cluster === p.cluster);
      if (other && !found.some((known) => known.a[0] < p.end && p.start < known.a[1])) add([p.start, p.end], [other.start, other.end], p.stratum, null);
    }
    return found.sort((x, y) => x.a[0] - y.a[0] || x.b[0] - y.b[0]);
  };

  const side = (doc, start, end, ...inner) => make("div", "", make("div", "where", `${doc.label} · ${start}–${end}`), make("div", "serif", ...inner));
  const drawPassage = (a, b, shared) => {
    const [left, right] = markDifferences(a.chars.slice(...shared.a).join(""), b.chars.slice(...shared.b).join(""), a.own, b.own);
    const band = drawing("svg", { class: "fig band", "aria-hidden": "true" }, drawing("rect", { width: "100%", height: "100%", class: "s-" + shared.stratum[0] }));
    const count = Math.max(shared.a[1] - shared.a[0], shared.b[1] - shared.b[0]);
    const title = make("div", "joined", ...named(shared.stratum), ` · `, ...words(`${number(count)} 字`, `${number(count)} characters`), ...(shared.similarity === null ? [] : words(`，相似度 ${shared.similarity.toFixed(2)}`, `, similarity ${shared.similarity.toFixed(2)}`)));
    const row = make("div", "pair-row", title, side(a, ...shared.a, ...drawPieces(a, shared.a[0], left, NOTES)), band, side(b, ...shared.b, ...drawPieces(b, shared.b[0], right, NOTES)));
    row.dataset.at = shared.a[0];
    return row;
  };
  const drawGap = (a, b, one, two) => {
    const sizes = [one, two].map(([start, end]) => Math.max(0, end - start));
    const empty = [[a, one], [b, two]].every(([doc, [start, end]]) => !/[\p{L}\p{N}]/u.test(doc.chars.slice(start, Math.max(start, end)).join("")));
    if (empty) return [];
    const box = make("details", "between", make("summary", "note", ...words(`其间未共有：左 ${number(sizes[0])} 字，右 ${number(sizes[1])} 字`, `in between, not shared: left ${number(sizes[0])}, right ${number(sizes[1])} characters`)));
    box.addEventListener("toggle", () => {
      if (!box.open || box.children.length > 1) return;
      const texts = [[a, one], [b, two]].map(([doc, [start, end]]) => side(doc, start, Math.max(start, end), ...paint(doc, start, doc.chars.slice(start, Math.max(start, end)).join(""))));
      box.append(make("div", "pair-row", texts[0], make("span"), texts[1]));
    });
    return [box];
  };

  const drawHead = (a, b, pair) => {
    const ofA = pair ? (pair.a === a ? pair.ofA : pair.ofB) : null, ofB = pair ? (pair.a === a ? pair.ofB : pair.ofA) : null;
    const sentence = pair
      ? words(`${a.label} 与 ${b.label} 共有其叙述文字的 ${percent(ofA)}；反过来为 ${percent(ofB)}。共有 ${number(pair.chars)} 字，规定文本不计。`, `${a.label} shares ${percent(ofA)} of its narrative with ${b.label}; the other way round it is ${percent(ofB)}. ${number(pair.chars)} characters are shared, mandated text aside.`)
      : words("两份报告没有直接的来源关系；下面按同一复用簇对照。", "Neither names the other as a source; they are aligned by the wording both have.");
    const facts = (doc) => make("div", "", make("b", "", doc.label), make("div", "note", ...words(`${number(doc.length)} 字 · 叙述 ${doc.narrative === null ? "—" : number(doc.narrative)} 字 · ${doc.published ? doc.published + " 公布" : "公布日期不详"}`, `${number(doc.length)} characters · narrative ${doc.narrative === null ? "—" : number(doc.narrative)} · ${doc.published ? "published " + doc.published : "no date of publication"}`)));
    return [make("h3", "", ...words("并排对照", "Side by side")), make("p", "", ...sentence), make("p", "", ...first(a, b), ...words("。", ".")), make("div", "pair-row heads", facts(a), make("span"), facts(b)),
      make("p", "note", make("span", "d-changed", ...words("不同", "differs")), " · ", make("span", "d-only", ...words("只在一边", "on one side only")), " · ", make("b", "d-number", "12"), " ", ...words("不同的年份与数字", "years and numbers that differ"), " · ", make("span", "d-masked", ...words("某镇", "Town")), " ", ...words("自称与地名，比较时遮去", "own names, masked in the comparison"), " · ", make("span", "s-mandated", ...words("规定文本", "mandated")), " ", ...words("不算照搬", "is not copying"))];
  };

  const drawSides = (a, b, pairs) => {
    const pair = pairs.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
    const made = drawHead(a, b, pair), missing = [a, b].find((doc) => doc.block < 0);
    if (missing) {
      const note = make("p", "absent", ...words("本页放不下这份报告的全文：", "This page has no room for the text of "), link(`report/${missing.page}.html`, missing.label, true));
      return [...made, note];
    }
    // What lies before a passage on the right is looked for among all passages there: their order may be another.
    let endA = 0;
    const shared = join(a, b), told = new Set();
    const before = (start) => Math.max(0, ...shared.filter((one) => one.b[1] <= start).map((one) => one.b[1]));
    for (const one of shared) {
      const low = told.has(one.b[0]) ? one.b[0] : before(one.b[0]);
      told.add(one.b[0]);
      made.push(...drawGap(a, b, [endA, one.a[0]], [low, one.b[0]]), drawPassage(a, b, one));
      endA = Math.max(endA, one.a[1]);
    }
    if (!shared.length) made.push(make("p", "absent", ...words("没有直接对应的段落。", "No passage joins the two directly.")));
    else made.push(...drawGap(a, b, [endA, a.chars.length], [Math.max(...shared.map((one) => one.b[1])), b.chars.length]));
    return made;
  };
  Object.assign(globalThis.gknlp, { drawSides, join });
})();
