(() => {
  // One report: its whole text as a bar in the colours of its strata, what to look at, and its passages as a list.
  const { make, words, drawing, link, percent, number, written, row, list, first } = globalThis.gknlp;
  const swatch = (key) => drawing("svg", { class: "fig", width: 22, height: 14, "aria-hidden": "true" }, drawing("rect", { x: 0.5, y: 0.5, width: 21, height: 13, class: "s-" + key }));
  const named = ([key, zh, en]) => [swatch(key), " ", ...words(zh, en)];
  const cut = (doc, start, end, most) => {
    const text = doc.chars.slice(start, Math.min(end, start + most)).join("").replace(/\s+/g, " ");
    return end - start > most ? text + "…" : text;
  };
  const told = (doc, passage) => [
    ...named(passage.stratum), " · ", make("span", "serif", cut(doc, passage.start, passage.end, 60)), " · ",
    ...(passage.source ? words(`来源：${passage.source.label}`, `source: ${passage.source.label}`) : []), " · ",
    ...(passage.first ? (passage.first === doc ? words("最早见于本报告", "first seen in this report") : words(`最早见于：${passage.first.label}`, `first seen in: ${passage.first.label}`)) : []),
  ];
  const KINDS = { finding: ["核对不成立", "audit finding"], diagnostic: ["读取诊断", "diagnostic"], left_over: ["照搬时漏改", "left over from the source"] };

  const drawStrip = (doc, say, choose) => {
    const frame = make("div", "strip-box"), size = Math.max(1, doc.chars.length);
    let at = -1, marks = [];
    const point = (to, opens) => {
      if (!doc.passages.length) return;
      at = (to + doc.passages.length) % doc.passages.length;
      marks.forEach((mark, place) => mark.classList.toggle("at", place === at));
      say(...told(doc, doc.passages[at]));
      if (opens) choose(doc.passages[at]);
    };
    const draw = () => {
      const width = frame.clientWidth || 1000, x = (place) => (width * place / size).toFixed(2);
      const parts = [drawing("rect", { x: 0, y: 12, width, height: 30, class: "s-original" })];
      for (const { start, end, stratum } of doc.strata) {
        const box = drawing("rect", { x: x(start), y: 12, width: Math.max(0.6, width * (end - start) / size).toFixed(2), height: 30, class: "s-" + stratum[0] });
        box.append(drawing("title", {}, `${stratum[1]} ${stratum[2]} ${start}–${end}`));
        parts.push(box);
      }
      marks = doc.passages.map((passage, place) => {
        const mark = drawing("rect", { x: x(passage.start), y: 10, width: Math.max(2, width * (passage.end - passage.start) / size).toFixed(2), height: 34, class: "hit" });
        mark.append(drawing("title", {}, `${passage.stratum[1]} ${passage.stratum[2]} · ${passage.source ? passage.source.label : ""}\n${cut(doc, passage.start, passage.end, 60)}`));
        mark.addEventListener("mouseenter", () => point(place, false));
        mark.addEventListener("click", () => point(place, true));
        return mark;
      });
      for (const tick of doc.ticks) {
        const mark = drawing("path", { d: `M${x(tick.start)} 10l-4 -8h8Z`, class: tick.kind === "left_over" ? "fail gun" : "fail" });
        mark.append(drawing("title", {}, `${KINDS[tick.kind].join(" ")} ${tick.rule} ${tick.title.join(" ")} ${tick.found}`));
        parts.push(mark);
      }
      const picture = drawing("svg", { class: "fig strip", width, height: 46, viewBox: `0 0 ${width} 46`, tabindex: 0, role: "group", "aria-label": `${doc.label}：全文 ${doc.chars.length} 字，${doc.passages.length} 段复用。左右键移动，回车对照。 The whole text; ${doc.passages.length} passages: arrow keys move, Enter compares.` }, ...parts, ...marks);
      picture.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: -1 - at }[event.key];
        if (step !== undefined) { event.preventDefault(); point(at < 0 ? (step < 0 ? -1 : 0) : at + step, false); }
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); point(Math.max(0, at), true); }
      });
      frame.replaceChildren(picture, make("div", "scale", make("span", "", "0"), make("span", "", ...words(`${number(doc.chars.length)} 字`, `${number(doc.chars.length)} characters`))));
    };
    const observer = new ResizeObserver(() => { if (frame.isConnected) draw(); else observer.disconnect(); });
    draw();
    observer.observe(frame);
    return frame;
  };

  const table = (heads, name) => {
    const made = make("table", "", make("thead", "", make("tr", "", ...heads.map(([zh, en, kind]) => { const head = make("th", kind || "", ...words(zh, en)); head.scope = "col"; return head; }))), make("tbody"));
    const box = make("div", "scroll list " + name, made);
    box.tabIndex = 0;
    return [box, made];
  };
  const lookAt = (doc, other, start) => `#doc=${doc.page}&with=${other.page}` + (start === undefined ? "" : `&at=${start}`);

  const drawRelatives = (doc, pairs) => {
    const mine = pairs.filter((pair) => pair.a === doc || pair.b === doc);
    if (!mine.length) return [make("p", "", ...words("没有与别的报告共有的文字（规定文本除外）。", "No text is shared with another report, mandated text aside."))];
    const [box, inner] = table([["与", "With"], ["共有字数", "Characters", "num"], ["占本报告", "of this report", "num"], ["占另一份", "of the other", "num"], ["先后", "Which first"], ["对照", "Compare"]], "low");
    list(inner, (pair) => {
      const turned = pair.b === doc, other = turned ? pair.a : pair.b;
      return row([link("#doc=" + other.page, other.label)], number(pair.chars), percent(turned ? pair.ofB : pair.ofA), percent(turned ? pair.ofA : pair.ofB), first(doc, other), [link(lookAt(doc, other), words("并排", "side by side"))]);
    })(mine);
    return [make("h4", "", ...words(`与 ${mine.length} 份报告共有文字`, `Shares text with ${mine.length} ${mine.length === 1 ? "report" : "reports"}`)), box];
  };
  const drawPassages = (doc) => {
    if (!doc.passages.length) return [];
    const [box, inner] = table([["文字", "Text"], ["类别", "Stratum"], ["字数", "Characters", "num"], ["相似度", "Similarity", "num"], ["来源", "Source"], ["最早见于", "First seen in"]], "low");
    list(inner, (passage) => {
      const text = make(passage.source ? "a" : "span", "serif", cut(doc, passage.start, passage.end, 30));
      if (passage.source) text.href = lookAt(doc, passage.source, passage.start);
      return row([text], named(passage.stratum), number(passage.end - passage.start), passage.similarity === null ? "—" : passage.similarity.toFixed(2), passage.source ? [link("#doc=" + passage.source.page, passage.source.label)] : "—", passage.first === doc ? words("本报告", "this report") : passage.first ? [link("#doc=" + passage.first.page, passage.first.label)] : "—");
    })(doc.passages);
    return [make("h4", "", ...words(`${doc.passages.length} 段复用；点文字看并排对照`, `${doc.passages.length} passages; a text opens side by side`)), box];
  };
  const drawTicks = (doc) => {
    if (!doc.ticks.length) return [];
    const items = doc.ticks.map((tick) => make("li", tick.kind === "left_over" ? "left-over" : "", ...words(...KINDS[tick.kind]), ` ${tick.rule} `, ...words(...tick.title), tick.found ? ` “${tick.found}” ` : " ", make("span", "note", ...words(`第 ${tick.start} 字`, `character ${tick.start}`))));
    return [make("details", "", make("summary", "", ...words(`${doc.ticks.length} 处待看`, `${doc.ticks.length} places to look at`)), make("ul", "", ...items))];
  };

  // The report's measures, each beside the median of the reports on its year.
  const drawMeasures = (doc, data) => {
    const held = data.measures.filter((one) => one.values[doc.at] !== null);
    if (!held.length) return [];
    const same = data.docs.filter((other) => other.year === doc.year);
    const middle = (values) => {
      const sorted = values.filter((value) => value !== null).sort((a, b) => a - b), half = sorted.length >> 1;
      return sorted.length ? (sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2) : null;
    };
    const [box, inner] = table([["度量", "Measure"], ["本报告", "this report", "num"], ["同年居中值", "median of its year", "num"]], "low");
    list(inner, (one) => row([link("#m-" + one.key, words(...one.name)), " ", make("code", "", one.key)], written(one.kind, one.values[doc.at]), written(one.kind, middle(same.map((other) => one.values[other.at])))))(data.measures);
    const missing = data.measures.length - held.length;
    return [make("details", "", make("summary", "", ...words(`${held.length} 项度量${missing ? `，另有 ${missing} 项无法计算（—，与零不同）` : ""}；规定文本在内，不是照搬的比例`, `${held.length} measures${missing ? `, ${missing} more not assessable (—, which is not zero)` : ""}; mandated wording included, so none is a share of copying`)), box)];
  };

  const drawReport = (doc, data, choose) => {
    const line = make("p", "told note");
    line.setAttribute("aria-live", "polite");
    const say = (...parts) => line.replaceChildren(...parts);
    say(...words("指向或选中一段看其来源；点开看并排对照。", "Point at a passage to see its source; open it to see both texts."));
    const shares = data.strata.flatMap((stratum, at) => doc.shares && doc.shares[at] ? [make("li", "", ...named(stratum), " ", percent(doc.shares[at] / 1000))] : []);
    const facts = make("p", "note", ...(doc.place ? [doc.place, " · "] : []), ...(doc.published ? words(`${doc.published} 公布`, `published ${doc.published}`) : words("公布日期不详", "no date of publication")), " · ", ...words(`全文 ${number(doc.length)} 字`, `${number(doc.length)} characters`), " · ", link(`report/${doc.page}.html`, words("这份报告自己的页面", "the report's own page"), true));
    const head = [make("h3", "", doc.label), facts];
    if (doc.block < 0) return [...head, make("p", "absent", ...words("本页放不下这份报告的全文；见它自己的页面。", "This page has no room for the text; see the report's own page.")), ...drawMeasures(doc, data), ...drawRelatives(doc, data.pairs)];
    return [...head, drawStrip(doc, say, choose), line, make("ul", "key", ...shares), ...drawMeasures(doc, data), ...drawTicks(doc), ...drawPassages(doc), ...drawRelatives(doc, data.pairs)];
  };
  Object.assign(globalThis.gknlp, { drawReport, named, lookAt });
})();
