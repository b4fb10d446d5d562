(() => {
  // The texts stand deflated in the page; a block of them is unpacked when one of its reports is looked at.
  const unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder("utf-16le").decode(await new Response(plain).arrayBuffer()));
  };

  const open = async () => {
    const stored = (name) => document.getElementById(name).content.textContent.trim();
    const given = document.getElementById("reuse-measures") ? unpack(stored("reuse-measures")) : [];
    const [index, columns] = await Promise.all([unpack(stored("reuse-index")), given]);
    const blocks = stored("reuse-blocks").split(/\s+/), unpacked = new Map();
    const docs = index.docs.map(([label, agency, year, place, published, page, block, length, narrative, shares], at) => ({
      at, label, year, published, page, block, length, narrative, shares, agency: index.agencies[agency][0],
      own: [...index.agencies[agency][1], ...index.own].sort((a, b) => b.length - a.length),
      place: place < 0 ? "" : index.places[place], row: index.rows[at],
    }));
    const measures = columns.map(([key, kind, zh, en, values]) => ({ key, kind, name: [zh, en], values: kind === "count" ? values : values.map((value) => value === null ? null : value / 10000) }));
    const byPage = new Map(docs.map((doc) => [doc.page, doc]));
    const pairs = index.pairs[0].map((_, at) => {
      const [a, b, chars, ofA, ofB] = index.pairs.map((column) => column[at]);
      const share = (given) => given === null ? null : given / 1000;
      return { a: docs[a], b: docs[b], chars, ofA: share(ofA), ofB: share(ofB) };
    });
    // A report with its text as an array of characters: offsets count characters, not the machine's units.
    const read = async (doc) => {
      if (doc.chars || doc.block < 0) return doc;
      if (!unpacked.has(doc.block)) unpacked.set(doc.block, unpack(blocks[doc.block]));
      const [, text, strata, passages, ticks] = (await unpacked.get(doc.block)).find((entry) => entry[0] === doc.at);
      doc.strata = [];
      for (let at = 0, end = 0; at < strata.length; at += 3) {
        const start = end + strata[at];
        end = start + strata[at + 1];
        doc.strata.push({ start, end, stratum: index.strata[strata[at + 2]] });
      }
      doc.passages = passages.map(([start, size, stratum, source, there, length, first, similarity, cluster]) => ({
        start, end: start + size, stratum: index.strata[stratum], source: docs[source], sourceStart: there, sourceEnd: there + length,
        first: docs[first], similarity: similarity < 0 ? null : similarity / 100, cluster,
      }));
      doc.ticks = ticks.map(([start, size, kind, rule, found]) => ({ start, end: start + size, kind, rule, found, title: index.rules[rule] || ["", ""] }));
      doc.chars = [...text];
      return doc;
    };
    return { docs, pairs, byPage, read, measures, strata: index.strata };
  };

  // Which of two reports came first: by date where both have one, else by year; 0 is a tie.
  const order = (a, b) => {
    if (a.published && b.published && a.published !== b.published) return a.published < b.published ? -1 : 1;
    if (a.year !== null && b.year !== null && a.year !== b.year) return a.year < b.year ? -1 : 1;
    return 0;
  };
  const first = (a, b) => {
    const { words } = globalThis.gknlp, way = order(a, b), one = way < 0 ? a : b, two = way < 0 ? b : a;
    if (way && a.published && b.published && a.published !== b.published) {
      return words(`${one.label} 先公布（${one.published}，另一份 ${two.published}）`, `${one.label} was published first (${one.published}; the other ${two.published})`);
    }
    if (way) return words(`${one.label} 报告年度较早`, `${one.label} reports on the earlier year`);
    if (a.published && a.published === b.published) return words(`同日公布（${a.published}），分不出先后`, `a tie: both published ${a.published}`);
    return words("公布日期与年度分不出先后", "a tie: dates and years do not tell which came first");
  };
  // The same where both dates stand in the row already, and every row must be as high as the others.
  const firstOfRow = (a, b) => {
    const { words } = globalThis.gknlp, way = order(a, b), dated = a.published && b.published;
    if (!way) return dated ? words("同日，分不出先后", "a tie: same day") : words("分不出先后", "a tie");
    if (dated && a.published !== b.published) return way < 0 ? words("前者先公布", "the first one") : words("后者先公布", "the second one");
    return way < 0 ? words("前者年度较早", "the first, by year") : words("后者年度较早", "the second, by year");
  };
  Object.assign(globalThis.gknlp, { open, first, firstOfRow, unpack });
})();
